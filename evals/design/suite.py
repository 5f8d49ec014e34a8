"""The suite ``design``: oracle calls to a hundred feasible molecules, against a plain graph genetic algorithm.

For each specification both searches begin with the same drugs, score with the same function, and are refused the same
molecules: odd motifs and, where enough drugs meet the rules on the structure, what breaks those rules. A molecule that
is scored is a call. Both go on until a hundred feasible molecules with an internal diversity of `DIVERSE` can be
chosen, by the same chooser, among what they scored, and all calls count. What ours returns is judged anew with RDKit
alone, by `evals.design.judge`. The headline is the geometric mean of the ratios of calls, reference to ours; where one
gives up at its budget, its calls count for the share of the hundred that it found. The ratio to the hundredth feasible
molecule of the reference, diverse or not, is told beside it.
"""

from __future__ import annotations

import statistics
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.errors import InputError
from evals.design.reference import graph_genetic_algorithm
from evals.design.specifications import SPECIFICATIONS, Specification
from evals.parallel import mapped
from evals.suite import Options, Scores

if TYPE_CHECKING:
    from agent.tools.molecules.evolution.archive import Archive
    from agent.tools.molecules.evolution.order import Order

WANTED = 100
"""Feasible molecules that are to be found."""

DIVERSE = 0.7
"""Internal diversity of the hundred at which a search ends."""

BUDGET = 3000
"""Most calls of our search."""

REFERENCE_BUDGET = 10_000
"""Most calls of the reference."""


@dataclass(frozen=True)
class Outcome:
    """One specification.

    Attributes:
        calls: Our calls, until `WANTED` feasible and diverse molecules were found or the budget was spent.
        found: Feasible molecules among them.
        feasible: Share of the returned molecules that meet everything, as judged independently.
        diversity: Mean Tanimoto distance of two returned molecules.
        reference_calls: The reference's calls.
        reference_found: Its feasible molecules.
        reference_diversity: Of its hundred.
        hundredth: The reference's calls to its hundredth feasible molecule, diverse or not.
    """

    calls: int
    found: int
    feasible: float
    diversity: float
    reference_calls: int
    reference_found: int
    reference_diversity: float
    hundredth: int

    @property
    def ratio(self) -> float:
        """How many times fewer calls: calls for each feasible molecule where one of the two did not find enough."""
        return self._ratio(self.reference_calls)

    @property
    def plain_ratio(self) -> float:
        """The same, where the reference need not be diverse."""
        return self._ratio(self.hundredth)

    def _ratio(self, calls: int) -> float:
        ours = self.calls / max(min(self.found, WANTED), 1)
        return calls / max(min(self.reference_found, WANTED), 1) / ours


def evaluate(options: Options) -> Scores:
    """The suite ``design``.

    Args:
        options: ``limit`` is the number of specifications, ``seeds`` the repetitions of each.

    Raises:
        InputError: There is nothing to run.
    """
    chosen = SPECIFICATIONS[: options.limit]
    if not chosen:
        raise InputError("The suite design has no specification to run.", remedy="Give a limit of at least 1.")
    scores: dict[str, float] = {}
    seeds = range(options.seeds or 1)
    tasks = [(specification, seed) for specification in chosen for seed in seeds]
    outcomes: list[Outcome] = []
    for task, outcome in zip(tasks, mapped(_measured, tasks, options.workers), strict=True):
        outcomes.append(outcome)
        options.tell(_line(task[0], outcome))
    for place, specification in enumerate(chosen):
        runs = outcomes[place * len(seeds) : (place + 1) * len(seeds)]
        name = specification.name
        scores[f"{name}: calls"] = statistics.fmean(run.calls for run in runs)
        scores[f"{name}: reference calls"] = statistics.fmean(run.reference_calls for run in runs)
        scores[f"{name}: reference found"] = statistics.fmean(run.reference_found for run in runs)
        scores[f"{name}: times fewer"] = statistics.geometric_mean([run.ratio for run in runs])
    headline = statistics.geometric_mean([outcome.ratio for outcome in outcomes])
    scores |= {
        "share of returned molecules that meet everything": statistics.fmean(run.feasible for run in outcomes),
        "internal diversity (mean)": statistics.fmean(run.diversity for run in outcomes),
        "internal diversity (least)": min(run.diversity for run in outcomes),
        "times fewer (least)": min(run.ratio for run in outcomes),
        "times fewer than a reference that need not be diverse": statistics.geometric_mean(
            [run.plain_ratio for run in outcomes]
        ),
    }
    return Scores(score=headline, scores=scores, n=len(outcomes))


class _Enough(Exception):
    """Ends a search that has what it needs."""


def _measured(task: tuple[Specification, int]) -> Outcome:
    return measure(*task)


def _line(specification: Specification, run: Outcome) -> str:
    return (
        f"{specification.name}: {run.calls} calls for {run.found}, diversity {run.diversity:.3f}, feasible "
        f"{run.feasible:.0%}; reference {run.reference_calls} calls for {run.reference_found}, diversity "
        f"{run.reference_diversity:.3f} (hundredth at {run.hundredth})"
    )


def measure(specification: Specification, seed: int, budgets: tuple[int, int] = (BUDGET, REFERENCE_BUDGET)) -> Outcome:
    """Run both searches on one specification.

    Args:
        specification: What is wanted.
        seed: Of both searches.
        budgets: Most calls, ours and the reference's.
    """
    from agent.tools.molecules.evolution.archive import Archive
    from agent.tools.molecules.evolution.optimiser import optimise
    from agent.tools.molecules.evolution.tool import BREADTH, SPREAD
    from evals.design.judge import diversity, meets

    order = _order(specification)
    sift = order.sift()
    archive, returned = Archive(), []

    def look(_: int, scored: Archive) -> None:
        nonlocal archive, returned
        archive, last = scored, len(scored) >= budgets[0]
        if last or sum(map(order.score.met, scored.smiles)) >= WANTED:
            returned = _returned(order, scored)
            if len(returned) >= WANTED and diversity(returned) >= DIVERSE:
                raise _Enough

    with suppress(_Enough):
        optimise(
            order.score,
            budget=budgets[0],
            seed=seed,
            start=order.begin,
            usual=order.ordinary,
            admit=sift,
            on_progress=look,
            breadth=BREADTH,
            spread=SPREAD,
        )
    other = _order(specification)
    asked = {"met": 0}

    def enough() -> bool:
        met = sum(map(other.score.met, other.score.gaps))
        if met < WANTED or met == asked["met"]:
            return False
        asked["met"] = met
        return diversity(_returned(other, _as_archive(other))) >= DIVERSE

    reference = graph_genetic_algorithm(
        other.score, budget=budgets[1], seed=seed, start=other.begin, stop=enough, admit=other.admit()
    )
    good = list(map(other.score.met, other.score.gaps))
    return Outcome(
        calls=len(archive),
        found=sum(map(order.score.met, archive.smiles)),
        feasible=sum(meets(smiles, specification) for smiles in returned) / max(len(returned), 1),
        diversity=diversity(returned),
        reference_calls=reference,
        reference_found=sum(good),
        reference_diversity=diversity(_returned(other, _as_archive(other))),
        hundredth=_hundredth(good, reference),
    )


def _returned(order: Order, archive: Archive) -> list[str]:
    """What is chosen of a search, as the tool chooses."""
    from agent.tools.molecules.evolution.outcome import Outcome as Chosen

    return [smiles for smiles, _ in Chosen(order, archive).choose(WANTED)]


def _as_archive(order: Order) -> Archive:
    """What the reference scored, feasible, as the chooser takes it."""
    from rdkit import Chem

    from agent.tools.molecules.evolution.archive import Archive, niche

    archive = Archive()
    good = [smiles for smiles in order.score.gaps if order.score.met(smiles)]
    for smiles, value in zip(good, order.score(good) if good else (), strict=True):
        archive.add(smiles, value, niche(Chem.MolFromSmiles(smiles)))
    return archive


def _hundredth(met: list[bool], spent: int) -> int:
    """The call that brought the last feasible molecule wanted; all of them, if there are fewer."""
    places = [place for place, good in enumerate(met, start=1) if good]
    return places[WANTED - 1] if len(places) >= WANTED else spent


def _order(specification: Specification) -> Order:
    from agent.records import Constraint
    from agent.tools.molecules.evolution.order import place_order
    from agent.tools.molecules.specification.rules import read_rules
    from agent.vocabulary import by_key

    constraints = [
        Constraint(quantity=key, relation="between", low=low, high=high, unit=by_key()[key].unit)
        for key, (low, high) in specification.bounds.items()
    ]
    return place_order(
        objectives=[],
        constraints=constraints,
        rules=read_rules(specification.keep, specification.avoid, specification.elements, specification.free_of),
        start=[specification.like] if specification.like else [],
        shape_like=[],
        measured="",
        measured_column="",
    )
