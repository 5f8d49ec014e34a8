"""A Gaussian process for few experiments: interactions and main effects, priors that hold from the third point on.

The kernel is a mixture of two Matérn-5/2 kernels with shared length-scales, one over all factors at once (interactions)
and one that is the mean over the factors taken alone (main effects); the data decide on the share. Hyperparameters
are maximum a posteriori estimates with analytic gradients.

Sources:
    Rasmussen, Williams, Gaussian Processes for Machine Learning (2006), chapters 2, 4.2 and 5.4.
    Length-scale prior: Hvarfner, Hellsten, Nardi, "Vanilla Bayesian optimization performs great in high
    dimensions" (2024).
    Additive kernels: Duvenaud, Nickisch, Rasmussen, "Additive Gaussian processes" (2011).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.optimize import minimize

ROOT5 = np.sqrt(5.0)
JITTER = 1e-6
LENGTH_SCALE_SPREAD = np.sqrt(3.0)
"""Standard deviation of the log length-scale; its mean is sqrt(2) + log(d) / 2 for d factors (a log-normal density)."""
NOISE_PRIOR = (-4.0, 1.0)
"""Mean and standard deviation of the log noise variance, outcomes being standardised."""
SHARE_SPREAD = 1.5
"""Standard deviation of the logit of the main effects' share."""


@dataclass(frozen=True)
class Hyperparameters:
    """What a fit determines.

    Attributes:
        length_scales: One a factor, in scaled units, shape (g,).
        noise: Noise variance of standardised outcomes.
        share: Share of the variance that main effects carry, 0 to 1.
    """

    length_scales: np.ndarray
    noise: float
    share: float


def squared_distances(first: list[np.ndarray], second: list[np.ndarray]) -> np.ndarray:
    """Squared Euclidean distances factor by factor.

    Args:
        first: One array a factor, shape (n, width of the factor).
        second: The same factors, shape (m, width).

    Returns:
        Shape (g, n, m).
    """
    return np.stack(
        [((one[:, None, :] - other[None, :, :]) ** 2).sum(-1) for one, other in zip(first, second, strict=True)]
    )


def kernel(distances: np.ndarray, given: Hyperparameters) -> np.ndarray:
    """Prior covariance with unit variance.

    Args:
        distances: Squared distances by factor, shape (g, n, m).
        given: The hyperparameters.

    Returns:
        Shape (n, m).
    """
    scaled = distances / (given.length_scales**2)[:, None, None]
    together = _matern(np.sqrt(scaled.sum(0)))
    alone = _matern(np.sqrt(scaled)).mean(0)
    return (1 - given.share) * together + given.share * alone


def fit(
    distances: np.ndarray, outcomes: np.ndarray, start: np.ndarray | None = None, repeats: np.ndarray | None = None
) -> np.ndarray:
    """Maximum a posteriori hyperparameters.

    Args:
        distances: Squared distances between the tested points by factor, shape (g, n, n).
        outcomes: Standardised outcomes, shape (n,).
        start: Where to begin, as an earlier fit returned it; by default short and at the prior's mean.
        repeats: How many measurements each outcome is the mean of, shape (n,); one by default.

    Returns:
        Log length-scales (g), log noise variance and logit of the main effects' share, shape (g + 2,); see `unpack`.
    """
    factors = len(distances)
    # The mode of the log-normal density, which is what a maximum a posteriori estimate goes by.
    prior = np.sqrt(2) + 0.5 * np.log(factors) - LENGTH_SCALE_SPREAD**2
    cold = np.array([*[min(prior, 0.0)] * factors, NOISE_PRIOR[0], 0.0])
    bounds = [(-4.5, 6.0)] * factors + [(-10.0, 1.0), (-5.0, 5.0)]
    best = None
    for begin in (cold,) if start is None else (np.asarray(start), cold)[: 1 if len(outcomes) % 5 else 2]:
        found = minimize(
            negative_log_posterior,
            begin,
            args=(distances, outcomes, prior, np.ones(len(outcomes)) if repeats is None else repeats),
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"maxiter": 40},
        )
        if best is None or found.fun < best.fun - 1e-6:
            best = found
    assert best is not None
    return best.x


def unpack(theta: np.ndarray) -> Hyperparameters:
    """The hyperparameters that a vector from `fit` stands for."""
    return Hyperparameters(np.exp(theta[:-2]), float(np.exp(theta[-2])), float(1 / (1 + np.exp(-theta[-1]))))


def negative_log_posterior(
    theta: np.ndarray, distances: np.ndarray, outcomes: np.ndarray, prior: float, repeats: np.ndarray
) -> tuple[float, np.ndarray]:
    """Negative log of marginal likelihood times priors (constants left out), with its gradient.

    Args:
        theta: As `fit` returns it.
        distances: Squared distances by factor, shape (g, n, n).
        outcomes: Standardised outcomes, shape (n,).
        prior: Mode of the length-scales, as a logarithm.
        repeats: How many measurements each outcome is the mean of, shape (n,).
    """
    factors, count = len(distances), len(outcomes)
    given = unpack(theta)
    scaled = distances / (given.length_scales**2)[:, None, None]
    radius, radii = np.sqrt(scaled.sum(0)), np.sqrt(scaled)
    fall, falls = np.exp(-ROOT5 * radius), np.exp(-ROOT5 * radii)
    together = (1 + ROOT5 * radius + 5 / 3 * radius**2) * fall
    alone = ((1 + ROOT5 * radii + 5 / 3 * scaled) * falls).mean(0)
    covariance = (1 - given.share) * together + given.share * alone
    covariance[np.diag_indices(count)] += given.noise / repeats + JITTER
    try:
        factor = cho_factor(covariance, lower=True)
    except np.linalg.LinAlgError:
        return 1e10, np.zeros_like(theta)
    weights = cho_solve(factor, outcomes)
    slope = 0.5 * (cho_solve(factor, np.eye(count)) - np.outer(weights, weights))
    value = 0.5 * outcomes @ weights + np.log(np.diag(factor[0])).sum()
    by_scale = (1 - given.share) * 5 / 3 * (1 + ROOT5 * radius) * fall * scaled
    by_scale += given.share / factors * 5 / 3 * (1 + ROOT5 * radii) * falls * scaled
    gradient = np.empty_like(theta)
    gradient[:-2] = np.tensordot(by_scale, slope, 2)
    gradient[-2] = given.noise * (np.diag(slope) / repeats).sum()
    gradient[-1] = given.share * (1 - given.share) * (slope * (alone - together)).sum()
    centre = np.array([*[prior] * factors, NOISE_PRIOR[0], 0.0])
    spread = np.array([*[LENGTH_SCALE_SPREAD] * factors, NOISE_PRIOR[1], SHARE_SPREAD])
    away = (theta - centre) / spread
    return float(value + 0.5 * away @ away), gradient + away / spread


class Posterior:
    """What is believed of every row after the tested ones; rows can be added as if they had been measured.

    Args:
        to_tested: Squared distances of all rows to the tested ones by factor, shape (g, rows, n).
        among: Squared distances among the tested ones, shape (g, n, n).
        outcomes: Standardised outcomes, shape (n,).
        given: The hyperparameters.
        repeats: How many measurements each outcome is the mean of, shape (n,); one by default.

    Attributes:
        mean: Posterior mean of every row, shape (rows,).
        variance: Posterior variance without noise, shape (rows,).
    """

    def __init__(
        self,
        to_tested: np.ndarray,
        among: np.ndarray,
        outcomes: np.ndarray,
        given: Hyperparameters,
        repeats: np.ndarray | None = None,
    ) -> None:
        self.given = given
        own = kernel(among, given)
        own[np.diag_indices(len(outcomes))] += given.noise / (1.0 if repeats is None else repeats) + JITTER
        self._lower = np.linalg.cholesky(own)
        self._outcomes = outcomes
        self._whitened = solve_triangular(self._lower, kernel(to_tested, given).T, lower=True)
        self.mean = self._whitened.T @ solve_triangular(self._lower, outcomes, lower=True)
        self.variance = np.maximum(1.0 - (self._whitened**2).sum(0), 1e-10)

    def left_out(self) -> tuple[np.ndarray, np.ndarray]:
        """What each outcome would have been predicted to be from the others: means and variances, shape (n,) each.

        Source: Rasmussen, Williams, Gaussian Processes for Machine Learning (2006), equation 5.12.
        """
        inverse = cho_solve((self._lower, True), np.eye(len(self._outcomes)))
        precision = np.diag(inverse)
        return self._outcomes - inverse @ self._outcomes / precision, 1 / precision

    @property
    def noise(self) -> float:
        """Variance of one measurement, outcomes being standardised."""
        return self.given.noise

    def predict(self, to_tested: np.ndarray) -> np.ndarray:
        """Means of other points, shape (k,), from their squared distances to the tested ones, shape (g, k, n)."""
        weights = cho_solve((self._lower, True), self._outcomes)
        return kernel(to_tested, self.given) @ weights

    def covariance(self, blocks: list[np.ndarray], rows: np.ndarray) -> np.ndarray:
        """Joint posterior covariance of some rows, shape (k, k)."""
        some = [block[rows] for block in blocks]
        among = self._whitened[:, rows]
        return kernel(squared_distances(some, some), self.given) - among.T @ among

    def believe(self, blocks: list[np.ndarray], row: int) -> None:
        """Take a row as measured with its predicted mean as outcome (kriging believer): only variances change.

        Source: Ginsbourger, Le Riche, Carraro, "Kriging is well-suited to parallelize optimization" (2010).
        """
        ahead = kernel(squared_distances(blocks, [block[[row]] for block in blocks]), self.given)[:, 0]
        ahead = ahead - self._whitened.T @ self._whitened[:, row]
        gain = ahead / np.sqrt(max(ahead[row], 1e-10) + self.given.noise)
        self._whitened = np.vstack([self._whitened, gain[None]])
        self.variance = np.maximum(self.variance - gain**2, 1e-10)


def _matern(radius: np.ndarray) -> np.ndarray:
    return (1 + ROOT5 * radius + 5 / 3 * radius**2) * np.exp(-ROOT5 * radius)
