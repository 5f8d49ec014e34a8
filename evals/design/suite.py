"""The suite ``design``: oracle calls to a hundred feasible molecules, against a plain graph genetic algorithm.

For each specification both searches begin with the same drugs, score with the same function, and refuse the same
molecules: odd motifs and, where enough drugs meet the rules on the structure, what breaks those rules. A molecule that
is scored is a call. Ours goes on until the hundred that it returns are diverse, and all its calls count. What it
returns is judged anew with RDKit alone, by `evals.design.judge`. The headline is the geometric mean of the ratios of
calls, reference to ours; where the reference gives up at its budget, the calls for each feasible molecule are compared.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.errors import InputError
from evals.design.reference import graph_genetic_algorithm
from evals.design.specifications import SPECIFICATIONS, Specification
from evals.suite import Options, Scores

if TYPE_CHECKING:
    from agent.tools.molecules.evolution.order import Order

WANTED = 100
"""Feasible molecules that are to be found."""

DIVERSE = 0.72
"""Internal diversity of the hundred at which our search ends; the figure that is asked for is 0.7."""

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
    """

    calls: int
    found: int
    feasible: float
    diversity: float
    reference_calls: int
    reference_found: int

    @property
    def ratio(self) -> float:
        """How many times fewer calls: calls for each feasible molecule where one of the two did not find enough."""
        ours = self.calls / max(min(self.found, WANTED), 1)
        theirs = self.reference_calls / max(min(self.reference_found, WANTED), 1)
        return theirs / ours


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
    outcomes: list[Outcome] = []
    for specification in chosen:
        runs = [measure(specification, seed) for seed in range(options.seeds or 1)]
        outcomes += runs
        name = specification.name
        scores[f"{name}: calls"] = statistics.fmean(run.calls for run in runs)
        scores[f"{name}: reference calls"] = statistics.fmean(run.reference_calls for run in runs)
        scores[f"{name}: reference found"] = statistics.fmean(run.reference_found for run in runs)
        scores[f"{name}: times fewer"] = statistics.geometric_mean([run.ratio for run in runs])
        options.tell(
            f"{name}: {runs[0].calls} calls for {runs[0].found}, reference {runs[0].reference_calls} for "
            f"{runs[0].reference_found}; diversity {runs[0].diversity:.2f}, feasible {runs[0].feasible:.0%}"
        )
    headline = statistics.geometric_mean([outcome.ratio for outcome in outcomes])
    scores |= {
        "share of returned molecules that meet everything": statistics.fmean(run.feasible for run in outcomes),
        "internal diversity (mean)": statistics.fmean(run.diversity for run in outcomes),
        "internal diversity (least)": min(run.diversity for run in outcomes),
        "times fewer (least)": min(run.ratio for run in outcomes),
    }
    return Scores(score=headline, scores=scores, n=len(outcomes))


def measure(specification: Specification, seed: int, budgets: tuple[int, int] = (BUDGET, REFERENCE_BUDGET)) -> Outcome:
    """Run both searches on one specification.

    Args:
        specification: What is wanted.
        seed: Of both searches.
        budgets: Most calls, ours and the reference's.
    """
    from agent.tools.molecules.evolution.optimiser import optimise
    from agent.tools.molecules.evolution.outcome import Outcome as Chosen
    from agent.tools.molecules.evolution.tool import BREADTH, SPREAD
    from evals.design.judge import diversity, meets

    order = _order(specification)
    archive, found, returned = None, 0, []
    for budget in range(100, budgets[0] + 1, 100):
        archive = optimise(
            order.score,
            budget=budget,
            seed=seed,
            start=order.begin,
            usual=order.ordinary,
            admit=order.admit(),
            breadth=BREADTH,
            spread=SPREAD,
            state=archive.snapshot() if archive is not None else None,
        )
        found = sum(map(order.score.met, archive.smiles))
        returned = [smiles for smiles, _ in Chosen(order, archive).choose(WANTED)] if found else []
        if found >= WANTED and diversity(returned) >= DIVERSE:
            break
    assert archive is not None
    other = _order(specification).score
    reference = graph_genetic_algorithm(
        other,
        budget=budgets[1],
        seed=seed,
        start=order.begin,
        stop=lambda: sum(map(other.met, other.gaps)) >= WANTED,
        admit=order.admit(),
    )
    return Outcome(
        calls=len(archive),
        found=found,
        feasible=sum(meets(smiles, specification) for smiles in returned) / max(len(returned), 1),
        diversity=diversity(returned),
        reference_calls=_hundredth(list(map(other.met, other.gaps)), reference),
        reference_found=sum(map(other.met, other.gaps)),
    )


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
