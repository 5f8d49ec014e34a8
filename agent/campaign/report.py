"""A campaign as a readable account in Markdown: the progress, then the story of each round."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from agent.campaign.explaining import REASONS, expectation, relevance_words, settings_words
from agent.campaign.plot import draw_progress
from agent.campaign.records import Proposal, State, Told
from agent.memory.files.disk import write_text
from agent.tools.optimisation.space import Space
from agent.units import counted, print_unit, print_value

PROGRESS = "progress.svg"


def write_report_to(path: Path, state: State) -> None:
    """Write the account of a campaign, and the drawing of its progress beside it.

    Raises:
        StorageError: The disk refuses.
    """
    drawing = draw_progress(state)
    if drawing:
        write_text(path.parent / PROGRESS, drawing)
    write_text(path, report(state, figure=PROGRESS if drawing else ""))


def report(state: State, *, figure: str = "") -> str:
    """The account of a campaign.

    Args:
        state: The campaign as it stands.
        figure: Where the drawing of its progress is; none by default.

    Returns:
        Markdown.
    """
    campaign, space = state.campaign, state.campaign.space
    results = {one.experiment: one for one in state.told}
    lines = [f"# Campaign {campaign.name}", "", _aim(space), ""]
    failures = sum(one.failed for one in state.told)
    cost = sum(one.cost for one in state.proposals if one.experiment in results)
    lines.append(
        f"{counted(len(state.told), 'result')} in {counted(state.round, 'round')}"
        f" ({failures} failed, {len(state.pending)} open), cost {cost:g}. {state.advice}"
    )
    if state.best is not None:
        by = f" by {space.objectives[0].name}" if len(space.objectives) > 1 else ""
        lines += ["", f"**Best so far{by}:** experiment {state.best.experiment}, {_outcome(space, state.best)}"]
        lines += [f"at {settings_words(space, state.best.point)}."]
    if len(space.objectives) > 1 and state.front:
        numbers = ", ".join(str(one.experiment) for one in state.front)
        lines += ["", f"**Front** (no other result betters them in every objective): experiments {numbers}."]
    if campaign.learn_from:
        lines += ["", f"It learns from: {', '.join(campaign.learn_from)}."]
    if campaign.origin:
        lines += ["", f"It was made from the run {campaign.origin}."]
    lines += ["", "## Progress", ""]
    if figure:
        lines += [f"![Results and the best so far, by experiment]({figure})", ""]
    lines += [*_table(state, results), "", "## Rounds", ""]
    for number in sorted({one.round for one in state.proposals}):
        lines += _story(state, number, results)
    return "\n".join(lines).rstrip() + "\n"


def _table(state: State, results: dict[int, Told]) -> list[str]:
    objective = state.campaign.space.objectives[0]
    lines = [
        f"| round | proposed | results | failed | best {objective.name} | best so far | chance of better |",
        "|---:|---:|---:|---:|---:|---:|---:|",
    ]
    best: float | None = None
    for number in sorted({one.round for one in state.proposals}):
        mine = [one for one in state.proposals if one.round == number]
        told = [results[one.experiment] for one in mine if one.experiment in results]
        values = [one.outcomes[objective.name] for one in told if not one.failed]
        top = max(values, key=objective.score, default=None)
        best = max((one for one in (best, top) if one is not None), key=objective.score, default=None)
        chance = next((one.chance for one in mine if one.chance is not None), None)
        cells = [
            number,
            len(mine),
            len(told),
            sum(one.failed for one in told),
            "" if top is None else print_value(top, objective.unit),
            "" if best is None else print_value(best, objective.unit),
            "" if chance is None else f"{chance:.0%}",
        ]
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return lines


def _story(state: State, number: int, results: dict[int, Told]) -> list[str]:
    space = state.campaign.space
    mine = [one for one in state.proposals if one.round == number]
    lines = [f"### Round {number}" if number else "### Before the first round", ""]
    for one in mine:
        told = results.get(one.experiment)
        point = told.point if told is not None else one.point
        result = "open" if told is None else _outcome(space, told)
        lines.append(
            f"- **{one.experiment}** ({REASONS[one.reason]}): {settings_words(space, point)}:"
            f" {result}{expectation(space, one)}."
        )
        if told is not None and told.note:
            lines.append(f"  Note: {told.note}")
    if mine and mine[0].relevance:
        lines += ["", relevance_words(mine[0])]
    surprise = _surprise(space, mine, results)
    return [*lines, "", *([surprise, ""] if surprise else [])]


def _surprise(space: Space, mine: Sequence[Proposal], results: dict[int, Told]) -> str:
    """The result of a round that was furthest from its prediction, if it was more than two deviations away."""
    away = {
        (one.experiment, row.objective): (results[one.experiment].outcomes[row.objective] - row.mean) / row.deviation
        for one in mine
        for row in one.expected
        if row.deviation and one.experiment in results and not results[one.experiment].failed
    }
    furthest = max(away, key=lambda one: abs(away[one]), default=None)
    if furthest is None or abs(away[furthest]) <= 2:
        return ""
    side = "above" if away[furthest] > 0 else "below"
    size = f"{abs(away[furthest]):.1f} standard deviations {side} its prediction"
    return f"Surprise: the {furthest[1]} of experiment {furthest[0]} came out {size}."


def _aim(space: Space) -> str:
    aims = []
    for one in space.objectives:
        unit = print_unit(one.unit)
        goal = f"bring {one.name} to {one.target:g}" if one.goal == "target" else f"{one.goal} {one.name}"
        reach = "" if one.reach is None else f", done at {print_value(one.reach, one.unit)}"
        aims.append(goal + (f" ({unit})" if unit else "") + reach)
    return f"Aim: {'; '.join(aims)}. Factors: {', '.join(space.factors)}."


def _outcome(space: Space, told: Told) -> str:
    if told.failed:
        return "failed"
    shown = ", ".join(f"{one.name} {print_value(told.outcomes[one.name], one.unit)}" for one in space.objectives)
    return shown + (f" (mean of {told.repeats})" if told.repeats > 1 else "")
