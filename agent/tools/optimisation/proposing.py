"""What to make next, from a table of what was made: candidates between the rows, and how well the model of them holds.

Sources:
    Jones, Schonlau, Welch, J. Glob. Optim. 13 (1998) 455 (expected improvement); Gardner et al., ICML 2014, 937
    (improvement times the probability of keeping every limit); Ginsbourger, Le Riche, Carraro (2010) (believer).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agent.tools.optimisation.acquisition import expected_improvement
from agent.tools.optimisation.surrogate import Posterior, fit, squared_distances, unpack
from agent.tools.optimisation.table_inputs import Inputs

CANDIDATES = 3000
FOLDS = 10
LEAST_CHANCE = 1e-9
BEYOND = 0.08
"""How far shares and amounts may reach beyond the measured ones, as a share of the distance between rows."""
APART = 0.1
"""Distance, in shares of the measured ranges, that proposals keep from each other where they can."""


@dataclass(frozen=True)
class Wish:
    """What is wanted of one measured column.

    Attributes:
        column: Its name.
        goal: ``maximise``, ``minimise``, ``target``, or empty where only its limits count.
        target: The value to hit.
        low: The least value that will do.
        high: The most.
    """

    column: str
    goal: str = ""
    target: float | None = None
    low: float | None = None
    high: float | None = None


class Model:
    """A Gaussian process of one column over the inputs.

    Args:
        blocks: The inputs of rows and candidates, scaled, one array a factor; the rows come first.
        outcomes: Measured values, shape (rows,).
    """

    def __init__(self, blocks: list[np.ndarray], outcomes: np.ndarray) -> None:
        self.centre, self.scale = float(outcomes.mean()), float(outcomes.std()) or 1.0
        rows = [block[: len(outcomes)] for block in blocks]
        among = squared_distances(rows, rows)
        standard = (outcomes - self.centre) / self.scale
        given = unpack(fit(among, standard))
        self.noise = math.sqrt(given.noise) * self.scale
        self._belief = Posterior(squared_distances(blocks, rows), among, standard, given)

    @property
    def mean(self) -> np.ndarray:
        """Predicted means of rows and candidates."""
        return self._belief.mean * self.scale + self.centre

    @property
    def deviation(self) -> np.ndarray:
        """Their standard deviations, without the noise of a measurement."""
        return np.sqrt(self._belief.variance) * self.scale

    def believe(self, blocks: list[np.ndarray], row: int) -> None:
        """Take a candidate as measured with its predicted mean."""
        self._belief.believe(blocks, row)


@dataclass(frozen=True)
class Check:
    """How well rows are predicted that the model was not fitted to.

    Attributes:
        error: Root mean square error.
        plain: That of the mean of the other rows.
        explained: Share of the variance that is predicted; below zero where the mean does better.
        covered: Share of the rows within the model's 90 % intervals.
        folds: Parts that were left out in turn.
    """

    error: float
    plain: float
    explained: float
    covered: float
    folds: int


def cross_validated(blocks: list[np.ndarray], outcomes: np.ndarray, keys: Sequence[str], seed: int) -> Check:
    """Leave parts of the rows out in turn, repeats of one setting together, and predict them.

    Args:
        blocks: Inputs of the rows, one array a factor.
        outcomes: Measured values, shape (rows,).
        keys: What setting each row is of.
        seed: Of the folds.
    """
    distinct = sorted(set(keys))
    order = np.random.default_rng(seed).permutation(len(distinct))
    folds = min(FOLDS, len(distinct))
    part = {distinct[place]: position % folds for position, place in enumerate(order)}
    fold = np.array([part[key] for key in keys])
    predicted, deviation, plain = (np.empty(len(outcomes)) for _ in range(3))
    for number in range(folds):
        out, rest = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        ordered = np.concatenate([rest, out])
        model = Model([block[ordered] for block in blocks], outcomes[rest])
        predicted[out] = model.mean[len(rest) :]
        deviation[out] = np.hypot(model.deviation[len(rest) :], model.noise)
        plain[out] = outcomes[rest].mean()
    error = float(np.sqrt(np.mean((outcomes - predicted) ** 2)))
    base = float(np.sqrt(np.mean((outcomes - plain) ** 2)))
    covered = float(np.mean(np.abs(outcomes - predicted) <= 1.645 * deviation))
    return Check(error, base, 1 - (error / base) ** 2 if base else 0.0, covered, folds)


def candidates(
    inputs: Inputs, limits: Sequence[tuple[str, float | None, float | None]], seed: int
) -> tuple[np.ndarray, list[tuple[str, ...]]]:
    """Points between the rows and little beyond: shares are mixed from rows, settings drawn from their measured ranges.

    Args:
        inputs: What was varied.
        limits: Bounds of inputs: name, least, most.
        seed: Of the draw.

    Returns:
        Numbers, shape (candidates, names), and the words of each; sums are kept, values have three digits.
    """
    rng = np.random.default_rng(seed)
    known = inputs.values[np.isfinite(inputs.values).all(axis=1)]
    low, high = known.min(axis=0), known.max(axis=0)
    found = rng.uniform(low, high, (CANDIDATES, len(inputs.names)))
    tied = sorted({place for places, _ in inputs.sums for place in places} | set(range(_species(inputs))))
    widest = np.where(low >= 0, 0.0, -np.inf)
    if tied:
        # Weights a little below zero reach beyond the measured compositions, where the model tells of more doubt.
        weights = rng.dirichlet(np.full(3, 0.7), CANDIDATES) * (1 + 3 * BEYOND) - BEYOND
        rows = rng.integers(0, len(known), (CANDIDATES, 3))
        found[:, tied] = (weights[:, :, None] * known[rows][:, :, tied]).sum(axis=1)
    steps = 10.0 ** np.floor(np.log10(np.maximum(high - low, 1e-12))) / 20
    found = np.round(found / steps) * steps
    loose = [place for place in range(len(low)) if place not in tied]
    found[:, loose] = np.clip(found[:, loose], low[loose], high[loose])
    for places, whole in inputs.sums:
        largest = max(places, key=lambda place: high[place])
        found[:, largest] = np.round(whole - found[:, [p for p in places if p != largest]].sum(axis=1), 8)
    keep = np.ones(len(found), dtype=bool)
    for name, least, most in limits:
        place = inputs.names.index(name)
        keep &= _inside(found[:, place], least, most)
    keep &= (found >= widest).all(axis=1)
    found = np.unique(found[keep], axis=0)
    levels = {name: sorted(set(cells)) for name, cells in inputs.words.items()}
    words = [tuple(str(rng.choice(values)) for values in levels.values()) for _ in range(len(found))]
    return found, words


def apart(blocks: list[np.ndarray], rows: int, place: int) -> np.ndarray:
    """Which candidates are not nearly the same as one of them, a mask of shape (candidates,)."""
    gaps = [np.abs(block[rows:] - block[rows + place]).max(axis=1) for block in blocks]
    return np.max(gaps, axis=0) > APART


def _inside(values: np.ndarray, low: float | None, high: float | None) -> np.ndarray:
    return (values >= (-np.inf if low is None else low)) & (values <= (np.inf if high is None else high))


def _species(inputs: Inputs) -> int:
    return sum(constant is None for _, constant in inputs.species)


def scaled(inputs: Inputs, points: np.ndarray, words: Sequence[tuple[str, ...]]) -> list[np.ndarray]:
    """Rows and points as the surrogate sees them: numbers from 0 to 1 over the rows, words by kind; one array a factor.

    A number that follows from others by a constant sum is left out.
    """
    known = inputs.values
    low, high = np.nanmin(known, axis=0), np.nanmax(known, axis=0)
    follows = {max(places, key=lambda place: high[place]) for places, _ in inputs.sums}
    table = np.vstack([known, points])
    blocks = [
        ((table[:, place] - low[place]) / max(high[place] - low[place], 1e-12))[:, None]
        for place in range(len(inputs.names))
        if place not in follows
    ]
    for position, cells in enumerate(inputs.words.values()):
        kinds = sorted(set(cells))
        column = [*cells, *(one[position] for one in words)]
        blocks.append(np.array([[float(cell == kind) for kind in kinds] for cell in column]) / math.sqrt(2))
    return blocks


def meeting(model: Model, wish: Wish) -> np.ndarray:
    """The probability that a measurement of each row and candidate keeps a wish's limits."""
    from scipy.stats import norm

    spread = np.hypot(model.deviation, model.noise)
    above = 1.0 if wish.high is None else norm.cdf((wish.high - model.mean) / spread)
    below = 0.0 if wish.low is None else norm.cdf((wish.low - model.mean) / spread)
    return np.broadcast_to(above - below, model.mean.shape).astype(float)


def worth(models: Sequence[Model], wishes: Sequence[Wish], measured: Sequence[np.ndarray]) -> np.ndarray:
    """What testing each row and candidate promises: expected improvement times the probability of keeping every limit.

    Where nothing is to be pushed it is that probability alone.
    """
    lead = next((i for i, wish in enumerate(wishes) if wish.goal), None)
    # A bound on what is pushed anyway ("above 600") is where it should get, and rules nothing out on the way.
    chances = [meeting(m, w) for i, (m, w) in enumerate(zip(models, wishes, strict=True)) if i != lead]
    kept = np.prod([np.maximum(chance, LEAST_CHANCE) for chance in chances], axis=0) if chances else 1.0
    if lead is None:
        return np.asarray(kept)
    model, wish, values = models[lead], wishes[lead], measured[lead]
    fine = np.ones(len(values), dtype=bool)
    for other, column in zip(wishes, measured, strict=True):
        fine &= _inside(column, other.low, other.high)
    pool = values[fine] if fine.any() else values
    mean = model.mean
    if wish.goal == "target" and wish.target is not None:
        gap = np.abs(pool - wish.target).min()
        draws = np.random.default_rng(0).normal(size=256)
        away = np.abs(mean[:, None] + model.deviation[:, None] * draws - wish.target)
        return kept * np.maximum(gap - away, 0).mean(axis=1)
    sign = -1.0 if wish.goal == "minimise" else 1.0
    return kept * expected_improvement(sign * mean, model.deviation, float((sign * pool).max()))
