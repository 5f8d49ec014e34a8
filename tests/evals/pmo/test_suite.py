"""The area under the curve against cases by hand, and the suite's settings."""

from __future__ import annotations

import gzip
import random

import pytest

from agent.errors import InputError
from evals.catalogue import SUITES
from evals.pmo import suite
from evals.pmo.suite import area, evaluate
from evals.suite import Options


def test_area_of_constant_scores():
    # The curve starts at 0 and is at 1 after the first 100 calls: half of that step is lost.
    assert area([1.0] * 1000, 1000) == pytest.approx(1 - 0.05)


def test_area_by_hand():
    # The mean of the best two after 2, 4 and 5 calls is 0.5, 1.5 and 3.5.
    assert area([0, 1, 1, 2, 5], 5, top=2, step=2) == pytest.approx((0.5 + 2.0 + 2.5) / 5)


def test_a_search_that_ends_early_keeps_its_last_mean():
    assert area([1.0] * 100, 1000) == pytest.approx((50 + 900) / 1000)
    assert area([], 1000) == 0.0


def test_area_does_not_look_at_the_order_within_a_step():
    scores = [random.Random(0).random() for _ in range(100)]
    assert area(scores, 100) == pytest.approx(area(sorted(scores), 100))


def test_area_ignores_calls_past_the_axis():
    assert area([0.5] * 100 + [1.0] * 100, 100) == area([0.5] * 100, 100)


@pytest.fixture
def bench(tmp_path):
    (tmp_path / "pmo").mkdir()
    zinc = [
        "CCOc1ccccc1C(=O)N",
        "CN1CCN(C(=O)c2ccccc2)CC1",
        "Cc1ccc(S(=O)(=O)NC2CC2)cc1",
        "CC(C)Cc1ccncc1",
        "OCC1CCCO1",
    ]
    with gzip.open(tmp_path / "pmo" / "zinc250k.smi.gz", "wt") as file:
        file.write("\n".join(zinc))
    return tmp_path


def test_suite_says_when_it_is_not_comparable(bench, monkeypatch):
    told = []
    monkeypatch.setenv(suite.NAMES_VARIABLE, "qed")
    scores = evaluate(Options(bench=bench, workers=1, tell=told.append), calls=150)
    assert scores.scores["comparable with published sums"] == 0
    assert 0.3 < scores.scores["qed (150 calls, not comparable)"] < 0.95
    assert scores.score == scores.scores["sum over 1 (150 calls, not comparable)"]
    assert any("cannot be compared" in line for line in told)
    assert scores.n == 1


def test_finished_searches_are_kept_and_taken_up(bench, monkeypatch, tmp_path):
    told = []
    monkeypatch.setenv(suite.NAMES_VARIABLE, "qed,amlodipine_mpo")
    monkeypatch.setenv(suite.KEPT_VARIABLE, str(tmp_path / "kept.jsonl"))
    first = evaluate(Options(bench=bench, workers=1, limit=1), calls=110)
    monkeypatch.setattr(suite, "search", lambda *_: pytest.fail("it was finished earlier"))
    again = evaluate(Options(bench=bench, workers=1, limit=1, tell=told.append), calls=110)
    assert again.score == first.score
    assert any("1 of 1 searches were finished earlier" in line for line in told)
    assert suite.Kept(str(tmp_path / "kept.jsonl")).take([("qed", 0)], calls=111) == []

    with (tmp_path / "kept.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"oracle": "amlodip')
    kept = suite.Kept(str(tmp_path / "kept.jsonl"))
    one = suite.Outcome("amlodipine_mpo", 0, area=0.5, best=0.6, calls=110, own=0.1, scored=0.1)
    kept.add(one, calls=110)
    taken = kept.take([("qed", 0), ("amlodipine_mpo", 0)], calls=110)
    assert [outcome.oracle for outcome in taken] == ["qed", "amlodipine_mpo"], "a line that was cut off spoils no other"

    monkeypatch.setattr(suite, "_fingerprint", lambda: "other code")
    assert suite.Kept(str(tmp_path / "kept.jsonl")).take([("qed", 0)], calls=110) == []


def test_suite_refuses_wrong_settings(bench, monkeypatch):
    with pytest.raises(InputError, match="bench folder"):
        evaluate(Options())
    monkeypatch.setenv(suite.NAMES_VARIABLE, "qed,logp")
    with pytest.raises(InputError, match="'logp'"):
        evaluate(Options(bench=bench))
    monkeypatch.setenv(suite.CALLS_VARIABLE, "many")
    with pytest.raises(InputError, match="'many'"):
        evaluate(Options(bench=bench))


def test_suite_is_in_the_catalogue():
    row = next(row for row in SUITES if row.name == "pmo")
    assert row.needs == "pmo"
    assert dict(row.published)["Mol GA"] == 14.708
