"""Designs of mixtures: which recipes to make."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Literal

import numpy as np

from agent.tools.formulations.region import Region
from agent.tools.formulations.scheffe import Model, model_matrix

Kind = Literal["simplex lattice", "simplex centroid", "extreme vertices", "D-optimal", "space filling"]

_POOL = 400
"""Sampled recipes among which optimal and space-filling designs choose."""

_STARTS = 5
_ROUNDS = 50


def simplex_lattice(components: int, degree: int) -> np.ndarray:
    """All recipes whose fractions are multiples of ``1 / degree``.

    Source:
        H. Scheffé, J. R. Stat. Soc. B 1958, 20, 344.
    """

    def split(left: int, parts: int) -> Iterator[tuple[int, ...]]:
        if parts == 1:
            yield (left,)
            return
        for first in range(left, -1, -1):
            for rest in split(left - first, parts - 1):
                yield (first, *rest)

    return np.array(list(split(degree, components)), dtype=float) / degree


def simplex_centroid(components: int) -> np.ndarray:
    """The centres of all faces: equal parts of every subset of the components.

    Source:
        H. Scheffé, J. R. Stat. Soc. B 1963, 25, 235.
    """
    rows = []
    for size in range(1, components + 1):
        for chosen in combinations(range(components), size):
            row = np.zeros(components)
            row[list(chosen)] = 1 / size
            rows.append(row)
    return np.array(rows)


def pseudo_components(region: Region, points: np.ndarray) -> np.ndarray | None:
    """A design of the whole simplex moved into the region above the lower bounds, or nothing if it leaves the region.

    Source:
        L-pseudo-components: I. S. Kurotori, Ind. Qual. Control 1966, 22, 592.
    """
    lower = region.vertices.min(axis=0)
    moved = lower + (1 - lower.sum()) * points
    return moved if region.admits(moved).all() else None


def extreme_vertices(region: Region) -> np.ndarray:
    """The corners of the region, the middles of its edges, and its centre.

    Source:
        R. A. McLean, V. L. Anderson, Technometrics 1966, 8, 447.
    """
    return np.vstack([region.vertices, _edge_middles(region), region.centroid[None]])


def d_optimal(region: Region, model: Model, count: int, seed: int) -> np.ndarray:
    """Recipes from which a model's coefficients are best determined, by exchange.

    Args:
        region: What is allowed.
        model: The model to be fitted.
        count: How many recipes; at least as many as the model has terms.
        seed: Of the starting designs.

    Returns:
        Shape ``(count, components)``; a recipe may repeat.

    Source:
        R. D. Cook, C. J. Nachtsheim, Technometrics 1980, 22, 315.
    """
    pool = np.vstack([extreme_vertices(region), region.sample(_POOL // 4, seed)])
    matrix = model_matrix(pool, model)
    chance = np.random.default_rng(seed)
    best, highest = np.arange(count) % len(pool), -np.inf
    for _ in range(_STARTS):
        chosen = chance.choice(len(pool), size=count, replace=count > len(pool))
        value = _log_determinant(matrix[chosen])
        for _ in range(_ROUNDS):
            before = value
            for slot in range(count):
                rest = np.delete(chosen, slot)
                inverse = np.linalg.inv(matrix[rest].T @ matrix[rest] + 1e-9 * np.eye(matrix.shape[1]))
                # The determinant grows by one plus this on adding a point.
                gain = np.einsum("ij,jk,ik->i", matrix, inverse, matrix)
                chosen[slot] = int(np.argmax(gain - 1e-12 * np.arange(len(pool))))
            value = _log_determinant(matrix[chosen])
            if value <= before + 1e-9:
                break
        if value > highest + 1e-9:
            best, highest = chosen.copy(), value
    return pool[np.sort(best)]


def space_filling(region: Region, count: int, seed: int) -> np.ndarray:
    """Recipes far from each other all over the region: each next one is the farthest from those before.

    Source:
        R. W. Kennard, L. A. Stone, Technometrics 1969, 11, 137.
    """
    pool = np.vstack([region.vertices, region.sample(max(_POOL, 10 * count), seed)])
    chosen = [int(np.argmin(((pool - region.centroid) ** 2).sum(axis=1)))]
    nearest = ((pool - pool[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < count:
        chosen.append(int(np.argmax(nearest)))
        nearest = np.minimum(nearest, ((pool - pool[chosen[-1]]) ** 2).sum(axis=1))
    return pool[chosen]


def efficiency(points: np.ndarray, model: Model) -> float:
    """The determinant of the information matrix per recipe and term, to the power of one over the terms."""
    matrix = model_matrix(points, model)
    size = matrix.shape[1]
    if len(points) < size or np.linalg.matrix_rank(matrix) < size:
        return 0.0
    return float(np.exp(_log_determinant(matrix) / size) / len(points))


def _edge_middles(region: Region) -> np.ndarray:
    """The middles of pairs of corners that share all but one of the bounds that hold them."""
    corners = region.vertices
    active = np.abs(corners @ region.matrix.T - region.limits) < 1e-7
    middles = [
        (corners[a] + corners[b]) / 2
        for a, b in combinations(range(len(corners)), 2)
        if (active[a] & active[b]).sum() >= len(region.names) - 2
    ]
    return np.unique(np.round(np.array(middles).reshape(-1, len(region.names)), 9), axis=0)


def _log_determinant(matrix: np.ndarray) -> float:
    sign, value = np.linalg.slogdet(matrix.T @ matrix)
    return float(value) if sign > 0 else -np.inf
