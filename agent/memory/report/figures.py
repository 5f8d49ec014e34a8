"""Plots of the candidates' properties: matplotlib's SVG, the same bytes for the same candidates.

matplotlib is imported when a figure is drawn and not before. Its ids come from a fixed salt, its date is left out,
and text stays text, so that a figure can be searched, restyled by the page, and read by a screen reader.
"""

from __future__ import annotations

import io
import itertools
import re
import textwrap
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from agent import vocabulary
from agent.errors import InputError
from agent.memory.report.palette import LIGHT
from agent.memory.report.table import ROWS, in_order, quantity_columns
from agent.records import Brief, Candidate, Constraint, Objective
from agent.units import convert, print_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

PANELS = 6
"""How many distributions are shown at most."""
NAMED = 3
"""How many of the best candidates are named in a plot."""


@dataclass(frozen=True)
class Figure:
    """A figure: its name in ``artifacts/``, what it shows, and its SVG in the light colours."""

    name: str
    caption: str
    svg: str
    wide: bool = False

    @property
    def path(self) -> str:
        """Where the bundle keeps it."""
        return f"artifacts/{self.name}.svg"


@dataclass(frozen=True)
class Axis:
    """A quantity to plot: its key, unit, title, and the bounds that the goal sets, in that unit."""

    key: str
    unit: str
    low: float | None = None
    high: float | None = None
    direction: str = ""
    target: float | None = None

    @property
    def title(self) -> str:
        """The quantity as a reader knows it."""
        return vocabulary.title(self.key)

    @property
    def label(self) -> str:
        """The title with its unit, as an axis carries it."""
        printed = print_unit(self.unit)
        return f"{self.title} ({printed})" if printed else self.title

    @property
    def bounded(self) -> bool:
        """Whether the goal sets a bound."""
        return self.low is not None or self.high is not None


def draw_figures(candidates: Sequence[Candidate], brief: Brief | None, words: SimpleNamespace) -> tuple[Figure, ...]:
    """The figures that the candidates allow.

    Two scatter plots at most (the quantities that the goal constrains, with the region that meets it; those it wants
    pushed, with the Pareto front), and the distribution of each quantity that the goal names.

    Args:
        candidates: The run's table; withheld ones are left out.
        brief: The goal understood, if it was.
        words: The report's words.

    Returns:
        The figures; none if fewer than three candidates share a quantity that varies.
    """
    shown = in_order(candidates)
    axes = _axes(shown, brief)
    if not axes:
        return ()
    figures = [
        _scatter(f"report-scatter-{number}", shown, x, y, words) for number, (x, y) in enumerate(_pairs(axes), start=1)
    ]
    return (*figures, _distributions(shown, axes[:PANELS], words))


def _axes(candidates: Sequence[Candidate], brief: Brief | None) -> list[Axis]:
    """The quantities worth plotting: those the goal names first, or, where it names none, the most common ones."""
    constraints = brief.constraints if brief else ()
    objectives = {one.quantity: one for one in brief.objectives} if brief else {}
    plottable: dict[str, Axis] = {}
    for key, unit in quantity_columns(candidates):
        values = [found for one in candidates if (found := _value(one, Axis(key, unit))) is not None]
        if len(values) >= 3 and len(set(values)) >= 2:
            bounds = [one for one in constraints if one.quantity == key]
            plottable[key] = _bounded(Axis(key, unit), bounds, objectives.get(key))
    asked = dict.fromkeys([*(one.quantity for one in constraints), *objectives])
    named = [plottable[key] for key in asked if key in plottable]
    return named or list(plottable.values())[:4]


def _bounded(axis: Axis, constraints: Sequence[Constraint], objective: Objective | None) -> Axis:
    lows: list[float] = []
    highs: list[float] = []
    target = None
    for bound in constraints:
        lows += _converted(bound.low, bound.unit, axis.unit)
        highs += _converted(bound.high, bound.unit, axis.unit)
    if objective is not None and (found := _converted(objective.target, objective.unit, axis.unit)):
        target = found[0]
    return Axis(
        axis.key,
        axis.unit,
        low=max(lows, default=None),
        high=min(highs, default=None),
        direction=objective.direction if objective else "",
        target=target,
    )


def _converted(value: float | None, unit: str, wanted: str) -> list[float]:
    """A bound in the unit of an axis; empty if there is none or the units do not fit together."""
    if value is None or unit == wanted:
        return [] if value is None else [value]
    try:
        return [convert(value, unit, wanted)]
    except InputError:
        return []


def _pairs(axes: Sequence[Axis]) -> list[tuple[Axis, Axis]]:
    bounded = [axis for axis in axes if axis.bounded]
    pushed = [axis for axis in axes if axis.direction]
    pairs = []
    if len(bounded) >= 2:
        pairs.append((bounded[0], bounded[1]))
    if len(pushed) >= 2:
        pairs.append((pushed[0], pushed[1]))
    elif pushed and (others := [axis for axis in axes if axis is not pushed[0]]):
        pairs.append((others[0], pushed[0]))
    if not pairs and len(axes) >= 2:
        pairs.append((axes[0], axes[1]))
    return pairs


def pareto_front(points: Sequence[tuple[float, float]]) -> list[int]:
    """The points that no other point betters, both coordinates to be maximised.

    Args:
        points: Pairs of numbers.

    Returns:
        Their positions, by falling first coordinate; of equal points the first.
    """
    front: list[int] = []
    best = float("-inf")
    for place in sorted(range(len(points)), key=lambda one: (-points[one][0], -points[one][1], one)):
        if points[place][1] > best:
            front.append(place)
            best = points[place][1]
    return front


def _value(candidate: Candidate, axis: Axis) -> float | None:
    quantity = candidate.quantities.get(axis.key)
    return quantity.value if quantity is not None and quantity.unit == axis.unit else None


def _gain(axis: Axis, value: float) -> float:
    """How good a value is for its objective: more is better."""
    if axis.direction == "target":
        return -abs(value - (axis.target or 0.0))
    return -value if axis.direction == "minimise" else value


def _scatter(name: str, candidates: Sequence[Candidate], x: Axis, y: Axis, words: SimpleNamespace) -> Figure:
    linked = {one.id for one in candidates[:ROWS]}
    points = [
        (one, horizontal, vertical)
        for one in candidates
        if (horizontal := _value(one, x)) is not None and (vertical := _value(one, y)) is not None
    ]
    pareto = bool(x.direction and y.direction)

    def draw(canvas: Canvas) -> None:
        axes = _panels(canvas, 1, 1)[0]
        for meets_all in (False, True):
            chosen = [point for point in points if (point[0].feasible is not False) == meets_all]
            dots = axes.scatter(
                [point[1] for point in chosen],
                [point[2] for point in chosen],
                s=30,
                facecolors=LIGHT["accent"] if meets_all else LIGHT["card"],
                edgecolors=LIGHT["card"] if meets_all else LIGHT["muted"],
                linewidths=0.7 if meets_all else 1.0,
                zorder=3 if meets_all else 2,
            )
            dots.set_urls([f"#{point[0].id}" if point[0].id in linked else None for point in chosen])
        if pareto:
            judged = [point for point in points if point[0].feasible] or points
            front = pareto_front([(_gain(x, horizontal), _gain(y, vertical)) for _, horizontal, vertical in judged])
            axes.plot(
                [judged[place][1] for place in front],
                [judged[place][2] for place in front],
                color=LIGHT["warn"],
                linewidth=1.3,
                zorder=1,
            )
        for candidate, horizontal, vertical in points[:NAMED]:
            axes.annotate(
                candidate.id,
                (horizontal, vertical),
                xytext=(6, 5),
                textcoords="offset points",
                fontweight="bold",
                bbox={"boxstyle": "round,pad=0.1", "facecolor": LIGHT["card"], "edgecolor": "none", "alpha": 0.75},
                zorder=4,
            )
        axes.margins(0.08)
        _shade(axes, x, horizontally=True)
        _shade(axes, y, horizontally=False)
        axes.set_xlabel(x.label)
        axes.set_ylabel(y.label)

    template = words.fig_pareto if pareto else words.fig_box if x.bounded or y.bounded else words.fig_plain
    return Figure(name, _sentence(template.format(x=x.title, y=y.title)), _svg(name, (4.7, 3.5), draw))


def _distributions(candidates: Sequence[Candidate], shown: Sequence[Axis], words: SimpleNamespace) -> Figure:
    columns = len(shown) if len(shown) <= 4 else 3
    rows = -(-len(shown) // columns)

    def draw(canvas: Canvas) -> None:
        for place, (axis, axes) in enumerate(zip(shown, _panels(canvas, len(shown), columns), strict=True)):
            values = [found for one in candidates if (found := _value(one, axis)) is not None]
            axes.hist(
                values,
                bins=_bins(axis, values),
                color=LIGHT["accent"],
                edgecolor=LIGHT["card"],
                linewidth=0.8,
                zorder=2,
            )
            if (first := _value(candidates[0], axis)) is not None:
                axes.plot([first], [0], marker="^", markersize=7, color=LIGHT["warn"], clip_on=False, zorder=5)
            _shade(axes, axis, horizontally=True)
            axes.yaxis.get_major_locator().set_params(integer=True)
            axes.set_xlabel("\n".join(textwrap.wrap(axis.label, 96 // columns)))
            if place % columns == 0:
                axes.set_ylabel(words.count)

    svg = _svg("report-distributions", (9.6, 2.5 * rows), draw)
    return Figure("report-distributions", words.fig_distributions, svg, wide=True)


def _bins(axis: Axis, values: Sequence[float]) -> Any:
    """One bar per count for small counts; else as many as Sturges' rule gives."""
    known = vocabulary.by_key().get(axis.key)
    if known is None or not known.integer or max(values) - min(values) > 20:
        return "sturges"
    return [edge - 0.5 for edge in range(int(min(values)), int(max(values)) + 2)]


def _shade(axes: Axes, axis: Axis, *, horizontally: bool) -> None:
    """Shade what meets the bounds of an axis, and draw the bounds that lie near the points."""
    if not axis.bounded:
        return
    limits = _wide_enough(axes.get_xlim() if horizontally else axes.get_ylim(), axis)
    low = limits[0] if axis.low is None else max(limits[0], axis.low)
    high = limits[1] if axis.high is None else min(limits[1], axis.high)
    span, line = (axes.axvspan, axes.axvline) if horizontally else (axes.axhspan, axes.axhline)
    if low < high:
        span(low, high, color=LIGHT["good"], alpha=0.1, linewidth=0, zorder=0)
    for bound in (axis.low, axis.high):
        if bound is not None and limits[0] <= bound <= limits[1]:
            line(bound, color=LIGHT["good"], linewidth=0.9, linestyle=(0, (4, 3)), zorder=0)
    (axes.set_xlim if horizontally else axes.set_ylim)(*limits)


def _wide_enough(limits: tuple[float, float], axis: Axis) -> tuple[float, float]:
    """Limits that show a bound where it is near the values."""
    low, high = limits
    reach = (high - low) * 0.6
    near = [bound for bound in (axis.low, axis.high) if bound is not None and low - reach <= bound <= high + reach]
    pad = (high - low) * 0.03
    return min([low, *(bound - pad for bound in near)]), max([high, *(bound + pad for bound in near)])


def _sentence(text: str) -> str:
    """A caption with a capital at its head, unless it opens with a symbol such as ``logP``."""
    first = text.split(" ", 1)[0]
    return text[0].upper() + text[1:] if first.islower() else text


def _panels(canvas: Canvas, count: int, columns: int) -> list[Axes]:
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


def _svg(name: str, size: tuple[float, float], draw: Any) -> str:
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
