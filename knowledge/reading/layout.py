"""The layout of a page: words with boxes become running text in reading order, with tables and captions set apart.

Words are joined into segments (a line, or the part of a line up to a wide gap). Where a vertical gutter divides the
segments, what is left of it is read before what is right of it, between lines that run across; otherwise a page is read
from the top. Rows whose segments stand in common columns are a table. Everything here works on plain records, so that
it can be tested without a PDF.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Word(NamedTuple):
    """A word and its box in points; ``top`` grows downwards."""

    text: str
    left: float
    right: float
    top: float
    bottom: float


@dataclass(frozen=True)
class Segment:
    """Neighbouring words of one line."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        """In points."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Halfway between its top and its bottom."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True)
class Table:
    """A table that was found by its ruled lines: its box and its rows of cells."""

    left: float
    right: float
    top: float
    bottom: float
    rows: tuple[tuple[str, ...], ...]

    def holds(self, segment: Segment) -> bool:
        """Whether the middle of a segment lies inside."""
        across = (segment.left + segment.right) / 2
        return self.left <= across <= self.right and self.top <= segment.middle <= self.bottom


Row = list[Segment]
_GAP = 1.6  # line heights: a wider gap inside a line divides columns or cells
_FEW_LINES = 4  # a column has more lines than this on either side of its gutter
_FILLED = 0.75  # share of a column's width that the words of a typical justified line fill
_PROSE = 18  # characters of a typical line of a column; cells of tables are shorter
_CAPTION = re.compile(
    r"^(?:(?:Supplementary|Extended Data)\s+)?"
    r"(?:fig(?:ure|s?\.)?|table|scheme|chart|plate|box|그림|표|도식)\s*\.?\s*(?:S?\d+[a-z]?|[IVX]+)\s*(?:[.:|–—-]|\s(?=[A-Z가-힣(]))",
    re.IGNORECASE,
)


def segments_of(words: Sequence[Word]) -> list[Segment]:
    """Join words that follow each other on a line without a wide gap.

    Args:
        words: In the order in which the page draws them.
    """
    found: list[Segment] = []
    line: list[Word] = []
    for word in words:
        if line and not _continues(line[-1], word):
            found.append(_segment(line))
            line = []
        line.append(word)
    if line:
        found.append(_segment(line))
    return found


def _continues(last: Word, word: Word) -> bool:
    height = max(min(last.bottom - last.top, word.bottom - word.top), 0.1)
    overlap = min(last.bottom, word.bottom) - max(last.top, word.top)
    return overlap > 0.3 * height and -height < word.left - last.right < _GAP * height


def _segment(words: list[Word]) -> Segment:
    return Segment(
        " ".join(word.text for word in words),
        min(word.left for word in words),
        max(word.right for word in words),
        min(word.top for word in words),
        max(word.bottom for word in words),
    )


def page_text(segments: Sequence[Segment], ruled: Sequence[Table] = ()) -> str:
    """The text of a page in reading order; tables (``| a | b |``) and captions follow the running text.

    Args:
        segments: As `segments_of` makes them.
        ruled: Tables that are known from their lines; the segments inside are left out of the text.

    Returns:
        Lines; a blank line stands around every table and caption.
    """
    free = [segment for segment in segments if not any(table.holds(segment) for table in ruled)]
    body: list[str] = []
    apart: list[str] = []
    for flow in reading_order(free):
        rows = rows_of(flow)
        at = 0
        while at < len(rows):
            until = _caption_end(rows, at)
            if until > at:
                apart.append("\n".join(_line(row) for row in rows[at:until]))
            elif (until := _table_end(rows, at)) > at:
                apart.append(table_text(_cells(rows[at:until])))
            else:
                body.append(_line(rows[at]))
                until = at + 1
            at = until
    apart.extend(table_text(table.rows) for table in ruled)
    return "\n\n".join(part for part in ("\n".join(body), *apart) if part)


def table_text(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as lines ``| a | b |``; empty rows are left out."""
    lines = ([" ".join(str(cell or "").replace("|", "¦").split()) for cell in row] for row in rows)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines if any(cells))


def reading_order(segments: Sequence[Segment], depth: int = 2) -> list[list[Segment]]:
    """Divide a page into flows that are read one after another.

    Args:
        segments: Of the page, in any order.
        depth: How often a column may be divided again.

    Returns:
        Flows; together they hold every segment once.
    """
    gutter = _gutter(segments) if depth else None
    if gutter is None:
        return [list(segments)] if segments else []
    across = [s for s in segments if s.left < gutter < s.right]
    flows: list[list[Segment]] = []
    rest = [s for s in segments if not s.left < gutter < s.right]
    for group in (*_stacked(across, rest), None):
        above = rest if group is None else [s for s in rest if s.middle < group[0].middle]
        rest = [] if group is None else [s for s in rest if s.middle >= group[0].middle]
        for side in ([s for s in above if s.right <= gutter], [s for s in above if s.right > gutter]):
            flows.extend(reading_order(side, depth - 1))
        if group:
            flows.append(group)
    return flows


def _gutter(segments: Sequence[Segment]) -> float | None:
    """Where a vertical gap divides two columns of prose; ``None`` on a page of one column."""
    best, where = 0.0, None
    height = statistics.median(s.height for s in segments) if segments else 0.0
    for x in sorted({round(s.right / 3) * 3 + 0.25 * height for s in segments}):
        left = [s for s in segments if s.right <= x]
        right = [s for s in segments if s.left >= x]
        crossing = len(segments) - len(left) - len(right)
        worth = min(len(left), len(right)) - 2 * crossing
        if worth > best and min(len(left), len(right)) >= _FEW_LINES and _is_prose(left) and _is_prose(right):
            common = min(max(s.bottom for s in left), max(s.bottom for s in right)) - max(
                min(s.top for s in left), min(s.top for s in right)
            )
            if common > 3 * height:
                best, where = worth, x
    return where


def _is_prose(segments: Sequence[Segment]) -> bool:
    """Whether segments are lines of text: long ones, or ones that wide spaces cut and that fill the column."""
    if statistics.median(len(s.text) for s in segments) >= _PROSE:
        return True
    rows = rows_of(segments)
    if statistics.median(sum(len(s.text) for s in row) for row in rows) < _PROSE:
        return False
    left, right = min(s.left for s in segments), max(s.right for s in segments)
    return statistics.median(sum(s.right - s.left for s in row) for row in rows) >= _FILLED * (right - left)


def _stacked(across: Sequence[Segment], rest: Sequence[Segment]) -> list[list[Segment]]:
    """Lines that run across the page, grouped where nothing stands between them."""
    groups: list[list[Segment]] = []
    for segment in sorted(across, key=lambda s: s.middle):
        last = groups[-1][-1] if groups else None
        if last is not None and not any(last.middle < s.middle < segment.middle for s in rest):
            groups[-1].append(segment)
        else:
            groups.append([segment])
    return groups


def rows_of(segments: Sequence[Segment]) -> list[Row]:
    """Segments of one flow as rows from the top; the segments of a row overlap vertically and stand left to right."""
    rows: list[Row] = []
    for segment in sorted(segments, key=lambda s: (s.middle, s.left)):
        row = rows[-1] if rows else None
        if row is not None and abs(segment.middle - row[0].middle) < 0.45 * max(
            min(segment.height, row[0].height), 1.0
        ):
            row.append(segment)
        else:
            rows.append([segment])
    return [sorted(row, key=lambda s: s.left) for row in rows]


def _line(row: Row) -> str:
    return " ".join(segment.text for segment in row)


def _caption_end(rows: Sequence[Row], at: int) -> int:
    """Where the caption that begins at a row ends; ``at`` itself where none begins."""
    if not _CAPTION.match(_line(rows[at])):
        return at
    end = at + 1
    height = rows[at][0].height
    while end < len(rows) and end - at < 15:
        gap = rows[end][0].top - rows[end - 1][0].bottom
        alike = abs(rows[end][0].height - height) < 0.08 * height
        if gap > 0.6 * height or not alike or _CAPTION.match(_line(rows[end])) or _table_end(rows, end) > end:
            break
        end += 1
    return end


def _table_end(rows: Sequence[Row], at: int) -> int:
    """Where the table that begins at a row ends; ``at`` itself where none begins."""
    end = at
    while end < len(rows) and len(rows[end]) >= 2:
        end += 1
    if end - at < 3:
        return at
    anchors = _anchors(rows[at:end])
    return end if len(anchors) >= 2 else at


def _anchors(rows: Sequence[Row]) -> list[float]:
    """Positions at which the cells of most rows begin, end or have their middle."""
    height = statistics.median(segment.height for row in rows for segment in row)
    best: list[float] = []
    for place in (lambda s: s.left, lambda s: s.right, lambda s: (s.left + s.right) / 2):
        groups: list[list[tuple[float, int]]] = []
        for x, number in sorted((place(s), n) for n, row in enumerate(rows) for s in row):
            if groups and x - groups[-1][0][0] < 0.6 * height:
                groups[-1].append((x, number))
            else:
                groups.append([(x, number)])
        common = [group[0][0] for group in groups if len({n for _, n in group}) >= 0.7 * len(rows)]
        best = max(best, common, key=len)
    return best


def _cells(rows: Sequence[Row]) -> list[list[str]]:
    """Rows of segments as rows of cells, by the columns of the fullest row."""
    columns = [(s.left, s.right) for s in max(rows, key=len)]
    table: list[list[str]] = []
    for row in rows:
        cells = [""] * len(columns)
        for segment in row:
            nearest = max(
                range(len(columns)),
                key=lambda i: min(columns[i][1], segment.right) - max(columns[i][0], segment.left),
            )
            cells[nearest] = f"{cells[nearest]} {segment.text}".strip()
        table.append(cells)
    return table


def without_furniture(pages: Sequence[Sequence[Segment]]) -> list[list[Segment]]:
    """Leave out running heads, feet and page numbers: what stands at the same height on most pages, but for digits.

    Args:
        pages: The segments of every page; of two or three, all have to show it.
    """
    if len(pages) < 2:
        return [list(page) for page in pages]
    seen: dict[tuple[int, str], int] = {}
    top = min((segment.top for page in pages for segment in page), default=0.0)
    bottom = max((segment.bottom for page in pages for segment in page), default=0.0)
    margin = 0.1 * (bottom - top)
    ends = [[s for s in edges(page) if s.middle < top + margin or s.middle > bottom - margin] for page in pages]
    for page in ends:
        for mark in {_mark(segment) for segment in page}:
            seen[mark] = seen.get(mark, 0) + 1
    common = {mark for mark, count in seen.items() if count >= min(len(pages), max(3, len(pages) / 2))}
    cleaned = []
    for page, edge in zip(pages, ends, strict=True):
        gone = {id(segment) for segment in edge if _mark(segment) in common}
        cleaned.append([segment for segment in page if id(segment) not in gone])
    return cleaned


def edges(page: Sequence[Segment]) -> list[Segment]:
    """The segments in the first two and the last two rows."""
    rows = rows_of(page)
    return [segment for row in (*rows[:2], *rows[2:][-2:]) for segment in row]


def _mark(segment: Segment) -> tuple[int, str]:
    return round(segment.middle / 8), re.sub(r"\d+", "#", segment.text.lower())
