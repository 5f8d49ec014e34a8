"""Columns that sort the rows of a table into groups: their levels, and why a column makes no groups."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.tools.tables import MISSING

LEAST_MEMBERS = 3
"""Rows that a level needs to be compared."""

MOST_LEVELS = 8
COVERED = 0.8
"""Share of the filled cells that the levels large enough must hold, for a column to be taken up unasked."""

_CONTROL = re.compile(
    r"^(?:(?:negative |untreated |vehicle )?controls?|ctrl|ck|untreated|vehicle|placebo|blank|wild.?type|wt|none)\b"
    r"|^(?:대조|무처리)",
    re.IGNORECASE,
)


_BLOCK = re.compile(
    r"\b(?:batch\w*|blocks?|days?|dates?|lots?|plates?|operators?|sessions?|campaigns?|furnaces?|weeks?|seasons?)\b"
    r"|배치|블록|날짜",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[_\W]+")


@dataclass(frozen=True)
class Grouping:
    """A column as groups of rows.

    Attributes:
        name: Of the column.
        members: Places of the rows by level, levels in the order in which they appear; spellings that differ in case
            alone are one level. A control stands last, so that differences are from it.
        few: Levels with too few rows, with their number.
        filled: Cells that hold something.
    """

    name: str
    members: dict[str, tuple[int, ...]]
    few: dict[str, int]
    filled: int

    def problem(self, *, named: bool = False) -> str:
        """Why these groups cannot be compared; empty if they can.

        Args:
            named: Whether somebody asked for this column, so that levels left out do not matter.
        """
        if len(self.members) > MOST_LEVELS:
            return f"it has {len(self.members)} values, more than {MOST_LEVELS}"
        if not self.members and len(self.few) > MOST_LEVELS:
            return f"its {len(self.few)} values occur in fewer than {LEAST_MEMBERS} rows each"
        if len(self.members) < 2:
            held = [f"'{level}' ({len(rows)} rows)" for level, rows in self.members.items()]
            held += [f"'{level}' ({count} {'row' if count == 1 else 'rows'})" for level, count in self.few.items()][:4]
            if len(self.members) + len(self.few) == 1:
                return f"it has one value only, {held[0]}"
            return f"it needs two values with {LEAST_MEMBERS} rows each, and has {', '.join(held) or 'none'}"
        covered = sum(len(rows) for rows in self.members.values())
        if not named and covered < COVERED * self.filled:
            return f"most of its values occur in fewer than {LEAST_MEMBERS} rows each"
        return ""


def grouping(name: str, cells: Sequence[str]) -> Grouping:
    """Sort rows by what a column says of them.

    Args:
        name: Of the column.
        cells: One for each row; empty cells and marks of missing values belong to no group.
    """
    found: dict[str, list[int]] = {}
    spelt: dict[str, str] = {}
    for place, cell in enumerate(cells):
        text = " ".join(cell.split())
        if text.casefold() in MISSING:
            continue
        spelt.setdefault(text.casefold(), text)
        found.setdefault(text.casefold(), []).append(place)
    enough = {spelt[key]: tuple(rows) for key, rows in found.items() if len(rows) >= LEAST_MEMBERS}
    ordered = dict(sorted(enough.items(), key=lambda item: is_control(item[0])))
    few = {spelt[key]: len(rows) for key, rows in found.items() if len(rows) < LEAST_MEMBERS}
    return Grouping(name, ordered, few, sum(len(rows) for rows in found.values()))


def is_block(name: str) -> bool:
    """Whether a column's name says that it counts batches, days or the like."""
    return bool(_BLOCK.search(_WORDS.sub(" ", name)))


def is_control(level: str) -> bool:
    """Whether a level of a column is a control by its name."""
    return bool(_CONTROL.match(level))
