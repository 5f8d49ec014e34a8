"""Plots in the terminal's cells: points, lines and sticks in braille dots, with axes that say their quantity and unit.

A cell holds 2 x 4 dots. Everything here is pure: numbers in, `Content` out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from textual.content import Content

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))

Point = tuple[float, float]


@dataclass(frozen=True)
class Series:
    """Points of one kind.

    Attributes:
        points: Coordinates x, y.
        kind: ``points``, ``line`` (joined in order), ``steps`` (joined as a staircase) or ``sticks`` (from the axis).
        tone: A colour of the theme.
        glyph: A character to draw each point with, in place of a dot.
    """

    points: Sequence[Point]
    kind: str = "points"
    tone: str = "$primary"
    glyph: str = ""


@dataclass
class _Canvas:
    width: int
    height: int
    bits: dict[tuple[int, int], int] = field(default_factory=dict)
    tones: dict[tuple[int, int], str] = field(default_factory=dict)
    glyphs: dict[tuple[int, int], str] = field(default_factory=dict)

    def dot(self, x: int, y: int, tone: str) -> None:
        if 0 <= x < 2 * self.width and 0 <= y < 4 * self.height:
            cell = (y // 4, x // 2)
            self.bits[cell] = self.bits.get(cell, 0) | _DOTS[y % 4][x % 2]
            self.tones[cell] = tone

    def stroke(self, x0: int, y0: int, x1: int, y1: int, tone: str) -> None:
        count = max(abs(x1 - x0), abs(y1 - y0), 1)
        for place in range(count + 1):
            self.dot(round(x0 + (x1 - x0) * place / count), round(y0 + (y1 - y0) * place / count), tone)

    def row(self, number: int) -> Content:
        parts = []
        for column in range(self.width):
            cell = (number, column)
            if cell in self.glyphs:
                parts.append(Content.styled(self.glyphs[cell], self.tones[cell]))
            elif cell in self.bits:
                parts.append(Content.styled(chr(0x2800 + self.bits[cell]), self.tones[cell]))
            else:
                parts.append(Content(" "))
        return Content("").join(parts)


def plot(
    series: Sequence[Series], width: int, height: int, *, x: str = "", y: str = "", zero: bool = False
) -> Content | None:
    """Draw series in common axes.

    Args:
        series: What is drawn; points that are not finite are left out.
        width: Cells of the whole plot.
        height: Rows of the whole plot.
        x: What the horizontal axis shows, with its unit.
        y: The same of the vertical one; it stands above the axis.
        zero: Whether the vertical axis begins at zero.

    Returns:
        The plot; ``None`` where there is nothing to draw or no room (less than 24 x 6).
    """
    kept = [[p for p in one.points if math.isfinite(p[0]) and math.isfinite(p[1])] for one in series]
    every = [point for points in kept for point in points]
    if not every or width < 24 or height < 6:
        return None
    left, right = _spread(min(p[0] for p in every), max(p[0] for p in every))
    low, high = _spread(min(p[1] for p in every), max(p[1] for p in every))
    low = min(0.0, low) if zero else low
    marks = _ticks(low, high, max(2, (height - 3) // 3))
    labels = [_number(mark, marks) for mark in marks]
    gutter = max(map(len, labels)) + 1
    rows = height - 3 if y else height - 2
    canvas = _Canvas(width - gutter - 1, rows)

    def place(point: Point) -> tuple[int, int]:
        across = (point[0] - left) / (right - left) * (2 * canvas.width - 1)
        down = (high - point[1]) / (high - low) * (4 * canvas.height - 1)
        return round(across), round(down)

    for one, points in zip(series, kept, strict=True):
        _draw(canvas, one, [place(point) for point in points])
    beside = {place((left, mark))[1] // 4: label for mark, label in zip(marks, labels, strict=True)}
    lines = [Content.styled(f"{'':>{gutter}}{y}", "$muted")] if y else []
    for number in range(rows):
        edge = f"{beside.get(number, ''):>{gutter - 1}} {'┤' if number in beside else '│'}"
        lines.append(Content.styled(edge, "$muted") + canvas.row(number))
    lines += _below(left, right, gutter, canvas.width, x)
    return Content("\n").join(lines)


def _draw(canvas: _Canvas, one: Series, places: list[tuple[int, int]]) -> None:
    floor = 4 * canvas.height - 1
    for number, (x, y) in enumerate(places):
        if one.kind == "sticks":
            canvas.stroke(x, y, x, floor, one.tone)
        elif one.kind in ("line", "steps") and number:
            before = places[number - 1]
            if one.kind == "steps":
                canvas.stroke(*before, x, before[1], one.tone)
                canvas.stroke(x, before[1], x, y, one.tone)
            else:
                canvas.stroke(*before, x, y, one.tone)
        if one.glyph:
            cell = (min(canvas.height - 1, max(0, y // 4)), min(canvas.width - 1, max(0, x // 2)))
            canvas.glyphs[cell], canvas.tones[cell] = one.glyph, one.tone
        else:
            canvas.dot(x, y, one.tone)


def _below(left: float, right: float, gutter: int, width: int, title: str) -> list[Content]:
    """The horizontal axis: its ticks, their labels, and what it shows."""
    marks = _ticks(left, right, max(2, width // 14))
    axis, labels = ["─"] * width, [" "] * (width + gutter + 1)
    for mark in marks:
        at = round((mark - left) / (right - left) * (width - 1))
        axis[at] = "┬"
        text = _number(mark, marks)
        start = min(len(labels) - len(text), max(0, gutter + 1 + at - len(text) // 2))
        if all(letter == " " for letter in labels[max(0, start - 1) : start + len(text) + 1]):
            labels[start : start + len(text)] = text
    line = "".join(labels)
    room = len(line) - len(line.rstrip())
    if title and room > len(title) + 1:
        line = line[: len(line) - len(title)] + title
        title = ""
    rows = [Content.styled(f"{'':>{gutter}}└{''.join(axis)}", "$muted"), Content.styled(line, "$muted")]
    return [*rows, Content.styled(f"{title:>{len(line)}}", "$muted")] if title else rows


def _spread(low: float, high: float) -> tuple[float, float]:
    if low == high:
        margin = abs(low) * 0.1 or 1.0
        return low - margin, high + margin
    margin = 0.03 * (high - low)
    return low - margin, high + margin


def _ticks(low: float, high: float, count: int) -> list[float]:
    """Round numbers between two ends: steps of 1, 2 or 5 times a power of ten."""
    raw = (high - low) / max(1, count)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [number * step for number in range(first, math.floor(high / step + 1e-9) + 1)] or [low]


def _number(value: float, marks: Sequence[float]) -> str:
    step = abs(marks[1] - marks[0]) if len(marks) > 1 else abs(value) or 1.0
    if max(map(abs, marks)) >= 1e5 or step < 1e-4:
        return f"{value:.2g}"
    return f"{value + 0.0:.{max(0, -math.floor(math.log10(step) + 1e-9))}f}"
