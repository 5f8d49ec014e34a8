import itertools
import math

import pytest
from support.runs import molecule_brief, molecules, view

from agent.reasoning.candidates import rank_candidates
from agent.reasoning.comparison import POWER, WEIGHTS, compare_pair, criteria, expected_information, severity
from agent.reasoning.hypotheses import infer_hypotheses
from agent.records import Critique, Text


@pytest.fixture(scope="module")
def run():
    brief = molecule_brief()
    return view(rank_candidates(brief, molecules()), brief)


@pytest.fixture(scope="module")
def made(run):
    return infer_hypotheses(run)


def test_weights_are_shares():
    assert sum(WEIGHTS.values()) == pytest.approx(1)


def test_swapping_the_pair_swaps_the_verdict(run, made):
    swapped = {"first": "second", "second": "first", "tie": "tie"}
    for one, other in itertools.combinations(made, 2):
        verdict = compare_pair(one, other, run)
        assert compare_pair(other, one, run).winner == swapped[verdict.winner]
        assert verdict.reason and verdict.judge == "criteria"


def test_verdicts_are_transitive(run, made):
    score = {"first": 1, "tie": 0, "second": -1}
    won = {(a.id, b.id): score[compare_pair(a, b, run).winner] for a in made for b in made if a.id != b.id}
    for a, b, c in itertools.permutations([h.id for h in made], 3):
        if won[a, b] >= 0 and won[b, c] >= 0:
            assert won[a, c] >= max(won[a, b], won[b, c])


def test_criteria_lie_between_0_and_1(run, made):
    for hypothesis in made:
        judged = criteria(hypothesis, run)
        assert all(0 <= getattr(judged, name) <= 1 for name in WEIGHTS)


def test_a_rule_about_a_series_teaches_more_than_a_level_of_one_candidate(run, made):
    rule = next(one for one in made if one.kind == "trend")
    level = rule.model_copy(
        update={
            "kind": "estimate",
            "subjects": ("c1",),
            "prediction": rule.prediction.model_copy(
                update={"relation": "between", "value": -5.0, "high": -2.0, "condition": "c1"}
            ),
        }
    )
    assert severity(level, run) < 0.3 < severity(rule, run)
    assert criteria(rule, run).information > 4 * criteria(level, run).information
    assert compare_pair(rule, level, run).winner == "first"


def test_an_interval_that_admits_less_is_a_severer_test(run, made):
    base = next(one for one in made if one.kind == "transfer").model_copy(update={"kind": "estimate"})

    def within(low: float, high: float) -> float:
        return severity(
            base.model_copy(
                update={
                    "prediction": base.prediction.model_copy(
                        update={"relation": "between", "value": low, "high": high, "condition": "c1"}
                    )
                }
            ),
            run,
        )

    assert within(-4.0, -3.5) > within(-4.5, -3.0) > within(-6.0, -1.0)
    assert within(-6.0, -1.0) < 0.1


@pytest.mark.parametrize(("prior", "false_pass"), [(0.5, 0.05), (0.9, 0.05), (0.1, 0.5), (0.5, 0.8)])
def test_expected_information_is_the_mutual_information(prior, false_pass):
    """Against the definition: the sum over outcomes of joint times log of joint over product of marginals."""
    joint = {
        (True, True): prior * POWER, (True, False): prior * (1 - POWER),
        (False, True): (1 - prior) * false_pass, (False, False): (1 - prior) * (1 - false_pass),
    }  # fmt: skip
    truth = {True: prior, False: 1 - prior}
    passed = {outcome: sum(joint[true, outcome] for true in (True, False)) for outcome in (True, False)}
    bits = sum(p * math.log2(p / (truth[t] * passed[o])) for (t, o), p in joint.items())
    assert expected_information(prior, false_pass) == pytest.approx(bits, abs=1e-9)
    assert expected_information(prior, POWER) == pytest.approx(0, abs=1e-9)  # a test that falsehoods pass as often


def test_confounders_that_the_critique_found_count_against_support(run, made):
    best = made[0]
    critique = Critique(counterargument=Text(text="But."), confounders=("one", "two"))
    doubted = best.model_copy(update={"critique": critique})
    assert criteria(doubted, run).support < criteria(best, run).support


def test_better_evidence_and_an_objective_win(run, made):
    best = made[0]
    worse = best.model_copy(update={"id": "h99", "evidence_for": ()})
    assert compare_pair(best, worse, run).winner == "first"
    off = best.model_copy(update={"id": "h98", "prediction": best.prediction.model_copy(update={"quantity": "QED"})})
    verdict = compare_pair(best, off, run)
    assert verdict.winner == "first"
    assert "testability" in verdict.reason
