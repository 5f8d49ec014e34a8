"""DOCX by the standard library: the paragraphs of the main part. Runs in the reading process alone."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from knowledge.errors import ReadingError
from knowledge.reading.limits import ReadingLimits
from knowledge.reading.metadata import find_doi, find_year, plausible_title
from knowledge.records import Metadata, Page, Parsed

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_LARGEST_PART = 200_000_000  # bytes: more is an archive made to exhaust readers


def read_docx(path: Path, limits: ReadingLimits) -> Parsed:
    """Read the text of a DOCX file; tables become lines with tabs.

    Args:
        path: The file.
        limits: How much text is accepted.

    Returns:
        One page without a number: page breaks are made by the program that shows the file.

    Raises:
        ReadingError: It is not a DOCX file, or is damaged, or its text is too long.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            body = _part(archive, "word/document.xml")
            core = _part(archive, "docProps/core.xml") if "docProps/core.xml" in archive.namelist() else None
    except KeyError as error:
        raise ReadingError("It is a zip archive, but not a DOCX file.") from error
    except (zipfile.BadZipFile, ElementTree.ParseError, RuntimeError, EOFError, NotImplementedError) as error:
        raise ReadingError(f"It is a damaged DOCX file: {error}.", remedy="Save it again.") from error
    lines: list[str] = []
    first_title = ""
    for paragraph in body.iter(f"{_W}p"):
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


def _part(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    if archive.getinfo(name).file_size > _LARGEST_PART:
        raise ReadingError(f"Its part {name} unpacks to {archive.getinfo(name).file_size / 1e6:.0f} MB.")
    with archive.open(name) as part:
        return ElementTree.parse(part).getroot()


def _paragraph(paragraph: ElementTree.Element) -> str:
    pieces: list[str] = []
    for node in paragraph.iter():
        if node.tag == f"{_W}t":
            pieces.append(node.text or "")
        elif node.tag == f"{_W}tab":
            pieces.append("\t")
        elif node.tag in (f"{_W}br", f"{_W}cr"):
            pieces.append("\n")
    return "".join(pieces).strip()
