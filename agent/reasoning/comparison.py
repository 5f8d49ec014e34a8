"""Comparing hypotheses on stated criteria: support, novelty, testability, expected information, value.

What deserves the next experiment is not what is most likely true: a level predicted within the error of its own
estimate is likely true and teaches next to nothing. The criteria follow from that.

*Severity* (Popper's corroboration, in Mayo's form): a test is worth passing only if a false hypothesis would probably
fail it. For every prediction the chance is computed that it would come true although the hypothesis is false:

- a level against a stated rival (the reference, the other estimate, the other structure): the chance that the rival's
  value, with the error of the estimate, meets the prediction.
- any other level: the share of the run's own distribution of that quantity, widened by the published error of the
  estimate, that meets the prediction: what somebody who knew the series and not the hypothesis would expect. An
  interval that admits most of the series can hardly fail.
- a difference: the chance that two groups of the design's size differ by more than the bound with no cause behind it.

*Expected information* is the mutual information, in bits, between the truth of the hypothesis (its prior) and the
outcome of a test of power .8 that passes falsehoods as often as the severity allows, times the *reach*: the share of
the candidates, on a logarithmic scale, that the outcome says something about. A rule about a series decides about all
of them, a level about one. An even bet teaches most, whichever way it goes.

*Testability* is how affordable a severe test is: replicates, days, whether the method measures the quantity itself,
times the severity. *Support* is how far the evidence for outweighs that against, the confounders that the critique
found included. *Value* is the bearing on the goal: the quantity it asks about, and candidates that rank well (a rule
guides every next candidate, and counts as the best of them).

Weights: expected information and support weigh most (.25 each), then testability and value (.20), then novelty (.10),
which a run can judge only against the sources that it searched.

Source:
    D. G. Mayo, Statistical Inference as Severe Testing, 2018; D. V. Lindley, Ann. Math. Stat. 27 (1956) 986, for
    expected information.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

from agent.errors import InputError
from agent.reasoning.experiments.methods import METHODS
from agent.reasoning.hypotheses.knowledge import MODEL_ERRORS, RELATIVE_TOLERANCE, family
from agent.reasoning.hypotheses.prior import error_deviation, is_difference, normal_cdf, replicates_needed
from agent.reasoning.protocol import RunView
from agent.records import Hypothesis, Prediction, Verdict
from agent.units import convert
from agent.vocabulary import title

JUDGE = "criteria"
RESOLUTION = 0.02
"""Totals within one step of this grid are a tie. A grid, and no margin, so that verdicts are transitive."""

POWER = 0.8
"""Power that experiments are planned for."""

UNKNOWN_SEVERITY = 0.5
"""Where the run holds nothing to compare a level with."""

CONFOUNDED = 0.15
"""Weight against a hypothesis of each confounder that the critique found."""

SERIES = ("trend", "contrast", "mechanism", "trade-off", "contradiction")
"""Kinds that say something about every candidate of a series."""


@dataclass(frozen=True)
class Criteria:
    """What a hypothesis is judged by, each in [0, 1].

    Attributes:
        support: How far the evidence for it outweighs the evidence against it.
        novelty: 1 novel, .5 unknown, .1 known.
        testability: How affordable a severe test is.
        information: Bits that a test is expected to bring, by how many candidates they bear on.
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


WEIGHTS = {"information": 0.25, "support": 0.25, "testability": 0.20, "value": 0.20, "novelty": 0.10}
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
    against = [support.weight for support in hypothesis.evidence_against]
    if hypothesis.critique is not None:
        against += [CONFOUNDED] * len(hypothesis.critique.confounders)
    pro, contra = _together([support.weight for support in hypothesis.evidence_for]), _together(against)
    support = max(0.0, min(1.0, pro * (1.0 - 0.5 * contra)))
    if hypothesis.statement.unverified or hypothesis.mechanism.unverified:
        support *= 0.5
    severe = severity(hypothesis, view)
    judged = Criteria(
        support=support,
        novelty=_NOVELTY[hypothesis.novelty],
        testability=_affordable(hypothesis.prediction) * severe,
        information=expected_information(_prior(hypothesis, support), 1 - severe) * _reach(hypothesis, view),
        value=_value(hypothesis, view),
    )
    return Criteria(**{field.name: round(getattr(judged, field.name), 3) for field in fields(Criteria)})


def _together(weights: list[float]) -> float:
    """Several supports as one, as if each were an independent chance of being right."""
    return 1.0 - math.prod(1.0 - weight for weight in weights)


def _prior(hypothesis: Hypothesis, support: float) -> float:
    return hypothesis.prior if hypothesis.prior is not None else 0.25 + 0.5 * support


def severity(hypothesis: Hypothesis, view: RunView) -> float:
    """The chance that a false hypothesis fails its test: 1 less the chance that the prediction comes true by itself.

    Args:
        hypothesis: With its prediction.
        view: The run, whose candidates are what is expected without the hypothesis.

    Returns:
        A chance in [0, 1]; `UNKNOWN_SEVERITY` for a level where the run holds fewer than three values.
    """
    prediction = hypothesis.prediction
    if is_difference(prediction):
        if not prediction.spread:
            return 1.0 - 0.05
        # With the usual replicates, a bound of half the effect, and no difference behind it.
        count = replicates_needed(prediction) or 3
        return normal_cdf(abs(prediction.value) / (prediction.spread * math.sqrt(2 / count)))
    rival = _rival_distance(hypothesis, view)
    error = MODEL_ERRORS.get(prediction.quantity)
    if rival is not None:
        share = RELATIVE_TOLERANCE.get(prediction.quantity, 0.0) / 2
        deviation = error_deviation(error) if error else abs(prediction.value) * share
        return normal_cdf(rival / math.hypot(deviation, prediction.spread or 0.0, 1e-12))
    values = _column(prediction, view)
    if len(values) < 3:
        return UNKNOWN_SEVERITY
    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    deviation = math.sqrt(variance + (error_deviation(error) ** 2 if error else 0.0) + (prediction.spread or 0.0) ** 2)
    if deviation == 0:
        return UNKNOWN_SEVERITY
    below = normal_cdf((prediction.value - mean) / deviation)
    if prediction.relation == "between" and prediction.high is not None:
        return 1.0 - (normal_cdf((prediction.high - mean) / deviation) - below)
    return below if prediction.relation in (">", ">=") else 1.0 - below if prediction.relation in ("<", "<=") else 0.95


def _rival_distance(hypothesis: Hypothesis, view: RunView) -> float | None:
    """How far short of the bound the rival's value lies, where the hypothesis is stated against a rival."""
    prediction = hypothesis.prediction
    if not prediction.effect:
        return None
    if hypothesis.kind in ("contradiction", "polymorph"):  # the bound is the middle between the two
        return prediction.effect
    if hypothesis.kind != "transfer":
        return None
    own = next((c.quantities.get(prediction.quantity) for c in view.candidates if c.id in hypothesis.subjects), None)
    return None if own is None else prediction.effect - abs(own.value - prediction.value)


def _column(prediction: Prediction, view: RunView) -> list[float]:
    values = []
    for candidate in view.candidates:
        quantity = candidate.quantities.get(prediction.quantity)
        if quantity is None or candidate.withheld:
            continue
        try:
            values.append(convert(quantity.value, quantity.unit, prediction.unit))
        except InputError:
            continue
    return [value for value in values if math.isfinite(value)]


def expected_information(prior: float, false_pass: float, power: float = POWER) -> float:
    """Mutual information between the truth of a hypothesis and the outcome of a test.

    Args:
        prior: Probability of being true.
        false_pass: Chance that the test is passed although it is false.
        power: Chance that it is passed if it is true.

    Returns:
        Bits, in [0, 1].
    """
    passed = prior * power + (1 - prior) * false_pass
    return max(0.0, _entropy(passed) - prior * _entropy(power) - (1 - prior) * _entropy(false_pass))


def _entropy(chance: float) -> float:
    chance = min(max(chance, 1e-12), 1 - 1e-12)
    return -chance * math.log2(chance) - (1 - chance) * math.log2(1 - chance)


def _reach(hypothesis: Hypothesis, view: RunView) -> float:
    """The share of the run's candidates, on a logarithmic scale, that an outcome says something about."""
    total = max(len(view.candidates), 1)
    # A contrast of two named candidates is no rule; its handful is all there is.
    count = total if hypothesis.kind in SERIES and len(hypothesis.subjects) != 2 else max(len(hypothesis.subjects), 1)
    if hypothesis.kind in ("outlier", "transfer", "estimate"):
        count = 1 if hypothesis.kind == "estimate" else 2  # the subject and what it is compared with
    if hypothesis.kind in ("contradiction", "trade-off"):
        count = total
    return math.log(1 + min(count, total)) / math.log(1 + total)


def _affordable(prediction: Prediction) -> float:
    """A method of its own, and few replicates: 1 for 3 a group, .5 for about 12, towards 0 beyond."""
    method, needed = METHODS.get(prediction.quantity), replicates_needed(prediction)
    if method is None:
        return 0.05
    if needed is None:
        return 0.3
    ease = 1.0 / (1.0 + (needed - 3.0) / 9.0)
    time = 1.0 / (1.0 + method.days / 30.0)
    return ease * time * (1.0 if method.direct else 0.6)


def _value(hypothesis: Hypothesis, view: RunView) -> float:
    """Bearing on the goal: its quantity is asked about, its subjects are feasible and well ranked."""
    about, brief = family(hypothesis.prediction.quantity), view.brief
    asked = any(family(o.quantity) == about for o in brief.objectives)
    asked = asked or title(hypothesis.prediction.quantity).lower() in view.goal.text.lower()
    bounded = any(family(c.quantity) == about for c in brief.constraints)
    named = 1.0 if asked else 0.6 if bounded else 0.3
    if hypothesis.kind in SERIES and len(hypothesis.subjects) != 2:
        return named  # a rule guides every next candidate, as far as its quantity is asked about
    subjects = [c for c in view.candidates if c.id in hypothesis.subjects]
    if not subjects:
        return 0.6 * named
    count = max(len(view.candidates), 1)
    standing = [(1.0 - ((c.rank or count) - 1) / count) * (0.5 if c.feasible is False else 1.0) for c in subjects]
    return 0.6 * named + 0.4 * max(standing) * max(named, 0.5)
