"""What may be varied and what is wanted: the search space of a campaign, checked as a whole.

A point of the space is a plain dictionary: factor name to a number, or to the text of a category. The components of a
mixture are factors of their own, whose fractions sum to one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Literal

from pydantic import Field, model_validator

from agent.errors import ConflictError, InputError
from agent.records import Record
from agent.tools.optimisation.constraints import Exclusion, LinearConstraint, SpaceConstraint
from agent.tools.optimisation.parameters import (
    Categorical,
    Component,
    Continuous,
    Discrete,
    Mixture,
    Name,
    Parameter,
    Point,
    condition_words,
    matches,
)

__all__ = [
    "Categorical",
    "Component",
    "Continuous",
    "Discrete",
    "Exclusion",
    "LinearConstraint",
    "Mixture",
    "Parameter",
    "Point",
    "Space",
    "Target",
]

SUM_TOLERANCE = 1e-3
"""How far the fractions of a mixture may be from one, so that a sheet with three decimals passes."""


class Target(Record):
    """A measured quantity and where it should go; ``reach`` is the value at which the campaign is done."""

    name: Name
    goal: Literal["maximise", "minimise", "target"] = "maximise"
    target: float | None = None
    unit: str = "1"
    reach: float | None = None

    @model_validator(mode="after")
    def _aimed(self) -> Target:
        if (self.goal == "target") != (self.target is not None):
            raise ValueError(f"'{self.name}': a target value belongs to the goal 'target', and to that goal only")
        return self

    def score(self, value: float) -> float:
        """The value as a score of which more is better."""
        if self.goal == "target":
            assert self.target is not None
            return -abs(value - self.target)
        return value if self.goal == "maximise" else -value

    def reached(self, value: float) -> bool:
        """Whether a value is as good as ``reach`` (for a target: within ``reach`` of it)."""
        if self.reach is None:
            return False
        return self.score(value) >= (-abs(self.reach) if self.goal == "target" else self.score(self.reach))


class Space(Record):
    """A search space: factors, constraints, objectives, and the cost of settings.

    ``costs`` gives what an experiment costs more: for a categorical factor with each category, for a number factor per
    unit of it. ``base_cost`` is what any experiment costs. A point leaves out factors whose condition it does not meet.
    """

    parameters: tuple[Parameter, ...] = Field(min_length=1)
    constraints: tuple[SpaceConstraint, ...] = ()
    objectives: tuple[Target, ...] = Field(min_length=1)
    base_cost: float = Field(default=1.0, gt=0)
    costs: dict[str, dict[str, float] | float] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Space:
        names = [*self.factors, *(one.name for one in self.objectives)]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"names must be different from each other; these repeat: {', '.join(twice)}")
        numbers = {name for one in self.parameters if not isinstance(one, Categorical) for name in one.names}
        for constraint in self.constraints:
            if isinstance(constraint, LinearConstraint):
                odd = sorted(set(constraint.weights) - numbers)
                if odd:
                    raise ValueError(f"a linear constraint names what is no number factor: {', '.join(odd)}")
                self._reachable(constraint)
            elif odd := sorted(set(constraint.when) - set(self.factors)):
                raise ValueError(f"an exclusion names what is no factor: {', '.join(odd)}")
        categories = {one.name: one.values for one in self.parameters if isinstance(one, Categorical)}
        for name, costs in self.costs.items():
            _check_costs(name, costs, numbers, categories)
        self.ordered  # noqa: B018 - conditions are checked on the way
        return self

    @cached_property
    def ordered(self) -> tuple[Parameter, ...]:
        """The parameters, each after those that its condition names.

        Raises:
            ValueError: A condition names no factor, or a setting it does not have, or conditions go round in a circle.
        """
        owners = {name: one for one in self.parameters for name in one.names}
        placed: list[Parameter] = []
        waiting = list(self.parameters)
        for one in waiting:
            for name, what in one.when.items():
                _check_condition(one.name, name, what, owners.get(name))
        while waiting:
            known = {name for one in placed for name in one.names}
            ready = [one for one in waiting if set(one.when) <= known]
            if not ready:
                raise ValueError(f"the conditions of {', '.join(one.name for one in waiting)} depend on each other")
            placed += ready
            waiting = [one for one in waiting if one not in ready]
        return tuple(placed)

    def settle(self, point: Mapping[str, float | str]) -> Point:
        """A point without the factors whose condition it does not meet, in the order of the factors."""
        if not any(one.when for one in self.parameters):
            return dict(point)
        settled: Point = {}
        for one in self.ordered:
            if matches(settled, one.when):
                settled.update({name: point[name] for name in one.names if name in point})
        return {name: settled[name] for name in self.factors if name in settled}

    def _reachable(self, constraint: LinearConstraint) -> None:
        """Refuse a bound that no setting within the factors' own bounds can meet."""
        bounds = dict(self.bounds())
        absent = {name for one in self.parameters if one.when for name in one.names}  # they may count as 0
        ends: list[list[float]] = []
        for name, weight in constraint.weights.items():
            ends.append(
                sorted([weight * bounds[name][0], weight * bounds[name][1], *([0.0] if name in absent else [])])
            )
        lowest, highest = sum(end[0] for end in ends), sum(end[-1] for end in ends)
        if (constraint.high is not None and lowest > constraint.high + 1e-9) or (
            constraint.low is not None and highest < constraint.low - 1e-9
        ):
            raise ValueError(
                f"the constraint on {' + '.join(constraint.weights)} contradicts the factors' bounds: the sum can only"
                f" be {lowest:g} to {highest:g}"
            )

    @property
    def factors(self) -> tuple[str, ...]:
        """Every column of a point."""
        return tuple(name for one in self.parameters for name in one.names)

    def bounds(self) -> Iterator[tuple[str, tuple[float, float]]]:
        """Lower and upper bound of every number factor."""
        for one in self.parameters:
            yield from _bounds(one)

    def admits(self, point: Mapping[str, float | str]) -> bool:
        """Whether a point within the factors' bounds meets every constraint."""
        return all(constraint.admits(point) for constraint in self.constraints)

    def cost(self, point: Mapping[str, float | str]) -> float:
        """What an experiment at this point costs."""
        total = self.base_cost
        for name, costs in self.costs.items():
            if name in point:
                total += costs.get(str(point[name]), 0.0) if isinstance(costs, dict) else costs * float(point[name])
        return total

    def unit(self, name: str) -> str:
        """The unit of a factor or objective (fractions and categories have none)."""
        for one in (*self.parameters, *self.objectives):
            if one.name == name and isinstance(one, Continuous | Discrete | Target):
                return one.unit
        return "1"

    def check(self, given: Mapping[str, Any]) -> Point:
        """A point as somebody gave it, checked and with numbers as numbers.

        Raises:
            InputError: A factor is missing, unknown, out of range, or text where a number belongs.
            ConflictError: The point breaks a constraint.
        """
        unknown = sorted(set(given) - set(self.factors))
        point: Point = {}
        missing: list[str] = []
        for one in self.ordered:
            here = [name for name in one.names if given.get(name) not in (None, "")]
            if not matches(point, one.when):
                if here:
                    raise InputError(
                        f"{', '.join(here)} is given, and belongs only where {condition_words(one.when)}.",
                        remedy="Leave it empty there.",
                    )
                continue
            missing += [name for name in one.names if name not in here]
            if len(here) == len(one.names):
                point.update(_setting(one, given))
        if unknown or missing:
            words = [
                f"{what} {', '.join(names)}" for what, names in (("unknown:", unknown), ("missing:", missing)) if names
            ]
            raise InputError(
                f"The factors do not fit the space ({'; '.join(words)}).", remedy=f"It has: {', '.join(self.factors)}."
            )
        for constraint in self.constraints:
            if not constraint.admits(point):
                raise ConflictError(
                    f"The point breaks a constraint of the space: {constraint.words}.",
                    remedy="Change the settings, or loosen the constraint.",
                )
        return {name: point[name] for name in self.factors if name in point}


def _setting(parameter: Parameter, given: Mapping[str, Any]) -> Point:
    """The part of a point that one parameter is, checked."""
    if isinstance(parameter, Categorical):
        return {parameter.name: _category(parameter, given[parameter.name])}
    point: Point = {name: _number(name, given[name]) for name in parameter.names}
    if isinstance(parameter, Discrete) and not any(
        math.isclose(float(point[parameter.name]), value, rel_tol=1e-9, abs_tol=1e-12) for value in parameter.values
    ):
        listed = ", ".join(f"{value:g}" for value in parameter.values)
        raise InputError(
            f"{parameter.name} = {point[parameter.name]:g} is not one of its values.", remedy=f"They are: {listed}."
        )
    if isinstance(parameter, Mixture):
        total = sum(float(value) for value in point.values())
        if abs(total - 1) > SUM_TOLERANCE:
            raise InputError(
                f"The fractions of '{parameter.name}' sum to {total:g}, not to 1.", remedy="Mend the fractions."
            )
    for name, (low, high) in _bounds(parameter):
        slack = 1e-9 * max(abs(low), abs(high), high - low)
        if not low - slack <= float(point[name]) <= high + slack:
            raise InputError(
                f"{name} = {float(point[name]):g} is out of range.", remedy=f"It may be {low:g} to {high:g}."
            )
    return point


def _bounds(parameter: Parameter) -> Iterator[tuple[str, tuple[float, float]]]:
    if isinstance(parameter, Continuous):
        yield parameter.name, (parameter.low, parameter.high)
    elif isinstance(parameter, Discrete):
        yield parameter.name, (min(parameter.values), max(parameter.values))
    elif isinstance(parameter, Mixture):
        yield from ((part.name, (part.low, part.high)) for part in parameter.components)


def _check_condition(of: str, name: str, what: Any, owner: Parameter | None) -> None:
    """Refuse a condition that no setting of the factor that it names can meet."""
    if owner is None:
        raise ValueError(f"the condition of '{of}' names what is no factor: {name}")
    if isinstance(owner, Categorical):
        wanted = (what,) if isinstance(what, str) else what
        odd = [str(one) for one in wanted if one not in owner.values]
        if odd:
            raise ValueError(f"the condition of '{of}' names categories that '{name}' does not have: {', '.join(odd)}")
    elif isinstance(what, str) or not all(isinstance(one, float) for one in what):
        raise ValueError(f"the condition of '{of}' on the number '{name}' must be a range [low, high]")
    else:
        low, high = dict(_bounds(owner))[name]
        if float(what[0]) > high or float(what[1]) < low:
            raise ValueError(f"the condition of '{of}' can never hold: '{name}' is {low:g} to {high:g}")


def _check_costs(name: str, costs: Any, numbers: set[str], categories: Mapping[str, Sequence[str]]) -> None:
    if isinstance(costs, dict):
        if name not in categories or set(costs) - set(categories[name]):
            raise ValueError(f"costs name '{name}', which is no categorical factor with these categories")
        given = list(costs.values())
    else:
        if name not in numbers:
            raise ValueError(f"costs name '{name}' with one number, and it is no number factor")
        given = [costs]
    if any(not math.isfinite(cost) or cost < 0 for cost in given):
        raise ValueError(f"the costs of '{name}' must be 0 or more")


def _category(parameter: Categorical, given: Any) -> str:
    if str(given) not in parameter.values:
        raise InputError(
            f"{parameter.name} = '{given}' is not one of its categories.",
            remedy=f"They are: {', '.join(parameter.values)}.",
        )
    return str(given)


def _number(name: str, given: Any) -> float:
    try:
        number = float(given)
    except (TypeError, ValueError):
        number = math.nan
    if isinstance(given, bool) or not math.isfinite(number):
        raise InputError(
            f"{name} must be a number, and '{given}' is none.", remedy="Write a plain number, without a unit."
        )
    return number
