"""Scores as the surrogate sees them: the better half as it is, the worse half by its ranks.

A few very bad results would otherwise set the scale, and the differences between the good ones, which decide what to
test next, would drown. The better half keeps its unit, so that improvements are predicted in it.

Source: the half-rank warping of Song, Zhang, Lee, Fertig, Huang, Belenki, Kochanski, Ariafar, Vasudevan, Perel,
Golovin, "The Vizier Gaussian process bandit algorithm" (2024).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri
from scipy.stats import rankdata


@dataclass(frozen=True)
class Warp:
    """A monotone map from scores to standardised ones, and back.

    Attributes:
        scores: Distinct scores, ascending, shape (k,).
        warped: Where each of them goes, ascending, shape (k,).
        spread: Scores per standardised unit above the median.
    """

    scores: np.ndarray
    warped: np.ndarray
    spread: float

    def forward(self, score: float) -> float:
        """A score as the surrogate sees it; outside of what was seen the map goes on straight."""
        return _along(score, self.scores, self.warped, 1 / self.spread)

    def backward(self, value: np.ndarray) -> np.ndarray:
        """Standardised scores in the scores' own unit, shape (n,)."""
        return np.asarray([_along(float(one), self.warped, self.scores, self.spread) for one in np.atleast_1d(value)])


def fit_warp(scores: np.ndarray) -> tuple[np.ndarray, Warp]:
    """Warp and standardise scores.

    Args:
        scores: More being better, shape (n,), not all the same.

    Returns:
        Warped scores with mean 0 and variance 1, shape (n,), and the map that made them.
    """
    middle = float(np.median(scores))
    bend = scores < middle
    upper = scores[~bend] - middle
    # If all of the better half is one value, the whole sets the scale.
    spread = float(np.sqrt((upper**2).mean())) or float(scores.std())
    values = scores.astype(float).copy()
    values[bend] = middle + spread * ndtri((rankdata(scores)[bend] - 0.5) / len(scores))
    centre, scale = float(values.mean()), float(values.std()) or 1.0
    standard = (values - centre) / scale
    distinct, places = np.unique(scores, return_index=True)
    return standard, Warp(distinct, standard[places], scale)


def _along(value: float, here: np.ndarray, there: np.ndarray, slope: float) -> float:
    """Piecewise linear interpolation with straight ends."""
    if value >= here[-1]:
        return float(there[-1] + (value - here[-1]) * slope)
    if value <= here[0]:
        return float(there[0] + (value - here[0]) * slope)
    return float(np.interp(value, here, there))
