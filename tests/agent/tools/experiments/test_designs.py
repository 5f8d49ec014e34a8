import csv
import io

import numpy as np
import pytest

from agent.errors import RepairableToolError
from agent.tools.experiments import factorial_design, space_filling_design
from agent.tools.experiments.designs_core import fractional_factorial

TWO = [-1.0, 1.0]


def test_a_full_design_holds_every_combination_once_a_replicate():
    result = factorial_design({"pH": [5.0, 7.0, 9.0], "salt": ["NaCl", "KCl"]}, replicates=2, random_seed=4)
    runs = result.data["runs"]
    assert len(runs) == 12
    assert len({(r["pH"], r["salt"], r["replicate"]) for r in runs}) == 12
    assert [r["order"] for r in runs] == list(range(1, 13))
    assert [r["standard_order"] for r in runs] != sorted(r["standard_order"] for r in runs)
    rows = list(csv.DictReader(io.StringIO(result.artifacts[0].content)))
    assert len(rows) == 12 and rows[0]["order"] == "1"
    assert factorial_design({"pH": [5.0, 7.0, 9.0], "salt": ["NaCl", "KCl"]}, replicates=2, random_seed=4) == result


def test_a_fraction_is_orthogonal_with_the_resolution_of_its_words():
    # The 2^(7-4) design of resolution III (Box, Hunter and Hunter).
    factors = dict.fromkeys("ABCDEFG", TWO)
    runs, relation = fractional_factorial(factors, {"D": "A*B", "E": "A*C", "F": "B*C", "G": "A*B*C"})
    matrix = np.array([[run[name] for name in "ABCDEFG"] for run in runs], dtype=float)
    assert matrix.T @ matrix == pytest.approx(8 * np.eye(7))
    assert len(relation) == 15
    assert "A*B*D" in relation
    result = factorial_design(factors, {"D": "A*B", "E": "A*C", "F": "B*C", "G": "A*B*C"})
    assert result.data["resolution"] == 3
    assert result.warnings
    # 2^(4-1) with D = ABC has resolution IV, and a minus takes the other half.
    half, words = fractional_factorial(dict.fromkeys("ABCD", TWO), {"D": "-A*B*C"})
    assert words == ("A*B*C*D",)
    assert {run["A"] * run["B"] * run["C"] * run["D"] for run in half} == {-1.0}  # type: ignore[operator]


@pytest.mark.parametrize(
    ("factors", "generators"),
    [
        ({}, None),
        ({"A": [1.0]}, None),
        ({"A": [1.0, 1.0]}, None),
        ({"A": TWO, "B": TWO}, {"B": "C"}),
        ({"A": TWO, "B": TWO}, {"B": "B"}),
        ({"A": [1.0, 2.0, 3.0], "B": TWO}, {"B": "A"}),
        ({str(i): TWO for i in range(20)}, None),
    ],
)
def test_refuses_impossible_factors(factors, generators):
    with pytest.raises(RepairableToolError):
        factorial_design(factors, generators)


@pytest.mark.parametrize("method", ["lhs", "sobol"])
def test_points_fill_the_box(method):
    result = space_filling_design({"T": [20.0, 80.0], "x": [-1.0, 1.0]}, count=16, method=method, random_seed=7)
    points = np.array([[p["T"], p["x"]] for p in result.data["points"]])
    assert points.shape == (16, 2)
    # One point in each of sixteen strata of every factor: true of a Latin hypercube and of a Sobol net.
    for column, (low, high) in zip(points.T, ((20, 80), (-1, 1)), strict=True):
        assert sorted(((column - low) / (high - low) * 16).astype(int)) == list(range(16))
    assert space_filling_design({"T": [20.0, 80.0], "x": [-1.0, 1.0]}, count=16, method=method, random_seed=7) == result


@pytest.mark.parametrize("bounds", [{}, {"T": [80.0, 20.0]}, {"T": [20.0]}, {"T": [0.0, float("inf")]}])
def test_refuses_empty_bounds(bounds):
    with pytest.raises(RepairableToolError, match="bounds"):
        space_filling_design(bounds)
