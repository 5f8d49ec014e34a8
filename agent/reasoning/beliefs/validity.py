"""Whether an experiment may count: its controls, and whether there is enough of it."""

from __future__ import annotations

from statistics import fmean

from agent.reasoning.beliefs.intervals import difference
from agent.reasoning.beliefs.joining import Joined

WINDOW = 2.0
"""How many standard deviations of one measurement separate the positive from the negative control at least, where
there are too few of them to test it."""


def fault(joined: Joined) -> str:
    """Why the controls of an experiment forbid to use its results; empty if they do not.

    An experiment whose plan lists controls counts once they were told, if no kind of positive control failed
    altogether and if the positive controls read differently from the negative ones: an assay that cannot tell the two
    apart cannot tell anything.

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
    if positive and negative and not _apart(joined, positive, negative):
        return "the positive and negative controls do not read differently, so the measurement did not work"
    return ""


def _apart(joined: Joined, positive: list[float], negative: list[float]) -> bool:
    decision = joined.experiment.decision
    assert decision is not None
    if len(positive) > 1 and len(negative) > 1:
        gap = difference(positive, negative, decision.alpha)
        return gap.low > 0 or gap.high < 0
    gap = abs(fmean(positive) - fmean(negative))
    return gap > WINDOW * (decision.spread or 0.0) and gap > 0
