"""Non-dominated candidates: those that no other beats in one objective without losing in another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def fronts(goods: Sequence[Sequence[float]]) -> list[int]:
    """The front of each candidate: 1 for the non-dominated, 2 for those that only front 1 dominates, and so on.

    Args:
        goods: For each candidate one number per objective, more being better.

    Returns:
        The fronts, in order.

    Source:
        Non-dominated sorting: K. Deb et al., IEEE Trans. Evol. Comput. 2002, 6, 182.
    """
    table = np.asarray(goods, dtype=float)
    if not len(table):
        return []
    atleast = (table[:, None, :] >= table[None, :, :]).all(axis=2)
    better = (table[:, None, :] > table[None, :, :]).any(axis=2)
    dominates = atleast & better
    found = np.zeros(len(table), dtype=int)
    front = 0
    while (found == 0).any():
        front += 1
        left = found == 0
        beaten = (dominates & left[:, None]).any(axis=0)
        found[left & ~beaten] = front
    return found.tolist()
