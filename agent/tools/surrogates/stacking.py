"""Stacking: learners fitted fold by fold, weighed by what they predict of rows that they have not seen.

Source: D. H. Wolpert, "Stacked generalization", Neural Networks 5 (1992) 241; L. Breiman, "Stacked regressions",
Machine Learning 24 (1996) 49 (weights that are not negative).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from agent.tools.surrogates.learners import Fitted, GaussianProcess, Learner, Loss
from agent.tools.surrogates.views import Seen

FOLDS = 5


def assign_folds(count: int, seed: int, folds: int = FOLDS) -> np.ndarray:
    """The fold of each row, as even as the number allows, shape (count,)."""
    return np.random.default_rng(seed).permutation(count) % min(folds, count)


def fit_one(learner: Learner, seen: Seen, values: np.ndarray, rows: np.ndarray) -> Fitted:
    """Fit a learner to some of the training rows.

    Args:
        learner: What is fitted.
        seen: The training rows.
        values: Of all training rows, shape (n,).
        rows: Places of the rows that it may see.
    """
    view = seen.kernels[learner.view][np.ix_(rows, rows)] if learner.kernel else seen.tables[learner.view][rows]
    return learner.fit(view, values[rows])


def held_out_predictions(
    learners: Sequence[Learner],
    seen: Seen,
    values: np.ndarray,
    fold: np.ndarray,
    progress: Callable[[float, str], None] = lambda share, message: None,
) -> tuple[np.ndarray, np.ndarray]:
    """What each learner predicts of each row when its fold is held out.

    Args:
        learners: The first is the Gaussian process that tells doubt.
        seen: The training rows.
        values: Shape (n,).
        fold: The fold of each row, shape (n,).
        progress: Told after every fit.

    Returns:
        Predictions, shape (n, learners), and the first learner's standard deviation of each row, shape (n,).
    """
    predicted = np.zeros((len(values), len(learners)))
    deviation = np.zeros(len(values))
    numbers = np.unique(fold)
    for done, number in enumerate(numbers):
        inside, outside = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        for place, learner in enumerate(learners):
            fitted = fit_one(learner, seen, values, inside)
            if learner.kernel:
                queries = seen.kernels[learner.view][np.ix_(outside, inside)]
            else:
                queries = seen.tables[learner.view][outside]
            predicted[outside, place] = fitted.predict(queries)
            if isinstance(fitted, GaussianProcess) and place == 0:
                deviation[outside] = fitted.deviation(queries, np.ones(len(outside)))
            share = (done + (place + 1) / len(learners)) / len(numbers)
            progress(share, f"fold {done + 1} of {len(numbers)}: {learner.name}")
    return predicted, deviation


def weigh(predicted: np.ndarray, values: np.ndarray, loss: Loss) -> np.ndarray:
    """Weights of learners, none negative and with a sum of one, that make the loss of held-out predictions least.

    Args:
        predicted: Shape (n, learners).
        values: Shape (n,).
        loss: Squared or absolute.
    """
    found = _least_squares(predicted, values) if loss == "squared" else _least_absolute(predicted, values)
    found = np.where(found < 0.01, 0.0, found)
    return found / found.sum()


def stacked_held_out(predicted: np.ndarray, values: np.ndarray, fold: np.ndarray, loss: Loss) -> np.ndarray:
    """The stack's held-out predictions, each fold weighed by the other folds, so that the stack is judged fairly."""
    stacked = np.zeros(len(values))
    for number in np.unique(fold):
        other = fold != number
        stacked[~other] = predicted[~other] @ weigh(predicted[other], values[other], loss)
    return stacked


def _least_squares(predicted: np.ndarray, values: np.ndarray) -> np.ndarray:
    from scipy.optimize import nnls

    # A heavy row asks for the sum of one.
    heavy = 1e3 * max(float(np.sqrt((predicted**2).sum())), 1e-9)
    weights, _ = nnls(np.vstack([predicted, np.full(predicted.shape[1], heavy)]), np.append(values, heavy))
    return weights if weights.sum() > 0 else np.full(predicted.shape[1], 1 / predicted.shape[1])


def _least_absolute(predicted: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The linear programme: residuals are split into their positive and negative parts."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_matrix, eye, hstack, vstack

    rows, count = predicted.shape
    cost = np.concatenate([np.zeros(count), np.ones(2 * rows)])
    equal = hstack([csr_matrix(predicted), eye(rows), -eye(rows)]).tocsr()
    total = np.concatenate([np.ones(count), np.zeros(2 * rows)])[None]
    found = linprog(
        cost, A_eq=vstack([equal, csr_matrix(total)]), b_eq=np.append(values, 1.0), bounds=(0, None), method="highs"
    )
    return found.x[:count] if found.success else np.full(count, 1 / count)
