"""Reading a researcher's table of measurements: a delimited text file or a workbook, whose rows keep their numbers.

Tables of the field are read as they come: decimal commas, a second header row of units, titles above the header,
thousands separated by commas, values with their uncertainty behind ±, and values below a detection limit (`bounds`).
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path

from agent.errors import RepairableToolError

SMILES_COLUMNS = ("smiles", "canonical_smiles", "structure", "mol", "molecule")
FORMULA_COLUMNS = ("formula", "composition", "chemical_formula", "reduced_formula")
INDEX_COLUMNS = ("", "id", "index", "no", "entry", "unnamed: 0")
WORKBOOKS = (".xlsx", ".xlsm")
MISSING = frozenset({"", "-", "–", "?", "na", "n/a", "nan", "n.d.", "nd", "null", "missing", "unknown", "없음"})

_LOOKED_AT = 60
"""Rows that tell how a table is written: its delimiter, its decimal sign, whether units follow the header."""

_WIDE = (b"\xff\xfe", b"\xfe\xff")
_LONGEST_UNIT = 24
_DECIMAL_COMMA = re.compile(r"^([<>≤≥~]?=?\s*)?([-+]?\d{1,3}(?:\.\d{3})+|[-+]?\d+),(\d+)(\s*%|\s*[eE][-+]?\d+)?$")
_THOUSANDS = re.compile(r"^[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
_WITH_ERROR = re.compile(r"^([-+]?[\d.,]+(?:[eE][-+]?\d+)?)\s*(?:±|\+/-|\+-)\s*[\d.,]+(?:[eE][-+]?\d+)?$")
_COUNTING = re.compile(r"^(?:run|no|nr|#|exp\w*|sample|specimen|trial|order|row|번호)\b", re.IGNORECASE)
_BOUND = re.compile(r"^(<|>|≤|≥)\s*=?\s*(\S+)$")


@dataclass(frozen=True)
class Table:
    """A table of text cells.

    Attributes:
        path: Where it was read.
        header: Names of the columns; units of a second header row stand behind them in brackets.
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


def structure_place(header: Sequence[str]) -> int | None:
    """The place of the column of structures: one of `SMILES_COLUMNS`, else one that has the word SMILES in its name."""
    names = [one.strip().lower() for one in header]
    exact = next((names.index(one) for one in SMILES_COLUMNS if one in names), None)
    if exact is not None:
        return exact
    return next((place for place, one in enumerate(names) if re.search(r"(?<![a-z])smiles(?![a-z])", one)), None)


def read_table(path: str, argument: str) -> Table:
    """Read a CSV, TSV or semicolon-separated file, or the first sheet of a workbook.

    Args:
        path: The file.
        argument: Which argument named it, for the message.

    Raises:
        RepairableToolError: It cannot be read, or has no rows below its header.
    """
    try:
        header, rows = _read(path)
    except (OSError, ValueError) as error:
        raise RepairableToolError(
            f"{argument}: '{path}' cannot be read: {error}.", remedy="Give a CSV file."
        ) from error
    if not rows:
        raise RepairableToolError(f"{argument}: '{path}' holds no rows.", remedy="Give a header line and one row each.")
    return Table(path, tuple(header), tuple((line, tuple(row)) for line, row in rows))


def numbered_rows(path: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header of a table, and its other rows with their numbers.

    Raises:
        RepairableToolError: It cannot be read, or holds no rows.
    """
    table = read_table(path, "path")
    return list(table.header), [(line, list(row)) for line, row in table.rows]


def first_rows(path: str, most: int) -> list[list[str]]:
    """The first rows of a table, the header among them; none where it cannot be read or is empty.

    Args:
        path: The file.
        most: Rows to give, the header counted.
    """
    try:
        header, rows = _read(path, max(most, _LOOKED_AT) + 1)
    except (OSError, ValueError):
        return []
    return [header, *(row for _, row in rows[: most - 1])] if header else []


def _read(path: str, most: int | None = None) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header of a file and its other rows by line, as they are meant: decimal points, units in the header.

    Raises:
        OSError: It cannot be read.
        ValueError: It is no text and no workbook.
    """
    if Path(path).suffix.lower() in WORKBOOKS:
        cells, comma = _sheet(path, most), False
    else:
        lines = _lines(path, most)
        start = next((place for place, line in enumerate(lines) if line.strip() and not line.startswith("#")), 0)
        delimiter = _delimiter(lines[start:])
        read = csv.reader(lines[start:], delimiter=delimiter)
        cells = [(start + number, row) for number, row in enumerate(read, start=1) if any(map(str.strip, row))]
        comma = _decimal_comma([row for _, row in cells[1:_LOOKED_AT]], delimiter)
    while len(cells) > 1 and _filled(cells[0][1]) == 1 and max(_filled(row) for _, row in cells[1:_LOOKED_AT]) > 1:
        cells = cells[1:]  # a title above the header
    if not cells:
        return [], []
    if comma:
        cells = [(line, [_pointed(cell) for cell in row]) for line, row in cells]
    header, rows = cells[0][1], cells[1:]
    if units := _units(rows):
        header = [f"{name.strip()} ({unit})" if unit else name for name, unit in _joined(header, units)]
        rows = rows[1:]
    return header, rows


def _lines(path: str, most: int | None) -> list[str]:
    """The lines of a text file in the encoding that it seems to have."""
    with open(path, "rb") as file:
        raw = file.read() if most is None or file.peek(2)[:2] in _WIDE else b"".join(islice(file, most))
    if b"\x00" in raw[:200] and raw[:2] not in _WIDE:
        raise ValueError("it is no text")
    for encoding in ("utf-16",) if raw[:2] in _WIDE else ("utf-8-sig", "euc-kr", "cp1252"):
        try:
            return raw.decode(encoding).splitlines()
        except UnicodeDecodeError:
            continue
    raise ValueError("its characters are in no encoding known here (save it as UTF-8)")


def _sheet(path: str, most: int | None) -> list[tuple[int, list[str]]]:
    """The rows of a workbook's first sheet that hold something, as text."""
    from zipfile import BadZipFile

    try:
        from openpyxl import load_workbook

        book = load_workbook(path, read_only=True, data_only=True)
    except ImportError as error:
        raise ValueError("workbooks need openpyxl; save the sheet as CSV") from error
    except (BadZipFile, KeyError) as error:
        raise ValueError("it is no workbook") from error
    try:
        rows = book.worksheets[0].iter_rows(max_row=most, values_only=True)
        shown = [["" if cell is None else str(cell) for cell in row] for row in rows]
    finally:
        book.close()
    return [(line, row) for line, row in enumerate(shown, start=1) if any(map(str.strip, row))]


def _delimiter(lines: Sequence[str]) -> str:
    """What separates the columns: what splits every line alike, else what the header holds most of."""
    first = [line for line in lines[:_LOOKED_AT] if line.strip()]
    if not first:
        return ","
    for one in "\t;,":
        widths = {len(row) for row in csv.reader(first, delimiter=one)}
        if len(widths) == 1 and widths != {1}:
            return one
    return max(",;\t", key=first[0].count)


def _decimal_comma(rows: Sequence[Sequence[str]], delimiter: str) -> bool:
    """Whether commas are decimal signs: a number has other than three digits behind one, or a ';' file no points."""
    behind = [match[3] for row in rows for cell in row if (match := _DECIMAL_COMMA.match(cell.strip()))]
    pointed = any(re.fullmatch(r"[-+]?\d+\.\d+", cell.strip()) for row in rows for cell in row)
    return any(len(digits) != 3 for digits in behind) or (bool(behind) and delimiter != "," and not pointed)


def _pointed(cell: str) -> str:
    """A number with a decimal comma as one with a point; anything else as it is."""
    match = _DECIMAL_COMMA.match(cell.strip())
    if match is None:
        return cell
    return f"{match[1] or ''}{match[2].replace('.', '')}.{match[3]}{match[4] or ''}"


def _units(rows: Sequence[tuple[int, Sequence[str]]]) -> list[str]:
    """The cells of a second header row that holds units, else none.

    It is one where the columns of numbers hold, in this row alone, short texts that are neither numbers nor marks of
    missing values.
    """
    if len(rows) < 3:
        return []
    first, rest = rows[0][1], [row for _, row in rows[1:_LOOKED_AT]]
    numeric = [
        place
        for place in range(len(first))
        if 2 * sum(place < len(row) and is_numeric(row[place].strip()) for row in rest) > len(rest)
    ]
    told = [first[place].strip() for place in numeric if first[place].strip().lower() not in MISSING]
    if any(is_numeric(cell) or len(cell) > _LONGEST_UNIT for cell in told) or 2 * len(told) < max(len(numeric), 1):
        return []
    return [cell.strip().strip("()[]") if place in numeric else "" for place, cell in enumerate(first)]


def _joined(header: Sequence[str], units: Sequence[str]) -> list[tuple[str, str]]:
    return [
        (name, units[place] if place < len(units) and units[place].lower() not in MISSING else "")
        for place, name in enumerate(header)
    ]


def is_index(name: str, cells: Sequence[str]) -> bool:
    """Whether a column only counts the rows: named as such, and rising by one from row to row."""
    values = [number(cell) for cell in cells]
    return bool(_COUNTING.match(name.strip())) and all(
        one is not None and other is not None and other - one == 1 for one, other in pairwise(values)
    )


def is_numeric(cell: str) -> bool:
    """Whether a cell holds a number or a bound of one."""
    return number(cell) is not None or bounds(cell) is not None


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


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
    """Places of the columns in which more than half of the cells are numbers or bounds, but no index or structures."""
    found = []
    for place, name in enumerate(table.header):
        cells = table.column(place)
        good = 0 if is_index(name, cells) else sum(map(is_numeric, cells))
        if place != structures and name.strip().lower() not in INDEX_COLUMNS and good > 0.5 * len(table.rows):
            found.append(place)
    return found


def number(text: str) -> float | None:
    """The finite number that a cell holds, thousands separated by commas or not, without its ± part; else ``None``."""
    plain = text.strip()
    if match := _WITH_ERROR.match(plain):
        plain = match[1]
    try:
        value = float(plain.replace(",", "") if _THOUSANDS.match(plain) else plain)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def bounds(text: str) -> tuple[float, float] | None:
    """The range that a cell such as ``<0.01`` or ``>2400`` leaves open; ``None`` where it holds no bound.

    A value below a limit lies between zero and the limit (below a limit of zero or less, it is not bounded below).
    """
    match = _BOUND.match(text.strip())
    limit = number(match[2]) if match else None
    if match is None or limit is None:
        return None
    if match[1] in "<≤":
        return (0.0 if limit > 0 else -math.inf, limit)
    return (limit, math.inf)
