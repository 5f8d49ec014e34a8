"""Wishes that need a set of compounds or the starting molecule: parts by any name, steps from a molecule's value."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.reasoning.protocol import Context
from agent.reasoning.understanding import GoalParts
from agent.reasoning.understanding.substructures import find_part_names
from agent.records import Constraint, Entity
from agent.vocabulary import by_key

_THE_START = re.compile(
    r"(?:parent|seed|lead|hit|start\w*|original|reference|it|ours|current|this|that)"
    r"(?:\s+(?:molecule|compound|drug))?",
    re.IGNORECASE,
)
"""What a goal calls the molecule that it starts from."""

_TOOLS = {"rdkit": "describe_molecules", "admet": "estimate_admet"}


async def named_parts(
    parts: GoalParts, molecules: Sequence[Entity], context: Context
) -> tuple[tuple[Entity, ...], tuple[str, ...]]:
    """Parts to keep or avoid that no table of groups holds, by their names in the sets of compounds.

    Args:
        parts: The goal as read.
        molecules: Those that the goal names; none of them is a part.
        context: To look names up.

    Returns:
        Substructures, and a note for each: how it was read, or that nothing knows it.
    """
    known = [(mention.start, mention.end) for mention in parts.mentions]
    for entity in (*molecules, *parts.groups):
        known += [match.span() for match in re.finditer(re.escape(entity.text), parts.bare, re.IGNORECASE)]
    entities, notes = [], []
    for part in find_part_names(parts.bare, tuple(known)):
        does = "keep" if part.role == "keep" else "avoid"
        result = await context.call("resolve_molecule", {"molecule": part.text})
        if result.status == "ok":
            pattern = str(result.data["smiles"]).replace("[nH]", "n")  # wherever it is bound
            source = str(result.data.get("source") or "resolve_molecule")
            entities.append(Entity(kind="substructure", text=part.text, value=pattern, role=part.role, source=source))
            notes.append(f"I {does} '{part.text}' as the part {pattern} ({source}).")
        else:
            notes.append(f"I could not {does} '{part.text}': I know no structure of that name; write it as SMARTS.")
    return tuple(entities), tuple(notes)


async def relative_bounds(
    parts: GoalParts, molecules: Sequence[Entity], context: Context
) -> tuple[tuple[Constraint, ...], tuple[str, ...]]:
    """Steps from another molecule's value as bounds, by computing that value.

    Args:
        parts: The goal as read.
        molecules: Those that it names, the starting one among them.
        context: To compute the value.

    Returns:
        Bounds, and a note for each step: how it was read, or why it was not used.
    """
    bounds, notes = [], []
    for wish in parts.relatives:
        named = next((one for one in molecules if wish.other and wish.other.lower() in one.text.lower()), None)
        seed = next((one for one in molecules if one.role == "seed"), None)
        start = not wish.other or bool(_THE_START.fullmatch(wish.other))
        other = named or (seed if start else None)
        tool = _TOOLS.get(by_key()[wish.quantity].engine)
        if other is None or tool is None:
            why = f"there is no molecule '{wish.other}' to compare with" if other is None else "nothing computes it"
            notes.append(f"I did not use '{wish.text}': {why}.")
            continue
        result = await context.call(tool, {"smiles": [other.value]})
        value = ((result.data.get("rows") or [{}])[0] if result.status == "ok" else {}).get(wish.quantity)
        if not isinstance(value, int | float):
            notes.append(f"I did not use '{wish.text}': {by_key()[wish.quantity].title} of {other.text} is not known.")
            continue
        bound = wish.bound(float(value))
        bounds.append(bound)
        notes.append(wish.told(float(value), bound, other.text))
    return tuple(bounds), tuple(notes)
