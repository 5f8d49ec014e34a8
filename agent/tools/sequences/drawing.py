"""A feature map as SVG: a ruler, features as arrows on two strands, and restriction sites as ticks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _LEFT, _RIGHT = 960, 24, 24
_ROW, _ARROW = 24, 15
_COLOURS = {"+": "#2f6f9f", "-": "#b5651d"}
_FONT = "font-family='Helvetica, Arial, sans-serif'"


@dataclass(frozen=True)
class Feature:
    """Something on a sequence: first and last base (from 1), strand, and what to write on it."""

    start: int
    end: int
    strand: str
    label: str


def feature_map(
    length: int, features: Sequence[Feature], ticks: Iterable[tuple[int, str]] = (), title: str = ""
) -> str:
    """Draw a sequence's features.

    Args:
        length: Bases of the sequence.
        features: Arrows; those on '+' are drawn above the ruler, those on '-' below. A feature across the origin of a
            circle (end before start) is drawn in two pieces.
        ticks: Places and names of cuts.
        title: A heading.

    Returns:
        SVG text.
    """
    pieces = [piece for feature in features for piece in _split(feature, length)]
    above = _rows([piece for piece in pieces if piece.strand == "+"], length)
    below = _rows([piece for piece in pieces if piece.strand != "+"], length)
    marks = sorted(ticks)
    ruler = 34 + (26 if marks else 0) + _ROW * len(above) + 14
    height = ruler + 34 + _ROW * len(below) + 10
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_WIDTH} {height}' width='{_WIDTH}' height='{height}'>",
        f"<rect width='{_WIDTH}' height='{height}' fill='#ffffff'/>",
        f"<text x='{_LEFT}' y='20' {_FONT} font-size='14' font-weight='600' fill='#222'>{escape(title)}</text>",
        f"<line x1='{_LEFT}' y1='{ruler}' x2='{_WIDTH - _RIGHT}' y2='{ruler}' stroke='#444' stroke-width='2'/>",
    ]
    for place in _ruler_places(length):
        x = _x(place, length)
        parts.append(f"<line x1='{x:.1f}' y1='{ruler - 4}' x2='{x:.1f}' y2='{ruler + 4}' stroke='#444'/>")
        parts.append(
            f"<text x='{x:.1f}' y='{ruler + 17}' {_FONT} font-size='10' fill='#666' text-anchor='middle'>{place}</text>"
        )
    for row, group in enumerate(above):
        parts.extend(_arrow(piece, ruler - 12 - _ROW * (row + 1) + 4, length) for piece in group)
    for row, group in enumerate(below):
        parts.extend(_arrow(piece, ruler + 26 + _ROW * row, length) for piece in group)
    last = -100.0
    for place, name in marks:
        x = _x(place, length)
        parts.append(
            f"<line x1='{x:.1f}' y1='44' x2='{x:.1f}' y2='{ruler}' stroke='#888' stroke-width='0.8' "
            "stroke-dasharray='2 3'/>"
        )
        # Names that would overlap are left out; the ticks stay.
        if x - last > 7 * len(name):
            parts.append(
                f"<text x='{x:.1f}' y='40' {_FONT} font-size='10' fill='#555' text-anchor='middle'>"
                f"{escape(name)}</text>"
            )
            last = x
    return "\n".join([*parts, "</svg>"])


def _x(place: float, length: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (place - 1) / max(1, length - 1)


def _split(feature: Feature, length: int) -> list[Feature]:
    start, end = feature.start, feature.end
    if start <= end:
        return [feature]
    return [Feature(start, length, feature.strand, feature.label), Feature(1, end, feature.strand, feature.label)]


def _rows(pieces: list[Feature], length: int) -> list[list[Feature]]:
    """Pieces laid out so that none overlaps another in its row."""
    rows: list[list[Feature]] = []
    for piece in sorted(pieces, key=lambda p: (p.start, -p.end)):
        for row in rows:
            if _x(row[-1].end, length) + 6 < _x(piece.start, length):
                row.append(piece)
                break
        else:
            rows.append([piece])
    return rows


def _arrow(piece: Feature, y: float, length: int) -> str:
    left, right = _x(piece.start, length), max(_x(piece.end, length), _x(piece.start, length) + 2)
    tip = min(8.0, (right - left) / 2)
    middle = y + _ARROW / 2
    if piece.strand == "+":
        points = [(left, y), (right - tip, y), (right, middle), (right - tip, y + _ARROW), (left, y + _ARROW)]
    else:
        points = [(right, y), (left + tip, y), (left, middle), (left + tip, y + _ARROW), (right, y + _ARROW)]
    shape = " ".join(f"{x:.1f},{at:.1f}" for x, at in points)
    colour = _COLOURS.get(piece.strand, "#777777")
    label = ""
    if right - left > 6.2 * len(piece.label) + 12:
        label = (
            f"<text x='{(left + right) / 2:.1f}' y='{middle + 3.5:.1f}' {_FONT} font-size='10' fill='#fff' "
            f"text-anchor='middle'>{escape(piece.label)}</text>"
        )
    span = f"{piece.label}: {piece.start}-{piece.end} ({piece.strand})"
    return f"<g><title>{escape(span)}</title><polygon points='{shape}' fill='{colour}'/>{label}</g>"


def _ruler_places(length: int) -> list[int]:
    step = next(
        (factor * 10**power for power in range(9) for factor in (1, 2, 5) if length / (factor * 10**power) <= 12),
        length,
    )
    return [1, *range(step, length + 1, step)] if step > 1 else list(range(1, length + 1))
