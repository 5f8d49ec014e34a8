"""Filters on documents: ``{"year": {"$gte": 2020}, "format": "pdf"}``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import Any

from knowledge.errors import QueryError
from knowledge.records import Document

FIELDS = ("document", "title", "authors", "year", "doi", "format", "venue", "url", "licence")
"""What can be filtered on. ``document`` also accepts a file's name, and all texts a pattern with ``*``."""

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "$eq": lambda value, wanted: value == wanted,
    "$ne": lambda value, wanted: value != wanted,
    "$gt": lambda value, wanted: value is not None and value > wanted,
    "$gte": lambda value, wanted: value is not None and value >= wanted,
    "$lt": lambda value, wanted: value is not None and value < wanted,
    "$lte": lambda value, wanted: value is not None and value <= wanted,
    "$in": lambda value, wanted: value in wanted,
    "$nin": lambda value, wanted: value not in wanted,
}


_SIGNS = {">=": "$gte", "<=": "$lte", "!=": "$ne", ">": "$gt", "<": "$lt"}
_WRITTEN = re.compile(r"\s*(\w+)\s*(>=|<=|!=|=|>|<)\s*(.+?)\s*")


def written_filter(conditions: Sequence[str]) -> dict[str, Any]:
    """A filter as a person writes it.

    Args:
        conditions: Such as ``year>=2020``, ``authors=Kim`` or ``title=*membrane*``; all have to hold.

    Returns:
        The filter, as `matches` takes it.

    Raises:
        QueryError: A condition is not of this form, names an unknown field, or gives a year that is none.
    """
    found: dict[str, Any] = {}
    for condition in conditions:
        parts = _WRITTEN.fullmatch(condition)
        if parts is None or parts[1] not in FIELDS:
            raise QueryError(
                f"'{condition}' is no filter.",
                remedy=f"Write it like year>=2020 or authors=Kim. Fields: {', '.join(FIELDS)}.",
            )
        field, sign, value = parts[1], parts[2], parts[3]
        if field == "year" and not value.isdigit():
            raise QueryError(f"'{condition}': '{value}' is no year.", remedy="Write it like year>=2020.")
        wanted: Any = int(value) if field == "year" else value
        if sign == "=":
            found[field] = wanted
        else:
            held = found.get(field)
            found[field] = (held if isinstance(held, dict) else {}) | {_SIGNS[sign]: wanted}
    return found


def matches(document: Document, where: Mapping[str, Any]) -> bool:
    """Whether a document passes a filter.

    Args:
        document: The document.
        where: Fields (`FIELDS`) with a value, or with comparisons (``$eq $ne $gt $gte $lt $lte $in $nin``); all have to
            hold. Authors match when any of them contains the value.

    Raises:
        QueryError: A field or a comparison is unknown, or does not fit the field's type.
    """
    return all(_holds(document, field, condition) for field, condition in where.items())


def _holds(document: Document, field: str, condition: Any) -> bool:
    if field not in FIELDS:
        raise QueryError(f"The filter names the unknown field '{field}'.", remedy=f"Known fields: {', '.join(FIELDS)}.")
    value = document.name if field == "document" else getattr(document, field)
    if isinstance(condition, Mapping):
        return all(_compared(field, value, sign, wanted) for sign, wanted in condition.items())
    if field == "authors":
        return any(str(condition).lower() in author.lower() for author in value)
    if field == "document":
        return condition in (value, PurePath(value).name) or fnmatchcase(value, str(condition))
    if isinstance(value, str) and "*" in str(condition):
        return fnmatchcase(value.lower(), str(condition).lower())
    return value == condition


def _compared(field: str, value: Any, sign: str, wanted: Any) -> bool:
    if sign not in _COMPARISONS:
        raise QueryError(f"The filter uses the comparison '{sign}'.", remedy=f"Known: {', '.join(_COMPARISONS)}.")
    try:
        return _COMPARISONS[sign](value, wanted)
    except TypeError as error:
        raise QueryError(f"The filter on '{field}' compares it with {wanted!r}, which does not fit.") from error
