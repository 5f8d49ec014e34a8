"""What comparisons of groups say: the sentences, warnings, table and plot of `compare_groups`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from agent.records import ArtifactContent
from agent.tools.levels import LEAST_MEMBERS
from agent.tools.surrogates.comparing import Compared
from agent.tools.surrogates.contrasts import RANKED
from agent.tools.surrogates.group_plot import Panel, groups_svg
from agent.units import counted
from agent.vocabulary import title

MOST_PANELS = 6


def summary(comparisons: list[dict[str, Any]], firm: list[dict[str, Any]]) -> str:
    """The firmest difference with its interval; where there is none, what can be ruled out."""
    if firm:
        head = (
            f"{len(firm)} of {len(comparisons)} comparisons of groups show a difference beyond chance"
            if len(comparisons) > 1
            else "The groups differ beyond chance"
        )
        return f"{head}: {'; '.join(_told(pair) for pair in firm[:3])}{'; and others' if len(firm) > 3 else ''}."
    shown = []
    for pair in comparisons[:3]:
        most = (
            ""
            if pair["low"] is None
            else f"; a difference above {_figure(max(abs(pair['low']), abs(pair['high'])))} can be ruled out (95 %)"
        )
        shown.append(_told(pair) + most)
    more = f" (and {len(comparisons) - 3} more)" if len(comparisons) > 3 else ""
    return f"No difference beyond chance: {'; '.join(shown)}{more}."


def _told(pair: dict[str, Any]) -> str:
    between = f" [{_figure(pair['low'])}, {_figure(pair['high'])}]" if pair["low"] is not None else ""
    told = f"{title(pair['outcome'])} of {pair['first']} minus {pair['second']} {_figure(pair['difference'])}{between}"
    if pair["design"] == "paired":
        return f"{told} in {counted(pair['units'], 'pair')} by {title(pair['unit'])}"
    if pair["design"] == "blocked":
        return f"{told} within {title(pair['unit'])}"
    if pair["q"] < 0.05 and pair["low"] is not None and pair["low"] <= 0 <= pair["high"]:
        told += " (by ranks; the interval of the means holds zero, since a few values scatter far)"
    if pair["q"] >= 0.05 and pair["low"] is not None and pair["low"] * pair["high"] > 0:
        told += f" (an interval without zero, but {pair['test']} does not tell it from chance: q {_figure(pair['q'])})"
    if pair["adjusted"] is None:
        return told
    held = [title(name) for name in pair["held"]]
    named = (
        f"{len(held)} other columns"
        if len(held) > 3
        else " and ".join([", ".join(held[:-1]), held[-1]][len(held) < 2 :])
    )
    equal = f"{_figure(pair['adjusted'])} [{_figure(pair['adjusted_low'])}, {_figure(pair['adjusted_high'])}]"
    return f"{told}, with {named} held equal {equal}"


def _figure(value: float) -> str:
    return f"{value:.3g}"


def warnings_of(
    comparisons: list[dict[str, Any]], compared: Sequence[Compared], left_out: list[dict[str, str]]
) -> list[str]:
    """What a reader of the comparisons has to know: rows tied together, few rows, values without scatter."""
    found = [f"'{one['column']}' was not compared: {one['reason']}." for one in left_out]
    for one in compared:
        found += _of_units(one, [pair for pair in comparisons if pair["group"] == one.groups.name])
        if one.groups.few:
            few = ", ".join(f"'{level}' ({count})" for level, count in list(one.groups.few.items())[:6])
            found.append(f"Values of '{one.groups.name}' with fewer than {LEAST_MEMBERS} rows were left out: {few}.")
    if any(pair["test"] == "Welch's t" for pair in comparisons):
        found.append(
            f"Groups of fewer than {RANKED} rows are judged by Welch's t, which takes the scatter to be normal:"
            " no rank test of so few can tell a difference from chance."
        )
    if any(pair["g"] is None and pair["difference"] for pair in comparisons):
        found.append(
            "Groups without any scatter differ: no interval can be given; see whether values were cut off or repeated."
        )
    return found


def _of_units(one: Compared, pairs: list[dict[str, Any]]) -> list[str]:
    """How rows that belong together were compared, and what was left out for it."""
    if one.units is None:
        return []
    unit, groups = title(one.units.name), title(one.groups.name)
    if one.design == "unit means":
        along = f", and by their fitted change along {title(one.along)}" if one.along else ""
        return [
            f"Every {unit} has several rows, which are not independent: {groups} is compared by one mean of each {unit}"
            f" ({counted(len(one.units.rows), 'unit')}){along}."
        ]
    if not any(pair["design"] == one.design for pair in pairs):
        return [
            f"{unit} ties rows of different {groups} together, but too few of its values have both:"
            " rows are compared as if they were independent."
        ]
    most = max((pair.get("unmatched", 0) for pair in pairs), default=0)
    left = f" What has no counterpart in the other group (up to {most}) was left out." if most else ""
    if one.design == "paired":
        return [
            f"The same {unit} occurs under several values of {groups}, so each is compared with itself (paired tests on"
            f" {unit}, several rows of one averaged).{left}"
        ]
    return [
        f"{groups} is compared within {unit}: every {unit} has its own level taken out, so that differences between"
        f" them do not count.{left}"
    ]


def comparisons_csv(comparisons: list[dict[str, Any]]) -> ArtifactContent:
    """The comparisons as a table."""
    keys = (
        "group", "outcome", "first", "second", "design", "unit", "test", "n_first", "n_second", "mean_first",
        "mean_second", "deviation_first", "deviation_second", "difference", "low", "high", "g", "p", "p_means", "q",
        "superiority", "adjusted", "adjusted_low", "adjusted_high", "adjusted_n",
    )  # fmt: skip
    lines = [",".join(keys)]
    for pair in comparisons:
        cells = [pair[key] for key in keys]
        lines.append(
            ",".join(
                '"{}"'.format(c.replace('"', '""')) if isinstance(c, str) else "" if c is None else f"{c:.6g}"
                for c in cells
            )
        )
    return ArtifactContent(
        name="groups.csv", media_type="text/csv", content="\n".join(lines) + "\n", title="Groups compared"
    )


def groups_plot(comparisons: list[dict[str, Any]], compared: Sequence[Compared]) -> ArtifactContent:
    """The first panels in the order of how firm their differences are."""
    by_name = {one.groups.name: one for one in compared}
    panels = []
    for group, outcome in list(dict.fromkeys((pair["group"], pair["outcome"]) for pair in comparisons))[:MOST_PANELS]:
        one = by_name[group]
        column = one.observed.middle[one.observed.names.index(outcome)]
        held = {
            level: tuple(column[list(rows)][np.isfinite(column[list(rows)])].tolist())
            for level, rows in one.groups.members.items()
        }
        panels.append(
            Panel(f"{title(outcome)} by {title(group)}", {level: kept for level, kept in held.items() if kept})
        )
    return ArtifactContent(
        name="groups.svg", media_type="image/svg+xml", content=groups_svg(panels),
        title="Values by group, with means and 95 % intervals",
    )  # fmt: skip
