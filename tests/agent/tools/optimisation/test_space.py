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
