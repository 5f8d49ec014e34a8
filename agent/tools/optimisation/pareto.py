"""Several objectives at once: the Pareto front, its hypervolume, and what a point is expected to add to it.

All scores are to be maximised. The region that a front leaves undominated is cut into boxes that reach up to infinity
in the last objective, so that the hypervolume that independent normal predictions add has a closed form.

Source: Yang, Emmerich, Deutz, Baeck, "Efficient computation of expected hypervolume improvement using box
decomposition algorithms" (2019).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from agent.tools.optimisation.acquisition import expected_improvement

FRONT = {2: 60, 3: 24, 4: 10}
"""Most front points that the boxes are made of, by the number of objectives: boxes multiply with both."""
MARGIN = 0.1
"""How far below the worst of the front the reference point is, as a share of the front's range."""


@dataclass(frozen=True)
class Boxes:
    """The undominated region above a reference point.

    Attributes:
        low: Lower corners, shape (boxes, m).
        high: Upper corners, infinite where nothing bounds them, shape (boxes, m).
    """

    low: np.ndarray
    high: np.ndarray

    def added(self, points: np.ndarray) -> np.ndarray:
        """Hypervolume that each point alone would add, shape (n,) for points of shape (n, m)."""
        sides = np.clip(np.minimum(points[:, None, :], self.high) - self.low, 0, None)
        return sides.prod(axis=2).sum(axis=1)

    def expected(self, mean: np.ndarray, deviation: np.ndarray) -> np.ndarray:
        """Expected hypervolume that independent normal outcomes would add.

        Args:
            mean: Shape (n, m).
            deviation: Above 0, shape (n, m).

        Returns:
            Shape (n,).
        """
        total = np.ones((len(self.low), len(mean)))
        for column in range(mean.shape[1]):
            # E[max(0, min(y, high) - low)] = E[max(0, y - low)] - E[max(0, y - high)]
            edges = np.unique(np.concatenate([self.low[:, column], self.high[:, column]]))
            above = {
                float(edge): expected_improvement(mean[:, column], deviation[:, column], float(edge))
                for edge in edges
                if np.isfinite(edge)
            }
            above[float("inf")] = np.zeros(len(mean))
            total *= np.stack(
                [
                    above[float(low)] - above[float(high)]
                    for low, high in zip(self.low[:, column], self.high[:, column], strict=True)
                ]
            )
        return np.clip(total, 0, None).sum(axis=0)


def front_rows(scores: np.ndarray) -> np.ndarray:
    """Rows that no other row betters in every objective, shape (k,); of equal rows the first.

    Args:
        scores: Shape (n, m); rows with NaN are never on the front.
    """
    kept = []
    for row in np.flatnonzero(np.isfinite(scores).all(axis=1)):
        better = (scores >= scores[row]).all(axis=1) & (scores > scores[row]).any(axis=1)
        equal = (scores[:row] == scores[row]).all(axis=1)
        if not better.any() and not equal.any():
            kept.append(row)
    return np.asarray(kept, dtype=int)


def reference_point(scores: np.ndarray) -> np.ndarray:
    """A point a little worse than the worst of the front in every objective, shape (m,).

    Source: Ishibuchi, Imada, Setoguchi, Nojima, "How to specify a reference point in hypervolume calculation" (2018).

    Args:
        scores: Shape (n, m), at least one row without NaN.
    """
    front = scores[front_rows(scores)]
    whole = scores[np.isfinite(scores).all(axis=1)]
    span = np.ptp(front, axis=0) if len(front) > 1 else np.ptp(whole, axis=0)
    return front.min(axis=0) - MARGIN * np.where(span > 0, span, 1.0)


def boxes(front: np.ndarray, reference: np.ndarray) -> Boxes:
    """The region above a reference point that a front leaves undominated, in boxes that do not overlap.

    Args:
        front: Shape (k, m), m at least 2; points that are not above the reference point count as not there.
        reference: Shape (m,).
    """
    count = len(reference)
    front = front[(front > reference).all(axis=1)].reshape(-1, count)
    front = front[front_rows(front)].reshape(-1, count)
    most = FRONT.get(count, 5)
    if len(front) > most:
        # Evenly along the first objective: the ends of the front are kept.
        order = np.argsort(front[:, 0], kind="stable")
        front = front[order[np.unique(np.linspace(0, len(order) - 1, most).astype(int))]]
    edges = [np.unique(np.concatenate([[reference[j]], front[:, j]])) for j in range(count - 1)]
    low, high = [], []
    for cell in itertools.product(*(range(len(edge)) for edge in edges)):
        corner = np.asarray([edges[j][place] for j, place in enumerate(cell)])
        top = [edges[j][place + 1] if place + 1 < len(edges[j]) else np.inf for j, place in enumerate(cell)]
        # Within the cell, whoever is better than its lower corner in these objectives dominates up to its last.
        over = front[(front[:, :-1] > corner).all(axis=1), -1]
        low.append([*corner, max([reference[-1], *over])])
        high.append([*top, np.inf])
    return Boxes(np.asarray(low, dtype=float), np.asarray(high, dtype=float))


def hypervolume(front: np.ndarray, reference: np.ndarray) -> float:
    """Volume that a front dominates above a reference point.

    Args:
        front: Shape (k, m).
        reference: Shape (m,).
    """
    above = front[(front > reference).all(axis=1)].reshape(-1, len(reference))
    if not len(above):
        return 0.0
    volume = 0.0
    for place in range(len(above)):
        volume += float(boxes(above[:place], reference).added(above[[place]])[0])
    return volume
