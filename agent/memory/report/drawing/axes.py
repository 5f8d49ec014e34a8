"""What of the candidates is worth plotting: quantities with the bounds and wishes of the goal, pairs, Pareto front."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from agent import vocabulary
from agent.errors import InputError
from agent.memory.report.table import quantity_columns
from agent.records import Brief, Candidate, Constraint, Objective
from agent.units import convert, print_unit


@dataclass(frozen=True)
class Axis:
    """A quantity to plot: its key, unit, title, and the bounds that the goal sets, in that unit."""

    key: str
    unit: str
    low: float | None = None
    high: float | None = None
    direction: str = ""
    target: float | None = None

    @property
    def title(self) -> str:
        """The quantity as a reader knows it."""
        return vocabulary.title(self.key)

    @property
    def label(self) -> str:
        """The title with its unit, as an axis carries it."""
        printed = print_unit(self.unit)
        return f"{self.title} ({printed})" if printed else self.title

    @property
    def bounded(self) -> bool:
        """Whether the goal sets a bound."""
        return self.low is not None or self.high is not None


def plottable(candidates: Sequence[Candidate], brief: Brief | None) -> list[Axis]:
    """The quantities worth plotting: those the goal names first, or, where it names none, the most common ones."""
    constraints = brief.constraints if brief else ()
    objectives = {one.quantity: one for one in brief.objectives} if brief else {}
    found: dict[str, Axis] = {}
    for key, unit in quantity_columns(candidates):
        values = [value for one in candidates if (value := value_of(one, Axis(key, unit))) is not None]
        if len(values) >= 3 and len(set(values)) >= 2:
            bounds = [one for one in constraints if one.quantity == key]
            found[key] = _bounded(Axis(key, unit), bounds, objectives.get(key))
    asked = dict.fromkeys([*(one.quantity for one in constraints), *objectives])
    named = [found[key] for key in asked if key in found]
    return named or list(found.values())[:4]


def _bounded(axis: Axis, constraints: Sequence[Constraint], objective: Objective | None) -> Axis:
    lows: list[float] = []
    highs: list[float] = []
    target = None
    for bound in constraints:
        lows += _converted(bound.low, bound.unit, axis.unit)
        highs += _converted(bound.high, bound.unit, axis.unit)
    if objective is not None and (found := _converted(objective.target, objective.unit, axis.unit)):
        target = found[0]
    return Axis(
        axis.key,
        axis.unit,
        low=max(lows, default=None),
        high=min(highs, default=None),
        direction=objective.direction if objective else "",
        target=target,
    )


def _converted(value: float | None, unit: str, wanted: str) -> list[float]:
    """A bound in the unit of an axis; empty if there is none or the units do not fit together."""
    if value is None or unit == wanted:
        return [] if value is None else [value]
    try:
        return [convert(value, unit, wanted)]
    except InputError:
        return []


def pairs_of(axes: Sequence[Axis]) -> list[tuple[Axis, Axis]]:
    """The pairs worth a scatter plot: two that are bounded, and two that are pushed (or one against another)."""
    bounded = [axis for axis in axes if axis.bounded]
    pushed = [axis for axis in axes if axis.direction]
    pairs = []
    if len(bounded) >= 2:
        pairs.append((bounded[0], bounded[1]))
    if len(pushed) >= 2:
        pairs.append((pushed[0], pushed[1]))
    elif pushed and (others := [axis for axis in axes if axis is not pushed[0]]):
        pairs.append((others[0], pushed[0]))
    if not pairs and len(axes) >= 2:
        pairs.append((axes[0], axes[1]))
    return pairs


def pareto_front(points: Sequence[tuple[float, float]]) -> list[int]:
    """The points that no other point betters, both coordinates to be maximised.

    Args:
        points: Pairs of numbers.

    Returns:
        Their positions, by falling first coordinate; of equal points the first.
    """
    front: list[int] = []
    best = float("-inf")
    for place in sorted(range(len(points)), key=lambda one: (-points[one][0], -points[one][1], one)):
        if points[place][1] > best:
            front.append(place)
            best = points[place][1]
    return front


def value_of(candidate: Candidate, axis: Axis) -> float | None:
    """A candidate's value on an axis; ``None`` if it has none in that unit, or none that is a number."""
    quantity = candidate.quantities.get(axis.key)
    if quantity is None or quantity.unit != axis.unit or not math.isfinite(quantity.value):
        return None
    return quantity.value


def gain(axis: Axis, value: float) -> float:
    """How good a value is for its objective: more is better."""
    if axis.direction == "target":
        return -abs(value - (axis.target or 0.0))
    return -value if axis.direction == "minimise" else value
