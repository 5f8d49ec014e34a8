"""A Gaussian process over molecules that grows with every measurement, and a pool of candidates that it keeps judging.

The kernel is a weighted sum of Tanimoto kernels on count fingerprints (a valid kernel: T. Gower, Biometrics 1971, 27,
857; for molecules L. Ralaivola et al., Neural Networks 2005, 18, 1093) and a squared-exponential kernel on a few
descriptors. Weights and noise are chosen from a small grid by the marginal likelihood; mean and amplitude follow in
closed form (C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning, 2006, sections 2.7 and 5.4).

The inverse of the Cholesky factor is extended by a block per batch of measurements. For the candidates of a `Pool` the
rows of ``L⁻¹ k`` are extended as well, with the sums that mean and variance need, so that judging them anew is free.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.linalg import cholesky, solve_triangular

from agent.tools.molecules.evolution.features import FINGERPRINTS, KINDS, Features, Library

Weights = tuple[float, ...]
"""Weights of the fingerprints' kernels, then the descriptors', and, where there is a fourth, the linear one's; they add
up to 1.
"""

GRID: tuple[Weights, ...] = (
    (1.0, 0.0, 0.0), (0.5, 0.5, 0.0), (0.0, 1.0, 0.0), (0.5, 0.0, 0.5), (0.0, 0.5, 0.5), (0.35, 0.35, 0.3),
    (0.1, 0.1, 0.8),
)  # fmt: skip
"""Weights that are tried, without a linear kernel."""

ADDITIVE: tuple[Weights, ...] = (
    (0.5, 0.0, 0.0, 0.5), (0.3, 0.3, 0.0, 0.4), (0.25, 0.0, 0.5, 0.25), (0.25, 0.25, 0.25, 0.25),
)  # fmt: skip
"""Weights with a linear kernel, which carries what each feature adds to molecules beyond those measured."""

TYPICAL = 75.0
"""Bits of a circular fingerprint at which the linear kernel is 1."""

NOISES = (1e-3, 1e-2, 1e-1)
"""Variances of the noise that are tried, in units of the amplitude."""

LENGTH = 2.0
"""Length of the descriptors' kernel, in units of the descriptors' spreads together."""

_GROUP = 64

SUBSET = 250
"""Molecules on which the weights are chosen."""


def gram(left: Features, right: Features, kind: int) -> np.ndarray:
    """One kernel: a fingerprint's Tanimoto coefficient, or behind those the descriptors' squared exponential and the
    scalar product of the circular fingerprints.

    Returns:
        (left molecules, right molecules), each between 0 and 1 but for the scalar product.
    """
    if kind > FINGERPRINTS:
        return left.shared(right, 0) / TYPICAL
    if kind < FINGERPRINTS:
        shared = left.shared(right, kind)
        whole = left.sizes[kind][:, None] + right.sizes[kind][None]
        return shared / np.maximum(whole - shared, 1)
    squares = (left.descriptors**2).sum(axis=1)[:, None] + (right.descriptors**2).sum(axis=1)[None]
    squares = np.maximum(squares - 2 * left.descriptors @ right.descriptors.T, 0)
    return np.exp(-0.5 * squares / LENGTH**2)


def grams(left: Features, right: Features) -> np.ndarray:
    """The kernels one by one, (`FINGERPRINTS` + 2, left molecules, right molecules)."""
    return np.stack([gram(left, right, kind) for kind in range(FINGERPRINTS + 2)]).astype(np.float64)


@dataclass(frozen=True)
class Setting:
    """The process's parameters.

    Attributes:
        weights: Of the kernels.
        noise: Its variance, in units of the amplitude.
        mean: The constant mean.
        amplitude: Prior variance.
    """

    weights: Weights
    noise: float
    mean: float
    amplitude: float

    @property
    def kinds(self) -> tuple[int, ...]:
        """The kinds of feature that it looks at; circular fingerprints always."""
        return tuple(kind for kind in KINDS if not kind or self.weights[kind])


def choose_setting(points: Features, values: np.ndarray, grid: Sequence[Weights] = GRID) -> Setting:
    """The setting of the grid with the highest marginal likelihood, mean and amplitude at their best values.

    Args:
        points: Measured molecules.
        values: What was measured, (molecules,).
        grid: Weights that are tried.
    """
    stack = grams(points, points)
    best: tuple[float, Setting] | None = None
    for weights in grid:
        kernel = np.tensordot(weights, stack[: len(weights)], axes=1)
        for noise in NOISES:
            factor = cholesky(kernel + noise * np.eye(len(values)), lower=True, check_finite=False)
            ones, target = solve_triangular(
                factor, np.stack([np.ones(len(values)), values], axis=1), lower=True, check_finite=False
            ).T
            mean = float(ones @ target / (ones @ ones))
            residual = target - mean * ones
            amplitude = max(float(residual @ residual / len(values)), 1e-12)
            likelihood = -0.5 * len(values) * np.log(amplitude) - np.log(np.diag(factor)).sum()
            if best is None or likelihood > best[0]:
                best = (likelihood, Setting(weights, noise, mean, amplitude))
    assert best is not None
    return best[1]


class Surrogate:
    """A Gaussian process on measured molecules.

    Args:
        setting: Its parameters.
        capacity: Most measured molecules that it will hold.
    """

    def __init__(self, setting: Setting, capacity: int) -> None:
        self.setting = setting
        self.count = 0
        self.target = np.zeros(capacity)
        self._inverse = np.zeros((capacity, capacity))
        self._store: Library | None = None

    @property
    def capacity(self) -> int:
        """Most measured molecules that it holds."""
        return len(self.target)

    @property
    def full(self) -> bool:
        """Whether there is no room for another batch of 50."""
        return self.count + 50 > self.capacity

    def kernel(self, left: Features, right: Features) -> np.ndarray:
        """Prior covariance in units of the amplitude."""
        total = np.zeros((len(left), len(right)))
        for kind, weight in enumerate(self.setting.weights):
            if weight:
                total += weight * gram(left, right, kind)
        return total

    def prior(self, points: Features) -> np.ndarray:
        """Prior variance of molecules, in units of the amplitude, (molecules,)."""
        linear = sum(self.setting.weights[FINGERPRINTS + 1 :])
        return 1 + linear * (points.sizes[0] / TYPICAL - 1)

    def extend(
        self, points: Features, values: np.ndarray, projected: np.ndarray | None = None
    ) -> tuple[Features, np.ndarray, np.ndarray]:
        """Take in measurements.

        Args:
            points: Molecules.
            values: What was measured, (molecules,).
            projected: What `project` gives for the molecules, where it is known.

        Returns:
            What a `Pool` needs to follow: the points, the new rows of the Cholesky factor left of the diagonal block,
            and the inverse of that block.
        """
        old, new = self.count, self.count + len(values)
        across = (self.project(points) if projected is None else projected).T
        if self._store is None:
            self._store = Library.blank(points, self.capacity)
        self._store.fill(slice(old, new), points)
        own, unit = self.kernel(points, points), np.eye(len(values))
        # The smallest shift keeps the block positive definite when a molecule looks like one that is there already.
        corner = np.linalg.cholesky(own + self.setting.noise * unit - across @ across.T + 1e-9 * unit)
        corner = solve_triangular(corner, unit, lower=True, check_finite=False)
        parts = [across[:, rows.start :] @ self._inverse[rows.start : old, rows] for rows in _groups(old)]
        self._inverse[old:new, :old] = -corner @ np.concatenate([across[:, :0], *parts], axis=1)
        self._inverse[old:new, old:new] = corner
        self.target[old:new] = corner @ ((values - self.setting.mean) - across @ self.target[:old])
        self.count = new
        return points, across, corner

    def project(self, candidates: Features) -> np.ndarray:
        """``L⁻¹ k`` of candidates, (measured, candidates)."""
        if self._store is None:
            return np.zeros((0, len(candidates)))
        kernel = self.kernel(self._store.first(self.count), candidates)
        return np.concatenate([self._inverse[rows, : rows.stop] @ kernel[: rows.stop] for rows in _groups(self.count)])

    def judge(self, projected: np.ndarray, prior: np.ndarray | float = 1.0) -> tuple[np.ndarray, np.ndarray]:
        """Posterior mean and standard deviation of candidates, without noise.

        Args:
            projected: From `project`, (measured, candidates).
            prior: From `prior`, (candidates,); 1 without a linear kernel.

        Returns:
            Two arrays, (candidates,), in the measured values' unit.
        """
        return self.moments(self.target[: self.count] @ projected, prior - (projected**2).sum(axis=0))

    def moments(self, raised: np.ndarray, left: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Posterior mean and standard deviation from what the measurements raise the mean by and what they leave of the
        variance, in units of the amplitude.
        """
        return self.setting.mean + raised, np.sqrt(self.setting.amplitude * np.maximum(left, 1e-9))


def _groups(count: int) -> list[slice]:
    """Rows (or columns) of a triangle in groups, so that most of the zeros beyond the diagonal are not multiplied."""
    return [slice(first, min(first + _GROUP, count)) for first in range(0, count, _GROUP)]


class Pool:
    """Candidates that wait, with their projections kept up to date.

    Candidates have fixed places in arrays, so that a round copies only what is new.

    Args:
        surrogate: What judges them.
        width: Candidates that it has room for at first; it grows when there are more.
    """

    def __init__(self, surrogate: Surrogate, width: int = 256) -> None:
        self._surrogate = surrogate
        self._width = width
        self._store: Library | None = None
        self._projected = np.zeros((surrogate.capacity, width))
        self._raised = np.zeros(width)
        self._left = np.zeros(width)
        self._places = np.zeros(0, dtype=np.int64)

    def __len__(self) -> int:
        """Candidates waiting."""
        return len(self._places)

    def projected(self, rows: Any) -> np.ndarray:
        """What `Surrogate.project` gives for some candidates (an index array), (measured, candidates)."""
        return self._projected[: self._surrogate.count, self._places[rows]]

    def points(self, rows: Any = slice(None)) -> Features:
        """The features of the candidates, or of some of them (an index array or slice)."""
        assert self._store is not None
        return self._store[self._places[rows]]

    def add(self, candidates: Features) -> None:
        """Take in candidates."""
        if self._store is None:
            self._store = Library.blank(candidates, self._width)
        while len(self) + len(candidates) > self._width:
            self._widen()
        taken = np.zeros(self._width, dtype=bool)
        taken[self._places] = True
        free = np.flatnonzero(~taken)[: len(candidates)]
        projected = self._surrogate.project(candidates)
        self._store.write(free, candidates)
        self._projected[: self._surrogate.count, free] = projected
        self._raised[free] = self._surrogate.target[: self._surrogate.count] @ projected
        self._left[free] = self._surrogate.prior(candidates) - (projected**2).sum(axis=0)
        self._places = np.concatenate([self._places, free])

    def _widen(self) -> None:
        assert self._store is not None
        kept, self._width = self._width, 2 * self._width
        old = self._store[:]
        self._store = Library.blank(old, self._width)
        self._store.write(slice(0, kept), old)
        self._projected = np.pad(self._projected, ((0, 0), (0, kept)))
        self._raised = np.pad(self._raised, (0, kept))
        self._left = np.pad(self._left, (0, kept))

    def follow(self, points: Features, across: np.ndarray, corner: np.ndarray) -> None:
        """Follow an extension of the surrogate (what `Surrogate.extend` returned)."""
        if self._store is None:
            return
        new = self._surrogate.count
        old = new - len(points)
        rows = corner @ (self._surrogate.kernel(self._store, points).T - across @ self._projected[:old])
        self._projected[old:new] = rows
        self._raised += self._surrogate.target[old:new] @ rows
        self._left -= (rows**2).sum(axis=0)

    def keep(self, rows: np.ndarray) -> None:
        """Keep these candidates, in this order."""
        self._places = self._places[rows]

    def judge(self) -> tuple[np.ndarray, np.ndarray]:
        """Posterior mean and standard deviation of the candidates."""
        return self._surrogate.moments(self._raised[self._places], self._left[self._places])

    def likeness(self, rows: list[int]) -> np.ndarray:
        """The Tanimoto coefficient of every candidate to the nearest of some of them, (candidates,)."""
        return self.likeness_to(self.points(rows))

    def likeness_to(self, others: Features) -> np.ndarray:
        """The Tanimoto coefficient of every candidate to the nearest of some molecules, (candidates,)."""
        assert self._store is not None
        return gram(self._store, others, 0).max(axis=1)[self._places]
