"""Folds, weights and the Gaussian process."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, WhiteKernel

from agent.tools.surrogates.learners import GaussianProcess
from agent.tools.surrogates.model import conformal_quantile
from agent.tools.surrogates.stacking import assign_folds, stacked_held_out, weigh


@given(st.integers(2, 200), st.integers(0, 5))
def test_folds_are_even(count: int, seed: int) -> None:
    sizes = np.bincount(assign_folds(count, seed))
    assert sizes.sum() == count
    assert sizes.max() - sizes.min() <= 1


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 100), st.sampled_from(["squared", "absolute"]))
def test_weights_are_shares_and_find_the_good_learner(seed: int, loss) -> None:
    draw = np.random.default_rng(seed)
    values = draw.normal(size=80)
    predicted = np.column_stack([values + 0.01 * draw.normal(size=80), draw.normal(size=80), np.zeros(80)])
    weights = weigh(predicted, values, loss)
    assert weights.min() >= 0
    assert weights.sum() == pytest.approx(1)
    assert weights[0] > 0.9


def test_a_stack_is_judged_by_weights_of_other_folds() -> None:
    fold = np.array([0, 0, 1, 1])
    values = np.array([0.0, 1.0, 0.0, 1.0])
    # One learner is right in fold 0 alone, the other in fold 1 alone: the weights learned elsewhere mislead.
    predicted = np.array([[0.0, 5.0], [1.0, -5.0], [5.0, 0.0], [-5.0, 1.0]])
    stacked = stacked_held_out(predicted, values, fold, "squared")
    np.testing.assert_allclose(stacked, [5, -5, 5, -5], atol=0.05)


def test_the_gaussian_process_agrees_with_another_implementation() -> None:
    draw = np.random.default_rng(1)
    points, queries = draw.uniform(-3, 3, size=(40, 1)), np.linspace(-3, 3, 7)[:, None]
    values = np.sin(points[:, 0]) + 0.1 * draw.normal(size=40)
    kernel = RBF(1.0)
    ours = GaussianProcess(kernel(points), values)
    white = WhiteKernel(ours.noise, "fixed")
    theirs = GaussianProcessRegressor(RBF(1.0, "fixed") + white, optimizer=None, alpha=1e-12)
    theirs.fit(points, values - values.mean())
    mean, deviation = theirs.predict(queries, return_std=True)
    np.testing.assert_allclose(ours.predict(kernel(queries, points)), mean + values.mean(), atol=1e-6)
    found = ours.deviation(kernel(queries, points), np.ones(7))
    np.testing.assert_allclose(found, deviation * np.sqrt(ours.amplitude), rtol=1e-5)


def test_the_conformal_quantile_corrects_for_few_rows() -> None:
    assert conformal_quantile(np.arange(1.0, 10.0), 0.9) == 9
    assert conformal_quantile(np.arange(1.0, 100.0), 0.9) == 90
