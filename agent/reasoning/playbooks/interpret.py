"""From a goal to a brief with no model: read, route, fill, ask."""

from __future__ import annotations

from collections.abc import Sequence

from agent.errors import InputError
from agent.reasoning.playbooks.base import Playbook
from agent.reasoning.playbooks.registry import PLAYBOOKS
from agent.reasoning.playbooks.written_hazards import refuse_written_hazards
from agent.reasoning.protocol import Context
from agent.reasoning.understanding import notes_on_unused, read_goal, route
from agent.reasoning.understanding.routing import KEY
from agent.reasoning.understanding.similarity import Nearness
from agent.records import Brief, Goal


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
    parts = read_goal(goal)
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
        missing=filling.missing,
        notes=(
            *(note for note in (*parts.notes, *found.notes) if note not in filling.settled),
            *filling.notes,
            *notes_on_unused(parts, filling.claimed),
        ),
    )
