"""What was measured more than once: subjects under several conditions, blocks of runs, and units followed over time.

Rows that belong to one well, cell or batch are not independent. Which column says what belongs together is read off
the table itself: its values repeat, and they either meet the groups that are compared (crossed) or lie within one of
them (nested).

Sources:
    S. H. Hurlbert, Ecol. Monogr. 54 (1984) 187 (pseudoreplication); J. N. S. Matthews et al., BMJ 300 (1990) 230
    (repeated measurements over time by summary measures).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from agent.tools.levels import LEAST_MEMBERS, Grouping, is_block
from agent.tools.surrogates.observed import Observed
from agent.tools.tables import MISSING, Table

Design = Literal["independent", "paired", "blocked", "unit means"]

CROSSED = 0.7
"""Share of a column's values that must meet two groups or more, for it to pair them."""

_SUBJECT = re.compile(
    r"\b(?:id|ids|wells?|cells?|samples?|specimens?|subjects?|patients?|animals?|mice|mouse|rats?|plants?|trees?|plots?"
    r"|coupons?|devices?|probes?|participants?|donors?|individuals?|pellets?|tablets?|wafers?|cores?|bottles?|flasks?|pots?|tanks?|electrodes?|discs?|tubes?|sites?|stations?|lakes?|farms?|pens?|cages?)\b"
    r"|개체|시료|환자|지점",
    re.IGNORECASE,
)
_REPEAT = re.compile(r"^(?:rep\w*|n|no|run|runs|index|order|measurement|시행|반복)\b", re.IGNORECASE)
_TIME = re.compile(
    r"\b(?:time|cycles?|days?|hours?|min(?:utes)?|weeks?|months?|years?|t|h|d|s|age|dose|load|last|depth|passes)\b"
    r"|시간|일수|주기",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[_\W]+")


@dataclass(frozen=True)
class Units:
    """A column whose values say which rows belong together.

    Attributes:
        name: Of the column.
        rows: Places of the rows by value.
        design: How the groups of another column are compared by it.
    """

    name: str
    rows: dict[str, tuple[int, ...]]
    design: Design

    def of(self, row: int) -> str:
        """The unit that a row belongs to; empty if to none."""
        return next((name for name, held in self.rows.items() if row in held), "")


def find_units(table: Table, groups: Grouping, numeric: Sequence[int]) -> Units | None:
    """The column that ties rows of a table together, and how its values lie to the groups that are compared.

    Args:
        table: The table.
        groups: The groups that are compared.
        numeric: Its columns of numbers; of these only whole ones whose name is that of a unit or block can be it.

    Returns:
        The best: units that are met in several groups first, then units within groups that have several rows; ``None``
        where rows are independent as far as the table tells.
    """
    level = {row: name for name, rows in groups.members.items() for row in rows}
    found: list[tuple[tuple[int, float], Units]] = []
    for place, title in enumerate(table.header):
        name = title.strip()
        words = _WORDS.sub(" ", name)
        named = is_block(name) or bool(_SUBJECT.search(words))
        if name == groups.name or (place in numeric and not named) or (_REPEAT.match(words) and not named):
            continue
        rows: dict[str, list[int]] = defaultdict(list)
        for row, cell in enumerate(table.column(place)):
            if row in level and cell.casefold() not in MISSING:
                rows[cell].append(row)
        held = {key: tuple(places) for key, places in rows.items()}
        total = sum(map(len, held.values()))
        if len(held) < 2 or len(held) > 0.8 * total or total < 0.8 * len(level):
            continue
        if place in numeric and not all(re.fullmatch(r"\d+", key) for key in held):
            continue
        met = {key: {level[row] for row in places} for key, places in held.items()}
        across = sum(len(levels) > 1 for levels in met.values()) / len(met)
        if across >= CROSSED:
            single = np.median([len(places) / len(met[key]) for key, places in held.items()]) == 1
            by_name = bool(_SUBJECT.search(words)) and not is_block(name)
            design: Design = "paired" if by_name or single else "blocked"
            if design == "paired" and len(held) < LEAST_MEMBERS:
                continue
            # What is called a subject ties rows firmest; a factor that merely crosses the groups is the last resort.
            found.append(((3 if by_name else 2 if named else 1, across), Units(name, held, design)))
        elif across == 0 and _nested(met, groups):
            subject = bool(_SUBJECT.search(words))
            found.append(((3 if subject else 2 if named else 1, -1.0), Units(name, held, "unit means")))
    return max(found, key=lambda one: one[0], default=(None, None))[1]


def _nested(met: dict[str, set[str]], groups: Grouping) -> bool:
    """Whether two groups or more hold units enough to be compared by their means."""
    counts = [sum(name in levels for levels in met.values()) for name in groups.members]
    return sum(count >= LEAST_MEMBERS for count in counts) > 1


def repeated(table: Table, numeric: Sequence[int]) -> str:
    """The column that names samples or subjects of which several rows are; empty if there is none.

    Args:
        table: The table.
        numeric: Places of its columns of numbers, which name none.
    """
    for place, title in enumerate(table.header):
        cells = [cell for cell in table.column(place) if cell.casefold() not in MISSING]
        if place in numeric or not cells or not _SUBJECT.search(_WORDS.sub(" ", title)):
            continue
        if 1 < len(set(cells)) <= 0.5 * len(cells) and len(cells) > 0.8 * len(table.rows):
            return title.strip()
    return ""


def time_of(table: Table, units: Units, numeric: Sequence[int], outcomes: Sequence[str]) -> int | None:
    """The column of numbers along which every unit was followed: it takes the same few values in all of them.

    Args:
        table: The table.
        units: Which rows belong together.
        numeric: Places of its columns of numbers.
        outcomes: Names of columns that are compared, which are none.
    """
    found = []
    for place in numeric:
        name = table.header[place].strip()
        if name in outcomes and not _TIME.search(_WORDS.sub(" ", name)):
            continue
        cells = table.column(place)
        sets = [{cells[row] for row in rows} for rows in units.rows.values()]
        everywhere = set.union(*sets)
        alike = sum(len(one) for one in sets) / (len(sets) * len(everywhere))
        once = all(len(one) == len(rows) for one, rows in zip(sets, units.rows.values(), strict=True))
        if len(everywhere) > 1 and alike > 0.6 and once:
            found.append(((bool(_TIME.search(_WORDS.sub(" ", name))), alike), place))
    return max(found, default=(None, None))[1]


def summarised(observed: Observed, units: Units, outcomes: Sequence[int], along: int | None) -> Observed:
    """One row for each unit: the mean of every column, and the fitted change of the outcomes along a column.

    Args:
        observed: Of the table's rows.
        units: Which rows belong together.
        outcomes: Columns whose change is of interest.
        along: The column along which they were followed; ``None``: there is none.

    Returns:
        The means under the columns' names, the changes as ``NAME, change over ALONG 1 to 200``: the least-squares
        line's rise from the first to the last value of the column that most units reach.
    """
    rows = list(units.rows.values())
    means = observed.averaged(rows)
    if along is None:
        return means
    x = observed.middle[along]
    first = float(np.median([np.nanmin(x[list(held)]) for held in rows]))
    last = float(np.median([np.nanmax(x[list(held)]) for held in rows]))
    changes = np.full((len(outcomes), len(rows)), np.nan)
    for place, outcome in enumerate(outcomes):
        for unit, held in enumerate(rows):
            t, y = x[list(held)], observed.middle[outcome][list(held)]
            kept = np.isfinite(t) & np.isfinite(y)
            if kept.sum() > 1 and np.ptp(t[kept]) > 0:
                changes[place, unit] = np.polyfit(t[kept], y[kept], 1)[0] * (last - first)
    names = tuple(f"{observed.names[o]}, change over {observed.names[along]} {first:g} to {last:g}" for o in outcomes)
    return means.joined(Observed(names, changes, changes))
