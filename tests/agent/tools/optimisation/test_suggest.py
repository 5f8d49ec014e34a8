"""Suggestions: deterministic, feasible, explained, fast enough, and better than chance."""

import time
from typing import Any

import numpy as np
import pytest

from agent.errors import RepairableToolError
from agent.tools.optimisation import suggest_experiments
from agent.tools.optimisation.candidates import candidate_points
from agent.tools.optimisation.engine import choose_rows
from agent.tools.optimisation.space import Space

SPACE = Space.model_validate(
    {
        "parameters": [
            {"kind": "continuous", "name": "t", "low": 20, "high": 120, "unit": "degC"},
            {"kind": "discrete", "name": "n", "values": [1, 2, 4, 8]},
            {"kind": "categorical", "name": "s", "values": ["a", "b", "c"]},
        ],
        "objectives": [{"name": "y", "goal": "minimise"}],
    }
)


def truth(point: dict[str, Any]) -> float:
    return (point["t"] - 70) ** 2 / 400 + abs(point["n"] - 4) + {"a": 0, "b": 2, "c": 3}[point["s"]]


def measured(count: int) -> list[dict[str, Any]]:
    return [{"point": point, "outcomes": {"y": truth(point)}} for point in candidate_points(SPACE)[:count]]


def test_the_same_input_gives_the_same_suggestions() -> None:
    first = suggest_experiments(SPACE, measured(12), batch=3, random_seed=5)
    assert suggest_experiments(SPACE, measured(12), batch=3, random_seed=5).data == first.data
    assert suggest_experiments(SPACE, [], batch=3, random_seed=6).data != suggest_experiments(SPACE, [], batch=3).data


def test_suggestions_are_explained() -> None:
    result = suggest_experiments(SPACE, measured(20), batch=2)
    for one in result.data["suggestions"]:
        SPACE.check(one["point"])
        assert one["deviation"] > 0 and one["gain"] >= 0
        assert len(one["nearest"]) == 3
        assert one["nearest"][0]["distance"] <= one["nearest"][2]["distance"]
    assert 0 <= result.data["chance"] <= 1


def test_predictions_are_in_the_objective_s_direction() -> None:
    one = suggest_experiments(SPACE, measured(60)).data["suggestions"][0]
    assert one["mean"] == pytest.approx(truth(one["point"]), abs=1.0)


def test_the_loop_finds_the_optimum() -> None:
    seen: list[dict[str, Any]] = []
    for _ in range(6):
        for one in suggest_experiments(SPACE, seen, batch=4, random_seed=1).data["suggestions"]:
            seen.append({"point": one["point"], "outcomes": {"y": truth(one["point"])}})
    assert min(one["outcomes"]["y"] for one in seen) < 0.3


def test_open_experiments_are_not_suggested_again() -> None:
    pool = [one["point"] for one in measured(10)]
    result = suggest_experiments(SPACE, measured(6), pending=pool[6:9], pool=pool, batch=5)
    assert [one["point"] for one in result.data["suggestions"]] == [pool[9]]
    assert suggest_experiments(SPACE, measured(10), pool=pool).status == "empty"


def test_the_neighbourhood_of_failures_is_avoided() -> None:
    rng = np.random.default_rng(0)
    table = rng.random((300, 1))
    tested = list(range(30))
    scores = np.where(table[:30, 0] > 0.7, np.nan, table[:30, 0])
    choice = choose_rows([table], tested, scores, batch=3)
    assert (table[list(choice.rows), 0] < 0.75).all()


def test_cost_is_weighed_against_improvement() -> None:
    rng = np.random.default_rng(1)
    table = rng.random((200, 1))
    scores = np.sin(3 * table[:10, 0])
    dear = np.where(table[:, 0] > 0.5, 1e6, 1.0)
    choice = choose_rows([table], list(range(10)), scores, batch=2, costs=dear)
    assert (table[list(choice.rows), 0] <= 0.5).all()


def test_several_objectives_spread_over_their_front() -> None:
    rng = np.random.default_rng(2)
    table = rng.random((300, 1))
    outcomes = np.column_stack([-((table[:, 0] - 0.2) ** 2), -((table[:, 0] - 0.8) ** 2)])
    tested = list(range(12))
    for _ in range(4):
        tested += choose_rows([table], tested, outcomes[tested], batch=4, seed=3).rows
    late = table[tested[12:], 0]
    assert ((late > 0.1) & (late < 0.9)).mean() > 0.8
    assert np.ptp(late) > 0.2


def test_constant_results_still_give_suggestions() -> None:
    same = [{"point": one["point"], "outcomes": {"y": 1.0}} for one in measured(8)]
    assert len(suggest_experiments(SPACE, same, batch=2).data["suggestions"]) == 2
    failed = [{"point": one["point"], "failed": True} for one in measured(8)]
    assert len(suggest_experiments(SPACE, failed, batch=2).data["suggestions"]) == 2


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(RepairableToolError, match="batch is 0"):
        suggest_experiments(SPACE, batch=0)
    with pytest.raises(RepairableToolError, match="differs in"):
        suggest_experiments(SPACE, [{"point": {"t": 30}, "outcomes": {"y": 1}}])
    with pytest.raises(RepairableToolError, match="no value of y"):
        suggest_experiments(SPACE, [{"point": measured(1)[0]["point"], "outcomes": {}}])


def test_a_hundred_results_and_five_thousand_candidates_are_quick() -> None:
    given = measured(100)
    begun = time.process_time()
    result = suggest_experiments(SPACE, given, batch=5)
    assert result.data["candidates"] >= 4500
    assert time.process_time() - begun < 5


def test_a_suggestion_says_which_factors_make_it() -> None:
    data = suggest_experiments(SPACE, measured(40)).data
    assert sum(data["relevance"].values()) == pytest.approx(1, abs=0.01)
    assert max(data["relevance"], key=data["relevance"].get) == "t"
    for one in data["suggestions"]:
        assert all(driver["factor"] in SPACE.factors for driver in one["drivers"])
        sizes = [abs(driver["effect"]) for driver in one["drivers"]]
        assert sizes == sorted(sizes, reverse=True)


def test_repeats_make_a_result_surer() -> None:
    noisy = [{**one, "outcomes": {"y": one["outcomes"]["y"] + 3 * (-1) ** i}} for i, one in enumerate(measured(25))]
    sure = [{**one, "repeats": 9} for one in noisy]
    pool = [one["point"] for one in measured(40)]
    once = suggest_experiments(SPACE, noisy, pool=pool).data
    often = suggest_experiments(SPACE, sure, pool=pool).data
    assert often["noise"] > once["noise"]  # one measurement must be that noisy for the mean of nine to scatter so
    with pytest.raises(RepairableToolError, match="repeats"):
        suggest_experiments(SPACE, [{**noisy[0], "repeats": 0}])


def test_conditional_factors_and_costs_go_through_the_tool() -> None:
    space = Space.model_validate(
        {
            "parameters": [
                {"kind": "categorical", "name": "base", "values": ["none", "K2CO3"]},
                {"kind": "continuous", "name": "amount", "low": 0, "high": 1, "when": {"base": "K2CO3"}},
                {"kind": "continuous", "name": "t", "low": 0, "high": 1},
            ],
            "objectives": [{"name": "y"}],
            "costs": {"amount": 5.0},
        }
    )
    seen: list[dict[str, Any]] = []
    for _ in range(5):
        for one in suggest_experiments(space, seen, batch=4, random_seed=1).data["suggestions"]:
            point = one["point"]
            assert ("amount" in point) == (point["base"] == "K2CO3")
            worth = -((point["t"] - 0.3) ** 2) - (((point["amount"] - 0.7) ** 2) if "amount" in point else 0.4)
            seen.append({"point": point, "outcomes": {"y": worth}})
    assert max(one["outcomes"]["y"] for one in seen) > -0.03
    with pytest.raises(RepairableToolError, match="differs in: amount"):
        suggest_experiments(space, [{"point": {"base": "none", "amount": 0.3, "t": 0.2}, "outcomes": {"y": 1}}])


def test_costs_do_not_switch_exploitation_off() -> None:
    rng = np.random.default_rng(1)
    table = rng.random((300, 2))
    tested = list(range(20))
    scores = -((table[:20] - 0.6) ** 2).sum(axis=1)
    costs = 1 + table[:, 0]
    reasons = [
        choose_rows([table[:, [0]], table[:, [1]]], tested[:n], scores[:n], costs=costs).reasons[0] for n in (18, 19)
    ]
    assert set(reasons) == {"exploit", "improvement"}
    both = choose_rows([table[:, [0]], table[:, [1]]], tested, scores, batch=3, costs=costs)
    assert both.reasons == ("exploit", "improvement", "improvement")
