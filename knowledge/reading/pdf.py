"""PDF by PDFium: the text of each page, and what the file says about itself. Runs in the reading process alone."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.errors import ReadingError
from knowledge.reading.limits import ReadingLimits
from knowledge.reading.mending import mend_pages
from knowledge.reading.metadata import find_doi, find_year, plausible_title
from knowledge.records import Metadata, Page, Parsed

_TAIL = 8192  # bytes at the end in which a whole PDF has its end mark
_LETTERS_PER_PAGE = 12  # fewer than this on average, and the pages are pictures


def read_pdf(path: Path, limits: ReadingLimits) -> Parsed:
    """Read a PDF page by page.

    Args:
        path: The file.
        limits: How much text is accepted.

    Returns:
        Its pages, numbered from 1, with mended words.

    Raises:
        ReadingError: It is encrypted, damaged, truncated, without pages or without a text layer.
    """
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    ended = _has_end_mark(path)
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise ReadingError(
                "It is encrypted and needs a password.", remedy="Save a copy without a password and ingest that."
            ) from error
        raise ReadingError(
            "It is a truncated PDF: its end is missing."
            if not ended
            else "It is a damaged PDF: PDFium cannot open it.",
            remedy="Fetch it again.",
        ) from error
    with contextlib.closing(document):
        if len(document) == 0:
            raise ReadingError("It is a PDF without pages.")
        if not ended:
            raise ReadingError(
                f"It is a truncated PDF: its end is missing ({len(document)} pages could be found).",
                remedy="Fetch it again.",
            )
        raw_pages = list(_texts(document, limits))
        letters = sum(character.isalnum() for text in raw_pages for character in text)
        if letters < _LETTERS_PER_PAGE * len(raw_pages):
            raise ReadingError(
                f"It has no text layer: {len(raw_pages)} scanned page{'s' if len(raw_pages) > 1 else ''}.",
                remedy="Recognise its text first, for instance with ocrmypdf.",
            )
        texts = mend_pages(raw_pages)
        pages = tuple(Page(text, number) for number, text in enumerate(texts, 1))
        return Parsed(pages, _metadata(document, texts), "pdf")


def _has_end_mark(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        return b"%%EOF" in file.read()


def _texts(document: Any, limits: ReadingLimits) -> Iterator[str]:
    total = 0
    for index in range(len(document)):
        page = document[index]
        textpage = page.get_textpage()
        text = textpage.get_text_range()
        textpage.close()
        page.close()
        total += len(text)
        if total > limits.characters:
            raise ReadingError(f"Its text is longer than {limits.characters:,} characters.")
        yield text


def _metadata(document: Any, texts: list[str]) -> Metadata:
    stated = document.get_metadata_dict(skip_empty=True)
    head = "\n".join(texts[:2])
    created = re.search(r"D?:?((?:19|20)\d\d)", stated.get("CreationDate", ""))
    authors = re.split(r"\s*(?:;|,| and )\s*", stated.get("Author", ""))
    return Metadata(
        title=plausible_title(stated.get("Title", "")) or _largest_line(document[0]),
        authors=tuple(author for author in authors if author and not author.islower()),
        year=find_year(head) or (int(created[1]) if created else None),
        doi=find_doi(stated.get("Subject", "")) or find_doi(head),
    )


def _largest_line(page: Any) -> str:
    """The text in the largest type of the first page: where a paper prints its title."""
    import pypdfium2.raw as raw

    textpage = page.get_textpage()
    count = min(textpage.count_chars(), 4000)
    sizes = [round(raw.FPDFText_GetFontSize(textpage.raw, i), 1) for i in range(count)]
    text = "".join(chr(raw.FPDFText_GetUnicode(textpage.raw, i)) for i in range(count))
    body = max(set(sizes), key=sizes.count, default=0.0)
    for size in sorted({size for size in sizes if size > body}, reverse=True):
        large = "".join(c if s == size or c.isspace() else "\x00" for c, s in zip(text, sizes, strict=True))
        runs = [" ".join(run.split()) for run in re.split("\x00+", large)]
        title = next((plausible_title(run) for run in runs if len(run) >= 10 and plausible_title(run)), "")
        if title:
            return title
    return plausible_title(next((line for line in text.splitlines() if line.strip()), ""))
