"""What to weigh for the crystals of an experiment: stoichiometry of their usual precursors."""

from __future__ import annotations

from agent.errors import GedankenError
from agent.reasoning.experiments.arms import Arm
from agent.reasoning.experiments.methods import Method
from agent.reasoning.grounding import number
from agent.reasoning.protocol import RunView
from agent.records import Candidate, Quantity

PRODUCT_G = 1.0
"""Mass of product of one synthesis, in g."""

Line = tuple[str, tuple[Quantity, ...]]
"""A template of a sentence, and the quantities that it names ``q0``, ``q1``, ..."""


async def precursors(compared: tuple[Arm, ...], method: Method, view: RunView) -> tuple[Line, ...]:
    """What to weigh for each crystal.

    Args:
        compared: The arms.
        method: How they are measured; only crystals are synthesised from powders.
        view: The run; the tool ``weigh_precursors`` is asked.

    Returns:
        A sentence a crystal; one for those whose precursors the tool does not know.
    """
    if method.kind != "crystal" or method.method.startswith("computed only"):
        return ()
    lines: list[Line] = []
    left = []
    for candidate in dict.fromkeys(c.id for arm in compared for c in arm.members):
        member = next(c for arm in compared for c in arm.members if c.id == candidate)
        line = await _weighed(member, view)
        if line is None:
            left.append(candidate)
        else:
            lines.append(line)
    if left:
        lines.append((f"{', '.join(left)}: choose precursors by the laboratory's own route; none are listed here.", ()))
    return tuple(lines)


async def _weighed(candidate: Candidate, view: RunView) -> Line | None:
    formula = candidate.labels.get("formula") or candidate.structure.split(" ")[0]
    try:
        result = await view.context.call("weigh_precursors", {"formula": formula, "product_mass_g": PRODUCT_G})
    except GedankenError:
        return None
    rows = result.data.get("precursors") if result.status == "ok" else None
    if not rows:
        return None
    source = "tool:weigh_precursors"
    masses = tuple(number(float(row["mass_mg"]), "mg", source=source) for row in rows)
    parts = " + ".join(f"{{{{q{index}}}}} {row['formula']}" for index, row in enumerate(rows))
    # The formulas stand between references, so that their digits are taken for what they are.
    product = number(PRODUCT_G, "g", source="method:solid-state synthesis")
    what = f"{candidate.id}: for {{{{q{len(rows)}}}}} of {formula}"
    template = f"{what} weigh {parts}, each dried and of known purity (divide by it)."
    return template, (*masses, product)
