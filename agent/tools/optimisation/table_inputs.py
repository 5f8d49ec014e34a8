"""What was varied in a table of measurements: settings, shares of a whole, and the amounts in chemical formulas.

A column of formulas becomes one number for each species whose amount varies (in ``Cs0.05FA0.95Pb(I0.8Br0.2)3`` those
of Cs, FA, I and Br). Sets of columns with a constant sum keep it in whatever is proposed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from agent.errors import RepairableToolError
from agent.tools.tables import FORMULA_COLUMNS, INDEX_COLUMNS, Table, number, numeric_columns

MOST_TOGETHER = 6
"""Most columns whose sum is looked at."""

SLACK = 0.015
"""How far a sum may be from its usual value, as a share of it."""

MOST_CATEGORIES = 8
MOST_SPECIES = 8
"""Species of varying amount beyond which a table of formulas is no series, but a collection of compounds."""

_FORMULA_NAME = re.compile(r"formula|composition|alloy|material|compound|sample|조성|화학식", re.IGNORECASE)
_ELEMENT, _AMOUNT = re.compile(r"[A-Z][a-z]?"), re.compile(r"\d*\.?\d+")
_CATION = re.compile(r"(?:FA|MA|GA|PEA|BA|EA|DMA|TEA|TMA)(?![a-z])")
"""Organic cations that formulas of halides abbreviate; other runs of capitals are elements (``CO`` is C and O)."""

_GROUP = re.compile(r"[(\[](?P<inside>[^()\[\]]*)[)\]](?P<times>\d*\.?\d+)?")
_NOT_INPUTS = re.compile(r"^(?:run|no|n|id|index|entry|exp\w*|sample|replicates?|reps?|date)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Inputs:
    """What was varied, row by row.

    Attributes:
        names: Of the numbers that vary: species first, then columns.
        values: Shape (rows, names); NaN where a cell holds no number.
        sums: Sets of places whose values add to a constant, with it.
        species: All species of the formulas in order, with the amount of those that do not vary.
        words: Columns of words that vary, with the value of each row.
        identities: What each row is called.
    """

    names: tuple[str, ...]
    values: np.ndarray
    sums: tuple[tuple[tuple[int, ...], float], ...]
    species: tuple[tuple[str, float | None], ...]
    words: dict[str, tuple[str, ...]]
    identities: tuple[str, ...]

    def written(self, point: Sequence[float], words: Sequence[str]) -> str:
        """A point as a reader writes it: its formula, and its settings."""
        amounts = dict(zip(self.names, point, strict=True))
        formula = "".join(
            f"{name}{'' if abs(amount - 1) < 1e-9 else f'{amount:.4g}'}"
            for name, constant in self.species
            if (amount := amounts[name] if constant is None else constant) > 1e-9
        )
        varied = {name for name, constant in self.species if constant is None}
        settings = [f"{name} {value:.4g}" for name, value in amounts.items() if name not in varied]
        settings += [f"{name} {value}" for name, value in zip(self.words, words, strict=True)]
        return ", ".join([*([formula] if formula else []), *settings])


def read_inputs(table: Table, outcomes: Sequence[int], only: Sequence[str] = ()) -> Inputs:
    """Find what was varied in a table.

    Args:
        table: The table.
        outcomes: Places of the columns that were measured.
        only: The columns that were set; empty: all others that vary.

    Raises:
        RepairableToolError: Nothing varies, or the formulas are a collection of different compounds.
    """
    chosen = {name.strip().lower() for name in only} or {name.strip().lower() for name in table.header}
    left = [p for p, name in enumerate(table.header) if name.strip().lower() not in chosen]
    numeric = [p for p in numeric_columns(table) if p not in outcomes and not counts_rows(table.header[p])]
    place = formula_column(table, numeric)
    place = None if place in left else place
    numeric = [p for p in numeric if p not in left]
    formulas = [_amounts(cell) or {} for cell in table.column(place)] if place is not None else []
    order = list(dict.fromkeys(name for one in formulas for name in one))
    amounts = np.array([[one.get(name, 0.0) for name in order] for one in formulas]).reshape(len(formulas), len(order))
    varying = [c for c in range(len(order)) if np.ptp(amounts[:, c]) > 1e-6]
    if len(varying) > MOST_SPECIES:
        raise RepairableToolError(
            f"path: the formulas of '{table.path}' differ in {len(varying)} species: they are different compounds"
            " and no series, between which nothing can be proposed.",
            remedy="Train a model with train_surrogate and predict the formulas that you have in mind.",
        )
    columns = [(table.header[p].strip(), [_value(cell) for cell in table.column(p)]) for p in numeric]
    columns = [(name, cells) for name, cells in columns if len({cell for cell in cells if np.isfinite(cell)}) > 1]
    names = (*(order[c] for c in varying), *(name for name, _ in columns))
    parts = [amounts[:, varying]] if formulas else []
    parts += [np.array([cells for _, cells in columns], dtype=float).T] if columns else []
    values = np.hstack(parts) if parts else np.empty((len(table.rows), 0))
    words = _words(table, [*numeric, *outcomes, *left, *([place] if place is not None else [])])
    if not names and not words:
        raise RepairableToolError(
            f"path: nothing was varied in '{table.path}' besides what was measured.",
            remedy="Give the columns of what was set (composition, temperature, time).",
        )
    species = tuple((name, None if c in varying else float(amounts[0, c])) for c, name in enumerate(order))
    identities = table.column(place) if place is not None else [f"row {line}" for line, _ in table.rows]
    return Inputs(names, values, _sums(values, len(varying)), species, words, tuple(identities))


def formula_column(table: Table, numeric: Sequence[int]) -> int | None:
    """The place of the column of formulas: several species each, in four of five rows."""
    named = [p for p, name in enumerate(table.header) if name.strip().lower() in FORMULA_COLUMNS]
    named += [p for p, name in enumerate(table.header) if _FORMULA_NAME.search(name) and p not in named]
    for place in named:
        cells = [cell for cell in table.column(place) if cell]
        good = sum(len(_amounts(cell) or {}) > 1 for cell in cells)
        if place not in numeric and cells and good >= 0.8 * len(table.rows):
            return place
    return None


def _amounts(formula: str) -> dict[str, float] | None:
    """Amounts by species; ``None`` where the text is no formula."""
    text = formula.replace(" ", "")
    while match := _GROUP.search(text):
        times = float(match["times"] or 1)
        inside = _flat(match["inside"])
        if inside is None:
            return None
        text = text[: match.start()] + "".join(f"{s}{a * times:.10g}" for s, a in inside) + text[match.end() :]
    found: dict[str, float] = {}
    for species, amount in _flat(text) or []:
        found[species] = found.get(species, 0.0) + amount
    return {name: round(amount, 8) for name, amount in found.items()} or None


def _flat(text: str) -> list[tuple[str, float]] | None:
    """Species and amounts of a formula without brackets, in order; ``None`` where it is none."""
    from pymatgen.core import Element

    found: list[tuple[str, float]] = []
    place = 0
    while place < len(text):
        match = _CATION.match(text, place)
        cation = match[0] if match else ""
        match = _ELEMENT.match(text, place)
        species = cation or (match[0] if match else "")
        if not cation and (not species or not Element.is_valid_symbol(species)):
            return None
        place += len(species)
        amount = _AMOUNT.match(text, place)
        found.append((species, float(amount[0]) if amount else 1.0))
        place = amount.end() if amount else place
    return found


def counts_rows(header: str) -> bool:
    """Whether a column of numbers only counts rows, or tells how often each was measured, by its name."""
    name = header.strip().replace("_", " ")
    return name.lower() in INDEX_COLUMNS or bool(_NOT_INPUTS.match(name))


def _value(cell: str) -> float:
    found = number(cell)
    return np.nan if found is None else found


def _words(table: Table, others: Sequence[int]) -> dict[str, tuple[str, ...]]:
    """Columns of a few words that repeat."""
    found = {}
    for place, name in enumerate(table.header):
        cells = table.column(place)
        kinds = len(set(cells))
        if place not in others and 1 < kinds <= MOST_CATEGORIES and 2 * kinds <= len(cells) and all(cells):
            found[name.strip()] = tuple(cells)
    return found


def _sums(values: np.ndarray, species: int) -> tuple[tuple[tuple[int, ...], float], ...]:
    """The smallest sets of columns that add to a constant in every row, none overlapping another."""
    found: list[tuple[tuple[int, ...], float]] = []
    taken: set[int] = set()
    for kind in (range(species), range(species, values.shape[1])):
        for size in range(2, min(MOST_TOGETHER, len(kind)) + 1):
            for places in combinations(kind, size):
                totals = values[:, list(places)].sum(axis=1)
                usual = float(np.nanmedian(totals)) if np.isfinite(totals).any() else 0.0
                whole = kind.start < species or min(abs(usual - 100), abs(usual - 1) * 100) < 2
                if taken & set(places) or usual <= 0 or not whole or not np.isfinite(totals).all():
                    continue
                if np.all(np.abs(totals - usual) <= SLACK * usual):
                    found.append((places, usual))
                    taken |= set(places)
    return tuple(found)
