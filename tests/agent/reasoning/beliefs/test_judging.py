"""Decision rules applied to results: verdicts, gates, and what must not change them."""

import random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats
from support.trials import decision, experiment, hypothesis, results

from agent.reasoning.beliefs import decide, judge
from agent.reasoning.beliefs.intervals import difference, level

HIGH, LOW = [1.0, 1.1, 0.9, 1.2], [0.1, 0.2, 0.0, 0.3]
numbers = st.floats(-5, 5).map(lambda value: round(value, 3))


def belief(plan, values, **more):
    return judge([hypothesis(**more)], [plan], results(plan, values))[0]


def factor_of(found) -> float:
    assert found.log10_bayes_factor is not None
    return found.log10_bayes_factor


def test_intervals_against_scipy():
    found = difference(HIGH, [0.1, 0.5, 0.4], 0.05)
    expected = stats.ttest_ind(HIGH, [0.1, 0.5, 0.4], equal_var=False).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))
    one = level(HIGH, 0.1)
    expected = stats.ttest_1samp(HIGH, 0).confidence_interval(0.9)
    assert (one.low, one.high) == pytest.approx((expected.low, expected.high))


@pytest.mark.parametrize(
    ("rule", "values", "state"),
    [
        (decision(">", 0.3), HIGH + LOW, "supported"),
        (decision("<", -0.3), LOW + HIGH, "supported"),
        (decision(">", 0.3), LOW + HIGH, "refuted"),
        (decision(">", 0.3), [1.0, 0.2, 0.6, -0.3, 0.1, 0.5, -0.2, 0.6], "undecided"),
        # Beyond the bound only by its estimate: enough for a difference whose interval excludes zero.
        (decision(">", 0.3), [0.1, 0.5, 0.6, 0.7, 0.0, 0.1, 0.05, 0.0], "supported"),
        (decision(">", 0.8, arms=("tested",)), HIGH, "supported"),
        (decision(">", 1.0, arms=("tested",)), HIGH, "undecided"),
        (decision("<=", 0.5, arms=("tested",)), HIGH, "refuted"),
        (decision("between", 0.5, 1.6, arms=("tested",)), HIGH, "supported"),
        (decision("between", 1.6, 2.5, arms=("tested",)), HIGH, "refuted"),
        (decision("between", 1.0, 2.5, arms=("tested",)), HIGH, "undecided"),
        (decision("==", 1.0, arms=("tested",)), HIGH, "supported"),
        (decision("==", 2.0, arms=("tested",)), HIGH, "refuted"),
    ],
)
def test_the_rule_decides(rule, values, state):
    found = belief(experiment(rule), values)
    assert found.state == state
    factor = found.log10_bayes_factor
    assert factor is not None
    if state != "undecided":
        assert (factor > 0) == (state == "supported") == (found.posterior > found.prior)


def test_the_reason_traces_every_figure():
    found = belief(experiment(decision()), HIGH + LOW)
    assert not found.reason.unverified
    sources = {span.source for span in found.reason.spans}
    assert {"results:x1", "x1"} <= sources
    assert "nobody stated one" in found.reason.text
    assert "nobody stated" not in belief(experiment(decision()), HIGH + LOW, prior=0.2).reason.text


def test_failed_samples_are_counted_and_outliers_stay():
    found = belief(experiment(decision()), [1.0, None, 0.9, 1.2, 0.1, 0.2, 0.0, 9.0])
    assert found.results == 7
    assert "1 failed" in found.reason.text
    assert found.state == "undecided"  # the outlier widens the interval


def test_too_few_results_say_so():
    found = belief(experiment(decision()), [1.0, None, None, None, *LOW])
    assert (found.state, found.log10_bayes_factor, found.posterior) == ("undecided", None, 0.5)
    assert "Too few" in found.reason.text and "3 failed" in found.reason.text


def test_open_samples_keep_the_rule_from_being_applied():
    found = belief(experiment(decision()), HIGH + LOW[:3])
    assert found.state == "undecided" and found.posterior > 0.9
    assert "1 are open" in found.reason.text


def test_agreement_needs_the_planned_number():
    found = belief(experiment(decision("==", 1.0, arms=("tested",))), [1.0, 1.4, None, None])
    assert found.state == "undecided" and "2 of 4" in found.reason.text


def test_results_without_spread_stay_undecided():
    found = belief(experiment(decision(">", 0.3, arms=("tested",))), [1.0] * 4)
    assert found.state == "undecided" and "do not vary" in found.reason.text


@pytest.mark.parametrize(
    ("controls", "state", "word"),
    [
        ([3.0, -3.0], "supported", "meets"),
        ([0.1, 0.0], "undecided", "do not read differently"),
        ([None, -3.0], "undecided", "positive control failed"),
        ([3.0], "undecided", "none of its negative controls"),
        ([3.0, None], "supported", "meets"),
    ],
)
def test_controls_are_a_gate(controls, state, word):
    plan = experiment(decision(spread=0.2), controls=True)
    found = belief(plan, [*HIGH, *LOW, *controls])
    assert found.state == state and word in found.reason.text


def test_members_of_a_group_are_its_units():
    plan = experiment(decision(), replicates=2, items=2)
    # Within members the repeats agree; the members do not: two units an arm, not four.
    found = belief(plan, [1.0, 1.01, 2.0, 2.01, 0.0, 0.01, 1.0, 1.01])
    assert found.state == "undecided" and "2 members" in found.reason.text


def test_rounds_accumulate_and_bad_ones_are_left_out():
    first = experiment(decision(spread=0.2), controls=True)
    second = experiment(decision(spread=0.3), identity="x1r2", controls=True)
    told = results(first, [*HIGH, *LOW, 3, -3]) + results(second, [*HIGH, *LOW, 3, -3])
    both = judge([hypothesis()], [first, second], told)[0]
    one = judge([hypothesis()], [first], told)[0]
    assert both.results == 16 and both.experiment == "x1r2"
    assert factor_of(both) > factor_of(one)
    bad = results(first, [*LOW, *HIGH, 0, 0]) + results(second, [*HIGH, *LOW, 3, -3])
    left = judge([hypothesis()], [first, second], bad)[0]
    assert left.state == "supported" and left.results == 8
    assert "x1 does not count" in left.reason.text


def test_only_hypotheses_with_results_are_judged():
    plan = experiment(decision())
    assert judge([hypothesis(), hypothesis(2)], [plan], []) == ()
    found = judge([hypothesis(), hypothesis(2)], [plan], results(plan, HIGH + LOW))
    assert [one.hypothesis for one in found] == ["h1"]


def test_units_are_converted():
    rule = decision(">", 0.8, arms=("tested",)).model_copy(update={"quantity": "mass", "unit": "g/mol"})
    plan = experiment(rule)
    told = results(plan, [value / 1000 for value in HIGH])
    told = [one.model_copy(update={"quantity": "mass", "unit": "kg/mol"}) for one in told]
    assert judge([hypothesis()], [plan], told)[0].state == "supported"


@settings(max_examples=30, deadline=None)
@given(first=st.lists(numbers, min_size=3, max_size=5), second=st.lists(numbers, min_size=3, max_size=5))
def test_swapping_the_arms_mirrors_the_verdict(first, second):
    assume(len(set(first)) > 1 or len(set(second)) > 1)
    up, down = decision(">", 0.3), decision("<", -0.3)
    here, there = difference(first, second, 0.05), difference(second, first, 0.05)
    assert here.low == pytest.approx(-there.high)
    assert decide(up, here) == decide(down, there)


@settings(max_examples=20, deadline=None)
@given(values=st.lists(numbers, min_size=8, max_size=8), seed=st.integers(0, 99))
def test_the_order_of_results_does_not_matter(values, seed):
    plan = experiment(decision())
    told = results(plan, values)
    mixed = random.Random(seed).sample(told, len(told))
    assert judge([hypothesis()], [plan], told) == judge([hypothesis()], [plan], mixed)


@settings(max_examples=10, deadline=None)
@given(values=st.lists(numbers, min_size=6, max_size=6))
def test_more_of_the_same_never_weakens(values):
    assume(len(set(values[:3])) > 1 or len(set(values[3:])) > 1)
    once, twice = experiment(decision(), 3), experiment(decision(), 6)
    few = belief(once, values)
    many = belief(twice, [*values[:3] * 2, *values[3:] * 2])
    assume(abs(factor_of(few)) > 0.05)
    assert abs(factor_of(many)) >= abs(factor_of(few))
    if few.state != "undecided":
        assert many.state == few.state


def expecting(plan, role, low, high):
    """The plan with a range for the controls of one role."""
    samples = tuple(
        one.model_copy(update={"expected": (low, high), "expected_source": "a handbook"}) if one.role == role else one
        for one in plan.samples
    )
    return plan.model_copy(update={"samples": samples})


def test_controls_of_known_value_have_to_read_there():
    plan = expecting(experiment(decision(), controls=True), "positive", -1.5, -0.5)
    values = [1.0, 1.1, 0.9, 1.2, 0.1, 0.2, 0.0, 0.3]
    (good,) = judge([hypothesis()], [plan], results(plan, [*values, -1.0, -6.0]))
    assert good.state == "supported"
    (bad,) = judge([hypothesis()], [plan], results(plan, [*values, -2.5, -6.0]))
    assert bad.state == "undecided" and bad.log10_bayes_factor is None and bad.results == 0
    assert "positive control, soluble reference, does not read where it should be" in bad.reason.text
    assert "expected" in bad.reason.text and not bad.reason.unverified
