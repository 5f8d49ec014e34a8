"""The user's table of structures and activities, read with all its faults.

Concentrations at which something happens (IC50, EC50, Ki, Kd, MIC, ...) become negative decimal logarithms of mol/l, as
structure-activity work needs; what is already logarithmic, or no concentration, stays as it is. Repeats of a molecule
are averaged on that scale. A row that cannot be used is left out with its number and the reason. Tautomers keep their
rows and are told: their measurements may be of one substance.
"""

from __future__ import annotations

import math
import re
import statistics
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from agent.errors import RepairableToolError
from agent.tools import tautomers
from agent.tools.molecules.activity.columns import CENSORED, NAME, activity_places
from agent.tools.tables import numbered_rows, structure_place

if TYPE_CHECKING:
    from rdkit.Chem import Mol

Scale = Literal["auto", "as given", "negative log"]

_CONCENTRATION = re.compile(r"\b((?:IC|EC|AC|CC|GI|LC)[ _]?50|K[id]\b|MIC\b)|standard.value", re.IGNORECASE)
_LOGARITHM = re.compile(r"\bp(?:IC|EC|AC|CC|GI|LC)[ _]?50|\bpK[id]\b|\bpMIC\b|pchembl|log", re.IGNORECASE)
_MOLAR = {"M": 0, "mM": 3, "uM": 6, "µM": 6, "μM": 6, "nM": 9, "pM": 12, "mol/l": 0, "mol/L": 0}
"""Decimal places from each unit of concentration to mol/l."""
_UNIT = re.compile(r"(?:^|[\s_(\[/])(mol/[lL]|[munpµμ]?M)(?=$|[\s_)\]])")
_UNIT_COLUMNS = ("units", "unit", "standard_units", "standard units", "standard_unit")
_RELATION_COLUMNS = ("relation", "standard_relation", "standard relation", "qualifier", "operator")

TOO_FAR = 1.0
"""Repeats that differ by more than this (on the scale that is used) are told."""


@dataclass(frozen=True)
class Measured:
    """One molecule with its activity.

    Attributes:
        smiles: Canonical.
        mol: The molecule.
        value: The activity on the scale that is used; the mean of the repeats.
        name: As the table names it, or empty.
        rows: The rows it comes from.
    """

    smiles: str
    mol: Mol
    value: float
    name: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class ActivityTable:
    """A table that was read.

    Attributes:
        column: The column of activities.
        quantity: What is analysed: the column's name, or ``pIC50`` and its like.
        molecules: Each once, in the order of the file.
        skipped: ``row 5: reason`` for what could not be used.
        notes: What the reader should know (units, repeats, censored values).
        rows: Data rows in the file.
    """

    column: str
    quantity: str
    molecules: tuple[Measured, ...]
    skipped: tuple[str, ...]
    notes: tuple[str, ...]
    rows: int


def read_activities(path: str, column: str = "", scale: Scale = "auto", unit: str = "") -> ActivityTable:
    """Read a CSV or TSV file of structures and activities.

    Args:
        path: The file; its first line names the columns.
        column: The column of activities; empty: the one whose name says so, or the only one of numbers.
        scale: Whether values become negative logarithms of mol/l; ``auto`` decides by the column's name and unit.
        unit: The unit of the values where neither the column's name nor a column of units gives it.

    Raises:
        RepairableToolError: The file or column does not serve; or no row can be used.
    """
    from agent.tools.molecules.structures import read_structure

    header, rows = numbered_rows(path)
    lower = [name.strip().lower() for name in header]
    structure = structure_place(header)
    if structure is None:
        raise RepairableToolError(
            f"path: '{path}' has no column of structures (columns: {', '.join(header)}).",
            remedy="Name the column of SMILES 'smiles'.",
        )
    place = _activity_column(path, header, rows, structure, column)
    units = next((lower.index(one) for one in _UNIT_COLUMNS if one in lower), None)
    relations = next((lower.index(one) for one in _RELATION_COLUMNS if one in lower), None)
    name = next((place for place, one in enumerate(header) if place != structure and NAME.match(one.strip())), None)
    label = header[place].strip()
    told = _UNIT.search(label)
    logarithmic = _becomes_logarithm(label, told[1] if told else unit, units is not None, scale)
    skipped, censored = [], 0
    found: dict[str, list[tuple[int, float, str, Mol]]] = defaultdict(list)
    for number, row in rows:
        try:
            if (relations is not None and _at(row, relations).strip("'\" ") not in ("", "=", "==")) or CENSORED.match(
                _at(row, place)
            ):
                censored += 1
                raise RepairableToolError(f"'{_at(row, place)}' is a bound, not a value")
            given = _at(row, units) if units is not None else ""
            value = _value(_at(row, place), given or (told[1] if told else unit), logarithmic)
            item = read_structure(_at(row, structure), argument="smiles")
        except RepairableToolError as error:
            skipped.append(f"row {number}: {error.message.removeprefix('smiles: ')}")
            continue
        found[item.smiles].append((number, value, _at(row, name) if name is not None else "", item.mol))
    if not found:
        first = f" The first problem: {skipped[0]}." if skipped else ""
        raise RepairableToolError(f"path: no row of '{path}' can be used.{first}", remedy="Correct the rows.")
    quantity = _logarithmic_name(_bare(label)) if logarithmic else label
    notes = [f"{quantity} = -log10({_bare(label)} in mol/l)"] if logarithmic else []
    if censored:
        rows_give = "row gives" if censored == 1 else "rows give"
        notes.append(f"{censored} {rows_give} only a bound (such as >10000), left out")
    notes += _repeats(found)
    rows_of = ["row " + ", ".join(str(hit[0]) for hit in hits) for hits in found.values()]
    notes += tautomers.told(list(found), rows_of, [hits[0][3] for hits in found.values()])
    molecules = tuple(
        Measured(smiles, hits[0][3], statistics.fmean(hit[1] for hit in hits), hits[0][2], tuple(h[0] for h in hits))
        for smiles, hits in found.items()
    )
    return ActivityTable(label, quantity, molecules, tuple(skipped), tuple(notes), len(rows))


def _activity_column(
    path: str, header: list[str], rows: list[tuple[int, list[str]]], structure: int, asked: str
) -> int:
    lower = [name.strip().lower() for name in header]
    if asked:
        if asked.strip().lower() not in lower:
            raise RepairableToolError(
                f"column: '{path}' has no column '{asked}'.", remedy=f"There are: {', '.join(header)}."
            )
        return lower.index(asked.strip().lower())
    choice = activity_places(header, rows, structure)
    if len(choice) != 1:
        names = ", ".join(header[index] for index in choice) or "none"
        raise RepairableToolError(
            f"column: which column of '{path}' holds the activities is not clear (candidates: {names}).",
            remedy="Name it in 'column'.",
        )
    return choice[0]


def _becomes_logarithm(label: str, unit: str, has_units: bool, scale: Scale) -> bool:
    if scale != "auto":
        return scale == "negative log"
    label = label.replace("_", " ")
    if _LOGARITHM.search(label):
        return False
    return bool(_CONCENTRATION.search(label)) and (unit in _MOLAR or has_units)


def _value(text: str, unit: str, logarithmic: bool) -> float:
    try:
        number = float(text.strip())
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise RepairableToolError(f"'{text}' is not a number")
    if not logarithmic:
        return number
    if unit.strip() not in _MOLAR:
        raise RepairableToolError(f"'{unit}' is no unit of concentration that is known (M, mM, uM, nM, pM)")
    if number <= 0:
        raise RepairableToolError(f"a concentration of {number:g} has no logarithm")
    return _MOLAR[unit.strip()] - math.log10(number)


def _repeats(found: dict[str, list[tuple[int, float, str, Mol]]]) -> list[str]:
    repeated = {smiles: hits for smiles, hits in found.items() if len(hits) > 1}
    if not repeated:
        return []
    one = len(repeated) == 1
    notes = [f"{len(repeated)} {'molecule is' if one else 'molecules are'} measured more than once, averaged"]
    for smiles, hits in repeated.items():
        values = [hit[1] for hit in hits]
        if max(values) - min(values) > TOO_FAR:
            rows = ", ".join(str(hit[0]) for hit in hits)
            notes.append(f"rows {rows} are one molecule ({smiles}) with values from {min(values):g} to {max(values):g}")
    return notes


def _logarithmic_name(name: str) -> str:
    """What the negative logarithm of a column is called: ``pIC50`` of ``IC50``, ``COX2 pIC50`` of ``COX2 IC50``."""
    match = _CONCENTRATION.search(name.replace("_", " "))
    return f"{name[: match.start()]}p{name[match.start() :]}" if match and match[1] else f"p{name}"


def _bare(label: str) -> str:
    """A column's name without its unit."""
    return re.sub(r"[\s_(\[]*(?:mol/[lL]|[munpµμ]?M)[)\]]*$", "", label).strip() or label


def _at(row: list[str], place: int) -> str:
    return row[place] if place < len(row) else ""
