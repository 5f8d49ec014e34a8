"""The one extension of an undecided experiment: further replicates, sized by what was observed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agent.errors import ToolError
from agent.reasoning.beliefs.following import Follow
from agent.reasoning.beliefs.intervals import Estimate
from agent.reasoning.beliefs.judging import observed
from agent.reasoning.grounding import Grounder, number
from agent.reasoning.protocol import RunView
from agent.records import Decision, Experiment, Measured, Result
from agent.units import print_value

POWER = 0.8
LEAST = 2
"""The fewest further replicates of a group: one more shows no spread of its own."""


async def replicate(due: Follow, view: RunView, results: Sequence[Measured]) -> Experiment:
    """Plan the further round of an undecided experiment.

    Its replicates are what a power analysis on the observed mean and spread still lacks, at most as many again as were
    planned at first: that is what the stopping rule allows.

    Args:
        due: What is to be replicated.
        view: The run; calls the tool ``size_experiment``.
        results: All that were told.

    Returns:
        The plan, with the id of its round; its decision is that of the first round.
    """
    from agent.reasoning.experiments.design import Sizing, design_experiment

    plan, hypothesis = due.experiment, due.hypothesis
    assert plan is not None
    assert plan.decision is not None
    estimate = observed(plan, results)
    wanted = await _replicates(plan, estimate, view)
    basis = (
        "The first round gave no usable interval, so it is repeated as it was planned."
        if estimate is None
        else f"Sized by what was observed: mean {_shown(estimate.value, plan.decision)}, standard deviation "
        f"{_shown(estimate.deviation, plan.decision)}, power {POWER:g}; never more than were planned at first."
    )
    # The plan of a round is made like any other, under the round's name.
    named = hypothesis.model_copy(update={"id": due.plan.replace("x", "h", 1)})
    made = await design_experiment(named, with_new_members(due, view), Sizing(wanted, None, basis))
    grounder = Grounder({})
    stop = grounder.write(
        "This is round {{round}} of {{plan}}, the one extension that its stopping rule allows. Its results are pooled "
        "with the earlier ones; after it, undecided is the result.",
        {"plan": plan.id},
        round=number(due.number, source=plan.id),
    )
    same = made.decision is not None and set(made.decision.arms) == set(plan.decision.arms)
    return made.model_copy(
        update={
            "hypothesis": hypothesis.id,
            "title": f"{plan.title} (round {due.number})",
            "decision": plan.decision if same else made.decision,
            "decision_rule": plan.decision_rule if same else made.decision_rule,
            "stopping_rule": stop,
        }
    )


def with_new_members(due: Follow, view: RunView) -> RunView:
    """The run without the members that were measured, where groups are compared and enough others are left.

    Members are the units of a group: repeating the same ones would only tell better what they themselves are.
    """
    from agent.reasoning.experiments.arms import arms
    from agent.reasoning.hypotheses.table import tabulate

    assert due.experiment is not None
    used = {sample.item for sample in due.experiment.samples}
    fresh = replace(view, candidates=tuple(one for one in view.candidates if one.id not in used))
    before, after = (arms(due.hypothesis, tabulate(one)) if one.candidates else () for one in (view, fresh))
    grouped = len(before) == len(after) == 2 and all(len(arm.items) > 1 for arm in before)
    enough = grouped and all(len(arm.members) >= LEAST for arm in after)
    return fresh if enough and [arm.name for arm in before] == [arm.name for arm in after] else view


async def _replicates(plan: Experiment, estimate: Estimate | None, view: RunView) -> int:
    """How many further replicates a group gets."""
    decision = plan.decision
    assert decision is not None
    if estimate is None or estimate.deviation == 0:
        return plan.replicates
    gap = _gap(decision, estimate)
    if gap == 0:
        return plan.replicates
    asked = {
        "effect": gap, "spread": estimate.deviation, "power": POWER, "alpha": decision.alpha,
        "groups": len(decision.arms), "least": LEAST,
    }  # fmt: skip
    try:
        result: Result = await view.context.call("size_experiment", asked)
    except ToolError:
        return plan.replicates
    if result.status != "ok":  # no practical number is enough: take all that the rule allows
        return plan.replicates
    return min(max(int(result.data["replicates"]) - plan.replicates, LEAST), max(plan.replicates, LEAST))


def _gap(decision: Decision, estimate: Estimate) -> float:
    """The distance that the interval has to resolve for the rule to decide."""
    bounds = [decision.value] if decision.high is None else [decision.value, decision.high]
    nearest = min(abs(estimate.value - bound) for bound in bounds)
    beyond = estimate.value > decision.value if decision.relation in (">", ">=") else estimate.value < decision.value
    if decision.compares == "difference" and decision.relation in ("<", "<=", ">", ">=") and beyond:
        return abs(estimate.value)  # beyond the bound already: what is missing is to tell it from none
    return nearest


def _shown(value: float, decision: Decision) -> str:
    return print_value(float(f"{value:.3g}"), decision.unit)
