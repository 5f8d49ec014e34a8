"""Approval: when a plan is shown before it runs, and what the researcher's answer does to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from agent import events as ev
from agent.errors import InputError, PlanRejected
from agent.graphs.work import Work
from agent.memory.history import APPROVAL, agrees
from agent.records import Plan, Question, Step
from agent.tools import Catalogue
from agent.units import counted

LONG_SECONDS = 600.0
"""A heavy tool whose time limit is longer than this counts as costly."""


def reasons(steps: Iterable[Step], catalogue: Catalogue, screen: str = "no match") -> tuple[str, ...]:
    """Why a plan should be seen before it runs.

    Args:
        steps: Its steps.
        catalogue: Says what their tools cost.
        screen: What the hazard screen said of the goal.

    Returns:
        One short sentence for each costly or hazardous thing; none if there is nothing.
    """
    found = []
    if screen == "match":
        found.append("the hazard screen found a match in the goal")
    for step in steps:
        tool = catalogue.get(step.tool) if step.tool in catalogue else None
        if tool is None:
            continue
        if tool.network:
            found.append(f"{step.id} {step.tool} sends what it is given over the network")
        if tool.cost == "heavy" and tool.seconds > LONG_SECONDS:
            found.append(f"{step.id} {step.tool} may compute for up to {tool.seconds / 60:.0f} min")
    return tuple(found)


def approval_question(work: Work) -> Question | None:
    """The question that shows the steps to come, if they are to be shown.

    The first plan is shown as a whole where that was asked for. Steps that a review adds are shown where they are
    costly or hazardous, whichever way the first plan was approved: nobody has seen them.
    """
    asked = work.history.question
    if asked is not None and asked.key == APPROVAL:  # it waits already: a resumed run asks the same thing
        return asked
    new = [step for step in work.pending() if step.id not in work.history.approved]
    if not work.approve or not new:
        return None
    screened = work.history.screened
    found = reasons(new, work.toolbox.catalogue, screened.verdict if screened else "no match")
    first = not work.history.reviews
    if not found and (work.approve == "costly" or not first):
        return None
    what = (
        f"this plan of {counted(len(work.history.steps), 'step')}" if first else f"{counted(len(new), 'further step')}"
    )
    text = f"Run {what}?" + (f" Note: {'; '.join(found)}." if found else "")
    return Question(key=APPROVAL, text=text, choices=("yes", "no"), default="yes")


def settle_approval(work: Work, answer: Any) -> None:
    """Take the researcher's answer to the plan: ``yes``, ``no REASON``, or changes as plain data.

    Changes are ``{"approve": true, "drop": ["s3"], "edit": {"s2": {"count": 20}}, "order": ["s2", "s1"]}``; edited
    arguments are checked against the tool before anything runs. The order says which of the steps that could run come
    first; steps that it leaves out follow in their old order. The plan is changed first and the answer written down
    last, so that a kill in between asks again and loses nothing.

    Raises:
        InputError: It names a step that the plan does not have, or puts one before what it needs.
        PlanRejected: The answer is no. A run that is resumed after it asks again.
    """
    if isinstance(answer, dict):
        for step_id, changes in answer.get("edit", {}).items():
            step = _step(work, step_id)
            edited = step.model_copy(update={"arguments": step.arguments | changes})
            work.say(ev.PlanMade(plan=Plan(steps=(edited,))))
        if answer.get("order"):
            work.say(ev.PlanMade(plan=Plan(steps=_in_order(work, answer["order"]))))
        for step_id in answer.get("drop", []):
            work.say(ev.StepSkipped(step=_step(work, step_id).id, reason="dropped by the researcher"))
    work.say(ev.QuestionAnswered(key=APPROVAL, answer=answer))
    if not agrees(answer):
        said = "no" if isinstance(answer, dict) else answer
        raise PlanRejected(f"The plan was rejected: {said}.", remedy="State the goal anew with what has to change.")


def _step(work: Work, step_id: str) -> Step:
    if step_id not in work.history.steps:
        raise InputError(f"The plan has no step '{step_id}'.", remedy=f"It has {', '.join(work.history.steps)}.")
    return work.history.steps[step_id]


def _in_order(work: Work, wanted: list[str]) -> tuple[Step, ...]:
    steps = [_step(work, step_id) for step_id in dict.fromkeys(wanted)]
    steps += [step for step in work.history.steps.values() if step not in steps]
    seen: set[str] = set()
    for step in steps:
        late = [need for need in step.needs if need not in seen]
        if late:
            raise InputError(
                f"{step.id} cannot come before {', '.join(late)}, which it needs.", remedy="Change the order."
            )
        seen.add(step.id)
    return tuple(steps)
