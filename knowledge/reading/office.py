"""Slides and sheets: PPTX by python-pptx, XLSX by openpyxl. Runs in the reading process alone."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.errors import ReadingError
from knowledge.reading.docx import check_archive
from knowledge.reading.layout import table_text
from knowledge.reading.limits import ReadingLimits
from knowledge.reading.metadata import find_doi, find_year, plausible_title
from knowledge.reading.tables import sheet_text
from knowledge.records import Metadata, Page, Parsed


def read_pptx(path: Path, limits: ReadingLimits) -> Parsed:
    """Read slides: a page each, with its title, texts, tables and the speaker's notes.

    Raises:
        ReadingError: It is not a PPTX file, or is damaged.
    """
    import pptx

    check_archive(path, "PPTX", "ppt/presentation.xml")
    try:
        show = pptx.Presentation(str(path))
        pages = tuple(Page("\n\n".join(_slide(slide)), number) for number, slide in enumerate(show.slides, 1))
        core = show.core_properties
        stated = plausible_title(core.title or "")
        author, created = core.author or "", core.created
    except (KeyError, ValueError, AttributeError, zipfile.BadZipFile, pptx.exc.PythonPptxError) as error:  # type: ignore[attr-defined]
        raise ReadingError(f"It is a damaged PPTX file: {error}.", remedy="Save it again.") from error
    _bounded(pages, limits)
    text = "\n".join(page.text for page in pages[:2])
    first = next((line for page in pages for line in page.text.splitlines() if line.strip()), "")
    return Parsed(
        pages,
        Metadata(
            stated or plausible_title(first),
            (author,) if author and author.lower() not in ("python-pptx", "user") else (),
            find_year(text) or (created.year if created else None),
            find_doi(text),
        ),
        "pptx",
    )


def _slide(slide: Any) -> Iterator[str]:
    for shape in _shapes(slide.shapes):
        if shape.has_text_frame:
            text = "\n".join("".join(run.text for run in p.runs) for p in shape.text_frame.paragraphs).strip()
            if text:
                yield text
        elif getattr(shape, "has_table", False):
            yield table_text([[cell.text for cell in row.cells] for row in shape.table.rows])
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        notes = slide.notes_slide.notes_text_frame.text.strip()
        if notes:
            yield f"Notes: {notes}"


def _shapes(shapes: Any) -> Iterator[Any]:
    """Shapes from the top, those inside groups included."""
    for shape in sorted(shapes, key=lambda s: (s.top or 0, s.left or 0)):
        if hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes)
        else:
            yield shape


def read_xlsx(path: Path, limits: ReadingLimits) -> Parsed:
    """Read the sheets of a workbook: a page each; formulas by the values that the program last saved.

    Raises:
        ReadingError: It is not an XLSX file, or is damaged.
    """
    import openpyxl

    check_archive(path, "XLSX", "xl/workbook.xml")
    pages: list[Page] = []
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for number, sheet in enumerate(book.worksheets, 1):
            rows = ([_shown(value) for value in row] for row in sheet.iter_rows(values_only=True))
            pages.append(Page(f"Sheet {sheet.title}.\n\n{sheet_text(rows, limits)}", number))
            _bounded(pages, limits)
        properties = book.properties
        book.close()
    except ReadingError:
        raise
    except Exception as error:  # openpyxl lets through whatever its parsers raise on damaged parts
        raise ReadingError(f"It is a damaged XLSX file: {error}.", remedy="Save it again.") from error
    author = properties.creator or ""
    return Parsed(
        tuple(pages),
        Metadata(
            plausible_title(properties.title or ""),
            (author,) if author and author.lower() != "openpyxl" else (),
            properties.created.year if properties.created else None,
        ),
        "xlsx",
    )


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _bounded(pages: Any, limits: ReadingLimits) -> None:
    if sum(len(page.text) for page in pages) > limits.characters:
        raise ReadingError(f"Its text is longer than {limits.characters:,} characters.")
