"""The plot of groups as SVG: every value as a point, and each group's mean with its interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from agent.tools.surrogates.parity import ticks

WIDTH, HEIGHT = 300, 280
LEFT, RIGHT, TOP, BOTTOM = 58, 12, 34, 40
ACROSS = 3
_INK, _POINT, _MEAN = "#6b7280", "#c2410c", "#1f5fa8"


@dataclass(frozen=True)
class Panel:
    """One outcome by one column of groups.

    Attributes:
        title: Above the panel.
        groups: Values by level.
    """

    title: str
    groups: dict[str, tuple[float, ...]]


def groups_svg(panels: Sequence[Panel]) -> str:
    """Draw panels in rows of three, each with its own scale.

    Args:
        panels: At least one; every group has at least one value.

    Returns:
        The drawing. The bar is the mean's 95 % interval by Student's t.
    """
    columns = min(len(panels), ACROSS)
    width, height = columns * WIDTH, math.ceil(len(panels) / ACROSS) * HEIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for place, panel in enumerate(panels):
        x, y = place % ACROSS * WIDTH, place // ACROSS * HEIGHT
        parts += [f'<g transform="translate({x} {y})">', *_panel(panel), "</g>"]
    return "\n".join([*parts, "</svg>"])


def _panel(panel: Panel) -> list[str]:
    bars = {level: _mean(values) for level, values in panel.groups.items()}
    every = [value for values in panel.groups.values() for value in values]
    every += [middle + sign * half for middle, half in bars.values() for sign in (-1, 1)]
    low, high = min(every), max(every)
    space = 0.05 * (high - low) or abs(high) * 0.1 or 1.0
    low, high = low - space, high + space
    inner = WIDTH - LEFT - RIGHT

    def up(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / (high - low)

    parts = [
        f'<text x="{LEFT + inner / 2:.0f}" y="20" text-anchor="middle" font-size="12">'
        f"{escape(_short(panel.title, 44))}</text>",
        f'<rect x="{LEFT}" y="{TOP}" width="{inner}" height="{HEIGHT - TOP - BOTTOM}" fill="none" stroke="{_INK}"/>',
    ]
    parts += [
        f'<text x="{LEFT - 6}" y="{up(value) + 4:.1f}" text-anchor="end">{value:g}</text>' for value in ticks(low, high)
    ]
    step = inner / len(panel.groups)
    for place, (level, values) in enumerate(panel.groups.items()):
        centre = LEFT + step * (place + 0.5)
        for turn, value in enumerate(values):
            # The golden ratio spreads points evenly without chance: the drawing is the same every time.
            shift = ((turn * 0.618034) % 1 - 0.5) * step * 0.45
            parts.append(
                f'<circle cx="{centre + shift:.1f}" cy="{up(value):.1f}" r="2.6" fill="{_POINT}" fill-opacity="0.5"/>'
            )
        middle, half = bars[level]
        reach = min(step * 0.3, 26)
        parts += [
            f'<line x1="{centre - reach:.1f}" y1="{up(middle):.1f}" x2="{centre + reach:.1f}" y2="{up(middle):.1f}" '
            f'stroke="{_MEAN}" stroke-width="2.5"/>',
            f'<line x1="{centre:.1f}" y1="{up(middle - half):.1f}" x2="{centre:.1f}" y2="{up(middle + half):.1f}" '
            f'stroke="{_MEAN}" stroke-width="2"/>',
            f'<text x="{centre:.1f}" y="{HEIGHT - BOTTOM + 15}" text-anchor="middle">'
            f"{escape(_short(level, max(int(step / 7), 4)))}</text>",
            f'<text x="{centre:.1f}" y="{HEIGHT - BOTTOM + 29}" text-anchor="middle" fill="{_INK}">'
            f"n = {len(values)}</text>",
        ]
    return parts


def _mean(values: Sequence[float]) -> tuple[float, float]:
    """The mean and half of its 95 % interval; no interval where nothing spreads."""
    from scipy import stats

    n = len(values)
    middle = sum(values) / n
    if n < 2:
        return middle, 0.0
    deviation = math.sqrt(sum((value - middle) ** 2 for value in values) / (n - 1))
    return middle, float(stats.t.ppf(0.975, n - 1)) * deviation / math.sqrt(n)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
