"""The parity plot as SVG: measured against predicted values of held-out rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

SIZE, MARGIN = 420, 56
TICKS = 5


def parity_svg(title: str, label: str, measured: Sequence[float], predicted: Sequence[float], half: float) -> str:
    """Draw measured against predicted values, the diagonal, and a band around it.

    Args:
        title: Above the plot.
        label: Of the values, with their unit.
        measured: Across.
        predicted: Up; one for each.
        half: Half the height of the band, in the values' unit.
    """
    low, high = min(*measured, *predicted), max(*measured, *predicted)
    space = 0.04 * (high - low) or 1.0
    low, high = low - space, high + space
    inner = SIZE - 2 * MARGIN

    def across(value: float) -> float:
        return MARGIN + inner * (value - low) / (high - low)

    def up(value: float) -> float:
        return SIZE - MARGIN - inner * (min(max(value, low), high) - low) / (high - low)

    band = [(low, low - half), (high, high - half), (high, high + half), (low, low + half)]
    shape = " ".join(f"{across(x):.1f},{up(y):.1f}" for x, y in band)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{SIZE}" height="{SIZE}" viewBox="0 0 {SIZE} {SIZE}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect width="{SIZE}" height="{SIZE}" fill="#ffffff"/>',
        f'<text x="{SIZE / 2:.0f}" y="22" text-anchor="middle" font-size="13">{escape(title)}</text>',
        f'<polygon points="{shape}" fill="#1f5fa8" fill-opacity="0.10"/>',
        f'<line x1="{across(low):.1f}" y1="{up(low):.1f}" x2="{across(high):.1f}" y2="{up(high):.1f}" '
        'stroke="#1f5fa8" stroke-dasharray="5 4"/>',
        f'<rect x="{MARGIN}" y="{MARGIN}" width="{inner}" height="{inner}" fill="none" stroke="#6b7280"/>',
    ]
    parts += [
        f'<circle cx="{across(x):.1f}" cy="{up(y):.1f}" r="2.4" fill="#c2410c" fill-opacity="0.55"/>'
        for x, y in zip(measured, predicted, strict=True)
    ]
    for value in ticks(low, high):
        parts += [
            f'<text x="{across(value):.1f}" y="{SIZE - MARGIN + 16}" text-anchor="middle">{value:g}</text>',
            f'<text x="{MARGIN - 6}" y="{up(value) + 4:.1f}" text-anchor="end">{value:g}</text>',
        ]
    parts += [
        f'<text x="{SIZE / 2:.0f}" y="{SIZE - 16}" text-anchor="middle">measured {escape(label)}</text>',
        f'<text x="16" y="{SIZE / 2:.0f}" text-anchor="middle" transform="rotate(-90 16 {SIZE / 2:.0f})">'
        f"predicted {escape(label)} (held out)</text>",
        "</svg>",
    ]
    return "\n".join(parts)


def ticks(low: float, high: float) -> list[float]:
    """Round values between two ends."""
    raw = (high - low) / TICKS
    power = 10 ** math.floor(math.log10(raw))
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= raw)
    first = math.ceil(low / step)
    return [round(place * step, 10) for place in range(first, math.floor(high / step) + 1)]
