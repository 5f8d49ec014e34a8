"""The kinds of factors: numbers in a range or from a list, categories, and the fractions of a mixture.

Any factor may be conditional: with ``when`` it exists only where other factors have certain settings (the amount of an
additive where there is one), and a point leaves it out elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from agent.records import Record

Point = dict[str, float | str]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
Setting = str | tuple[float, float] | tuple[str, ...]
"""What a factor is compared with: a category, a range ``(low, high)``, or several categories."""
Condition = dict[str, Setting]


def matches(point: Mapping[str, float | str], condition: Mapping[str, Setting]) -> bool:
    """Whether every factor of a condition is there and set as it says."""
    return all(name in point and _matches(point[name], what) for name, what in condition.items())


def condition_words(condition: Mapping[str, Setting]) -> str:
    """A condition as a reader writes it: ``solvent is water and temperature is 60 to 100``."""
    parts = []
    for name, what in condition.items():
        if isinstance(what, str):
            shown = what
        elif isinstance(what[0], str):
            shown = " or ".join(map(str, what))
        else:
            shown = f"{what[0]:g} to {what[1]:g}"
        parts.append(f"{name} is {shown}")
    return " and ".join(parts)


class Continuous(Record):
    """A number between two bounds; ``step`` makes it a grid, ``log`` scales it by its logarithm."""

    kind: Literal["continuous"] = "continuous"
    name: Name
    low: float
    high: float
    unit: str = "1"
    step: float | None = Field(default=None, gt=0)
    log: bool = False
    when: Condition = Field(default_factory=dict)

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
    when: Condition = Field(default_factory=dict)

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
    when: Condition = Field(default_factory=dict)

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
    when: Condition = Field(default_factory=dict)

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


def _matches(value: float | str, what: Any) -> bool:
    if isinstance(value, str):
        return value == what if isinstance(what, str) else value in what
    if isinstance(what, str):
        return False
    low, high = what
    return float(low) <= value <= float(high)
