"""Points that could be tested: every one of a small grid, else a spread sample that meets all constraints."""

from __future__ import annotations

import itertools
import math

import numpy as np
from scipy.stats import qmc

from agent.errors import ConflictError
from agent.tools.optimisation.feasibility import binding_constraints, points_within
from agent.tools.optimisation.parameters import Categorical, Continuous, Discrete, Mixture, Point
from agent.tools.optimisation.points import nearest_mixture, part_at, place_of, point_at, rounded, value_at
from agent.tools.optimisation.space import Space

POOL = 5000
"""Most candidates that are looked at."""
ROUNDS = 6
"""Rejection sampling gives up after so many rounds without enough points."""
SCARCE = 200
"""With fewer points by rejection, the region that the constraints leave is narrow, and is sampled from its corners."""


def candidate_points(space: Space, seed: int = 0, limit: int = POOL) -> list[Point]:
    """The pool: the whole grid where it is finite and small enough, else a Sobol sample.

    Args:
        space: The search space.
        seed: Seed of the sample.
        limit: Most points.

    Raises:
        ConflictError: No point meets the constraints.
    """
    grids = [_levels(one) for one in space.parameters]
    if all(grid is not None for grid in grids):
        full = [grid for grid in grids if grid is not None]
        if math.prod(len(grid) for grid in full) <= 4 * limit:
            admitted = [point for point in _grid(space, full) if space.admits(point)]
            if not admitted:
                raise empty_space(space)
            if len(admitted) > limit:
                keep = np.random.default_rng(seed).choice(len(admitted), size=limit, replace=False)
                admitted = [admitted[i] for i in sorted(keep)]
            return admitted
    return sample_points(space, limit, seed)


def sample_points(space: Space, count: int, seed: int) -> list[Point]:
    """A quasi-random sample of the space that meets its constraints.

    Args:
        space: The search space.
        count: How many points are wanted; a tight space may give fewer.
        seed: Seed.

    Raises:
        ConflictError: No point was found that meets the constraints.
    """
    width = sum(len(one.names) for one in space.parameters)
    sampler = qmc.Sobol(width, rng=seed)
    draw = 2 ** max(6, math.ceil(math.log2(count)))  # powers of two keep the sequence balanced
    found: dict[tuple[tuple[str, float | str], ...], Point] = {}
    for tried in range(1, ROUNDS + 1):
        for row in sampler.random(draw):
            point = space.settle(point_at(space, row))
            if space.admits(point):
                found.setdefault(tuple(point.items()), point)
            if len(found) >= count:
                break
        if len(found) >= count or (tried >= 4 and len(found) > SCARCE) or (tried >= 2 and not found):
            break
    if len(found) < min(count, SCARCE):
        for point in points_within(space, count - len(found), seed):
            found.setdefault(tuple(point.items()), point)
    if not found:
        raise empty_space(space)
    return list(found.values())[:count]


def nearby_points(space: Space, centre: Point, count: int, seed: int, width: float = 0.1) -> list[Point]:
    """Points around a good one, so that an optimum between the sampled ones is not missed.

    Args:
        space: The search space.
        centre: The point to look around.
        count: How many to try.
        seed: Seed.
        width: Standard deviation of a step, as a share of a factor's range.

    Returns:
        Those that meet bounds and constraints.
    """
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        point: Point = {}
        for one in space.parameters:
            if any(name not in centre for name in one.names):  # its condition does not hold at the centre
                point.update(part_at(one, rng.random(len(one.names))))
            elif isinstance(one, Categorical):
                point[one.name] = str(rng.choice(one.values)) if rng.random() < 0.15 else centre[one.name]
            elif isinstance(one, Discrete):
                ordered = sorted(one.values)
                place = int(np.argmin([abs(value - float(centre[one.name])) for value in ordered]))
                place += int(np.rint(rng.normal(0, max(0.7, width * len(ordered)))))
                point[one.name] = ordered[min(max(place, 0), len(ordered) - 1)]
            elif isinstance(one, Continuous):
                place = place_of(one, float(centre[one.name])) + rng.normal(0, width) * (rng.random() < 0.7)
                point[one.name] = value_at(one, min(max(place, 0.0), 1.0))
            else:
                steps = rng.normal(0, width, len(one.components)) * (rng.random(len(one.components)) < 0.7)
                moved = np.asarray([float(centre[name]) for name in one.names]) + steps
                point.update(zip(one.names, nearest_mixture(one, moved), strict=True))
        point = space.settle(point)
        if space.admits(point):
            found.append(point)
    return found


def _levels(parameter: Continuous | Discrete | Categorical | Mixture) -> list[Point] | None:
    """Every setting of a parameter, if they can be counted."""
    if isinstance(parameter, Discrete | Categorical):
        return [{parameter.name: value} for value in parameter.values]
    if isinstance(parameter, Continuous):
        if parameter.step is None:
            return None
        steps = math.floor((parameter.high - parameter.low) / parameter.step + 1e-9)
        return (
            None
            if steps > 200
            else [{parameter.name: rounded(parameter.low + i * parameter.step)} for i in range(steps + 1)]
        )
    if parameter.step is None or abs(round(1 / parameter.step) * parameter.step - 1) > 1e-9:
        return None
    parts, total = len(parameter.components), round(1 / parameter.step)
    if math.comb(total + parts - 1, parts - 1) > 4 * POOL:
        return None
    settings = []
    for bars in itertools.combinations(range(total + parts - 1), parts - 1):
        edges = (-1, *bars, total + parts - 1)
        shares = [(edges[i + 1] - edges[i] - 1) / total for i in range(parts)]
        if all(
            one.low - 1e-9 <= share <= one.high + 1e-9 for one, share in zip(parameter.components, shares, strict=True)
        ):
            settings.append(dict(zip(parameter.names, map(rounded, shares), strict=True)))
    return settings


def _grid(space: Space, levels: list[list[Point]]) -> list[Point]:
    """Every combination of settings; those that differ only in factors left out come once."""
    found: dict[tuple[tuple[str, float | str], ...], Point] = {}
    for parts in itertools.product(*levels):
        point = space.settle({name: value for part in parts for name, value in part.items()})
        found.setdefault(tuple(point.items()), point)
    return list(found.values())


def empty_space(space: Space) -> ConflictError:
    """The refusal of a space that no point meets, with the constraints that bind."""
    binding = [space.constraints[place].words for place in binding_constraints(space)]
    if len(binding) == 1:
        return ConflictError(
            f"The search space is empty: no setting of {', '.join(space.factors)} meets the constraint '{binding[0]}'.",
            remedy="Loosen that constraint, or widen a factor.",
        )
    together = " and ".join(f"'{one}'" for one in binding)
    return ConflictError(
        f"The search space is empty: the constraints {together} contradict each other.",
        remedy="Loosen one of them, or widen a factor.",
    )
