"""Figures of a design: what the objectives' desirability curves look like, and the front of two objectives. SVG.

Drawn by hand, so that no plotting library has to load in a worker; all text is escaped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 340, 210
"""Size of one panel in pixels."""

_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 14, 30, 40
_INK, _CURVE, _MARK, _FADED = "#333333", "#1f77b4", "#d95f02", "#9a9a9a"


@dataclass(frozen=True)
class Curve:
    """One objective's curve.

    Attributes:
        title: What is drawn over the panel.
        axis: The quantity with its unit.
        desirability: The curve, value to 0..1.
        values: Those of the candidates, marked on it.
    """

    title: str
    axis: str
    desirability: Callable[[float], float]
    values: Sequence[float]


def desirability_figure(curves: Sequence[Curve]) -> str:
    """The curves side by side, two in a row, with the candidates marked on them.

    Returns:
        An SVG document.
    """
    rows = (len(curves) + 1) // 2
    width = WIDTH * min(2, len(curves))
    panels = []
    for place, curve in enumerate(curves):
        panel = _curve(curve)
        panels.append(f'<g transform="translate({place % 2 * WIDTH},{place // 2 * HEIGHT})">{panel}</g>')
    return _document(width, HEIGHT * rows, "".join(panels))


def front_figure(points: Sequence[tuple[float, float, bool]], horizontal: str, vertical: str) -> str:
    """Candidates by two objectives, the non-dominated ones marked.

    Args:
        points: Both values of each candidate, and whether it is non-dominated.
        horizontal: Name of the first quantity, with its unit and direction.
        vertical: Name of the second.

    Returns:
        An SVG document.
    """
    frame = _Frame(*_span([x for x, _, _ in points]), *_span([y for _, y, _ in points]))
    marks = []
    for x, y, front in sorted(points, key=lambda point: point[2]):
        colour, radius = (_MARK, 4) if front else (_FADED, 2.5)
        marks.append(f'<circle cx="{frame.x(x):.1f}" cy="{frame.y(y):.1f}" r="{radius}" fill="{colour}"/>')
    edge = sorted((x, y) for x, y, front in points if front)
    line = " ".join(f"{frame.x(x):.1f},{frame.y(y):.1f}" for x, y in edge)
    joined = f'<polyline points="{line}" fill="none" stroke="{_MARK}" stroke-dasharray="3 3"/>' if edge else ""
    body = frame.axes(horizontal, vertical, "non-dominated candidates marked") + joined + "".join(marks)
    return _document(WIDTH, HEIGHT, body)


@dataclass(frozen=True)
class _Frame:
    x0: float
    x1: float
    y0: float
    y1: float

    def x(self, value: float) -> float:
        return _LEFT + (value - self.x0) / (self.x1 - self.x0) * (WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        return HEIGHT - _BOTTOM - (value - self.y0) / (self.y1 - self.y0) * (HEIGHT - _TOP - _BOTTOM)

    def axes(self, horizontal: str, vertical: str, title: str) -> str:
        right, bottom = WIDTH - _RIGHT, HEIGHT - _BOTTOM
        parts = [
            f'<path d="M{_LEFT},{_TOP} V{bottom} H{right}" fill="none" stroke="{_INK}"/>',
            _text(WIDTH / 2, 18, title, "middle", bold=True),
            _text((_LEFT + right) / 2, HEIGHT - 8, horizontal, "middle"),
            f'<g transform="rotate(-90 12 {HEIGHT / 2})">{_text(12, HEIGHT / 2, vertical, "middle")}</g>',
        ]
        for share in (0.0, 0.5, 1.0):
            x, y = self.x0 + share * (self.x1 - self.x0), self.y0 + share * (self.y1 - self.y0)
            parts.append(_text(self.x(x), bottom + 14, f"{x:.3g}", "middle"))
            parts.append(_text(_LEFT - 5, self.y(y) + 4, f"{y:.3g}", "end"))
        return "".join(parts)


def _curve(curve: Curve) -> str:
    low, high = _span(curve.values)
    margin = 0.6 * (high - low)
    frame = _Frame(low - margin, high + margin, 0.0, 1.0)
    steps = [frame.x0 + (frame.x1 - frame.x0) * step / 80 for step in range(81)]
    line = " ".join(f"{frame.x(value):.1f},{frame.y(curve.desirability(value)):.1f}" for value in steps)
    marks = "".join(
        f'<circle cx="{frame.x(value):.1f}" cy="{frame.y(curve.desirability(value)):.1f}" r="2.5" fill="{_MARK}"/>'
        for value in curve.values
    )
    path = f'<polyline points="{line}" fill="none" stroke="{_CURVE}" stroke-width="1.8"/>'
    return frame.axes(curve.axis, "desirability", curve.title) + path + marks


def _span(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    if high - low < 1e-9:
        half = max(abs(low) * 0.1, 0.5)
        return low - half, high + half
    return low, high


def _text(x: float, y: float, words: str, anchor: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{weight} fill="{_INK}">{escape(words)}</text>'


def _document(width: int, height: int, body: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="sans-serif" font-size="10">{body}</svg>'
    )
