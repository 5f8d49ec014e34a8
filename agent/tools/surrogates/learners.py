"""Learners that a surrogate is put together from: each fits one view of the training rows.

A *table* learner sees a matrix of features, a *kernel* learner the kernel among the training rows. Values are
standardised by the caller. Every learner is deterministic given its seed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np

Loss = Literal["squared", "absolute"]

NOISE = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8)
"""Shares of noise, in units of the kernel's amplitude, among which the marginal likelihood chooses."""

SUBSET = 1500
"""Rows on which the noise is chosen at most."""


class Fitted(Protocol):
    """A fitted learner."""

    def predict(self, queries: np.ndarray) -> np.ndarray:
        """Predictions, shape (n,), of features (n, d) or of the kernel between queries and training rows."""
        ...


@dataclass(frozen=True)
class Learner:
    """One learner of a stack.

    Attributes:
        name: As reports name it.
        view: The table or kernel that it sees.
        kernel: Whether that view is a kernel.
        fit: Makes a fitted learner of a view's training part, shape (n, d) or (n, n), and values (n,).
    """

    name: str
    view: str
    kernel: bool
    fit: Callable[[np.ndarray, np.ndarray], Fitted]


class GaussianProcess:
    """A Gaussian process on a given kernel; amplitude and noise by the marginal likelihood.

    Source: C. E. Rasmussen and C. K. I. Williams, "Gaussian Processes for Machine Learning", MIT Press 2006, ch. 2, 5.

    Args:
        kernel: Among the training rows, shape (n, n).
        values: Shape (n,).
    """

    def __init__(self, kernel: np.ndarray, values: np.ndarray) -> None:
        from scipy.linalg import cho_factor, cho_solve

        self.centre = float(values.mean())
        step = -(-len(values) // SUBSET)
        self.noise = choose_noise(kernel[::step, ::step], values[::step] - self.centre)
        self._factor = cho_factor(kernel + self.noise * np.eye(len(values)), lower=True)
        self._weights = cho_solve(self._factor, values - self.centre)
        self.amplitude = float((values - self.centre) @ self._weights) / len(values)

    def predict(self, queries: np.ndarray) -> np.ndarray:
        """The mean, shape (m,), of rows whose kernel to the training rows is given, shape (m, n)."""
        return self.centre + queries @ self._weights

    def deviation(self, queries: np.ndarray, own: np.ndarray) -> np.ndarray:
        """The standard deviation of a new measurement, noise included.

        Args:
            queries: Kernel to the training rows, shape (m, n).
            own: Kernel of each query with itself, shape (m,).
        """
        from scipy.linalg import solve_triangular

        reduced = solve_triangular(self._factor[0], queries.T, lower=True)
        left = np.maximum(own - (reduced**2).sum(axis=0), 0.0) + self.noise
        return np.sqrt(max(self.amplitude, 1e-12) * left)


def choose_noise(kernel: np.ndarray, values: np.ndarray) -> float:
    """The share of noise of highest marginal likelihood, the amplitude at its optimum.

    Args:
        kernel: Shape (n, n).
        values: Centred, shape (n,).
    """
    levels, vectors = np.linalg.eigh(kernel)
    levels, rotated = np.maximum(levels, 0.0), vectors.T @ values

    def misfit(noise: float) -> float:
        spread = levels + noise
        amplitude = max(float(np.mean(rotated**2 / spread)), 1e-12)
        return len(values) * np.log(amplitude) + float(np.log(spread).sum())

    return min(NOISE, key=misfit)


def gaussian_process(name: str, view: str) -> Learner:
    """A Gaussian process on a kernel."""
    return Learner(name, view, True, GaussianProcess)


def support_vectors(name: str, view: str, *, cost: float = 5.0, width: float = 0.08) -> Learner:
    """Support vector regression on a kernel.

    Args:
        name: As reports name it.
        view: The kernel.
        cost: Of a residual outside the tube, in the values' standard deviation.
        width: Half the width of the tube, likewise.
    """

    def fit(kernel: np.ndarray, values: np.ndarray) -> Fitted:
        from sklearn.svm import SVR

        return SVR(kernel="precomputed", C=cost, epsilon=width, cache_size=500).fit(kernel, values)

    return Learner(name, view, True, fit)


class Forest:
    """A forest of trees, read by the mean or by the median of its trees.

    Source: L. Breiman, Machine Learning 45 (2001) 5; P. Geurts et al., Machine Learning 63 (2006) 3; the median, which
    suits an absolute loss, after N. Meinshausen, "Quantile regression forests", J. Mach. Learn. Res. 7 (2006) 983.
    """

    def __init__(self, forest: Any, loss: Loss) -> None:
        self._forest, self._loss = forest, loss

    def predict(self, queries: np.ndarray) -> np.ndarray:
        """Predictions of features (m, d), shape (m,)."""
        rows = np.ascontiguousarray(queries, dtype=np.float32)
        trees = np.array([tree.predict(rows) for tree in self._forest.estimators_])
        return trees.mean(axis=0) if self._loss == "squared" else np.median(trees, axis=0)


def extra_trees(name: str, view: str, seed: int, loss: Loss, *, trees: int = 200, share: float = 0.3) -> Learner:
    """Extremely randomised trees on a table, seeing a share of its columns at each split."""

    def fit(table: np.ndarray, values: np.ndarray) -> Fitted:
        from sklearn.ensemble import ExtraTreesRegressor

        made = ExtraTreesRegressor(trees, max_features=share, random_state=seed, n_jobs=1)
        return Forest(made.fit(table, values), loss)

    return Learner(name, view, False, fit)


class Varying:
    """A learner of those columns of a table that vary among the training rows: rare keys cost it nothing."""

    def __init__(self, learner: Any, table: np.ndarray, values: np.ndarray) -> None:
        self._kept = np.ptp(table, axis=0) > 0
        self._fitted = learner.fit(table[:, self._kept], values)

    def predict(self, queries: np.ndarray) -> np.ndarray:
        """Predictions of features (m, d), shape (m,)."""
        return self._fitted.predict(queries[:, self._kept])


def boosted_trees(name: str, view: str, seed: int, *, rounds: int = 250) -> Learner:
    """Gradient-boosted trees on binned features, for the squared loss.

    Source: J. H. Friedman, Annals of Statistics 29 (2001) 1189, in scikit-learn's histogram variant.
    """

    def fit(table: np.ndarray, values: np.ndarray) -> Fitted:
        from sklearn.ensemble import HistGradientBoostingRegressor

        small = len(values) < 600
        boosted = HistGradientBoostingRegressor(
            max_iter=rounds,
            learning_rate=0.06,
            max_leaf_nodes=12 if small else 24,
            min_samples_leaf=4 if small else 10,
            max_features=0.3,
            l2_regularization=1.0,
            early_stopping=False,
            random_state=seed,
        )
        return Varying(boosted, table, values)

    return Learner(name, view, False, fit)
