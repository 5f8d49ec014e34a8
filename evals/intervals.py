"""Intervals of measured means, and balanced subsets of cases."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

Case = TypeVar("Case")


def bootstrap(
    values: Sequence[float],
    *,
    statistic: Callable[[Sequence[float]], float] = statistics.fmean,
    resamples: int = 2000,
    seed: int = 0,
) -> tuple[float, float] | None:
    """95 % percentile bootstrap interval of a statistic (Efron and Tibshirani, 1993); ``None`` for fewer than two.

    Args:
        values: One figure a case.
        statistic: What is made of them, by default their mean.
        resamples: How often the cases are drawn again, with replacement.
        seed: Of the draws, so that a report can be repeated.
    """
    if len(values) < 2:
        return None
    draw = random.Random(seed)
    found = sorted(statistic(draw.choices(values, k=len(values))) for _ in range(resamples))
    return found[round(0.025 * (resamples - 1))], found[round(0.975 * (resamples - 1))]


def balanced(cases: Sequence[Case], kind: Callable[[Case], Hashable], limit: int | None) -> list[Case]:
    """At most ``limit`` cases, in their order, with every kind represented as evenly as the numbers allow.

    Args:
        cases: All of them.
        kind: What a case is an example of.
        limit: Most cases; ``None`` for all.
    """
    if limit is None or limit >= len(cases):
        return list(cases)
    waiting: dict[Hashable, list[int]] = {}
    for index, case in enumerate(cases):
        waiting.setdefault(kind(case), []).append(index)
    chosen: list[int] = []
    while len(chosen) < limit:
        for indices in waiting.values():
            if indices and len(chosen) < limit:
                chosen.append(indices.pop(0))
    return [cases[index] for index in sorted(chosen)]
