"""Ratings from pairwise verdicts: Bradley-Terry strengths with intervals."""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.records import Verdict

BASE, SCALE = 1500.0, 400.0 / math.log(10)
"""Ratings are shown on the scale of chess: a difference of 400 is odds of ten to one."""

PRIOR_SD = 1.5
"""Standard deviation, in natural-log odds, of the normal prior that keeps a strength finite that always wins."""


RESEARCHER = "researcher"
"""Judge of verdicts that follow from what the researcher said of a hypothesis."""

RESEARCHER_WEIGHT = 12.0
"""How many verdicts of a machine one of the researcher's outweighs: two hypotheses can meet in three verdicts of a
model at most, and each also gains or loses against all others, which the researcher may not have judged."""


@dataclass(frozen=True)
class Ratings:
    """Ratings with their intervals, and how many verdicts they rest on.

    Attributes:
        table: Rating, low and high by id, in the order the ids were given.
        used: Verdicts that counted.
        ignored: Verdicts about an unknown id, or of something against itself.
    """

    table: dict[str, tuple[float, float, float]]
    used: int
    ignored: int


def rate(ids: Sequence[str], verdicts: Iterable[Verdict]) -> dict[str, tuple[float, float, float]]:
    """Rate what was compared pairwise.

    Args:
        ids: What is rated.
        verdicts: Outcomes in any order; ties count as half a win for each side, and a verdict of the researcher as
            many (`RESEARCHER_WEIGHT`).

    Returns:
        Rating, low and high (95 % interval) by id. The order of the verdicts, or of the ids, changes no number.
    """
    return fit(ids, verdicts).table


def fit(ids: Sequence[str], verdicts: Iterable[Verdict], *, prior_sd: float = PRIOR_SD) -> Ratings:
    """Maximum a posteriori Bradley-Terry strengths by Newton's method, intervals from the Hessian.

    The log posterior is strictly concave, so the answer is unique: sum over pairs of
    ``wins_ij log sigmoid(s_i - s_j)`` with ``s ~ N(0, prior_sd^2)``.

    Args:
        ids: What is rated; repeated ids count once.
        verdicts: Outcomes; those about unknown ids or of an id against itself are ignored and counted.
        prior_sd: Standard deviation of the prior in natural-log odds.

    Returns:
        The ratings on the scale of chess (mean 1500).

    Source:
        R. A. Bradley, M. E. Terry, Biometrika 39 (1952) 324; ties as half wins after H. Davidson's limiting case;
        Laplace's approximation for the interval.
    """
    import numpy as np

    unique = list(dict.fromkeys(ids))
    order = {name: index for index, name in enumerate(sorted(unique))}
    wins = np.zeros((len(order), len(order)))
    used = ignored = 0
    for verdict in verdicts:
        one, other = order.get(verdict.first), order.get(verdict.second)
        if one is None or other is None or one == other:
            ignored += 1
            continue
        used += 1
        share = {"first": 1.0, "second": 0.0, "tie": 0.5}[verdict.winner]
        weight = RESEARCHER_WEIGHT if verdict.judge == RESEARCHER else 1.0
        wins[one, other] += weight * share
        wins[other, one] += weight * (1.0 - share)
    games = wins + wins.T
    strengths = np.zeros(len(order))
    information = np.eye(len(order)) / prior_sd**2
    for _ in range(100):
        expected = 1.0 / (1.0 + np.exp(-(strengths[:, None] - strengths[None, :])))
        weights = games * expected * (1.0 - expected)
        gradient = (wins - games * expected).sum(axis=1) - strengths / prior_sd**2
        information = np.diag(weights.sum(axis=1)) - weights + np.eye(len(order)) / prior_sd**2
        step = np.linalg.solve(information, gradient)
        strengths = strengths + step
        if np.max(np.abs(step), initial=0.0) < 1e-10:
            break
    spread = np.sqrt(np.diag(np.linalg.inv(information))) if unique else np.zeros(0)
    table: dict[str, tuple[float, float, float]] = {}
    for name in unique:
        value, sd = float(strengths[order[name]]), float(spread[order[name]])
        table[name] = (_shown(value), _shown(value - 1.96 * sd), _shown(value + 1.96 * sd))
    return Ratings(table, used, ignored)


def _shown(strength: float) -> float:
    """A strength on the scale shown, rounded so that the order of summation cannot show in the last digits."""
    return round(BASE + SCALE * strength, 6)


def pairings(ids: Sequence[str], *, both_orders: bool = False, seed: int = 0) -> list[tuple[str, str]]:
    """Every pair to compare, with sides balanced: each id stands first about as often as second.

    Args:
        ids: What is compared.
        both_orders: Ask each pair in both orders (a judge whose answer may depend on the order).
        seed: The same seed gives the same order of pairs.

    Returns:
        The pairs, shuffled.
    """
    pairs = []
    for (i, one), (j, other) in itertools.combinations(enumerate(dict.fromkeys(ids)), 2):
        pair = (one, other) if (i + j) % 2 else (other, one)
        pairs += [pair, pair[::-1]] if both_orders else [pair]
    random.Random(seed).shuffle(pairs)
    return pairs


def unsettled(verdicts: Iterable[Verdict]) -> list[tuple[str, str]]:
    """Pairs that were judged more than once with opposite outcomes, equally often: worth one more verdict.

    Args:
        verdicts: Outcomes so far.

    Returns:
        The pairs, sorted. Where both orders disagree, a third verdict turns an error rate of 20 % for one verdict into
        one of about 10 % for the pair.
    """
    wins: Counter[tuple[str, str]] = Counter()
    for verdict in verdicts:
        if verdict.winner != "tie" and verdict.first != verdict.second:
            winner, loser = verdict.first, verdict.second
            if verdict.winner == "second":
                winner, loser = loser, winner
            wins[winner, loser] += 1
    return sorted((a, b) for (a, b), count in wins.items() if a < b and wins[b, a] == count)
