"""The surrogate against scikit-learn's Gaussian process, numerical derivatives and numerical integration."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from agent.tools.optimisation.acquisition import expected_improvement, log_expected_improvement
from agent.tools.optimisation.surrogate import (
    JITTER,
    Hyperparameters,
    Posterior,
    fit,
    kernel,
    negative_log_posterior,
    squared_distances,
    unpack,
)


def blocks_of(table: np.ndarray) -> list[np.ndarray]:
    return [table[:, [i]] for i in range(table.shape[1])]


def test_posterior_agrees_with_scikit_learn() -> None:
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import Matern

    rng = np.random.default_rng(1)
    table = rng.random((40, 3))
    outcomes = np.sin(5 * table[:12, 0]) + table[:12, 1]
    given = Hyperparameters(np.array([0.4, 0.9, 2.0]), 0.03, 0.0)
    blocks = blocks_of(table)
    distances = squared_distances(blocks, [block[:12] for block in blocks])
    ours = Posterior(distances, distances[:, :12], outcomes, given)
    theirs = GaussianProcessRegressor(Matern(given.length_scales, nu=2.5), alpha=0.03 + JITTER, optimizer=None)
    mean, deviation = theirs.fit(table[:12], outcomes).predict(table, return_std=True)
    np.testing.assert_allclose(ours.mean, mean, atol=1e-8)
    np.testing.assert_allclose(np.sqrt(ours.variance), deviation, atol=1e-6)
    np.testing.assert_allclose(ours.predict(distances[:, 30:]), mean[30:], atol=1e-8)
    _, joint = theirs.predict(table[20:30], return_cov=True)
    np.testing.assert_allclose(ours.covariance(blocks, np.arange(20, 30)), joint, atol=1e-8)


def test_believing_a_row_equals_measuring_it_at_its_mean() -> None:
    rng = np.random.default_rng(2)
    blocks = blocks_of(rng.random((25, 2)))
    outcomes = rng.standard_normal(8)
    given = Hyperparameters(np.array([0.5, 0.7]), 0.05, 0.4)
    distances = squared_distances(blocks, blocks)
    belief = Posterior(distances[:, :, :8], distances[:, :8, :8], outcomes, given)
    told = float(belief.mean[15])
    belief.believe(blocks, 15)
    rows = np.array([*range(8), 15])
    again = Posterior(distances[:, :, rows], distances[np.ix_(range(2), rows, rows)], np.append(outcomes, told), given)
    np.testing.assert_allclose(belief.mean, again.mean, atol=1e-6)
    np.testing.assert_allclose(belief.variance, again.variance, atol=1e-5)


def test_leaving_a_result_out_is_predicting_it_from_the_rest() -> None:
    rng = np.random.default_rng(5)
    blocks = blocks_of(rng.random((9, 2)))
    outcomes = rng.standard_normal(9)
    given = Hyperparameters(np.array([0.5, 0.7]), 0.05, 0.4)
    distances = squared_distances(blocks, blocks)
    means, variances = Posterior(distances, distances, outcomes, given).left_out()
    rest = np.arange(1, 9)
    without = Posterior(distances[:, :, rest], distances[:, 1:, 1:], outcomes[1:], given)
    assert means[0] == pytest.approx(without.mean[0], abs=1e-8)
    assert variances[0] == pytest.approx(without.variance[0] + 0.05 + JITTER, abs=1e-8)


def test_a_mean_of_repeats_equals_measuring_them_one_by_one() -> None:
    rng = np.random.default_rng(6)
    blocks = blocks_of(rng.random((6, 2)))
    given = Hyperparameters(np.array([0.5, 0.7]), 0.5, 0.4)
    distances = squared_distances(blocks, blocks)
    each = np.array([0, 0, 0, 1, 2])
    results = np.array([0.2, 0.5, 0.8, -1.0, 0.4])
    single = Posterior(distances[:, :, each], distances[np.ix_(range(2), each, each)], results, given)
    pooled = Posterior(
        distances[:, :, :3], distances[:, :3, :3], np.array([0.5, -1.0, 0.4]), given, np.array([3.0, 1.0, 1.0])
    )
    np.testing.assert_allclose(single.mean, pooled.mean, atol=1e-5)
    np.testing.assert_allclose(single.variance, pooled.variance, atol=1e-5)


def test_the_gradient_is_the_derivative() -> None:
    rng = np.random.default_rng(3)
    blocks = blocks_of(rng.random((10, 2)))
    distances, outcomes = squared_distances(blocks, blocks), rng.standard_normal(10)
    theta = np.array([-0.3, 0.4, -2.0, 0.5])
    repeats = rng.integers(1, 4, 10).astype(float)
    value, gradient = negative_log_posterior(theta, distances, outcomes, 1.0, repeats)
    for i in range(4):
        step = np.zeros(4)
        step[i] = 1e-6
        above = negative_log_posterior(theta + step, distances, outcomes, 1.0, repeats)[0]
        below = negative_log_posterior(theta - step, distances, outcomes, 1.0, repeats)[0]
        assert gradient[i] == pytest.approx((above - below) / 2e-6, rel=1e-4, abs=1e-5)
    assert np.isfinite(value)


def test_a_fit_finds_which_factor_matters() -> None:
    table = np.random.default_rng(4).random((40, 2))
    blocks = blocks_of(table)
    outcomes = np.sin(7 * table[:, 0])
    found = unpack(fit(squared_distances(blocks, blocks), (outcomes - outcomes.mean()) / outcomes.std()))
    assert found.length_scales[1] > 4 * found.length_scales[0]
    assert found.noise < 0.05


def test_the_kernel_is_one_at_distance_zero() -> None:
    given = Hyperparameters(np.array([0.5, 0.5]), 0.1, 0.3)
    assert kernel(np.zeros((2, 1, 1)), given)[0, 0] == pytest.approx(1.0)


@pytest.mark.parametrize(("mean", "deviation", "best"), [(0.3, 0.5, 0.6), (2.0, 0.1, 1.0), (-1.0, 0.8, 1.5)])
def test_expected_improvement_is_the_integral(mean: float, deviation: float, best: float) -> None:
    integral, _ = quad(lambda y: (y - best) * norm.pdf(y, mean, deviation), best, mean + 12 * deviation + abs(best))
    got = expected_improvement(np.array([mean]), np.array([deviation]), best)[0]
    assert got == pytest.approx(integral, rel=1e-6, abs=1e-12)


def test_log_expected_improvement_is_smooth_far_below_the_best() -> None:
    means = -np.logspace(0, 5, 200)
    logs = log_expected_improvement(means, np.ones(200), 0.0)
    assert np.isfinite(logs).all()
    assert (np.diff(logs) < 0).all()
    # log(pdf(z) + z cdf(z)) tends to log pdf(z) - 2 log|z|
    assert logs[-1] == pytest.approx(norm.logpdf(means[-1]) - 2 * np.log(1e5), rel=1e-9)
