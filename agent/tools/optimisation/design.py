"""First designs: rows far from each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

DESIGN_POOL = 400
"""The spread design chooses among so many rows drawn at random: among all, it would take corners only."""


def spread_rows(
    blocks: list[np.ndarray], used: Sequence[int], free: np.ndarray, count: int, rng: np.random.Generator
) -> list[int]:
    """Rows far from each other and from those already used (greedy maximin).

    Source: Johnson, Moore, Ylvisaker, "Minimax and maximin distance designs" (1990).
    """
    table = np.hstack(blocks)
    open_rows = np.flatnonzero(free)
    among = rng.permutation(open_rows)[:DESIGN_POOL]
    chosen: list[int] = []
    nearest = np.full(len(among), np.inf)
    for row in used:
        nearest = np.minimum(nearest, ((table[among] - table[row]) ** 2).sum(axis=1))
    while len(chosen) < count:
        # The first of all is any row; a table larger than the sample may need rows from outside it at the end.
        left = [place for place in range(len(among)) if among[place] not in chosen]
        if not left:
            rest = [int(row) for row in open_rows if row not in chosen]
            return [*chosen, *rest[: count - len(chosen)]]
        place = max(left, key=lambda one: nearest[one])
        chosen.append(int(among[place]))
        nearest = np.minimum(nearest, ((table[among] - table[among[place]]) ** 2).sum(axis=1))
    return chosen
