"""Where controls should read: the table of published values, and what plans say of it."""

import math

import pytest

from agent.reasoning.experiments.methods import METHODS
from agent.reasoning.experiments.samples import control_of


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_ranges_belong_to_controls_and_do_not_overlap(method):
    roles = {control_of(control)[0] for control in method.controls}
    assert set(method.expected) <= roles
    assert all(one.low < one.high and one.source for one in method.expected.values())
    assert all(one.high - one.low > 2 * method.spread for one in method.expected.values())  # noise does not fail it
    if {"positive", "negative"} <= set(method.expected):
        positive, negative = method.expected["positive"], method.expected["negative"]
        assert positive.low > negative.high or negative.low > positive.high


def test_the_solubility_of_caffeine_follows_from_its_mass():
    known = METHODS["logS_ESOL"].expected["positive"]
    assert (known.low + known.high) / 2 == pytest.approx(math.log10(21.6 / 194.19), abs=0.01)


def test_plans_say_where_a_control_should_read_or_that_nobody_knows():
    method = METHODS["logP"]
    positive, negative, vehicle = (method.said(control) for control in method.controls)
    assert "should read between 2.4 and 3" in positive and "Test Guideline 117" in positive
    assert "should read between -0.37 and 0.23" in negative.replace("−", "-")
    assert vehicle == method.controls[2]
    unknown = METHODS["bulk_modulus"]
    assert "no range of its value is known here" in unknown.said(unknown.controls[0])
