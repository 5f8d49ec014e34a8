"""The compounds of the ``chemicals`` package (76,000 rows from PubChem), read from its tables without importing it.

A look-up scans the tables as they are: 15 ms, where the package's own index takes a process 1.5 s to build. After some
look-ups of names the index of all names is made here, too.
"""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_TABLES = (
    "chemical identifiers pubchem large.tsv",
    "chemical identifiers pubchem small.tsv",
    "chemical identifiers example user db.tsv",
    "Cation db.tsv",
    "Anion db.tsv",
    "Inorganic db.tsv",
)
"""The tables in the order in which the package reads them: of two rows with one name, the later counts."""

_SMILES, _NAMES, _COMMON = 4, 7, 8
"""Columns: PubChem number, CAS, formula, mass, SMILES, InChI, InChIKey, IUPAC name, common name, further names."""

SCANS = 40
"""Names that are looked for in the tables before an index of all names is made."""


@dataclass(frozen=True)
class Compound:
    """A row of the tables: its common name and its SMILES."""

    name: str
    smiles: str


@dataclass
class Compounds:
    """The tables, one after the other.

    Attributes:
        text: Every row, as it is, with a line break before the first.
    """

    text: bytes
    _lower: bytes = field(init=False)
    _scans: int = 0
    _by_name: dict[bytes, int] | None = None
    _by_key: dict[bytes, int] | None = None
    _by_skeleton: dict[bytes, int] | None = None

    def __post_init__(self) -> None:
        self._lower = self.text.lower()

    def named(self, name: str) -> Compound | None:
        """The compound of a name, however its (Latin) letters are cased."""
        wanted = name.strip().encode().lower()
        if not wanted or b"\t" in wanted or b"\n" in wanted:
            return None
        self._scans += 1
        if self._by_name is None and self._scans > SCANS:
            self._by_name = self._index_of_names()
        place = self._scan(wanted) if self._by_name is None else self._by_name.get(wanted)
        return None if place is None else self._at(place)

    def of_cas(self, number: str) -> Compound | None:
        """The compound of a CAS registry number."""
        found = [match.start() for match in re.finditer(rb"\n\d+\t" + re.escape(number.encode()) + rb"\t", self.text)]
        return self._at(found[-1] + 1) if found else None

    def of_inchikey(self, key: str) -> Compound | None:
        """The compound of a standard InChIKey."""
        return self._of(key.encode(), self._keys()[0])

    def of_skeleton(self, block: str) -> Compound | None:
        """The first compound whose InChIKey begins with this block of 14 letters: any stereochemistry."""
        return self._of(block.encode(), self._keys()[1])

    def names_like(self, start: str, shortest: int, longest: int) -> list[str]:
        """Lower-case names that begin with these letters and are of such a length."""
        rest = rb"[^\t\n]{%d,%d}" % (max(shortest - len(start), 0), max(longest - len(start), 0))
        found = re.findall(rb"\t" + re.escape(start.encode().lower()) + rest + rb"(?=[\t\n])", self._lower)
        return list(dict.fromkeys(one[1:].decode() for one in found))

    def _of(self, key: bytes, index: dict[bytes, int]) -> Compound | None:
        place = index.get(key)
        return None if place is None else self._at(self.text.rfind(b"\n", 0, place) + 1)

    def _at(self, place: int) -> Compound:
        end = self.text.find(b"\n", place)
        values = self.text[place : end if end >= 0 else None].split(b"\t")
        return Compound(values[_COMMON].decode(), values[_SMILES].decode())

    def _scan(self, wanted: bytes) -> int | None:
        """Where the last row begins that has the name among its names."""
        end = len(self._lower)
        while (found := self._lower.rfind(b"\t" + wanted, 0, end)) >= 0:
            after = self._lower[found + 1 + len(wanted) : found + 2 + len(wanted)]
            begin = self._lower.rfind(b"\n", 0, found) + 1
            if after in (b"\t", b"\n", b"") and self._lower.count(b"\t", begin, found) >= _NAMES - 1:
                return begin
            end = found + len(wanted)
        return None

    def _index_of_names(self) -> dict[bytes, int]:
        index: dict[bytes, int] = {}
        place = 0
        for line in self._lower.split(b"\n"):
            for name in line.split(b"\t")[_NAMES:]:
                index[name] = place
            place += len(line) + 1
        return index

    def _keys(self) -> tuple[dict[bytes, int], dict[bytes, int]]:
        """Where each InChIKey stands (the last of equal ones), and each first block (the first of equal ones)."""
        if self._by_key is None or self._by_skeleton is None:
            found = re.finditer(rb"\t([A-Z]{14}-[A-Z]{10}-[A-Z])\t", self.text)
            self._by_key = {match[1]: match.start() for match in found}
            self._by_skeleton = {}
            for key, place in self._by_key.items():
                self._by_skeleton.setdefault(key[:14], place)
        return self._by_key, self._by_skeleton


@cache
def compounds() -> Compounds:
    """The tables of the installed package (read once a process); none of them where it is not installed."""
    spec = importlib.util.find_spec("chemicals")
    folder = Path(next(iter(spec.submodule_search_locations or [""]))) / "Identifiers" if spec else None
    paths = [folder / name for name in _TABLES] if folder else []
    return Compounds(b"".join(b"\n" + path.read_bytes().strip(b"\n") for path in paths if path.is_file()))
