"""A file of molecules, one a line: where its molecules stand, and how to read a part of it.

Two layouts are read: lines that begin with a SMILES, behind which a name may stand (``.smi``), and delimited text whose
first line names a column of SMILES (``.csv``, ``.tsv``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from agent.errors import RepairableToolError

SMILES_COLUMNS = ("smiles", "canonical_smiles", "structure", "mol")
"""Names of the column that holds the structure, in any case."""

NAME_COLUMNS = ("name", "id", "identifier", "compound", "molecule", "chembl_id")


class Layout(NamedTuple):
    """How the lines of a file are read.

    Attributes:
        delimiter: Between columns; empty where columns are separated by white space.
        smiles: Place of the structure's column.
        name: Place of the name's column, or -1.
        begin: Byte at which the first molecule's line begins.
        first_line: Number of that line.
    """

    delimiter: str
    smiles: int
    name: int
    begin: int
    first_line: int


def read_layout(path: Path) -> Layout:
    """Find out how a file of molecules is written.

    Raises:
        RepairableToolError: It cannot be read, is empty, compressed, no text, or has a header without a column of
            SMILES.
    """
    try:
        with path.open("rb") as file:
            head = file.readline(1 << 20)
    except OSError as error:
        raise RepairableToolError(
            f"path: the file '{path}' cannot be read ({error.strerror or error}).", remedy="Give a readable file."
        ) from error
    if head[:2] in (b"\x1f\x8b", b"PK", b"BZ"):
        raise RepairableToolError(f"path: '{path}' is compressed.", remedy="Unpack it first, as in: gunzip -k FILE.")
    if b"\0" in head:
        raise RepairableToolError(f"path: '{path}' is no text.", remedy="Give one SMILES a line, or a CSV file.")
    line = head.decode("utf-8-sig", errors="replace").strip()
    if not line:
        raise RepairableToolError(f"path: '{path}' is empty.", remedy="Give one SMILES a line, or a CSV file.")
    delimiter = next((sign for sign in ("\t", ",", ";") if sign in line), "")
    cells = [cell.strip().lower() for cell in _cells(line, delimiter)]
    place = next((cells.index(name) for name in SMILES_COLUMNS if name in cells), None)
    if place is None:
        if path.suffix.lower() in (".csv", ".tsv"):
            raise RepairableToolError(
                f"path: the first line of '{path}' names no column of SMILES: {', '.join(cells[:12])}.",
                remedy=f"Name the column of structures one of: {', '.join(SMILES_COLUMNS)}.",
            )
        return Layout("", 0, 1, 0, 1)
    name = next((cells.index(one) for one in NAME_COLUMNS if one in cells and cells.index(one) != place), -1)
    return Layout(delimiter, place, name, len(head), 2)


def cut(path: Path, layout: Layout, size: int) -> list[dict[str, Any]]:
    """The file in parts of about so many bytes; every line belongs to one part.

    Args:
        path: The file.
        layout: As read.
        size: Bytes of a part.

    Returns:
        ``start`` and ``stop`` of each part; a line belongs to the part in which it begins.
    """
    end = path.stat().st_size
    starts = range(layout.begin, max(end, layout.begin + 1), size)
    return [{"start": start, "stop": min(start + size, end)} for start in starts]


def read_part(path: Path, layout: Layout, start: int, stop: int) -> Iterator[tuple[int, str, str]]:
    """The molecules whose lines begin in a part of the file.

    Yields:
        The line's number within the part (from 0), the SMILES, and the name (empty if there is none). Blank lines
        count, and are passed over.
    """
    with path.open("rb") as file:
        if start > layout.begin:
            file.seek(start - 1)
            file.readline()  # up to the end of the line that began before
        else:
            file.seek(start)
        number = 0
        while file.tell() < stop and (line := file.readline()):
            text = line.decode("utf-8", errors="replace").strip()
            if text:
                cells = _cells(text, layout.delimiter)
                smiles = cells[layout.smiles].strip() if layout.smiles < len(cells) else ""
                name = cells[layout.name].strip() if 0 <= layout.name < len(cells) else ""
                yield number, smiles, name
            number += 1


def count_lines(path: Path, layout: Layout, start: int, stop: int) -> int:
    """How many lines begin in a part of the file: one at its very start, and one behind every line end."""
    first = start == layout.begin
    count, left = int(first), stop - start - int(first)
    with path.open("rb") as file:
        file.seek(start - int(not first))
        while left > 0 and (block := file.read(min(left, 1 << 20))):
            count += block.count(b"\n")
            left -= len(block)
    return count


def _cells(text: str, delimiter: str) -> list[str]:
    if not delimiter:
        return text.split(maxsplit=1)
    if '"' not in text:
        return text.split(delimiter)
    return next(csv.reader([text], delimiter=delimiter))
