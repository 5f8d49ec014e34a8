"""From a goal to a brief with no model: read, route, fill, ask."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from agent.errors import InputError
from agent.reasoning.playbooks.base import Filling, Playbook
from agent.reasoning.playbooks.registry import PLAYBOOKS
from agent.reasoning.playbooks.written_hazards import refuse_written_hazards
from agent.reasoning.protocol import Context
from agent.reasoning.understanding import GoalParts, notes_on_unused, read_goal, route
from agent.reasoning.understanding.routing import KEY
from agent.reasoning.understanding.similarity import Nearness
from agent.reasoning.understanding.unheard import unheard
from agent.records import Brief, Goal, Question

UNUSED = "unused"
"""Key of the question whether to go on without most of a goal's numbers."""

UNUSED_NUMBERS = 3
"""Numbers without a use from which it is asked."""


async def interpret_goal(
    goal: Goal, context: Context, playbooks: Sequence[Playbook] = PLAYBOOKS, near: Nearness | None = None
) -> Brief:
    """Understand a goal by rules.

    Args:
        goal: As asked.
        context: To resolve names, and for answers to earlier questions.
        playbooks: What it may become.
        near: The measure of nearness to examples; by default the one that suits the goal's language.

    Returns:
        The brief. ``missing`` holds what only the researcher can supply: asked again with the answers in the
        context, it is filled. A goal outside every playbook misses its playbook.

    Raises:
        InputError: The goal is empty, names a missing file or an unknown unit, or writes a molecule that cannot be
            read.
        ConflictError: Two of its wishes contradict each other.
        ScreenRefusal: It writes out the structure of something that the hazard screen refuses.
    """
    if not goal.text.strip():
        raise InputError("The goal is empty.", remedy="Say what you want to find out, in a sentence.")
    parts = read_goal(_with_files(goal, context.answers))
    found = route(parts, playbooks, context.answers.get(KEY), near)
    if found.name is None:
        return Brief(
            goal=goal.text,
            domain="general",
            playbook="",
            language=parts.language,
            constraints=parts.constraints,
            objectives=parts.objectives,
            wanted=parts.wanted,
            missing=(found.question,) if found.question else (),
            notes=(*parts.notes, *found.notes),
        )
    playbook = next(book for book in playbooks if book.name == found.name)
    filling = await playbook.fill(parts, context)
    await refuse_written_hazards(goal, filling.entities, context)
    notes = (
        *(note for note in (*parts.notes, *found.notes) if note not in filling.settled),
        *filling.notes,
        *notes_on_unused(parts, filling.claimed, filling.notes),
    )
    trade = getattr(playbook, "trade", ())
    if trade and not filling.missing:
        bounds = (*filling.constraints, *filling.objectives)
        notes += unheard(parts, filling.entities, bounds, filling.options, notes, trade)
    missing = filling.missing or _mostly_unused(parts, filling, context)
    return Brief(
        goal=goal.text,
        domain=playbook.domain,
        playbook=playbook.name,
        language=parts.language,
        objectives=filling.objectives,
        constraints=filling.constraints,
        entities=filling.entities,
        wanted=parts.wanted,
        options=filling.options,
        missing=missing,
        notes=notes,
    )


def _with_files(goal: Goal, answers: Mapping[str, str]) -> Goal:
    """The goal with what its questions were answered with, where that names files or folders, attached."""
    pieces = (piece.strip(" \"'") for answer in answers.values() for piece in re.split(r"[,;\n]", str(answer)))
    found = [piece for piece in dict.fromkeys(pieces) if piece and Path(piece).expanduser().exists()]
    new = [str(Path(piece).expanduser()) for piece in found if piece not in goal.attachments]
    return goal.model_copy(update={"attachments": (*goal.attachments, *new)}) if new else goal


def _mostly_unused(parts: GoalParts, filling: Filling, context: Context) -> tuple[Question, ...]:
    """A question where a plan would pass over most numbers of a goal: what it is about was hardly understood."""
    if context.answers.get(UNUSED) or parts.files:
        return ()
    left = [tag for tag in parts.numbers_left if tag not in filling.claimed and not tag.in_words]
    bounds = (*filling.constraints, *(wish for wish in filling.objectives if wish.target is not None))
    used = len(bounds) + len(filling.claimed) + (parts.wanted is not None)
    if len(left) < UNUSED_NUMBERS or used >= len(left):
        return ()
    listed = ", ".join(f"'{parts.text[tag.start : tag.end].strip()}'" for tag in left[:6])
    text = parts.say(
        f"I would use {used or 'none'} of the {used + len(left)} numbers of this goal; these would have no part "
        f"in the plan: "
        f"{listed}. Shall I go on without them? Answer 'go on', or state the goal in other words.",
        f"이 목표의 숫자 {used + len(left)}개 중 {used}개만 쓰게 됩니다. 다음은 계획에 쓰이지 않습니다: {listed}. "
        "이대로 진행할까요? 'go on'이라고 답하거나 목표를 다른 말로 적어 주세요.",
    )
    return (Question(key=UNUSED, text=text, choices=("go on",)),)
