"""Scheffé's models of a mixture: terms, fit, uncertainty, and the choice between them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

Model = Literal["linear", "quadratic", "special cubic"]
NEAR = 0.1
"""Share of the smallest cross-validated error within which a simpler model is preferred."""

MODELS: tuple[Model, ...] = ("linear", "quadratic", "special cubic")


def terms(names: tuple[str, ...], model: Model) -> tuple[tuple[int, ...], ...]:
    """The products of fractions that a model sums, each as the places of its components."""
    orders = {"linear": 1, "quadratic": 2, "special cubic": 3}[model]
    return tuple(one for order in range(1, orders + 1) for one in combinations(range(len(names)), order))


def model_matrix(points: np.ndarray, model: Model) -> np.ndarray:
    """The terms' values, shape ``(points, terms)``.

    Source:
        H. Scheffé, J. R. Stat. Soc. B 1958, 20, 344.
    """
    points = np.atleast_2d(points)
    names = tuple(map(str, range(points.shape[1])))
    return np.column_stack([points[:, list(one)].prod(axis=1) for one in terms(names, model)])


@dataclass(frozen=True)
class Fit:
    """A fitted model.

    Attributes:
        model: Its kind.
        terms: Each as the names of its components joined by ``*``.
        coefficients: One for each term, in the response's unit.
        errors: Their standard errors.
        deviation: Residual standard deviation, with ``freedom`` degrees.
        freedom: Measurements less terms.
        explained: R² of the fit.
        error: Root mean squared error of leave-one-out cross-validation.
        predicted: Share of the variance that cross-validation explains.
        lack: p-value of the test for lack of fit against replicates; nothing without replicates.
        covariance: Of the coefficients.
    """

    model: Model
    terms: tuple[str, ...]
    coefficients: np.ndarray
    errors: np.ndarray
    deviation: float
    freedom: int
    explained: float
    error: float
    predicted: float
    lack: float | None
    covariance: np.ndarray

    def predict(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The response at recipes, and the standard deviation of a new measurement there."""
        matrix = model_matrix(points, self.model)
        variance = np.einsum("ij,jk,ik->i", matrix, self.covariance, matrix)
        return matrix @ self.coefficients, np.sqrt(self.deviation**2 + np.maximum(variance, 0.0))

    def difference(self, one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
        """The difference of the mean responses of two recipes, and its standard error."""
        terms = model_matrix(one, self.model)[0] - model_matrix(other, self.model)[0]
        return float(terms @ self.coefficients), float(np.sqrt(max(terms @ self.covariance @ terms, 0.0)))

    def factor(self, level: float = 0.95) -> float:
        """How many standard deviations reach to either side of a prediction interval."""
        from scipy.stats import t

        return float(t.ppf(0.5 + level / 2, self.freedom))


def fit(points: np.ndarray, values: np.ndarray, names: tuple[str, ...], model: Model) -> Fit | None:
    """Fit a model by least squares.

    Args:
        points: Recipes, shape ``(measurements, components)``.
        values: Responses.
        names: Of the components.
        model: Which.

    Returns:
        The fit, or nothing where the recipes cannot tell the terms apart or leave no degree of freedom.

    Source:
        J. A. Cornell, Experiments with Mixtures, 3rd ed., Wiley 2002.
    """
    matrix = model_matrix(points, model)
    count, size = matrix.shape
    if count <= size or np.linalg.matrix_rank(matrix, tol=1e-6) < size:
        return None
    pinv = np.linalg.pinv(matrix)
    coefficients = pinv @ values
    residuals = values - matrix @ coefficients
    leverage = np.einsum("ij,ji->i", matrix, pinv)
    freedom = count - size
    total = float(((values - values.mean()) ** 2).sum())
    squares = float((residuals**2).sum())
    deviation = float(np.sqrt(squares / freedom))
    covariance = deviation**2 * (pinv @ pinv.T)
    # A recipe that alone determines a term cannot be predicted from the others.
    open_ = leverage < 1 - 1e-9
    left_out = residuals[open_] / (1 - leverage[open_])
    error = float(np.sqrt((left_out**2).mean())) if open_.all() else float("inf")
    spread = total * count / (count - 1) ** 2 if count > 1 else 0.0  # of predicting each by the mean of the others
    told = tuple("*".join(names[place] for place in one) for one in terms(names, model))
    return Fit(
        model,
        told,
        coefficients,
        np.sqrt(np.diag(covariance)),
        deviation,
        freedom,
        1 - squares / total if total > 0 else 1.0,
        error,
        1 - error**2 / spread if spread > 0 else 1.0,
        _lack_of_fit(points, values, squares, freedom),
        covariance,
    )


def choose(points: np.ndarray, values: np.ndarray, names: tuple[str, ...]) -> list[Fit]:
    """Every model that can be fitted, the best first: the simplest whose cross-validated error is near the smallest.

    Leaving one out prefers larger models than the truth now and then; `NEAR` makes up for that.
    """
    fits = [found for model in MODELS if (found := fit(points, values, names, model)) is not None]
    if not fits:
        return []
    smallest = min(one.error for one in fits)
    best = next((one for one in fits if one.error <= (1 + NEAR) * smallest + 1e-12), fits[0])
    return [best, *(one for one in fits if one is not best)]


def _lack_of_fit(points: np.ndarray, values: np.ndarray, squares: float, freedom: int) -> float | None:
    """The chance of so much scatter around the model if replicates show all there is."""
    from scipy.stats import f

    groups: dict[tuple[float, ...], list[float]] = {}
    for point, value in zip(np.round(points, 6), values, strict=True):
        groups.setdefault(tuple(point), []).append(float(value))
    pure = sum(float(((np.array(one) - np.mean(one)) ** 2).sum()) for one in groups.values())
    pure_freedom = len(values) - len(groups)
    lack_freedom = freedom - pure_freedom
    if pure_freedom < 1 or lack_freedom < 1 or pure <= 0:
        return None
    ratio = max(squares - pure, 0.0) / lack_freedom / (pure / pure_freedom)
    return float(f.sf(ratio, lack_freedom, pure_freedom))
