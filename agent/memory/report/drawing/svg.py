"""SVG by matplotlib: the same bytes for the same drawing, text as text, no dates and no fonts.

matplotlib is imported when a figure is drawn and not before. Its ids come from a fixed salt, its date is left out,
and text stays text, so that a figure can be searched, restyled by the page, and read by a screen reader.
"""

from __future__ import annotations

import io
import itertools
import re
import warnings
from typing import TYPE_CHECKING, Any

from agent.memory.report.drawing.palette import LIGHT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas


def panels(canvas: Canvas, count: int, columns: int) -> list[Axes]:
    """Axes in a grid with margins in inches, row by row (a layout engine would draw everything twice)."""
    rows = -(-count // columns)
    left, right, top, bottom = 0.62, 0.14, 0.12, 0.66
    width, height = canvas.get_size_inches()
    cell_width, cell_height = width / columns, height / rows
    return [
        canvas.add_axes(
            (
                (column * cell_width + left) / width,
                ((rows - 1 - row) * cell_height + bottom) / height,
                (cell_width - left - right) / width,
                (cell_height - top - bottom) / height,
            )
        )
        for row, column in itertools.islice(itertools.product(range(rows), range(columns)), count)
    ]


def draw_svg(name: str, size: tuple[float, float], draw: Any) -> str:
    """Draw on a canvas of a size in inches, and give clean SVG."""
    import matplotlib
    from matplotlib.figure import Figure as Canvas

    style = {
        "svg.hashsalt": name,
        "svg.fonttype": "none",
        "font.family": "sans-serif",
        "font.size": 9,
        "text.color": LIGHT["ink"],
        "axes.edgecolor": LIGHT["muted"],
        "axes.labelcolor": LIGHT["ink"],
        "axes.facecolor": "none",
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.formatter.use_mathtext": False,
        "axes.unicode_minus": True,
        "xtick.color": LIGHT["muted"],
        "ytick.color": LIGHT["muted"],
        "xtick.direction": "out",
        "figure.facecolor": "none",
    }
    buffer = io.StringIO()
    with matplotlib.rc_context(), warnings.catch_warnings():
        # Text stays text: the reader's font draws what matplotlib's own lacks (Korean, for instance).
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from font")
        matplotlib.rcdefaults()  # a matplotlibrc of the user's must not change the bundle
        matplotlib.rcParams.update(style)
        canvas = Canvas(figsize=size)
        draw(canvas)
        canvas.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    return _clean(buffer.getvalue(), name)


def _clean(svg: str, name: str) -> str:
    """Nothing but the drawing: no prolog, no comments, ids of its own, sizes that a page can scale, a plain font."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<!--.*?-->\s*|<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r'(url\(#|xlink:href="#)(?!c\d)', rf"\1{name}-", svg)
    return re.sub(r"(font(?:-family)?: ?[^;\"]*?)'DejaVu Sans'[^;\"]*", r"\1system-ui, sans-serif", svg)
