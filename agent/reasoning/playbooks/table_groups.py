"""Which columns of a table sort its samples into groups, and which of them a goal asks about."""

from __future__ import annotations

import re
from collections.abc import Callable

from agent.tools.levels import Grouping, grouping
from agent.tools.tables import first_rows

MOST_ROWS = 5000

_COMPARES = re.compile(
    r"\b(?:differ\w*|compar(?:e|es|ed|ing|ison|isons)|groups?|treat(?:ed|ment|ments)|untreated|effects? of|versus|vs"
    r"|contrast\w*|improv\w*|before and after|before/after|worth|best|highest|lowest|hardest|strongest"
    r"|(?:higher|lower|larger|smaller|greater|better|worse|more|less) (?:in|under|at|for|with) )"
    r"|차이|비교|다른|다릅|다르|달라|그룹|집단|처리|대조|효과",
    re.IGNORECASE,
)
_ACROSS = re.compile(
    r"\b(?:between|across|among|by|per|for each|within)\s+(?:the\s+|each\s+)?(?P<what>(?:(?!\band\b)[\w ]){1,40})"
    r"|(?P<ko>\w+)(?:별|마다|간|에 따)"
)
_HANGUL = re.compile(r"[가-힣]")


def compares(text: str) -> bool:
    """Whether a goal has words that ask for a comparison of groups."""
    return bool(_COMPARES.search(text))


def groupings(path: str, header: list[str], numeric: list[str]) -> list[Grouping]:
    """The columns of a table as groups of rows: those of words, and those of numbers that could be codes.

    Args:
        path: The table.
        header: Names of its columns.
        numeric: Those that hold numbers; one of few whole numbers that repeat could be codes of groups.
    """
    rows = [row for row in first_rows(path, MOST_ROWS + 1)[1:] if any(row)]
    found = []
    for place, name in enumerate(header):
        one = grouping(name, [row[place].strip() if place < len(row) else "" for row in rows])
        codes = bool(one.members) and all(level.isdigit() for level in (*one.members, *one.few))
        if name not in numeric or (codes and not one.problem()):
            found.append(one)
    return found


def named_groups(text: str, columns: list[Grouping], mentioned: Callable[[str, list[str]], list[str]]) -> list[str]:
    """The columns of groups that a goal names, by their name or by their values.

    Args:
        text: The goal's text.
        columns: The columns that could make groups.
        mentioned: Which columns a text names by their own names.

    Returns:
        Their names. One value alone names its column only together with a word that compares (`compares`), since many
        values are common words; a column of numbers has to follow *between*, *across*, *by* or the like besides.
    """
    words = [one for one in columns if not all(level.isdigit() for level in (*one.members, *one.few))]
    codes = [one.name for one in columns if one not in words]
    found = mentioned(text, [one.name for one in words])
    for one in words:
        every = (*one.members, *one.few)
        levels = [level for level in every if _names(text, level) or _begins(text, level, every)]
        long = [level for level in levels if len(level) > 2 or _HANGUL.search(level)]
        if len(levels) > 1 or (long and compares(text)):
            found.append(one.name)
    across = " ".join(match["what"] or match["ko"] for match in _ACROSS.finditer(text)) if compares(text) else ""
    return list(dict.fromkeys((*found, *mentioned(across, codes))))


def _begins(text: str, level: str, every: tuple[str, ...]) -> bool:
    """Whether a text names the first word of a value that no other value begins with ("FEC" of "FEC 2%")."""
    first, _, rest = level.partition(" ")
    alone = sum(other.split(" ")[0].casefold() == first.casefold() for other in every) == 1
    return bool(rest) and len(first) > 1 and alone and _names(text, first)


def _names(text: str, level: str) -> bool:
    """Whether a text names a value: in its own case where it is short, and before a Korean particle."""
    ending = r"s?(?![A-Za-z0-9])"
    shown = re.escape(level).replace("_", r"[_ -]").replace(r"\ ", r"[_ -]")
    flags = 0 if len(level) <= 2 else re.IGNORECASE
    return re.search(rf"(?<![A-Za-z0-9가-힣]){shown}{ending}", text, flags) is not None
