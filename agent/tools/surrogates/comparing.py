"""The comparisons of one column of groups: every two of its values in an outcome, in the design that the rows have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from agent.tools.levels import LEAST_MEMBERS, Grouping
from agent.tools.surrogates.contrasts import RANKED, adjusted, contrast, overall_p
from agent.tools.surrogates.matched import SIGNED, Pair, at_worst, blocked, enough, paired
from agent.tools.surrogates.observed import Observed
from agent.tools.surrogates.units import Units, find_units, summarised, time_of
from agent.tools.tables import Table


@dataclass(frozen=True)
class Compared:
    """Groups as they are compared.

    Attributes:
        groups: Places of rows by level; of units, where their means are compared.
        units: What ties rows together, if anything does.
        observed: The columns over those rows or units.
        outcomes: Places of the columns that are compared.
        covariates: Places of the columns that are held equal.
        along: The column along which the units were followed; empty if along none.
    """

    groups: Grouping
    units: Units | None
    observed: Observed
    outcomes: tuple[int, ...]
    covariates: tuple[int, ...]
    along: str = ""

    @property
    def design(self) -> str:
        """How the groups are compared."""
        return self.units.design if self.units else "independent"


def prepare(
    table: Table,
    groups: Grouping,
    observed: Observed,
    outcomes: Sequence[int],
    covariates: Sequence[int],
    numeric: Sequence[int],
) -> Compared:
    """Find what ties the rows together, and put one row for each unit where units lie within the groups.

    Args:
        table: The table.
        groups: The groups that are compared.
        observed: Its columns of measurements.
        outcomes: Places in ``observed`` of the columns that are compared.
        covariates: Those of the columns that are held equal.
        numeric: Places in the table of its columns of numbers.
    """
    units = find_units(table, groups, numeric)
    plain = Compared(groups, units, observed, tuple(outcomes), tuple(covariates))
    if units is None or units.design != "unit means":
        return plain
    names = [observed.names[o] for o in outcomes]
    place = time_of(table, units, numeric, names)
    along = table.header[place].strip() if place is not None else ""
    column = observed.names.index(along) if along in observed.names else None
    kept = [o for o in outcomes if o != column] or [o for o in range(len(observed.names)) if o != column]
    means = summarised(observed, units, kept, column)
    level = {row: name for name, rows in groups.members.items() for row in rows}
    held = list(units.rows.values())
    members = {
        name: tuple(place for place, rows in enumerate(held) if level[rows[0]] == name) for name in groups.members
    }
    enough_of = {name: places for name, places in members.items() if len(places) >= LEAST_MEMBERS}
    few = {name: len(places) for name, places in members.items() if name not in enough_of}
    changes = range(len(observed.names), len(means.names))
    return Compared(
        Grouping(groups.name, enough_of, {**groups.few, **few}, len(held)), units, means, (*changes, *kept),
        tuple(c for c in covariates if c != column), along,
    )  # fmt: skip


def pairs(compared: Compared) -> list[dict[str, Any]]:
    """Every outcome in every two levels that have values enough."""
    found = []
    for outcome in compared.outcomes:
        for first, second in combinations(compared.groups.members, 2):
            if (pair := _pair(compared, outcome, first, second)) is not None:
                found.append(pair)
    return found


def overall(compared: Compared) -> list[dict[str, Any]]:
    """The p over all levels where there are more than two: Kruskal and Wallis', Friedman's for units met in all."""
    from scipy import stats

    if len(compared.groups.members) < 3:
        return []
    rows = []
    for outcome in compared.outcomes:
        column = compared.observed.middle[outcome]
        name = compared.observed.names[outcome]
        held = [[row for row in members if np.isfinite(column[row])] for members in compared.groups.members.values()]
        if compared.design in ("paired", "blocked"):
            by_unit = [_means_by_unit(compared, np.array(members, dtype=int), outcome)[0] for members in held]
            common = sorted(set.intersection(*(set(one) for one in by_unit)))
            if len(common) >= LEAST_MEMBERS and np.ptp([one[key][0] for one in by_unit for key in common]) > 0:
                value: Any = stats.friedmanchisquare(*([sum(one[key]) / 2 for key in common] for one in by_unit))
                rows.append(
                    {
                        "group": compared.groups.name,
                        "outcome": name,
                        "levels": len(held),
                        "p": float(value.pvalue),
                        "test": "Friedman",
                    }
                )
            continue
        values = [column[members].tolist() for members in held if len(members) >= LEAST_MEMBERS]
        if len(values) > 2 and (p := overall_p(values)) is not None:
            rows.append(
                {
                    "group": compared.groups.name,
                    "outcome": name,
                    "levels": len(values),
                    "p": p,
                    "test": "Kruskal-Wallis",
                }
            )
    return rows


def _pair(compared: Compared, outcome: int, first: str, second: str) -> dict[str, Any] | None:
    """One comparison in the design of its rows; ``None`` where there are too few values."""
    observed, groups = compared.observed, compared.groups
    here, there = (np.array(groups.members[level], dtype=int) for level in (first, second))
    middle = observed.middle[outcome]
    here, there = here[np.isfinite(middle[here])], there[np.isfinite(middle[there])]
    if min(len(here), len(there)) < LEAST_MEMBERS:
        return None
    one, other = _ends(observed, outcome, here), _ends(observed, outcome, there)
    pair: dict[str, Any] = {"group": groups.name, "outcome": observed.names[outcome], "first": first, "second": second}
    design, unit = compared.design, compared.units.name if compared.units else ""
    within = None
    if design == "paired":
        within = _paired(compared, outcome, here, there)
    elif design == "blocked":
        within = _blocked(compared, outcome, here, there)
    limited = sum(int(np.sum(observed.least[outcome][rows] < observed.most[outcome][rows])) for rows in (here, there))
    if within is None:
        pair |= at_worst(lambda a, b: contrast(a.tolist(), b.tolist()), one, other)
        ranked = min(len(here), len(there)) >= RANKED or pair["p_means"] is None
        pair["decides"], pair["test"] = ("p", "Mann-Whitney") if ranked else ("p_means", "Welch's t")
        design = "unit means" if design == "unit means" else "independent"
        fit = _adjusted(compared, outcome, np.concatenate([here, there]), len(here))
    else:
        pair |= within
        fit = {**_NOT_ADJUSTED, "not_adjusted": f"values of one {unit} are compared with each other"}
    pair |= {"design": design, "unit": unit if design != "independent" else "", "limited": limited, **fit}
    pair["beside"], pair["beside_g"] = _beside(compared, here, there, outcome)
    return pair


def _ends(observed: Observed, outcome: int, rows: np.ndarray) -> Pair:
    return observed.least[outcome][rows], observed.most[outcome][rows]


def _means_by_unit(compared: Compared, rows: np.ndarray, outcome: int) -> tuple[dict[str, tuple[float, float]], int]:
    """The least and most of an outcome by unit, several rows averaged; and how many rows belong to no unit."""
    assert compared.units is not None
    held: dict[str, list[int]] = {}
    owner = {row: name for name, members in compared.units.rows.items() for row in members}
    for row in rows:
        if int(row) in owner:
            held.setdefault(owner[int(row)], []).append(int(row))
    least, most = compared.observed.least[outcome], compared.observed.most[outcome]
    means = {name: (float(least[members].mean()), float(most[members].mean())) for name, members in held.items()}
    return means, len(rows) - sum(map(len, held.values()))


def _paired(compared: Compared, outcome: int, here: np.ndarray, there: np.ndarray) -> dict[str, Any] | None:
    one, other = (_means_by_unit(compared, rows, outcome)[0] for rows in (here, there))
    common = [name for name in one if name in other]
    if len(common) < LEAST_MEMBERS:
        return None
    a, b = (np.array([values[name] for name in common]).T for values in (one, other))
    found = at_worst(paired, (a[0], a[1]), (b[0], b[1]))
    ranked = len(common) >= SIGNED or found["p_means"] is None
    found["decides"], found["test"] = ("p", "Wilcoxon signed-rank") if ranked else ("p_means", "paired t")
    return {**found, "units": len(common), "unmatched": len(set(one) ^ set(other))}


def _blocked(compared: Compared, outcome: int, here: np.ndarray, there: np.ndarray) -> dict[str, Any] | None:
    assert compared.units is not None
    owner = {row: name for name, members in compared.units.rows.items() for row in members}
    common = {owner.get(int(row)) for row in here} & {owner.get(int(row)) for row in there} - {None}
    kept = [np.array([row for row in rows if owner.get(int(row)) in common], dtype=int) for rows in (here, there)]
    blocks = tuple([owner[int(row)] for row in rows] for rows in kept)
    if len(common) < 2 or min(map(len, kept)) < LEAST_MEMBERS or not enough(*blocks):
        return None
    one, other = (_ends(compared.observed, outcome, rows) for rows in kept)
    found = at_worst(lambda a, b: blocked(a, b, (blocks[0], blocks[1])), one, other)
    found["decides"] = "p_means" if found["p_means"] is not None else "p"
    return {
        **found,
        "test": "t within blocks",
        "units": len(common),
        "unmatched": len(here) + len(there) - sum(map(len, kept)),
    }


_NOT_ADJUSTED: dict[str, Any] = {
    "adjusted": None, "adjusted_low": None, "adjusted_high": None, "adjusted_n": 0, "held": [], "not_adjusted": "",
}  # fmt: skip


def _adjusted(compared: Compared, outcome: int, rows: np.ndarray, first: int) -> dict[str, Any]:
    observed = compared.observed
    beside = [place for place in compared.covariates if place != outcome]
    middle = observed.middle
    fit = adjusted(
        middle[outcome][rows],
        np.arange(len(rows)) < first,
        middle[beside][:, rows],
        [observed.names[p] for p in beside],
    )
    return {
        "adjusted": fit.difference, "adjusted_low": fit.low, "adjusted_high": fit.high, "adjusted_n": fit.rows,
        "held": list(fit.held), "not_adjusted": fit.why,
    }  # fmt: skip


def _beside(compared: Compared, here: np.ndarray, there: np.ndarray, outcome: int) -> tuple[str, float | None]:
    """The other column in which two groups differ most, and Hedges' g of it."""
    best: tuple[str, float | None] = ("", None)
    for place in compared.covariates:
        middle = compared.observed.middle[place]
        one, other = (middle[rows][np.isfinite(middle[rows])].tolist() for rows in (here, there))
        if place == outcome or min(len(one), len(other)) < LEAST_MEMBERS:
            continue
        g = contrast(one, other)["g"]
        if g is not None and (best[1] is None or abs(g) > abs(best[1])):
            best = compared.observed.names[place], g
    return best
