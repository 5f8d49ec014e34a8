"""Baselines and drift."""

from __future__ import annotations

from importlib import resources

import pytest

from evals.catalogue import SUITES
from evals.drift import baseline, drift
from evals.suite import Suite

UP, DOWN = (Suite("made-up", "", "", "x:y", higher_is_better=up) for up in (True, False))
BEFORE = {"score": 0.8, "n": 50, "scores": {"accuracy": 0.8}, "intervals": {"accuracy": [0.7, 0.9]}}


@pytest.mark.parametrize(
    ("suite", "score", "n", "expected"),
    [
        (UP, 0.72, 50, "as before"),
        (UP, 0.65, 50, "worse"),
        (UP, 0.95, 50, "better"),
        (DOWN, 0.95, 50, "worse"),
        (DOWN, 0.65, 50, "better"),
        (UP, 0.65, 49, None),
        (UP, None, 50, None),
    ],
)
def test_drift_is_leaving_the_interval(suite: Suite, score: float | None, n: int, expected: str | None) -> None:
    assert drift(suite, {"score": score, "n": n}, BEFORE) == expected


def test_without_an_interval_a_twentieth_is_allowed() -> None:
    plain = BEFORE | {"intervals": {}}
    assert drift(UP, {"score": 0.77, "n": 50}, plain) == "as before"
    assert drift(UP, {"score": 0.75, "n": 50}, plain) == "worse"


def test_baselines_are_of_suites_that_exist() -> None:
    names = {suite.name for suite in SUITES}
    kept = [item.name.removesuffix(".json") for item in resources.files("evals").joinpath("baselines").iterdir()]
    assert kept
    assert set(kept) <= names
    for name in kept:
        found = baseline(name)
        assert found is not None
        assert found["suite"] == name
        assert found["score"] is not None
        suite = next(one for one in SUITES if one.name == name)
        assert drift(suite, found, found) == "as before"  # an interval holds the headline that it is of
    assert baseline("no such suite") is None
