"""Reading a researcher's table of measurements: a delimited text file with a header, whose rows keep their numbers."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

from agent.errors import RepairableToolError

SMILES_COLUMNS = ("smiles", "canonical_smiles", "structure", "mol", "molecule")
FORMULA_COLUMNS = ("formula", "composition", "chemical_formula", "reduced_formula")
INDEX_COLUMNS = ("", "id", "index", "no", "entry", "unnamed: 0")


@dataclass(frozen=True)
class Table:
    """A table of text cells.

    Attributes:
        path: Where it was read.
        header: Names of the columns.
        rows: Each with its line number in the file; lines without any content are left out.
    """

    path: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def place(self, *names: str) -> int | None:
        """The place of the first of these columns that there is, whatever the case; ``None`` if there is none."""
        lower = [one.strip().lower() for one in self.header]
        return next((lower.index(name.strip().lower()) for name in names if name.strip().lower() in lower), None)

    def column(self, place: int) -> list[str]:
        """The cells of a column, without surrounding blanks; a short row has an empty one."""
        return [row[place].strip() if place < len(row) else "" for _, row in self.rows]


def read_table(path: str, argument: str) -> Table:
    """Read a CSV, TSV or semicolon-separated file.

    Args:
        path: The file.
        argument: Which argument named it, for the message.

    Raises:
        RepairableToolError: It cannot be read, or has no rows below its header.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RepairableToolError(
            f"{argument}: '{path}' cannot be read: {error}.", remedy="Give a CSV file."
        ) from error
    lines = text.splitlines()
    delimiter = max(",;\t", key=lines[0].count) if lines else ","
    cells = [
        (number, tuple(row)) for number, row in enumerate(csv.reader(lines, delimiter=delimiter), start=1) if any(row)
    ]
    if len(cells) < 2:
        raise RepairableToolError(f"{argument}: '{path}' holds no rows.", remedy="Give a header line and one row each.")
    return Table(path, cells[0][1], tuple(cells[1:]))


def numbered_rows(path: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header of a delimited text file, and its other rows with their numbers; the delimiter is read off the header.

    Raises:
        RepairableToolError: It cannot be read, or holds no rows.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError as error:
        raise RepairableToolError(f"path: '{path}' cannot be read: {error}.", remedy="Give a CSV file.") from error
    delimiter = max(",;\t", key=lines[0].count) if lines else ","
    table = [(number, row) for number, row in enumerate(csv.reader(lines, delimiter=delimiter), start=1) if any(row)]
    if len(table) < 2:
        raise RepairableToolError(f"path: '{path}' holds no rows.", remedy="Give a header line and one row each.")
    return table[0][1], table[1:]


def first_rows(path: str, most: int) -> list[list[str]]:
    """The first lines of a delimited file as rows, the header among them; none where it cannot be read or is empty.

    Args:
        path: The file.
        most: Lines to read. The delimiter is the one of comma, semicolon and tab that the first line holds most of.
    """
    try:
        with open(path, encoding="utf-8-sig", errors="replace", newline="") as file:
            lines = [line for _, line in zip(range(most), file, strict=False)]
    except OSError:
        return []
    return list(csv.reader(lines, delimiter=max(",;\t", key=lines[0].count))) if lines else []


def value_column(table: Table, column: str, structures: int, arguments: tuple[str, str]) -> int:
    """The place of the column of values: the one named, or the only numeric one.

    Args:
        table: The table.
        column: Its name, whatever the case; empty: the only numeric column.
        structures: Place of the column of structures.
        arguments: Names of the arguments that gave the table and the column, for messages.

    Raises:
        RepairableToolError: There is no such column, or several are numeric.
    """
    if column:
        place = table.place(column)
        if place is None:
            raise RepairableToolError(
                f"{arguments[1]}: '{table.path}' has no column '{column}'.",
                remedy=f"There are: {', '.join(table.header)}.",
            )
        return place
    numeric = numeric_columns(table, structures)
    if len(numeric) != 1:
        names = ", ".join(table.header[place] for place in numeric) or "none"
        raise RepairableToolError(
            f"{arguments[0]}: which column of '{table.path}' holds the values is not clear (numeric columns: {names}).",
            remedy=f"Name it in '{arguments[1]}'.",
        )
    return numeric[0]


def numeric_columns(table: Table, structures: int | None = None) -> list[int]:
    """Places of the columns in which more than half of the cells are numbers, but no index or structures."""
    found = []
    for place, name in enumerate(table.header):
        good = sum(number(cell) is not None for cell in table.column(place))
        if place != structures and name.strip().lower() not in INDEX_COLUMNS and good > 0.5 * len(table.rows):
            found.append(place)
    return found


def number(text: str) -> float | None:
    """The finite number that a cell holds, or ``None``."""
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
