"""The tool that evolves molecules to a specification, from nothing or from given molecules."""

from __future__ import annotations

from agent.errors import RepairableToolError
from agent.records import Constraint, Objective, Result, Value
from agent.tools import FilePath, empty, ok, progress, tool
from agent.units import counted

MOST_CALLS = 20_000
"""Molecules that one call may score."""

MOST = 500
"""Molecules that one call may return."""

BREADTH, SPREAD = 0.6, 6.0
"""Share of the parents drawn among the best of each scaffold, and how much likeness to the best found counts against a
candidate: both so that the result is diverse.
"""


@tool("chemistry", engines=("rdkit",), seconds=900)
def evolve_molecules(
    objectives: list[Objective] = [],
    constraints: list[Constraint] = [],
    start: list[str] = [],
    budget: int = 2000,
    count: int = 50,
    random_seed: int = 0,
    keep: list[str] = [],
    avoid: list[str] = [],
    elements: list[str] = [],
    free_of: list[str] = [],
    shape_like: list[str] = [],
    measured: FilePath = "",
    measured_column: str = "",
    resume: FilePath = "",
) -> Result:
    """Evolve molecules towards objectives under constraints, from nothing or from given molecules.

    A genetic algorithm on molecular graphs (crossover, changes of atoms, bonds, rings, substituents and linkers) whose
    offspring a Gaussian process sifts before they are scored. The score is a desirability: first every rule and
    constraint is to be met, then the objectives are pushed. Unlike the design of analogues, the result need not
    resemble the start. What comes back meets every rule and constraint, is free of unstable motifs, and is chosen for
    score and diversity. The search is repeatable. It works on flat structures: the stereocentres and double bonds of
    given start molecules keep their arrangement where their surroundings are unchanged; the others are left open, and
    each candidate says how many. Properties are computed or estimated, not measured.

    Args:
        objectives: Quantities to push up, down or to a target: those of RDKit, the ADMET endpoints (much slower),
            ``shape_similarity`` (with shape_like) and ``predicted`` (with measured); none: QED up, SA score down.
        constraints: Bounds on the same quantities; a range is a bound of both sides. ``similarity`` refers to the
            first start molecule.
        start: Molecules to begin with, as SMILES or InChI; none: the measured ones, else approved drugs that installed
            packages ship, else a few small molecules.
        budget: Molecules to score at most, 50 to 20000; more give better results.
        count: How many molecules are wanted, 1 to 500.
        random_seed: The same number gives the same result.
        keep: Substructures that every molecule must have, as SMARTS or group names (sulfonamide).
        avoid: Substructures that no molecule may have, as SMARTS or group names.
        elements: Elements that may occur (C, N, O; hydrogen always may) and limits (F<=3, Cl=0, S>=1).
        free_of: Alert catalogues that nothing may match: PAINS, BRENK, NIH, ZINC, BMS, DUNDEE, GLAXO, INPHARMATICA,
            LINT, MLSMR, SURECHEMBL.
        shape_like: Reference molecules for ``shape_similarity`` (conformers; USRCAT).
        measured: CSV file of measured molecules (a column smiles and one of numbers), from which a model of
            ``predicted`` is fitted; molecules outside its domain of applicability do not count as predicted.
        measured_column: The column of the measured values, if there are several.
        resume: The file search-state.json of an earlier call with the same arguments but a smaller budget: go on.

    Returns:
        Data: smiles (chosen, best first), scores (their desirabilities), scored (molecules), qualified (those that meet
        everything), history (scored molecules, best score, qualified so far), failures (rules and constraints by how
        many molecules break them), binding (the one that stands in the way), nearest (the nearest misses, when nothing
        qualifies), model (of the measured values: rows used and skipped, cross-validated error), unchecked (quantities
        that other tools have to estimate). Candidates with all descriptors and the labels scaffold, front (1: not
        dominated in the objectives), open_stereocentres, kept_stereocentres, domain. Figures of the desirability curves
        and of the front.

    Source:
        Graph crossover: Jensen, Chem. Sci. 2019, 10, 3567. Parent sampling: Tripp and Hernández-Lobato 2023.
        Desirability: Derringer and Suich, J. Qual. Technol. 1980, 12, 214. Shape: Schreyer and Blundell, J. Cheminf.
        2012, 4, 27. The operators and the sifting are this project's own.
    """
    from agent.tools.molecules.evolution.order import place_order
    from agent.tools.molecules.evolution.outcome import Outcome
    from agent.tools.molecules.requirements import nothing_in_words, read_requirements
    from agent.tools.molecules.specification.contradictions import contradiction
    from agent.tools.molecules.specification.rules import read_rules

    if not 1 <= count <= MOST:
        raise RepairableToolError(f"count: {count} molecules cannot be asked for.", remedy=f"Ask for 1 to {MOST}.")
    if not 50 <= budget <= MOST_CALLS:
        raise RepairableToolError(
            f"budget: {budget} molecules cannot be scored.", remedy=f"Give a number from 50 to {MOST_CALLS}."
        )
    rules = read_rules(keep, avoid, elements, free_of)
    kept, avoided = ({item.name: item.query for item in rules.patterns if item.wanted is way} for way in (True, False))
    if proven := contradiction(read_requirements(constraints).bounds, kept, avoided):
        return empty(f"No molecule can meet this specification: {proven}.", data={"smiles": [], "impossible": proven})
    order = place_order(
        objectives=objectives,
        constraints=constraints,
        rules=rules,
        start=start,
        shape_like=shape_like,
        measured=measured,
        measured_column=measured_column,
    )
    archive = order.search(budget, random_seed, resume, breadth=BREADTH, spread=SPREAD)
    outcome = Outcome(order, archive)
    data = outcome.data()
    if not outcome.qualified:
        return empty(
            nothing_in_words(f"{len(archive)} molecules scored", order.asked, data["binding"], data["nearest"]),
            data=data,
            warnings=order.warnings,
        )
    chosen = outcome.choose(count)
    flat = [smiles for smiles, _ in chosen]
    data["smiles"] = [outcome.arranged(smiles)[0] for smiles in flat]
    data["scores"] = [round(value, 4) for _, value in chosen]
    warnings = [*order.warnings, *outcome.kept(flat)]
    if len(chosen) < count:
        warnings.append(f"only {len(chosen)} of the {counted(count, 'molecule')} asked for could be found")
    progress(0.95, "describing")
    return ok(
        f"{counted(len(chosen), 'molecule')} {'meets' if len(chosen) == 1 else 'meet'} every constraint "
        f"({order.asked}); {len(archive)} were scored and "
        f"{len(outcome.qualified)} qualified.",
        values=(
            Value(name="scored", value=len(archive)),
            Value(name="qualified", value=len(outcome.qualified)),
            Value(name="best_score", value=outcome.qualified[0][1]),
        ),
        data=data,
        candidates=outcome.drafts(flat),
        artifacts=outcome.artifacts(flat),
        warnings=warnings,
    )
