"""What may be varied and what is wanted: the search space of a campaign, checked as a whole.

A point of the space is a plain dictionary: factor name to a number, or to the text of a category. The components of a
mixture are factors of their own, whose fractions sum to one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from agent.errors import ConflictError, InputError
from agent.records import Record

Point = dict[str, float | str]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
SUM_TOLERANCE = 1e-3
"""How far the fractions of a mixture may be from one, so that a sheet with three decimals passes."""


class Continuous(Record):
    """A number between two bounds; ``step`` makes it a grid, ``log`` scales it by its logarithm."""

    kind: Literal["continuous"] = "continuous"
    name: Name
    low: float
    high: float
    unit: str = "1"
    step: float | None = Field(default=None, gt=0)
    log: bool = False

    @model_validator(mode="after")
    def _ordered(self) -> Continuous:
        if not (math.isfinite(self.low) and math.isfinite(self.high)) or self.low >= self.high:
            raise ValueError(
                f"the factor '{self.name}' is empty: low ({self.low:g}) must be below high ({self.high:g})"
            )
        if self.log and self.low <= 0:
            raise ValueError(f"the factor '{self.name}' has a logarithmic scale, so low must be above 0")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that it takes in a point."""
        return (self.name,)


class Discrete(Record):
    """A number from a list."""

    kind: Literal["discrete"] = "discrete"
    name: Name
    values: tuple[float, ...] = Field(min_length=1)
    unit: str = "1"
    log: bool = False

    @model_validator(mode="after")
    def _distinct(self) -> Discrete:
        if len(set(self.values)) < len(self.values) or not all(map(math.isfinite, self.values)):
            raise ValueError(f"the values of '{self.name}' must be finite and different from each other")
        if self.log and min(self.values) <= 0:
            raise ValueError(f"the factor '{self.name}' has a logarithmic scale, so its values must be above 0")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that it takes in a point."""
        return (self.name,)


class Categorical(Record):
    """One of several things.

    ``structures`` (category to SMILES) lets similar molecules share what is learned; ``descriptors`` (category to
    numbers) does the same for anything else. Without either, categories are equally different from each other.
    """

    kind: Literal["categorical"] = "categorical"
    name: Name
    values: tuple[str, ...] = Field(min_length=1)
    structures: dict[str, str] = Field(default_factory=dict)
    descriptors: dict[str, tuple[float, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _complete(self) -> Categorical:
        if len(set(self.values)) < len(self.values):
            raise ValueError(f"the categories of '{self.name}' repeat")
        for what, given in (("structures", self.structures), ("descriptors", self.descriptors)):
            if given and set(given) != set(self.values):
                odd = sorted(set(given) ^ set(self.values))
                raise ValueError(f"the {what} of '{self.name}' and its categories differ in: {', '.join(odd)}")
        if len({len(row) for row in self.descriptors.values()}) > 1:
            raise ValueError(f"the descriptors of '{self.name}' must have the same length for every category")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that it takes in a point."""
        return (self.name,)


class Component(Record):
    """One component of a mixture, with the bounds of its fraction."""

    name: Name
    low: float = Field(default=0.0, ge=0, le=1)
    high: float = Field(default=1.0, ge=0, le=1)


class Mixture(Record):
    """Fractions that sum to one."""

    kind: Literal["mixture"] = "mixture"
    name: Name
    components: tuple[Component, ...] = Field(min_length=2)
    step: float | None = Field(default=None, gt=0, lt=1)

    @model_validator(mode="after")
    def _reachable(self) -> Mixture:
        crossed = [one.name for one in self.components if one.low > one.high]
        if crossed:
            raise ValueError(f"in the mixture '{self.name}', low is above high for {', '.join(crossed)}")
        lowest, highest = sum(one.low for one in self.components), sum(one.high for one in self.components)
        if lowest > 1 + 1e-9 or highest < 1 - 1e-9:
            raise ValueError(
                f"the fractions of the mixture '{self.name}' cannot sum to one: their bounds allow {lowest:g}"
                f" to {highest:g}"
            )
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that it takes in a point."""
        return tuple(one.name for one in self.components)


Parameter = Annotated[Continuous | Discrete | Categorical | Mixture, Field(discriminator="kind")]


class LinearConstraint(Record):
    """A bound on a weighted sum of number factors: ``low <= sum(weight * factor) <= high``."""

    kind: Literal["linear"] = "linear"
    weights: dict[str, float] = Field(min_length=1)
    low: float | None = None
    high: float | None = None

    @model_validator(mode="after")
    def _bounded(self) -> LinearConstraint:
        if self.low is None and self.high is None:
            raise ValueError("a linear constraint needs low, high or both")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"a linear constraint contradicts itself: low {self.low:g} is above high {self.high:g}")
        return self

    def admits(self, point: Mapping[str, float | str]) -> bool:
        """Whether a point meets it."""
        total = sum(weight * float(point[name]) for name, weight in self.weights.items())
        return (self.low is None or total >= self.low - 1e-9) and (self.high is None or total <= self.high + 1e-9)


class Exclusion(Record):
    """Settings that must not come together: factor to the category, or to the range ``[low, high]``."""

    kind: Literal["exclude"] = "exclude"
    when: dict[str, str | tuple[float, float] | tuple[str, ...]] = Field(min_length=1)

    def admits(self, point: Mapping[str, float | str]) -> bool:
        """Whether a point meets it."""
        return not all(_matches(point[name], what) for name, what in self.when.items())


SpaceConstraint = Annotated[LinearConstraint | Exclusion, Field(discriminator="kind")]


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

    ``costs`` gives, for a categorical factor, what an experiment costs more with each category; ``base_cost`` is what
    any experiment costs.
    """

    parameters: tuple[Parameter, ...] = Field(min_length=1)
    constraints: tuple[SpaceConstraint, ...] = ()
    objectives: tuple[Target, ...] = Field(min_length=1)
    base_cost: float = Field(default=1.0, gt=0)
    costs: dict[str, dict[str, float]] = Field(default_factory=dict)

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
            if name not in categories or set(costs) - set(categories[name]):
                raise ValueError(f"costs name '{name}', which is no categorical factor with these categories")
            if any(not math.isfinite(cost) or cost < 0 for cost in costs.values()):
                raise ValueError(f"the costs of '{name}' must be 0 or more")
        return self

    def _reachable(self, constraint: LinearConstraint) -> None:
        """Refuse a bound that no setting within the factors' own bounds can meet."""
        bounds = dict(self.bounds())
        ends = [
            sorted((weight * bounds[name][0], weight * bounds[name][1])) for name, weight in constraint.weights.items()
        ]
        lowest, highest = sum(end[0] for end in ends), sum(end[1] for end in ends)
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
            if isinstance(one, Continuous):
                yield one.name, (one.low, one.high)
            elif isinstance(one, Discrete):
                yield one.name, (min(one.values), max(one.values))
            elif isinstance(one, Mixture):
                yield from ((part.name, (part.low, part.high)) for part in one.components)

    def admits(self, point: Mapping[str, float | str]) -> bool:
        """Whether a point within the factors' bounds meets every constraint."""
        return all(constraint.admits(point) for constraint in self.constraints)

    def cost(self, point: Mapping[str, float | str]) -> float:
        """What an experiment at this point costs."""
        return self.base_cost + sum(costs.get(str(point[name]), 0.0) for name, costs in self.costs.items())

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
        unknown, missing = sorted(set(given) - set(self.factors)), [name for name in self.factors if name not in given]
        if unknown or missing:
            words = [
                f"{what} {', '.join(names)}" for what, names in (("unknown:", unknown), ("missing:", missing)) if names
            ]
            raise InputError(
                f"The factors do not fit the space ({'; '.join(words)}).", remedy=f"It has: {', '.join(self.factors)}."
            )
        point: Point = {}
        for one in self.parameters:
            if isinstance(one, Categorical):
                point[one.name] = _category(one, given[one.name])
            else:
                point.update({name: _number(name, given[name]) for name in one.names})
            if isinstance(one, Discrete) and not any(
                math.isclose(float(point[one.name]), value, rel_tol=1e-9, abs_tol=1e-12) for value in one.values
            ):
                listed = ", ".join(f"{value:g}" for value in one.values)
                raise InputError(
                    f"{one.name} = {point[one.name]:g} is not one of its values.", remedy=f"They are: {listed}."
                )
            if isinstance(one, Mixture):
                total = sum(float(point[name]) for name in one.names)
                if abs(total - 1) > SUM_TOLERANCE:
                    raise InputError(
                        f"The fractions of '{one.name}' sum to {total:g}, not to 1.", remedy="Mend the fractions."
                    )
        for name, (low, high) in self.bounds():
            slack = 1e-9 * max(abs(low), abs(high), high - low)
            if not low - slack <= float(point[name]) <= high + slack:
                raise InputError(
                    f"{name} = {float(point[name]):g} is out of range.", remedy=f"It may be {low:g} to {high:g}."
                )
        for constraint in self.constraints:
            if not constraint.admits(point):
                raise ConflictError(
                    f"The point breaks a constraint of the space: {constraint.model_dump(mode='json')}."
                )
        return point


def _matches(value: float | str, what: Any) -> bool:
    if isinstance(value, str):
        return value == what if isinstance(what, str) else value in what
    if isinstance(what, str):
        return False
    low, high = what
    return float(low) <= value <= float(high)


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
