"""A model of the user's own measurements: a Gaussian process on Tanimoto kernels, with its domain of applicability.

The kernel is that of the optimiser's surrogate (weights and noise by the marginal likelihood on the measured values).
How good the model is, is told by five-fold cross-validation; what it says of a molecule comes with a standard
deviation, and with the likeness to the nearest measured molecule. A molecule that is less like the measured ones than
they are like each other lies outside the domain.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from agent.errors import RepairableToolError

if TYPE_CHECKING:
    from rdkit.Chem import Mol

    from agent.tools.molecules.evolution.features import Features
    from agent.tools.molecules.evolution.surrogate import Surrogate

LEAST = 10
"""Fewest measured molecules that a model is fitted to."""

MOST = 1500
"""Most; of more rows, an even choice over the values is taken."""

FOLDS = 5

STRUCTURE_COLUMNS = ("smiles", "canonical_smiles", "structure", "mol", "molecule")

_OUTSIDE = 0.05
"""Share of the measured molecules that are less like their nearest neighbour than the domain's limit."""


@dataclass(frozen=True)
class Measurements:
    """A table of measured molecules.

    Attributes:
        name: The column of the values.
        mols: The molecules.
        values: One for each.
        skipped: What could not be used, as ``row 5: reason``.
    """

    name: str
    mols: list[Mol]
    values: np.ndarray
    skipped: tuple[str, ...]


def read_measurements(path: str, column: str = "") -> Measurements:
    """Read measured values from a CSV or TSV file.

    Rows that cannot be used are left out and told, with their number in the file; repeats of a molecule are averaged.

    Args:
        path: The file; a column named ``smiles`` (or ``structure``, ``molecule``) holds the structures.
        column: The column of values; empty: the only numeric one.

    Raises:
        RepairableToolError: There is no such file or column, or too few rows can be used.
    """
    from agent.tools.molecules.structures import read_structure

    header, rows = _table(path)
    lower = [name.strip().lower() for name in header]
    place = next((lower.index(name) for name in STRUCTURE_COLUMNS if name in lower), None)
    if place is None:
        raise RepairableToolError(
            f"measured: '{path}' has no column of structures (columns: {', '.join(header)}).",
            remedy="Name the column of SMILES 'smiles'.",
        )
    value_place = _value_column(path, header, rows, place, column)
    skipped: list[str] = []
    found: dict[str, tuple[Mol, list[float]]] = {}
    for number, row in rows:
        try:
            value = float(row[value_place])
            if not math.isfinite(value):
                raise ValueError
        except (ValueError, IndexError):
            shown = row[value_place] if value_place < len(row) else ""
            skipped.append(f"row {number}: '{shown}' is not a number")
            continue
        try:
            item = read_structure(row[place], argument="smiles")
        except RepairableToolError as error:
            skipped.append(f"row {number}: {error.message.removeprefix('smiles: ')}")
            continue
        found.setdefault(item.smiles, (item.mol, []))[1].append(value)
    if len(found) < LEAST:
        told = f" The first problem: {skipped[0]}." if skipped else ""
        raise RepairableToolError(
            f"measured: '{path}' holds {len(found)} molecules with a value; a model needs {LEAST}.{told}",
            remedy="Add measurements, or correct the rows.",
        )
    values = np.array([sum(numbers) / len(numbers) for _, numbers in found.values()])
    return Measurements(header[value_place].strip(), [mol for mol, _ in found.values()], values, tuple(skipped))


def _table(path: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RepairableToolError(f"measured: '{path}' cannot be read: {error}.", remedy="Give a CSV file.") from error
    lines = text.splitlines()
    delimiter = max(",;\t", key=lines[0].count) if lines else ","
    table = [(number, row) for number, row in enumerate(csv.reader(lines, delimiter=delimiter), start=1) if any(row)]
    if len(table) < 2:
        raise RepairableToolError(f"measured: '{path}' holds no rows.", remedy="Give a header line and one row each.")
    return table[0][1], table[1:]


def _value_column(path: str, header: list[str], rows: list[tuple[int, list[str]]], place: int, column: str) -> int:
    if column:
        wanted = [name.strip().lower() for name in header]
        if column.strip().lower() not in wanted:
            raise RepairableToolError(
                f"measured_column: '{path}' has no column '{column}'.", remedy=f"There are: {', '.join(header)}."
            )
        return wanted.index(column.strip().lower())
    numeric = []
    for index in range(len(header)):
        cells = [row[index].strip() for _, row in rows if index < len(row)]
        good = sum(_is_number(cell) for cell in cells)
        if index != place and header[index].strip().lower() not in ("id", "index", "no") and good > 0.5 * len(cells):
            numeric.append(index)
    if len(numeric) != 1:
        names = ", ".join(header[index] for index in numeric) or "none"
        raise RepairableToolError(
            f"measured: which column of '{path}' holds the values is not clear (numeric columns: {names}).",
            remedy="Name it in 'measured_column'.",
        )
    return numeric[0]


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


class MeasuredModel:
    """A model of measured values.

    Args:
        table: What was measured.

    Attributes:
        name: The measured column.
        error: Root mean squared error of five-fold cross-validation, in the values' unit.
        explained: Share of the variance that cross-validation explains (R², at most 1).
        count: Molecules that it was fitted to.
        measured: Their values.
    """

    keys = ("predicted",)

    def __init__(self, table: Measurements) -> None:
        from agent.tools.molecules.evolution.features import features

        places = np.arange(len(table.values))
        if len(places) > MOST:
            places = np.argsort(table.values, kind="stable")[np.linspace(0, len(places) - 1, MOST).round().astype(int)]
        points = features([table.mols[place] for place in places])
        values = table.values[places]
        self.name, self.count, self.measured = table.name, len(values), values
        self._model = _fitted(points, values)
        self._points = points
        likeness = self._likeness(points, points)
        np.fill_diagonal(likeness, 0.0)
        self._limit = float(np.quantile(likeness.max(axis=1), _OUTSIDE))
        self.error, self.explained = _cross_validated(points, values)

    def ordinary(self, key: str, sample: Sequence[Mol]) -> list[float]:
        """What values are ordinary: the measured ones."""
        return self.measured.tolist()

    def __call__(self, mols: Sequence[Mol]) -> list[dict[str, float]]:
        """The predicted value of each molecule inside the domain; nothing for one outside."""
        return [{"predicted": value} if inside else {} for value, _, inside in self.judge(mols)]

    def judge(self, mols: Sequence[Mol]) -> list[tuple[float, float, bool]]:
        """Predictions.

        Returns:
            For each molecule the value, its standard deviation (noise of the measurements included), and whether it
            lies inside the domain of applicability.
        """
        from agent.tools.molecules.evolution.features import features

        if not mols:
            return []
        points = features(list(mols))
        mean, deviation = self._model.judge(self._model.project(points))
        setting = self._model.setting
        spread = np.sqrt(deviation**2 + setting.amplitude * setting.noise)
        inside = self._likeness(points, self._points).max(axis=1) >= self._limit
        return [(float(m), float(s), bool(i)) for m, s, i in zip(mean, spread, inside, strict=True)]

    @staticmethod
    def _likeness(left: Features, right: Features) -> np.ndarray:
        shared = left.bits[0] @ right.bits[0].T
        return shared / np.maximum(left.sizes[0][:, None] + right.sizes[0][None] - shared, 1)


def _fitted(points: Features, values: np.ndarray) -> Surrogate:
    from agent.tools.molecules.evolution.surrogate import SUBSET, Surrogate, choose_setting

    step = max(len(values) // SUBSET, 1)
    setting = choose_setting(points[::step], values[::step])
    model = Surrogate(setting, len(values) + 50)
    model.extend(points, values)
    return model


def _cross_validated(points: Features, values: np.ndarray) -> tuple[float, float]:
    fold = np.random.default_rng(0).permutation(len(values)) % FOLDS
    residual = np.zeros(len(values))
    for number in range(FOLDS):
        inside, outside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        model = _fitted(points[inside], values[inside])
        residual[outside] = values[outside] - model.judge(model.project(points[outside]))[0]
    variance = float(np.var(values))
    error = float(np.mean(residual**2))
    return math.sqrt(error), 1 - error / variance if variance > 0 else 0.0
