"""What is wrong with a table before a model is trained on it: faults, repeats, outliers, leaks, coverage.

Sources: the modified z score of B. Iglewicz and D. Hoaglin, "How to Detect and Handle Outliers", ASQC 1993; on repeats
and units in collected potencies, C. Kramer et al., J. Med. Chem. 55 (2012) 5165.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from agent.tools.surrogates.model import LEAST
from agent.tools.surrogates.rows import SHOWN, Rows, unit_in_cell
from agent.tools.tables import number, numeric_columns

Weight = Literal["stops", "serious", "note"]

OUTLYING = 6.0
"""Modified z score beyond which a value is told."""

DECADES = 3.0
"""Span of positive values, in powers of ten, from which logarithms are advised."""

COPIED = 0.98
"""Rank correlation from which a column counts as a copy of the target."""

FEW = 50
"""Structures below which intervals are wide and the choice of learners is uncertain."""

_UNIT_COLUMNS = ("unit", "units", "standard_units", "standard units")
_SPLIT_COLUMNS = ("split", "set", "fold", "partition")
_SLIPS = (1e3, 1e6, 1e9)
_SLIP_TOLERANCE = 0.02


@dataclass(frozen=True)
class Finding:
    """One thing about a table: how grave, what kind, and what to know or do."""

    weight: Weight
    kind: str
    text: str


def inspect(rows: Rows) -> list[Finding]:
    """Everything that is to be known of a table before training, gravest first."""
    found = [
        *_faults(rows), *_units(rows), *_repeats(rows), *_tautomers(rows), *_values(rows), *_leaks(rows), *_size(rows),
    ]  # fmt: skip
    order: dict[Weight, int] = {"stops": 0, "serious": 1, "note": 2}
    return sorted(found, key=lambda one: order[one.weight])


def spread_of_repeats(rows: Rows) -> tuple[float, int]:
    """The pooled standard deviation of repeats, in the values' unit, and how many structures are repeated."""
    groups = [values for values in _groups(rows).values() if len(values) > 1]
    if not groups:
        return 0.0, 0
    squares = sum(float(((np.array(one) - np.mean(one)) ** 2).sum()) for one in groups)
    return math.sqrt(squares / sum(len(one) - 1 for one in groups)), len(groups)


def outliers(values: np.ndarray) -> np.ndarray:
    """Places of values with a modified z score beyond ``OUTLYING``, farthest first."""
    centre = float(np.median(values))
    typical = 1.4826 * float(np.median(np.abs(values - centre)))
    if typical == 0:
        return np.array([], dtype=int)
    score = np.abs(values - centre) / typical
    beyond = np.flatnonzero(score > OUTLYING)
    return beyond[np.argsort(-score[beyond], kind="stable")]


def _groups(rows: Rows) -> dict[str, list[float]]:
    groups: dict[str, list[float]] = {}
    for structure, value in zip(rows.structures, rows.values, strict=True):
        groups.setdefault(structure, []).append(float(value))
    return groups


def _faults(rows: Rows) -> list[Finding]:
    share = len(rows.broken) / max(len(rows.table.rows), 1)
    weight: Weight = "serious" if share > 0.02 else "note"
    return [Finding(weight, "rows", text) for text in rows.told()]


def _units(rows: Rows) -> list[Finding]:
    found = []
    cells = Counter(unit for one in rows.broken if (unit := unit_in_cell(one.cell)) and one.reason != "structure")
    if cells:
        told = ", ".join(f"{unit} ({count})" for unit, count in cells.most_common(SHOWN))
        found.append(
            Finding("serious", "units", f"Units stand in the cells of '{rows.name}': {told}. Convert them to one unit.")
        )
    place = rows.table.place(*_UNIT_COLUMNS)
    if place is not None:
        kinds = Counter(cell for cell in rows.table.column(place) if cell)
        if len(kinds) > 1:
            told = ", ".join(f"{unit} ({count})" for unit, count in kinds.most_common(SHOWN))
            header = rows.table.header[place]
            found.append(
                Finding("serious", "units", f"The column '{header}' names several units: {told}. Convert to one unit.")
            )
    slips = [
        (structure, min(values), max(values))
        for structure, values in _groups(rows).items()
        if len(values) > 1 and min(values) > 0 and _is_slip(max(values) / min(values))
    ]
    if slips:
        told = "; ".join(f"{structure}: {low:g} and {high:g}" for structure, low, high in slips[:SHOWN])
        found.append(
            Finding("serious", "units", f"{len(slips)} repeats differ by a thousand or so, like mixed units: {told}.")
        )
    return found


def _is_slip(ratio: float) -> bool:
    return any(abs(ratio / slip - 1) < _SLIP_TOLERANCE for slip in _SLIPS)


def _repeats(rows: Rows) -> list[Finding]:
    typical, repeated = spread_of_repeats(rows)
    if not repeated:
        return []
    groups = _groups(rows)
    found = [
        Finding(
            "note",
            "repeats",
            f"{repeated} structures are repeated (pooled standard deviation {typical:.3g}); they are averaged, so that "
            "none is on both sides of a fold. No model can be more accurate than the repeats.",
        )
    ]
    width = float(np.std(rows.values))
    conflicting = {one: values for one, values in groups.items() if len(values) > 1 and np.ptp(values) > width > 0}
    if conflicting:
        told = "; ".join(f"{one}: {min(v):g} to {max(v):g}" for one, v in list(conflicting.items())[:SHOWN])
        found.append(
            Finding(
                "serious",
                "repeats",
                f"{len(conflicting)} repeats disagree by more than the spread of the whole table: {told}.",
            )
        )
    return found


def _tautomers(rows: Rows) -> list[Finding]:
    if rows.kind != "molecule":
        return []
    from agent.tools.tautomers import told

    first: dict[str, int] = {}
    for structure, line in zip(rows.structures, rows.lines, strict=True):
        first.setdefault(structure, line)
    ordered = list(first)
    found = told(ordered, [f"line {first[structure]}" for structure in ordered])
    if not found:
        return []
    return [
        Finding(
            "note",
            "tautomers",
            f"{len(found)} groups of structures are tautomers: {'; '.join(found[:SHOWN])}. If they are one substance, "
            "write them in one form: a fold may hold one on either side.",
        )
    ]


def _values(rows: Rows) -> list[Finding]:
    values = rows.values
    if len(values) == 0:
        return []
    found = []
    if np.ptp(values) <= 1e-12 * max(1.0, float(np.abs(values).max())):
        return [
            Finding("stops", "values", f"All values of '{rows.name}' are {values[0]:g}: there is nothing to learn.")
        ]
    positive = bool((values > 0).all())
    if positive and math.log10(float(values.max() / values.min())) >= DECADES:
        found.append(
            Finding(
                "serious",
                "values",
                f"The values span {math.log10(float(values.max() / values.min())):.1f} powers of ten: train on "
                "logarithms (scale='log10').",
            )
        )
        values = np.log10(values)
    far = outliers(values)
    if len(far):
        told = ", ".join(f"line {rows.lines[place]} ({rows.values[place]:g})" for place in far[:SHOWN])
        found.append(Finding("serious", "outliers", f"{len(far)} values lie far from the others: {told}."))
    common, times = Counter(rows.values.tolist()).most_common(1)[0]
    if times > max(0.2 * len(values), 5):
        found.append(
            Finding(
                "note", "values", f"{times} of {len(values)} values are {common:g}: a limit of detection or a class?"
            )
        )
    return found


def _leaks(rows: Rows) -> list[Finding]:
    from scipy.stats import rankdata

    found = []
    for place in numeric_columns(rows.table, rows.structure):
        if place == rows.target:
            continue
        cells = dict(zip((line for line, _ in rows.table.rows), rows.table.column(place), strict=True))
        other = [number(cells[line]) for line in rows.lines]
        known = [(mine, one) for mine, one in zip(rows.values, other, strict=True) if one is not None]
        pairs = np.array(known, dtype=float).reshape(-1, 2)
        if len(pairs) < LEAST or np.ptp(pairs[:, 0]) == 0 or np.ptp(pairs[:, 1]) == 0:
            continue
        if abs(float(np.corrcoef(rankdata(pairs[:, 0]), rankdata(pairs[:, 1]))[0, 1])) >= COPIED:
            found.append(
                Finding(
                    "note",
                    "leakage",
                    f"The column '{rows.table.header[place]}' all but determines '{rows.name}' (a transformed copy?). "
                    "Surrogates learn from structures alone and do not see it.",
                )
            )
    place = rows.table.place(*_SPLIT_COLUMNS)
    if place is not None:
        cells = dict(zip((line for line, _ in rows.table.rows), rows.table.column(place), strict=True))
        sides: dict[str, set[str]] = {}
        for line, structure in zip(rows.lines, rows.structures, strict=True):
            sides.setdefault(structure, set()).add(cells[line])
        both = [structure for structure, told in sides.items() if len(told) > 1]
        if both:
            found.append(
                Finding(
                    "serious",
                    "leakage",
                    f"{len(both)} structures stand on several sides of the column '{rows.table.header[place]}', for "
                    f"example {both[0]}.",
                )
            )
    return found


def _size(rows: Rows) -> list[Finding]:
    count = len(set(rows.structures))
    if count < LEAST:
        return [Finding("stops", "coverage", f"{count} structures with a value; a surrogate needs {LEAST}.")]
    if count < FEW:
        return [
            Finding("note", "coverage", f"{count} structures are few: intervals will be wide and the domain narrow.")
        ]
    return []


def variety(structures: Sequence[str], kind: str) -> tuple[str, int, float]:
    """How varied structures are.

    Returns:
        What is counted (scaffolds, sets of elements), how many there are, and the share of the most frequent.
    """
    distinct = sorted(set(structures))
    if kind == "molecule":
        from rdkit.Chem.Scaffolds.MurckoScaffold import MurckoScaffoldSmiles

        what, counted = "scaffolds", Counter(MurckoScaffoldSmiles(one) for one in distinct)
    else:
        from agent.tools.surrogates.compositions import read_composition

        what, counted = "sets of elements", Counter(tuple(z for z, _ in read_composition(one)) for one in distinct)
    return what, len(counted), max(counted.values(), default=0) / max(len(distinct), 1)
