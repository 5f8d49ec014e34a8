"""Checking a plan before anything runs: whoever made it, playbook or model."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import ValidationError

from agent.errors import InputError
from agent.reasoning.playbooks.base import referenced
from agent.records import Plan, Step
from agent.tools import Catalogue, Tool


class PlanInvalid(InputError):
    """A plan cannot be carried out as it is; ``complaints`` says why, one line each, so that it can be repaired."""

    def __init__(self, complaints: Iterable[str]) -> None:
        self.complaints = tuple(complaints)
        super().__init__(
            f"The plan cannot be carried out: {'; '.join(self.complaints)}.",
            remedy="Correct these points; `gedanken tools NAME` shows what a tool takes.",
        )


def check_plan(plan: Plan, catalogue: Catalogue, *, known: Iterable[str] = ()) -> Plan:
    """Check a plan: ids, order, tools and arguments.

    Args:
        plan: The plan, or the further steps of a review.
        catalogue: The tools that it may name.
        known: Ids of earlier steps that it may build on.

    Returns:
        The plan, unchanged.

    Raises:
        PlanInvalid: With one complaint for every id used twice, need that does not exist, cycle, unknown tool,
            unknown, missing or unsuitable argument, and reference to a step that is not among the needs.
    """
    earlier = set(known)
    complaints: list[str] = []
    if not plan.steps:
        complaints.append("it has no steps")
    seen: set[str] = set()
    for step in plan.steps:
        if step.id in seen or step.id in earlier:
            complaints.append(f"the id {step.id} is used twice")
        seen.add(step.id)
    for step in plan.steps:
        complaints += _complaints_on_needs(step, seen | earlier)
        complaints += _complaints_on_arguments(step, catalogue)
    complaints += _cycles(plan.steps)
    if complaints:
        raise PlanInvalid(complaints)
    return plan


def _complaints_on_needs(step: Step, ids: set[str]) -> list[str]:
    found = [f"{step.id} needs {need}, which does not exist" for need in step.needs if need not in ids]
    found += [
        f"{step.id} refers to {reference} in its arguments and does not list it under needs"
        for reference in referenced(step.arguments)
        if reference not in step.needs
    ]
    return found


def _complaints_on_arguments(step: Step, catalogue: Catalogue) -> list[str]:
    try:
        tool: Tool = catalogue.get(step.tool)
    except InputError as error:
        return [f"{step.id}: {str(error).rstrip('.?')}"]
    open_arguments = {name for name, value in step.arguments.items() if referenced(value)}
    try:
        tool.arguments.model_validate(step.arguments)
    except ValidationError as error:
        return [
            f"{step.id} ({step.tool}), argument '{'.'.join(map(str, item['loc']))}': {item['msg'].lower()}"
            for item in error.errors(include_url=False)
            if item["type"] in ("extra_forbidden", "missing") or item["loc"][0] not in open_arguments
        ]
    return []


def _cycles(steps: tuple[Step, ...]) -> list[str]:
    """One complaint naming the steps that wait for each other, if any do."""
    waiting = {step.id: set(step.needs) & {other.id for other in steps} for step in steps}
    while ready := [identity for identity, needs in waiting.items() if not needs]:
        for identity in ready:
            del waiting[identity]
        for needs in waiting.values():
            needs.difference_update(ready)
    return [f"the steps {', '.join(sorted(waiting))} wait for each other"] if waiting else []
