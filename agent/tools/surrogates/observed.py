"""Measured columns as ranges: a value below a detection limit lies somewhere between zero and the limit."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from agent.tools.tables import Table, bounds, number
from agent.units import counted
from agent.vocabulary import title

NOTABLE = 0.1
"""Share of the samples' median from which what a blank holds matters."""

_BLANK = re.compile(
    r"^(?:(?:field|trip|travel|method|procedur\w+|process|lab(?:oratory)?|reagent|equipment|rinsate|filter|instrument)"
    r"[ _-]*)?blanks?\b|^(?:FB|MB|TB|BLK)[ _-]?\d*$|공시료|바탕시료",
    re.IGNORECASE,
)
LIMITED_DIFFERENCES = (
    "Differences are given with half of the limit; their intervals and p values hold wherever from zero to the limit"
    " the values lie."
)
LIMITED_RANKS = "They stand at half of the limit, which orders them below the others; slopes depend on that choice."

FEW_BLANKS = 3
"""Blanks from this number on may be a group of their own (a treatment without its agent), and stay in the table."""


@dataclass(frozen=True)
class Observed:
    """Columns of measurements.

    Attributes:
        names: Of the columns.
        least: The lowest that each value can be, shape (columns, rows); NaN where nothing was measured.
        most: The highest that it can be; above a limit of range, the limit itself.
    """

    names: tuple[str, ...]
    least: np.ndarray
    most: np.ndarray

    @property
    def middle(self) -> np.ndarray:
        """What stands for each value: itself, or half of its detection limit."""
        return (self.least + self.most) / 2

    def limited(self, column: int) -> int:
        """How many values of a column are known by a limit only."""
        return int(np.sum(self.least[column] < self.most[column]))

    def told(self, treated: str) -> list[str]:
        """A sentence for every column with values below a limit, and how they are treated."""
        found = []
        for place, name in enumerate(self.names):
            if count := self.limited(place):
                total = int(np.isfinite(self.middle[place]).sum())
                found.append(
                    f"{title(name)}: {counted(count, 'value')} of {total} "
                    f"{'lies' if count == 1 else 'lie'} below a detection limit. {treated}"
                )
        return found

    def averaged(self, rows: Sequence[Sequence[int]]) -> Observed:
        """Means over sets of rows, shape (columns, sets); NaN where a set has no value."""

        def means(values: np.ndarray) -> np.ndarray:
            found = np.full((len(values), len(rows)), math.nan)
            for place, held in enumerate(rows):
                part = values[:, list(held)]
                present = np.isfinite(part)
                count = present.sum(axis=1)
                total = np.where(present, part, 0.0).sum(axis=1)
                found[:, place] = np.where(count > 0, total / np.maximum(count, 1), math.nan)
            return found

        return Observed(self.names, means(self.least), means(self.most))

    def joined(self, other: Observed) -> Observed:
        """The columns of both, over the same rows."""
        return Observed(
            (*self.names, *other.names), np.vstack([self.least, other.least]), np.vstack([self.most, other.most])
        )


def observe(table: Table, places: Sequence[int]) -> Observed:
    """Read columns of numbers and of bounds."""
    cells = [[_range(cell) for cell in table.column(place)] for place in places]
    both = np.array(cells, dtype=float).reshape(len(places), len(table.rows), 2)
    return Observed(tuple(table.header[place].strip() for place in places), both[:, :, 0], both[:, :, 1])


def _range(cell: str) -> tuple[float, float]:
    if (value := number(cell)) is not None:
        return value, value
    found = bounds(cell)
    if found is None or not math.isfinite(found[0]):
        return math.nan, math.nan
    low, high = found
    return (low, high) if math.isfinite(high) else (low, low)


def without_blanks(table: Table, places: Sequence[int]) -> tuple[Table, list[str]]:
    """A table without its blanks, and what they say: they tell of contamination, and are no samples.

    Args:
        table: The table.
        places: Its columns of numbers.

    Returns:
        The other rows, and notes; the table as it is where there are no blanks or so many that they are a group.
    """
    words = [place for place in range(len(table.header)) if place not in places]
    cells = [table.column(place) for place in words]
    blank = [row for row in range(len(table.rows)) if any(_BLANK.match(column[row]) for column in cells)]
    if not 0 < len(blank) < FEW_BLANKS or len(blank) == len(table.rows):
        return table, []
    rest = replace(table, rows=tuple(row for place, row in enumerate(table.rows) if place not in blank))
    before, after = observe(table, places), observe(rest, places)
    high = []
    for column, name in enumerate(before.names):
        held = before.least[column][blank]
        usual = after.middle[column][np.isfinite(after.middle[column])]
        worst = float(np.nanmax(held)) if np.isfinite(held).any() else 0.0
        if len(usual) and worst > NOTABLE * abs(float(np.median(usual))) > 0:
            high.append(
                f"{title(name)} ({worst:.3g}, {worst / abs(float(np.median(usual))):.0%} of the samples' median)"
            )
    said = (
        f"it holds much of {', '.join(high)}: see where that comes from before these values are used"
        if high
        else f"none of its values reaches {NOTABLE:.0%} of the samples' median"
    )
    return rest, [f"{counted(len(blank), 'blank')} left out of the comparison; {said}."]
