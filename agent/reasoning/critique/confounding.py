"""Confounders: what varies along with a supposed cause, and what is left of its effect when that is held constant."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.reasoning.hypotheses.knowledge import NO_CAUSES, family, mechanism
from agent.reasoning.hypotheses.table import Table
from agent.vocabulary import by_key

ALONG = 0.5
"""Least rank correlation with the supposed cause that makes a confounder."""

BEARING = 0.3
"""Least rank correlation with the outcome."""

LEAST = 6
"""Fewest candidates for a partial correlation."""

SHOWN = 3

PREDICTED = frozenset({"admet", "chgnet"})
"""Engines whose values are predicted consequences of a structure."""


@dataclass(frozen=True)
class Partial:
    """A partial rank correlation with its 95 % interval."""

    rho: float
    low: float
    high: float


@dataclass(frozen=True)
class Confounder:
    """A quantity that goes with the supposed cause and with the outcome.

    Attributes:
        quantity: Its key.
        along: Its rank correlation with the cause.
        bearing: And with the outcome.
        left: What is left between cause and outcome when it is held constant.
        count: Candidates that all three are known of.
    """

    quantity: str
    along: float
    bearing: float
    left: Partial
    count: int

    @property
    def explains(self) -> bool:
        """Whether nothing that is distinguishable from zero is left of the cause."""
        return self.left.low <= 0 <= self.left.high


def partial_rank(x: Sequence[float], y: Sequence[float], z: Sequence[float]) -> Partial:
    """The rank correlation of two quantities with a third held constant.

    Args:
        x: One value a candidate; not constant.
        y: The same of the second.
        z: The same of the third.

    Returns:
        Spearman's partial correlation; where the third determines one of the others wholly, nothing can be told, and
        the interval is everything.

    Source:
        M. G. Kendall, Biometrika 32 (1942) 277, with Spearman's coefficients; interval after D. G. Bonett, T. A.
        Wright, Psychometrika 65 (2000) 23, with one degree of freedom less.
    """
    xy, xz, yz = rank_correlation(x, y), rank_correlation(x, z), rank_correlation(y, z)
    rest = (1 - xz**2) * (1 - yz**2)
    if rest < 1e-9:
        return Partial(0.0, -1.0, 1.0)
    rho = max(min((xy - xz * yz) / math.sqrt(rest), 1.0), -1.0)
    half = 1.96 * math.sqrt((1 + rho**2 / 2) / max(len(x) - 4, 1))
    centre = math.atanh(max(min(rho, 1 - 1e-12), -1 + 1e-12))
    return Partial(rho, math.tanh(centre - half), math.tanh(centre + half))


def rank_correlation(x: Sequence[float], y: Sequence[float]) -> float:
    """Spearman's coefficient of two quantities, neither of them constant; ties share their mean rank."""
    from scipy import stats

    result: Any = stats.spearmanr(x, y)
    return float(result.statistic)


def confounders(table: Table, outcome: str, cause: Mapping[str, float], driver: str = "") -> tuple[Confounder, ...]:
    """What varies along with a cause, the ones that leave least of it first.

    Args:
        table: The candidates.
        outcome: Quantity that is said to be moved.
        cause: The cause's value by candidate id: a driver's column, or 1 for members of a group and 0 for the others.
        driver: Key of the cause, if it is a quantity.

    Returns:
        At most `SHOWN`, of different properties. Only what a structure, composition or sequence has by itself counts;
        scores, and what a model predicts of it, are causes only where a textbook mechanism makes them so.
    """
    found = []
    for name in table.varying:
        if name in (outcome, driver) or name in NO_CAUSES or family(name) in (family(outcome), family(driver) or "-"):
            continue
        known = by_key().get(name)
        if mechanism(outcome, name) is None and (known is None or known.engine in PREDICTED):
            continue
        members = [c for c in table.columns[outcome] if c in cause and c in table.columns[name]]
        x, y = [cause[c] for c in members], [table.columns[outcome][c] for c in members]
        z = [table.columns[name][c] for c in members]
        if len(members) < LEAST or min(len(set(x)), len(set(y)), len(set(z))) < 2:
            continue
        along, bearing = rank_correlation(x, z), rank_correlation(y, z)
        if abs(along) >= ALONG and abs(bearing) >= BEARING:
            found.append(Confounder(name, along, bearing, partial_rank(x, y, z), len(members)))
    found.sort(key=lambda one: (not one.explains, abs(one.left.rho), one.quantity))
    return tuple({family(one.quantity): one for one in reversed(found)}.values())[::-1][:SHOWN]
