"""DOCX: the paragraphs and tables of the main part. Runs in the reading process alone."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from knowledge.errors import ReadingError
from knowledge.reading.layout import table_text
from knowledge.reading.limits import ReadingLimits
from knowledge.reading.metadata import find_doi, find_year, plausible_title
from knowledge.records import Metadata, Page, Parsed

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_LARGEST = 400_000_000  # bytes unpacked: more is an archive made to exhaust readers


def read_docx(path: Path, limits: ReadingLimits) -> Parsed:
    """Read the text of a DOCX file; tables become lines ``| a | b |``.

    Args:
        path: The file.
        limits: How much text is accepted.

    Returns:
        One page without a number: page breaks are made by the program that shows the file.

    Raises:
        ReadingError: It is not a DOCX file, or is damaged, or its text is too long.
    """
    check_archive(path, "DOCX", "word/document.xml")
    try:
        with zipfile.ZipFile(path) as archive:
            body = _part(archive, "word/document.xml")
            core = _part(archive, "docProps/core.xml") if "docProps/core.xml" in archive.namelist() else None
    except (zipfile.BadZipFile, ParseError, RuntimeError, EOFError, NotImplementedError) as error:
        raise ReadingError(f"It is a damaged DOCX file: {error}.", remedy="Save it again.") from error
    lines: list[str] = []
    first_title = ""
    for paragraph in _blocks(body):
        if paragraph.tag == f"{_W}tbl":
            lines.append(
                table_text([[_cell(cell) for cell in row.iter(f"{_W}tc")] for row in paragraph.iter(f"{_W}tr")])
            )
            continue
        text = _paragraph(paragraph)
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        if (
            text
            and not first_title
            and style is not None
            and style.get(f"{_W}val", "").lower() in ("title", "heading1")
        ):
            first_title = text
        lines.append(text)
    text = re.sub(r"\n{3,}", "\n\n", "\n\n".join(lines)).strip()
    if len(text) > limits.characters:
        raise ReadingError(f"Its text is longer than {limits.characters:,} characters.")
    title = (core.findtext(f"{_DC}title") if core is not None else "") or first_title
    author = (core.findtext(f"{_DC}creator") if core is not None else "") or ""
    created = (core.findtext(f"{_TERMS}created") if core is not None else "") or ""
    return Parsed(
        (Page(text),),
        Metadata(
            plausible_title(title or next((line for line in lines if line), "")),
            tuple(name for name in re.split(r"\s*[;,]\s*", author) if name),
            find_year(text) or (int(created[:4]) if re.match(r"(?:19|20)\d\d", created) else None),
            find_doi(text),
        ),
        "docx",
    )


def check_archive(path: Path, kind: str, main: str) -> None:
    """Look at an Office file from outside, before its own parser does.

    Args:
        path: The file.
        kind: What it should be.
        main: The part that such a file has.

    Raises:
        ReadingError: It is damaged, of another kind, or would unpack to more than a document does.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = {info.filename: info.file_size for info in archive.infolist()}
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as error:
        raise ReadingError(f"It is a damaged {kind} file: {error}.", remedy="Save it again.") from error
    if main not in sizes:
        raise ReadingError(f"It is a zip archive, but not a {kind} file.")
    if sum(sizes.values()) > _LARGEST:
        raise ReadingError(f"It unpacks to {sum(sizes.values()) / 1e6:.0f} MB, which no document needs.")


def _part(archive: zipfile.ZipFile, name: str) -> Element:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import parse

    try:
        with archive.open(name) as part:
            root = parse(part).getroot()
    except DefusedXmlException as error:
        raise ReadingError("It declares XML entities, which are not expanded: they can exhaust a reader.") from error
    if root is None:
        raise ReadingError(f"Its part {name} is empty.")
    return root


def _blocks(element: Element) -> Iterator[Element]:
    """Paragraphs and whole tables, in order."""
    for child in element:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        else:
            yield from _blocks(child)


def _cell(cell: Element) -> str:
    return " ".join(_paragraph(paragraph) for paragraph in cell.iter(f"{_W}p"))


def _paragraph(paragraph: Element) -> str:
    pieces: list[str] = []
    for node in paragraph.iter():
        if node.tag == f"{_W}t":
            pieces.append(node.text or "")
        elif node.tag == f"{_W}tab":
            pieces.append("\t")
        elif node.tag in (f"{_W}br", f"{_W}cr"):
            pieces.append("\n")
    return "".join(pieces).strip()
