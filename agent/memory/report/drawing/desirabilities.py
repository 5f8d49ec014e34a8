"""The figure of desirability curves: what the score that ranks the candidates makes of each value, by the same rule."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from types import SimpleNamespace
from typing import TYPE_CHECKING

from agent import vocabulary
from agent.memory.desirability import Curve, curves_of, value_in
from agent.memory.report.drawing.figures import PANELS, Figure
from agent.memory.report.drawing.palette import LIGHT
from agent.memory.report.drawing.svg import draw_svg, panels
from agent.memory.report.table import in_order
from agent.memory.report.wished import print_constraint, wish_in_words
from agent.records import Brief, Candidate, Objective
from agent.units import print_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Canvas

_STEPS = 120  # straight pieces of which a curve is drawn
_MARGIN = 0.25  # of the values' span, that a curve is drawn beyond them


def draw_desirability(
    candidates: Sequence[Candidate], brief: Brief | None, words: SimpleNamespace
) -> tuple[Figure, ...]:
    """The curves with the candidates on them, one panel for each objective and each constraint.

    Args:
        candidates: The run's table.
        brief: The goal understood, if it was.
        words: The report's words.

    Returns:
        One figure; none where nothing is wished, or nothing that is wished was computed.
    """
    shown = in_order(candidates)
    known = [
        (curve, values)
        for curve in (curves_of(brief, candidates) if brief else ())
        if (values := _values(curve, shown))
    ]
    if not known:
        return ()
    drawn = known[:PANELS]
    columns = len(drawn) if len(drawn) <= 3 else 3
    rows = -(-len(drawn) // columns)

    def draw(canvas: Canvas) -> None:
        grid = panels(canvas, len(drawn), columns)
        for place, ((curve, values), axes) in enumerate(zip(drawn, grid, strict=True)):
            _panel(axes, curve, values)
            axes.set_xlabel("\n".join(textwrap.wrap(_label(curve, words), 96 // columns)))
            if place % columns == 0:
                axes.set_ylabel(words.desirability)

    caption = words.fig_desirability
    if len(known) > PANELS:
        caption += " " + words.fig_desirability_more.format(n=len(known) - PANELS)
    size = (9.6 if columns > 1 else 4.7, 2.6 * rows)
    return (Figure("report-desirability", caption, draw_svg("report-desirability", size, draw), wide=columns > 1),)


def _values(curve: Curve, candidates: Sequence[Candidate]) -> list[tuple[Candidate, float]]:
    wish = curve.wish
    return [(one, found) for one in candidates if (found := value_in(one, wish.quantity, wish.unit)) is not None]


def _panel(axes: Axes, curve: Curve, values: Sequence[tuple[Candidate, float]]) -> None:
    wish = curve.wish
    marks = [wish.target] if isinstance(wish, Objective) else [wish.low, wish.high]
    ends = [value for _, value in values]
    span = max(ends) - min(ends)
    ends += [mark for mark in marks if mark is not None]
    margin = _MARGIN * (span or abs(ends[0]) or 1.0)
    low, high = min(ends) - margin, max(ends) + margin
    grid = [low + (high - low) * step / _STEPS for step in range(_STEPS + 1)]
    axes.plot(grid, [curve(value) for value in grid], color=LIGHT["muted"], linewidth=1.4, zorder=1)
    for fits in (False, True):
        chosen = [value for one, value in values if (one.feasible is not False) == fits]
        axes.scatter(
            chosen,
            [curve(value) for value in chosen],
            s=22,
            facecolors=LIGHT["accent"] if fits else LIGHT["card"],
            edgecolors=LIGHT["card"] if fits else LIGHT["muted"],
            linewidths=0.7 if fits else 1.0,
            zorder=3 if fits else 2,
        )
    first = values[0][1]
    axes.plot([first], [curve(first)], marker="^", markersize=7, color=LIGHT["warn"], zorder=4)
    axes.set_xlim(low, high)
    axes.set_ylim(0.0, 1.08)


def _label(curve: Curve, words: SimpleNamespace) -> str:
    """The quantity with its unit, what is wished of it, and what that counts."""
    wish = curve.wish
    if isinstance(wish, Objective):
        name, unit = vocabulary.title(wish.quantity), print_unit(wish.unit)
        asked = wish_in_words(wish, words)
        said = f"{name} ({unit}): {asked}" if unit else f"{name}: {asked}"
    else:
        said = print_constraint(wish)
    return f"{said} · {words.weight} {curve.weight:g}"
