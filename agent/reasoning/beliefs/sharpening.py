"""What follows from a supported hypothesis: the same claim at a tighter bound, or for the next candidate of the series.

A supported hypothesis has passed its test; what it leaves open is how much further it reaches. Where the measured
interval excludes more than was claimed, its near end is the next bound, to be tested on fresh samples. Where it does
not, a claim about one candidate is made of the next candidate that its estimate says it of. At most two generations
follow from a hypothesis, and a tightened bound is not tightened again, so that a series of rounds ends.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence

from agent.errors import InputError, ToolError
from agent.reasoning.beliefs.following import Follow
from agent.reasoning.beliefs.intervals import Estimate
from agent.reasoning.beliefs.judging import pooled
from agent.reasoning.beliefs.reasons import RESULTS
from agent.reasoning.grounding import Grounder, join, number
from agent.reasoning.protocol import RunView
from agent.records import Candidate, Experiment, Hypothesis, Measured, Relation
from agent.units import convert, print_value
from agent.vocabulary import title

NOTICEABLE = 0.25
"""A bound is tighter when it moves by at least this share of the standard deviation of one unit."""

PARTICULAR = ("estimate", "transfer")
"""Kinds that claim something of one candidate, which the next of the series may share."""

GENERATIONS = 2
"""How many generations may follow from one hypothesis."""

POWER = 0.8
LEAST, MOST = 3, 24
"""Replicates a group of a sharper test: enough to see a spread, and no more than is practical."""


def sharper(
    hypotheses: Sequence[Hypothesis],
    experiments: Sequence[Experiment],
    results: Sequence[Measured],
    view: RunView,
    *,
    passed_over: Collection[str] = (),
    taken: Collection[str] = (),
) -> tuple[Hypothesis, ...]:
    """The hypotheses that follow from supported ones and were not made yet.

    Args:
        hypotheses: With their beliefs.
        experiments: All rounds so far.
        results: All that were told.
        view: The run: its ranked candidates are the series.
        passed_over: Ids of hypotheses that the researcher rejected.
        taken: Ids that may not be used again, besides those of ``hypotheses``.

    Returns:
        At most one for each supported hypothesis, with a new id and ``origin``; nothing where nothing can be sharpened.
    """
    origins = {one.origin for one in hypotheses}
    known = [*hypotheses]
    numbers = (name.removeprefix("h") for name in (*(one.id for one in hypotheses), *taken))
    last = max((int(number) for number in numbers if number.isdigit()), default=0)
    made: list[Hypothesis] = []
    for one in hypotheses:
        supported = one.belief is not None and one.belief.state == "supported"
        if not supported or one.id in origins or one.id in passed_over or _generation(one, known) >= GENERATIONS:
            continue
        identity = f"h{last + len(made) + 1}"
        rounds = [plan for plan in experiments if plan.hypothesis == one.id and plan.decision and plan.samples]
        if (next_one := _tighter(one, identity, rounds, results, known) or _next(one, identity, view, known)) is None:
            continue
        made.append(next_one)
        known.append(next_one)
    return tuple(made)


async def design_sharper(due: Follow, origin: Experiment, view: RunView, results: Sequence[Measured]) -> Experiment:
    """Plan the test of a tightened bound: sized by what was measured, on other members where a group has them.

    Args:
        due: The sharper hypothesis.
        origin: The newest plan of the hypothesis that it follows from.
        view: The run; calls the tool ``size_experiment``.
        results: All that were told.
    """
    from agent.reasoning.beliefs.replicating import with_new_members
    from agent.reasoning.experiments.design import Sizing, design_experiment

    hypothesis = due.hypothesis
    prediction = hypothesis.prediction
    effect, spread = prediction.effect, prediction.spread
    assert origin.decision is not None
    replicates, power = origin.replicates, None
    if effect and spread:
        groups = len(origin.decision.arms)
        asked = {
            "effect": abs(effect), "spread": spread, "power": POWER, "alpha": origin.decision.alpha, "groups": groups,
            "least": LEAST,
        }  # fmt: skip
        try:
            result = await view.context.call("size_experiment", asked)
        except ToolError:
            result = None
        if result is not None and result.status == "ok":
            replicates = int(result.data["replicates"])
            power = float(result.data["power"]) if replicates <= MOST else None
    basis = (
        f"Sized by what {origin.id} measured: {_shown(abs(effect or 0.0), prediction.unit)} to be resolved, standard "
        f"deviation {_shown(spread or 0.0, prediction.unit)}; never more than {MOST} a group. "
        "Its results are not counted again."
    )
    before = Follow("test", hypothesis, origin)
    return await design_experiment(
        hypothesis, with_new_members(before, view), Sizing(min(max(replicates, LEAST), MOST), power, basis)
    )


def _tighter(
    one: Hypothesis,
    identity: str,
    rounds: Sequence[Experiment],
    results: Sequence[Measured],
    known: Sequence[Hypothesis],
) -> Hypothesis | None:
    """The same claim, bounded by the near end of the measured interval."""
    found = pooled(rounds, results)
    if found is None or (one.origin and _same_subjects(one, known)):
        return None
    decision, estimate = found
    if decision.relation not in (">", ">=", "<", "<=") or decision.unit != one.prediction.unit or estimate.error == 0:
        return None
    sign = 1 if decision.relation in (">", ">=") else -1
    near = estimate.low if sign > 0 else estimate.high
    bound = _towards(decision.value, near)
    if sign * (bound - decision.value) < NOTICEABLE * estimate.deviation:
        return None
    relation: Relation = ">" if sign > 0 else "<"
    source = RESULTS + rounds[-1].id
    level = decision.compares == "level"
    names = {
        "what": ("the " if level else "the difference in ") + title(decision.quantity),
        "where": decision.arms[0] if level else f"{decision.arms[0]} minus {decision.arms[-1]}",
        "origin": one.id,
        "side": "above" if sign > 0 else "below",
        "plan": rounds[-1].id,
    }  # fmt: skip
    grounder = Grounder({})
    added = grounder.write(
        "Sharper than {{origin}}: {{what}} ({{where}}) lies {{side}} {{bound}}, and not only {{side}} {{old}}.",
        names,
        bound=number(bound, decision.unit, source=source),
        old=number(decision.value, decision.unit, source=rounds[-1].id),
    )
    # What the decision has to resolve: a difference is told from none, a level from its bound.
    effect = estimate.value if decision.compares == "difference" else estimate.value - bound
    prior = _chance(estimate, bound, sign)
    prediction = one.prediction.model_copy(
        update={
            "relation": relation, "value": bound, "source": source, "effect": float(f"{effect:.3g}"),
            "spread": float(f"{estimate.deviation:.3g}"),
        }
    )  # fmt: skip
    return one.model_copy(
        update={
            **_fresh(one, identity),
            "statement": join([one.statement, added]),
            "prediction": prediction,
            "refuted_by": f"A whole interval {'at or below' if sign > 0 else 'at or above'} "
            f"{print_value(bound, decision.unit)} on fresh samples.",
            "prior": round(prior, 3),
            "prior_basis": f"The probability, by the t distribution of what {rounds[-1].id} measured, that the true "
            f"value lies {names['side']} the tighter bound; errors that both rounds would share are not in it.",
        }
    )


def _next(one: Hypothesis, identity: str, view: RunView, known: Sequence[Hypothesis]) -> Hypothesis | None:
    """The same claim of the next candidate by rank that its estimate says it of and nobody has claimed it of."""
    prediction = one.prediction
    if one.kind not in PARTICULAR or len(one.subjects) != 1 or prediction.relation not in (">", ">=", "<", "<="):
        return None
    if one.origin and not _same_subjects(one, known):
        return None  # was itself carried over to this candidate
    if prediction.condition.startswith("difference"):
        return None  # what the estimate says of a candidate is its level
    claimed = {name for other in known if other.prediction.quantity == prediction.quantity for name in other.subjects}
    ranked = sorted((c for c in view.candidates if c.rank is not None), key=lambda c: (c.rank or 0, c.id))
    for candidate in ranked:
        if candidate.id in claimed or candidate.feasible is False or candidate.withheld:
            continue
        value = _value(candidate, prediction.quantity, prediction.unit)
        if value is None or not _meets(value, prediction.relation, prediction.value):
            continue
        return _about(one, identity, candidate, value, view)
    return None


def _about(one: Hypothesis, identity: str, candidate: Candidate, value: float, view: RunView) -> Hypothesis:
    from agent.reasoning.grounding.templates import called
    from agent.reasoning.hypotheses.prior import with_prior

    prediction = one.prediction
    names = {
        "what": title(prediction.quantity),
        "candidate": called(candidate.name, candidate.id),
        "origin": one.id,
        "first": one.subjects[0],
        "side": "above" if prediction.relation in (">", ">=") else "below",
    }
    assert one.belief is not None
    source = candidate.quantities[prediction.quantity].source
    statement = Grounder({}).write(
        "What {{origin}} says of {{first}} holds for the next of the series as well: the {{what}} of {{candidate}} "
        "lies {{side}} {{bound}} (estimated: {{value}}).",
        names,
        bound=number(prediction.value, prediction.unit, source=one.belief.experiment),
        value=number(float(f"{value:.3g}"), prediction.unit, source=source),
    )
    drafted = one.model_copy(
        update={
            **_fresh(one, identity),
            "statement": statement,
            "subjects": (candidate.id,),
            "scope": "",
            "evidence_for": (),
            "evidence_against": (),
            "prediction": prediction.model_copy(
                update={"effect": float(f"{abs(value - prediction.value):.3g}") or prediction.effect}
            ),
        }
    )
    return with_prior(drafted, view)


def _fresh(one: Hypothesis, identity: str) -> dict[str, object]:
    """What a hypothesis does not take over from the one that it follows from."""
    return {
        "id": identity, "origin": one.id, "belief": None, "critique": None, "merged_from": (), "rank": None,
        "rating": None, "interval": None, "evidence_for": one.evidence_for, "evidence_against": one.evidence_against,
    }  # fmt: skip


def _generation(one: Hypothesis, known: Sequence[Hypothesis]) -> int:
    """How many hypotheses it follows from, one after another."""
    by_id = {other.id: other for other in known}
    count = 0
    while one.origin in by_id:
        one, count = by_id[one.origin], count + 1
    return count


def _same_subjects(one: Hypothesis, known: Sequence[Hypothesis]) -> bool:
    """Whether a hypothesis with an origin is about what its origin is about: it was tightened, and not carried over."""
    return any(other.id == one.origin and other.subjects == one.subjects for other in known)


def _towards(old: float, near: float) -> float:
    """The near end at three digits, rounded towards the old bound so that it claims no more than was measured."""
    if near == 0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(abs(near))) - 2)
    steps = near / step
    return float(f"{(math.floor(steps) if near > old else math.ceil(steps)) * step:.6g}")


def _chance(estimate: Estimate, bound: float, sign: int) -> float:
    from scipy.special import stdtr

    return float(stdtr(estimate.freedom, sign * (estimate.value - bound) / estimate.error))


def _value(candidate: Candidate, quantity: str, unit: str) -> float | None:
    found = candidate.quantities.get(quantity)
    if found is None:
        return None
    try:
        return convert(found.value, found.unit, unit)
    except InputError:
        return None


def _meets(value: float, relation: Relation, bound: float) -> bool:
    return value > bound if relation in (">", ">=") else value < bound


def _shown(value: float, unit: str) -> str:
    return print_value(float(f"{value:.3g}"), unit)
