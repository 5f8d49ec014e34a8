"""Spaces that cannot be, points that do not fit, and samples that keep their promises."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from agent.errors import ConflictError, InputError
from agent.tools.optimisation.candidates import candidate_points, nearby_points, sample_points
from agent.tools.optimisation.encoding import category_coordinates, encode
from agent.tools.optimisation.space import Categorical, Component, Continuous, Mixture, Space, Target

TEMPERATURE = {"kind": "continuous", "name": "temperature", "low": 20, "high": 100, "unit": "degC"}
SOLVENT = {"kind": "categorical", "name": "solvent", "values": ["water", "ethanol", "toluene"]}
SMALL = {"name": "a", "high": 0.3}
YIELD = {"name": "yield", "goal": "maximise", "unit": "percent"}


def space(**changed: Any) -> Space:
    return Space.model_validate({"parameters": [TEMPERATURE, SOLVENT], "objectives": [YIELD], **changed})


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"parameters": []}, "at least 1 item"),
        ({"parameters": [{**TEMPERATURE, "low": 100}]}, "low .100. must be below high"),
        ({"parameters": [TEMPERATURE, TEMPERATURE]}, "these repeat: temperature"),
        ({"parameters": [{**TEMPERATURE, "low": 0, "log": True}]}, "low must be above 0"),
        ({"parameters": [{**SOLVENT, "structures": {"water": "O"}}]}, "differ in: ethanol, toluene"),
        (
            {"constraints": [{"kind": "linear", "weights": {"temperature": 1}, "low": 5, "high": 1}]},
            "contradicts itself",
        ),
        ({"constraints": [{"kind": "linear", "weights": {"temperature": 1}, "high": 10}]}, "can only be 20 to 100"),
        ({"constraints": [{"kind": "linear", "weights": {"solvent": 1}, "high": 10}]}, "no number factor: solvent"),
        ({"constraints": [{"kind": "exclude", "when": {"pressure": [1, 2]}}]}, "no factor: pressure"),
        ({"objectives": [{"name": "yield", "goal": "target"}]}, "target value belongs"),
        ({"costs": {"solvent": {"benzene": 2}}}, "no categorical factor"),
        ({"colour": "blue"}, "Extra inputs"),
        (
            {"parameters": [{"kind": "mixture", "name": "m", "components": [SMALL, {**SMALL, "name": "b"}]}]},
            "cannot sum to one",
        ),
    ],
)  # fmt: skip
def test_a_space_that_cannot_be_is_refused(changed: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        space(**changed)


@pytest.mark.parametrize(
    ("point", "says"),
    [
        ({"temperature": 150, "solvent": "water"}, "out of range"),
        ({"temperature": "warm", "solvent": "water"}, "'warm' is none"),
        ({"temperature": float("nan"), "solvent": "water"}, "must be a number"),
        ({"temperature": 50, "solvent": "benzene"}, "not one of its categories"),
        ({"temperature": 50}, "missing: solvent"),
        ({"temperature": 50, "solvent": "water", "time": 3}, "unknown: time"),
    ],
)
def test_a_point_that_does_not_fit_is_refused(point: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        space().check(point)


def test_a_space_without_a_feasible_point_is_refused() -> None:
    shut = space(constraints=[{"kind": "exclude", "when": {"temperature": [0, 200]}}])
    with pytest.raises(ConflictError, match="empty"):
        candidate_points(shut)


def test_exclusions_and_sums_hold_in_every_candidate() -> None:
    tight = space(
        constraints=[
            {"kind": "exclude", "when": {"solvent": "water", "temperature": [60, 100]}},
            {"kind": "linear", "weights": {"temperature": 1}, "high": 80},
        ]
    )
    points = candidate_points(tight, limit=500)
    assert len(points) == 500
    assert all(float(point["temperature"]) <= 80 for point in points)
    assert not any(point["solvent"] == "water" and float(point["temperature"]) >= 60 for point in points)
    with pytest.raises(ConflictError):
        tight.check({"temperature": 70, "solvent": "water"})


@st.composite
def mixtures(draw: st.DrawFn) -> Mixture:
    count = draw(st.integers(2, 6))
    lows = [draw(st.floats(0, 0.9 / count)) for _ in range(count)]
    highs = [min(1.0, low + draw(st.floats(1.1 / count, 1))) for low in lows]
    return Mixture(
        name="m",
        components=tuple(
            Component(name=f"c{i}", low=round(low, 4), high=round(high, 4))
            for i, (low, high) in enumerate(zip(lows, highs, strict=True))
        ),
    )


@given(mixture=mixtures(), seed=st.integers(0, 1000))
@settings(max_examples=30, deadline=None)
def test_mixtures_sum_to_one_within_their_bounds(mixture: Mixture, seed: int) -> None:
    made = Space(parameters=(mixture,), objectives=(Target(name="y"),))
    points = sample_points(made, 32, seed)
    points += nearby_points(made, points[0], 20, seed)
    for point in points:
        assert sum(map(float, point.values())) == pytest.approx(1.0, abs=1e-8)
        for one in mixture.components:
            assert one.low - 1e-9 <= float(point[one.name]) <= one.high + 1e-9
        made.check(point)


def test_a_mixture_with_a_step_is_a_grid() -> None:
    mixture = Mixture(name="m", step=0.25, components=tuple(Component(name=name) for name in "abc"))
    points = candidate_points(Space(parameters=(mixture,), objectives=(Target(name="y"),)))
    assert len(points) == 15  # (4 + 2 choose 2)
    assert all(sum(map(float, point.values())) == pytest.approx(1) for point in points)


def test_molecules_stand_as_far_apart_as_they_differ() -> None:
    from rdkit import Chem, DataStructs
    from rdkit.Chem import rdFingerprintGenerator

    smiles = {"butyl": "CCCCP", "pentyl": "CCCCCP", "phenyl": "c1ccccc1P"}
    placed = category_coordinates(Categorical(name="ligand", values=tuple(smiles), structures=smiles))
    maker = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048, countSimulation=True)
    prints = [maker.GetFingerprint(Chem.MolFromSmiles(one)) for one in smiles.values()]
    for i in range(3):
        for j in range(3):
            expected = 1 - DataStructs.TanimotoSimilarity(prints[i], prints[j])
            assert ((placed[i] - placed[j]) ** 2).sum() == pytest.approx(expected, abs=1e-9)


def test_plain_categories_are_equally_far_apart_and_numbers_are_scaled() -> None:
    given = Space(
        parameters=(Categorical(name="c", values=("a", "b", "d")), Continuous(name="x", low=1, high=100, log=True)),
        objectives=(Target(name="y"),),
    )
    category, number = encode(given, [{"c": "a", "x": 10.0}, {"c": "b", "x": 1.0}, {"c": "d", "x": 100.0}])
    assert np.linalg.norm(category[0] - category[1]) == pytest.approx(1)
    assert np.linalg.norm(category[1] - category[2]) == pytest.approx(1)
    np.testing.assert_allclose(number[:, 0], [0.5, 0, 1])


# --- conditions -----------------------------------------------------------------------------------------------------

ADDITIVE = {"kind": "categorical", "name": "additive", "values": ["none", "LiCl", "KBr"]}
AMOUNT = {
    "kind": "continuous", "name": "amount", "low": 0.1, "high": 2, "unit": "mol/L",
    "when": {"additive": ["LiCl", "KBr"]},
}  # fmt: skip
GRADE = {"kind": "discrete", "name": "grade", "values": [1, 2], "when": {"amount": [1.0, 2.0]}}


def conditional(**changed: Any) -> Space:
    return space(parameters=[GRADE, AMOUNT, ADDITIVE, TEMPERATURE], **changed)


def test_a_conditional_factor_is_left_out_where_its_condition_does_not_hold() -> None:
    made = conditional()
    points = candidate_points(made, limit=400)
    for point in points:
        assert ("amount" in point) == (point["additive"] != "none")
        assert ("grade" in point) == ("amount" in point and float(point["amount"]) >= 1)
        assert made.check(point) == point
    assert {len(point) for point in points} == {2, 3, 4}
    for near in nearby_points(made, points[0], 60, 1, 0.3):
        made.check(near)


@pytest.mark.parametrize(
    ("point", "says"),
    [
        ({"additive": "none", "temperature": 50, "amount": 0.5}, "belongs only where additive is LiCl or KBr"),
        ({"additive": "LiCl", "temperature": 50}, "missing: amount"),
        ({"additive": "LiCl", "temperature": 50, "amount": 0.5, "grade": 1}, "belongs only where amount is 1 to 2"),
        ({"additive": "LiCl", "temperature": 50, "amount": 9}, "out of range"),
    ],
)
def test_points_that_break_a_condition_are_refused(point: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        conditional().check(point)
    assert conditional().check({"additive": "none", "temperature": 50, "amount": "", "grade": None})


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ([AMOUNT], "names what is no factor: additive"),
        ([{**AMOUNT, "when": {"additive": "LiBr"}}, ADDITIVE], "does not have: LiBr"),
        ([{**AMOUNT, "when": {"temperature": "hot"}}, TEMPERATURE], "must be a range"),
        ([{**AMOUNT, "when": {"temperature": [200, 300]}}, TEMPERATURE], "can never hold"),
        ([{**AMOUNT, "when": {"temperature": [20, 30]}}, {**TEMPERATURE, "when": {"amount": [1, 2]}}], "each other"),
    ],
)
def test_conditions_that_cannot_be_are_refused(parameters: list[Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        space(parameters=parameters)


def test_points_that_leave_a_factor_out_stand_at_one_place() -> None:
    made = conditional()
    points = [
        {"additive": "none", "temperature": 20.0},
        {"additive": "none", "temperature": 20.0},
        {"additive": "LiCl", "temperature": 20.0, "amount": 0.1},
        {"additive": "LiCl", "temperature": 20.0, "amount": 2.0, "grade": 1.0},
    ]
    block = encode(made, points)[made.factors.index("amount")]
    away = np.linalg.norm(block[:, None] - block[None], axis=2)
    assert away[0, 1] == 0
    assert away[0, 2] == pytest.approx(1) and away[0, 3] == pytest.approx(1)
    assert away[2, 3] == pytest.approx(np.sqrt(2))


# --- narrow and empty regions ---------------------------------------------------------------------------------------

BOX = [{"kind": "continuous", "name": name, "low": 0, "high": 1} for name in "abc"]


def linear(low: float | None = None, high: float | None = None, **weights: float) -> dict[str, Any]:
    return {"kind": "linear", "weights": weights, "low": low, "high": high}


def test_a_region_that_chance_misses_is_sampled_from_its_corners() -> None:
    plane = space(parameters=BOX, constraints=[linear(1, 1, a=1, b=1, c=1), linear(0.2, a=1, b=-1)])
    points = candidate_points(plane, limit=100)
    assert len(points) >= 50
    for point in points:
        assert sum(map(float, point.values())) == pytest.approx(1)
        assert float(point["a"]) - float(point["b"]) >= 0.2 - 1e-9
    assert np.ptp([float(point["c"]) for point in points]) > 0.3


def test_the_constraints_that_contradict_each_other_are_named() -> None:
    shut = space(
        parameters=[*BOX, SOLVENT],
        constraints=[
            linear(high=1.9, a=1, b=1),
            linear(1.2, a=1, b=1),
            {"kind": "exclude", "when": {"solvent": "water", "c": [0.5, 1]}},
            linear(high=0.5, a=1, c=1),
            linear(high=0.6, b=1),
        ],
    )
    with pytest.raises(ConflictError) as caught:
        candidate_points(shut)
    assert "'1.2 <= a + b' and 'a + c <= 0.5' and 'b <= 0.6' contradict each other" in caught.value.message
    alone = space(constraints=[{"kind": "exclude", "when": {"temperature": [0, 200]}}])
    with pytest.raises(ConflictError, match="the constraint 'never temperature is 0 to 200'"):
        candidate_points(alone)


def test_costs_add_up_by_category_and_by_amount() -> None:
    made = conditional(base_cost=2, costs={"additive": {"LiCl": 3}, "amount": 10, "temperature": 0.1})
    assert made.cost({"additive": "LiCl", "amount": 0.5, "temperature": 50}) == pytest.approx(15)
    assert made.cost({"additive": "none", "temperature": 20}) == pytest.approx(4)
    with pytest.raises(ValidationError, match="no number factor"):
        conditional(costs={"additive": 3})
