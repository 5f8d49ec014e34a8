"""Regions that constraints leave narrow: points inside them by linear programs, and which constraints leave none.

Categories and discrete numbers are drawn; every exclusion is met by one of its parts not holding, drawn as well. What
then is left is a polytope of the continuous factors, whose corners come from linear programs with random objectives.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog

from agent.errors import GedankenError
from agent.tools.optimisation.constraints import Exclusion, LinearConstraint
from agent.tools.optimisation.parameters import Continuous, Mixture, Point, matches
from agent.tools.optimisation.points import point_at
from agent.tools.optimisation.space import Space

DRAWS = 60
"""How many settings of the categories and discrete numbers are tried."""
CORNERS = 4
"""Corners of each polytope that are mixed with random weights."""
NARROW = 1e-6
"""Distance kept from the edge of an excluded range, as a share of the factor's range."""


def points_within(space: Space, count: int, seed: int) -> list[Point]:
    """Points of a narrow region.

    Args:
        space: The search space.
        count: Most points.
        seed: Seed.

    Returns:
        Points that meet every constraint; none if none was found.
    """
    rng = np.random.default_rng([seed, 1])
    width = sum(len(one.names) for one in space.parameters)
    found: list[Point] = []
    for _ in range(DRAWS):
        drawn = point_at(space, rng.random(width))
        corners = _corners(space, drawn, rng)
        each = math.ceil(2 * count / DRAWS) + 1 if corners else 0
        for place in range(each):
            weights = rng.dirichlet(np.ones(len(corners))) if place else np.eye(len(corners))[0]
            settings = weights @ np.asarray([list(corner.values()) for corner in corners])
            point = space.settle(_on_grid(space, drawn | dict(zip(corners[0], map(float, settings), strict=True))))
            if _fits(space, point):
                found.append(point)
        if len(found) >= count:
            break
    return found[:count]


def binding_constraints(space: Space) -> tuple[int, ...]:
    """A smallest set of constraints that no point meets together: leaving any one out gives points.

    Source: the deletion filter of Chinneck, Dravnieks, "Locating minimal infeasible constraint sets in linear
    programs" (1991).

    Args:
        space: A space without feasible points.

    Returns:
        Their places in ``space.constraints``.
    """
    kept = list(range(len(space.constraints)))
    for place in tuple(kept):
        fewer = [one for one in kept if one != place]
        if not _has_points(space, fewer):
            kept = fewer
    return tuple(kept)


def _has_points(space: Space, places: Sequence[int]) -> bool:
    if not places:
        return True
    some = space.model_copy(update={"constraints": tuple(space.constraints[one] for one in places)})
    rng = np.random.default_rng(0)
    width = sum(len(one.names) for one in space.parameters)
    tried = [point_at(space, rng.random(width)) for _ in range(4000)]
    return any(some.admits(space.settle(point)) for point in tried) or bool(points_within(some, 1, 0))


def _corners(space: Space, drawn: Point, rng: np.random.Generator) -> list[dict[str, float]]:
    """Corners of the polytope that the continuous factors have left, the others being set."""
    there = space.settle(drawn)
    ranges: dict[str, tuple[float, float]] = {}
    for one in space.parameters:
        if isinstance(one, Continuous) and one.name in there:
            ranges[one.name] = (one.low, one.high)
        elif isinstance(one, Mixture) and one.names[0] in there:
            ranges.update({part.name: (part.low, part.high) for part in one.components})
    if not ranges:
        return []
    for constraint in space.constraints:
        if isinstance(constraint, Exclusion):
            _step_aside(constraint, there, ranges, rng)
    names = list(ranges)
    if any(low > high for low, high in ranges.values()):
        return []
    rows, limits, equal, sums = [], [], [], []
    for constraint in space.constraints:
        if isinstance(constraint, LinearConstraint):
            row = np.asarray([constraint.weights.get(name, 0.0) for name in names])
            fixed = sum(
                weight * float(there.get(name, 0.0))
                for name, weight in constraint.weights.items()
                if name not in ranges
            )
            if constraint.high is not None:
                rows.append(row)
                limits.append(constraint.high - fixed)
            if constraint.low is not None:
                rows.append(-row)
                limits.append(fixed - constraint.low)
    for one in space.parameters:
        if isinstance(one, Mixture) and one.names[0] in ranges:
            equal.append([1.0 if name in one.names else 0.0 for name in names])
            sums.append(1.0)
    spans = np.asarray([max(high - low, 1e-12) for low, high in ranges.values()])
    corners = []
    for _ in range(CORNERS):
        solved = linprog(
            rng.standard_normal(len(names)) / spans,
            A_ub=np.asarray(rows) if rows else None,
            b_ub=limits if rows else None,
            A_eq=np.asarray(equal) if equal else None,
            b_eq=sums if equal else None,
            bounds=list(ranges.values()),
            method="highs",
        )
        if not solved.success:
            break
        corners.append(dict(zip(names, map(float, solved.x), strict=True)))
    return corners


def _step_aside(
    exclusion: Exclusion, there: Point, ranges: dict[str, tuple[float, float]], rng: np.random.Generator
) -> None:
    """Narrow one continuous factor so that an exclusion cannot hold, unless the settings drawn break it already."""
    fixed = {name: what for name, what in exclusion.when.items() if name not in ranges}
    if fixed and not matches(there, fixed):
        return
    able = [name for name in exclusion.when if name in ranges]
    if not able:
        return
    name = str(rng.choice(able))
    bottom, top = (float(one) for one in exclusion.when[name])  # a number factor is excluded by a range
    low, high = ranges[name]
    slack = NARROW * max(high - low, 1e-9)
    sides = [(low, min(high, bottom - slack)), (max(low, top + slack), high)]
    open_sides = [side for side in sides if side[0] <= side[1]]
    ranges[name] = open_sides[int(rng.integers(len(open_sides)))] if open_sides else (1.0, 0.0)


def _on_grid(space: Space, point: Point) -> Point:
    """Continuous settings moved to the nearest step of their factor, and the others written to ten digits."""
    settled = dict(point)
    for one in space.parameters:
        if isinstance(one, Continuous):
            value = float(point[one.name])
            if one.step is not None:
                value = one.low + round((value - one.low) / one.step) * one.step
            settled[one.name] = min(max(float(f"{value:.10g}"), one.low), one.high)
    return settled


def _fits(space: Space, point: Point) -> bool:
    try:
        space.check(point)
    except GedankenError:
        return False
    return True
