"""A table of measured recipes: which columns are the components, which rows can be used."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from agent.errors import RepairableToolError
from agent.tools.tables import numbered_rows

SUM_SLACK = 0.02
"""How far a row's sum may be from 1 (or 100 %); within it, the fractions are scaled to add to one."""

_NOT_COMPONENTS = ("id", "index", "no", "run", "number", "sample", "batch", "experiment")


@dataclass(frozen=True)
class MeasuredRecipes:
    """Recipes with their response.

    Attributes:
        names: Components.
        points: Fractions that add to one, shape ``(measurements, components)``.
        values: The response.
        response: Its column.
        skipped: ``row 5: reason``.
        percent: Whether the file gives percent (or parts of a hundred).
    """

    names: tuple[str, ...]
    points: np.ndarray
    values: np.ndarray
    response: str
    skipped: tuple[str, ...]
    percent: bool


def read_recipes(path: str, response: str, components: Sequence[str] = ()) -> MeasuredRecipes:
    """Read recipes and a response from a CSV or TSV file.

    Args:
        path: The file; its first line names the columns.
        response: The column that was measured; empty: the last column of numbers that is no component.
        components: Columns of the fractions; empty: those columns of numbers that together add to 1 or 100.

    Raises:
        RepairableToolError: The file or its columns do not serve.
    """
    header, rows = numbered_rows(path)
    lower = [name.strip().lower() for name in header]
    numbers = [
        [_number(row[place]) if place < len(row) else math.nan for place in range(len(header))] for _, row in rows
    ]
    table = np.array(numbers, dtype=float)
    numeric = [
        place
        for place in range(len(header))
        if lower[place] not in _NOT_COMPONENTS and 2 * np.isfinite(table[:, place]).sum() > len(rows)
    ]
    measured = _column(path, header, response) if response else None
    places = (
        [_column(path, header, name) for name in components]
        if components
        else _adding_up(path, header, table, [place for place in numeric if place != measured])
    )
    if measured is None:
        left = [place for place in numeric if place not in places]
        if not left:
            raise RepairableToolError(f"response: '{path}' has no column of results.", remedy="Name it in 'response'.")
        measured = left[-1]
    if measured in places:
        raise RepairableToolError(f"response: '{header[measured]}' is one of the components.", remedy="Name another.")
    used = table[:, places]
    total = float(np.nanmedian(used.sum(axis=1)))
    whole = 100.0 if total > 10 else 1.0
    points, values, skipped = [], [], []
    for (number, row), fractions, value in zip(rows, used, table[:, measured], strict=True):
        problem = _problem(fractions, value, whole, row[measured] if measured < len(row) else "")
        if problem:
            skipped.append(f"row {number}: {problem}")
            continue
        points.append(fractions / fractions.sum())
        values.append(value)
    if len(points) < 3:
        first = f" The first problem: {skipped[0]}." if skipped else ""
        raise RepairableToolError(
            f"path: '{path}' holds {len(points)} usable recipes; a model needs more.{first}",
            remedy="Add measurements, or correct the rows.",
        )
    names = tuple(header[place].strip() for place in places)
    return MeasuredRecipes(
        names, np.array(points), np.array(values), header[measured].strip(), tuple(skipped), whole > 1
    )


def _problem(fractions: np.ndarray, value: float, whole: float, text: str) -> str:
    if not np.isfinite(value):
        return f"the response '{text}' is not a number"
    if not np.isfinite(fractions).all():
        return "a fraction is not a number"
    if (fractions < 0).any():
        return "a fraction is below 0"
    if abs(fractions.sum() - whole) > SUM_SLACK * whole:
        return f"the fractions add to {fractions.sum():g}, not to {whole:g}"
    return ""


def _adding_up(path: str, header: Sequence[str], table: np.ndarray, numeric: list[int]) -> list[int]:
    """The columns whose sum is 1 or 100 in most rows: all of them, or all but some at the end or the beginning."""
    for size in range(len(numeric), 1, -1):
        for start in range(len(numeric) - size + 1):
            places = numeric[start : start + size]
            sums = table[:, places].sum(axis=1)
            for whole in (1.0, 100.0):
                if 2 * (np.abs(sums - whole) <= SUM_SLACK * whole).sum() > len(table):
                    return places
    raise RepairableToolError(
        f"components: no columns of '{path}' add to 1 or to 100 (columns: {', '.join(header)}).",
        remedy="Name the components in 'components'.",
    )


def _column(path: str, header: Sequence[str], name: str) -> int:
    """A column by its name; a unit in brackets behind the name need not be given."""
    wanted = name.strip().lower()
    lower = [one.strip().lower() for one in header]
    bare = [one.split("(")[0].split("[")[0].strip() for one in lower]
    for listed in (lower, bare):
        if wanted in listed:
            return listed.index(wanted)
    raise RepairableToolError(f"'{path}' has no column '{name}'.", remedy=f"There are: {', '.join(header)}.")


def _number(text: str) -> float:
    try:
        return float(text.strip().rstrip("%"))
    except ValueError:
        return math.nan
