"""Plots of the candidates' properties: scatter plots with the goal's bounds or the Pareto front, and distributions."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from agent import vocabulary
from agent.memory.report.drawing.axes import Axis, gain, pairs_of, pareto_front, plottable, value_of
from agent.memory.report.drawing.palette import LIGHT
from agent.memory.report.drawing.svg import draw_svg, panels
from agent.memory.report.table import ROWS, in_order
from agent.records import Brief, Candidate

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
    axes = plottable(shown, brief)
    if not axes:
        return ()
    figures = [
        _scatter(f"report-scatter-{number}", shown, x, y, words)
        for number, (x, y) in enumerate(pairs_of(axes), start=1)
    ]
    return (*figures, _distributions(shown, axes[:PANELS], words))


def _scatter(name: str, candidates: Sequence[Candidate], x: Axis, y: Axis, words: SimpleNamespace) -> Figure:
    linked = {one.id for one in candidates[:ROWS]}
    points = [
        (one, horizontal, vertical)
        for one in candidates
        if (horizontal := value_of(one, x)) is not None and (vertical := value_of(one, y)) is not None
    ]
    pareto = bool(x.direction and y.direction)

    def draw(canvas: Canvas) -> None:
        axes = panels(canvas, 1, 1)[0]
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
            front = pareto_front([(gain(x, horizontal), gain(y, vertical)) for _, horizontal, vertical in judged])
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
    return Figure(name, _sentence(template.format(x=x.title, y=y.title)), draw_svg(name, (4.7, 3.5), draw))


def _distributions(candidates: Sequence[Candidate], shown: Sequence[Axis], words: SimpleNamespace) -> Figure:
    columns = len(shown) if len(shown) <= 4 else 3
    rows = -(-len(shown) // columns)

    def draw(canvas: Canvas) -> None:
        for place, (axis, axes) in enumerate(zip(shown, panels(canvas, len(shown), columns), strict=True)):
            values = [found for one in candidates if (found := value_of(one, axis)) is not None]
            axes.hist(
                values,
                bins=_bins(axis, values),
                color=LIGHT["accent"],
                edgecolor=LIGHT["card"],
                linewidth=0.8,
                zorder=2,
            )
            if (first := value_of(candidates[0], axis)) is not None:
                axes.plot([first], [0], marker="^", markersize=7, color=LIGHT["warn"], clip_on=False, zorder=5)
            _shade(axes, axis, horizontally=True)
            axes.yaxis.get_major_locator().set_params(integer=True)
            axes.set_xlabel("\n".join(textwrap.wrap(axis.label, 96 // columns)))
            if place % columns == 0:
                axes.set_ylabel(words.count)

    svg = draw_svg("report-distributions", (9.6, 2.5 * rows), draw)
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
