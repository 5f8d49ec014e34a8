"""The tool that designs analogues of a molecule to a specification."""

from __future__ import annotations

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, Constraint, Objective, Result, Value
from agent.tools import empty, ok, progress, tool
from agent.units import counted

MOST = 500
"""Analogues that one call may ask for."""


@tool("chemistry", engines=("rdkit",), seconds=120)
def design_analogues(
    seed: str,
    constraints: list[Constraint] = [],
    count: int = 60,
    keep: list[str] = [],
    avoid: list[str] = [],
    min_similarity: float = 0.3,
    random_seed: int = 0,
    objectives: list[Objective] = [],
) -> Result:
    """Design analogues of a molecule that meet every constraint, by matched replacements.

    Starting from the seed, substituents, ring atoms, rings, linkers and functional groups are exchanged for what
    medicinal chemists commonly put in their place, one change a generation, steered towards the constraints. What comes
    back is valid, distinct, free of unstable motifs, and ranked by the objectives, drug-likeness, closeness to the seed
    and ease of synthesis, with diversity. The search is repeatable. Properties are computed, not measured, and an
    analogue is an idea on paper: whether it can be made or still binds the target is not judged.

    Args:
        seed: The starting molecule as SMILES or InChI (a salt is reduced to its parent).
        constraints: Bounds on quantities that RDKit computes (logP, QED, mass, TPSA, HBD, logS_ESOL, similarity, ...).
        count: How many analogues are wanted, 1 to 500.
        keep: Substructures that every analogue must have, as SMARTS or group names: what the seed has is kept on the
            way, what it lacks is to be gained.
        avoid: Substructures that no analogue may have, as SMARTS or group names.
        min_similarity: Least Tanimoto similarity to the seed (Morgan radius 2, 2048 bits), 0 to 1.
        random_seed: Changes which of the equally good ways are tried first; the same number gives the same result.
        objectives: Quantities to push up, down or to a target among those that meet the constraints.

    Returns:
        Data: seed, smiles (ranked), generated (distinct molecules built), rejected (number by reason), binding (the
        constraint that most near misses fail), nearest (the nearest misses, when fewer than asked were found),
        unchecked (constrained quantities that other tools have to estimate), impossible (what contradicts what, where
        no molecule can meet the specification; then nothing is searched). Candidates with all descriptors and the
        labels change, changes, scaffold. Empty when nothing meets every constraint.

    Source:
        Matched molecular pairs: Griffen et al., J. Med. Chem. 2011, 54, 7739. Isosteres: Meanwell, J. Med. Chem.
        2011, 54, 2529. Diversity by maximal marginal relevance. The replacement vocabulary is this project's own.
    """
    from agent.tools.molecules.groups import group_name
    from agent.tools.molecules.requirements import nothing_in_words, read_requirements
    from agent.tools.molecules.search import TOO_DIFFERENT, Search
    from agent.tools.molecules.selection import binding_constraint, choose, nearest_misses
    from agent.tools.molecules.specification.contradictions import contradiction
    from agent.tools.molecules.structures import read_pattern, read_structure

    if not 1 <= count <= MOST:
        raise RepairableToolError(f"count: {count} analogues cannot be asked for.", remedy=f"Ask for 1 to {MOST}.")
    if not 0 <= min_similarity <= 1:
        raise RepairableToolError(
            f"min_similarity: {min_similarity:g} is not a Tanimoto similarity.", remedy="Give a number from 0 to 1."
        )
    start = read_structure(seed, argument="seed")
    requirements = read_requirements(constraints, objectives)
    patterns = {group_name(text): read_pattern(text, argument="keep") for text in keep}
    avoided = {group_name(text): read_pattern(text, argument="avoid") for text in avoid}
    if proven := contradiction(requirements.bounds, patterns, avoided):
        return empty(
            f"No molecule can meet this specification: {proven}.",
            data={"seed": start.smiles, "smiles": [], "generated": 0, "rejected": {}, "impossible": proven},
            warnings=start.warnings,
        )
    gain = {name: pattern for name, pattern in patterns.items() if not start.mol.HasSubstructMatch(pattern)}
    search = Search(
        seed=start.mol,
        requirements=requirements,
        keep=tuple(pattern for name, pattern in patterns.items() if name not in gain),
        gain=gain,
        avoid=tuple(avoided.values()),
        min_similarity=min_similarity,
        random_seed=random_seed,
    )
    search.run(count, report=lambda fraction, message: progress(0.85 * fraction, message))
    progress(0.85, f"choosing among {len(search.found)}")
    chosen = choose(search.found, count, requirements)
    binding = binding_constraint(search.missed, requirements)
    if not binding and search.rejected[TOO_DIFFERENT]:
        binding = f"similarity to the seed ≥ {min_similarity:g}"
    data = {
        "seed": start.smiles,
        "smiles": [item.smiles for item in chosen],
        "generated": len(search.seen) - 1,
        "rejected": dict(sorted(search.rejected.items(), key=lambda pair: (-pair[1], pair[0]))),
        "binding": binding,
        "nearest": nearest_misses(search.missed, requirements) if len(chosen) < count else [],
        "unchecked": list(requirements.unchecked),
    }
    warnings = [
        *start.warnings,
        *(f"the seed has no {name}: the analogues are to gain it, which is more than a small change" for name in gain),
    ]
    if requirements.unchecked:
        warnings.append(f"not computed here, to be estimated by other tools: {', '.join(requirements.unchecked)}")
    asked = "; ".join([*(str(bound) for bound in requirements.bounds), *(f"with {name}" for name in gain)])
    asked = asked or "no constraints"
    if not chosen:
        return empty(
            nothing_in_words(
                f"{data['generated']} analogues built from {start.smiles}", asked, binding, data["nearest"]
            ),
            data=data,
            warnings=warnings,
        )
    if len(chosen) < count:
        because = f"; the binding constraint is {binding}" if binding else ""
        warnings.append(f"only {len(chosen)} of the {counted(count, 'analogue')} asked for could be found{because}")
    return ok(
        f"{counted(len(chosen), 'analogue')} of {start.smiles} {'meets' if len(chosen) == 1 else 'meet'} every "
        f"constraint ({asked}); "
        f"{data['generated']} were built and {len(search.found)} qualified.",
        values=(
            Value(name="analogues", value=len(chosen)),
            Value(name="generated", value=data["generated"]),
            Value(name="qualified", value=len(search.found)),
        ),
        data=data,
        candidates=_drafts(chosen),
        warnings=warnings,
    )


def _drafts(chosen: list) -> list[CandidateDraft]:
    from agent.tools.molecules.descriptors import values
    from agent.tools.molecules.selection import full_row
    from agent.tools.molecules.structures import scaffold

    drafts = []
    for place, item in enumerate(chosen):
        labels = {
            "change": " + ".join(item.changes),
            "changes": str(len(item.changes)),
            "scaffold": scaffold(item.mol),
        }
        drafts.append(
            CandidateDraft(kind="molecule", structure=item.smiles, values=values(full_row(item)), labels=labels)
        )
        if place % 10 == 9:
            progress(0.9 + 0.1 * place / len(chosen), "describing")
    return drafts
