"""Steps from another molecule's value, and the bounds that they become."""

from __future__ import annotations

import pytest

from agent.reasoning.understanding import read_goal
from agent.records import Goal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("logD 1 unit higher than ibuprofen's", ("logD", "higher", 1.0, 1.0)),
        ("reduce the logP of amiodarone by 2", ("logP", "lower", 2.0, 1.0)),
        ("less lipophilic, logP drop by at least 2, please", ("logP", "lower", 2.0, 1.0)),
        ("solubility at least 10-fold higher than the parent", ("logS_ESOL", "higher", 0.0, 10.0)),
        ("analogues with hERG risk lower than the parent", ("hERG", "lower", 0.0, 1.0)),
    ],
)
def test_a_step_from_another_molecule_is_no_plain_bound(text: str, expected: tuple[object, ...]) -> None:
    parts = read_goal(Goal(text=text))
    assert [(one.quantity, one.way, one.step, one.factor) for one in parts.relatives] == [expected]
    assert not parts.constraints and not parts.numbers_left


@pytest.mark.parametrize("text", ["logP lower than 3", "logS greater than or equal to -4", "mass not higher than 400"])
def test_a_value_stays_a_bound(text: str) -> None:
    parts = read_goal(Goal(text=text))
    assert not parts.relatives and len(parts.constraints) == 1


@pytest.mark.parametrize(
    ("text", "value", "relation", "end"),
    [
        ("logP drop by at least 2", 6.94, "<=", 4.94),
        ("solubility 10-fold higher than the parent", -5.0, ">=", -4.0),  # of a logarithm, a factor is a step
        ("mass 20% lower than the parent", 480.0, "<=", 384.0),
        ("hERG lower than the parent", 0.4, "<", 0.4),
    ],
)
def test_the_bound_follows_from_the_value_of_the_other(text: str, value: float, relation: str, end: float) -> None:
    (one,) = read_goal(Goal(text=text)).relatives
    bound = one.bound(value)
    assert bound.relation == relation
    assert (bound.low if bound.low is not None else bound.high) == pytest.approx(end)
