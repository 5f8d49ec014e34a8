"""Choosing the next rows of a pool: what the command line, the agent's tool and the benchmarks all call.

First a spread design, then Gaussian processes of warped scores. With one objective the first slot of a batch asks for
the mean plus a standard deviation (it exploits what is known), the others for expected improvement (they explore);
with several, all ask for expected hypervolume improvement. Rows chosen before and rows that are still being measured
count as measured at their predicted mean.

Sources:
    Jones, Schonlau, Welch, "Efficient global optimization of expensive black-box functions" (1998).
    Srinivas, Krause, Kakade, Seeger, "Gaussian process optimization in the bandit setting" (2010).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from agent.tools.optimisation.acquisition import expected_improvement, log_expected_improvement
from agent.tools.optimisation.design import spread_rows
from agent.tools.optimisation.pareto import boxes, hypervolume, reference_point
from agent.tools.optimisation.surrogate import Posterior, fit, squared_distances, unpack
from agent.tools.optimisation.transfer import Ensemble, Source, mix, source_beliefs
from agent.tools.optimisation.warping import Warp, fit_warp

FIRST_DESIGN = 4
"""Tests before the surrogate is asked."""
LED = (0, 2)
"""Places in the first design that earlier campaigns choose: what a misleading one costs before it is found out."""
EXPLOITING = 1.0
"""Standard deviations added to the mean in exploiting slots."""
CHEAPER = 0.1
"""An exploiting slot takes the cheapest row whose worth is within so many standard deviations of the best."""


@dataclass(frozen=True)
class Choice:
    """Rows to test next, and why.

    Attributes:
        rows: Indices of the chosen rows, in the order in which they were chosen.
        reasons: ``spread``, ``earlier``, ``improvement``, ``exploit`` or ``front``, one a row.
        mean: Predicted scores of each chosen row, shape (k, objectives); NaN in a first design.
        deviation: Their standard deviations.
        gain: Expected improvement over the best score so far, shape (k,); with several objectives, of the
            hypervolume, as a share of what it is.
        beliefs: What is believed of all rows, in warped scores, one an objective; none in a first design.
        warps: How scores were warped, one an objective.
        theta: Fitted hyperparameters, one row an objective: a start for the next fit.
        weights: Weight of each earlier campaign.
    """

    rows: tuple[int, ...]
    reasons: tuple[str, ...]
    mean: np.ndarray
    deviation: np.ndarray
    gain: np.ndarray
    beliefs: tuple[Posterior | Ensemble, ...] = ()
    warps: tuple[Warp, ...] = ()
    theta: np.ndarray | None = None
    weights: dict[str, float] = field(default_factory=dict)


def choose_rows(
    blocks: list[np.ndarray],
    tested: Sequence[int],
    scores: np.ndarray,
    *,
    batch: int = 1,
    pending: Sequence[int] = (),
    available: np.ndarray | None = None,
    costs: np.ndarray | None = None,
    repeats: np.ndarray | None = None,
    sources: Sequence[Source] = (),
    seed: int = 0,
    start: np.ndarray | None = None,
    to_tested: np.ndarray | None = None,
) -> Choice:
    """Choose the rows of a pool that should be tested next; more is better.

    Args:
        blocks: The pool, one array of shape (rows, width) a factor, scaled as `encode` does.
        tested: Rows with a result, shape (n,).
        scores: Their scores, shape (n,) or (n, objectives); NaN for a failed test, which counts like the worst seen.
        batch: How many to choose; fewer come back when fewer are left.
        pending: Rows that are being tested.
        available: Rows that may be chosen, a mask of shape (rows,); all by default. Tested and pending rows never are.
        costs: Cost of each row, shape (rows,); with it, improvement per cost counts.
        repeats: How many measurements each result is the mean of, shape (n,); one by default.
        sources: Earlier campaigns.
        seed: Seed of everything random.
        start: Hyperparameters of an earlier choice, to begin the fit with.
        to_tested: Squared distances of all rows to the tested ones, if they are at hand, shape (factors, rows, n).

    Returns:
        The choice; no rows if none is available.
    """
    count = len(blocks[0])
    free = np.ones(count, dtype=bool) if available is None else np.array(available, dtype=bool)
    free[list(tested)] = False
    free[list(pending)] = False
    batch = min(batch, int(free.sum()))
    used = [*tested, *pending]
    outcomes = np.asarray(scores, dtype=float)
    outcomes = outcomes[:, None] if outcomes.ndim == 1 else outcomes
    rng = np.random.default_rng([seed, len(used)])
    measured = np.isfinite(outcomes).all(axis=1)
    if len(used) < FIRST_DESIGN or any(len(np.unique(column)) < 2 for column in outcomes[measured].T):
        return _first_design(blocks, used, free, batch, sources, rng)
    if to_tested is None:
        to_tested = squared_distances(blocks, [block[list(tested)] for block in blocks])
    beliefs: list[Posterior | Ensemble] = []
    warps: list[Warp] = []
    thetas: list[np.ndarray] = []
    standard: list[np.ndarray] = []
    weights: dict[str, list[float]] = {}
    among = to_tested[:, list(tested), :]
    for place, column in enumerate(outcomes.T):
        values, warp = fit_warp(fill_failures(column))
        theta = fit(among, values, None if start is None else start[place], repeats)
        belief: Posterior | Ensemble = Posterior(to_tested, among, values, unpack(theta), repeats)
        if sources:
            mixed, shares = mix(belief, source_beliefs(sources, blocks, place), sources, blocks, tested, values, rng)
            belief = mixed or belief
            for name, share in shares.items():
                weights.setdefault(name, []).append(share)
        for row in pending:
            belief.believe(blocks, row)
        beliefs.append(belief)
        warps.append(warp)
        thetas.append(theta)
        standard.append(values)
    if len(beliefs) == 1:
        rows, reasons, deviations, gains = _best(
            beliefs[0], blocks, standard[0], batch, pending, free, costs, len(used)
        )
        gains = gains * warps[0].spread
        deviations = deviations[:, None]
    else:
        rows, deviations, gains = _front(beliefs, blocks, np.column_stack(standard), batch, pending, free, costs)
        reasons = ["front"] * len(rows)
    means = np.column_stack([belief.mean[rows] for belief in beliefs])
    return Choice(
        tuple(rows),
        tuple(reasons),
        np.column_stack([warp.backward(means[:, place]) for place, warp in enumerate(warps)]).reshape(means.shape),
        np.column_stack(
            [
                (warp.backward(mean + deviation) - warp.backward(mean - deviation)) / 2
                for warp, mean, deviation in zip(warps, means.T, deviations.T, strict=True)
            ]
        ).reshape(means.shape),
        gains,
        tuple(beliefs),
        tuple(warps),
        np.stack(thetas),
        {name: float(np.mean(shares)) for name, shares in weights.items()},
    )


def _first_design(
    blocks: list[np.ndarray],
    used: list[int],
    free: np.ndarray,
    batch: int,
    sources: Sequence[Source],
    rng: np.random.Generator,
) -> Choice:
    """Rows far from each other; with earlier campaigns, the first and third are where they promise most."""
    hope = np.zeros(len(free))
    weights: dict[str, float] = {}
    for objective in range(sources[0].scores.shape[1] if sources else 0):
        mixed, weights = mix(None, source_beliefs(sources, blocks, objective), sources, blocks, (), np.empty(0), rng)
        hope = hope + (mixed.mean + EXPLOITING * np.sqrt(mixed.variance) if mixed else 0.0)
    rows: list[int] = []
    reasons: list[str] = []
    for place in range(batch):
        left = free.copy()
        left[rows] = False
        if np.ptp(hope) > 0 and len(used) + place in LED:
            rows.append(int(np.argmax(np.where(left, hope, -np.inf))))
            reasons.append("earlier")
        elif sources:
            rows += spread_rows(blocks, [*used, *rows], left, 1, rng)
            reasons.append("spread")
    if not sources:
        rows = spread_rows(blocks, used, free, batch, rng)
        reasons = ["spread"] * len(rows)
    nothing = np.full((len(rows), 1), np.nan)
    return Choice(tuple(rows), tuple(reasons), nothing, nothing, nothing[:, 0], weights=weights)


def _best(
    belief: Posterior | Ensemble,
    blocks: list[np.ndarray],
    outcomes: np.ndarray,
    batch: int,
    pending: Sequence[int],
    free: np.ndarray,
    costs: np.ndarray | None,
    used: int,
) -> tuple[list[int], list[str], np.ndarray, np.ndarray]:
    """Rows for one objective, their reasons, standard deviations and expected improvements (standardised)."""
    free = free.copy()
    best = float(outcomes.max())
    # What is shown to people refers to the best result itself; the believer's best moves with the batch.
    gains = expected_improvement(belief.mean, np.sqrt(belief.variance), best)
    believed = max([best, *(float(belief.mean[row]) for row in pending)])
    rows: list[int] = []
    reasons: list[str] = []
    deviations: list[float] = []
    for _ in range(batch):
        deviation = np.sqrt(belief.variance)
        # Single experiments whose costs differ exploit and explore in turns.
        exploit = not rows and (costs is None or batch > 1 or used % 2 == 0)
        if exploit:
            worth = np.where(free, belief.mean + EXPLOITING * deviation, -np.inf)
            if costs is not None:
                worth = np.where(worth >= worth.max() - CHEAPER, -costs, -np.inf)
        else:
            worth = log_expected_improvement(belief.mean, deviation, believed)
            worth = np.where(free, worth if costs is None else worth - np.log(costs), -np.inf)
        row = int(np.argmax(worth))
        rows.append(row)
        reasons.append("exploit" if exploit else "improvement")
        deviations.append(float(deviation[row]))
        free[row] = False
        if len(rows) < batch:
            belief.believe(blocks, row)
            believed = max(believed, float(belief.mean[row]))
    return rows, reasons, np.asarray(deviations), gains[rows]


def _front(
    beliefs: Sequence[Posterior | Ensemble],
    blocks: list[np.ndarray],
    outcomes: np.ndarray,
    batch: int,
    pending: Sequence[int],
    free: np.ndarray,
    costs: np.ndarray | None,
) -> tuple[list[int], np.ndarray, np.ndarray]:
    """Rows for several objectives, their standard deviations, and the share that each adds to the hypervolume."""
    free = free.copy()
    reference = reference_point(outcomes)
    volume = hypervolume(outcomes, reference)
    means = np.column_stack([belief.mean for belief in beliefs])
    deviations = np.sqrt(np.column_stack([belief.variance for belief in beliefs]))
    gains = boxes(outcomes, reference).expected(means, deviations) / volume
    believed = np.vstack([outcomes, means[list(pending)]])
    rows: list[int] = []
    spreads: list[np.ndarray] = []
    for _ in range(batch):
        deviations = np.sqrt(np.column_stack([belief.variance for belief in beliefs]))
        worth = boxes(believed, reference).expected(means, deviations)
        worth = np.where(free, worth if costs is None else worth / costs, -np.inf)
        row = int(np.argmax(worth))
        rows.append(row)
        spreads.append(deviations[row])
        free[row] = False
        if len(rows) < batch:
            for belief in beliefs:
                belief.believe(blocks, row)
            believed = np.vstack([believed, means[row]])
    return rows, np.asarray(spreads).reshape(len(rows), len(beliefs)), gains[rows]


def fill_failures(scores: np.ndarray) -> np.ndarray:
    """Give failed tests (NaN) the worst score that was seen, so that their neighbourhood is avoided."""
    return np.where(np.isfinite(scores), scores, np.nanmin(scores))
