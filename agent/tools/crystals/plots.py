"""Diffraction patterns as SVG, drawn by hand: no plotting library, and the same bytes every time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from agent.tools.crystals.patterns import Array

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 900, 360, 20, 20, 34, 46
_COLOURS = ("#1f5fa8", "#c2410c", "#15803d", "#7e22ce")
_FINEST = 1400
"""Curves are thinned to about this many points, keeping the highest of each cell."""


@dataclass(frozen=True)
class Curve:
    """A curve: angles in degrees and intensities, shape (n,) each."""

    label: str
    x: Array
    y: Array


@dataclass(frozen=True)
class Sticks:
    """Lines of one phase: angles in degrees and relative intensities, shape (k,) each."""

    label: str
    x: Array
    y: Array


def pattern_svg(
    title: str,
    span: tuple[float, float],
    curves: Sequence[Curve] = (),
    sticks: Sequence[Sticks] = (),
    marks: Sequence[tuple[float, str]] = (),
) -> str:
    """Draw a diffraction pattern.

    Args:
        title: Above the plot.
        span: First and last angle in degrees.
        curves: Drawn over each other on one scale.
        sticks: Each scaled to its own highest line; with curves they form rows below.
        marks: Angles with a short text above.

    Returns:
        An SVG document.
    """
    low, high = span
    floor = HEIGHT - BOTTOM - (16 * len(sticks) if curves else 0)
    top = max((float(np.max(curve.y)) for curve in curves), default=1.0) or 1.0

    def across(angle: float) -> float:
        return LEFT + (angle - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def up(intensity: float) -> float:
        return floor - max(intensity, -0.05 * top) / top * (floor - TOP - 16)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        'font-size="12">',
        f"<title>{escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{LEFT}" y="18" font-size="14">{escape(title)}</text>',
    ]
    for index, curve in enumerate(curves):
        colour = "#555555" if index == 0 else _COLOURS[(index - 1) % len(_COLOURS)]
        points = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in _thinned(curve, span))
        parts.append(f'<polyline fill="none" stroke="{colour}" stroke-width="1" points="{points}"/>')
        parts.append(
            f'<text x="{WIDTH - RIGHT}" y="{18 + 14 * index}" text-anchor="end" fill="{colour}">'
            f"{escape(curve.label)}</text>"
        )
    for index, lines in enumerate(sticks):
        colour = _COLOURS[index % len(_COLOURS)]
        base = floor + 16 * (index + 1) if curves else floor
        tall = 12.0 if curves else floor - TOP - 16
        best = float(np.max(lines.y, initial=1e-12))
        marks_path = "".join(
            f"M{across(x):.1f} {base}v{-max(1.0, tall * y / best):.1f}"
            for x, y in zip(lines.x.tolist(), lines.y.tolist(), strict=True)
            if low <= x <= high
        )
        parts.append(f'<path stroke="{colour}" stroke-width="1.2" d="{marks_path}"/>')
        if curves:
            parts.append(
                f'<text x="{WIDTH - RIGHT}" y="{base - 3}" text-anchor="end" fill="{colour}">'
                f"{escape(lines.label)}</text>"
            )
    for angle, text in marks:
        if low <= angle <= high:
            parts.append(
                f'<text x="{across(angle):.1f}" y="{TOP + 8}" text-anchor="middle" font-size="10">{escape(text)}</text>'
            )
    parts.append(_axis(low, high, across))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _axis(low: float, high: float, across: Callable[[float], float]) -> str:
    base = HEIGHT - BOTTOM + 4
    ticks = np.arange(10 * np.ceil(low / 10), high + 1e-9, 10)
    parts = [f'<path stroke="black" d="M{across(low):.1f} {base}H{across(high):.1f}"/>']
    parts += [
        f'<path stroke="black" d="M{across(t):.1f} {base}v4"/>'
        f'<text x="{across(t):.1f}" y="{base + 17}" text-anchor="middle">{t:g}</text>'
        for t in ticks.tolist()
    ]
    parts.append(f'<text x="{WIDTH / 2}" y="{HEIGHT - 6}" text-anchor="middle">2θ (degrees)</text>')
    return "\n".join(parts)


def _thinned(curve: Curve, span: tuple[float, float]) -> list[tuple[float, float]]:
    inside = (curve.x >= span[0]) & (curve.x <= span[1])
    x, y = curve.x[inside], curve.y[inside]
    cell = max(1, len(x) // _FINEST)
    starts = range(0, len(x), cell)
    return [(float(x[i : i + cell].mean()), float(y[i : i + cell].max())) for i in starts]
