"""Steps that plans on molecules share: resolving, designing, judging what a design brought, docking a shortlist."""

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


GENERATED = 60
"""How many analogues are asked for: three for each one wanted, since estimates and screens thin them out."""

BUDGET = 2000
ESTIMATED_BUDGET = 600
"""Molecules that a design from nothing scores; fewer where networks estimate a part of the score."""


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


def add_design(
    writer: StepWriter, brief: Brief, seed: str, *, count: int, min_similarity: float, random_seed: int
) -> str:
    """A design around a molecule with what judges it; the design step's id."""
    groups = [entity for entity in brief.entities if entity.kind == "substructure"]
    arguments: dict[str, Any] = {
        "seed": seed,
        "constraints": [plain(bound) for bound in brief.constraints if by_rdkit(bound)],
        "count": count,
        "keep": [group.value for group in groups if group.role == "keep"],
        "avoid": [group.value for group in groups if group.role == "avoid"],
        "min_similarity": min_similarity,
        "random_seed": random_seed,
        "objectives": [plain(wish) for wish in brief.objectives if by_rdkit(wish)],
    }
    design = writer.add("design_analogues", arguments, why_design(brief))
    add_judging(writer, brief, design, reference=seed)
    return design


def add_evolution(writer: StepWriter, brief: Brief, *, estimated: bool, turn: int = 0) -> int:
    """A design from nothing with what judges it; the number of molecules that it scores."""
    bounds = [item for item in brief.constraints if by_rdkit(item) or (estimated and by_networks(item))]
    wishes = [item for item in brief.objectives if by_rdkit(item) or (estimated and by_networks(item))]
    networks = any(by_networks(item) for item in (*bounds, *wishes))
    budget = (ESTIMATED_BUDGET if networks else BUDGET) * (turn + 1)
    groups = [entity for entity in brief.entities if entity.kind == "substructure"]
    arguments: dict[str, Any] = {
        "objectives": [plain(wish) for wish in wishes],
        "constraints": [plain(bound) for bound in bounds],
        "budget": budget,
        "count": int(brief.options.get("count", GENERATED)),
        "random_seed": int(brief.options.get("random_seed", 0)) + turn,
        "keep": [group.value for group in groups if group.role == "keep"],
        "avoid": [group.value for group in groups if group.role == "avoid"],
    }
    design = writer.add("evolve_molecules", arguments, why_design(brief))
    add_judging(writer, brief, design, reference="")
    return budget


def why_design(brief: Brief) -> str:
    """What the molecules are designed for, as a sentence."""
    bounds = ", ".join(dict.fromkeys(bound.text for bound in brief.constraints if by_rdkit(bound)))
    wishes = ", ".join(wish.text for wish in brief.objectives)
    aims = [f"meet {bounds}" if bounds else "", f"serve '{wishes}'" if wishes else ""]
    told = " and ".join(aim for aim in aims if aim)
    if brief.options.get("mode") == "evolve":
        return f"Molecules that {told}." if told else "Molecules that are drug-like and easy to make."
    return f"Analogues that {told}." if told else "Analogues near the starting molecule."
