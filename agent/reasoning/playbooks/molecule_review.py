"""Whether a design of molecules has brought enough: another round where it may help, an early end where it cannot."""

from __future__ import annotations

from typing import Any

from agent.reasoning.playbooks.base import MAX_ROUNDS, StepWriter, last_number
from agent.reasoning.playbooks.enumerations import TOOLS, add_hops
from agent.reasoning.playbooks.molecule_steps import DOCKED, GENERATED, add_design, add_evolution, by_docking
from agent.reasoning.protocol import RunView
from agent.records import Review
from agent.tools.molecules.requirements import misses_in_words
from agent.units import counted

WANTED = 20
"""How many feasible candidates are aimed at when the goal gives no number."""

MIN_SIMILARITY = 0.3
LOWEST_SIMILARITY = 0.15
SIMILARITY_STEP = 0.08
"""How far a review lowers the similarity to the seed each time there are too few candidates."""

MAX_SEEDS = 3

_DESIGNERS = ("design_analogues", "evolve_molecules", *TOOLS.values())
_HOPS = TOOLS["hops"]


def review_molecules(view: RunView) -> Review:
    """Enough feasible candidates, or another round: wider, larger, and with another random seed.

    A specification that a design step proves impossible ends at once, with what contradicts what. Where every analogue
    has a part that has to go, it belongs to the scaffold: the second round replaces the scaffold.
    """
    brief = view.brief
    if brief.options.get("mode") == "describe":
        return Review(enough=True)
    wanted = brief.wanted or WANTED
    if any(by_docking(bound) for bound in brief.constraints):
        wanted = min(wanted, DOCKED)  # no more than the shortlist can be known to meet a docking score
    feasible = [c for c in view.candidates if c.kind == "molecule" and c.feasible is not False and c.rank is not None]
    meet = "meets" if len(feasible) == 1 else "meet"
    were = "was" if wanted == 1 else "were"
    count = f"{counted(len(feasible), 'candidate')} {meet} the specification; {wanted} {were} wanted."
    if len(feasible) >= wanted:
        return Review(enough=True, notes=(count,))
    found = _designed(view)
    if impossible := [str(data["impossible"]) for _, data in found if data.get("impossible")]:
        told = f"No molecule can meet the specification: {impossible[0]}. I stop here; change or drop one of the two."
        return Review(enough=True, notes=(told,))
    notes = [count, *_binding(found)]
    designs = [step for step in view.plan.steps if step.tool in _DESIGNERS]
    broken = [step for step in designs if _status(view, step.id) == "error"]
    if brief.options.get("mode") == "enumerate":
        return Review(enough=True, notes=tuple(notes))
    if view.round >= MAX_ROUNDS or not designs or len(broken) == len(designs):
        return Review(enough=True, notes=tuple(notes))
    if any(step.tool == _HOPS for step in designs):
        return Review(enough=True, notes=(*notes, "Other scaffolds were tried as well; I stop here."))
    if not feasible and any(data.get("binding") == "the pattern to avoid" for _, data in found):
        return _other_scaffolds(view, notes)
    return _widened(view, notes)


def _other_scaffolds(view: RunView, notes: list[str]) -> Review:
    writer = StepWriter(view.context.catalogue, first=last_number(view.plan) + 1)
    for seed in _seeds(view):
        add_hops(writer, view.brief, seed)
    notes.append("What has to go belongs to the scaffold, so I look for other scaffolds that carry the same groups.")
    return Review(enough=False, notes=tuple(notes), steps=tuple(writer.steps))


def _widened(view: RunView, notes: list[str]) -> Review:
    brief, turn = view.brief, view.round + 1
    writer = StepWriter(view.context.catalogue, first=last_number(view.plan) + 1)
    if brief.options.get("mode") == "evolve":
        estimated = "estimate_admet" in view.context.catalogue
        budget = add_evolution(writer, brief, estimated=estimated, turn=turn)
        notes.append(f"I try again with {budget} scored molecules and another random seed.")
        return Review(enough=False, notes=tuple(notes), steps=tuple(writer.steps))
    asked = any(bound.quantity == "similarity" and bound.low is not None for bound in brief.constraints)
    start = float(brief.options.get("min_similarity", MIN_SIMILARITY))
    similarity = start if asked else max(LOWEST_SIMILARITY, round(start - SIMILARITY_STEP * turn, 2))
    count = int(brief.options.get("count", GENERATED)) * (turn + 1)
    for seed in _seeds(view):
        add_design(
            writer,
            brief,
            seed,
            count=count,
            min_similarity=similarity,
            random_seed=int(brief.options.get("random_seed", 0)) + turn,
        )
    notes.append(f"I try again with {count} analogues, similarity from {similarity:g} and another random seed.")
    return Review(enough=False, notes=tuple(notes), steps=tuple(writer.steps))


def _seeds(view: RunView) -> list[str]:
    molecules = [entity for entity in view.brief.entities if entity.kind == "molecule"]
    return [entity.value for entity in molecules if entity.role == "seed"][:MAX_SEEDS]


def _status(view: RunView, step: str) -> str:
    evidence = view.evidence.get(f"e{step[1:]}")
    return evidence.status if evidence else "skipped"


def _designed(view: RunView) -> list[tuple[str, dict[str, Any]]]:
    """The design steps that came to an end, with their data."""
    found = []
    for step in view.plan.steps:
        evidence = view.evidence.get(f"e{step.id[1:]}")
        if step.tool in _DESIGNERS and evidence and evidence.status != "error":
            found.append((step.id, view.payload(evidence.id)))
    return found


def _binding(found: list[tuple[str, dict[str, Any]]]) -> list[str]:
    """What the design steps say held them back."""
    notes = []
    for _, data in found:
        if binding := data.get("binding"):
            notes.append(f"The bound that rejects most is {binding}.")
        if not data.get("smiles") and (near := misses_in_words(data.get("nearest") or [])):
            notes.append(f"The nearest misses: {near}.")
    return list(dict.fromkeys(notes))
