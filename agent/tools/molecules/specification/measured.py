"""A model of the user's own measurements: a Gaussian process on Tanimoto kernels, with its domain of applicability.

The kernel is that of the optimiser's surrogate (weights and noise by the marginal likelihood on the measured values).
How good the model is, is told by five-fold cross-validation; what it says of a molecule comes with a standard
deviation, and with the likeness to the nearest measured molecule. A molecule that is less like the measured ones than
they are like each other lies outside the domain.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from agent.errors import RepairableToolError
from agent.tools.tables import number, read_table, structure_place, value_column

if TYPE_CHECKING:
    from rdkit.Chem import Mol

    from agent.tools.molecules.evolution.features import Features
    from agent.tools.molecules.evolution.surrogate import Surrogate

LEAST = 10
"""Fewest measured molecules that a model is fitted to."""

MOST = 1500
"""Most; of more rows, an even choice over the values is taken."""

FOLDS = 5

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

    table = read_table(path, "measured")
    place = structure_place(table.header)
    if place is None:
        raise RepairableToolError(
            f"measured: '{path}' has no column of structures (columns: {', '.join(table.header)}).",
            remedy="Name the column of SMILES 'smiles'.",
        )
    value_place = value_column(table, column, place, ("measured", "measured_column"))
    skipped: list[str] = []
    found: dict[str, tuple[Mol, list[float]]] = {}
    cells = zip(table.rows, table.column(place), table.column(value_place), strict=True)
    for (line, _), smiles, shown in cells:
        value = number(shown)
        if value is None:
            skipped.append(f"row {line}: '{shown}' is not a number")
            continue
        try:
            item = read_structure(smiles, argument="smiles")
        except RepairableToolError as error:
            skipped.append(f"row {line}: {error.message.removeprefix('smiles: ')}")
            continue
        found.setdefault(item.smiles, (item.mol, []))[1].append(value)
    if len(found) < LEAST:
        told = f" The first problem: {skipped[0]}." if skipped else ""
        raise RepairableToolError(
            f"measured: '{path}' holds {len(found)} molecules with a value; a model needs {LEAST}.{told}",
            remedy="Add measurements, or correct the rows.",
        )
    values = np.array([sum(numbers) / len(numbers) for _, numbers in found.values()])
    return Measurements(table.header[value_place].strip(), [mol for mol, _ in found.values()], values, tuple(skipped))


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
    for one in range(FOLDS):
        inside, outside = np.flatnonzero(fold != one), np.flatnonzero(fold == one)
        model = _fitted(points[inside], values[inside])
        residual[outside] = values[outside] - model.judge(model.project(points[outside]))[0]
    variance = float(np.var(values))
    error = float(np.mean(residual**2))
    return math.sqrt(error), 1 - error / variance if variance > 0 else 0.0
