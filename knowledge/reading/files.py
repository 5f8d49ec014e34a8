"""From a path to a parsed document: what kind of file it is, and who reads it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from knowledge.errors import ReadingError
from knowledge.reading.decoding import decode
from knowledge.reading.html import read_html
from knowledge.reading.isolated import read_isolated
from knowledge.reading.limits import ReadingLimits
from knowledge.reading.plain import read_markdown, read_text
from knowledge.records import Parsed

SUFFIXES = {
    ".txt": "text", ".text": "text", ".rst": "text", ".md": "markdown", ".markdown": "markdown", ".html": "html",
    ".htm": "html", ".xhtml": "html", ".pdf": "pdf", ".docx": "docx",
}  # fmt: skip
"""Which files of a folder are read, and as what."""

_SIGNATURES = (
    (b"PK\x03\x04", "a zip archive"), (b"\x89PNG", "a PNG image"), (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"), (b"\x1f\x8b", "gzip data"), (b"\x7fELF", "a program"), (b"BZh", "bzip2 data"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"), (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"SQLite format 3", "an SQLite database"), (b"{\\rtf", "an RTF document"),
)  # fmt: skip


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
            remedy="Split it, or raise the limit.",
        )
    claimed = SUFFIXES.get(path.suffix.lower(), "text")
    actual, warnings = _actual_format(path, head, claimed)
    if actual in ("pdf", "docx"):
        parsed = read_isolated(path, actual, limits)
    else:
        text, note = decode(path.read_bytes())
        if len(text) > limits.characters:
            raise ReadingError(f"It has {len(text):,} characters, and the limit is {limits.characters:,}.")
        parsed = {"html": read_html, "markdown": read_markdown}.get(actual, read_text)(text)
        warnings += (note,) if note else ()
    if not any(page.text.strip() for page in parsed.pages):
        raise ReadingError("It holds no text.")
    return Parsed(parsed.pages, parsed.metadata, parsed.format, parsed.warnings + warnings)


def _actual_format(path: Path, head: bytes, claimed: str) -> tuple[str, tuple[str, ...]]:
    """What a file is, with a warning where its extension says otherwise."""
    if b"%PDF-" in head[:1024]:
        return "pdf", () if claimed == "pdf" else (f"It is a PDF in spite of its extension '{path.suffix}'.",)
    kind = next((name for signature, name in _SIGNATURES if head.startswith(signature)), None)
    if claimed == "docx":
        if kind != "a zip archive":
            raise ReadingError(f"It is not a DOCX file: it {_looks_like(kind, head)}.")
        return "docx", ()
    if claimed == "pdf":
        raise ReadingError(f"It is not a PDF: it {_looks_like(kind, head)}.", remedy="Give it its true extension.")
    if kind is not None:
        raise ReadingError(f"It is {kind}, not a document that can be read.")
    if claimed == "text" and head.lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return "html", ()
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
    found: dict[Path, None] = {}
    ignored = 0
    visited: set[tuple[int, int]] = set()
    for path in paths:
        if not path.is_dir():
            found[Path(os.path.abspath(path))] = None
            continue
        for file in _walk(path, visited):
            if file.suffix.lower() in SUFFIXES:
                found[file] = None
            else:
                ignored += 1
    return list(found), ignored


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
