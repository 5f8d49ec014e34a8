"""A goal as a model understands it, held against the goal's own words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from agent.errors import InputError
from agent.reasoning.drafts.base import Draft, Sentence, Short
from agent.reasoning.grounding import figures
from agent.reasoning.protocol import Context
from agent.reasoning.understanding.numbers import tag_numbers
from agent.records import Brief, Constraint, Entity, Objective, Question, Relation
from agent.units import convert
from agent.vocabulary import by_key

FREE = "free"
"""The playbook of a plan that is composed from the catalogue."""

ASKED = "model:"
"""How the keys of a model's own questions begin."""

_LOOK_UP = "resolve_molecule"


class ConstraintDraft(Draft):
    """A bound that the model reads in the goal."""

    quantity: Short
    relation: Relation
    low: float | None = None
    high: float | None = None
    unit: Short = "1"
    text: Sentence = ""


class ObjectiveDraft(Draft):
    """A quantity that the model takes the goal to want."""

    quantity: Short
    direction: Literal["maximise", "minimise", "target"]
    target: float | None = None
    unit: Short = "1"


class EntityDraft(Draft):
    """Something that the goal names. What it stands for is looked up, and not asked of the model."""

    kind: Literal["molecule", "substructure", "composition", "structure_file", "sequence", "file", "organism", "gene"]
    text: Sentence
    role: Literal["seed", "keep", "avoid", "reference", "input", "target"] = "seed"


class BriefDraft(Draft):
    """A goal as a model understands it."""

    domain: Literal["chemistry", "materials", "biology", "general"]
    playbook: Short
    constraints: Annotated[tuple[ConstraintDraft, ...], Field(max_length=16)] = ()
    objectives: Annotated[tuple[ObjectiveDraft, ...], Field(max_length=8)] = ()
    entities: Annotated[tuple[EntityDraft, ...], Field(max_length=12)] = ()
    missing: Annotated[tuple[Sentence, ...], Field(max_length=2)] = ()


def check_brief(draft: BriefDraft, playbooks: Mapping[str, str]) -> None:
    """Refuse a playbook that does not exist.

    Raises:
        InputError: It names the playbooks that do.
    """
    if draft.playbook != FREE and draft.playbook not in playbooks:
        known = ", ".join((*playbooks, FREE))
        raise InputError(f"There is no playbook '{draft.playbook}'.", remedy=f"There are: {known}.")


async def merge_brief(base: Brief, draft: BriefDraft, context: Context) -> tuple[Brief, tuple[str, ...]]:
    """Add to a brief what the model saw and the rules did not.

    The rules' own reading stays. The model may add constraints, objectives and entities that the goal's words bear
    out, and ask a question once.

    Args:
        base: The brief as the playbook's rules read the goal; for the playbook that the model chose, if it chose one.
        draft: The model's reading.
        context: To look names up.

    Returns:
        The merged brief, and a notice for everything that was left out.
    """
    notices: list[str] = []
    bounded = {constraint.quantity for constraint in base.constraints}
    constraints = [
        constraint
        for found in draft.constraints
        if found.quantity not in bounded and (constraint := _constraint(found, base.goal, notices))
    ]
    wanted = {objective.quantity for objective in base.objectives}
    objectives = [
        objective
        for found in draft.objectives
        if found.quantity not in wanted and (objective := _objective(found, base.goal, notices))
    ]
    named = {entity.text.lower() for entity in base.entities}
    further = {found.text.lower(): found for found in draft.entities if found.text.lower() not in named}
    entities = [entity for found in further.values() if (entity := await _entity(found, base.goal, context, notices))]
    return (
        base.model_copy(
            update={
                "domain": draft.domain if draft.playbook == FREE else base.domain,
                "constraints": (*base.constraints, *constraints),
                "objectives": (*base.objectives, *objectives),
                "entities": (*base.entities, *entities),
                "missing": (*base.missing, *_questions(draft, base, context)),
            }
        ),
        tuple(notices),
    )


def stated(goal: str, value: float, unit: str) -> bool:
    """Whether a number is in the goal's text: in digits or in words, in this unit or one that converts to it."""
    said = [(figure.value, figure.unit) for figure in figures(goal)]
    said += [(number, tag.unit) for tag in tag_numbers(goal) for number in (tag.low, tag.high)]
    return any(_same(number, of, value, unit) for number, of in said)


def _same(said: float, said_unit: str | None, value: float, unit: str) -> bool:
    if math.isclose(said, value, rel_tol=1e-9, abs_tol=1e-12):
        return True
    if said_unit is None:
        return False
    try:
        return math.isclose(convert(said, said_unit, unit), value, rel_tol=1e-6)
    except InputError:
        return False


def _constraint(found: ConstraintDraft, goal: str, notices: list[str]) -> Constraint | None:
    name = f"'{found.quantity} {found.relation}'"
    known = by_key().get(found.quantity)
    if known is None:
        notices.append(f"The model's constraint {name} was left out: no tool measures '{found.quantity}'.")
        return None
    low, high = found.low, found.high
    if found.relation in ("<", "<=") and high is None:
        low, high = None, low
    if found.relation in (">", ">=") and low is None:
        low, high = high, None
    if found.relation == "==":
        low = high = low if low is not None else high
    given = [number for number in (low, high) if number is not None]
    if not given or (found.relation == "between" and len(given) < 2):
        notices.append(f"The model's constraint {name} was left out: it has no bound.")
        return None
    for number in given:
        if not stated(goal, number, found.unit):
            notices.append(f"The model's constraint {name} was left out: the goal does not say {number:g}.")
            return None
    try:
        low, high = (None if number is None else convert(number, found.unit, known.unit) for number in (low, high))
    except InputError as error:
        notices.append(f"The model's constraint {name} was left out: {error.message}")
        return None
    return Constraint(
        quantity=found.quantity, relation=found.relation, low=low, high=high, unit=known.unit, text=found.text
    )


def _objective(found: ObjectiveDraft, goal: str, notices: list[str]) -> Objective | None:
    known = by_key().get(found.quantity)
    if known is None:
        notices.append(f"The model's objective '{found.quantity}' was left out: no tool measures it.")
        return None
    target = found.target if found.direction == "target" else None
    if found.direction == "target" and (target is None or not stated(goal, target, found.unit)):
        notices.append(f"The model's target for {found.quantity} was left out: the goal does not say it.")
        return None
    try:
        target = None if target is None else convert(target, found.unit, known.unit)
    except InputError as error:
        notices.append(f"The model's target for {found.quantity} was left out: {error.message}")
        return None
    return Objective(quantity=found.quantity, direction=found.direction, target=target, unit=known.unit)


async def _entity(found: EntityDraft, goal: str, context: Context, notices: list[str]) -> Entity | None:
    """An entity that the goal names; a molecule's structure comes from the tool that looks names up."""
    if not found.text.strip() or found.text.lower() not in goal.lower():
        notices.append(f"The model's '{found.text}' was left out: the goal does not name it.")
        return None
    entity = Entity(kind=found.kind, text=found.text, role=found.role)
    if found.kind != "molecule":
        return entity
    if _LOOK_UP not in context.catalogue:
        return entity
    result = await context.call(_LOOK_UP, {"molecule": found.text})
    if result.status != "ok":
        notices.append(f"'{found.text}' is not known by name: {result.summary}")
        return None
    return entity.model_copy(update={"value": result.data["smiles"], "source": result.data.get("source", _LOOK_UP)})


def _questions(draft: BriefDraft, base: Brief, context: Context) -> tuple[Question, ...]:
    """The model's own questions, the first time round: a model may not keep a researcher answering."""
    if base.missing or any(key.startswith(ASKED) for key in context.answers):
        return ()
    return tuple(
        Question(key=f"{ASKED}{i}", text=text) for i, text in enumerate(draft.missing, start=1) if text.strip()
    )
