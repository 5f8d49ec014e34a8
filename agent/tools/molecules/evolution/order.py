"""An order for molecules: everything that a call of the tool asks for, read and ready to be searched for."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import RepairableToolError
from agent.records import Constraint, Objective
from agent.tools import progress
from agent.tools.molecules.specification.rules import Rules

if TYPE_CHECKING:
    from rdkit.Chem import Mol

    from agent.tools.molecules.evolution.archive import Archive
    from agent.tools.molecules.evolution.desirability import Desirability, Source
    from agent.tools.molecules.specification.measured import MeasuredModel, Measurements

_LEAST_WITHIN, _MOST_WITHIN = 12, 300
"""Start molecules that have to meet every rule for the search to stay among such, and how many are taken."""

_SAMPLE = 100
"""Ordinary molecules that set the scale of an objective."""


@dataclass
class Order:
    """What is searched for, and where the search begins.

    Attributes:
        score: The specification as a score.
        begin: Start molecules.
        ordinary: Molecules whose environments are usual.
        given: The start molecules that the caller gave.
        asked: The specification in one line.
        warnings: What the reader should know.
        model: The model of the measured values, if there are any.
        table: The measured values.
        history: Scored molecules, best score and qualified ones, after each round.
        strict: Whether nothing is scored that breaks a rule, because enough start molecules meet them all.
    """

    score: Desirability
    begin: list[str]
    ordinary: list[str]
    given: list[Mol]
    asked: str
    warnings: list[str]
    model: MeasuredModel | None = None
    table: Measurements | None = None
    history: list[list[float]] = field(default_factory=list)
    strict: bool = False

    def admit(self) -> Callable[[Mol], bool]:
        """Refuses molecules that are not worth scoring: odd motifs, and broken rules where the order is strict."""
        plain, rules = without_odd_motifs(self.given), self.score.rules
        return (lambda mol: rules.met(mol) and plain(mol)) if self.strict else plain

    def sift(self) -> Callable[[Mol], bool]:
        """As `admit`, and besides refuses molecules that what was scored gives little chance of meeting the bounds."""
        from agent.tools.molecules.evolution.foresight import Foresight

        return Foresight(self.score, self.admit())

    def search(self, budget: int, random_seed: int, resume: str, *, breadth: float, spread: float) -> Archive:
        """Search.

        Args:
            budget: Molecules to score, those of an earlier part included.
            random_seed: The search's seed.
            resume: File with the state of an earlier part; empty for none.
            breadth: Share of the parents drawn among the best of each scaffold.
            spread: How much likeness to the best so far counts against a candidate.
        """
        from agent.tools.molecules.evolution.optimiser import optimise

        state = self._state(resume, budget) if resume else None
        qualified = seen = 0

        def report(calls: int, archive: Archive) -> None:
            nonlocal qualified, seen
            qualified += sum(self.score.met(smiles) for smiles in archive.smiles[seen:])
            seen = len(archive)
            best = archive.top(1)[0][1]
            self.history.append([calls, round(best, 4), qualified])
            progress(0.95 * calls / budget, f"{calls} scored, {qualified} qualify, best {best:.2f}")

        return optimise(
            self.score,
            budget=budget,
            seed=random_seed,
            start=self.begin,
            usual=self.ordinary,
            on_progress=report,
            admit=self.sift(),
            state=state,
            breadth=breadth,
            spread=spread,
        )

    def _state(self, path: str, budget: int) -> dict[str, Any]:
        """The state of an earlier part of the search; what it scored is judged anew, so that a reader sees its values.

        Raises:
            RepairableToolError: The file is no state, or of another search.
        """
        try:
            state = json.loads(Path(path).read_text(encoding="utf-8"))
            smiles, scores = list(state["smiles"]), list(state["scores"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RepairableToolError(
                f"resume: '{path}' is not the state of a search ({type(error).__name__}).",
                remedy="Give the file search-state.json that an earlier call left.",
            ) from error
        if len(smiles) >= budget:
            raise RepairableToolError(
                f"resume: {len(smiles)} molecules were scored already; the budget is {budget}.",
                remedy="Give a larger budget.",
            )
        again = self.score(smiles)
        if any(abs(new - old) > 1e-6 for new, old in zip(again, scores, strict=True)):
            raise RepairableToolError(
                f"resume: '{path}' belongs to another specification: its scores differ.",
                remedy="Give the same objectives, constraints and rules as in the earlier call.",
            )
        return state


def place_order(
    *,
    objectives: Sequence[Objective],
    constraints: Sequence[Constraint],
    rules: Rules,
    start: Sequence[str],
    shape_like: Sequence[str],
    measured: str,
    measured_column: str,
) -> Order:
    """Read what a call asks for (see the tool for the arguments).

    Raises:
        RepairableToolError: Something cannot be read, or a quantity is asked for without what it refers to.
    """
    from rdkit import Chem

    from agent.tools.molecules.admet_model import ENDPOINTS
    from agent.tools.molecules.evolution.desirability import desirability_of
    from agent.tools.molecules.evolution.optimiser import DEFAULT_START
    from agent.tools.molecules.references import drugs
    from agent.tools.molecules.requirements import read_requirements
    from agent.tools.molecules.structures import read_structure

    given = [read_structure(text, argument="start") for text in start]
    requirements = read_requirements(constraints, objectives, also=(*ENDPOINTS, "shape_similarity", "predicted"))
    asked_for = list(dict.fromkeys((*requirements.keys, *(item.quantity for item in requirements.objectives))))
    if not given and "similarity" in asked_for:
        raise RepairableToolError(
            "similarity: there is no start molecule that it could refer to.", remedy="Give one in 'start'."
        )
    for key, argument, there in (
        ("shape_similarity", "shape_like", bool(shape_like)),
        ("predicted", "measured", bool(measured)),
    ):
        if key in asked_for and not there:
            raise RepairableToolError(f"{key}: '{argument}' is not given.", remedy=f"Give '{argument}'.")
    warnings = [warning for item in given for warning in item.warnings]
    model, table = _model(measured, measured_column, warnings) if measured else (None, None)
    sources = _sources(asked_for, shape_like, model)
    ordinary = [drug.smiles for drug in drugs()] or list(DEFAULT_START)
    known = [Chem.MolToSmiles(mol) for mol in table.mols] if table is not None else []
    sample = [mol for mol in map(Chem.MolFromSmiles, ordinary[:: max(len(ordinary) // _SAMPLE, 1)]) if mol is not None]
    score = desirability_of(requirements, sample, given[0].mol if given else None, rules, sources)
    if requirements.unchecked:
        warnings.append(f"not computed here, to be estimated by other tools: {', '.join(requirements.unchecked)}")
    begin = [item.smiles for item in given] or known or ordinary
    chosen = _within(begin, rules)
    bounds = "; ".join(str(bound) for bound in requirements.bounds)
    return Order(
        score=score,
        begin=chosen or _with_groups(begin, rules) or begin,
        ordinary=[*ordinary, *known],
        given=[item.mol for item in given],
        asked="; ".join(part for part in (bounds, str(rules)) if part) or "no constraints",
        warnings=warnings,
        model=model,
        table=table,
        strict=bool(chosen),
    )


def _within(begin: Sequence[str], rules: Rules) -> list[str]:
    """The start molecules that meet every rule, if there are enough of them to search from; else none."""
    found = _meeting(begin, rules)
    return found if len(found) >= _LEAST_WITHIN else []


def _with_groups(begin: Sequence[str], rules: Rules) -> list[str]:
    """The start molecules that have every required group, or failing that, any of them: a search that begins with none
    has to come upon a group like a tetrazole by chance.
    """
    groups = rules.required
    return _meeting(begin, groups) or [
        text for pattern in groups.patterns for text in _meeting(begin, Rules((pattern,)))
    ]


def _meeting(begin: Sequence[str], rules: Rules) -> list[str]:
    """Start molecules that meet rules, in an order of chance, `_MOST_WITHIN` at most; none where there is no rule."""
    from rdkit import Chem

    from agent.tools.molecules.evolution.graphs import read_graph

    found: list[str] = []
    for text in random.Random(0).sample(list(begin), len(begin)) if rules else ():
        graph = read_graph(text)
        if graph is not None and rules.met(Chem.MolFromSmiles(graph.smiles)):
            found.append(graph.smiles)
        if len(found) == _MOST_WITHIN:
            break
    return found


def _model(path: str, column: str, warnings: list[str]) -> tuple[MeasuredModel, Measurements]:
    from agent.tools.molecules.specification.measured import MeasuredModel, read_measurements

    table = read_measurements(path, column)
    model = MeasuredModel(table)
    if table.skipped:
        shown = "; ".join(table.skipped[:5]) + ("; ..." if len(table.skipped) > 5 else "")
        warnings.append(f"{len(table.skipped)} rows of measurements were left out: {shown}")
    if model.explained < 0.3:
        warnings.append(
            f"the model of {model.name} explains {max(model.explained, 0):.0%} of the variance in cross-validation: "
            "its predictions say little"
        )
    return model, table


def _sources(asked_for: Sequence[str], shape_like: Sequence[str], model: MeasuredModel | None) -> list[Source]:
    from agent.tools.molecules.admet_model import ENDPOINTS
    from agent.tools.molecules.specification.estimates import AdmetEstimates
    from agent.tools.molecules.specification.shape import ShapeLikeness
    from agent.tools.molecules.structures import read_structure

    sources: list[Source] = []
    if model is not None:
        sources.append(model)
    if shape_like:
        sources.append(ShapeLikeness([read_structure(text, argument="shape_like").mol for text in shape_like]))
    if endpoints := [key for key in asked_for if key in ENDPOINTS]:
        sources.append(AdmetEstimates(endpoints))
    return sources


def without_odd_motifs(given: Sequence[Mol] = ()) -> Any:
    """Refuses molecules with an odd motif that no start molecule has.

    Args:
        given: The start molecules that the caller gave.

    Returns:
        A function of a sanitised molecule.
    """
    from rdkit import Chem
    from rdkit.Chem.FilterCatalog import FilterCatalog, FilterCatalogEntry, SmartsMatcher

    from agent.tools.molecules.motifs import ODD_MOTIFS

    motifs = FilterCatalog()
    for name, smarts in ODD_MOTIFS.items():
        pattern = Chem.MolFromSmarts(smarts)
        if not any(mol.HasSubstructMatch(pattern) for mol in given):
            motifs.AddEntry(FilterCatalogEntry(name, SmartsMatcher(name, pattern, 1)))
    return lambda mol: not motifs.HasMatch(mol)
