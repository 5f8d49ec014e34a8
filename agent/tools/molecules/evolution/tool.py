"""The tool that evolves molecules to a specification, from nothing or from given molecules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, Constraint, Objective, Result, Value
from agent.tools import empty, ok, progress, tool

if TYPE_CHECKING:
    from rdkit.Chem import Mol

    from agent.tools.molecules.evolution.archive import Archive
    from agent.tools.molecules.evolution.desirability import Desirability

MOST_CALLS = 20_000
"""Molecules that one call may score."""

MOST = 500
"""Molecules that one call may return."""

_DIVERSITY = 0.3
"""Weight of the similarity to those already chosen, against a score between 0 and 1."""

_CHOSEN_FROM = 600
"""The best molecules, from which the returned ones are chosen."""


@tool("chemistry", engines=("rdkit",), seconds=300)
def evolve_molecules(
    objectives: list[Objective] = [],  # noqa: B006 (the schema shows the default; never changed)
    constraints: list[Constraint] = [],  # noqa: B006
    start: list[str] = [],  # noqa: B006
    budget: int = 2000,
    count: int = 50,
    random_seed: int = 0,
) -> Result:
    """Evolve molecules towards objectives under constraints, from nothing or from given molecules.

    A genetic algorithm on molecular graphs (crossover, changes of atoms, bonds, rings, substituents and linkers) whose
    offspring a Gaussian process sifts before they are scored. The score is a desirability: first every constraint is to
    be met, then the objectives are pushed. Unlike the design of analogues, the result need not resemble the start.
    What comes back meets every constraint, is free of unstable motifs, and is chosen for score and diversity. The
    search is repeatable. Structures are flat (no stereochemistry). Properties are computed, not measured, and whether a
    molecule can be made is not judged.

    Args:
        objectives: Quantities that RDKit computes, to push up, down or to a target; none: drug-likeness (QED) and ease
            of synthesis (SA score).
        constraints: Bounds on quantities that RDKit computes; ``similarity`` refers to the first start molecule.
        start: Molecules to begin with, as SMILES or InChI; none: approved drugs that installed packages ship, else a
            few small molecules.
        budget: Molecules to score at most, 50 to 20000; more give better results.
        count: How many molecules are wanted, 1 to 500.
        random_seed: The same number gives the same result.

    Returns:
        Data: smiles (chosen, best first), scores (their desirabilities), scored (molecules), qualified (those that meet
        every constraint), history (scored molecules and the best score at that time), nearest (the nearest misses, when
        nothing qualifies), unchecked (quantities that other tools have to estimate). Candidates with all descriptors
        and the label scaffold. Empty when nothing meets every constraint.

    Source:
        Graph crossover: Jensen, Chem. Sci. 2019, 10, 3567. Parent sampling: Tripp and Hernández-Lobato 2023.
        Desirability: Derringer and Suich, J. Qual. Technol. 1980, 12, 214. The operators and the sifting are this
        project's own.
    """
    from rdkit import Chem

    from agent.tools.molecules.evolution.desirability import desirability_of
    from agent.tools.molecules.evolution.optimiser import DEFAULT_START, optimise
    from agent.tools.molecules.references import drugs
    from agent.tools.molecules.requirements import read_requirements
    from agent.tools.molecules.structures import read_structure

    if not 1 <= count <= MOST:
        raise RepairableToolError(f"count: {count} molecules cannot be asked for.", remedy=f"Ask for 1 to {MOST}.")
    if not 50 <= budget <= MOST_CALLS:
        raise RepairableToolError(
            f"budget: {budget} molecules cannot be scored.", remedy=f"Give a number from 50 to {MOST_CALLS}."
        )
    given = [read_structure(text, argument="start") for text in start]
    requirements = read_requirements(constraints, objectives)
    if not given and "similarity" in (*requirements.keys, *(item.quantity for item in requirements.objectives)):
        raise RepairableToolError(
            "similarity: there is no start molecule that it could refer to.", remedy="Give one in 'start'."
        )
    ordinary = [drug.smiles for drug in drugs()] or list(DEFAULT_START)
    begin = [item.smiles for item in given] or ordinary
    sample = [mol for mol in map(Chem.MolFromSmiles, ordinary[:: max(len(ordinary) // 100, 1)]) if mol is not None]
    score = desirability_of(requirements, sample, given[0].mol if given else None)
    history: list[list[float]] = []

    def report(calls: int, archive: Archive) -> None:
        best = archive.top(1)[0][1]
        history.append([calls, round(best, 4)])
        progress(0.95 * calls / budget, f"{calls} scored, best {best:.2f}")

    archive = optimise(
        score,
        budget=budget,
        seed=random_seed,
        start=begin,
        usual=ordinary,
        on_progress=report,
        admit=_without_odd_motifs([item.mol for item in given]),
    )
    qualified = [(smiles, value) for smiles, value in archive.top(len(archive)) if score.met(smiles)]
    data: dict[str, Any] = {
        "smiles": [],
        "scores": [],
        "scored": len(archive),
        "qualified": len(qualified),
        "history": history[:: max(len(history) // 50, 1)],
        "nearest": [],
        "unchecked": list(requirements.unchecked),
    }
    warnings = [warning for item in given for warning in item.warnings]
    if requirements.unchecked:
        warnings.append(f"not computed here, to be estimated by other tools: {', '.join(requirements.unchecked)}")
    asked = "; ".join(str(bound) for bound in requirements.bounds) or "no constraints"
    if not qualified:
        data["nearest"] = _nearest(archive, score)
        return empty(
            f"None of {len(archive)} molecules scored meets everything ({asked}).", data=data, warnings=warnings
        )
    chosen = _diverse(qualified[:_CHOSEN_FROM], count)
    data["smiles"], data["scores"] = [smiles for smiles, _ in chosen], [round(value, 4) for _, value in chosen]
    if len(chosen) < count:
        warnings.append(f"only {len(chosen)} of the {count} molecules asked for were found")
    return ok(
        f"{len(chosen)} molecules meet every constraint ({asked}); {len(archive)} were scored and "
        f"{len(qualified)} qualified.",
        values=(
            Value(name="scored", value=len(archive)),
            Value(name="qualified", value=len(qualified)),
            Value(name="best_score", value=qualified[0][1]),
        ),
        data=data,
        candidates=_drafts([smiles for smiles, _ in chosen], score),
        warnings=warnings,
    )


def _without_odd_motifs(given: list[Mol]) -> Any:
    """Refuses molecules with an odd motif that no start molecule has."""
    from rdkit import Chem
    from rdkit.Chem.FilterCatalog import FilterCatalog, FilterCatalogEntry, SmartsMatcher

    from agent.tools.molecules.motifs import ODD_MOTIFS

    motifs = FilterCatalog()
    for name, smarts in ODD_MOTIFS.items():
        pattern = Chem.MolFromSmarts(smarts)
        if not any(mol.HasSubstructMatch(pattern) for mol in given):
            motifs.AddEntry(FilterCatalogEntry(name, SmartsMatcher(name, pattern, 1)))
    return lambda mol: not motifs.HasMatch(mol)


def _diverse(ranked: list[tuple[str, float]], count: int) -> list[tuple[str, float]]:
    """Choose by score and difference from those chosen before (maximal marginal relevance)."""
    from rdkit import Chem
    from rdkit.DataStructs import BulkTanimotoSimilarity

    from agent.tools.molecules.descriptors import fingerprint

    bits = [fingerprint(Chem.MolFromSmiles(smiles)) for smiles, _ in ranked]
    nearest = [0.0] * len(ranked)
    left = list(range(len(ranked)))
    chosen: list[tuple[str, float]] = []
    while left and len(chosen) < count:
        best = max(left, key=lambda index: (ranked[index][1] - _DIVERSITY * nearest[index], -index))
        left.remove(best)
        chosen.append(ranked[best])
        likeness = BulkTanimotoSimilarity(bits[best], [bits[index] for index in left])
        for index, value in zip(left, likeness, strict=True):
            nearest[index] = max(nearest[index], value)
    return chosen


def _nearest(archive: Archive, score: Desirability, count: int = 5) -> list[dict[str, Any]]:
    order = sorted(archive.smiles, key=lambda smiles: (sum(score.gaps[smiles].values()), smiles))[:count]
    keys = score.requirements.keys
    return [
        {
            "smiles": smiles,
            "values": {key: score.rows[smiles][key] for key in keys},
            "violated": sorted(score.gaps[smiles]),
        }
        for smiles in order
    ]


def _drafts(chosen: list[str], score: Desirability) -> list[CandidateDraft]:
    from rdkit import Chem

    from agent.tools.molecules.descriptors import ALONE, describe, values
    from agent.tools.molecules.structures import scaffold

    drafts = []
    for place, smiles in enumerate(chosen):
        mol = Chem.MolFromSmiles(smiles)
        row = describe(mol, ALONE)
        if "similarity" in score.rows[smiles]:
            row["similarity"] = score.rows[smiles]["similarity"]
        drafts.append(
            CandidateDraft(kind="molecule", structure=smiles, values=values(row), labels={"scaffold": scaffold(mol)})
        )
        if place % 10 == 9:
            progress(0.95 + 0.05 * place / len(chosen), "describing")
    return drafts
