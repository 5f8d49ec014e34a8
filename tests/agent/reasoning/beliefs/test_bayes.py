"""Bayes factors against published numbers, and against numerical integration of scipy's noncentral t."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from agent.reasoning.beliefs.bayes import SCALE, direction_factor, interval_factor, point_factor, posterior

SLEEP = -4.0621277  # paired differences of Student's sleep data, ten subjects


@pytest.mark.parametrize(("t", "published"), [(2.03, 1.56), (2.24, 1.02)])
def test_point_factor_of_rouder_2009(t, published):
    # Rouder et al. 2009 on two one-sample t tests with 80 subjects, Cauchy scale 1: odds for the null.
    assert 10 ** point_factor(t, 80, 79, scale=1.0) == pytest.approx(published, abs=0.006)


def test_point_factor_of_the_sleep_data():
    # The manual of the R package BayesFactor: 17.259 against the null at scale sqrt(2)/2.
    assert 10 ** -point_factor(SLEEP, 10, 9) == pytest.approx(17.2589, rel=1e-4)


def test_direction_factor_of_the_sleep_data():
    # The same manual: 34.41694 for a negative effect and 0.1008246 for a positive one, both against the null.
    assert 10 ** -direction_factor(SLEEP, 10, 9) == pytest.approx(34.41694 / 0.1008246, rel=1e-4)


def integrated(t, size, freedom, scale, low, high):
    """The same mean density by adaptive quadrature over scipy's noncentral t."""

    def integrand(effect):
        return stats.nct.pdf(t, freedom, effect * math.sqrt(size)) * stats.cauchy.pdf(effect, scale=scale)

    mass = stats.cauchy.cdf(high, scale=scale) - stats.cauchy.cdf(low, scale=scale)
    middle = min(max(t / math.sqrt(size), low + 1e-9), high - 1e-9)
    total = sum(integrate.quad(integrand, *ends, limit=200)[0] for ends in ((low, middle), (middle, high)))
    return total / mass


@pytest.mark.parametrize(("t", "size", "freedom"), [(0.4, 3, 2), (2.5, 5, 8), (-3.0, 12, 11), (4.0, 2.5, 4.3)])
def test_factors_by_another_integration(t, size, freedom):
    above = integrated(t, size, freedom, SCALE, 0, 60)
    below = integrated(t, size, freedom, SCALE, -60, 0)
    assert direction_factor(t, size, freedom) == pytest.approx(math.log10(above / below), abs=0.02)
    inside = integrated(t, size, freedom, 0.8, -0.8, 0.8)
    outside = (integrated(t, size, freedom, 0.8, 0.8, 60) + integrated(t, size, freedom, 0.8, -60, -0.8)) / 2
    assert interval_factor(t, size, freedom, 0.8) == pytest.approx(math.log10(inside / outside), abs=0.02)


def test_far_tails_stay_finite():
    assert direction_factor(1e4, 5, 8) > 20
    assert interval_factor(1e3, 50, 49, 0.5) < -20
    assert point_factor(1e3, 50, 49) < -20


@settings(max_examples=25, deadline=None)
@given(t=st.floats(-30, 30), size=st.floats(1, 50), freedom=st.floats(1, 60))
def test_direction_factor_is_antisymmetric(t, size, freedom):
    assert direction_factor(-t, size, freedom) == pytest.approx(-direction_factor(t, size, freedom), abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(t=st.floats(0.2, 8), count=st.integers(3, 30))
def test_more_of_the_same_is_more_evidence(t, count):
    few = direction_factor(t, count, count - 1)
    many = direction_factor(t * math.sqrt(2), 2 * count, 2 * count - 1)
    assert many > few > 0


@given(prior=st.floats(0.001, 0.999), factor=st.floats(-5, 5))
def test_posterior_odds_are_prior_odds_times_the_factor(prior, factor):
    after = posterior(prior, factor)
    assert 0 <= after <= 1
    assert math.log10(after / (1 - after)) == pytest.approx(math.log10(prior / (1 - prior)) + factor, abs=1e-4)


@pytest.mark.parametrize(
    ("prior", "factor", "after"), [(0.5, 0.0, 0.5), (0.0, 9.0, 0.0), (1.0, -9.0, 1.0), (0.5, -400, 0.0)]
)
def test_posterior_at_the_ends(prior, factor, after):
    assert posterior(prior, factor) == after
