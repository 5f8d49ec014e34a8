import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from agent.reasoning.rating import BASE, SCALE, fit, pairings, rate, unsettled
from agent.records import Verdict

IDS = [f"h{i}" for i in range(12)]


def noisy(seed: int) -> list[Verdict]:
    """Every pair in both orders, and a third time where they disagree, by a judge who errs in 20 % of cases."""
    rng = random.Random(seed)

    def judge(first: str, second: str) -> Verdict:
        right = IDS.index(first) < IDS.index(second)
        return Verdict(first=first, second=second, winner="first" if right == (rng.random() > 0.2) else "second")

    verdicts = [judge(*pair) for pair in pairings(IDS, both_orders=True, seed=seed)]
    return [*verdicts, *(judge(*pair) for pair in unsettled(verdicts))]


def test_recovers_a_known_order_from_a_judge_who_errs():
    taus = []
    for seed in range(100):
        ratings = rate(IDS, noisy(seed))
        taus.append(kendalltau(range(12), [-ratings[name][0] for name in IDS]).statistic)
    assert sum(taus) / len(taus) > 0.8


def test_agrees_with_choix():
    choix = pytest.importorskip("choix")
    import numpy as np

    verdicts = noisy(1)
    wins = [(v.first, v.second) if v.winner == "first" else (v.second, v.first) for v in verdicts]
    data = [(IDS.index(a), IDS.index(b)) for a, b in wins]
    expected = choix.opt_pairwise(12, data, alpha=1 / (2 * 1.5**2), method="Newton-CG", tol=1e-9)
    ours = np.array([(rate(IDS, verdicts)[name][0] - BASE) / SCALE for name in IDS])
    assert ours - ours.mean() == pytest.approx(expected - expected.mean(), abs=1e-3)


@given(st.randoms(use_true_random=False))
def test_order_changes_nothing(rng):
    verdicts, ids = noisy(3), list(IDS)
    before = rate(ids, verdicts)
    rng.shuffle(verdicts)
    rng.shuffle(ids)
    assert rate(ids, verdicts) == before


def test_ties_are_half_wins_and_invalid_verdicts_are_counted():
    tie = Verdict(first="a", second="b", winner="tie")
    lost = Verdict(first="a", second="zz", winner="first")
    itself = Verdict(first="a", second="a", winner="first")
    result = fit(["a", "b"], [tie, lost, itself])
    assert (result.used, result.ignored) == (1, 2)
    assert result.table["a"][0] == result.table["b"][0] == BASE


def test_more_verdicts_narrow_the_interval():
    verdict = Verdict(first="a", second="b", winner="first")
    few, many = (
        rate(["a", "b"], [verdict]),
        rate(["a", "b"], [verdict, verdict.model_copy(update={"winner": "second"})] * 10),
    )
    assert many["a"][2] - many["a"][1] < few["a"][2] - few["a"][1]
    low, high = few["a"][1:]
    assert low < few["a"][0] < high


def test_nothing_compared_is_all_prior():
    assert rate([], []) == {}
    assert rate(["a"], [])["a"][0] == BASE


def test_pairings_are_complete_and_balanced():
    pairs = pairings(IDS, seed=1)
    assert {frozenset(p) for p in pairs} == {frozenset((a, b)) for a in IDS for b in IDS if a < b}
    first = [sum(p[0] == name for p in pairs) for name in IDS]
    assert max(first) - min(first) <= 1
    assert len(pairings(IDS, both_orders=True)) == 2 * len(pairs)
