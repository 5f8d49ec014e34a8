"""The rows of a researcher's table that a surrogate can learn from, and what is wrong with the others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from agent.errors import RepairableToolError
from agent.tools.surrogates.views import CANONICAL, Kind
from agent.tools.tables import FORMULA_COLUMNS, Table, number, read_table, structure_place, value_column
from agent.units import counted

Reason = Literal["empty", "censored", "unit in the cell", "text", "structure"]

SHOWN = 5
"""Rows that are named for each problem."""

_CENSORED = re.compile(r"^\s*(<|>|<=|>=|≤|≥|~|≈)\s*[-+\d.]")
_WITH_UNIT = re.compile(r"^\s*[-+]?[\d.,]+(?:[eE][-+]?\d+)?\s*([a-zA-Zµμ%°/Å][\w/%°µμ^-]*)\s*$")


@dataclass(frozen=True)
class Broken:
    """A row that cannot be used: its line in the file, the kind of fault, and the cell."""

    line: int
    reason: Reason
    cell: str


@dataclass(frozen=True)
class Rows:
    """What can be used of a table.

    Attributes:
        table: The table.
        kind: What the structures are.
        structure: Place of the column of structures.
        target: Place of the column of values.
        lines: Line in the file of each usable row.
        structures: Canonical, one for each usable row; repeats stay.
        values: One for each usable row, shape (n,).
        broken: The other rows.
    """

    table: Table
    kind: Kind
    structure: int
    target: int
    lines: tuple[int, ...]
    structures: tuple[str, ...]
    values: np.ndarray
    broken: tuple[Broken, ...]

    @property
    def name(self) -> str:
        """The column of values."""
        return self.table.header[self.target].strip()

    def told(self) -> tuple[str, ...]:
        """One sentence for each kind of fault: how many rows, and the first of them."""
        by_reason: dict[str, list[Broken]] = {}
        for one in self.broken:
            by_reason.setdefault(one.reason, []).append(one)
        return tuple(
            f"{counted(len(found), 'row')} left out ({_FAULTS[reason]}): "
            + ", ".join(f"line {one.line} '{one.cell}'" for one in found[:SHOWN])
            + (", ..." if len(found) > SHOWN else "")
            for reason, found in by_reason.items()
        )


_FAULTS = {
    "empty": "no value",
    "censored": "only a bound of the value is known",
    "unit in the cell": "a unit stands in the cell",
    "text": "the value is no number",
    "structure": "the structure cannot be read",
}


def read_rows(path: str, target: str) -> Rows:
    """Read a table and tell its usable rows from the others.

    Args:
        path: A CSV, TSV or semicolon-separated file with a header.
        target: The column of values; empty: the only numeric one.

    Raises:
        RepairableToolError: There is no column of structures or values.
    """
    table = read_table(path, "path")
    molecules, formulas = structure_place(table.header), table.place(*FORMULA_COLUMNS)
    structure = molecules if molecules is not None else formulas
    if structure is None:
        raise RepairableToolError(
            f"path: '{path}' has no column of structures (columns: {', '.join(table.header)}).",
            remedy="Name the column of molecules 'smiles', or the column of compositions 'formula'.",
        )
    kind: Kind = "molecule" if molecules is not None else "composition"
    place = value_column(table, target, structure, ("path", "target"))
    if place == structure:
        raise RepairableToolError(
            f"target: '{target}' is the column of structures.", remedy="Name the column of measured values."
        )
    lines, structures, values, broken = [], [], [], []
    spelt: dict[str, str | None] = {}
    for (line, _), text, cell in zip(table.rows, table.column(structure), table.column(place), strict=True):
        value = number(cell)
        if value is None:
            broken.append(Broken(line, _fault(cell), cell))
            continue
        if text not in spelt:
            try:
                spelt[text] = CANONICAL[kind](text)
            except RepairableToolError:
                spelt[text] = None
        name = spelt[text]
        if name is None:
            broken.append(Broken(line, "structure", text))
            continue
        lines.append(line)
        structures.append(name)
        values.append(value)
    return Rows(
        table, kind, structure, place, tuple(lines), tuple(structures), np.array(values, dtype=float), tuple(broken)
    )


def unit_in_cell(cell: str) -> str:
    """The unit that stands behind a number in a cell, or an empty text."""
    match = _WITH_UNIT.match(cell)
    return match[1] if match else ""


def _fault(cell: str) -> Reason:
    if not cell or cell.lower() in ("nan", "na", "n/a", "null", "none", "-"):
        return "empty"
    if _CENSORED.match(cell):
        return "censored"
    return "unit in the cell" if unit_in_cell(cell) else "text"
