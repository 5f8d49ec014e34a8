"""PDF by PDFium: the text of each page in reading order, and what the file says about itself.

Runs in the reading process alone. Pages with ruled tables are looked at by pdfplumber as well, which is slow.
"""

from __future__ import annotations

import contextlib
import ctypes
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.errors import ReadingError
from knowledge.reading.layout import Segment, Table, Word, edges, page_text, segments_of, without_furniture
from knowledge.reading.limits import ReadingLimits
from knowledge.reading.mending import mend_pages
from knowledge.reading.metadata import find_doi, find_year, plausible_title
from knowledge.records import Metadata, Page, Parsed

_TAIL = 8192  # bytes at the end in which a whole PDF has its end mark
_LETTERS_PER_PAGE = 12  # fewer than this on average, and the pages are pictures
_WORD = re.compile(r"[^\s\ufffe\x02]+[\ufffe\x02]?|[\ufffe\x02]")
_MOST_LINES = 3000  # drawn objects of a page; more than this are a plot, not a table


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

    began = time.monotonic()
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
        drawn = list(_pages(document, limits))
        letters = sum(c.isalnum() for segments, _ in drawn for segment in segments for c in segment.text)
        if letters < _LETTERS_PER_PAGE * len(drawn):
            raise ReadingError(
                f"It has no text layer: {len(drawn)} scanned page{'s' if len(drawn) > 1 else ''}.", remedy=_ocr_remedy()
            )
        ruled = [number for number, (_, lines) in enumerate(drawn) if lines]
        tables, warning = _tables(path, ruled, began + 0.4 * limits.seconds)
        cleaned = without_furniture([segments for segments, _ in drawn])
        texts = mend_pages([page_text(segments, tables.get(number, ())) for number, segments in enumerate(cleaned)])
        pages = tuple(Page(text, number) for number, text in enumerate(texts, 1))
        running = " ".join(segment.text for segment in edges(drawn[0][0]))
        return Parsed(pages, _metadata(document, texts, running), "pdf", (warning,) if warning else ())


def _ocr_remedy() -> str:
    if shutil.which("ocrmypdf"):
        return "ocrmypdf is installed: `gedanken ingest --ocr` recognises the text first."
    return "Recognise its text first: install ocrmypdf, then `gedanken ingest --ocr`."


def _has_end_mark(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        return b"%%EOF" in file.read()


def _pages(document: Any, limits: ReadingLimits) -> Iterator[tuple[list[Segment], bool]]:
    """The segments of every page, and whether it has ruled lines like those of a table."""
    total = 0
    for index in range(len(document)):
        page = document[index]
        textpage = page.get_textpage()
        words = list(_words(textpage, page.get_height()))
        lines = len(words) > 5 and _is_ruled(page)
        textpage.close()
        page.close()
        total += sum(len(word.text) + 1 for word in words)
        if total > limits.characters:
            raise ReadingError(f"Its text is longer than {limits.characters:,} characters.")
        yield segments_of(words), lines


def _words(textpage: Any, height: float) -> Iterator[Word]:
    """The words of a page with their boxes, in the order in which PDFium gives them; text set upright is left out."""
    import pypdfium2.raw as raw

    text = textpage.get_text_range()
    count = textpage.count_chars()
    if len(text) != count:  # characters beyond the basic plane, or without a code: one by one then
        text = "".join(chr(raw.FPDFText_GetUnicode(textpage.raw, i) or 0x20) for i in range(count))
    first, last = raw.FS_RECTF(), raw.FS_RECTF()
    box = raw.FPDFText_GetLooseCharBox
    for match in _WORD.finditer(text):
        ending = match.end() - 1
        if match[0][-1] in "\ufffe\x02" and len(match[0]) > 1:
            ending -= 1
        box(textpage.raw, match.start(), ctypes.byref(first))
        box(textpage.raw, ending, ctypes.byref(last))
        top, bottom = height - max(first.top, last.top), height - min(first.bottom, last.bottom)
        left, right = min(first.left, last.left), max(first.right, last.right)
        if len(match[0]) > 3 and bottom - top > 2 * (right - left):
            continue
        yield Word(match[0], left, right, top, bottom)


def _is_ruled(page: Any) -> bool:
    """Whether at least two upright and two level lines are drawn."""
    import pypdfium2.raw as raw

    if raw.FPDFPage_CountObjects(page.raw) > _MOST_LINES:
        return False
    upright = level = 0
    for drawn in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1):
        left, bottom, right, top = drawn.get_bounds()
        wide, high = right - left, top - bottom
        upright += high > 8 and (wide < 2 or wide > 12)
        level += wide > 12 and (high < 2 or high > 8)
        if upright >= 2 and level >= 2:
            return True
    return False


def _tables(path: Path, ruled: list[int], deadline: float) -> tuple[dict[int, list[Table]], str]:
    """Tables by their ruled lines, page by page, and a warning where time did not suffice."""
    found: dict[int, list[Table]] = {}
    if not ruled:
        return found, ""
    try:
        import pdfplumber
    except ImportError:
        return found, "Ruled tables were read by position alone: the package 'pdfplumber' is not installed."
    with contextlib.suppress(Exception), pdfplumber.open(path) as document:  # it raises many kinds on odd files
        for done, number in enumerate(ruled):
            if time.monotonic() > deadline:
                return found, f"Ruled tables of {len(ruled) - done} pages were read by position alone, to save time."
            page = document.pages[number]
            for table in page.find_tables():
                rows = tuple(tuple(cell or "" for cell in row) for row in table.extract())
                if len(rows) >= 2 and max(map(len, rows)) >= 2:
                    left, top, right, bottom = table.bbox
                    found.setdefault(number, []).append(Table(left, right, top, bottom, rows))
            page.close()
    return found, ""


def _metadata(document: Any, texts: list[str], running: str) -> Metadata:
    """What the file and its first pages say; a journal's year stands in the running head or foot of the first."""
    stated = document.get_metadata_dict(skip_empty=True)
    head = "\n".join(texts[:2])
    year = re.search(r"\b((?:19|20)\d\d)\b", running) or re.search(
        r"D?:?((?:19|20)\d\d)", stated.get("CreationDate", "")
    )
    authors = re.split(r"\s*(?:;|,| and )\s*", stated.get("Author", ""))
    return Metadata(
        title=plausible_title(stated.get("Title", "")) or _largest_line(document[0]),
        authors=tuple(author for author in authors if author and not author.islower()),
        year=find_year(head) or (int(year[1]) if year else None),
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
