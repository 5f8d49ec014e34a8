"""Steps that every plan on molecules shares: resolving, judging what a design brought, and docking a shortlist."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from agent.errors import ConflictError
from agent.reasoning.playbooks.base import StepWriter
from agent.records import Brief, Constraint, Entity, Objective
from agent.vocabulary import by_key

ROUTES = 3
"""Candidates for which a synthesis is looked for."""

DOCKED = 10
"""Candidates that are docked: the first of those that passed the screen, as the design ranks them."""


def by_rdkit(item: Constraint | Objective) -> bool:
    """Whether RDKit computes the quantity."""
    return by_key()[item.quantity].engine == "rdkit"


def by_networks(item: Constraint | Objective) -> bool:
    """Whether the pretrained ADMET models estimate the quantity."""
    return by_key()[item.quantity].engine == "admet"


def by_docking(item: Constraint | Objective) -> bool:
    """Whether the quantity needs a receptor."""
    return by_key()[item.quantity].engine == "vina"


def plain(item: Constraint | Objective) -> dict[str, Any]:
    """As a tool's argument."""
    return item.model_dump(mode="json")


def add_resolve(writer: StepWriter, molecule: Entity) -> str:
    """Resolve a molecule that the goal or an answer names; the step's id."""
    asked = molecule.value if molecule.source == "answer" else molecule.text
    return writer.add("resolve_molecule", {"molecule": asked}, f"The structure of {molecule.text}, with its source.")


def add_judging(writer: StepWriter, brief: Brief, design: str, *, reference: str) -> None:
    """The hazard screen, estimates, novelty, drawings, routes and docking of what a design step brought.

    Args:
        writer: Takes the steps.
        brief: What is wanted.
        design: The design step's id.
        reference: What drawings are compared with; empty for nothing.
    """
    screen = writer.add(
        "screen_candidates",
        {"structures": f"${{{design}.data.smiles}}", "kind": "molecule"},
        "Nothing that matches the hazard screen may reach the table.",
    )
    passed = f"${{{screen}.data.passed}}"
    estimated = any(by_networks(item) for item in (*brief.constraints, *brief.objectives))
    reason = (
        "What the goal asks beyond simple descriptors"
        if estimated
        else "Absorption, safety and metabolism of the candidates"
    )
    for tool, arguments, why, optional in (
        ("estimate_admet", {}, f"{reason}, by the pretrained models.", not estimated),
        ("check_known_molecules", {}, "Which candidates are known already.", True),
        (
            "find_similar_molecules",
            {"count": 3},
            "The nearest known drugs, as a hint at what a candidate may do.",
            True,
        ),
        ("draw_molecules", {"reference": reference}, "Drawings with the changed part highlighted.", True),
        (
            "plan_syntheses",
            {"count": ROUTES},
            "How the first candidates may be made, from building blocks that exist.",
            True,
        ),
    ):
        writer.add(tool, {"smiles": passed, **arguments}, why, optional=optional)
    add_docking(writer, brief, passed)


def add_docking(writer: StepWriter, brief: Brief, smiles: Any, needs: tuple[str, ...] = ()) -> None:
    """Dock the shortlist, where the goal gives a receptor: last, since it is the costly step."""
    docking: dict[str, Any] | None = brief.options.get("docking")
    if not docking:
        return
    writer.add(
        "dock_molecules",
        {**docking, "smiles": smiles, "first": DOCKED, "random_seed": int(brief.options.get("random_seed", 0))},
        f"Predicted affinity of the shortlist (the first {DOCKED}) by docking into the receptor.",
        optional=True,
        needs=needs,
    )


def refuse_kept_and_avoided(groups: Sequence[Entity]) -> None:
    """Refuse a goal that wants a group kept and gone.

    Raises:
        ConflictError: Naming the group and both wishes.
    """
    kept = {group.value: group for group in groups if group.role == "keep"}
    for group in groups:
        if group.role == "avoid" and group.value in kept:
            raise ConflictError(
                f"'{kept[group.value].text}' and '{group.text}' contradict each other: the same group is to be "
                "kept and avoided.",
                remedy="Keep one of the two.",
            )
