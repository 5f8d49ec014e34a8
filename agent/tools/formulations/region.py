"""The recipes that are allowed: a polytope inside the simplex of fractions that add to one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
from pydantic import Field

from agent.errors import RepairableToolError
from agent.records import Record

TOLERANCE = 1e-9
MOST_COMPONENTS = 12
_MOST_COMBINATIONS = 200_000
"""Sets of active bounds up to which the vertices are found exactly."""


class Ingredient(Record):
    """A component of a recipe with the bounds of its fraction (0 to 1, by mass or as the user's data have it)."""

    name: str = Field(min_length=1)
    low: float = Field(default=0.0, ge=0, le=1)
    high: float = Field(default=1.0, ge=0, le=1)


class Ratio(Record):
    """Bounds on the ratio of two components."""

    numerator: str
    denominator: str
    low: float | None = Field(default=None, ge=0)
    high: float | None = Field(default=None, ge=0)


class Weighted(Record):
    """Bounds on a weighted sum of fractions (a cost, a solid content, the sum of two components)."""

    weights: dict[str, float]
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Region:
    """Fractions ``x`` with ``sum(x) = 1`` and ``A x <= b``.

    Attributes:
        names: Of the components.
        matrix: ``A``, shape ``(bounds, components)``.
        limits: ``b``.
        told: Each row in words.
    """

    names: tuple[str, ...]
    matrix: np.ndarray
    limits: np.ndarray
    told: tuple[str, ...]

    def admits(self, points: np.ndarray, slack: float = 1e-7) -> np.ndarray:
        """Which of the points (rows) are allowed."""
        points = np.atleast_2d(points)
        inside = (points @ self.matrix.T <= self.limits + slack).all(axis=1)
        return inside & (np.abs(points.sum(axis=1) - 1) <= slack * 10)

    @cached_property
    def vertices(self) -> np.ndarray:
        """The corners, shape ``(corners, components)``, each once, in a fixed order.

        Every set of ``components - 1`` bounds that hold with equality is solved and kept where the others hold; with
        too many sets, corners are collected as optima in 500 fixed directions instead.
        """
        size = len(self.names)
        if math.comb(len(self.limits), size - 1) > _MOST_COMBINATIONS:
            return self._corners_by_direction()
        found: list[np.ndarray] = []
        sets = list(combinations(range(len(self.limits)), size - 1))
        for start in range(0, len(sets), 20_000):
            active = np.array(sets[start : start + 20_000], dtype=int).reshape(-1, size - 1)
            left = np.concatenate([np.ones((len(active), 1, size)), self.matrix[active]], axis=1)
            right = np.concatenate([np.ones((len(active), 1)), self.limits[active]], axis=1)
            solvable = np.abs(np.linalg.det(left)) > 1e-10
            points = np.linalg.solve(left[solvable], right[solvable][..., None])[..., 0]
            found.extend(points[self.admits(points)] if len(points) else [])
        return _distinct(np.array(found).reshape(-1, size))

    def _corners_by_direction(self) -> np.ndarray:
        from scipy.optimize import linprog

        directions = np.random.default_rng(0).normal(size=(500, len(self.names)))
        corners = [
            linprog(one, self.matrix, self.limits, np.ones((1, len(self.names))), [1.0], bounds=(0, 1)).x
            for one in directions
        ]
        return _distinct(np.array(corners))

    @cached_property
    def centroid(self) -> np.ndarray:
        """The mean of the corners."""
        return self.vertices.mean(axis=0)

    def sample(self, count: int, seed: int) -> np.ndarray:
        """Points spread evenly over the region, by hit and run from the centroid.

        Args:
            count: How many.
            seed: Of the random steps.

        Returns:
            Shape ``(count, components)``. All equal where the region is one point.

        Source:
            R. L. Smith, Oper. Res. 1984, 32, 1296.
        """
        chance = np.random.default_rng(seed)
        free = self._directions
        if not len(free):
            return np.repeat(self.centroid[None], count, axis=0)
        point, points = self.centroid.copy(), np.empty((count, len(self.names)))
        steps = 2 * len(free) + 2  # between kept points, so that they forget each other
        draws = chance.normal(size=(count, steps, len(free)))
        shares = chance.random(size=(count, steps))
        for place in range(count):
            for step in range(steps):
                way = draws[place, step] @ free
                slope, room = self.matrix @ way, np.maximum(self.limits - self.matrix @ point, 0.0)
                rising, falling = slope > 1e-12, slope < -1e-12
                high = np.min(room[rising] / slope[rising], initial=2.0)
                low = np.max(room[falling] / slope[falling], initial=-2.0)
                point = point + way * (low + (high - low) * shares[place, step])
            points[place] = point
        return points

    @cached_property
    def _directions(self) -> np.ndarray:
        """An orthonormal basis of the directions in which the region extends."""
        spread = self.vertices - self.centroid
        _, sizes, basis = np.linalg.svd(spread, full_matrices=False)
        return basis[sizes > 1e-9]

    @property
    def dimension(self) -> int:
        """In how many directions the region extends."""
        return len(self._directions)


def make_region(
    ingredients: Sequence[Ingredient], ratios: Sequence[Ratio] = (), constraints: Sequence[Weighted] = ()
) -> Region:
    """The region of recipes that meet every bound.

    Raises:
        RepairableToolError: A name repeats or is unknown, or no recipe meets the bounds; the message says which bounds
            contradict each other.
    """
    names = tuple(one.name.strip() for one in ingredients)
    if not 2 <= len(names) <= MOST_COMPONENTS:
        raise RepairableToolError(
            f"ingredients: {len(names)} components were given.", remedy=f"Give 2 to {MOST_COMPONENTS}."
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise RepairableToolError(f"ingredients: {', '.join(twice)} is named twice.", remedy="Name each once.")
    rows: list[tuple[np.ndarray, float, str]] = []
    unit = np.eye(len(names))
    for place, one in enumerate(ingredients):
        if one.low > one.high:
            raise RepairableToolError(
                f"ingredients: {one.name} is to be at least {one.low:g} and at most {one.high:g}.",
                remedy="Mend its bounds.",
            )
        rows.append((-unit[place], -one.low, f"{one.name} ≥ {one.low:g}"))
        rows.append((unit[place], one.high, f"{one.name} ≤ {one.high:g}"))
    place_of = {name: place for place, name in enumerate(names)}
    for ratio in ratios:
        top, bottom = (unit[_place(place_of, name)] for name in (ratio.numerator, ratio.denominator))
        words = f"{ratio.numerator} : {ratio.denominator}"
        if ratio.low is not None:
            rows.append((ratio.low * bottom - top, 0.0, f"{words} ≥ {ratio.low:g}"))
        if ratio.high is not None:
            rows.append((top - ratio.high * bottom, 0.0, f"{words} ≤ {ratio.high:g}"))
    for sum_ in constraints:
        weights = np.zeros(len(names))
        for name, weight in sum_.weights.items():
            weights[_place(place_of, name)] = weight
        words = " + ".join(f"{weight:g} {name}" for name, weight in sum_.weights.items())
        if sum_.low is not None:
            rows.append((-weights, -sum_.low, f"{words} ≥ {sum_.low:g}"))
        if sum_.high is not None:
            rows.append((weights, sum_.high, f"{words} ≤ {sum_.high:g}"))
    region = Region(
        names, np.array([row[0] for row in rows]), np.array([row[1] for row in rows]), tuple(row[2] for row in rows)
    )
    if not _feasible(region.matrix, region.limits):
        raise RepairableToolError(
            f"No recipe meets every bound: {'; '.join(_contradiction(region))} contradict each other "
            "(fractions add to 1).",
            remedy="Loosen one of them.",
        )
    return region


def tidy(points: np.ndarray, digits: int = 4) -> np.ndarray:
    """Fractions to so many digits that still add to one: the rest goes to the largest."""
    rounded = np.round(np.clip(points, 0, 1), digits)
    for row in np.atleast_2d(rounded):
        row[np.argmax(row)] += 1 - row.sum()
    return np.round(rounded, digits)


def _place(places: dict[str, int], name: str) -> int:
    if name.strip() not in places:
        raise RepairableToolError(f"'{name}' is no component.", remedy=f"There are: {', '.join(places)}.")
    return places[name.strip()]


def _feasible(matrix: np.ndarray, limits: np.ndarray) -> bool:
    from scipy.optimize import linprog

    size = matrix.shape[1]
    found = linprog(np.zeros(size), matrix, limits + TOLERANCE, np.ones((1, size)), [1.0], bounds=(0, 1))
    return found.status == 0


def _contradiction(region: Region) -> list[str]:
    """A smallest set of bounds that cannot hold together: each is needed for the contradiction."""
    kept = list(range(len(region.limits)))
    for one in list(kept):
        rest = [other for other in kept if other != one]
        if not _feasible(region.matrix[rest], region.limits[rest]):
            kept = rest
    return [region.told[one] for one in kept]


def _distinct(points: np.ndarray) -> np.ndarray:
    rounded = np.unique(np.round(points, 9), axis=0) + 0.0  # no negative zeros
    return rounded[::-1]
