"""A surrogate: a stack of learners over one table, with calibrated doubt and a domain of applicability.

Doubt: the Gaussian process's standard deviation joined with the spread of the learners tells which structures are hard,
and residuals of held-out rows set its scale (normalised conformal prediction). Source: V. Vovk et al., "Algorithmic
Learning in a Random World", Springer 2005; H. Papadopoulos et al., "Regression conformal prediction with nearest
neighbours", J. Artif. Intell. Res. 40 (2011) 815.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from pydantic import Field

from agent.records import Record
from agent.tools.surrogates.learners import Fitted, GaussianProcess, Learner, Loss
from agent.tools.surrogates.stacking import (
    FOLDS,
    assign_folds,
    fit_one,
    held_out_predictions,
    stacked_held_out,
    weigh,
)
from agent.tools.surrogates.views import CANONICAL, VIEWS, Kind, Seen, Views

LEAST = 10
"""Fewest structures that a surrogate is fitted to."""

MOST = 5000
"""Most structures; of more, an even choice over the values is taken."""

OUTSIDE = 0.05
"""Share of the training structures that are less like their nearest neighbour than the domain's limit."""

CONFIDENCE = 0.9
"""Coverage of the intervals."""

ONE_SIGMA = 0.6827
"""Coverage of one standard deviation of a normal error."""

Progress = Callable[[float, str], None]


class Figures(Record):
    """How well held-out rows are predicted: errors in the values' unit, and the share of variance explained."""

    rmse: float
    mae: float
    r2: float


class Surrogate(Record):
    """A trained surrogate, as plain data: what it takes to make the same predictions again.

    Attributes:
        target: The name of the values.
        unit: Their unit, as the researcher gave it.
        kind: What the structures are.
        loss: What the weights make least.
        seed: Of folds and learners.
        structures: Canonical, sorted.
        values: One for each.
        weights: Of the learners, by name; those without weight are left out.
        comparison: Held-out figures of each learner, of the stack and of the plain mean.
        intervals: 95 % bootstrap intervals of the stack's figures.
        one_sigma: Doubt times this is a standard deviation.
        reach: Doubt times this is half the width of an interval of ``CONFIDENCE``.
        covered: Share of held-out rows inside intervals set by the other folds.
        limit: Least likeness to the nearest training structure inside the domain.
        held_out: The stack's held-out predictions.
    """

    format: int = 1
    target: str
    unit: str = ""
    kind: Kind
    loss: Loss
    seed: int
    structures: tuple[str, ...]
    values: tuple[float, ...]
    weights: dict[str, float]
    comparison: dict[str, Figures] = Field(default_factory=dict)
    intervals: dict[str, tuple[float, float]] = Field(default_factory=dict)
    one_sigma: float
    reach: float
    covered: float
    limit: float
    held_out: tuple[float, ...] = ()

    def fitted(self) -> Predictor:
        """The learners, fitted again to the rows: the same bytes in, the same predictions out."""
        views = VIEWS[self.kind](self.structures)
        return Predictor(self, views, views.training())


@dataclass(frozen=True)
class Prediction:
    """What is predicted of one structure, in the values' unit.

    Attributes:
        value: The prediction.
        deviation: One standard deviation.
        low: Lower end of the interval of ``CONFIDENCE``.
        high: Its upper end.
        likeness: To the nearest training structure, 0 to 1.
        nearest: That structure.
        inside: Whether the structure lies in the domain of applicability.
    """

    value: float
    deviation: float
    low: float
    high: float
    likeness: float
    nearest: str
    inside: bool


class Predictor:
    """The fitted learners of a surrogate.

    Args:
        surrogate: What was trained.
        views: Made from its structures.
        seen: Its structures.
    """

    def __init__(self, surrogate: Surrogate, views: Views, seen: Seen) -> None:
        self._told, self.views = surrogate, views
        values = np.array(surrogate.values)
        self._centre, self._spread = _standard(values)
        scaled = (values - self._centre) / self._spread
        learners = views.learners(surrogate.seed, surrogate.loss)
        rows = np.arange(len(values))
        # The first learner tells doubt even where it has no weight.
        self._fitted: list[tuple[Learner, Fitted, float]] = [
            (learner, fit_one(learner, seen, scaled, rows), surrogate.weights.get(learner.name, 0.0))
            for place, learner in enumerate(learners)
            if place == 0 or learner.name in surrogate.weights
        ]

    def values(self, structures: Sequence[str]) -> np.ndarray:
        """Predictions alone, shape (n,)."""
        return np.array([one.value for one in self.predict(structures)])

    def predict(self, structures: Sequence[str]) -> list[Prediction]:
        """Predictions of structures in any spelling."""
        if not structures:
            return []
        spell = CANONICAL[self._told.kind]
        seen = self.views.see([spell(one) for one in structures])
        columns = np.column_stack(
            [
                fitted.predict(seen.kernels[learner.view] if learner.kernel else seen.tables[learner.view])
                for learner, fitted, _ in self._fitted
            ]
        )
        weights = np.array([weight for _, _, weight in self._fitted])
        mean = columns @ weights
        first, process, _ = self._fitted[0]
        assert isinstance(process, GaussianProcess)
        doubt = _doubt(process.deviation(seen.kernels[first.view], np.ones(len(mean))), columns, weights)
        alike = seen.kernels[self.views.domain]
        nearest = alike.argmax(axis=1)
        told = []
        for place, near in enumerate(nearest):
            value = self._centre + self._spread * mean[place]
            scale = self._spread * doubt[place]
            likeness = float(alike[place, near])
            told.append(
                Prediction(
                    value=float(value),
                    deviation=float(scale * self._told.one_sigma),
                    low=float(value - scale * self._told.reach),
                    high=float(value + scale * self._told.reach),
                    likeness=likeness,
                    nearest=self._told.structures[near],
                    inside=likeness >= self._told.limit,
                )
            )
        return told


@dataclass(frozen=True)
class Training:
    """What a surrogate is trained on, in any order and spelling.

    Attributes:
        structures: SMILES or formulas.
        values: One for each; repeats of a structure are averaged.
        kind: What the structures are.
        target: Name of the values.
        unit: Their unit.
        loss: Squared (typical errors) or absolute (typical errors with outliers).
        seed: Of folds and learners.
    """

    structures: Sequence[str]
    values: Sequence[float]
    kind: Kind
    target: str = "value"
    unit: str = ""
    loss: Loss = "squared"
    seed: int = 0
    folds: int = field(default=FOLDS)


def train(data: Training, progress: Progress = lambda share, message: None) -> tuple[Surrogate, Predictor]:
    """Compare learners fold by fold, weigh them, set the scale of doubt, and fit the stack to all rows.

    The order of the rows and the spelling of the structures do not matter: structures are made canonical, repeats are
    averaged (so that none is on both sides of a fold), and rows are sorted.

    Args:
        data: Rows.
        progress: Told the share that is done.

    Raises:
        ValueError: There are fewer than ``LEAST`` structures, or all values are equal.
    """
    structures, values = merge(data.structures, data.values, data.kind)
    if len(values) > MOST:
        order = np.argsort(values, kind="stable")[np.linspace(0, len(values) - 1, MOST).round().astype(int)]
        order = np.sort(order)
        structures, values = [structures[place] for place in order], values[order]
    if len(values) < LEAST:
        raise ValueError(f"{len(values)} structures with a value; a surrogate needs {LEAST}")
    if float(np.ptp(values)) <= 1e-12 * max(1.0, float(np.abs(values).max())):
        raise ValueError(f"all values are {values[0]:g}, so there is nothing to learn")
    centre, spread = _standard(values)
    scaled = (values - centre) / spread
    progress(0.02, f"features of {len(values)} structures")
    views = VIEWS[data.kind](structures)
    seen = views.training()
    learners = views.learners(data.seed, data.loss)
    fold = assign_folds(len(values), data.seed, data.folds)
    predicted, deviation = held_out_predictions(
        learners, seen, scaled, fold, lambda share, message: progress(0.15 + 0.7 * share, message)
    )
    weights = weigh(predicted, scaled, data.loss)
    stacked = stacked_held_out(predicted, scaled, fold, data.loss)
    ratio = np.abs(scaled - stacked) / _doubt(deviation, predicted, weights)
    alike = seen.kernels[views.domain].copy()
    np.fill_diagonal(alike, 0.0)
    surrogate = Surrogate(
        target=data.target,
        unit=data.unit,
        kind=data.kind,
        loss=data.loss,
        seed=data.seed,
        structures=tuple(structures),
        values=tuple(values.tolist()),
        weights={one.name: float(weight) for one, weight in zip(learners, weights, strict=True) if weight > 0},
        comparison=_comparison(learners, predicted, stacked, scaled, centre, spread),
        intervals=_bootstrapped(values, centre + spread * stacked),
        one_sigma=conformal_quantile(ratio, ONE_SIGMA),
        reach=conformal_quantile(ratio, CONFIDENCE),
        covered=_covered(ratio, fold),
        limit=float(np.quantile(alike.max(axis=1), OUTSIDE)),
        held_out=tuple((centre + spread * stacked).tolist()),
    )
    progress(0.9, "the stack on all rows")
    return surrogate, Predictor(surrogate, views, seen)


def merge(structures: Sequence[str], values: Sequence[float], kind: Kind) -> tuple[list[str], np.ndarray]:
    """Canonical structures, sorted, each with the mean of its values."""
    spell = CANONICAL[kind]
    found: dict[str, list[float]] = {}
    for structure, value in zip(structures, values, strict=True):
        found.setdefault(spell(structure), []).append(float(value))
    names = sorted(found)
    return names, np.array([math.fsum(found[name]) / len(found[name]) for name in names])


def conformal_quantile(ratio: np.ndarray, share: float) -> float:
    """The smallest bound that holds for a share of new rows, from held-out ratios, with the correction for few rows."""
    rank = min(math.ceil((len(ratio) + 1) * share), len(ratio))
    return float(np.sort(ratio)[rank - 1])


def figures(values: np.ndarray, predicted: np.ndarray) -> Figures:
    """Errors of predictions."""
    residual = values - predicted
    variance = float(np.var(values))
    return Figures(
        rmse=float(np.sqrt(np.mean(residual**2))),
        mae=float(np.mean(np.abs(residual))),
        r2=1 - float(np.mean(residual**2)) / variance if variance > 0 else 0.0,
    )


def _standard(values: np.ndarray) -> tuple[float, float]:
    return float(values.mean()), float(values.std()) or 1.0


def _doubt(deviation: np.ndarray, predicted: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """How hard each row is: the process's deviation joined with the weighted spread of the learners."""
    mean = predicted @ weights
    return np.sqrt(deviation**2 + (predicted - mean[:, None]) ** 2 @ weights + 1e-6)


def _comparison(
    learners: Sequence[Learner],
    predicted: np.ndarray,
    stacked: np.ndarray,
    scaled: np.ndarray,
    centre: float,
    spread: float,
) -> dict[str, Figures]:
    columns = {one.name: predicted[:, place] for place, one in enumerate(learners)}
    columns |= {"stack": stacked, "mean of the table": np.zeros(len(scaled))}
    return {name: figures(centre + spread * scaled, centre + spread * column) for name, column in columns.items()}


def _bootstrapped(values: np.ndarray, predicted: np.ndarray, resamples: int = 1000) -> dict[str, tuple[float, float]]:
    """95 % percentile intervals of the stack's figures over the rows."""
    drawn = np.random.default_rng(0).integers(0, len(values), size=(resamples, len(values)))
    told = [figures(values[rows], predicted[rows]) for rows in drawn]
    return {
        name: tuple(np.percentile([getattr(one, name) for one in told], [2.5, 97.5]).tolist())
        for name in ("rmse", "mae", "r2")
    }


def _covered(ratio: np.ndarray, fold: np.ndarray) -> float:
    """The share of rows inside intervals whose scale the other folds set."""
    hits = np.zeros(len(ratio))
    for number in np.unique(fold):
        other = fold != number
        hits[~other] = ratio[~other] <= conformal_quantile(ratio[other], CONFIDENCE)
    return float(hits.mean())
