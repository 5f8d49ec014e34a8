"""Why an experiment was proposed, in words: what is expected of it, what makes it, what it is near to."""

from __future__ import annotations

from collections.abc import Mapping

from agent.campaign.records import Proposal
from agent.tools.optimisation.space import Space
from agent.units import print_value

REASONS = {
    "spread": "to spread over the space",
    "earlier": "where earlier campaigns promise most",
    "improvement": "for its expected improvement",
    "exploit": "for its high prediction",
    "front": "for what it is expected to add to the front",
    "own": "brought by the researcher",
}


def why(space: Space, proposal: Proposal) -> str:
    """The reason of a proposal with its figures, as one line."""
    return REASONS[proposal.reason] + expectation(space, proposal)


def expectation(space: Space, proposal: Proposal) -> str:
    """What was expected of a proposal, in brackets; empty if it was made without predictions."""
    if not proposal.expected and proposal.mean is None:
        near = _near(proposal)
        return f" ({near})" if near else ""
    units = {one.name: one.unit for one in space.objectives}
    parts = [
        f"{one.objective} {print_value(one.mean, units.get(one.objective, '1'), one.deviation)}"
        for one in proposal.expected
    ]
    if not parts and proposal.mean is not None:
        parts = [print_value(proposal.mean, space.objectives[0].unit, proposal.deviation)]
    words = ["predicted " + ", ".join(parts)]
    if proposal.gain is not None:
        if len(space.objectives) == 1:
            words.append(f"expected improvement {print_value(proposal.gain, space.objectives[0].unit)}")
        else:
            words.append(f"expected to add {proposal.gain:.1%} to the hypervolume")
    first = space.objectives[0]
    effects = [f"{one.factor} {'+' if one.effect > 0 else ''}{one.effect:.3g}" for one in proposal.drivers]
    if effects:
        words.append(f"against the best so far, {first.name} changes by {', '.join(effects)}")
    if near := _near(proposal):
        words.append(near)
    return f" ({'; '.join(words)})"


def relevance_words(proposal: Proposal) -> str:
    """Which factors matter, and what earlier campaigns count, in a line."""
    order = sorted(proposal.relevance, key=lambda name: -proposal.relevance[name])
    words = "What matters: " + ", ".join(f"{name} {proposal.relevance[name]:.0%}" for name in order) + "."
    if proposal.weights:
        counted = ", ".join(f"{name} {share:.0%}" for name, share in proposal.weights.items())
        words += f" Earlier campaigns count: {counted}."
    return words


def settings_words(space: Space, point: Mapping[str, float | str]) -> str:
    """Settings as a reader writes them."""
    return ", ".join(
        f"{name} {value if isinstance(value, str) else print_value(value, space.unit(name))}"
        for name, value in point.items()
    )


def _near(proposal: Proposal) -> str:
    if not proposal.nearest:
        return ""
    return f"nearest tested: {', '.join(str(one.experiment) for one in proposal.nearest)}"
