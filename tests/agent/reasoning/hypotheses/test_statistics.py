import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from agent.reasoning.hypotheses.statistics import adjusted, association, difference, front, robust_z

floats = st.floats(-100, 100).map(lambda x: round(x, 3))


def test_welch_interval_as_scipy_has_it():
    rng = np.random.default_rng(5)
    a, b = rng.normal(1, 1, 9), rng.normal(0, 2, 14)
    ours = difference(list(a), list(b), seed=1)
    interval = stats.ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    assert (ours.low, ours.high) == pytest.approx((interval.low, interval.high))
    assert ours.value == pytest.approx(a.mean() - b.mean())


def test_the_permutation_p_of_a_small_table_is_near_the_exact_one():
    a, b = [1.0, 2.0, 3.0], [4.0, 5.0, 6.0]
    # 2 of the 20 arrangements are as extreme.
    assert difference(a, b, seed=0).p == pytest.approx(0.1, abs=0.02)
    assert difference(a, b, seed=0) == difference(a, b, seed=0)


def test_equal_values_show_no_difference():
    result = difference([1.0, 1.0, 1.0], [1.0, 1.0], seed=0)
    assert (result.value, result.low, result.high, result.p) == (0, 0, 0, 1)


def test_association_of_a_straight_line():
    x = [float(i) for i in range(12)]
    result = association(x, [3 - 2 * v for v in x])
    assert result.rho == pytest.approx(-1)
    assert (result.slope, result.intercept) == pytest.approx((-2, 3))
    assert -1 <= result.low <= result.high <= 1


def test_the_intervals_cover_as_often_as_they_say():
    rng = random.Random(2)
    true = 6 / math.pi * math.asin(0.6 / 2)  # Spearman's rho of a binormal pair with correlation .6
    covered = 0
    for _ in range(300):
        x = [rng.gauss(0, 1) for _ in range(30)]
        y = [0.6 * v + 0.8 * rng.gauss(0, 1) for v in x]
        result = association(x, y)
        covered += result.low <= true <= result.high
    assert 0.91 <= covered / 300 <= 0.99


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_adjusted_p_values_as_statsmodels_has_them(p_values):
    assert adjusted(p_values) == pytest.approx(list(multipletests(p_values, method="fdr_bh")[1]))


@given(st.lists(st.tuples(floats, floats), min_size=1, max_size=25))
def test_nothing_beats_the_front(points):
    kept = front(points)

    def beats(p, q):
        return p[0] >= q[0] and p[1] >= q[1] and p != q

    assert kept
    for index in range(len(points)):
        beaten = any(beats(points[other], points[index]) for other in range(len(points)))
        assert beaten or points[index] in {points[k] for k in kept}
    assert not any(beats(points[a], points[b]) for a in range(len(points)) for b in kept)


def test_robust_z_finds_the_one_that_departs():
    scores = robust_z([1.0, 1.1, 0.9, 1.05, 0.95, 9.0])
    assert max(range(6), key=lambda i: abs(scores[i])) == 5 and scores[5] > 3.5
    assert robust_z([2.0, 2.0, 2.0]) == [0, 0, 0]
