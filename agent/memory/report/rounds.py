"""The story of the rounds: what was believed, what was measured, what changed, and what follows."""

from __future__ import annotations

from dataclasses import dataclass

from agent.memory.history import History
from agent.records import Belief, BeliefState, Experiment


@dataclass(frozen=True)
class Judged:
    """One plan of a round, and what its results made of its hypothesis.

    Attributes:
        plan: The plan.
        belief: By its results; ``None`` before there are any.
        earlier: What was believed before them.
        probability: And how probable it was, if anybody had said so.
        told: Samples whose results came, controls included.
        failed: How many of them gave nothing.
        open: Samples that are still to be told.
    """

    plan: Experiment
    belief: Belief | None
    earlier: BeliefState
    probability: float | None
    told: int
    failed: int
    open: int


@dataclass(frozen=True)
class RoundItem:
    """One round: the plans that were made at a time, and what came of them."""

    number: int
    plans: tuple[Judged, ...]
    next_steps: tuple[str, ...]


def round_items(history: History) -> tuple[RoundItem, ...]:
    """The rounds of a run, in order; none before the first result.

    Args:
        history: The run.
    """
    if not history.results:
        return ()
    plans = {plan.id: plan for plan in history.experiments}
    last: dict[str, Belief] = {}
    said: dict[str, tuple[str, ...]] = {}
    for update in history.updates:
        for belief in update.beliefs:
            last[belief.experiment] = belief
            said[belief.experiment] = update.next_steps
    before: dict[str, Belief] = {}
    items = []
    for number, names in enumerate(history.rounds_designed, 1):
        judged = tuple(_judged(plans[name], last.get(name), before, history) for name in names)
        before |= {one.belief.hypothesis: one.belief for one in judged if one.belief is not None}
        steps = [said[name] for name in names if name in said]
        items.append(RoundItem(number, judged, steps[-1] if steps else ()))
    return tuple(items)


def _judged(plan: Experiment, belief: Belief | None, before: dict[str, Belief], history: History) -> Judged:
    told = {one.sample: one for one in history.results if one.experiment == plan.id}
    earlier = before.get(plan.hypothesis)
    prior = next((one.prior for one in history.hypotheses if one.id == plan.hypothesis), None)
    if prior is None and belief is not None:
        prior = belief.prior
    return Judged(
        plan=plan,
        belief=belief,
        earlier=earlier.state if earlier is not None else "untested",
        probability=earlier.posterior if earlier is not None else prior,
        told=len(told),
        failed=sum(one.failed for one in told.values()),
        open=sum(sample.id not in told for sample in plan.samples),
    )


def print_probability(value: float | None) -> str:
    """A probability for a table: two digits, more only near certainty."""
    if value is None:
        return ""
    if 0.001 <= value <= 0.999:
        return f"{value:.2g}" if value < 0.99 else f"{value:.3f}"
    return "< 0.001" if value < 0.5 else "> 0.999"
