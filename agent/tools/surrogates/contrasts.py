"""Statistics of two groups and of many: differences of means, rank tests, and differences at equal covariates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

RANKED = 5
"""Rows in each group from which the rank test decides: with fewer, its least possible p is too large to tell."""

EXACT = 20
"""Rows in the smaller group up to which the rank test counts every arrangement."""

FREEDOM = 5
"""Fewest degrees of freedom that a least-squares fit must leave."""


def contrast(one: Sequence[float], other: Sequence[float]) -> dict[str, Any]:
    """Compare two groups of values.

    Args:
        one: Values of the first group, at least two.
        other: Values of the second, at least two.

    Returns:
        Means and deviations of both, ``difference`` (first minus second) with Welch's 95 % interval ``low`` and
        ``high``, Hedges' ``g`` and ``p_means`` of Welch's test (all ``None`` where neither group spreads), ``p`` of the
        two-sided Mann-Whitney test, and ``superiority``: how often a value of the first exceeds one
        of the second, ties counted half.

    Source:
        B. L. Welch, Biometrika 34 (1947) 28; L. V. Hedges, J. Educ. Stat. 6 (1981) 107; H. B. Mann, D. R. Whitney,
        Ann. Math. Stat. 18 (1947) 50.
    """
    from scipy import stats

    a, b = np.asarray(one, float), np.asarray(other, float)
    n, m = len(a), len(b)
    difference = float(a.mean() - b.mean())
    va, vb = float(a.var(ddof=1)), float(b.var(ddof=1))
    error = va / n + vb / m
    scale = max(float(np.abs(a).max()), float(np.abs(b).max()))
    low = high = g = p_means = None
    if math.sqrt(error) > 1e-12 * scale:  # not only the last digit of equal values
        freedom = error**2 / ((va / n) ** 2 / (n - 1) + (vb / m) ** 2 / (m - 1))
        reach = float(stats.t.ppf(0.975, freedom)) * math.sqrt(error)
        low, high = difference - reach, difference + reach
        p_means = 2 * float(stats.t.sf(abs(difference) / math.sqrt(error), freedom))
        degrees = n + m - 2
        pooled = math.sqrt(((n - 1) * va + (m - 1) * vb) / degrees)
        g = difference / pooled * unbiased(degrees)
    above = float(np.sum(a[:, None] > b[None, :]) + 0.5 * np.sum(a[:, None] == b[None, :]))
    return {
        "n_first": n, "n_second": m, "mean_first": float(a.mean()), "mean_second": float(b.mean()),
        "deviation_first": math.sqrt(va), "deviation_second": math.sqrt(vb), "difference": difference, "low": low,
        "high": high, "g": g, "p": rank_p(a.tolist(), b.tolist()), "p_means": p_means, "superiority": above / (n * m),
    }  # fmt: skip


def unbiased(degrees: int) -> float:
    """Hedges' correction of a standardised difference for few degrees of freedom, in its exact form."""
    return math.exp(math.lgamma(degrees / 2) - math.lgamma((degrees - 1) / 2)) / math.sqrt(degrees / 2)


def rank_p(one: Sequence[float], other: Sequence[float]) -> float:
    """Two-sided p of the Mann-Whitney test: exact with ties for small groups, else normal with ties and continuity.

    Args:
        one: Values of the first group.
        other: Values of the second.
    """
    from scipy import stats

    values = np.concatenate([np.asarray(one, float), np.asarray(other, float)])
    if len(set(values.tolist())) < 2:
        return 1.0
    smaller = min(len(one), len(other))
    if smaller > EXACT or len(values) > 4 * EXACT:
        found: Any = stats.mannwhitneyu(one, other, alternative="two-sided", method="asymptotic")
        return float(found.pvalue)
    ranks = np.rint(2 * stats.rankdata(values)).astype(int)  # twice the midranks: whole numbers
    total = int(ranks.sum())
    ways = np.zeros((smaller + 1, total + 1))  # ways[k, s]: choices of k ranks that add up to s
    ways[0, 0] = 1.0
    for rank in ranks:
        ways[1:, rank:] += ways[:-1, : total + 1 - rank].copy()
    chosen = ranks[: len(one)] if len(one) == smaller else ranks[len(one) :]
    centre = smaller * total / len(values)
    away = np.abs(np.arange(total + 1) - centre) >= abs(int(chosen.sum()) - centre) - 1e-9
    return min(1.0, float(ways[smaller][away].sum() / ways[smaller].sum()))


def overall_p(groups: Sequence[Sequence[float]]) -> float | None:
    """The p of the Kruskal-Wallis test over all groups; ``None`` where every value is the same.

    Args:
        groups: Values by group.

    Source:
        W. H. Kruskal, W. A. Wallis, J. Am. Stat. Assoc. 47 (1952) 583.
    """
    from scipy import stats

    if len({value for group in groups for value in group}) < 2:
        return None
    found: Any = stats.kruskal(*groups)
    return float(found.pvalue)


@dataclass(frozen=True)
class Adjusted:
    """A difference at equal covariates; ``why`` says why there is none.

    Attributes:
        difference: First minus second; ``None`` if it cannot be computed.
        low: Lower end of its 95 % interval.
        high: Upper end.
        rows: Rows with all columns filled.
        held: Covariates in the fit.
        why: Empty if there is a difference.
    """

    difference: float | None
    low: float | None
    high: float | None
    rows: int
    held: tuple[str, ...]
    why: str = ""


def adjusted(values: np.ndarray, first: np.ndarray, covariates: np.ndarray, names: Sequence[str]) -> Adjusted:
    """The difference of two groups with other columns held equal, by ordinary least squares.

    Args:
        values: The outcome, shape (rows,); NaN where it is missing.
        first: Whether a row belongs to the first group (all others belong to the second), shape (rows,).
        covariates: Shape (columns, rows), NaN where missing. A column that is constant, or filled in fewer than four
            of five rows, is left out.
        names: Of the covariates.

    Returns:
        The coefficient of the group with Student's interval; none, with the reason, where rows are too few or the
        columns determine the group or each other.
    """
    from scipy import stats

    present = np.isfinite(values)
    kept = [
        place
        for place, column in enumerate(covariates)
        if np.isfinite(column[present]).mean() >= 0.8 and len(set(column[present & np.isfinite(column)].tolist())) > 1
    ]
    held = tuple(names[place] for place in kept)
    if not kept:
        return Adjusted(None, None, None, int(present.sum()), (), "no other numeric column varies")
    rows = present & np.isfinite(covariates[kept]).all(axis=0)
    count = int(rows.sum())
    inside = first[rows]
    if count - len(kept) - 2 < FREEDOM or min(int(inside.sum()), int((~inside).sum())) < 2:
        return Adjusted(
            None, None, None, count, held, f"{count} complete rows are too few for {len(kept)} other columns"
        )
    others = covariates[kept][:, rows]
    scaled = (others - others.mean(axis=1, keepdims=True)) / np.maximum(others.std(axis=1, keepdims=True), 1e-300)
    design = np.vstack([np.ones(count), inside.astype(float), scaled]).T
    if np.linalg.matrix_rank(design, tol=1e-8 * math.sqrt(count)) < design.shape[1]:
        return Adjusted(None, None, None, count, held, "the other columns determine the group or each other")
    y = values[rows]
    solved = np.linalg.lstsq(design, y, rcond=None)[0]
    degrees = count - design.shape[1]
    residual = y - design @ solved
    covariance = np.linalg.inv(design.T @ design) * float(residual @ residual) / degrees
    reach = float(stats.t.ppf(0.975, degrees)) * math.sqrt(max(float(covariance[1, 1]), 0.0))
    effect = float(solved[1])
    return Adjusted(effect, effect - reach, effect + reach, count, held)
