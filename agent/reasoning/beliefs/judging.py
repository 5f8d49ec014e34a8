"""Beliefs: the decision rule of an experiment, applied to what was measured exactly as it was fixed beforehand."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from agent.reasoning.beliefs.bayes import direction_factor, interval_factor, point_factor, posterior
from agent.reasoning.beliefs.intervals import Estimate, difference, level
from agent.reasoning.beliefs.joining import Arm, Joined, join, pool
from agent.reasoning.beliefs.reasons import Reason
from agent.reasoning.beliefs.validity import fault, outside
from agent.records import Belief, BeliefState, Decision, Experiment, Hypothesis, Measured

PRIOR = 0.5
"""Probability of a hypothesis whose prior nobody stated; the reason says so."""

LEAST = 2
"""The fewest units of an arm that show a spread."""


def judge(
    hypotheses: Iterable[Hypothesis], experiments: Sequence[Experiment], results: Sequence[Measured]
) -> tuple[Belief, ...]:
    """What all results so far make of each hypothesis that has any.

    Args:
        hypotheses: Of the run.
        experiments: All rounds; those without a decision or samples cannot be judged and are passed over.
        results: All that were told, in any order.

    Returns:
        One belief per hypothesis that results bear on, in the order of the hypotheses.
    """
    beliefs = []
    for hypothesis in hypotheses:
        plans = [one for one in experiments if one.hypothesis == hypothesis.id and one.decision and one.samples]
        rounds = [joined for plan in plans if (joined := join(plan, results)).told]
        if rounds:
            beliefs.append(believe(hypothesis, rounds))
    return tuple(beliefs)


def believe(hypothesis: Hypothesis, rounds: Sequence[Joined]) -> Belief:
    """What one hypothesis' results make of it.

    Rounds of the same rule are pooled; a round whose controls do not hold is left out, and said so. The factor is that
    of all results against the prior from before any of them, so that it does not matter in which order they came.

    Args:
        hypothesis: The hypothesis.
        rounds: What came of its experiments, the first round first.

    Returns:
        The belief, by the rule of the newest round.
    """
    decision = rounds[-1].experiment.decision
    assert decision is not None
    same = [one for one in rounds if _rule(one.experiment.decision) == _rule(decision)]
    faults = {one.experiment.id: reason for one in same if (reason := fault(one))}
    sound = [one for one in same if one.experiment.id not in faults]
    arms = pool(sound) if sound else {name: Arm(name) for name in decision.arms}
    reason = Reason(decision, rounds[-1].experiment.id, tuple(one.experiment.id for one in same))
    for one in same:
        if one.experiment.id in faults:
            reason.left_out(one.experiment.id, faults[one.experiment.id], outside(one))
    prior = PRIOR if hypothesis.prior is None else hypothesis.prior
    estimate = _estimate(decision, arms)
    factor = None if estimate is None else _factor(decision, estimate)
    state: BeliefState = "undecided"
    if estimate is not None:
        reason.measured(estimate, arms)
        state = _state(decision, estimate, arms, sound, reason)
    elif sound:
        reason.too_few(arms, LEAST)
    after = prior if factor is None else posterior(prior, factor)
    if factor is not None:
        reason.evidence(factor, prior, after, stated=hypothesis.prior is not None)
    return Belief(
        hypothesis=hypothesis.id,
        state=state,
        prior=prior,
        posterior=after,
        log10_bayes_factor=factor,
        reason=reason.text(),
        experiment=rounds[-1].experiment.id,
        results=sum(arm.counted for arm in arms.values()),
    )


def decide(decision: Decision, estimate: Estimate) -> BeliefState:
    """Apply a rule to an estimate.

    ========== ============================================ =============================================
    relation   supported                                    refuted
    ========== ============================================ =============================================
    < <= > >=  level: the whole interval is beyond the      the whole interval is at or short of the
               bound; difference: the estimate is beyond    bound
               it and the interval excludes zero
    between    the whole interval lies inside               the whole interval lies on one side outside
    ==         the interval contains the value              it does not
    ========== ============================================ =============================================

    Args:
        decision: The rule.
        estimate: What was measured, with the interval at the rule's level.

    Returns:
        ``supported``, ``refuted``, or ``undecided``.
    """
    value, low, high = decision.value, estimate.low, estimate.high
    if decision.relation == "==":
        return "supported" if low <= value <= high else "refuted"
    if decision.relation == "between":
        top = value if decision.high is None else decision.high
        if value < low and high < top:
            return "supported"
        return "refuted" if high <= value or low >= top else "undecided"
    if decision.relation in ("<", "<="):  # the mirror image of the other direction
        value, low, high = -value, -high, -low
    estimated = (low + high) / 2
    met = low > value if decision.compares == "level" else estimated > value and not low <= 0 <= high
    if met:
        return "supported"
    return "refuted" if high <= value else "undecided"


def pooled(plans: Sequence[Experiment], results: Sequence[Measured]) -> tuple[Decision, Estimate] | None:
    """The newest rule of a hypothesis' rounds and what its sound rounds measured together, as `believe` takes them.

    Args:
        plans: The rounds, the first one first, each with a decision.
        results: All that were told.

    Returns:
        The rule and the estimate; ``None`` where no round counts or there are too few results.
    """
    if not plans or (decision := plans[-1].decision) is None:
        return None
    joined = [join(plan, results) for plan in plans if _rule(plan.decision) == _rule(decision)]
    sound = [one for one in joined if one.told and not fault(one)]
    estimate = _estimate(decision, pool(sound)) if sound else None
    return None if estimate is None else (decision, estimate)


def observed(plan: Experiment, results: Sequence[Measured]) -> Estimate | None:
    """What one experiment has measured, whatever follows from it; ``None`` if it does not count or has too little."""
    joined = join(plan, results)
    assert plan.decision is not None
    return None if fault(joined) else _estimate(plan.decision, joined.arms)


def _state(
    decision: Decision, estimate: Estimate, arms: dict[str, Arm], sound: Sequence[Joined], reason: Reason
) -> BeliefState:
    """The rule's verdict, unless something keeps it from being applied yet."""
    waiting = sum(one.waiting for one in sound)
    if waiting:
        reason.waiting(waiting)
        return "undecided"
    if estimate.error == 0:
        reason.no_spread()
        return "undecided"
    planned = sound[0].experiment.replicates
    short = [name for name, arm in arms.items() if arm.counted < planned]
    if decision.relation == "==" and short:
        # A wide interval contains any value: too few results must not pass for agreement.
        reason.short(short[0], arms[short[0]].counted, planned)
        return "undecided"
    state = decide(decision, estimate)
    reason.verdict(state)
    return state


def _estimate(decision: Decision, arms: dict[str, Arm]) -> Estimate | None:
    units = [arms[name].units for name in decision.arms]
    if any(len(one) < LEAST for one in units):
        return None
    if decision.compares == "level":
        return level(units[0], decision.alpha)
    return difference(units[0], units[1], decision.alpha)


def _factor(decision: Decision, estimate: Estimate) -> float | None:
    """The decimal logarithm of the Bayes factor for the predicted range against all the rest."""
    if estimate.error == 0:
        return None
    if decision.relation == "==":
        return point_factor((estimate.value - decision.value) / estimate.error, estimate.size, estimate.freedom)
    if decision.relation == "between":
        top = decision.value if decision.high is None else decision.high
        middle, half = (decision.value + top) / 2, (top - decision.value) / 2
        if half <= 0:
            return None
        t = (estimate.value - middle) / estimate.error
        # The deviation that goes with the standard error, so that the interval is standardised as the statistic is.
        deviation = estimate.error * math.sqrt(estimate.size)
        return interval_factor(t, estimate.size, estimate.freedom, half / deviation)
    sign = 1 if decision.relation in (">", ">=") else -1
    t = sign * (estimate.value - decision.value) / estimate.error
    return direction_factor(t, estimate.size, estimate.freedom)


def _rule(decision: Decision | None) -> Decision | None:
    """What has to be the same for two rounds to be pooled: all but the expected spread, which may be learnt between."""
    return None if decision is None else decision.model_copy(update={"spread": None})
