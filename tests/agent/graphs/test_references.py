"""References between steps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import RepairableToolError
from agent.graphs.references import fill

RESULTS = {"s1": {"data": {"smiles": ["CCO", "CCN"], "n": 2, "deep": {"er": 1.5}}}}


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ("${s1.data.smiles}", ["CCO", "CCN"]),
        ("${s1.data.smiles.1}", "CCN"),
        ("${s1.data.deep.er}", 1.5),
        ("of ${s1.data.n} molecules", "of 2 molecules"),
        ({"a": ["${s1.data.n}", 3]}, {"a": [2, 3]}),
        (7, 7),
        (None, None),
    ],
)
def test_references_become_values(argument: object, expected: object) -> None:
    assert fill(argument, RESULTS.__getitem__) == expected


@pytest.mark.parametrize("argument", ["${s1.data.mass}", "${s1.data.smiles.2}", "${s1.data.n.more}"])
def test_a_reference_to_nothing_says_what_there_is(argument: str) -> None:
    with pytest.raises(RepairableToolError, match=r"points to nothing.*There is: ."):
        fill(argument, RESULTS.__getitem__)


@given(
    st.recursive(
        st.none() | st.integers() | st.text(alphabet="abc {}$.1"),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_arguments_without_references_stay_as_they_are(argument: object) -> None:
    assert fill(argument, RESULTS.__getitem__) == argument
