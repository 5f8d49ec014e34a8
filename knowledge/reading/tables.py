"""Tables of values: CSV and TSV files, and the sheets of workbooks, row by row with the names of their columns."""

from __future__ import annotations

import csv
import statistics
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path

from knowledge.errors import ReadingError
from knowledge.reading.decoding import decode
from knowledge.reading.limits import ReadingLimits
from knowledge.records import Metadata, Page, Parsed

_MANY_ROWS = 500  # a table of numbers alone that is longer than this is described, not written out
_SHOWN = 20  # rows of a described table that are written out all the same
_MOST_ROWS = 200_000


def read_csv(path: Path, limits: ReadingLimits) -> Parsed:
    """Read a CSV or TSV file; the delimiter is found from its first lines.

    Returns:
        One page; a line a row, each value after the name of its column.

    Raises:
        ReadingError: It is binary, or too long.
    """
    text, note = decode(path.read_bytes())
    csv.field_size_limit(10_000_000)
    try:
        form: type[csv.Dialect] | csv.Dialect = csv.Sniffer().sniff(text[:20_000], delimiters=",;\t|")
    except csv.Error:
        form = csv.excel_tab if path.suffix.lower() == ".tsv" else csv.excel
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    try:
        body = sheet_text(csv.reader(lines, form), limits)
    except csv.Error as error:
        raise ReadingError(f"It is no table that can be read: {error}.") from error
    return Parsed((Page(body),), Metadata(), "csv", (note,) if note else ())


def sheet_text(rows: Iterable[Sequence[str]], limits: ReadingLimits) -> str:
    """A table as text: its columns, then ``column: value; column: value`` row by row.

    A long table of numbers alone is described by the range of every column.

    Args:
        rows: Cells as text; the first row that is not empty names the columns.
        limits: How much text is accepted.

    Raises:
        ReadingError: It is too long.
    """
    filled = ([" ".join(cell.split()) for cell in row] for row in rows if any(cell.strip() for cell in row))
    head = next(filled, None)
    if head is None:
        return ""
    table = list(islice(filled, _MOST_ROWS + 1))
    if len(table) > _MOST_ROWS:
        raise ReadingError(f"It has more than {_MOST_ROWS:,} rows.", remedy="Split it.")
    names = [name or f"column {number}" for number, name in enumerate(head, 1)]
    shown = table
    text = f"Table of {len(table)} rows with the columns {', '.join(names)}.\n\n"
    if len(table) > _MANY_ROWS and all(_number(cell) is not None for row in table for cell in row if cell):
        shown = table[:_SHOWN]
        text += "\n".join(_ranges(names, table)) + f"\n\nIts first {_SHOWN} rows:\n"
    lines = []
    for row in shown:
        cells = zip((*names, *(f"column {n}" for n in range(len(names) + 1, len(row) + 1))), row, strict=False)
        lines.append("; ".join(f"{name}: {cell}" for name, cell in cells if cell))
    text += "\n".join(lines)
    if len(text) > limits.characters:
        raise ReadingError(f"Its text is longer than {limits.characters:,} characters.")
    return text


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def _ranges(names: Sequence[str], table: Sequence[Sequence[str]]) -> list[str]:
    found = []
    for place, name in enumerate(names):
        values = [float(row[place]) for row in table if place < len(row) and row[place]]
        if values:
            found.append(f"{name}: {min(values):g} to {max(values):g}, mean {statistics.fmean(values):g}.")
    return found
