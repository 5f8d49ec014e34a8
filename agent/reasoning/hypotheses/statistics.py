"""The statistics of findings: differences, associations, fronts, and the control of many tests at once."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

LEVEL = 0.05
"""Expected share of false findings among those reported (false discovery rate)."""

PERMUTATIONS = 4999


@dataclass(frozen=True)
class Difference:
    """A difference of means: first minus second, 95 % Welch interval, permutation p."""

    value: float
    low: float
    high: float
    p: float
    spread: float
    """Pooled standard deviation within the groups."""


def difference(one: Sequence[float], other: Sequence[float], seed: int) -> Difference:
    """Compare the means of two groups.

    Args:
        one: Values of the first group, at least two.
        other: Values of the second, at least two.
        seed: Seeds the permutations.

    Returns:
        The difference with Welch's interval, and the two-sided p of a permutation test on the difference of means.

    Source:
        B. L. Welch, Biometrika 34 (1947) 28; B. Phipson, G. K. Smyth, Stat. Appl. Genet. Mol. Biol. 9 (2010) 39 for
        counting the observed arrangement among the permutations.
    """
    import numpy as np
    from scipy import stats

    a, b = np.asarray(one, float), np.asarray(other, float)
    value = float(a.mean() - b.mean())
    va, vb = a.var(ddof=1) / len(a), b.var(ddof=1) / len(b)
    pooled = math.sqrt(((len(a) - 1) * a.var(ddof=1) + (len(b) - 1) * b.var(ddof=1)) / (len(a) + len(b) - 2))
    half = 0.0
    if va + vb > 0:
        freedom = (va + vb) ** 2 / (va**2 / (len(a) - 1) + vb**2 / (len(b) - 1))
        half = float(stats.t.ppf(0.975, freedom)) * math.sqrt(va + vb)
    together = np.concatenate([a, b])
    rng = np.random.default_rng(seed)
    shuffled = rng.permuted(np.tile(together, (PERMUTATIONS, 1)), axis=1)
    means = shuffled[:, : len(a)].mean(axis=1) - shuffled[:, len(a) :].mean(axis=1)
    extreme = int((np.abs(means) >= abs(value) - 1e-12).sum())
    return Difference(value, value - half, value + half, (extreme + 1) / (PERMUTATIONS + 1), pooled)


@dataclass(frozen=True)
class Association:
    """Spearman's correlation with a 95 % interval, its p, and the Theil-Sen slope and intercept of y on x."""

    rho: float
    low: float
    high: float
    p: float
    slope: float
    intercept: float


def association(x: Sequence[float], y: Sequence[float]) -> Association:
    """How two quantities go together.

    Args:
        x: One value a candidate; not constant.
        y: The other.

    Returns:
        The association.

    Source:
        D. G. Bonett, T. A. Wright, Psychometrika 65 (2000) 23, for the interval; P. K. Sen, J. Am. Stat. Assoc. 63
        (1968) 1379, for the slope.
    """
    import numpy as np
    from scipy import stats

    result: Any = stats.spearmanr(x, y)
    rho, p = float(result.statistic), float(result.pvalue)
    half = 1.96 * math.sqrt((1 + rho**2 / 2) / max(len(x) - 3, 1))
    z = math.atanh(max(min(rho, 1 - 1e-12), -1 + 1e-12))
    with np.errstate(invalid="ignore"):  # many ties leave no interval of the slope, which is not used
        line: Any = stats.theilslopes(y, x)
    return Association(rho, math.tanh(z - half), math.tanh(z + half), p, float(line[0]), float(line[1]))


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Adjust p values for how many there are, by Benjamini and Hochberg's step-up rule.

    Args:
        p_values: Of all the tests made.

    Returns:
        The adjusted values in the same order: keeping those below a level keeps the expected share of false findings
        below it.

    Source:
        Y. Benjamini, Y. Hochberg, J. R. Stat. Soc. B 57 (1995) 289.
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    result = [1.0] * len(p_values)
    least = 1.0
    for place in range(len(order), 0, -1):
        index = order[place - 1]
        least = min(least, p_values[index] * len(p_values) / place)
        result[index] = least
    return result


def front(points: Sequence[tuple[float, float]]) -> list[int]:
    """Indices of the points that no other beats in both coordinates (more is better in each).

    Args:
        points: Pairs to maximise.

    Returns:
        The Pareto front, by rising first coordinate; of equal points the first.
    """
    kept: list[int] = []
    best = -math.inf
    for index in sorted(range(len(points)), key=lambda i: (-points[i][0], -points[i][1], i)):
        if points[index][1] > best:
            kept.append(index)
            best = points[index][1]
    return kept[::-1]


def robust_z(values: Sequence[float]) -> list[float]:
    """Modified z scores by the median absolute deviation; zero where the values do not spread.

    Args:
        values: Any.

    Returns:
        One score a value; beyond 3.5 counts as an outlier.

    Source:
        B. Iglewicz, D. C. Hoaglin, How to Detect and Handle Outliers, 1993.
    """
    middle = statistics.median(values)
    deviation = statistics.median(abs(value - middle) for value in values)
    if deviation == 0:
        return [0.0] * len(values)
    return [0.6745 * (value - middle) / deviation for value in values]


def pooled_spread(column: Mapping[str, float], *groups: Sequence[str]) -> float:
    """Pooled standard deviation within groups of a column's rows, in its unit; 0 where no group has two rows."""
    total, freedom = 0.0, 0
    for group in groups:
        mean = sum(column[c] for c in group) / len(group)
        total += sum((column[c] - mean) ** 2 for c in group)
        freedom += len(group) - 1
    return (total / freedom) ** 0.5 if freedom else 0.0
