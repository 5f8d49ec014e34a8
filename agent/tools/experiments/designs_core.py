"""Factorial and space-filling designs as plain tables."""

from __future__ import annotations

import itertools
import random
from collections.abc import Mapping, Sequence

from agent.errors import RepairableToolError

Level = str | float
MOST_RUNS = 10_000


def full_factorial(factors: Mapping[str, Sequence[Level]]) -> list[dict[str, Level]]:
    """Every combination of levels, the last factor changing fastest.

    Args:
        factors: Levels by factor.

    Returns:
        One mapping a run.

    Raises:
        RepairableToolError: No factors, a factor with repeated or fewer than two levels, or too many runs.
    """
    if not factors:
        raise RepairableToolError("factors: none given", remedy='Give for instance {"pH": [5, 7]}.')
    runs = 1
    for name, levels in factors.items():
        if len(levels) < 2 or len({str(level) for level in levels}) != len(levels):
            raise RepairableToolError(
                f"factors: '{name}' has {len(levels)} level(s), or repeats one",
                remedy="Give two or more different levels.",
            )
        runs *= len(levels)
    if runs > MOST_RUNS:
        raise RepairableToolError(
            f"factors: {runs} combinations are more than {MOST_RUNS}",
            remedy="Use fewer levels, or a fractional design.",
        )
    return [dict(zip(factors, row, strict=True)) for row in itertools.product(*factors.values())]


def fractional_factorial(
    factors: Mapping[str, Sequence[Level]], generators: Mapping[str, str]
) -> tuple[list[dict[str, Level]], tuple[str, ...]]:
    """A two-level fraction in which some factors follow the product of others.

    Args:
        factors: Two levels by factor, low then high.
        generators: For each generated factor the factors whose product it follows, joined by ``*``, with an optional
            leading minus: ``{"D": "A*B*C"}``.

    Returns:
        The runs, and the words of the defining relation (sets of factors whose product is constant), shortest first;
        the length of the shortest is the design's resolution.

    Raises:
        RepairableToolError: A factor has other than two levels, or a generator names an unknown or generated factor.
    """
    for name, levels in factors.items():
        if len(levels) != 2:
            raise RepairableToolError(
                f"factors: '{name}' has {len(levels)} levels, and a fractional design needs two",
                remedy="Give low and high, or make a full design.",
            )
    words, base = _words(factors, generators)
    signs: list[dict[str, int]] = [
        dict(zip(base, row, strict=True)) for row in itertools.product((-1, 1), repeat=len(base))
    ]
    for name, (parents, sign) in words.items():
        for run in signs:
            product = sign
            for parent in parents:
                product *= run[parent]
            run[name] = product
    table = [{name: factors[name][(run[name] + 1) // 2] for name in factors} for run in signs]
    return table, _defining_relation({name: frozenset({name, *parents}) for name, (parents, _) in words.items()})


def _words(
    factors: Mapping[str, Sequence[Level]], generators: Mapping[str, str]
) -> tuple[dict[str, tuple[tuple[str, ...], int]], list[str]]:
    if not generators:
        raise RepairableToolError("generators: none given", remedy='Give for instance {"D": "A*B*C"}.')
    base = [name for name in factors if name not in generators]
    words: dict[str, tuple[tuple[str, ...], int]] = {}
    for name, word in generators.items():
        parents = tuple(part.strip() for part in word.strip().removeprefix("-").split("*"))
        if name not in factors or any(parent not in base for parent in parents) or len(set(parents)) != len(parents):
            raise RepairableToolError(
                f"generators: '{name} = {word}' cannot be used",
                remedy=f"Generate one of the factors from different ones of {', '.join(base) or 'the others'}.",
            )
        words[name] = (parents, -1 if word.strip().startswith("-") else 1)
    return words, base


def _defining_relation(generators: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    words = set()
    for size in range(1, len(generators) + 1):
        for chosen in itertools.combinations(generators.values(), size):
            word: frozenset[str] = frozenset()
            for part in chosen:
                word = word ^ part
            words.add(word)
    return tuple(sorted(("*".join(sorted(word)) for word in words), key=lambda word: (word.count("*"), word)))


def randomised(runs: Sequence[Mapping[str, Level]], replicates: int, seed: int) -> list[dict[str, Level]]:
    """The runs, replicated and in random order, with their standard order and replicate number kept.

    Args:
        runs: One mapping a run.
        replicates: How often each run is made.
        seed: The same seed gives the same order.

    Returns:
        Mappings with ``order`` (1 is made first), ``standard_order`` and ``replicate`` added.
    """
    if replicates < 1:
        raise RepairableToolError(f"replicates: {replicates} is too few", remedy="Give 1 or more.")
    table = [
        {"standard_order": float(index), "replicate": float(replicate), **run}
        for replicate in range(1, replicates + 1)
        for index, run in enumerate(runs, start=1)
    ]
    random.Random(seed).shuffle(table)
    return [{"order": float(order), **run} for order, run in enumerate(table, start=1)]


def space_filling(
    bounds: Mapping[str, tuple[float, float]], count: int, method: str, seed: int
) -> list[dict[str, float]]:
    """Points that fill a box evenly.

    Args:
        bounds: Low and high by factor.
        count: Number of points.
        method: ``lhs`` (Latin hypercube) or ``sobol`` (scrambled; balanced for powers of two).
        seed: The same seed gives the same points.

    Returns:
        One mapping a point.

    Raises:
        RepairableToolError: Bounds that are empty or the wrong way round, or a count below one.
    """
    import numpy as np
    from scipy.stats import qmc

    if not bounds:
        raise RepairableToolError("bounds: none given", remedy='Give for instance {"temperature": [20, 80]}.')
    for name, (low, high) in bounds.items():
        if not (np.isfinite(low) and np.isfinite(high) and low < high):
            raise RepairableToolError(f"bounds: '{name}' runs from {low} to {high}", remedy="Give low < high.")
    if not 1 <= count <= MOST_RUNS:
        raise RepairableToolError(f"count: {count} is not between 1 and {MOST_RUNS}")
    if method == "sobol":
        engine = qmc.Sobol(len(bounds), rng=np.random.default_rng(seed))
        unit = engine.random_base2((count - 1).bit_length())[:count]
    else:
        unit = qmc.LatinHypercube(len(bounds), rng=np.random.default_rng(seed)).random(count)
    low, high = np.array(list(bounds.values()), dtype=float).T
    return [dict(zip(bounds, map(float, row), strict=True)) for row in qmc.scale(unit, low, high)]
