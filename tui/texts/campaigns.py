"""Campaigns as text: where one stands, its progress plotted, what is to be measured next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from tui.drawing import paint
from tui.drawing.plots import Series, plot

if TYPE_CHECKING:
    from agent.campaign.records import Proposal, State

SHOWN = 12
"""Open experiments, and results, that the details list."""


def campaign_content(state: State, width: int) -> Content:
    """A campaign in full: advice, progress, what is open, the last results."""
    from agent.units import print_unit

    rows: list[Content | str] = [
        Content.assemble((state.campaign.name, "bold $primary"), (f"  round {state.round}", "$muted")),
        Content.styled(state.advice, "$accent"),
    ]
    best = state.best
    if best is not None:
        rows += [
            "",
            paint.heading("Best so far"),
            Content.assemble(f"  {best_text(state)}  ", (f"experiment {best.experiment}", "$muted")),
        ]
        rows += [paint.muted(f"  {point_text(best.point)}")]
    objective = state.campaign.space.objectives[0]
    good = [(one.experiment, one.outcomes[objective.name]) for one in state.told if not one.failed]
    unit = print_unit(objective.unit)
    title = f"{objective.name} / {unit}" if unit else objective.name
    running = _running(good, objective.goal)
    series = [Series(running, "steps", "$success"), Series(good, "points", "$primary", "●")]
    drawn = plot(series, min(90, width), 13, x="experiment", y=title)
    if drawn is not None and len(good) > 1:
        rows += ["", paint.heading("Progress"), drawn, paint.muted("  ● measured   ─ best so far")]
    if state.pending:
        rows += ["", paint.heading(f"To measure ({len(state.pending)})")]
        for one in state.pending[:SHOWN]:
            rows += _proposal(one, objective.name, objective.unit)
        rows.append(paint.muted("  t enters results"))
    else:
        rows += ["", paint.muted("n proposes the next experiments")]
    if state.told:
        rows += ["", paint.heading(f"Results ({len(state.told)})")]
        for told in list(reversed(state.told))[:SHOWN]:
            said = "failed" if told.failed else ", ".join(f"{name} {value:g}" for name, value in told.outcomes.items())
            rows.append(
                Content.assemble(
                    (f"  {told.experiment:>3}  ", "$muted"), f"{said:<16}", (f"  {point_text(told.point)}", "$muted")
                )
            )
    return paint.lines(rows)


def _proposal(one: Proposal, name: str, unit: str) -> list[Content | str]:
    from agent.units import print_value

    rows: list[Content | str] = [Content.assemble((f"  {one.experiment:>3}  ", "$primary"), point_text(one.point))]
    if one.mean is not None:
        gain = "" if one.gain is None else f", expected improvement {print_value(one.gain, unit)}"
        rows.append(paint.muted(f"       {one.reason}: {name} {print_value(one.mean, unit, one.deviation)}{gain}"))
    return rows


def _running(points: Sequence[tuple[float, float]], goal: str) -> list[tuple[float, float]]:
    """The best value so far after each result; nothing where a target is aimed at."""
    if goal not in ("maximise", "minimise"):
        return []
    best, found = None, []
    for at, value in points:
        better = best is None or (value > best if goal == "maximise" else value < best)
        best = value if better else best
        found.append((at, float(best if best is not None else value)))
    return found


def best_text(state: State) -> str:
    """The best result by the first objective, printed; empty before the first."""
    from agent.units import print_value

    objective = state.campaign.space.objectives[0]
    best = state.best
    return "" if best is None else f"{objective.name} {print_value(best.outcomes[objective.name], objective.unit)}"


def point_text(point: dict[str, float | str]) -> str:
    """Settings in one line."""
    return "  ".join(f"{name} {value if isinstance(value, str) else f'{value:g}'}" for name, value in point.items())
