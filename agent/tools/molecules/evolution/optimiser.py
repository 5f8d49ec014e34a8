"""The optimiser: a genetic algorithm on molecular graphs whose offspring a Gaussian process sifts before scoring.

Each round makes a few dozen offspring of well-ranked molecules and of promising unscored ones, puts them into a pool
of candidates, and scores the few that the surrogate likes best, by upper confidence bounds of several widths. The
surrogate learns from every score; which kinds of edit are used follows their success. All randomness comes from one
seed, and the state is plain data, so that a search can be stopped and gone on with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from agent.errors import InputError
from agent.tools.molecules.evolution.archive import Archive
from agent.tools.molecules.evolution.search import BREADTH, DEFAULT_START, Oracle, Search

if TYPE_CHECKING:
    from rdkit.Chem import Mol

__all__ = ["DEFAULT_START", "optimise"]

Progress = Callable[[int, Archive], None]


def optimise(
    oracle: Oracle,
    *,
    budget: int,
    seed: int = 0,
    start: Sequence[str] | None = None,
    on_progress: Progress | None = None,
    state: dict[str, Any] | None = None,
    admit: Callable[[Mol], bool] | None = None,
    usual: Sequence[str] | None = None,
    breadth: float = BREADTH,
    spread: float = 0.0,
) -> Archive:
    """Search for molecules with high scores.

    Args:
        oracle: Scores a list of canonical SMILES (flat, neutral), higher being better; called in batches, never twice
            with the same molecule.
        budget: Most molecules that are scored, those of an earlier part of the search (``state``) included.
        seed: The same seed, start and oracle give the same search.
        start: Molecules that the search may begin with, in any number: some are scored at the beginning, further ones
            while all scores are alike. ``None``: a few small molecules.
        on_progress: Told after each round how many molecules were scored, and the archive.
        state: From `Archive.snapshot` of an earlier search with the same seed, start and oracle: go on from there.
            Taken between rounds (in ``on_progress``), it leads to the molecules that an uninterrupted search would
            score.
        admit: Refuses molecules that must not be made, whatever their score.
        usual: Molecules whose atom environments offspring are mostly to keep to (default: the start molecules); fewer
            than 500 are not taken to tell what is usual.
        breadth: Share of the parents that are drawn among the best of each scaffold; more gives a more diverse result.
        spread: How much a candidate's likeness to the best molecules so far counts against it, in standard deviations
            of the surrogate's prior; 0 where only the score matters.

    Returns:
        The archive of everything scored.

    Raises:
        InputError: No start molecule can be used, or the budget is below 1.
    """
    if budget < 1:
        raise InputError(f"A search needs a budget of at least 1 call, not {budget}.", remedy="Give a larger budget.")
    search = Search(oracle, seed=seed, start=start, admit=admit, usual=usual, breadth=breadth, spread=spread)
    if state is not None:
        search.restore(state)
    while len(search.archive) < budget:
        before = len(search.archive)
        search.round(budget - before)
        if on_progress is not None:
            on_progress(len(search.archive), search.archive)
        if len(search.archive) == before and search.idle > 50:
            break
    return search.archive
