"""The readers of bibliographies: BibTeX, RIS and CSL-JSON.

One broken entry costs itself alone. Entries are told apart before they are parsed, since the parsers drop what they
do not understand, or read on into the next entry.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from knowledge.errors import ReadingError
from knowledge.reading.decoding import decode
from knowledge.reading.limits import ReadingLimits
from knowledge.reading.manifests import Bibliography, Record, with_own_keys
from knowledge.reading.metadata import find_doi
from knowledge.records import Metadata

_ENTRY = re.compile(r"^[ \t]*@[ \t]*(?P<kind>\w+)[ \t]*[{(]", re.MULTILINE)
_KEY = re.compile(r"@\s*\w+\s*[{(]\s*(?P<key>[^\s,={}()\"]*)\s*(?P<comma>,?)")
_FIELD = re.compile(r"(?:^|,)\s*(?P<name>[A-Za-z][\w-]*)\s*=\s*(?=[{\"\w])", re.MULTILINE)
_RIS_TAG = re.compile(r"^(?P<tag>[A-Z][A-Z0-9])  ?- ?(?P<value>.*)$")


class _Entry(NamedTuple):
    """An entry of a BibTeX file: its line, kind, key and text, where the fields begin, and why it cannot be parsed."""

    line: int
    kind: str
    key: str
    text: str
    begins: int = 0
    problem: str = ""


def read_bibtex(path: Path, limits: ReadingLimits) -> Bibliography:
    """Read the entries of a BibTeX file.

    Raises:
        ReadingError: It cannot be parsed, or holds no entry.
    """
    import bibtexparser
    from bibtexparser.bparser import BibTexParser

    text = _text(path, limits)
    entries = list(_entries(text))
    if not entries:
        raise ReadingError("It is no BibTeX that can be parsed: no entry (@article{...) begins in it.")
    strings = "\n".join(one.text for one in entries if one.kind == "string" and not one.problem)
    works = [one for one in entries if one.kind not in ("string", "comment", "preamble")]
    sound = [one for one in works if not one.problem]

    def parsed(some: Sequence[_Entry]) -> dict[str, dict[str, str]]:
        parser = BibTexParser(common_strings=True, ignore_nonstandard_types=False, interpolate_strings=True)
        texts = [f"@{one.kind}{{entry-{one.line}{one.text[one.begins :]}" for one in some]  # keys may stand twice
        found = bibtexparser.loads("\n".join((strings, *texts)), parser=parser).entries
        return {entry["ID"]: entry for entry in found}

    try:
        whole = parsed(sound)
    except Exception:  # pyparsing and the library raise bare kinds of their own: which entry it is shows one by one
        whole = {}
    found: list[tuple[int, Record]] = []
    problems: list[str] = []
    notes: list[str] = []
    for entry in works:
        place = f"line {entry.line}, @{entry.kind}{{{entry.key}"
        if entry.problem:
            problems.append(f"{place}: {entry.problem}.")
            continue
        try:
            known = whole.get(f"entry-{entry.line}") or parsed([entry])[f"entry-{entry.line}"]
            found.append((entry.line, _from_bibtex({**known, "ID": entry.key})))
        except Exception as error:
            told = f" ({error})" if str(error) and not isinstance(error, KeyError) else ""
            problems.append(f"{place}: it cannot be parsed{told}.")
            continue
        if lost := _lost(entry.text, known):
            notes.append(f"{place}: {lost}.")
    return _complete(with_own_keys(found), problems, notes, "BibTeX entry")


def _entries(text: str) -> Iterator[_Entry]:
    """The entries of a BibTeX file, each up to its own closing brace; what is wrong with one ends with it."""
    starts = list(_ENTRY.finditer(text))
    past = 0
    for number, start in enumerate(starts):
        if start.start() < past:  # inside the entry before: its text holds a line that looks like a beginning
            continue
        until = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        end = _closed(text, start.end() - 1)
        line, kind = text.count("\n", 0, start.start()) + 1, start["kind"].lower()
        broken = end < 0 or (end > until and _ENTRY.search(text, start.end(), end) is not None)
        past = until if broken else end
        body = text[start.start() : past].lstrip()
        match = _KEY.match(body)
        key = match["key"] if match else ""
        problem = ""
        if broken:
            problem = "a brace of it is never closed"
        elif kind not in ("string", "comment", "preamble") and not (match and match["comma"]):
            problem = "the comma behind its key is missing" if key else "it has no citation key"
        yield _Entry(line, kind, key or f"line-{line}", body, match.start("comma") if match else 0, problem)


def _closed(text: str, opening: int) -> int:
    """One past the brace that closes the one at a place; -1 where none does."""
    pair = {"{": "}", "(": ")"}[text[opening]]
    depth, place = 0, opening
    while place < len(text):
        letter = text[place]
        if letter == "\\":
            place += 2
            continue
        if letter == text[opening]:
            depth += 1
        elif letter == pair:
            depth -= 1
            if depth == 0:
                return place + 1
        place += 1
    return -1


def _lost(text: str, parsed: dict[str, str]) -> str:
    """What the parser left out of an entry, as a reason; '' where it took every field."""
    named = {match["name"].lower() for match in _FIELD.finditer(text)}
    lost = sorted(named - {name.lower() for name in parsed})
    return f"{', '.join(lost)} could not be read (is a comma missing before?); the rest is used" if lost else ""


def _complete(read: Bibliography, problems: list[str], notes: list[str], what: str) -> Bibliography:
    """What was read, with what was wrong.

    Raises:
        ReadingError: It is nothing.
    """
    if not read.records:
        raise ReadingError(f"It holds no {what} that can be read. {' '.join(problems[:5])}".strip())
    return Bibliography(read.records, tuple(problems), (*notes, *read.notes))


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


def read_ris(path: Path, limits: ReadingLimits) -> Bibliography:
    """Read the references of a RIS file.

    Raises:
        ReadingError: It cannot be parsed, or holds no reference.
    """
    import rispy

    found: list[tuple[int, Record]] = []
    text, lines, problems, notes = _closed_references(_text(path, limits))
    try:
        entries = rispy.loads(text, skip_unknown_tags=True)
    except Exception as error:  # the parser raises bare kinds
        raise ReadingError(f"It is no RIS file that can be parsed: {error}.") from error
    for number, entry in enumerate(entries):
        line = lines[number] if len(entries) == len(lines) else 0
        found.append((line, _from_ris(entry, number + 1)))
    return _complete(with_own_keys(found), problems, notes, "RIS reference")


def _closed_references(text: str) -> tuple[str, list[int], list[str], list[str]]:
    """The references of a RIS file, each closed: where they begin, what is left out, and what was mended."""
    kept: list[str] = []
    begins: list[int] = []
    problems: list[str] = []
    notes: list[str] = []
    inside = 0
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        tagged = _RIS_TAG.match(line)
        tag = tagged["tag"] if tagged else ""
        if tag == "TY":
            if inside:
                notes.append(f"line {inside}: the reference that begins there has no end (ER) before line {number}.")
                kept.append("ER  - ")
            inside = number
            begins.append(number)
        elif not inside and line.strip():
            problems.append(f"line {number}: “{line.strip()[:40]}” stands outside of every reference.")
            continue
        kept.append(line)
        inside = 0 if tag == "ER" else inside
    if inside:
        notes.append(f"line {inside}: the reference that begins there has no end (ER).")
        kept.append("ER  - ")
    return "\n".join([*kept, ""]), begins, problems, notes


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


def read_csl(path: Path, limits: ReadingLimits) -> Bibliography:
    """Read the items of a CSL-JSON file.

    Raises:
        ReadingError: It is JSON of another kind, or not JSON.
    """
    try:
        items = json.loads(_text(path, limits))
    except (ValueError, RecursionError) as error:
        raise ReadingError(f"It is not valid JSON: {error}.") from error
    if not isinstance(items, list) or not any(isinstance(item, dict) and "type" in item for item in items):
        raise ReadingError("It is JSON, but not a bibliography (CSL-JSON).")
    found = [(n, _from_csl(item, n)) for n, item in enumerate(items, 1) if isinstance(item, dict) and "type" in item]
    kept = {n for n, _ in found}
    bad = [f"item {n}: it is no reference: its type is missing." for n in range(1, len(items) + 1) if n not in kept]
    return _complete(with_own_keys(found), bad, [], "item")


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


def _text(path: Path, limits: ReadingLimits) -> str:
    text, _ = decode(path.read_bytes())
    if len(text) > limits.characters:
        raise ReadingError(f"It has {len(text):,} characters, and the limit is {limits.characters:,}.")
    return text
