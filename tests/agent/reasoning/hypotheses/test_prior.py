import math

import pytest
from scipy.stats import norm
from support.runs import molecule_brief, molecules, view

from agent.reasoning.candidates import rank_candidates
from agent.reasoning.hypotheses import infer_hypotheses
from agent.reasoning.hypotheses.prior import (
    BASE_RATES,
    LEAST,
    MOST,
    cost_of_testing,
    normal_cdf,
    replicates_needed,
    with_prior,
)
from agent.records import Hypothesis, Prediction, Support, Text

BRIEF = molecule_brief()
RUN = view(rank_candidates(BRIEF, molecules()), BRIEF)


def hypothesis(kind: str = "estimate", weights=(0.5,), against=(), **changes) -> Hypothesis:
    prediction = {
        "quantity": "solubility_AqSolDB", "relation": "between", "value": -4.69, "high": -3.31, "unit": "log_molar",
        "effect": 0.69, "spread": 0.24, "condition": "c1",
    } | changes  # fmt: skip
    return Hypothesis(
        id="h1",
        statement=Text(text="S."),
        mechanism=Text(text="M."),
        prediction=Prediction.model_validate(prediction),
        refuted_by="no",
        kind=kind,
        subjects=("c1",),
        evidence_for=tuple(Support(source="e2", text=Text(text=f"{w}"), weight=w) for w in weights),
        evidence_against=tuple(Support(source="e3", text=Text(text=f"{w}"), weight=w) for w in against),
    )


@pytest.mark.parametrize("z", [-3.0, -0.5, 0.0, 1.0, 2.5])
def test_the_normal_distribution(z):
    assert normal_cdf(z) == pytest.approx(norm.cdf(z), abs=1e-12)


def test_the_base_rate_of_a_level_is_the_chance_that_the_published_error_leaves_it_there():
    """A mean absolute error of .69 is a deviation of .69 sqrt(pi/2); the interval is one such error either way."""
    made = with_prior(hypothesis(), RUN)
    expected = 2 * norm.cdf(1 / math.sqrt(math.pi / 2)) - 1
    assert made.prior == pytest.approx(expected, abs=0.01)
    assert "mean absolute error" in made.prior_basis


def test_support_moves_the_odds_by_the_stated_factor_and_no_further_than_the_stated_limit():
    plain = with_prior(hypothesis(), RUN).prior
    more = with_prior(hypothesis(weights=(0.5, 0.4)), RUN).prior
    assert more / (1 - more) == pytest.approx(plain / (1 - plain) * 2.4 / 1.6, rel=0.03)
    less = with_prior(hypothesis(against=(0.9,) * 8), RUN).prior
    assert less / (1 - less) == pytest.approx(plain / (1 - plain) / 3, rel=0.05)


def test_without_a_published_error_the_base_rate_is_the_convention_of_the_kind():
    made = with_prior(hypothesis("outlier", quantity="hERG", relation=">", value=10, high=None, unit="percent"), RUN)
    assert made.prior == BASE_RATES["outlier"]
    assert "convention for the kind 'outlier'" in made.prior_basis


def test_a_computed_trend_on_its_own_input_gains_nothing_from_the_estimate():
    base = {"quantity": "logS_ESOL", "relation": "<", "value": -1.0, "high": None, "effect": 2.0, "condition": "x"}
    circular = hypothesis("trend", **base).model_copy(update={"driver": "logP"})
    assert "textbook mechanism" in with_prior(circular, RUN).prior_basis
    unknown = hypothesis("trend", **base).model_copy(update={"driver": "rings"})
    assert with_prior(unknown, RUN).prior < with_prior(circular, RUN).prior


def test_every_hypothesis_of_a_run_has_a_prior_with_its_basis_a_cost_and_a_risk():
    made = infer_hypotheses(RUN)
    assert made
    for one in made:
        assert one.prior is not None
        assert LEAST <= one.prior <= MOST
        assert one.prior_basis.startswith("Base rate")
        assert "USD" in one.cost
        assert one.risk.endswith(".")


def test_replicates_follow_the_effect_in_spreads():
    prediction = hypothesis().prediction.model_copy(update={"effect": 0.5, "spread": 1.0})
    assert replicates_needed(prediction) == 63  # Cohen's table: 64 by the t distribution
    assert replicates_needed(prediction.model_copy(update={"effect": None})) is None
    assert replicates_needed(prediction.model_copy(update={"effect": 10.0})) == 3


def test_a_quantity_without_a_method_has_no_cost_on_file():
    assert cost_of_testing(hypothesis(quantity="QED")).startswith("Unknown")
