"""How probable a hypothesis is before any experiment, what testing it costs, and what may go wrong in testing it.

The prior follows one rule for every hypothesis, so that it can be checked by hand from what is shown beside it::

    prior odds = base odds x odds factor of every piece of support beyond the finding

*Base rate.* Where the estimate behind a prediction has a published error, the base rate is the chance that a value
estimated so falls where the prediction wants it, with normal errors: for one candidate the error itself; for a
difference of two groups of one series an error whose half is shared by the series and cancels. Where no error is
published, the base rate is that of its kind of inference (`BASE_RATES`): even odds where a direction is predicted from
one consistent set of estimates, less where the finding was picked as an extreme (it will regress to the mean) or comes
from a model's proposal alone. These rates are conventions of ours, named as such wherever they are shown; measured
results update them (`agent.reasoning.beliefs`).

*Support.* A piece of weight w multiplies the odds by (2 + w) / (2 - w): 1.2 for a weight of .2, 2.6 for .9; counter-
evidence divides by the same. The finding itself counts relative to one that just reaches significance (weight .5).
Published errors are in the base rate already and do not count twice. Pieces of evidence from one table share their
estimates and are not independent, so that together they move the odds by a factor of 3 at most, either way. The result
is kept within .05 and .95: no computed evidence is certain.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from agent.reasoning.experiments.methods import ASSUMED, METHODS, Method
from agent.reasoning.hypotheses.knowledge import ESTIMATE_INPUTS, LIABILITIES, MODEL_ERRORS, ModelError, mechanism
from agent.reasoning.hypotheses.scribe import DIFFERENCE, LIABLE
from agent.reasoning.protocol import RunView
from agent.records import Hypothesis, Prediction, Support
from agent.units import print_value
from agent.vocabulary import by_key, title

BASE_RATES: dict[str, float] = {
    "mechanism": 0.6, "transfer": 0.5, "contrast": 0.5, "trend": 0.5, "trade-off": 0.5, "polymorph": 0.5,
    "estimate": 0.5, "exchange": 0.6, "cliff": 0.5, "contradiction": 0.4, "outlier": 0.3, "model": 0.3,
}  # fmt: skip
"""Base rates by kind of inference, for quantities whose estimate has no published error. Conventions of ours."""

OTHERWISE = 0.3
LEAST, MOST = 0.05, 0.95
MOST_FACTOR = 3.0

SHARED = 0.5
"""Share of an estimate's error variance that the members of one series have in common, so that it cancels in
differences. A convention: analogues share most of their structure, and errors of structure-based models follow it."""

GROUP_SAMPLES = 6
"""Candidates of a group that are taken to be made and measured, when costs are estimated."""

MEAN_TO_DEVIATION = math.sqrt(math.pi / 2)
"""Ratio of the standard deviation to the mean absolute deviation of a normal distribution."""


def normal_cdf(z: float) -> float:
    """The standard normal distribution function."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def error_deviation(error: ModelError) -> float:
    """A published error as the standard deviation of a normal distribution."""
    return error.value * (MEAN_TO_DEVIATION if "mean" in error.measure else 1.0)


def with_prior(hypothesis: Hypothesis, view: RunView) -> Hypothesis:
    """A hypothesis with its prior and what it rests on, and with the cost and risk of testing it.

    Args:
        hypothesis: With evidence on both sides.
        view: The run.

    Returns:
        The same hypothesis, completed.
    """
    base, why, published = _base(hypothesis)
    finding, *further = hypothesis.evidence_for or (None,)
    log_odds = math.log(base / (1 - base))
    if finding is not None:
        log_odds += _factor(finding.weight) - _factor(0.5)
    doubts = [one for one in hypothesis.evidence_against if not (published and one.source == published)]
    gained, lost = _sum(further), _sum(doubts)
    prior = min(max(1 / (1 + math.exp(-(log_odds + gained - lost))), LEAST), MOST)
    certainty = math.exp(_factor(finding.weight) - _factor(0.5)) if finding is not None else 1.0
    basis = (
        f"Base rate {base:.2f}: {why}. Its odds are multiplied by {certainty:.2g} for how certain the finding is, by "
        f"{math.exp(gained):.2g} for further support, and divided by {math.exp(lost):.2g} for the evidence against it."
    )
    return hypothesis.model_copy(
        update={
            "prior": round(prior, 2),
            "prior_basis": basis,
            "cost": cost_of_testing(hypothesis),
            "risk": risk_of_testing(hypothesis, view),
        }
    )


def _factor(weight: float) -> float:
    return math.log((2 + weight) / (2 - weight))


def _sum(supports: Iterable[Support]) -> float:
    return min(sum(_factor(one.weight) for one in supports), math.log(MOST_FACTOR))


def _base(hypothesis: Hypothesis) -> tuple[float, str, str]:
    """The base rate, what it is, and the source of the published error it rests on (empty: none)."""
    prediction = hypothesis.prediction
    error = MODEL_ERRORS.get(prediction.quantity)
    circular = hypothesis.driver in ESTIMATE_INPUTS.get(prediction.quantity, ())
    if error is not None and prediction.effect and hypothesis.kind != "model" and not circular:
        chance = _chance(hypothesis, error)
        if chance is not None:
            return min(max(chance, LEAST), MOST), _said(hypothesis, error), error.source
    base = BASE_RATES.get(hypothesis.kind, OTHERWISE)
    if circular:
        known = mechanism(prediction.quantity, hypothesis.driver)
        if known is not None and known.sign:
            return base, f"that of a {hypothesis.kind} whose only independent ground is the textbook mechanism", ""
        return OTHERWISE, "the estimate is computed from the driver, so that it bears little on a real trend", ""
    return base, f"the convention for the kind '{hypothesis.kind or 'unnamed'}', as no published error applies", ""


def _said(hypothesis: Hypothesis, error: ModelError) -> str:
    error_text = print_value(error.value, METHODS[hypothesis.prediction.quantity].unit)
    what = "a difference estimated so" if is_difference(hypothesis.prediction) else "a value estimated so"
    by = f"{error.model}, {error.measure} {error_text}"
    return f"the chance that {what} meets the prediction, by the published error ({by})"


def is_difference(prediction: Prediction) -> bool:
    """Whether a prediction is about a difference between groups or candidates, and not about a level."""
    return prediction.condition.startswith(DIFFERENCE)


def _chance(hypothesis: Hypothesis, error: ModelError) -> float | None:
    """The chance that the measured value meets the prediction, if the estimate errs as published."""
    prediction, deviation = hypothesis.prediction, error_deviation(error)
    effect = prediction.effect or 0.0
    if is_difference(prediction):
        first, second = _group_sizes(hypothesis)
        deviation *= math.sqrt((1 - SHARED) * (1 / first + 1 / second))
        return normal_cdf((effect - abs(prediction.value)) / deviation)
    if prediction.relation == "between" and prediction.high is not None:
        half = (prediction.high - prediction.value) / 2
        return 2 * normal_cdf(half / deviation) - 1
    if hypothesis.kind == "transfer":  # the bound is one published error short of the estimate, or half of the effect
        return normal_cdf(error.value / deviation)
    if hypothesis.kind in ("contradiction", "polymorph"):  # the bound is the middle between two estimates
        return normal_cdf(effect / deviation)
    return None


def _group_sizes(hypothesis: Hypothesis) -> tuple[int, int]:
    """How many candidates each side of a difference has, as far as an experiment would take them."""
    count = len(hypothesis.subjects)
    if hypothesis.kind == "outlier":
        return 1, max(count - 1, 1)
    if hypothesis.kind == "contrast" and count > 2:
        return min(count, GROUP_SAMPLES), GROUP_SAMPLES
    return max(count // 2, 1), max(count - count // 2, 1)


def replicates_needed(prediction: Prediction) -> int | None:
    """Replicates a group for a power of .8 at a level of .05, in the normal approximation; ``None`` if unknown.

    Source:
        J. Cohen, Statistical Power Analysis for the Behavioral Sciences, 2nd ed., 1988: n = 2 (1.96 + .84)² / d².
    """
    if not prediction.effect or not prediction.spread:
        return None
    return max(3, math.ceil(15.7 * (prediction.spread / prediction.effect) ** 2))


def cost_of_testing(hypothesis: Hypothesis) -> str:
    """What a test costs, in words: samples, working days and consumables, from the table of methods."""
    method, needed = METHODS.get(hypothesis.prediction.quantity), replicates_needed(hypothesis.prediction)
    if method is None and hypothesis.prediction.quantity not in by_key() and needed is not None:
        return f"About {2 * needed} measurements by the lab's own method; what one costs is not known here."
    if method is None:
        return "Unknown: no method for this quantity is on file."
    if needed is None:
        return f"About {method.days:g} working days by {method.method}; the number of samples needs a pilot."
    samples = 2 * needed
    return (
        f"About {samples} measurements by {method.method}: {method.days:g} working days a batch and some "
        f"{samples * method.cost:,.0f} USD of consumables (an assumption), before what making the samples costs."
    )


def risk_of_testing(hypothesis: Hypothesis, view: RunView) -> str:
    """What may go wrong, or do harm, in a test: from the method's hazards and the candidates' liabilities."""
    method = METHODS.get(hypothesis.prediction.quantity)
    if method is None and hypothesis.prediction.quantity not in by_key():
        return "The scatter is taken from the earlier measurements: another batch or operator may add to it."
    if method is None:
        return "No method is on file, so that the first risk is to have none that decides."
    risks = [*_method_risks(method)]
    subjects = [c for c in view.candidates if c.id in hypothesis.subjects]
    liable = sorted(
        (quantity.value, c.id, name)
        for c in subjects
        for name, quantity in c.quantities.items()
        if name in LIABILITIES and quantity.value >= LIABLE
    )
    if liable:
        _, candidate, name = liable[-1]
        risks.append(f"liability of {candidate} ({title(name)}): handle it as harmful")
    if any(c.kind in ("molecule", "crystal") and c.labels.get("known", "no") == "no" for c in subjects):
        risks.append("samples have to be made first, and that may fail")
    return f"{'; '.join(risks)[0].upper()}{'; '.join(risks)[1:]}." if risks else "None beyond ordinary laboratory work."


def _method_risks(method: Method) -> Iterable[str]:
    if not method.direct:
        yield f"the assay bears on the {title(method.quantity)} only indirectly"
    if method.spread_source == ASSUMED:
        yield "its repeatability is assumed, and a pilot has to check it"
    yield from method.hazards
