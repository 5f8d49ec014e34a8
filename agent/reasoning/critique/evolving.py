"""What becomes of a criticised hypothesis: merged with its like, sharpened, or dropped, each with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from agent.reasoning.comparison import severity
from agent.reasoning.critique.arguments import Examined, cause_name
from agent.reasoning.critique.meaning import same_meaning
from agent.reasoning.experiments.methods import METHODS
from agent.reasoning.grounding import join as joined
from agent.reasoning.hypotheses import rules
from agent.reasoning.hypotheses.findings import LEAST_RHO, LEAST_ROWS, Trend
from agent.reasoning.hypotheses.knowledge import ESTIMATE_INPUTS
from agent.reasoning.hypotheses.merging import with_evidence
from agent.reasoning.hypotheses.prior import replicates_needed
from agent.reasoning.hypotheses.sample_groups import sides
from agent.reasoning.hypotheses.scribe import Scribe, bound, driver_name, method_of, refutation
from agent.reasoning.hypotheses.statistics import association, difference
from agent.reasoning.hypotheses.table import Table
from agent.reasoning.protocol import RunView
from agent.records import Hypothesis
from agent.units import print_value
from agent.vocabulary import title

MOST_REPLICATES = 60
"""Replicates a group beyond which no laboratory will run the test."""

LEAST_SEVERITY = 0.25
"""A test that a falsehood passes more often than three times in four tells nothing."""

LEVEL_SEVERITY = 0.5
"""A predicted level is narrowed until a falsehood would fail at least every other time."""

BARELY = 0.25
"""Rank correlation below which a trend is absent in a part of its range."""


@dataclass(frozen=True)
class Evolved:
    """A hypothesis after its critique, what happened to it, and in words what and why."""

    hypothesis: Hypothesis
    outcome: str = "kept"
    change: str = ""


def merge(hypotheses: tuple[Hypothesis, ...], table: Table) -> tuple[tuple[Hypothesis, str], ...]:
    """Merge what means the same: the better supported one stays and takes the other's evidence.

    Args:
        hypotheses: In order.
        table: The candidates.

    Returns:
        Those that stay, each with what was merged into it in words (empty: nothing).
    """
    kept: list[tuple[Hypothesis, str]] = []
    for one in hypotheses:
        place = next((i for i, (other, _) in enumerate(kept) if same_meaning(one, other, table)), None)
        if place is None:
            kept.append((one, ""))
        else:
            other, told = kept[place]
            kept[place] = join(other, one, told)
    return tuple(kept)


def join(one: Hypothesis, other: Hypothesis, told: str = "") -> tuple[Hypothesis, str]:
    """Two of one meaning as one: the more probable stays; of equals the first."""
    stays, goes = (one, other) if (one.prior or 0.0) >= (other.prior or 0.0) else (other, one)
    together = with_evidence(stays, goes)
    gone = (*one.merged_from, *other.merged_from, goes.statement.text)
    change = f"{goes.id} predicts the same and was merged into this one."
    return together.model_copy(update={"merged_from": tuple(dict.fromkeys(gone))}), f"{told} {change}".strip()


def evolve(hypothesis: Hypothesis, examined: Examined, scribe: Scribe, view: RunView) -> Evolved:
    """Keep, sharpen or drop one hypothesis.

    Args:
        hypothesis: After merging.
        examined: What was found against it.
        scribe: Writes about the run's table.
        view: The run.

    Returns:
        What becomes of it.
    """
    reason = _untenable(hypothesis, examined, scribe, view)
    if reason:
        return Evolved(hypothesis, "dropped", reason)
    sharpened = _sharpened(hypothesis, scribe, view)
    if sharpened is not None:
        still = _untenable(sharpened.hypothesis, examined, scribe, view)
        return Evolved(hypothesis, "dropped", still) if still else sharpened
    if hypothesis.kind == "estimate" and severity(hypothesis, view) < LEAST_SEVERITY:
        return Evolved(
            hypothesis,
            "dropped",
            "It can hardly fail: the interval admits most of what the other candidates show,"
            " and the measurement cannot resolve a narrower one.",
        )
    return Evolved(hypothesis)


def _untenable(hypothesis: Hypothesis, examined: Examined, scribe: Scribe, view: RunView) -> str:
    """Why a hypothesis is not worth a test; empty if it is."""
    needed = replicates_needed(hypothesis.prediction)
    if needed is not None and needed > MOST_REPLICATES:
        return f"No affordable test could see it: about {needed} replicates a group would be needed."
    if sides(hypothesis, scribe.table) is not None:
        real = []  # its difference at equal values of the table's other columns is among the evidence
    elif hypothesis.kind == "contrast" and len(hypothesis.subjects) > 2:
        if reason := _unstable(hypothesis, scribe, view):
            return reason
        known = ESTIMATE_INPUTS.get(hypothesis.prediction.quantity, frozenset())
        real = [one for one in examined.confounders if one.quantity not in known]
    else:
        real = list(examined.confounders)
    for one in real:
        if one.explains and abs(one.left.rho) < 0.1 and one.count >= 12 and hypothesis.kind in ("trend", "contrast"):
            name = title(one.quantity)
            return (
                f"The {name} explains it: with it held constant nothing is left of {cause_name(hypothesis)} (partial"
                f" rho {one.left.rho:.2f} over {one.count} candidates)."
            )
    return ""


def _unstable(hypothesis: Hypothesis, scribe: Scribe, view: RunView) -> str:
    """Whether a group's difference rests on one member, or its interval includes zero."""
    column = scribe.table.columns.get(hypothesis.prediction.quantity, {})
    members = [c for c in hypothesis.subjects if c in column]
    others = [c for c in column if c not in hypothesis.subjects]
    if min(len(members), len(others)) < 3:
        return ""
    unit = scribe.table.unit(hypothesis.prediction.quantity)
    result = difference([column[c] for c in members], [column[c] for c in others], view.goal.seed)
    if result.low <= 0 <= result.high:
        return (
            f"The 95 % interval of the difference includes zero ({print_value(result.low, unit)} to"
            f" {print_value(result.high, unit)}): the group's own spread is as large as what sets it apart."
        )
    mean = sum(column[c] for c in others) / len(others)
    for left_out in members:
        rest = [column[c] for c in members if c != left_out]
        without = sum(rest) / len(rest) - mean
        if without * result.value <= 0 or abs(without) < abs(result.value) / 2:
            return (
                f"It rests on one candidate: without {left_out} the difference falls from"
                f" {print_value(result.value, unit)} to {print_value(without, unit)}."
            )
    return ""


def _sharpened(hypothesis: Hypothesis, scribe: Scribe, view: RunView) -> Evolved | None:
    if sides(hypothesis, scribe.table) is not None:
        return None
    if hypothesis.kind == "contrast" and len(hypothesis.subjects) > 2:
        return _bolder(hypothesis, scribe, view)
    if hypothesis.kind == "trend" and hypothesis.driver:
        return _narrower(hypothesis, scribe)
    if hypothesis.kind == "estimate":
        return _tighter(hypothesis, scribe, view)
    return None


def _bolder(hypothesis: Hypothesis, scribe: Scribe, view: RunView) -> Evolved | None:
    """A contrast whose interval lies well away from zero claims the near end of it, and not half of the estimate."""
    prediction = hypothesis.prediction
    column = scribe.table.columns.get(prediction.quantity, {})
    members = [c for c in hypothesis.subjects if c in column]
    others = [c for c in column if c not in hypothesis.subjects]
    if min(len(members), len(others)) < 3:
        return None
    result = difference([column[c] for c in members], [column[c] for c in others], view.goal.seed)
    near = bound(result.low if result.value > 0 else result.high, prediction.quantity)
    if result.value * near <= 0 or abs(near) <= 1.1 * abs(prediction.value):
        return None
    unit = scribe.table.unit(prediction.quantity)
    changed = prediction.model_copy(update={"value": near})
    change = (
        f"The bound was moved from {print_value(prediction.value, unit)} to {print_value(near, unit)}, the near end of "
        "the 95 % interval of the difference: a bolder claim, which a falsehood passes less often."
    )
    return Evolved(
        hypothesis.model_copy(update={"prediction": changed, "refuted_by": refutation(changed)}), "sharpened", change
    )


def _narrower(hypothesis: Hypothesis, scribe: Scribe) -> Evolved | None:
    """A trend that is there in one half of its driver's range and absent in the other is claimed for that half."""
    name, driver = hypothesis.prediction.quantity, hypothesis.driver
    column, along = scribe.table.columns.get(name, {}), scribe.table.columns.get(driver, {})
    members = sorted((c for c in column if c in along), key=lambda c: (along[c], c))
    if len(members) < 2 * LEAST_ROWS:
        return None
    middle = along[members[len(members) // 2]]
    below, above = [c for c in members if along[c] < middle], [c for c in members if along[c] >= middle]
    halves = []
    for part in (below, above):
        x, y = [along[c] for c in part], [column[c] for c in part]
        if len(part) < LEAST_ROWS or min(len(set(x)), len(set(y))) < 3:
            return None
        halves.append(association(x, y))
    sign = 1 if hypothesis.prediction.relation in (">", ">=") else -1
    for part, here, there, side in ((below, *halves, "below"), (above, *halves[::-1], "from")):
        if sign * here.rho < LEAST_RHO or sign * there.rho > BARELY or here.low <= 0 <= here.high:
            continue
        found = Trend(
            name, driver, tuple(part), here.rho, here.low, here.high, here.slope, here.intercept,
            driver in ESTIMATE_INPUTS.get(name, ()), here.p, here.p, 1,
        )  # fmt: skip
        drawn = rules.trend(scribe, found)
        limit = scribe.write(
            "Where the {{driver}} is {{side}} {{middle}}:",
            {"driver": driver_name(driver), "side": "below" if side == "below" else "at least"},
            middle=scribe.number(middle, driver),
        )
        change = (
            f"The trend holds only where the {driver_name(driver)} is {'below' if side == 'below' else 'at least'}"
            f" {print_value(middle, scribe.table.unit(driver))} (rho {here.rho:.2f} there,"
            f" {there.rho:.2f} in the other half), and is claimed for that part alone."
        )
        return Evolved(
            hypothesis.model_copy(
                update={
                    "statement": joined((limit, drawn.statement)),
                    "prediction": drawn.prediction,
                    "refuted_by": drawn.refuted_by,
                    "scope": f"{limit.text} {drawn.scope}",
                    "subjects": drawn.subjects,
                    "evidence_for": drawn.evidence_for,
                    "evidence_against": drawn.evidence_against,
                }
            ),
            "sharpened",
            change,
        )
    return None


def _tighter(hypothesis: Hypothesis, scribe: Scribe, view: RunView) -> Evolved | None:
    """A level whose interval can hardly fail is narrowed, as far as the measurement can resolve."""
    prediction = hypothesis.prediction
    if prediction.high is None or severity(hypothesis, view) >= LEVEL_SEVERITY:
        return None
    if prediction.quantity not in METHODS:  # a column of the lab's own: how finely it is measured is not known here
        return None
    centre, half = (prediction.value + prediction.high) / 2, (prediction.high - prediction.value) / 2
    least = 2 * method_of(prediction.quantity).spread
    for share in (0.8, 0.65, 0.5, 0.35, 0.25):
        width = half * share
        if width < least:
            break
        low, high = bound(centre - width, prediction.quantity), bound(centre + width, prediction.quantity)
        changed = prediction.model_copy(update={"value": low, "high": high, "effect": width})
        narrowed = hypothesis.model_copy(update={"prediction": changed, "refuted_by": refutation(changed)})
        if severity(narrowed, view) < LEVEL_SEVERITY:
            continue
        name, unit = prediction.quantity, scribe.table.unit(prediction.quantity)
        statement = scribe.write(
            "The {{measured}} of {{subject}} lies between {{low}} and {{high}}.",
            {"measured": method_of(name).measures, "subject": hypothesis.subjects[0]},
            low=scribe.number(low, name),
            high=scribe.number(high, name),
        )
        change = (
            f"The interval was narrowed from ±{print_value(half, unit)} to ±{print_value(width, unit)}:"
            " the wider one would have admitted most of what the other candidates show, and could hardly fail."
        )
        return Evolved(narrowed.model_copy(update={"statement": statement}), "sharpened", change)
    return None
