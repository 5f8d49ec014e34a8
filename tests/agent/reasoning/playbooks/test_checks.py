"""Plans are checked before anything runs."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.errors import InputError
from agent.reasoning.playbooks import PlanInvalid, check_plan
from agent.records import Plan, Step
from agent.tools import Catalogue

RESOLVE = Step(id="s1", tool="resolve_molecule", arguments={"molecule": "aspirin"})
DESIGN = Step(id="s2", tool="design_analogues", arguments={"seed": "${s1.data.smiles}"}, needs=("s1",))


def complaints(plan: Plan, tools: Catalogue, **known: tuple[str, ...]) -> str:
    with pytest.raises(PlanInvalid) as caught:
        check_plan(plan, tools, **known)
    assert isinstance(caught.value, InputError)
    return "; ".join(caught.value.complaints)


def test_a_sound_plan_comes_back_unchanged(tools: Catalogue) -> None:
    plan = Plan(steps=(RESOLVE, DESIGN))
    assert check_plan(plan, tools) is plan


@pytest.mark.parametrize(
    ("steps", "complaint"),
    [
        ((), "no steps"),
        ((RESOLVE, RESOLVE), "s1 is used twice"),
        ((DESIGN,), "s2 needs s1, which does not exist"),
        ((RESOLVE, DESIGN.model_copy(update={"needs": ()})), "refers to s1"),
        ((RESOLVE.model_copy(update={"tool": "resolve_molecul"}),), "There is no tool 'resolve_molecul'"),
        ((RESOLVE.model_copy(update={"arguments": {}}),), "argument 'molecule': field required"),
        ((RESOLVE.model_copy(update={"arguments": {"molecule": "a", "nam": 1}}),), "argument 'nam'"),
        ((RESOLVE, DESIGN.model_copy(update={"arguments": {"seed": "${s1.data.smiles}", "count": "many"}})), "'count'"),
        (
            (RESOLVE.model_copy(update={"needs": ("s2",)}), DESIGN),
            "the steps s1, s2 wait for each other",
        ),
        ((RESOLVE.model_copy(update={"needs": ("s1",)}),), "wait for each other"),
    ],
)
def test_what_is_wrong_is_said(steps: tuple[Step, ...], complaint: str, tools: Catalogue) -> None:
    assert complaint in complaints(Plan(steps=steps), tools)


def test_every_complaint_is_listed_at_once(tools: Catalogue) -> None:
    steps = (DESIGN, Step(id="s3", tool="nothing_like_it"))
    assert len(complaints(Plan(steps=steps), tools).split("; ")) == 2


def test_a_reference_stands_for_any_type(tools: Catalogue) -> None:
    step = Step(id="s2", tool="describe_molecules", arguments={"smiles": "${s1.data.smiles}"}, needs=("s1",))
    check_plan(Plan(steps=(RESOLVE, step)), tools)


def test_further_steps_may_build_on_earlier_ones(tools: Catalogue) -> None:
    check_plan(Plan(steps=(DESIGN,)), tools, known=("s1",))
    assert "s2 is used twice" in complaints(Plan(steps=(DESIGN,)), tools, known=("s1", "s2"))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(1, 6), st.integers(1, 6)), max_size=12))
def test_cycles_are_found_exactly_when_there_is_one(tools: Catalogue, edges: list[tuple[int, int]]) -> None:
    steps = tuple(
        RESOLVE.model_copy(update={"id": f"s{n}", "needs": tuple(f"s{b}" for a, b in edges if a == n)})
        for n in range(1, 7)
    )
    reach = {n: {b for a, b in edges if a == n} for n in range(1, 7)}
    for _ in range(6):
        reach = {n: after | {far for near in after for far in reach[near]} for n, after in reach.items()}
    cyclic = any(n in after for n, after in reach.items())
    try:
        check_plan(Plan(steps=steps), tools)
    except PlanInvalid:
        assert cyclic
    else:
        assert not cyclic
