"""A Gaussian process over molecules that grows with every measurement, and a pool of candidates that it keeps judging.

The kernel is a weighted sum of Tanimoto kernels on count fingerprints (a valid kernel: T. Gower, Biometrics 1971, 27,
857; for molecules L. Ralaivola et al., Neural Networks 2005, 18, 1093) and a squared-exponential kernel on a few
descriptors. Weights and noise are chosen from a small grid by the marginal likelihood; mean and amplitude follow in
closed form (C. E. Rasmussen, C. K. I. Williams, Gaussian Processes for Machine Learning, 2006, sections 2.7 and 5.4).

The Cholesky factor is extended by a block per batch of measurements. For the candidates of a `Pool` the rows of
``L⁻¹ k`` are extended as well, so that judging them anew costs one product and no solve.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cholesky, solve_triangular

from agent.tools.molecules.evolution.features import FINGERPRINTS, Features, joined

Weights = tuple[float, ...]
"""Weights of the fingerprints' kernels, then the descriptors'; they add up to 1."""

GRID: tuple[Weights, ...] = (
    (1.0, 0.0, 0.0), (0.5, 0.5, 0.0), (0.0, 1.0, 0.0), (0.5, 0.0, 0.5), (0.0, 0.5, 0.5), (0.35, 0.35, 0.3),
    (0.1, 0.1, 0.8),
)  # fmt: skip
"""Weights that are tried."""

NOISES = (1e-3, 1e-2, 1e-1)
"""Variances of the noise that are tried, in units of the amplitude."""

LENGTH = 2.0
"""Length of the descriptors' kernel, in units of the descriptors' spreads together."""

SUBSET = 250
"""Molecules on which the weights are chosen."""


def gram(left: Features, right: Features, kind: int) -> np.ndarray:
    """One kernel: a fingerprint's Tanimoto coefficient, or behind those the descriptors' squared exponential.

    Returns:
        (left molecules, right molecules), each between 0 and 1.
    """
    if kind < FINGERPRINTS:
        shared = left.bits[kind] @ right.bits[kind].T
        whole = left.sizes[kind][:, None] + right.sizes[kind][None]
        return shared / np.maximum(whole - shared, 1)
    squares = (left.descriptors**2).sum(axis=1)[:, None] + (right.descriptors**2).sum(axis=1)[None]
    squares = np.maximum(squares - 2 * left.descriptors @ right.descriptors.T, 0)
    return np.exp(-0.5 * squares / LENGTH**2)


def grams(left: Features, right: Features) -> np.ndarray:
    """The kernels one by one, (`FINGERPRINTS` + 1, left molecules, right molecules)."""
    return np.stack([gram(left, right, kind) for kind in range(FINGERPRINTS + 1)]).astype(np.float64)


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


def choose_setting(points: Features, values: np.ndarray) -> Setting:
    """The setting of the grid with the highest marginal likelihood, mean and amplitude at their best values.

    Args:
        points: Measured molecules.
        values: What was measured, (molecules,).
    """
    stack = grams(points, points)
    best: tuple[float, Setting] | None = None
    for weights in GRID:
        kernel = np.tensordot(weights, stack, axes=1)
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
        self._factor = np.zeros((capacity, capacity))
        self._target = np.zeros(capacity)
        self._store: Features | None = None

    @property
    def full(self) -> bool:
        """Whether there is no room for another batch of 50."""
        return self.count + 50 > len(self._target)

    @property
    def _points(self) -> Features:
        """The molecules taken in so far; views, so that growing copies nothing."""
        assert self._store is not None
        return self._store[: self.count]

    def _keep(self, points: Features) -> None:
        if self._store is None:
            capacity = len(self._target)
            self._store = Features(
                np.zeros((FINGERPRINTS, capacity, points.bits.shape[2]), dtype=np.float32),
                np.zeros((FINGERPRINTS, capacity), dtype=np.float32),
                np.zeros((capacity, points.descriptors.shape[1])),
            )
        rows = slice(self.count, self.count + len(points))
        self._store.bits[:, rows] = points.bits
        self._store.sizes[:, rows] = points.sizes
        self._store.descriptors[rows] = points.descriptors

    def kernel(self, left: Features, right: Features) -> np.ndarray:
        """Prior covariance in units of the amplitude."""
        total = np.zeros((len(left), len(right)))
        for kind, weight in enumerate(self.setting.weights):
            if weight:
                total += weight * gram(left, right, kind)
        return total

    def extend(self, points: Features, values: np.ndarray) -> tuple[Features, np.ndarray, np.ndarray]:
        """Take in measurements.

        Args:
            points: Molecules.
            values: What was measured, (molecules,).

        Returns:
            What a `Pool` needs to follow: the points, and the two new blocks of the Cholesky factor.
        """
        old, new = self.count, self.count + len(values)
        own = self.kernel(points, points) + self.setting.noise * np.eye(len(values))
        if old:
            across = solve_triangular(
                self._factor[:old, :old], self.kernel(self._points, points), lower=True, check_finite=False
            )
        else:
            across = np.zeros((0, len(values)))
        self._keep(points)
        # The smallest shift keeps the block positive definite when a molecule looks like one that is there already.
        corner = cholesky(own - across.T @ across + 1e-9 * np.eye(len(values)), lower=True, check_finite=False)
        residual = (values - self.setting.mean) - across.T @ self._target[:old]
        self._factor[old:new, :old] = across.T
        self._factor[old:new, old:new] = corner
        self._target[old:new] = solve_triangular(corner, residual, lower=True, check_finite=False)
        self.count = new
        return points, across.T, corner

    def project(self, candidates: Features) -> np.ndarray:
        """``L⁻¹ k`` of candidates, (measured, candidates)."""
        if not self.count:
            return np.zeros((0, len(candidates)))
        return solve_triangular(
            self._factor[: self.count, : self.count],
            self.kernel(self._points, candidates),
            lower=True,
            check_finite=False,
        )

    def judge(self, projected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Posterior mean and standard deviation of candidates, without noise.

        Args:
            projected: From `project`, (measured, candidates).

        Returns:
            Two arrays, (candidates,), in the measured values' unit.
        """
        mean = self.setting.mean + self._target[: self.count] @ projected
        variance = self.setting.amplitude * np.maximum(1.0 - (projected**2).sum(axis=0), 1e-9)
        return mean, np.sqrt(variance)


class Pool:
    """Candidates that wait, with their projections kept up to date.

    Args:
        surrogate: What judges them.
    """

    def __init__(self, surrogate: Surrogate) -> None:
        self._surrogate = surrogate
        self.points: Features | None = None
        self._projected = np.zeros((0, 0))

    def __len__(self) -> int:
        """Candidates waiting."""
        return 0 if self.points is None else len(self.points)

    def add(self, candidates: Features) -> None:
        """Take in candidates."""
        projected = self._surrogate.project(candidates)
        if self.points is None or not len(self.points):
            self.points, self._projected = candidates, projected
        else:
            self.points = joined([self.points, candidates])
            self._projected = np.concatenate([self._projected, projected], axis=1)

    def follow(self, points: Features, across: np.ndarray, corner: np.ndarray) -> None:
        """Follow an extension of the surrogate (what `Surrogate.extend` returned)."""
        if self.points is None or not len(self.points):
            return
        kernel = self._surrogate.kernel(points, self.points) - across @ self._projected
        rows = solve_triangular(corner, kernel, lower=True, check_finite=False)
        self._projected = np.concatenate([self._projected, rows])

    def keep(self, rows: np.ndarray) -> None:
        """Keep these candidates, in this order."""
        if self.points is not None:
            self.points, self._projected = self.points[rows], self._projected[:, rows]

    def judge(self) -> tuple[np.ndarray, np.ndarray]:
        """Posterior mean and standard deviation of the candidates."""
        return self._surrogate.judge(self._projected)

    def likeness(self, rows: list[int]) -> np.ndarray:
        """The Tanimoto coefficient of every candidate to the nearest of some of them, (candidates,)."""
        assert self.points is not None
        return self.likeness_to(self.points[rows])

    def likeness_to(self, others: Features) -> np.ndarray:
        """The Tanimoto coefficient of every candidate to the nearest of some molecules, (candidates,)."""
        assert self.points is not None
        return gram(self.points, others, 0).max(axis=1)
