"""Estimates with their confidence intervals: the level of one arm, and the difference of two."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, variance


@dataclass(frozen=True)
class Estimate:
    """A mean, or a difference of means, with its interval.

    Attributes:
        value: The estimate.
        low: Lower end of the interval.
        high: Upper end.
        error: Standard error.
        freedom: Degrees of freedom.
        size: Effective number of samples: ``n``, or ``n1 n2 / (n1 + n2)``.
        deviation: Standard deviation of one unit, pooled over the arms.
    """

    value: float
    low: float
    high: float
    error: float
    freedom: float
    size: float
    deviation: float


def level(units: Sequence[float], alpha: float) -> Estimate:
    """The mean of one arm with Student's interval.

    Args:
        units: At least two values.
        alpha: One minus the interval's level.

    Source:
        Student, Biometrika 6 (1908) 1.
    """
    count = len(units)
    spread = variance(units)
    error = math.sqrt(spread / count)
    return _estimate(fmean(units), error, count - 1.0, float(count), math.sqrt(spread), alpha)


def difference(one: Sequence[float], other: Sequence[float], alpha: float) -> Estimate:
    """The difference of two means, first minus second, with Welch's interval.

    Args:
        one: At least two values of the tested arm.
        other: At least two of the comparator.
        alpha: One minus the interval's level.

    Source:
        B. L. Welch, Biometrika 34 (1947) 28, with Satterthwaite's degrees of freedom.
    """
    first, second = len(one), len(other)
    va, vb = variance(one) / first, variance(other) / second
    error = math.sqrt(va + vb)
    pooled = math.sqrt(((first - 1) * variance(one) + (second - 1) * variance(other)) / (first + second - 2))
    freedom = (first + second - 2.0) if va + vb == 0 else _satterthwaite(va, vb, first, second)
    size = first * second / (first + second)
    return _estimate(fmean(one) - fmean(other), error, freedom, size, pooled, alpha)


def _satterthwaite(va: float, vb: float, first: int, second: int) -> float:
    share = va / (va + vb)  # squares of shares, because the squares of tiny variances would vanish
    return 1 / (share**2 / (first - 1) + (1 - share) ** 2 / (second - 1))


def _estimate(value: float, error: float, freedom: float, size: float, deviation: float, alpha: float) -> Estimate:
    from scipy.special import stdtrit

    half = float(stdtrit(freedom, 1 - alpha / 2)) * error
    return Estimate(value, value - half, value + half, error, freedom, size, deviation)
