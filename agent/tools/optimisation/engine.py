"""Choosing the next rows of a pool: what the command line, the agent's tool and the benchmarks all call.

First a spread design, then a Gaussian process. The first slot of a batch asks for a mean plus half a standard deviation
(it exploits what is known), the others for expected improvement (they explore); rows chosen before and rows that are
still being measured count as measured at their predicted mean.

Sources:
    Jones, Schonlau, Welch, "Efficient global optimization of expensive black-box functions" (1998).
    Srinivas, Krause, Kakade, Seeger, "Gaussian process optimization in the bandit setting" (2010).
    Knowles, "ParEGO" (2006), for several objectives by random augmented Chebyshev weights.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agent.tools.optimisation.acquisition import expected_improvement, log_expected_improvement
from agent.tools.optimisation.surrogate import Posterior, fit, squared_distances, unpack

FIRST_DESIGN = 4
"""Tests before the surrogate is asked."""
EXPLOITING = 0.5
"""Standard deviations added to the mean in exploiting slots."""
DESIGN_POOL = 400
"""The spread design chooses among so many rows drawn at random: among all, it would take corners only."""
CHEBYSHEV = 0.05
"""Weight of the plain sum in the augmented Chebyshev function."""


@dataclass(frozen=True)
class Choice:
    """Rows to test next, and why.

    Attributes:
        rows: Indices of the chosen rows, in the order in which they were chosen.
        reasons: ``spread``, ``improvement`` or ``exploit``, one a row.
        mean: Predicted score of each chosen row (scalarised for several objectives); NaN in a spread design.
        deviation: Its standard deviation.
        gain: Expected improvement over the best score so far.
        posterior: What is believed of all rows, in standardised scores; ``None`` in a spread design.
        scale: Mean and standard deviation that standardised the scores.
        theta: Fitted hyperparameters: a start for the next fit.
    """

    rows: tuple[int, ...]
    reasons: tuple[str, ...]
    mean: np.ndarray
    deviation: np.ndarray
    gain: np.ndarray
    posterior: Posterior | None = None
    scale: tuple[float, float] = (0.0, 1.0)
    theta: np.ndarray | None = None


def choose_rows(
    blocks: list[np.ndarray],
    tested: Sequence[int],
    scores: np.ndarray,
    *,
    batch: int = 1,
    pending: Sequence[int] = (),
    available: np.ndarray | None = None,
    costs: np.ndarray | None = None,
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
    if len(used) < FIRST_DESIGN or len(np.unique(outcomes[measured], axis=0)) < 2:
        rows = spread_rows(blocks, used, free, batch, rng)
        nothing = np.full(len(rows), np.nan)
        return Choice(tuple(rows), ("spread",) * len(rows), nothing, nothing, nothing)
    if to_tested is None:
        to_tested = squared_distances(blocks, [block[list(tested)] for block in blocks])
    if outcomes.shape[1] == 1:
        single = fill_failures(outcomes[:, 0])
        return _choose(blocks, list(tested), single, batch, list(pending), free, costs, start, to_tested)
    parts: list[Choice] = []
    waiting = list(pending)
    for _ in range(batch):
        mixed = scalarise(outcomes, rng)
        part = _choose(blocks, list(tested), mixed, 1, waiting, free, costs, start, to_tested)
        start, waiting = part.theta, [*waiting, *part.rows]
        free[list(part.rows)] = False
        parts.append(part)
    if not parts:
        return Choice((), (), np.empty(0), np.empty(0), np.empty(0))
    return Choice(
        tuple(row for part in parts for row in part.rows),
        tuple(reason for part in parts for reason in part.reasons),
        np.concatenate([part.mean for part in parts]),
        np.concatenate([part.deviation for part in parts]),
        np.concatenate([part.gain for part in parts]),
        parts[-1].posterior,
        parts[-1].scale,
        parts[-1].theta,
    )


def _choose(
    blocks: list[np.ndarray],
    tested: list[int],
    scores: np.ndarray,
    batch: int,
    pending: list[int],
    free: np.ndarray,
    costs: np.ndarray | None,
    start: np.ndarray | None,
    to_tested: np.ndarray,
) -> Choice:
    centre, spread = float(scores.mean()), float(scores.std()) or 1.0
    outcomes = (scores - centre) / spread
    theta = fit(to_tested[:, tested, :], outcomes, start)
    belief = Posterior(to_tested, np.asarray(tested), outcomes, unpack(theta))
    for row in pending:
        belief.believe(blocks, row)
    free = free.copy()
    best = float(outcomes.max())
    # What is shown to people refers to the best result itself; the believer's best moves with the batch.
    gains = expected_improvement(belief.mean, np.sqrt(belief.variance), best) * spread
    believed = max([best, *(float(belief.mean[row]) for row in pending)])
    rows: list[int] = []
    reasons: list[str] = []
    deviations: list[float] = []
    for _ in range(batch):
        deviation = np.sqrt(belief.variance)
        exploit = costs is None and not rows
        if exploit:
            worth = belief.mean + EXPLOITING * deviation
        else:
            worth = log_expected_improvement(belief.mean, deviation, believed)
            if costs is not None:
                worth = worth - np.log(costs)
        row = int(np.argmax(np.where(free, worth, -np.inf)))
        rows.append(row)
        reasons.append("exploit" if exploit else "improvement")
        deviations.append(float(deviation[row]) * spread)
        free[row] = False
        if len(rows) < batch:
            belief.believe(blocks, row)
            believed = max(believed, float(belief.mean[row]))
    return Choice(
        tuple(rows),
        tuple(reasons),
        belief.mean[rows] * spread + centre,
        np.asarray(deviations),
        gains[rows],
        belief,
        (centre, spread),
        theta,
    )


def spread_rows(
    blocks: list[np.ndarray], used: Sequence[int], free: np.ndarray, count: int, rng: np.random.Generator
) -> list[int]:
    """Rows far from each other and from those already used (greedy maximin).

    Source: Johnson, Moore, Ylvisaker, "Minimax and maximin distance designs" (1990).
    """
    table = np.hstack(blocks)
    open_rows = np.flatnonzero(free)
    among = rng.permutation(open_rows)[:DESIGN_POOL]
    chosen: list[int] = []
    nearest = np.full(len(among), np.inf)
    for row in used:
        nearest = np.minimum(nearest, ((table[among] - table[row]) ** 2).sum(axis=1))
    while len(chosen) < count:
        # The first of all is any row; a table larger than the sample may need rows from outside it at the end.
        left = [place for place in range(len(among)) if among[place] not in chosen]
        if not left:
            rest = [int(row) for row in open_rows if row not in chosen]
            return [*chosen, *rest[: count - len(chosen)]]
        place = max(left, key=lambda one: nearest[one])
        chosen.append(int(among[place]))
        nearest = np.minimum(nearest, ((table[among] - table[among[place]]) ** 2).sum(axis=1))
    return chosen


def fill_failures(scores: np.ndarray) -> np.ndarray:
    """Give failed tests (NaN) the worst score that was seen, so that their neighbourhood is avoided."""
    return np.where(np.isfinite(scores), scores, np.nanmin(scores))


def scalarise(outcomes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Several objectives as one score, by weights drawn at random (augmented Chebyshev).

    Args:
        outcomes: Scores, more being better, shape (n, objectives); NaN for failed tests.
        rng: Where the weights come from.

    Returns:
        Shape (n,); more is better.
    """
    filled = np.column_stack([fill_failures(column) for column in outcomes.T])
    low, span = filled.min(axis=0), np.ptp(filled, axis=0)
    scaled = (filled - low) / np.where(span > 0, span, 1.0)
    weights = rng.dirichlet(np.ones(outcomes.shape[1]))
    weighted = weights * (scaled - 1)
    return weighted.min(axis=1) + CHEBYSHEV * weighted.sum(axis=1)


def improvement_probability(
    choice: Choice, blocks: list[np.ndarray], free: np.ndarray, best: float, margin: float, seed: int = 0
) -> float:
    """Probability that some untested row is better than the best score by more than a margin.

    Estimated from 2,000 joint draws over the 300 rows with the highest optimistic scores.

    Args:
        choice: A choice with a posterior.
        blocks: The pool.
        free: Untested rows, a mask.
        best: The best score so far.
        margin: The improvement that would matter, in the score's unit.
        seed: Seed of the draws.
    """
    belief = choice.posterior
    rows = np.flatnonzero(free)
    if belief is None or not len(rows):
        return 0.0 if not len(rows) else 1.0
    centre, spread = choice.scale
    hope = belief.mean[rows] + 2 * np.sqrt(belief.variance[rows])
    rows = rows[np.argsort(-hope, kind="stable")[:300]]
    covariance = belief.covariance(blocks, rows)
    covariance[np.diag_indices(len(rows))] += 1e-6
    try:
        lower = np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(covariance)
        lower = vectors * np.sqrt(np.clip(values, 0, None))
    draws = belief.mean[rows] + np.random.default_rng(seed).standard_normal((2000, len(rows))) @ lower.T
    return float((draws.max(axis=1) > (best + margin - centre) / spread).mean())
