"""Constraints are checked before anything is built."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import RepairableToolError
from agent.records import Constraint, Objective
from agent.tools.molecules.requirements import read_requirements


def bound(quantity, relation, low=None, high=None, unit="1"):
    return Constraint(quantity=quantity, relation=relation, low=low, high=high, unit=unit)


@pytest.mark.parametrize(
    ("constraints", "words"),
    [
        ([bound("logP", ">", low=5), bound("logP", "<", high=2)], "contradict each other"),
        ([bound("logP", ">", low=3), bound("logP", "<", high=3)], "contradict each other"),
        ([bound("logP", "between", low=4, high=2)], "contradict each other"),
        ([bound("QED", ">", low=1.5)], "lies between 0 and 1"),
        ([bound("mass", "<", high=-5)], "cannot be met"),
        ([bound("band_gap", ">", low=1)], "not a quantity of molecules"),
        ([bound("shininess", ">", low=1)], "not a quantity of molecules"),
        ([bound("mass", "<", high=300, unit="nM")], "mass"),
        ([bound("mass", "<", high=300, unit="zorkmid")], "unknown"),
        ([bound("logP", "<")], "has no number"),
    ],
)
def test_impossible_constraints_are_refused(constraints, words):
    with pytest.raises(RepairableToolError) as raised:
        read_requirements(constraints)
    assert words in raised.value.message


def test_units_are_converted_to_the_vocabularys():
    requirements = read_requirements(
        [bound("mass", "<", high=0.4, unit="kDa"), bound("TPSA", "<", high=1.4, unit="nm**2")]
    )
    high = {item.key: item.constraint.high for item in requirements.bounds}
    assert high == pytest.approx({"mass": 400.0, "TPSA": 140.0})


def test_what_rdkit_does_not_compute_is_left_to_others_and_named():
    requirements = read_requirements(
        [bound("hERG", "<", high=0.5), bound("logP", "<", high=3)], [Objective(quantity="BBB", direction="maximise")]
    )
    assert requirements.unchecked == ("hERG", "BBB")
    assert requirements.keys == ("logP",)


@given(st.floats(-10, 10), st.floats(0, 5), st.floats(-20, 20))
def test_distance_is_zero_exactly_for_admitted_values(low, width, value):
    item = read_requirements([bound("logP", "between", low=low, high=low + width)]).bounds[0]
    assert (item.distance(value) == 0) == (low <= value <= low + width)


def test_bounds_are_written_as_people_write_them():
    texts = [
        str(item) for item in read_requirements([bound("logP", "between", 2, 4), bound("QED", ">", low=0.7)]).bounds
    ]
    assert texts == ["2 ≤ logP ≤ 4", "QED > 0.7"]
