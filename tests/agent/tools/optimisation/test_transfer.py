"""Learning from earlier campaigns: one that helps speeds this one up, one that misleads does no harm."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from agent.errors import RepairableToolError
from agent.tools.optimisation import suggest_experiments
from agent.tools.optimisation.candidates import candidate_points
from agent.tools.optimisation.earlier import Earlier, as_source
from agent.tools.optimisation.space import Space

SPACE = Space.model_validate(
    {
        "parameters": [
            {"kind": "continuous", "name": "t", "low": 20, "high": 120, "unit": "degC"},
            {"kind": "continuous", "name": "c", "low": 0, "high": 1, "unit": "mol/L"},
            {"kind": "categorical", "name": "s", "values": ["a", "b", "d", "e"]},
        ],
        "objectives": [{"name": "y"}],
    }
)


POOL = candidate_points(SPACE, limit=500)


def response(point: dict[str, Any], shift: float = 0.0) -> float:
    solvent = {"a": 0.0, "b": 0.5, "d": 1.5, "e": 0.7, "z": 0.0}[point["s"]]
    return float(np.exp(-(((point["t"] - 85 - shift) / 12) ** 2) - ((point["c"] - 0.7) / 0.2) ** 2) * (1 + solvent))


def campaign(turn: float, seed: int, count: int = 40, kelvin: bool = False) -> dict[str, Any]:
    """An earlier campaign that measured ``turn`` times nearly the same, on another scale."""
    rng = np.random.default_rng(seed)
    parameters = [dict(one) for one in SPACE.plain()["parameters"]]
    if kelvin:
        parameters[0] |= {"low": 280, "high": 400, "unit": "K"}
    seen = []
    for _ in range(count):
        point: dict[str, Any] = {
            "t": float(rng.uniform(20, 120)), "c": float(rng.random()), "s": str(rng.choice(list("abde")))
        }  # fmt: skip
        value = 7 + 40 * turn * response(point, shift=3)
        if kelvin:
            point["t"] += 273.15
        seen.append({"point": point, "outcomes": {"y": value}})
    return {
        "name": f"past{turn:g}",
        "space": {"parameters": parameters, "objectives": [{"name": "y"}]},
        "observations": seen,
    }


def course(
    rounds: int, earlier: list[dict[str, Any]], seed: int, enough: float = float("inf")
) -> list[tuple[float, dict[str, float]]]:
    """The best result and the weights of the sources after every round of three, until the best is enough."""
    seen: list[dict[str, Any]] = []
    after: list[tuple[float, dict[str, float]]] = []
    while len(after) < rounds and (not after or after[-1][0] < enough):
        data = suggest_experiments(SPACE, seen, batch=3, random_seed=seed, earlier=earlier, pool=POOL).data
        for one in data["suggestions"]:
            seen.append({"point": one["point"], "outcomes": {"y": response(one["point"])}})
        after.append((max(one["outcomes"]["y"] for one in seen), data["weights"]))
    return after


BEST = max(response(dict(point)) for point in POOL)
SEEDS = range(8)


def rounds_to_the_best(bests: list[float]) -> int:
    """How many rounds it took to within 5 % of the pool's best; one more than there were if it was not reached."""
    return next((number for number, best in enumerate(bests, 1) if best > 0.95 * BEST), len(bests) + 1)


def test_a_campaign_like_this_one_helps() -> None:
    alone = [course(2, [], seed)[-1][0] for seed in SEEDS]
    helped = [course(2, [campaign(1.0, seed, kelvin=True)], seed)[-1] for seed in SEEDS]
    assert np.mean([best for best, _ in helped]) > np.mean(alone) + 0.8
    assert all(best >= lonely for (best, _), lonely in zip(helped, alone, strict=True))  # in the worst case, too
    assert all(weights["past1"] > 0.3 for _, weights in helped)


def test_a_misleading_one_is_found_out_and_what_it_costs_is_bounded() -> None:
    later = []
    for seed in SEEDS:
        alone = course(9, [], seed, 0.95 * BEST)
        misled = course(9, [campaign(-1.0, seed)], seed, 0.95 * BEST)
        # From the end of the first design on it counts nothing; what was spent on it is not won back at once.
        assert all(weights["past-1"] < 0.1 for _, weights in misled[2:])
        rounds = [rounds_to_the_best([best for best, _ in one]) for one in (misled, alone)]
        later.append(rounds[0] - rounds[1])
    assert np.mean(later) <= 1.5
    assert max(later) <= 4


def test_the_better_of_two_sources_gets_the_weight() -> None:
    _, weights = course(4, [campaign(-1.0, 5), campaign(1.0, 5)], 1)[-1]
    assert weights["past1"] > 0.3 > 0.1 > weights["past-1"]


def test_what_cannot_be_carried_over_is_left_out_or_refused() -> None:
    given = campaign(1.0, 0, count=6, kelvin=True)
    given["space"]["parameters"][2]["values"] = ["a", "b", "d", "e", "z"]
    given["observations"][0]["point"]["s"] = "z"
    given["observations"][1]["failed"] = True
    source = as_source(SPACE, Earlier.model_validate(given))
    assert source.columns == (0, 1, 2) and len(source.scores) == 4
    expected = (given["observations"][2]["point"]["t"] - 273.15 - 20) / 100
    assert source.blocks[0][0, 0] == pytest.approx(expected)
    stranger = {**given, "space": {**given["space"], "objectives": [{"name": "purity"}]}}
    with pytest.raises(RepairableToolError, match="did not measure y"):
        as_source(SPACE, Earlier.model_validate(stranger))
    odd = Space.model_validate({**SPACE.plain(), "parameters": [{"kind": "discrete", "name": "q", "values": [1, 2]}]})
    with pytest.raises(RepairableToolError, match="shares no factor"):
        as_source(odd, Earlier.model_validate(given))
    with pytest.raises(RepairableToolError, match="An earlier campaign does not fit"):
        suggest_experiments(SPACE, earlier=[{"name": "x"}])
