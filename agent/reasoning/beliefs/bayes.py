"""Bayes factors of t statistics under a Cauchy prior on the standardised effect (the JZS prior).

The data enter by their t statistic, whose distribution under a standardised effect is the noncentral t. The prior on
that effect is a Cauchy distribution centred on the predicted bound, so that a hypothesis and its denial begin with the
same prior weight on either side. A factor compares how well two regions of effects predict the statistic.

Sources:
    J. N. Rouder et al., Psychon. Bull. Rev. 16 (2009) 225 (the JZS factor against a point);
    R. D. Morey, J. N. Rouder, Psychol. Methods 16 (2011) 406 (factors of intervals and directions).
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

SCALE = math.sqrt(2) / 2
"""Scale of the Cauchy prior, in standard deviations: half of its weight lies within this distance of the bound."""

_NODES = 20
"""Gauss-Legendre nodes of one panel."""

_WIDTHS = 16
"""How many widths of the density about its peak are integrated: beyond them it is below 1e-50 of its height."""


def point_factor(t: float, size: float, freedom: float, *, scale: float = SCALE) -> float:
    """How much more likely the statistic is if the effect is exactly zero than if it is anything else.

    Args:
        t: The t statistic.
        size: Effective number of samples: ``n`` of one group, ``n1 n2 / (n1 + n2)`` of two.
        freedom: Degrees of freedom.
        scale: Scale of the Cauchy prior.

    Returns:
        The decimal logarithm of the Bayes factor of the point against its denial.
    """
    alternative = _log_marginal(t, size, freedom, scale, -math.inf, math.inf)
    return (float(_log_noncentral(t, freedom, 0.0)) - alternative) / math.log(10)


def direction_factor(t: float, size: float, freedom: float, *, scale: float = SCALE) -> float:
    """How much more likely the statistic is if the effect is positive than if it is negative.

    Args:
        t: The t statistic of the distance from the bound.
        size: As for `point_factor`.
        freedom: Degrees of freedom.
        scale: Scale of the Cauchy prior.

    Returns:
        The decimal logarithm of the Bayes factor.
    """
    above = _log_marginal(t, size, freedom, scale, 0.0, math.inf)
    below = _log_marginal(t, size, freedom, scale, -math.inf, 0.0)
    return (above - below) / math.log(10)


def interval_factor(t: float, size: float, freedom: float, half: float) -> float:
    """How much more likely the statistic is if the effect lies within an interval about zero than if outside.

    The prior's scale is the interval's half-width, which gives inside and outside the same prior weight.

    Args:
        t: The t statistic of the distance from the interval's middle.
        size: As for `point_factor`.
        freedom: Degrees of freedom.
        half: Half the interval's width, in standard deviations of one measurement; positive.

    Returns:
        The decimal logarithm of the Bayes factor.
    """
    inside = _log_marginal(t, size, freedom, half, -half, half)
    below = _log_marginal(t, size, freedom, half, -math.inf, -half)
    above = _log_marginal(t, size, freedom, half, half, math.inf)
    outside = max(below, above) + math.log1p(math.exp(-abs(below - above))) - math.log(2)
    return (inside - outside) / math.log(10)


def posterior(prior: float, log10_factor: float) -> float:
    """The probability after the evidence: prior odds times the Bayes factor.

    Args:
        prior: Probability before, in [0, 1].
        log10_factor: Decimal logarithm of the Bayes factor.
    """
    if prior in (0.0, 1.0):
        return prior
    odds = math.log(prior) - math.log1p(-prior) + log10_factor * math.log(10)
    return 1 / (1 + math.exp(-odds)) if odds > -700 else 0.0


def _log_marginal(t: float, size: float, freedom: float, scale: float, low: float, high: float) -> float:
    """Log of the statistic's mean density over the Cauchy prior, restricted to effects in (low, high)."""
    import numpy as np

    root = math.sqrt(size)
    # As a function of the effect the density falls off at least like a normal one of this width.
    width = math.sqrt((t * t + freedom) / (freedom * size))
    peak = min(max(t / root, low), high)
    ends = max(low, peak - _WIDTHS * width), min(high, peak + _WIDTHS * width)
    # The density is steep about its peak, or at the end next to it; the prior about zero.
    steep = sorted({*ends, peak, *((0.0,) if ends[0] < 0 < ends[1] else ())})
    weight = (math.atan(high / scale) - math.atan(low / scale)) / math.pi
    effects, lengths = _nodes(steep, min(width, scale))
    logs = _log_noncentral(t, freedom, effects * root) - np.log(math.pi * scale) - np.log1p((effects / scale) ** 2)
    top = logs.max()
    return float(top + np.log((np.exp(logs - top) * lengths).sum())) - math.log(weight)


def _nodes(steep: list[float], scale: float) -> tuple[Any, Any]:
    """Nodes and weights of a quadrature on panels that double in width away from the places where it is steep."""
    import numpy as np

    edges: list[float] = []
    for left, right in pairwise(steep):
        half, step, away = (right - left) / 2, scale / 256, 0.0
        offsets = [0.0]
        while away < half:
            away = min(away + step, half)
            offsets.append(away)
            step *= 2 if step < scale else 1.5
        edges += [left + one for one in offsets] + [right - one for one in reversed(offsets[:-1])]
    bounds = np.unique(edges)
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    widths = np.diff(bounds)[:, None] / 2
    return (bounds[:-1, None] + widths * (nodes + 1)).ravel(), (widths * weights).ravel()


def _log_noncentral(t: float, freedom: float, centre: Any) -> Any:
    """Log density of the noncentral t distribution, stable far into its tails.

    Args:
        t: Where.
        freedom: Degrees of freedom.
        centre: Noncentrality; an array of any shape, or a number.

    Source:
        N. L. Johnson, S. Kotz, N. Balakrishnan, Continuous Univariate Distributions, vol. 2, 1995, ch. 31: the form
        with one integral, taken here by Gauss-Legendre quadrature around its peak.
    """
    import numpy as np

    centre = np.asarray(centre, float)
    squared = t * t + freedom
    shift = centre * t / math.sqrt(squared)
    peak = (shift + np.sqrt(shift**2 + 4 * freedom)) / 2
    spread = 1 / np.sqrt(1 + freedom / peak**2)
    low, high = np.maximum(peak - 14 * spread, 0.0), peak + 40 * spread
    nodes, weights = np.polynomial.legendre.leggauss(80)
    places = low[..., None] + (high - low)[..., None] * (nodes + 1) / 2
    exponent = freedom * np.log(places) - (places - shift[..., None]) ** 2 / 2
    top = exponent.max(axis=-1)
    integral = (np.exp(exponent - top[..., None]) * weights).sum(axis=-1) * (high - low) / 2
    constant = (
        freedom / 2 * math.log(freedom)
        - math.log(math.pi) / 2
        - math.lgamma(freedom / 2)
        - (freedom - 1) / 2 * math.log(2)
        - (freedom + 1) / 2 * math.log(squared)
    )
    return constant - freedom * centre**2 / (2 * squared) + top + np.log(integral)


__all__ = ["SCALE", "direction_factor", "interval_factor", "point_factor", "posterior"]
