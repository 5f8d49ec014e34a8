"""What settings must meet together: bounds on weighted sums, and settings that exclude each other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from agent.records import Record
from agent.tools.optimisation.parameters import Condition, condition_words, matches


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
        """Whether a point meets it; a factor that a point leaves out counts as 0."""
        total = sum(weight * float(point.get(name, 0.0)) for name, weight in self.weights.items())
        return (self.low is None or total >= self.low - 1e-9) and (self.high is None or total <= self.high + 1e-9)

    @property
    def words(self) -> str:
        """The constraint as a reader writes it."""
        total = " + ".join(name if weight == 1 else f"{weight:g} {name}" for name, weight in self.weights.items())
        low = "" if self.low is None else f"{self.low:g} <= "
        return f"{low}{total}" + ("" if self.high is None else f" <= {self.high:g}")


class Exclusion(Record):
    """Settings that must not come together: factor to the category, or to the range ``[low, high]``."""

    kind: Literal["exclude"] = "exclude"
    when: Condition = Field(min_length=1)

    def admits(self, point: Mapping[str, float | str]) -> bool:
        """Whether a point meets it."""
        return not matches(point, self.when)

    @property
    def words(self) -> str:
        """The constraint as a reader writes it."""
        return f"never {condition_words(self.when)}"


SpaceConstraint = Annotated[LinearConstraint | Exclusion, Field(discriminator="kind")]
