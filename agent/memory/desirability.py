"""How desirable a candidate's values are: one curve for each objective and each constraint, and the score made of them.

The ranking scores by these curves, and the report draws them, so that what is shown is what was used.

Source:
    G. Derringer, R. Suich, J. Quality Technology 12 (1980) 214.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from agent.errors import InputError
from agent.records import Brief, Candidate, Constraint, Objective, Quantity
from agent.units import convert

FLOOR = 0.01
"""The least a single desirability may be: one poor property lowers a score, and does not hide all the others."""

CONSTRAINT_WEIGHT = 0.5
"""Weight of a constraint's margin beside an objective's 1 in the overall desirability."""


@dataclass(frozen=True)
class Curve:
    """What one wish makes of a value.

    Attributes:
        wish: The objective, or the constraint whose margin counts.
        low: The smallest value among the candidates, in the wish's unit.
        high: The largest.
        weight: Of this curve in the score.
    """

    wish: Objective | Constraint
    low: float
    high: float
    weight: float

    def __call__(self, value: float) -> float:
        """How desirable a value is, 0 to 1."""
        if isinstance(self.wish, Objective):
            return desirability(self.wish, value, self.low, self.high)
        return margin_desirability(self.wish, value, self._scale)

    @property
    def _scale(self) -> float:
        low, high = (self.wish.low, self.wish.high) if isinstance(self.wish, Constraint) else (None, None)
        if low is not None and high is not None and high > low:
            return (high - low) / 2
        return self.high - self.low


def curves_of(brief: Brief, candidates: Sequence[Candidate]) -> tuple[Curve, ...]:
    """The curves by which candidates are scored, those of the objectives first.

    Args:
        brief: Objectives and constraints.
        candidates: The table; withheld candidates and references do not count.
    """
    ranked = [candidate for candidate in candidates if not set_apart(candidate)]
    wishes = [*((one, 1.0) for one in brief.objectives), *((one, CONSTRAINT_WEIGHT) for one in brief.constraints)]
    found = []
    for wish, weight in wishes:
        values = [v for c in ranked if (v := value_in(c, wish.quantity, wish.unit)) is not None]
        found.append(Curve(wish, min(values, default=0.0), max(values, default=0.0), weight))
    return tuple(found)


def score(curves: Sequence[Curve], candidate: Candidate) -> float | None:
    """The weighted geometric mean of a candidate's desirabilities; ``None`` where nothing wished is known of it.

    What was not measured is worth no more than the worst that was.
    """
    values = [value_in(candidate, curve.wish.quantity, curve.wish.unit) for curve in curves]
    if all(value is None for value in values):
        return None
    total = sum(
        curve.weight * math.log(max(0.0 if value is None else curve(value), FLOOR))
        for curve, value in zip(curves, values, strict=True)
    )
    return round(math.exp(total / sum(curve.weight for curve in curves)), 6)


def set_apart(candidate: Candidate) -> bool:
    """Whether a candidate is withheld, or a reference, and so takes no part in the ranking."""
    return candidate.withheld or candidate.labels.get("role") in ("seed", "reference")


def value_in(candidate: Candidate, quantity: str, unit: str) -> float | None:
    """A candidate's value in a unit; ``None`` if it has none that is a number in such a unit."""
    found: Quantity | None = candidate.quantities.get(quantity)
    if found is None or not math.isfinite(found.value):
        return None
    try:
        return convert(found.value, found.unit, unit)
    except InputError:
        return None


def desirability(objective: Objective, value: float, low: float, high: float) -> float:
    """How desirable a value is, on the range that the candidates span.

    Args:
        objective: Up, down, or to a target.
        value: In the objective's unit.
        low: The smallest value among the candidates.
        high: The largest.

    Returns:
        Between 0 and 1: linear from the worst to the best candidate, or falling off on both sides of the target.
    """
    if objective.direction == "target" and objective.target is not None:
        reach = max(abs(high - objective.target), abs(low - objective.target))
        return 1.0 if reach == 0 else max(0.0, 1.0 - abs(value - objective.target) / reach)
    if high <= low:
        return 1.0
    share = min(max((value - low) / (high - low), 0.0), 1.0)
    return 1.0 - share if objective.direction == "minimise" else share


def margin_desirability(constraint: Constraint, value: float, scale: float) -> float:
    """How comfortably a value meets a constraint: .5 at the bound, 1 well inside, falling to 0 outside.

    Args:
        constraint: The bound.
        value: In the constraint's unit.
        scale: What counts as far: half the width of a two-sided bound, else the candidates' spread.

    Returns:
        Between 0 and 1.
    """
    distances = []
    if constraint.high is not None:
        distances.append(constraint.high - value)
    if constraint.low is not None:
        distances.append(value - constraint.low)
    margin = min(distances, default=0.0)
    if scale <= 0:
        return 1.0 if margin >= 0 else 0.0
    if margin >= 0:
        return 0.5 + 0.5 * min(1.0, margin / scale)
    return 0.5 * math.exp(max(margin / scale, -700.0))
