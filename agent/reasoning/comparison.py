"""Comparing hypotheses on stated criteria: support, novelty, testability, expected information, value."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from agent.reasoning.experiments.methods import METHODS
from agent.reasoning.protocol import RunView
from agent.records import Hypothesis, Support, Verdict

JUDGE = "criteria"
RESOLUTION = 0.02
"""Totals within one step of this grid are a tie. A grid, and no margin, so that verdicts are transitive."""


@dataclass(frozen=True)
class Criteria:
    """What a hypothesis is judged by, each in [0, 1].

    Attributes:
        support: How far the evidence for it outweighs the evidence against it.
        novelty: 1 novel, .5 unknown, .1 known.
        testability: Whether its quantity has a method, and how few replicates resolve its effect.
        information: How much the outcome would teach: most where it is an even bet, and where it bears on many.
        value: How much it bears on what the goal asks for.
    """

    support: float
    novelty: float
    testability: float
    information: float
    value: float

    @property
    def total(self) -> float:
        """The weighted sum."""
        return sum(WEIGHTS[name] * getattr(self, name) for name in WEIGHTS)


WEIGHTS = {"support": 0.30, "novelty": 0.10, "testability": 0.20, "information": 0.15, "value": 0.25}
"""Weights of the criteria; they sum to 1."""

_NOVELTY = {"novel": 1.0, "unknown": 0.5, "known": 0.1}


def compare_pair(first: Hypothesis, second: Hypothesis, view: RunView) -> Verdict:
    """Judge two hypotheses.

    Args:
        first: One.
        second: The other.
        view: The run that they come from.

    Returns:
        The winner, or a tie where the totals do not differ by a step of the grid; the reason names the criteria that
        decide. Swapping the two swaps the verdict, and verdicts over many hypotheses are transitive.
    """
    one, other = criteria(first, view), criteria(second, view)
    gap = _step(one) - _step(other)
    winner = "tie" if gap == 0 else "first" if gap > 0 else "second"
    return Verdict(first=first.id, second=second.id, winner=winner, reason=_reason(one, other, gap), judge=JUDGE)


def _step(judged: Criteria) -> int:
    return math.floor(judged.total / RESOLUTION + 1e-9)


def _reason(one: Criteria, other: Criteria, gap: int) -> str:
    shares = {name: WEIGHTS[name] * (getattr(one, name) - getattr(other, name)) for name in WEIGHTS}
    if gap == 0:
        return f"Too close to call: {one.total:.2f} and {other.total:.2f} on the weighted criteria."
    better = sorted((n for n in shares if shares[n] * gap > 0), key=lambda n: (-abs(shares[n]), n))
    worse = sorted((n for n in shares if shares[n] * gap < 0), key=lambda n: (-abs(shares[n]), n))
    parts = [f"{name} {getattr(one, name):.2f} against {getattr(other, name):.2f}" for name in better[:2]]
    text = f"The {'first' if gap > 0 else 'second'} has the better {' and '.join(parts)}"
    if worse:
        name = worse[0]
        text += f", although not the better {name} ({getattr(one, name):.2f} against {getattr(other, name):.2f})"
    return f"{text}; in all {one.total:.2f} against {other.total:.2f}."


def criteria(hypothesis: Hypothesis, view: RunView) -> Criteria:
    """Judge one hypothesis by itself.

    Args:
        hypothesis: With evidence on both sides and a prediction.
        view: The run.

    Returns:
        The criteria, each rounded to three digits.
    """
    pro, contra = _together(hypothesis.evidence_for), _together(hypothesis.evidence_against)
    support = max(0.0, min(1.0, pro * (1.0 - 0.5 * contra)))
    if _unverified(hypothesis):
        support *= 0.5
    judged = Criteria(
        support=support,
        novelty=_NOVELTY[hypothesis.novelty],
        testability=_testability(hypothesis),
        information=_information(hypothesis, support, view),
        value=_value(hypothesis, view),
    )
    return Criteria(**{field.name: round(getattr(judged, field.name), 3) for field in fields(Criteria)})


def _together(supports: tuple[Support, ...]) -> float:
    """Several supports as one, as if each were an independent chance of being right."""
    doubt = 1.0
    for support in supports:
        doubt *= 1.0 - support.weight
    return 1.0 - doubt


def _unverified(hypothesis: Hypothesis) -> bool:
    return bool(hypothesis.statement.unverified or hypothesis.mechanism.unverified)


def _testability(hypothesis: Hypothesis) -> float:
    """A method of its own, and few replicates: 1 for 3 a group, .5 for about 12, towards 0 beyond."""
    method = METHODS.get(hypothesis.prediction.quantity)
    if method is None:
        return 0.05
    effect, spread = hypothesis.prediction.effect, hypothesis.prediction.spread
    if not effect or not spread:
        return 0.3
    # Replicates a group for a power of .8 at alpha .05, in the normal approximation: 2 (1.96 + .84)^2 / d^2.
    needed = max(3.0, 15.7 * (spread / effect) ** 2)
    ease = 1.0 / (1.0 + (needed - 3.0) / 9.0)
    time = 1.0 / (1.0 + method.days / 30.0)
    return ease * time * (1.0 if method.direct else 0.6)


def _information(hypothesis: Hypothesis, support: float, view: RunView) -> float:
    """Entropy of the outcome, weighted by the share of the candidates that it bears on."""
    chance = min(max(0.25 + 0.65 * support, 1e-9), 1 - 1e-9)
    entropy = -chance * math.log2(chance) - (1 - chance) * math.log2(1 - chance)
    series = hypothesis.kind in ("trend", "contrast", "mechanism", "trade-off", "contradiction")
    reach = 1.0 if series else len(hypothesis.subjects) / max(len(view.candidates), 1)
    return entropy * (0.5 + 0.5 * min(reach, 1.0))


def _value(hypothesis: Hypothesis, view: RunView) -> float:
    """Bearing on the goal: its quantity is an objective or constraint, its subjects are feasible and well ranked."""
    quantity = hypothesis.prediction.quantity
    named = (
        1.0
        if any(o.quantity == quantity for o in view.brief.objectives)
        else 0.6
        if any(c.quantity == quantity for c in view.brief.constraints)
        else 0.3
    )
    subjects = [c for c in view.candidates if c.id in hypothesis.subjects]
    if not subjects:
        return 0.6 * named
    count = max(len(view.candidates), 1)
    standing = [(1.0 - ((c.rank or count) - 1) / count) * (0.5 if c.feasible is False else 1.0) for c in subjects]
    return 0.6 * named + 0.4 * max(standing)
