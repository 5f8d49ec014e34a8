"""The playbook reasoner keeps the protocol, and checks what its playbooks plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from agent.errors import InputError
from agent.reasoning.playbook_reasoner import PlaybookReasoner
from agent.reasoning.playbooks import Filling, PlanInvalid
from agent.reasoning.protocol import Context, Reasoner, RunView
from agent.records import Brief, Candidate, Goal, Plan, Quantity, Result, Review, Step
from agent.tools import Catalogue, Tool, ok

CELECOXIB = "Cc1ccc(-c2cc(C(F)(F)F)nn2-c2ccc(S(N)(=O)=O)cc2)cc1"


def echo(text: str) -> None:
    """A tool.

    Args:
        text: Anything.
    """


CATALOGUE = Catalogue({"echo": Tool("echo", "data", echo)})


class Parrot:
    """A playbook of one step, whose plan and review are given."""

    name = "parrot"
    title = "repeat"
    domain = "general"
    examples = ("repeat after me",)

    def __init__(self, *steps: Step, further: tuple[Step, ...] = ()) -> None:
        self.steps, self.further = steps, further

    def signals(self, parts: Any) -> float:
        return 5.0 if "repeat" in parts.text else 0.0

    async def fill(self, parts: Any, context: Context) -> Filling:
        return Filling(options={"words": parts.text})

    def plan(self, brief: Brief, context: Context) -> Plan:
        return Plan(steps=self.steps)

    def review(self, view: RunView) -> Review:
        return Review(enough=not self.further, steps=self.further)


async def call(name: str, arguments: Mapping[str, Any]) -> Result:
    return ok("known", data={"smiles": CELECOXIB, "source": "test drugs"})


CONTEXT = Context(catalogue=CATALOGUE, call=call)
STEP = Step(id="s1", tool="echo", arguments={"text": "hello"})


def reasoner(*steps: Step, further: tuple[Step, ...] = ()) -> PlaybookReasoner:
    return PlaybookReasoner((Parrot(*steps, further=further),))  # type: ignore[arg-type]


def view_of(brief: Brief, plan: Plan, candidates: tuple[Candidate, ...] = ()) -> RunView:
    return RunView(
        goal=Goal(text=brief.goal),
        brief=brief,
        plan=plan,
        evidence={},
        candidates=candidates,
        payload=lambda _: {},
        context=CONTEXT,
    )


def test_it_has_the_shape_of_a_reasoner() -> None:
    made: Reasoner = PlaybookReasoner()
    assert made.name == "playbook"


async def test_a_goal_becomes_a_brief_and_a_checked_plan() -> None:
    made = reasoner(STEP)
    brief = await made.interpret(Goal(text="please repeat this"), CONTEXT)
    assert (brief.playbook, brief.options) == ("parrot", {"words": "please repeat this"})
    assert (await made.plan(brief, CONTEXT)).steps == (STEP,)


async def test_a_plan_that_cannot_run_is_refused() -> None:
    made = reasoner(STEP.model_copy(update={"tool": "ecko"}))
    brief = await made.interpret(Goal(text="repeat"), CONTEXT)
    with pytest.raises(PlanInvalid, match="Did you mean echo"):
        await made.plan(brief, CONTEXT)


async def test_further_steps_of_a_review_are_checked_too() -> None:
    brief = Brief(goal="repeat", domain="general", playbook="parrot")
    good = STEP.model_copy(update={"id": "s2", "needs": ("s1",)})
    view = view_of(brief, Plan(steps=(STEP,)))
    assert (await reasoner(STEP, further=(good,)).review(view)).steps == (good,)
    with pytest.raises(PlanInvalid, match="s1 is used twice"):
        await reasoner(STEP, further=(STEP,)).review(view)


async def test_a_brief_of_an_unknown_playbook_is_refused() -> None:
    with pytest.raises(InputError, match="no playbook 'alchemy'"):
        await reasoner(STEP).plan(Brief(goal="gold", domain="general", playbook="alchemy"), CONTEXT)


def _candidate(number: int, logp: float, qed: float, solubility: float) -> Candidate:
    values = {"logP": logp, "QED": qed, "logS_ESOL": solubility}
    return Candidate(
        id=f"c{number}",
        kind="molecule",
        structure=f"{'C' * number}O",
        quantities={name: Quantity(name=name, value=value, source="e2") for name, value in values.items()},
        feasible=True,
        rank=number,
    )


async def test_hypotheses_are_inferred_and_compared() -> None:
    made = PlaybookReasoner()
    brief = await made.interpret(Goal(text="Design soluble analogues of celecoxib with logP below 4"), CONTEXT)
    table = tuple(
        _candidate(n, 1 + n / 10, 0.9 - n / 100, -1.5 - n / 8 + 0.05 * (-1) ** n).model_copy(
            update={"labels": {"change": "methyl to hydroxyl" if n % 2 else "methyl to fluorine"}}
        )
        for n in range(1, 25)
    )
    view = view_of(brief, Plan(steps=(STEP,)), table)
    hypotheses = await made.hypothesise(view)
    assert hypotheses and all(item.refuted_by for item in hypotheses)
    other = hypotheses[0].model_copy(update={"id": "other"})
    (verdict,) = await made.compare(hypotheses[0], other, view)
    assert (verdict.first, verdict.second, verdict.winner) == (hypotheses[0].id, "other", "tie")
