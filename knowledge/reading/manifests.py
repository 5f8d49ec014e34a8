"""Bibliographies as manifests: BibTeX, RIS and CSL-JSON say what the files beside them are.

A record supplies title, authors, year, DOI and venue to the files that it names (as Zotero and JabRef write them), to
files named by its key, and to documents with its DOI. A record without a file but with an abstract is a document of its
own. The parsing runs in the reading process.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from knowledge.errors import ReadingError
from knowledge.reading.decoding import decode
from knowledge.reading.limits import ReadingLimits
from knowledge.reading.metadata import find_doi
from knowledge.records import Metadata, Page, Parsed

MANIFESTS = {".bib": "bibtex", ".bibtex": "bibtex", ".ris": "ris", ".json": "csl"}
"""Extensions of bibliographies; a ``.json`` file counts when it is CSL-JSON."""


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


def read_bibtex(path: Path, limits: ReadingLimits) -> list[Record]:
    """Read the entries of a BibTeX file.

    Raises:
        ReadingError: It cannot be parsed, or holds no entry.
    """
    import bibtexparser
    from bibtexparser.bparser import BibTexParser

    parser = BibTexParser(common_strings=True, ignore_nonstandard_types=False, interpolate_strings=True)
    try:
        entries = bibtexparser.loads(_text(path, limits), parser=parser).entries
    except Exception as error:  # pyparsing and the library raise bare kinds of their own
        raise ReadingError(f"It is no BibTeX that can be parsed: {error}.") from error
    return _some([_from_bibtex(entry) for entry in entries], "BibTeX entry")


def _from_bibtex(entry: dict[str, str]) -> Record:
    def field(*names: str) -> str:
        return _plain(next((entry[name] for name in names if entry.get(name)), ""))

    year = re.search(r"\b(?:1[5-9]|20)\d\d\b", field("year", "date"))
    return Record(
        entry["ID"],
        Metadata(
            field("title"),
            tuple(_turned(name) for name in re.split(r"\s+and\s+", field("author", "editor")) if name),
            int(year[0]) if year else None,
            find_doi(field("doi")) or find_doi(field("url")),
            field("journal", "journaltitle", "booktitle", "publisher"),
            field("url"),
        ),
        field("abstract"),
        tuple(_named_files(entry.get("file", ""))),
    )


def _named_files(value: str) -> list[str]:
    r"""The paths in a ``file`` field: ``path``, or ``description:path:type`` joined by ``;``; ``\:`` is a colon."""
    paths = []
    for part in re.split(r"(?<!\\);", value.strip("{} ")):
        pieces = [
            piece.replace("\\:", ":").replace("\\;", ";").replace("\\\\", "\\") for piece in re.split(r"(?<!\\):", part)
        ]
        if len(pieces) >= 3:
            paths.append(pieces[-2])
        elif part:
            paths.append(part.replace("\\:", ":"))
    return [path for path in paths if path]


def _plain(text: str) -> str:
    """A BibTeX value without braces and accents' commands."""
    if "\\" in text:
        from pylatexenc.latex2text import LatexNodes2Text

        text = LatexNodes2Text(math_mode="verbatim").latex_to_text(text, tolerant_parsing=True)
    return " ".join(text.replace("{", "").replace("}", "").split())


def _turned(name: str) -> str:
    """``Kim, Ana`` as ``Ana Kim``."""
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}".strip() if comma else name.strip()


def read_ris(path: Path, limits: ReadingLimits) -> list[Record]:
    """Read the references of a RIS file.

    Raises:
        ReadingError: It cannot be parsed, or holds no reference.
    """
    import rispy

    try:
        entries = rispy.loads(_text(path, limits), skip_unknown_tags=True)
    except Exception as error:  # the parser raises bare kinds
        raise ReadingError(f"It is no RIS file that can be parsed: {error}.") from error
    return _some([_from_ris(entry, number) for number, entry in enumerate(entries, 1)], "RIS reference")


def _from_ris(entry: dict[str, Any], number: int) -> Record:
    def field(*names: str) -> str:
        value = next((entry[name] for name in names if entry.get(name)), "")
        return " ".join(str(value[0] if isinstance(value, list) else value).split())

    year = re.search(r"\b(?:1[5-9]|20)\d\d\b", field("year", "publication_year", "date"))
    linked = [*_listed(entry, "file_attachments1"), *_listed(entry, "file_attachments2"), *_listed(entry, "urls")]
    files = [link for link in linked if not re.match(r"(?:https?|ftp)://", link)]
    return Record(
        field("id") or str(number),
        Metadata(
            field("title", "primary_title"),
            tuple(_turned(name) for name in (entry.get("authors") or entry.get("first_authors") or ())),
            int(year[0]) if year else None,
            find_doi(field("doi")),
            field("journal_name", "secondary_title", "alternate_title3", "publisher"),
            next((link for link in linked if link not in files), ""),
        ),
        field("abstract", "notes_abstract"),
        tuple(file.removeprefix("file://") for file in files),
    )


def _listed(entry: dict[str, Any], name: str) -> list[str]:
    value = entry.get(name) or []
    return [value] if isinstance(value, str) else [str(item) for item in value]


def read_csl(path: Path, limits: ReadingLimits) -> list[Record]:
    """Read the items of a CSL-JSON file.

    Raises:
        ReadingError: It is JSON of another kind, or not JSON.
    """
    try:
        items = json.loads(_text(path, limits))
    except (ValueError, RecursionError) as error:
        raise ReadingError(f"It is not valid JSON: {error}.") from error
    if not isinstance(items, list) or not all(isinstance(item, dict) and "type" in item for item in items):
        raise ReadingError("It is JSON, but not a bibliography (CSL-JSON).")
    return _some([_from_csl(item, number) for number, item in enumerate(items, 1)], "item")


def _from_csl(item: dict[str, Any], number: int) -> Record:
    def field(name: str) -> str:
        value = item.get(name)
        return " ".join(str(value[0] if isinstance(value, list) and value else value or "").split())

    names = item.get("author") if isinstance(item.get("author"), list) else []
    try:
        year = int(item["issued"]["date-parts"][0][0])
    except (KeyError, IndexError, TypeError, ValueError):
        year = None
    files = item.get("file") or item.get("attachments") or []
    files = [files] if isinstance(files, str) else files
    return Record(
        str(item.get("citation-key") or item.get("id") or number),
        Metadata(
            field("title"),
            tuple(
                str(name.get("literal") or f"{name.get('given', '')} {name.get('family', '')}").strip()
                for name in names or ()
                if isinstance(name, dict)
            ),
            year,
            find_doi(field("DOI")),
            field("container-title"),
            field("URL"),
        ),
        field("abstract"),
        tuple(str(file.get("path", "") if isinstance(file, dict) else file) for file in files),
    )


def _some(records: list[Record], what: str) -> list[Record]:
    if not records:
        raise ReadingError(f"It holds no {what}.")
    return records


def _text(path: Path, limits: ReadingLimits) -> str:
    text, _ = decode(path.read_bytes())
    if len(text) > limits.characters:
        raise ReadingError(f"It has {len(text):,} characters, and the limit is {limits.characters:,}.")
    return text


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

    def add(self, manifest: Path, records: list[Record]) -> None:
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
