"""Painting records as terminal text: glyphs, bars, intervals and prose whose figures carry their sources.

Every function here is pure: records in, `Content` out. Colours are names of the theme, so that light, dark and
no-colour terminals show the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from textual.content import Content
from textual.style import Style

if TYPE_CHECKING:
    from agent.records import Text, Value

GLYPHS = {
    "pending": "○",
    "running": "●",
    "ok": "✓",
    "empty": "∅",
    "error": "✗",
    "skipped": "–",
    "cancelled": "⊘",
    "finished": "✓",
    "stopped": "■",
    "failed": "✗",
    "waiting": "?",
    "interrupted": "◌",
    "deleted": "✗",
    "unreadable": "✗",
}
TONES = {
    "pending": "$muted",
    "running": "$primary",
    "ok": "$success",
    "empty": "$warning",
    "error": "$error",
    "skipped": "$muted",
    "cancelled": "$warning",
    "finished": "$success",
    "stopped": "$warning",
    "failed": "$error",
    "waiting": "$accent",
    "interrupted": "$warning",
    "deleted": "$error",
    "unreadable": "$error",
}
PHASES = {
    "screen": "screening the goal",
    "interpret": "understanding the goal",
    "recall": "recalling earlier work",
    "plan": "planning",
    "work": "computing",
    "review": "reviewing the evidence",
    "hypothesise": "inferring hypotheses",
    "critique": "criticising hypotheses",
    "rank": "comparing hypotheses",
    "design": "designing experiments",
}
RELATIONS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "between": "between"}
_IDENTIFIER = re.compile(r"(?<![\w(=#)\[])([echx]\d+)(?![\w(=#\[])")


def mark(status: str) -> Content:
    """A status as one coloured glyph."""
    return Content.styled(GLYPHS.get(status, "·"), TONES.get(status, ""))


def duration(seconds: float | None) -> str:
    """A duration as people read it: ``0.4 s``, ``1:23``, ``2:05:00``."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def shorten(text: str, width: int) -> str:
    """One line of at most so many cells."""
    return clip(" ".join(text.split()), width)


def bar(start: float, end: float, low: float, high: float, width: int) -> str:
    """A stretch of a common time line, to half a cell.

    Args:
        start: Where the stretch begins.
        end: Where it ends.
        low: Where the line begins.
        high: Where the line ends.
        width: Cells of the whole line.
    """
    if width < 1:
        return ""
    scale = 2 * width / ((high - low) or 1.0)
    first = min(2 * width - 1, max(0, round((start - low) * scale)))
    last = min(2 * width, max(first + 1, round((end - low) * scale)))
    cells = []
    for cell in range(width):
        left, right = first <= 2 * cell < last, first <= 2 * cell + 1 < last
        cells.append("━" if left and right else "╸" if left else "╺" if right else " ")
    return "".join(cells)


def interval(low: float, value: float, high: float, bounds: tuple[float, float], width: int) -> str:
    """A value with its interval on a common scale: ``  ├──●──┤   ``."""
    floor, ceiling = bounds
    span = (ceiling - floor) or 1.0

    def at(number: float) -> int:
        return min(width - 1, max(0, round((number - floor) / span * (width - 1))))

    cells = [" "] * width
    for cell in range(at(low), at(high) + 1):
        cells[cell] = "─"
    cells[at(low)], cells[at(high)] = "├", "┤"
    cells[at(value)] = "●"
    return "".join(cells)


def link(text: str, target: str, style: str = "$primary") -> Content:
    """Text that jumps to an id or a source when it is clicked."""
    safe = target.replace("\\", "").replace("'", "")
    return Content.styled(text, style).stylize(Style.from_meta({"@click": f"app.jump('{safe}')"}))


def file_link(path: Path, width: int) -> Content:
    """A file, as short as it can be named from here, its end where that is still too long; a click opens it."""
    try:
        shown = str(path.relative_to(Path.cwd()))
    except ValueError:
        shown = str(path)
    shown = shown if cell_len(shown) <= width else "…" + shown[-max(1, width - 1) :]
    return Content.styled(shown, "$muted").stylize(Style.from_meta({"@click": f"app.open_named({str(path)!r})"}))


def with_links(text: str) -> Content:
    """Prose whose ids (``e3``, ``c5``, ``h1``, ``x1``) can be clicked."""
    parts: list[Content] = []
    last = 0
    for match in _IDENTIFIER.finditer(text):
        parts += [Content(text[last : match.start()]), link(match[1], match[1], "$primary")]
        last = match.end()
    parts.append(Content(text[last:]))
    return Content("").join(parts)


def prose(text: Text) -> Content:
    """Prose with its figures: a sourced one in colour and clickable, an unsupported one marked *unverified*."""
    parts: list[Content] = []
    last = 0
    for span in sorted(text.spans, key=lambda one: one.start):
        if span.start < last:
            continue
        parts.append(with_links(text.text[last : span.start]))
        figure = text.text[span.start : span.end]
        if span.source is None:
            parts += [Content.styled(figure, "$error underline"), Content.styled(" (unverified)", "$error italic")]
        else:
            parts.append(link(figure, span.source, "$primary"))
        last = span.end
    parts.append(with_links(text.text[last:]))
    return Content("").join(parts)


def value(one: Value) -> str:
    """A value as printed, with its unit and uncertainty."""
    from agent.units import print_value

    return print_value(one.value, one.unit, one.uncertainty)


def heading(text: str) -> Content:
    """A heading of a detail view."""
    return Content.styled(text, "bold $primary")


def muted(text: str) -> Content:
    """Text that stands back."""
    return Content.styled(text, "$muted")


def lines(parts: Iterable[Content | str]) -> Content:
    """Lines, one under the other."""
    return Content("\n").join([Content(part) if isinstance(part, str) else part for part in parts])


def clip(text: str, width: int) -> str:
    """A line of at most so many cells (Korean letters take two); its spaces stay."""
    if len(text) * 2 <= width or cell_len(text) <= width:
        return text
    used = 0
    for at, letter in enumerate(text):
        used += cell_len(letter)
        if used >= width:
            return text[:at].rstrip() + "…"
    return text


def columns(rows: Sequence[tuple[str, Any]], gap: int = 2) -> list[Content]:
    """Names and what belongs to them, in two columns."""
    width = max((len(name) for name, _ in rows), default=0) + gap
    return [
        Content.styled(f"{name:<{width}}", "$muted") + (one if isinstance(one, Content) else Content(str(one)))
        for name, one in rows
    ]
