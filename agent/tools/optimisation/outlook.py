"""What going on may bring, and which factors matter: read off the surrogate that made a choice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agent.tools.optimisation.engine import Choice
from agent.tools.optimisation.pareto import boxes, hypervolume, reference_point
from agent.tools.optimisation.surrogate import Posterior, squared_distances
from agent.tools.optimisation.transfer import Ensemble

PROMISING = 300
"""So many rows with the highest optimistic scores are drawn together."""
SETTINGS = 200
"""Rows among which a factor's settings are exchanged."""


def improvement_chance(
    choice: Choice, blocks: list[np.ndarray], free: np.ndarray, outcomes: np.ndarray, margin: float, seed: int = 0
) -> float:
    """Probability that an untested row is better than what is known by more than a margin.

    Estimated from joint draws over the most promising rows. With several objectives a row is better if it adds more
    than the margin, as a share, to the hypervolume of the front.

    Args:
        choice: A choice with beliefs.
        blocks: The pool.
        free: Untested rows, a mask.
        outcomes: Measured scores, shape (n, objectives), NaN for failed tests.
        margin: In the score's unit; with several objectives a share.
        seed: Seed of the draws.
    """
    rows = np.flatnonzero(free)
    if not len(rows):
        return 0.0
    hope = sum(belief.mean[rows] + 2 * np.sqrt(belief.variance[rows]) for belief in choice.beliefs)
    rows = rows[np.argsort(-np.asarray(hope), kind="stable")[:PROMISING]]
    rng = np.random.default_rng(seed)
    single = len(choice.beliefs) == 1
    drawn = [_joint(belief, blocks, rows, 2000 if single else 200, rng) for belief in choice.beliefs]
    if single:
        best = float(np.nanmax(outcomes))
        return float((drawn[0].max(axis=1) > choice.warps[0].forward(best + margin)).mean())
    measured = outcomes[np.isfinite(outcomes).all(axis=1)]
    known = np.column_stack(
        [[warp.forward(float(one)) for one in column] for warp, column in zip(choice.warps, measured.T, strict=True)]
    )
    reference = reference_point(known)
    volume, region = hypervolume(known, reference), boxes(known, reference)
    better = [
        region.added(np.column_stack([one[place] for one in drawn])).max() > margin * volume for place in range(200)
    ]
    return float(np.mean(better))


def relevance(
    belief: Posterior | Ensemble, blocks: list[np.ndarray], tested: Sequence[int], seed: int = 0
) -> np.ndarray:
    """Share of the predicted differences that each factor makes, shape (factors,).

    The total-effect index of each factor, scaled to sum to one, over pairs of rows of the pool that exchange the
    factor's setting.

    Source: Jansen, "Analysis of variance designs for model output" (1999).
    """
    rng = np.random.default_rng(seed)
    own = _own(belief)
    rows = rng.permutation(len(blocks[0]))[: 2 * SETTINGS]
    first, second = np.array_split(rows, 2)
    first, second = first[: len(second)], second[: len(first)]
    if own is None or not len(first):
        return np.full(len(blocks), 1 / len(blocks))
    here = [block[first] for block in blocks]
    before = own.predict(_away(here, blocks, tested))
    effects = []
    for place, block in enumerate(blocks):
        moved = [*here[:place], block[second], *here[place + 1 :]]
        effects.append(float(((own.predict(_away(moved, blocks, tested)) - before) ** 2).mean()))
    total = sum(effects)
    return np.asarray(effects) / total if total > 0 else np.full(len(blocks), 1 / len(blocks))


def drivers(
    belief: Posterior | Ensemble, blocks: list[np.ndarray], tested: Sequence[int], row: int, other: int
) -> np.ndarray:
    """How much higher each factor's setting makes a row's predicted mean than another row's setting would.

    Args:
        belief: The surrogate.
        blocks: The pool.
        tested: The tested rows.
        row: The row to explain.
        other: The row to compare with, such as the best tested one.

    Returns:
        In warped scores, shape (factors,).
    """
    own = _own(belief)
    if own is None:
        return np.zeros(len(blocks))
    places = range(len(blocks))
    exchanged = [
        np.stack([block[row], *(block[other if place == factor else row] for factor in places)])
        for place, block in enumerate(blocks)
    ]
    means = own.predict(_away(exchanged, blocks, tested))
    return means[0] - means[1:]


def _own(belief: Posterior | Ensemble) -> Posterior | None:
    """The surrogate of this campaign's own results."""
    if isinstance(belief, Posterior):
        return belief
    _, columns, last = belief.members[-1]
    return last if columns is None else None


def _away(points: list[np.ndarray], blocks: list[np.ndarray], tested: Sequence[int]) -> np.ndarray:
    return squared_distances(points, [block[list(tested)] for block in blocks])


def _joint(
    belief: Posterior | Ensemble, blocks: list[np.ndarray], rows: np.ndarray, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Joint draws of some rows, shape (draws, rows)."""
    covariance = belief.covariance(blocks, rows)
    covariance[np.diag_indices(len(rows))] += 1e-6
    try:
        lower = np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(covariance)
        lower = vectors * np.sqrt(np.clip(values, 0, None))
    return belief.mean[rows] + rng.standard_normal((draws, len(rows))) @ lower.T
