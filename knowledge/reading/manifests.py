"""Bibliographies as manifests: BibTeX, RIS, CSL-JSON and Zotero RDF say what the files beside them are.

A record supplies title, authors, year, DOI and venue to the files that it names (as Zotero and JabRef write them), to
files named by its key, and to documents with its DOI. A record without a file but with an abstract is a document of its
own. The parsing (`knowledge.reading.bibliographies`, `knowledge.reading.zotero`) runs in the reading process.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from knowledge.records import Metadata, Page, Parsed

MANIFESTS = {".bib": "bibtex", ".bibtex": "bibtex", ".ris": "ris", ".json": "csl", ".rdf": "zotero"}
"""Extensions of bibliographies; a ``.json`` file counts when it is CSL-JSON, an ``.rdf`` file when it is Zotero's."""


@dataclass(frozen=True)
class Record:
    """One entry of a bibliography.

    Attributes:
        key: Its citation key or number.
        metadata: What it says about the work.
        abstract: Its abstract, or ``""``.
        files: The paths that it names, as written.
    """

    key: str
    metadata: Metadata
    abstract: str = ""
    files: tuple[str, ...] = ()

    def parsed(self) -> Parsed:
        """The record as a document: its abstract."""
        return Parsed((Page(self.abstract),), self.metadata, "record")


@dataclass(frozen=True)
class Bibliography:
    """What was read of a bibliography.

    Attributes:
        records: Its entries, each with a key of its own.
        problems: Entries that are not among them: which, at what line, and why.
        notes: What is wrong with entries that are.
    """

    records: tuple[Record, ...]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def with_own_keys(records: list[tuple[int, Record]]) -> Bibliography:
    """Give records of one key keys of their own, so that none takes another's place; said for each.

    Args:
        records: Each with the line at which it begins.
    """
    seen: dict[str, int] = {}
    kept: list[Record] = []
    notes: list[str] = []
    for line, record in records:
        seen[record.key] = times = seen.get(record.key, 0) + 1
        if times > 1:
            own = f"{record.key}-{times}"
            notes.append(f"line {line}: the key {record.key} was used before; this record is kept as {own}.")
            record = replace(record, key=own)
        kept.append(record)
    return Bibliography(tuple(kept), notes=tuple(notes))


class Library:
    """The records of the bibliographies of one ingestion, found by what they are about.

    Attributes:
        used: Keys ``(manifest, key)`` of the records that described a file.
    """

    def __init__(self) -> None:
        self.used: set[tuple[str, str]] = set()
        self._records: list[tuple[Path, Record]] = []
        self._by_path: dict[str, tuple[Path, Record]] = {}
        self._by_stem: dict[str, tuple[Path, Record]] = {}
        self._by_doi: dict[str, tuple[Path, Record]] = {}

    def add(self, manifest: Path, records: Sequence[Record]) -> None:
        """Add the records of one bibliography."""
        for record in records:
            held = (manifest, record)
            self._records.append(held)
            if re.search("[A-Za-z]", record.key) and len(record.key) > 3:  # a bare number names many files
                self._by_stem.setdefault(record.key.lower(), held)
            if record.metadata.doi:
                self._by_doi.setdefault(record.metadata.doi, held)
            for file in record.files:
                self._by_path.setdefault(_located(manifest.parent, file), held)

    def about_file(self, path: Path) -> Metadata | None:
        """What is said about a file, by its path or its name."""
        return self._use(self._by_path.get(str(path)) or self._by_stem.get(path.stem.lower()))

    def about_doi(self, doi: str) -> Metadata | None:
        """What is said about the work with a DOI."""
        return self._use(self._by_doi.get(doi.lower()) if doi else None)

    def unused(self) -> list[tuple[Path, Record]]:
        """The records that describe no file, read now or lying there, with their bibliographies."""
        return [
            (manifest, record)
            for manifest, record in self._records
            if (str(manifest), record.key) not in self.used
            and not any(Path(_located(manifest.parent, file)).is_file() for file in record.files)
        ]

    def _use(self, held: tuple[Path, Record] | None) -> Metadata | None:
        if held is None:
            return None
        self.used.add((str(held[0]), held[1].key))
        return held[1].metadata


def _located(folder: Path, file: str) -> str:
    """The absolute path of a file that a bibliography names, whatever slashes it uses."""
    given = PurePosixPath(file.replace("\\", "/"))
    place = given if given.is_absolute() else PurePosixPath(folder) / given
    parts: list[str] = []
    for part in place.parts:
        if part == "..":
            parts[1:] = parts[1:-1]
        elif part != ".":
            parts.append(part)
    return str(PurePosixPath(*parts))
