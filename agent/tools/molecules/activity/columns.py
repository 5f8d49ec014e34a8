"""Which columns of a user's table hold the names, and which the activities."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from agent.tools.tables import structure_place

NAME = re.compile(
    r"(?:(?:compound|cmpd|cpd|molecule|mol|chembl|entry|sample)s?[\s_.#-]*)?(?:chembl[\s_]?)?"
    r"(?:name|id|identifier|code|no\.?|number|#)s?$|(?:compound|cmpd|cpd|title|entry|code)s?$",
    re.IGNORECASE,
)
_ACTIVITY = re.compile(
    r"\bp?(?:IC|EC|AC|CC|GI|LC|LD|ED)[ _]?50\b|\bp?K[id]\b|\bp?MIC\b|activity|potency|affinity", re.I
)
CENSORED = re.compile(r"^\s*([<>≤≥~]=?)\s*")

Rows = Sequence[tuple[int, Sequence[str]]]


def activity_columns(header: Sequence[str], rows: Rows) -> list[str]:
    """The names of the columns that may hold the activities of a table of structures."""
    structure = structure_place(header)
    return [] if structure is None else [header[place] for place in activity_places(header, rows, structure)]


def activity_places(header: Sequence[str], rows: Rows, structure: int) -> list[int]:
    """The places of the columns that may hold the activities: those whose names say so, else all of numbers.

    Args:
        header: Names of the columns.
        rows: The others with their numbers.
        structure: The place of the column of structures.
    """
    numeric = [
        index
        for index in range(len(header))
        if index != structure
        and not NAME.match(header[index].strip())
        and header[index].strip().lower() not in ("index", "no")
        and 2 * sum(_is_number(row[index] if index < len(row) else "") for _, row in rows) > len(rows)
    ]
    named = [index for index in numeric if _ACTIVITY.search(header[index].replace("_", " "))]
    return named or numeric


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(CENSORED.sub("", text)))
    except ValueError:
        return False
