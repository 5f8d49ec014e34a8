"""Refusing a goal for a structure that it writes out: the words of a SMILES say nothing to a screen of words."""

from __future__ import annotations

from agent.errors import ScreenRefusal
from agent.reasoning.protocol import Context
from agent.records import Entity, Goal
from agent.tools.hazards import assess_goal

_TOOL = "screen_candidates"


async def refuse_written_hazards(goal: Goal, entities: tuple[Entity, ...], context: Context) -> None:
    """Screen the molecules of a goal by structure, and judge the goal as if it had named what they are.

    The policy on words then decides as for the name: detection, treatment and destruction are no reason to refuse.

    Args:
        goal: As asked.
        entities: What it names, with molecules resolved to SMILES.
        context: To call the screen.

    Raises:
        ScreenRefusal: The goal, with the name in place of the structure, is one that the screen refuses.
    """
    molecules = [entity for entity in entities if entity.kind == "molecule" and entity.value]
    if not molecules or _TOOL not in context.catalogue:
        return
    structures = list(dict.fromkeys(entity.value for entity in molecules))
    result = await context.call(_TOOL, {"structures": structures, "kind": "molecule"})
    names = {row["structure"]: row["name"] for row in result.data.get("rows", ()) if row.get("name")}
    text = goal.text
    for entity in molecules:
        if name := names.get(entity.value):
            text = text.replace(entity.text, name) if entity.text in text else f"{text} ({name})"
    if text == goal.text:
        return
    screen = assess_goal(text)
    if screen.refused:
        told = f"Refused by the hazard screen: a structure in the goal is known to it. {screen.reason}"
        raise ScreenRefusal(told, remedy=f"The screen covers: {screen.covers}")
