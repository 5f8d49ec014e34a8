"""From a path to a parsed document: what kind of file it is, and who reads it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from knowledge.errors import ReadingError
from knowledge.reading.decoding import decode
from knowledge.reading.isolated import read_isolated
from knowledge.reading.limits import ReadingLimits
from knowledge.reading.manifests import MANIFESTS
from knowledge.reading.plain import read_markdown, read_text
from knowledge.records import Parsed

SUFFIXES = {
    ".txt": "text", ".text": "text", ".rst": "text", ".md": "markdown", ".markdown": "markdown", ".html": "html",
    ".htm": "html", ".xhtml": "html", ".pdf": "pdf", ".docx": "docx", ".pptx": "pptx", ".xlsx": "xlsx", ".csv": "csv",
    ".tsv": "csv", ".tex": "latex", ".latex": "latex", ".xml": "jats", ".nxml": "jats", ".sdf": "sdf", ".mol": "sdf",
    ".cif": "cif", ".fasta": "fasta", ".fa": "fasta", ".faa": "fasta", ".fna": "fasta", ".ffn": "fasta",
}  # fmt: skip
"""Which files of a folder are read, and as what; archives and bibliographies come beside."""

ARCHIVES = (".zip",)
"""Extensions of archives whose members are read."""

_SIGNATURES = (
    (b"PK\x03\x04", "a zip archive"), (b"\x89PNG", "a PNG image"), (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"), (b"\x1f\x8b", "gzip data"), (b"\x7fELF", "a program"), (b"BZh", "bzip2 data"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"), (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"SQLite format 3", "an SQLite database"), (b"{\\rtf", "an RTF document"),
)  # fmt: skip
_ZIPPED = ("docx", "pptx", "xlsx")
_IN_PROCESS = {"text": read_text, "markdown": read_markdown}


def read_document(path: Path, limits: ReadingLimits | None = None) -> Parsed:
    """Read one file.

    Args:
        path: The file. What it is is decided by its content first and its extension second.
        limits: What the reading may cost.

    Returns:
        Its pages and metadata. A file whose extension is wrong but whose content can be read is read with a warning.

    Raises:
        ReadingError: It cannot be read; the message says why in one sentence.
    """
    limits = limits or ReadingLimits()
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(4096)
    except OSError as error:
        raise ReadingError(f"It cannot be opened: {error.strerror or error}.") from error
    if size == 0:
        raise ReadingError("It is empty (0 bytes).")
    if size > limits.file_mb * 1_000_000:
        raise ReadingError(
            f"It is too large: {size / 1e6:.0f} MB, and the limit is {limits.file_mb} MB.",
            remedy="Split it.",
        )
    claimed = SUFFIXES.get(path.suffix.lower(), "text")
    actual, warnings = _actual_format(path, head, claimed)
    if actual in _IN_PROCESS:
        text, note = decode(path.read_bytes())
        if len(text) > limits.characters:
            raise ReadingError(f"It has {len(text):,} characters, and the limit is {limits.characters:,}.")
        parsed = _IN_PROCESS[actual](text)
        warnings += (note,) if note else ()
    else:
        parsed = read_isolated(path, actual, limits)
    if not any(page.text.strip() for page in parsed.pages):
        raise ReadingError("It holds no text.")
    return Parsed(parsed.pages, parsed.metadata, parsed.format, parsed.warnings + warnings)


def _actual_format(path: Path, head: bytes, claimed: str) -> tuple[str, tuple[str, ...]]:
    """What a file is, with a warning where its extension says otherwise."""
    if b"%PDF-" in head[:1024]:
        return "pdf", () if claimed == "pdf" else (f"It is a PDF in spite of its extension '{path.suffix}'.",)
    kind = next((name for signature, name in _SIGNATURES if head.startswith(signature)), None)
    if claimed in _ZIPPED:
        if kind != "a zip archive":
            raise ReadingError(f"It is not a {claimed.upper()} file: it {_looks_like(kind, head)}.")
        return claimed, ()
    if claimed == "pdf":
        raise ReadingError(f"It is not a PDF: it {_looks_like(kind, head)}.", remedy="Give it its true extension.")
    if kind is not None:
        raise ReadingError(f"It is {kind}, not a document that can be read.")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if claimed in ("text", "jats") and start.startswith((b"<!doctype html", b"<html")):
        return "html", ()
    if (
        claimed == "text"
        and re.search(rb"<article[\s>]", start)
        and start.startswith((b"<?xml", b"<!doctype", b"<article"))
    ):
        return "jats", ()
    return claimed, ()


def _looks_like(kind: str | None, head: bytes) -> str:
    if kind is not None:
        return f"is {kind}"
    printable = sum(byte >= 32 or byte in b"\t\n\r\f" for byte in head)
    return "looks like plain text" if printable > 0.97 * len(head) else "is binary data of an unknown kind"


def find_files(paths: Iterable[Path]) -> tuple[list[Path], int]:
    """Expand folders into the files that can be read.

    Hidden files and folders are left out; links are followed, each folder once, so that a loop of links ends.

    Args:
        paths: Files and folders.

    Returns:
        Files in a stable order without repetition (named files always, whatever they are), and how many files inside
        the folders were left out because of their extension.
    """
    known = {*SUFFIXES, *ARCHIVES, *MANIFESTS}
    found: dict[Path, None] = {}
    ignored = 0
    visited: set[tuple[int, int]] = set()
    for path in paths:
        if not path.is_dir():
            found[Path(os.path.abspath(path))] = None
            continue
        for file in _walk(path, visited):
            if file.suffix.lower() in known and (file.suffix.lower() != ".json" or _is_bibliography(file)):
                found[file] = None
            else:
                ignored += 1
    return list(found), ignored


def _is_bibliography(file: Path) -> bool:
    """Whether a JSON file begins like CSL-JSON; other JSON in a folder is no document."""
    try:
        with file.open("rb") as content:
            head = content.read(20_000)
    except OSError:
        return False
    return re.match(rb"\s*\[\s*\{", head) is not None and b'"type"' in head and b'"title"' in head


def _walk(folder: Path, visited: set[tuple[int, int]]) -> Iterator[Path]:
    for root, folders, files in os.walk(os.path.abspath(folder), followlinks=True):
        try:
            info = os.stat(root)
        except OSError:  # it went away while we walked
            folders.clear()
            continue
        if (info.st_dev, info.st_ino) in visited:
            folders.clear()
            continue
        visited.add((info.st_dev, info.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(root, name) for name in sorted(files) if not name.startswith("."))
