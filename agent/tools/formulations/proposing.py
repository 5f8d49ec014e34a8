"""Which recipes to make next: the best predicted, the least certain, and those that show what one component does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from pydantic import Field

from agent.errors import RepairableToolError
from agent.records import Record

if TYPE_CHECKING:
    from agent.tools.formulations.region import Region
    from agent.tools.formulations.scheffe import Fit

Goal = Literal["maximise", "minimise", "target"]

SEARCHED = 2000
"""Sampled recipes among which the best predicted ones are looked for."""

APART = 0.05
"""Least distance (Euclidean, fractions) between two recommended recipes."""

MOST_CONTRASTS = 3
"""Components whose effect is put to the test."""

_PENALTY = 100.0
"""Standard deviations of the aim that one standard deviation outside a limit costs."""


class Limit(Record):
    """Bounds on a measured column that a recipe is to be predicted to meet."""

    response: str = Field(min_length=1)
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Aim:
    """What makes a recipe good.

    Attributes:
        fit: Model of the response.
        goal: What is wanted of it.
        target: The value to hit, for that goal.
        limits: Bounds on responses, each with its model.
    """

    fit: Fit
    goal: Goal
    target: float | None
    limits: tuple[tuple[Limit, Fit], ...] = ()

    def merit(self, points: np.ndarray) -> np.ndarray:
        """How good recipes are predicted to be: the response as wanted, less a penalty for what breaks a limit."""
        means, _ = self.fit.predict(points)
        wanted = {"maximise": means, "minimise": -means, "target": -np.abs(means - (self.target or 0.0))}[self.goal]
        return wanted - _PENALTY * max(self.fit.deviation, 1e-12) * self.violation(points)

    def violation(self, points: np.ndarray) -> np.ndarray:
        """How far the predictions of recipes lie outside the limits, in residual standard deviations, added up."""
        total = np.zeros(len(np.atleast_2d(points)))
        for limit, fit in self.limits:
            means, _ = fit.predict(points)
            low = -np.inf if limit.low is None else limit.low
            high = np.inf if limit.high is None else limit.high
            total += np.maximum(np.maximum(low - means, means - high), 0.0) / max(fit.deviation, 1e-12)
        return total


@dataclass(frozen=True)
class Contrast:
    """What one component does at the best recipe: that recipe against one with more or less of the component.

    The other components keep their proportions (Cox's direction).

    Attributes:
        component: Its name.
        point: The other recipe.
        best: The component's fraction in the best recipe.
        other: And in the other recipe.
        difference: Predicted response of the recipe with more of it, less that of the one with less.
        error: Standard error of the difference.
        p: Two-sided, multiplied by the number of components (Bonferroni).
    """

    component: str
    point: np.ndarray
    best: float
    other: float
    difference: float
    error: float
    p: float


def check_aim(goal: Goal, target: float | None) -> None:
    """Refuse a target without the goal, and the goal without a target.

    Raises:
        RepairableToolError: One of the two is there without the other.
    """
    if (goal == "target") != (target is not None):
        raise RepairableToolError(
            "target: a value belongs to the goal 'target', and to that goal only.", remedy="Give both or neither."
        )


def proposals(region: Region, aim: Aim, count: int, seed: int) -> tuple[np.ndarray, list[str]]:
    """The best predicted recipes apart from each other, every fifth the least certain one instead.

    Args:
        region: What is allowed.
        aim: What is wanted.
        count: How many.
        seed: Of the sampled recipes.

    Returns:
        Recipes, the best first, and why each is there.
    """
    from agent.tools.formulations.designs import extreme_vertices

    pool = np.vstack([extreme_vertices(region), region.sample(SEARCHED, seed)])
    best = _polished(region, aim, pool[int(np.argmax(aim.merit(pool)))])
    pool = np.vstack([best, pool])
    _, deviations = aim.fit.predict(pool)
    orders = {
        "best predicted": np.argsort(-aim.merit(pool), kind="stable"),
        "least certain": np.argsort(-deviations, kind="stable"),
    }
    chosen: list[int] = []
    origins: list[str] = []
    for slot in range(count):
        origin = "least certain" if slot % 5 == 4 else "best predicted"
        free = next(
            (
                int(one)
                for one in orders[origin]
                if all(np.linalg.norm(pool[one] - pool[other]) >= APART for other in chosen)
            ),
            None,
        )
        if free is None:
            break
        chosen.append(free)
        origins.append(origin)
    return pool[chosen], origins


def contrasts(region: Region, fit: Fit, best: np.ndarray, level: float = 0.05) -> list[Contrast]:
    """The components whose effect at the best recipe stands up, each with a recipe that shows it.

    Args:
        region: What is allowed.
        fit: Model of the response.
        best: The best recipe.
        level: Of significance, after Bonferroni's correction for the number of components.

    Returns:
        The clearest first, at most `MOST_CONTRASTS`.

    Source:
        D. R. Cox, Biometrika 1971, 58, 155 (the direction); J. A. Cornell, Experiments with Mixtures, 3rd ed., 2002.
    """
    from scipy.stats import t

    found = []
    for place, name in enumerate(region.names):
        other = _along(region, best, place)
        if other is None:
            continue
        sign = 1.0 if best[place] > other[place] else -1.0
        difference, error = fit.difference(best, other)
        if error <= 0:
            continue
        p = float(min(1.0, 2 * t.sf(abs(difference) / error, fit.freedom) * len(region.names)))
        if p < level:
            found.append(Contrast(name, other, float(best[place]), float(other[place]), sign * difference, error, p))
    return sorted(found, key=lambda one: (one.p, -abs(one.difference)))[:MOST_CONTRASTS]


def _along(region: Region, best: np.ndarray, place: int) -> np.ndarray | None:
    """The allowed recipe farthest from the best one in a component's amount, the others in proportion."""
    rest = 1.0 - best[place]
    if rest <= 1e-9:
        return None
    way = -best / rest
    way[place] = 1.0
    slope, room = region.matrix @ way, np.maximum(region.limits - region.matrix @ best, 0.0)
    rising, falling = slope > 1e-12, slope < -1e-12
    high = float(np.min(room[rising] / slope[rising], initial=1.0))
    low = float(np.max(room[falling] / slope[falling], initial=-1.0))
    step = high if high >= -low else low
    return best + step * way if abs(step) >= APART / 2 else None


def _polished(region: Region, aim: Aim, start: np.ndarray) -> np.ndarray:
    """The best predicted recipe near a good one (sequential quadratic programming), or the good one itself."""
    from scipy.optimize import LinearConstraint, minimize

    def loss(point: np.ndarray) -> float:
        return -float(aim.merit(point)[0])

    everything = [
        LinearConstraint(region.matrix, np.full(len(region.limits), -np.inf), region.limits),  # pyright: ignore
        LinearConstraint(np.ones((1, len(start))), 1.0, 1.0),
    ]
    found = minimize(loss, start, method="SLSQP", constraints=everything)
    return found.x if region.admits(found.x)[0] and found.fun < loss(start) else start
