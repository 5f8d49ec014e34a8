"""Learning from earlier campaigns: their surrogates and this one's, weighted by how well each ranks these results.

Every earlier campaign keeps a surrogate of its own over the factors that it shares with this one; only the order of its
predictions counts, so that another scale or offset does no harm. A source is weighted by how often a draw from it puts
this campaign's results in their right order better than all others do, this campaign's own surrogate (each result
predicted from the rest) included. A misleading source thus loses its weight with the first handful of results.

Source: Feurer, Letham, Hutter, Bakshy, "Practical transfer learning for Bayesian optimization" (2018), RGPE with
their guard against weight dilution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agent.tools.optimisation.surrogate import Posterior, fit, squared_distances, unpack
from agent.tools.optimisation.warping import fit_warp

DRAWS = 256
"""Draws of each surrogate that are ranked."""
CHANCE = 0.45
"""A source that typically misorders more than this share of the pairs knows nothing of this campaign."""
RANKABLE = 3
"""Results below which sources cannot be ranked: they count alike."""


@dataclass(frozen=True)
class Source:
    """Results of an earlier campaign, as far as they are about this one's factors.

    Attributes:
        name: Its name.
        columns: Which blocks of this campaign it shares.
        blocks: Its tested points in those blocks, each of shape (n, width).
        scores: Its results, more being better, shape (n, objectives).
    """

    name: str
    columns: tuple[int, ...]
    blocks: list[np.ndarray]
    scores: np.ndarray


class Ensemble:
    """Several surrogates as one: a weighted mean of their predictions.

    Args:
        members: Weights that sum to one, the blocks that a surrogate knows (``None``: all), and the surrogate. The
            last is this campaign's own, if there is one.

    Attributes:
        mean: Weighted mean of every row, shape (rows,).
        variance: Its variance, the surrogates being independent, shape (rows,).
    """

    def __init__(self, members: Sequence[tuple[float, tuple[int, ...] | None, Posterior]]) -> None:
        self.members = tuple(member for member in members if member[0] > 0)
        self._mix()

    @property
    def noise(self) -> float:
        """Variance of one measurement, as this campaign's own surrogate sees it."""
        return self.members[-1][2].noise

    def covariance(self, blocks: list[np.ndarray], rows: np.ndarray) -> np.ndarray:
        """Joint covariance of some rows, shape (k, k)."""
        return sum(
            (weight**2 * one.covariance(_some(blocks, columns), rows) for weight, columns, one in self.members),
            np.zeros((len(rows), len(rows))),
        )

    def believe(self, blocks: list[np.ndarray], row: int) -> None:
        """Take a row as measured at its predicted mean; see `Posterior.believe`."""
        for _, columns, one in self.members:
            one.believe(_some(blocks, columns), row)
        self._mix()

    def _mix(self) -> None:
        self.mean = sum((weight * one.mean for weight, _, one in self.members), np.zeros(1))
        self.variance = sum((weight**2 * one.variance for weight, _, one in self.members), np.zeros(1))


def source_beliefs(sources: Sequence[Source], blocks: list[np.ndarray], objective: int) -> list[Posterior | None]:
    """The surrogate of each source over this campaign's rows; ``None`` for one whose results are all the same."""
    beliefs: list[Posterior | None] = []
    for source in sources:
        scores = source.scores[:, objective]
        if len(np.unique(scores)) < 2:
            beliefs.append(None)
            continue
        outcomes, _ = fit_warp(scores)
        among = squared_distances(source.blocks, source.blocks)
        to_tested = squared_distances(_some(blocks, source.columns), source.blocks)
        beliefs.append(Posterior(to_tested, among, outcomes, unpack(fit(among, outcomes))))
    return beliefs


def mix(
    own: Posterior | None,
    beliefs: Sequence[Posterior | None],
    sources: Sequence[Source],
    blocks: list[np.ndarray],
    tested: Sequence[int],
    outcomes: np.ndarray,
    rng: np.random.Generator,
) -> tuple[Ensemble | None, dict[str, float]]:
    """Weigh the sources and this campaign's own surrogate.

    Args:
        own: This campaign's surrogate; ``None`` while it has none.
        beliefs: As `source_beliefs` gives them.
        sources: The sources.
        blocks: The pool.
        tested: Rows with a result, shape (n,).
        outcomes: Their standardised scores, shape (n,).
        rng: Where draws come from.

    Returns:
        The surrogates as one (``None`` if there is none), and the weight of every source by its name.
    """
    able = [place for place, belief in enumerate(beliefs) if belief is not None]
    weights = {source.name: 0.0 for source in sources}
    if not able:
        return (None if own is None else Ensemble([(1.0, None, own)])), weights
    if own is None or len(outcomes) < RANKABLE:
        shares = np.full(len(able), 1 / len(able))
    else:
        means, variances = own.left_out()
        losses = [_misordered(means + np.sqrt(variances) * rng.standard_normal((DRAWS, len(means))), outcomes)]
        for place in able:
            losses.append(_misordered(_draws(beliefs[place], sources[place], blocks, tested, rng), outcomes))
        pairs = float((outcomes[:, None] < outcomes[None, :]).sum())
        shares = _shares(np.stack(losses), pairs)[1:]
    members: list[tuple[float, tuple[int, ...] | None, Posterior]] = []
    for place, share in zip(able, shares, strict=True):
        belief = beliefs[place]
        assert belief is not None
        members.append((float(share), sources[place].columns, belief))
        weights[sources[place].name] = round(float(share), 3)
    if own is not None:
        # However good a source is, what was measured here keeps a say.
        members.append((1 - float(shares.sum()), None, own))
    return Ensemble(members), weights


def _shares(losses: np.ndarray, pairs: float) -> np.ndarray:
    """How often each row of losses, shape (surrogates, draws), is the least; the first row is this campaign's own.

    A source that is mostly worse than this campaign's own surrogate, or orders no better than chance, gets nothing.
    """
    typical = min(np.percentile(losses[0], 95), CHANCE * pairs)
    kept = np.array([True, *(np.median(row) <= typical for row in losses[1:])])
    judged = np.where(kept[:, None], losses, np.inf)
    least = judged == judged.min(axis=0)
    shares = (least / least.sum(axis=0)).mean(axis=1)
    floor = 1 / len(losses) if len(losses) < 4 else 0.25
    if shares[0] < floor:
        shares[1:] *= (1 - floor) / max(shares[1:].sum(), 1e-12)
        shares[0] = floor
    return shares


def _draws(
    belief: Posterior | None, source: Source, blocks: list[np.ndarray], tested: Sequence[int], rng: np.random.Generator
) -> np.ndarray:
    """Joint draws of a source at this campaign's tested rows, shape (draws, n)."""
    assert belief is not None
    rows = np.asarray(tested)
    values, vectors = np.linalg.eigh(belief.covariance(_some(blocks, source.columns), rows))
    spread = vectors * np.sqrt(np.clip(values, 0, None))
    return belief.mean[rows] + rng.standard_normal((DRAWS, len(rows))) @ spread.T


def _misordered(draws: np.ndarray, outcomes: np.ndarray) -> np.ndarray:
    """Pairs that each draw, shape (draws, n), puts in the wrong order, shape (draws,)."""
    right = outcomes[:, None] < outcomes[None, :]
    return np.stack([((draw[:, None] >= draw[None, :]) & right).sum() for draw in draws]).astype(float)


def _some(blocks: list[np.ndarray], columns: tuple[int, ...] | None) -> list[np.ndarray]:
    return blocks if columns is None else [blocks[column] for column in columns]
