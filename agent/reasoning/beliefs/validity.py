"""Whether an experiment may count: its controls, and whether there is enough of it."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

from agent.reasoning.beliefs.intervals import difference
from agent.reasoning.beliefs.joining import Joined

WINDOW = 2.0
"""How many standard deviations of one measurement separate the positive from the negative control at least, where
there are too few of them to test it."""


def fault(joined: Joined) -> str:
    """Why the controls of an experiment forbid to use its results; empty if they do not.

    An experiment whose plan lists controls counts once they were told, if no kind of positive control failed
    altogether, if controls of known value read where they should be on average, and if the positive controls read
    differently from the negative ones: an assay that cannot tell the two apart cannot tell anything.

    Args:
        joined: What came of the experiment.

    Returns:
        The reason, as the end of a sentence.
    """
    for kind in ("positive", "negative", "vehicle", "blank"):
        if joined.open.get(kind) and not joined.controls.get(kind) and not joined.failed.get(kind):
            return f"none of its {kind} controls is told yet, so nothing says whether the measurement worked"
    positive, negative = joined.controls.get("positive", []), joined.controls.get("negative", [])
    if joined.failed.get("positive") and not positive:
        return "every positive control failed"
    if (one := outside(joined)) is not None:
        return f"its {one.role} control, {one.item}, does not read where it should be"
    if positive and negative and not _apart(joined, positive, negative):
        return "the positive and negative controls do not read differently, so the measurement did not work"
    return ""


@dataclass(frozen=True)
class Outside:
    """A control whose mean lies outside the range that is known for it.

    Attributes:
        role: What kind of control it is.
        item: What it is.
        mean: Of its results, in the decision's unit.
        low: Lower end of the range.
        high: Upper end.
        source: Where the range comes from.
    """

    role: str
    item: str
    mean: float
    low: float
    high: float
    source: str


def outside(joined: Joined) -> Outside | None:
    """The first control that reads, on average, outside the range that the plan expects of it.

    Args:
        joined: What came of the experiment.

    Returns:
        The control; ``None`` if all with a known range and a result lie within.
    """
    for sample in joined.experiment.samples:
        values = joined.controls.get(sample.role, [])
        if sample.expected is None or not values:
            continue
        mean, (low, high) = fmean(values), sample.expected
        if not low <= mean <= high:
            return Outside(sample.role, sample.item, mean, low, high, sample.expected_source)
    return None


def _apart(joined: Joined, positive: list[float], negative: list[float]) -> bool:
    decision = joined.experiment.decision
    assert decision is not None
    if len(positive) > 1 and len(negative) > 1:
        gap = difference(positive, negative, decision.alpha)
        return gap.low > 0 or gap.high < 0
    gap = abs(fmean(positive) - fmean(negative))
    return gap > WINDOW * (decision.spread or 0.0) and gap > 0
