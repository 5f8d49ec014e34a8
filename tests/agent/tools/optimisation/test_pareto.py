"""Hypervolumes against known volumes and Monte Carlo, and suggestions that find a front."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.tools.optimisation import suggest_experiments
from agent.tools.optimisation.pareto import boxes, front_rows, hypervolume, reference_point
from agent.tools.optimisation.space import Space


def test_hypervolumes_of_known_fronts() -> None:
    assert hypervolume(np.array([[1.0, 2.0], [2.0, 1.0]]), np.zeros(2)) == pytest.approx(3)
    assert hypervolume(np.array([[1.0, 1.0], [1.0, 1.0], [0.5, 0.5]]), np.zeros(2)) == pytest.approx(1)
    cubes = np.array([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]])
    assert hypervolume(cubes, np.zeros(3)) == pytest.approx(6 + 6 - 2)
    assert hypervolume(np.array([[-1.0, 4.0]]), np.zeros(2)) == 0


@given(st.integers(2, 4), st.integers(1, 7), st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_what_a_point_adds_is_the_difference_of_hypervolumes(objectives: int, count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    front, fresh = rng.random((count, objectives)), rng.random((5, objectives)) * 1.3
    reference = np.full(objectives, -0.1)
    region = boxes(front, reference)
    before = hypervolume(front, reference)
    for row, added in zip(fresh, region.added(fresh), strict=True):
        assert added == pytest.approx(hypervolume(np.vstack([front, row]), reference) - before, abs=1e-9)


@pytest.mark.parametrize("objectives", [2, 3])
def test_the_expected_gain_agrees_with_monte_carlo(objectives: int) -> None:
    rng = np.random.default_rng(7)
    front = rng.random((6, objectives))
    region = boxes(front, np.full(objectives, -0.2))
    mean, deviation = rng.random((4, objectives)), 0.05 + 0.4 * rng.random((4, objectives))
    draws = mean + deviation * rng.standard_normal((60_000, 4, objectives))
    sampled = np.array([region.added(draws[:, place]).mean() for place in range(4)])
    np.testing.assert_allclose(region.expected(mean, deviation), sampled, rtol=0.03, atol=1e-3)


def test_the_front_leaves_out_what_is_bettered_and_what_failed() -> None:
    scores = np.array([[1.0, 1.0], [2.0, 0.0], [0.5, 0.5], [1.0, 1.0], [np.nan, np.nan], [0.0, 2.0]])
    assert front_rows(scores).tolist() == [0, 1, 5]
    assert (reference_point(scores) < 0).all()


SPACE = Space.model_validate(
    {
        "parameters": [{"kind": "continuous", "name": name, "low": 0, "high": 1} for name in ("a", "b")],
        "objectives": [{"name": "f", "goal": "minimise"}, {"name": "g", "goal": "minimise"}],
    }
)


def both(point: dict[str, float]) -> dict[str, float]:
    return {
        "f": (point["a"] - 0.2) ** 2 + (point["b"] - 0.5) ** 2,
        "g": (point["a"] - 0.8) ** 2 + (point["b"] - 0.5) ** 2,
    }


def test_suggestions_grow_the_front_and_say_when_little_is_left() -> None:
    """The front is the segment b = 0.5, 0.2 <= a <= 0.8."""
    seen: list[dict] = []
    chances = []
    for _ in range(7):
        data = suggest_experiments(SPACE, seen, batch=4, random_seed=2).data
        chances.append(data["chance"])
        for one in data["suggestions"]:
            seen.append({"point": one["point"], "outcomes": both(one["point"])})
            if one["reason"] == "front":
                assert [row["objective"] for row in one["expected"]] == ["f", "g"]
                assert one["gain"] >= 0 and one["mean"] is None
    scores = -np.array([[one["outcomes"]["f"], one["outcomes"]["g"]] for one in seen])
    reference = np.array([-0.4, -0.4])
    line = np.linspace(0.2, 0.8, 400)
    ideal = hypervolume(-np.column_stack([(line - 0.2) ** 2, (line - 0.8) ** 2])[::8], reference)
    assert hypervolume(scores, reference) > 0.95 * ideal
    assert chances[0] is None and chances[2] > 0.5
    assert chances[-1] < chances[2]
