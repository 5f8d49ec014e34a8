"""Molecules in the terminal's cells: bonds as braille lines, hetero atoms as letters.

The coordinates are read from the drawing that a tool left in the bundle (RDKit's SVG names the atoms of every bond);
the elements come from the SMILES, whose atom order the drawing keeps. What would not be legible is not drawn.
"""

from __future__ import annotations

import re
import statistics
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from textual.content import Content

LEGIBLE = 6.5
"""Braille dots of a bond at least: below, double bonds and letters run into each other."""
ROWS = 16
"""Rows of cells at most."""

_ATOM = re.compile(r"\[\d*([A-Za-z][a-z]?)[^\]]*\]|(Br|Cl|[BCNOSPFI]|[bcnosp])")
_BOND = re.compile(r"<path class='bond-(\d+) atom-(\d+) atom-(\d+)' d='([^']+)'")
_LABEL = re.compile(r"<path class='atom-(\d+)' d='([^']+)'")
_MARKED = re.compile(r"<ellipse [^>]*class='atom-(\d+)'")
_POINT = re.compile(r"(-?\d+(?:\.\d+)?)[, ](-?\d+(?:\.\d+)?)")
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))

Point = tuple[float, float]


class Sketch(NamedTuple):
    """A drawing in its own coordinates: lines, and letters where they stand."""

    strokes: tuple[tuple[Point, Point], ...]
    labels: tuple[tuple[Point, str], ...]
    marked: tuple[Point, ...]


def elements(smiles: str) -> list[str]:
    """The element of every atom of a SMILES, in its order."""
    return [(match[1] or match[2]).capitalize() for match in _ATOM.finditer(smiles)]


def read_sketch(svg: str, smiles: str) -> Sketch | None:
    """The bonds and labels of a drawing; ``None`` if it is not one that names its atoms."""
    symbols = elements(smiles)
    strokes: list[tuple[Point, Point]] = []
    places: dict[int, list[Point]] = {}
    bonds: dict[tuple[int, int], list[Point]] = {}
    for _, first, second, path in _BOND.findall(svg):
        points = [(float(x), float(y)) for x, y in _POINT.findall(path)]
        strokes += list(pairwise(points))
        bonds.setdefault((int(first), int(second)), []).extend(points)
    if not strokes:
        return None
    for (first, second), points in bonds.items():
        start = points[0]
        end = max(points, key=lambda point: (point[0] - start[0]) ** 2 + (point[1] - start[1]) ** 2)
        places.setdefault(first, []).append(start)
        places.setdefault(second, []).append(end)
    if max(places) >= len(symbols):
        return None
    glyphs: dict[int, list[Point]] = {}
    for atom, path in _LABEL.findall(svg):
        glyphs.setdefault(int(atom), []).extend((float(x), float(y)) for x, y in _POINT.findall(path))
    labels = []
    for atom, points in glyphs.items():
        if atom < len(symbols) and symbols[atom] != "C" and points:
            xs, ys = [x for x, _ in points], [y for _, y in points]
            labels.append((((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2), symbols[atom]))
    marked = [_centre(places[int(atom)]) for atom in _MARKED.findall(svg) if int(atom) in places]
    return Sketch(tuple(strokes), tuple(labels), tuple(marked))


def _centre(points: list[Point]) -> Point:
    return sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)


def render(sketch: Sketch, width: int, rows: int = ROWS) -> Content | None:
    """A sketch in braille cells.

    Args:
        sketch: What to draw.
        width: Cells in a row at most.
        rows: Rows at most.

    Returns:
        The drawing; ``None`` if it would not be legible in so few cells.
    """
    points = [point for stroke in sketch.strokes for point in stroke] + [place for place, _ in sketch.labels]
    left, top = min(x for x, _ in points), min(y for _, y in points)
    across, down = max(x for x, _ in points) - left, max(y for _, y in points) - top
    scale = min((2 * width - 4) / (across or 1), (4 * rows - 4) / (down or 1), 0.62)
    lengths = [((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5 for a, b in sketch.strokes]
    if not lengths or statistics.quantiles([*lengths, max(lengths)], n=4)[2] * scale < LEGIBLE:
        return None

    def dot(point: Point) -> tuple[int, int]:
        return round((point[0] - left) * scale) + 1, round((point[1] - top) * scale) + 1

    height = int((down * scale + 4) // 4) + 1
    cells = [[0] * (int((across * scale + 4) // 2) + 2) for _ in range(height)]
    for one, other in sketch.strokes:
        (x0, y0), (x1, y1) = dot(one), dot(other)
        count = max(abs(x1 - x0), abs(y1 - y0), 1)
        for place in range(count + 1):
            x, y = round(x0 + (x1 - x0) * place / count), round(y0 + (y1 - y0) * place / count)
            cells[y // 4][x // 2] |= _DOTS[y % 4][x % 2]
    letters: dict[tuple[int, int], str] = {}
    for place, symbol in sketch.labels:
        x, y = dot(place)
        for offset, letter in enumerate(symbol):
            letters[y // 4, x // 2 + offset] = letter
    bright = {(y // 4, x // 2) for x, y in map(dot, sketch.marked)}
    parts: list[Content] = []
    for row, line in enumerate(cells):
        for column, bits in enumerate(line):
            if (row, column) in letters:
                tone = "bold $accent" if (row, column) in bright else "bold $secondary"
                parts.append(Content.styled(letters[row, column], tone))
            elif bits:
                parts.append(
                    Content.styled(chr(0x2800 + bits), "$accent" if (row, column) in bright else "$foreground")
                )
            else:
                parts.append(Content(" "))
        parts.append(Content("\n"))
    return Content("").join(parts[:-1])


@lru_cache(maxsize=64)
def draw_molecule(path: Path, smiles: str, width: int) -> Content | None:
    """Draw a molecule from its SVG in the bundle.

    Args:
        path: The SVG.
        smiles: Its SMILES.
        width: Cells in a row at most.

    Returns:
        The drawing; ``None`` if there is no such file, it is no molecule, or it would not be legible.
    """
    try:
        sketch = read_sketch(path.read_text(encoding="utf-8"), smiles)
    except (OSError, UnicodeDecodeError):
        return None
    return render(sketch, width) if sketch and width >= 16 else None
