"""A campaign as a readable account in Markdown: the progress, then the story of each round."""

from __future__ import annotations

from collections.abc import Sequence

from agent.campaign.records import Proposal, State, Told
from agent.tools.optimisation.space import Space
from agent.units import print_unit, print_value

REASONS = {
    "spread": "to spread over the space",
    "improvement": "for its expected improvement",
    "exploit": "for its high prediction",
    "own": "brought by the researcher",
}


def report(state: State) -> str:
    """The account of a campaign.

    Args:
        state: The campaign as it stands.

    Returns:
        Markdown.
    """
    campaign, space = state.campaign, state.campaign.space
    results = {one.experiment: one for one in state.told}
    lines = [f"# Campaign {campaign.name}", "", _aim(space), ""]
    failures = sum(one.failed for one in state.told)
    cost = sum(one.cost for one in state.proposals if one.experiment in results)
    lines.append(
        f"{len(state.told)} results in {state.round} rounds ({failures} failed, {len(state.pending)} open),"
        f" cost {cost:g}. {state.advice}"
    )
    if state.best is not None:
        lines += ["", f"**Best so far:** experiment {state.best.experiment}, {_outcome(space, state.best)}"]
        lines += [f"at {_settings(space, state.best.point)}."]
    lines += ["", "## Progress", "", *_table(state, results), "", "## Rounds", ""]
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
            f"- **{one.experiment}** ({REASONS[one.reason]}): {_settings(space, point)}:"
            f" {result}{_expected(space, one)}."
        )
        if told is not None and told.note:
            lines.append(f"  Note: {told.note}")
    surprise = _surprise(space, mine, results)
    return [*lines, "", *([surprise, ""] if surprise else [])]


def _expected(space: Space, proposal: Proposal) -> str:
    if proposal.mean is None:
        return ""
    unit = space.objectives[0].unit
    near = ", ".join(str(one.experiment) for one in proposal.nearest)
    gain = "" if proposal.gain is None else f", expected improvement {print_value(proposal.gain, unit)}"
    return f" (predicted {print_value(proposal.mean, unit, proposal.deviation)}{gain}; nearest tested: {near})"


def _surprise(space: Space, mine: Sequence[Proposal], results: dict[int, Told]) -> str:
    """The result of a round that was furthest from its prediction, if it was more than two deviations away."""
    name = space.objectives[0].name
    away = {
        one.experiment: (results[one.experiment].outcomes[name] - one.mean) / one.deviation
        for one in mine
        if one.mean is not None and one.deviation and one.experiment in results and not results[one.experiment].failed
    }
    furthest = max(away, key=lambda one: abs(away[one]), default=None)
    if furthest is None or abs(away[furthest]) <= 2:
        return ""
    side = "above" if away[furthest] > 0 else "below"
    return (
        f"Surprise: experiment {furthest} came out {abs(away[furthest]):.1f} standard deviations {side} its prediction."
    )


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
    return ", ".join(f"{one.name} {print_value(told.outcomes[one.name], one.unit)}" for one in space.objectives)


def _settings(space: Space, point: dict[str, float | str]) -> str:
    return ", ".join(
        f"{name} {value if isinstance(value, str) else print_value(value, space.unit(name))}"
        for name, value in point.items()
    )
