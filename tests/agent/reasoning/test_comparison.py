import itertools

import pytest
from support.runs import molecule_brief, molecules, view

from agent.reasoning.candidates import rank_candidates
from agent.reasoning.comparison import WEIGHTS, compare_pair, criteria
from agent.reasoning.hypotheses import infer_hypotheses


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


def test_better_evidence_and_an_objective_win(run, made):
    best = made[0]
    worse = best.model_copy(update={"id": "h99", "evidence_for": ()})
    assert compare_pair(best, worse, run).winner == "first"
    off = best.model_copy(update={"id": "h98", "prediction": best.prediction.model_copy(update={"quantity": "QED"})})
    verdict = compare_pair(best, off, run)
    assert verdict.winner == "first"
    assert "testability" in verdict.reason
