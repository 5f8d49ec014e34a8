"""Two groups compared within units: pairs, blocks, and values that are known as ranges only.

Sources:
    Student, Biometrika 6 (1908) 1 (paired differences); F. Wilcoxon, Biometrics Bull. 1 (1945) 80 (signed ranks);
    R. A. Fisher, The Design of Experiments (1935), chapter 4 (blocks); G. Cumming, Understanding the New Statistics
    (2012), chapter 11 (standardised paired differences by the mean of both variances); C. F. Manski, Partial
    Identification of Probability Distributions (2003), chapter 1 (bounds for values known as ranges).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from agent.tools.surrogates.contrasts import FREEDOM, unbiased

SIGNED = 8
"""Pairs from which the signed-rank test decides: with fewer, its least possible p is too large to say anything."""

Pair = tuple[np.ndarray, np.ndarray]


def paired(one: np.ndarray, other: np.ndarray) -> dict[str, Any]:
    """Compare two values of each unit.

    Args:
        one: Of the first group, shape (units,), at least two.
        other: Of the second, in the same order.

    Returns:
        The keys of `contrast`: ``p`` of the signed-rank test, ``p_means`` of the paired t test, ``g`` over the mean
        of both variances; ``superiority`` over pairs; and ``deviation_pairs``, the deviation of the differences.
    """
    from scipy import stats

    n = len(one)
    gaps = one - other
    mean, spread = float(gaps.mean()), float(gaps.std(ddof=1))
    va, vb = float(one.var(ddof=1)), float(other.var(ddof=1))
    low = high = p_means = g = None
    if spread > 1e-12 * max(float(np.abs(one).max()), float(np.abs(other).max())):
        reach = float(stats.t.ppf(0.975, n - 1)) * spread / math.sqrt(n)
        low, high = mean - reach, mean + reach
        p_means = 2 * float(stats.t.sf(abs(mean) / spread * math.sqrt(n), n - 1))
        if va + vb > 0:
            g = mean / math.sqrt((va + vb) / 2) * unbiased(n - 1)
    exact = n <= 50 and len(set(np.abs(gaps).tolist())) == n and gaps.all()
    signed: Any = stats.wilcoxon(gaps, method="exact" if exact else "approx") if gaps.any() else None
    return {
        "n_first": n, "n_second": n, "mean_first": float(one.mean()), "mean_second": float(other.mean()),
        "deviation_first": math.sqrt(va), "deviation_second": math.sqrt(vb), "difference": mean, "low": low,
        "high": high, "g": g, "p": 1.0 if signed is None else float(signed.pvalue), "p_means": p_means,
        "superiority": float(np.mean(gaps > 0) + 0.5 * np.mean(gaps == 0)), "deviation_pairs": spread,
    }  # fmt: skip


def blocked(one: np.ndarray, other: np.ndarray, blocks: tuple[Sequence[str], Sequence[str]]) -> dict[str, Any]:
    """Compare two groups by least squares with every block's own level taken out.

    Args:
        one: Values of the first group.
        other: Values of the second.
        blocks: The block of each value of both; every block holds values of both groups.

    Returns:
        The keys of `contrast`, ``p`` being that of the t test of the difference, as ``p_means`` is; ``superiority``
        counts pairs of one block.
    """
    from scipy import stats

    names = sorted(set(blocks[0]))
    y = np.concatenate([one, other])
    held = np.array([*blocks[0], *blocks[1]])
    first = np.arange(len(y)) < len(one)
    design = np.column_stack([first.astype(float), *((held == name).astype(float) for name in names)])
    solved = np.linalg.lstsq(design, y, rcond=None)[0]
    degrees = len(y) - design.shape[1]
    residual = y - design @ solved
    scatter = math.sqrt(float(residual @ residual) / degrees)
    difference = float(solved[0])
    low = high = p_means = g = None
    if scatter > 1e-12 * float(np.abs(y).max()):
        error = scatter * math.sqrt(float(np.linalg.inv(design.T @ design)[0, 0]))
        reach = float(stats.t.ppf(0.975, degrees)) * error
        low, high = difference - reach, difference + reach
        p_means = 2 * float(stats.t.sf(abs(difference) / error, degrees))
        g = difference / scatter * unbiased(degrees)
    same = np.array(blocks[0])[:, None] == np.array(blocks[1])[None, :]
    above = (one[:, None] > other[None, :]) + 0.5 * (one[:, None] == other[None, :])
    return {
        "n_first": len(one), "n_second": len(other), "mean_first": float(one.mean()),
        "mean_second": float(other.mean()), "deviation_first": float(one.std(ddof=1)),
        "deviation_second": float(other.std(ddof=1)), "difference": difference, "low": low,
        "high": high, "g": g, "p": 1.0 if p_means is None else p_means,
        "p_means": p_means, "superiority": float(above[same].mean()), "deviation_pairs": scatter,
    }  # fmt: skip


def enough(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the values of two groups, by their blocks, leave freedom enough for `blocked`."""
    return len(one) + len(other) - 1 - len(set(one)) >= FREEDOM


def at_worst(compare: Callable[[np.ndarray, np.ndarray], dict[str, Any]], one: Pair, other: Pair) -> dict[str, Any]:
    """A comparison of values that are known as ranges: what it says wherever in them they lie.

    Args:
        compare: Compares two groups of values.
        one: The least and the most of every value of the first group.
        other: The same of the second.

    Returns:
        The comparison of the middles; where ranges are wider than nothing, with the interval that covers both extremes
        and the larger p of them.
    """
    found = compare((one[0] + one[1]) / 2, (other[0] + other[1]) / 2)
    if np.array_equal(one[0], one[1]) and np.array_equal(other[0], other[1]):
        return found
    ends = [compare(one[0], other[1]), compare(one[1], other[0]), dict(found)]
    for key, choose in (("low", min), ("high", max), ("p", max), ("p_means", max)):
        values = [end[key] for end in ends]
        found[key] = None if any(value is None for value in values) else choose(values)
    return found
