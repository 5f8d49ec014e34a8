"""Groups of samples compared: what differs between the values of a column of words, by how much, and at equal covariates."""

# ruff: noqa: E501 (keys and sentences read better in long rows)

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import numpy as np

from agent.errors import RepairableToolError
from agent.records import ArtifactContent, CandidateDraft, Result, Value
from agent.tools import FilePath, empty, ok, tool
from agent.tools.levels import LEAST_MEMBERS, Grouping, grouping
from agent.tools.surrogates.contrasts import RANKED, adjusted, contrast, overall_p
from agent.tools.surrogates.group_plot import Panel, groups_svg
from agent.tools.surrogates.relations import MOST_COLUMNS, MOST_SAMPLES, cell_value, corrected, identities, place_of
from agent.tools.tables import Table, numeric_columns, read_table
from agent.vocabulary import title

FIRM = 0.05
MOST_PANELS = 6
MOST_GROUPINGS = 6


@tool("data", engines=("numpy", "scipy"))
def compare_groups(path: FilePath, outcomes: list[str] = [], groups: list[str] = []) -> Result:  # noqa: B006 (a tool's default)
    """Compare groups of samples in a table: treatments with controls, sites, strains, catalysts.

    Every two values of a column of words are compared in every outcome, as they are and with the other numeric columns
    held equal, because a group may differ only since its other columns differ.

    Args:
        path: A CSV or TSV file with a header and one row for each sample.
        outcomes: Numeric columns that are compared; empty: all of them.
        groups: Columns that sort the samples into groups; a column of numbers that are codes can be named too. Empty:
            every column of words with 2 to 8 values that each occur in at least 3 rows.

    Returns:
        ``data``: comparisons (group, outcome, first, second, counts, means and deviations of both, difference: first
        minus second with its 95 % interval, Hedges' g, p of the rank test and of Welch's, q: the deciding one of them
        corrected for the number of comparisons, test: which decides, superiority: how often a value of the first
        exceeds one of the second, adjusted: the difference with the columns in held equal, with its interval, or why
        there is none, beside: the other column in which the two differ most), overall (group, outcome, p over more
        than two levels), groups (column, level, count), left_out (columns that make no groups, with the reason),
        outcomes, samples, path. Samples become candidates, labelled with their groups. Files: the comparisons as a
        table, and a plot of the values by group.

    Source:
        Welch's interval (1947); Mann and Whitney (1947), exact for small groups; Kruskal and Wallis (1952); Hedges' g
        (1981); false discovery rate of Benjamini and Hochberg (1995).
    """
    table = read_table(path, "path")
    places = numeric_columns(table)[:MOST_COLUMNS]
    groupings, left_out = _groupings(table, places, groups)
    coded = {one.name for one in groupings}
    measured = [place for place in places if table.header[place].strip() not in coded]
    names = [table.header[place].strip() for place in measured]
    if not measured:
        raise RepairableToolError(
            f"path: '{path}' has no numeric column to compare.",
            remedy="Give a table with a column of measured numbers.",
        )
    unknown = [one for one in outcomes if place_of(names, one) is None and one.strip() not in coded]
    if unknown:
        raise RepairableToolError(
            f"outcomes: '{path}' has no numeric column {', '.join(unknown)}.", remedy=f"There are: {', '.join(names)}."
        )
    values = np.array([[cell_value(cell) for cell in table.column(place)] for place in measured], dtype=float)
    wanted = list(dict.fromkeys(p for one in outcomes if (p := place_of(names, one)) is not None)) or list(
        range(len(names))
    )
    base = {
        "groups": [{"column": one.name, "level": level, "count": len(rows)} for one in groupings for level, rows in one.members.items()],
        "left_out": left_out, "outcomes": [names[o] for o in wanted], "samples": identities(table, places), "path": path,
    }  # fmt: skip
    reasons = "; ".join(f"'{one['column']}': {one['reason']}" for one in left_out)
    if not groupings:
        return empty(
            f"No column of '{path}' makes groups that can be compared" + (f": {reasons}." if reasons else ": all of them hold numbers."),
            data={**base, "comparisons": [], "overall": []},
        )  # fmt: skip
    # Outcomes that were named are explained, and do not explain each other.
    covariates = [p for p in range(len(names)) if not outcomes or p not in wanted]
    comparisons = [pair for one in groupings for o in wanted for pair in _pairs(one, o, values, names, covariates)]
    if not comparisons:
        return empty(
            f"No two groups of '{path}' have {LEAST_MEMBERS} values each in {', '.join(names[o] for o in wanted)}.",
            data={**base, "comparisons": [], "overall": []},
        )
    for pair, q in zip(comparisons, corrected([pair[pair["decides"]] for pair in comparisons]), strict=True):
        pair["q"] = q
    comparisons.sort(key=lambda pair: (pair["q"], -abs(math.inf if pair["g"] is None else pair["g"])))
    firm = [pair for pair in comparisons if pair["q"] < FIRM]
    kept = [Value(name="comparisons", value=len(comparisons)), Value(name="firm_differences", value=len(firm))]
    return ok(
        _summary(comparisons, firm),
        values=kept,
        data={**base, "comparisons": comparisons, "overall": _overall(groupings, wanted, values, names)},
        candidates=_samples(base["samples"], names, values, groupings),
        artifacts=[_csv(comparisons), _plot(comparisons, groupings, values, names)],
        warnings=_warnings(comparisons, groupings, left_out if groups else []),
    )


def _groupings(table: Table, numeric: list[int], named: list[str]) -> tuple[list[Grouping], list[dict[str, str]]]:
    """The columns that make groups, and those that were looked at and make none, with the reason."""
    header = [name.strip() for name in table.header]
    unknown = [one for one in named if place_of(header, one) is None]
    if unknown:
        raise RepairableToolError(
            f"groups: '{table.path}' has no column {', '.join(unknown)}.", remedy=f"There are: {', '.join(header)}."
        )
    places = [place_of(header, one) for one in named] or [p for p in range(len(header)) if p not in numeric]
    kept, left = [], []
    for place in dict.fromkeys(places):
        if place is None:
            continue
        one = grouping(header[place], table.column(place))
        reason = one.problem(named=bool(named))
        if not reason and len(kept) < MOST_GROUPINGS:
            kept.append(one)
        elif one.filled:
            left.append({"column": header[place], "reason": reason or f"{MOST_GROUPINGS} columns are compared at once"})
    return kept, left


def _pairs(
    groups: Grouping, outcome: int, values: np.ndarray, names: list[str], covariates: list[int]
) -> list[dict[str, Any]]:
    """One outcome in every two levels of a column that have values enough."""
    found = []
    for first, second in combinations(groups.members, 2):
        here, there = (np.array(groups.members[level]) for level in (first, second))
        column = values[outcome]
        one, other = (column[rows][np.isfinite(column[rows])] for rows in (here, there))
        if min(len(one), len(other)) < LEAST_MEMBERS:
            continue
        pair: dict[str, Any] = {"group": groups.name, "outcome": names[outcome], "first": first, "second": second}
        pair |= contrast(one.tolist(), other.tolist())
        ranked = min(len(one), len(other)) >= RANKED or pair["p_means"] is None
        pair["decides"], pair["test"] = ("p", "Mann-Whitney") if ranked else ("p_means", "Welch's t")
        rows = np.concatenate([here, there])
        beside = [place for place in covariates if place != outcome]
        fit = adjusted(
            column[rows], np.arange(len(rows)) < len(here), values[beside][:, rows], [names[p] for p in beside]
        )
        pair |= {
            "adjusted": fit.difference, "adjusted_low": fit.low, "adjusted_high": fit.high, "adjusted_n": fit.rows,
            "held": list(fit.held), "not_adjusted": fit.why,
        }  # fmt: skip
        pair["beside"], pair["beside_g"] = _beside(values, here, there, names, beside)
        found.append(pair)
    return found


def _beside(
    values: np.ndarray, here: np.ndarray, there: np.ndarray, names: list[str], places: list[int]
) -> tuple[str, float | None]:
    """The other column in which two groups differ most, and Hedges' g of it."""
    best: tuple[str, float | None] = ("", None)
    for place in places:
        one, other = (values[place][rows][np.isfinite(values[place][rows])].tolist() for rows in (here, there))
        if min(len(one), len(other)) < LEAST_MEMBERS:
            continue
        g = contrast(one, other)["g"]
        if g is not None and (best[1] is None or abs(g) > abs(best[1])):
            best = names[place], g
    return best


def _overall(
    groupings: list[Grouping], wanted: list[int], values: np.ndarray, names: list[str]
) -> list[dict[str, Any]]:
    rows = []
    for groups in groupings:
        for o in wanted:
            columns = [values[o][list(members)] for members in groups.members.values()]
            held = [kept.tolist() for column in columns if len(kept := column[np.isfinite(column)]) >= LEAST_MEMBERS]
            if len(held) > 2 and (p := overall_p(held)) is not None:
                rows.append({"group": groups.name, "outcome": names[o], "levels": len(held), "p": p})
    return rows


def _summary(comparisons: list[dict[str, Any]], firm: list[dict[str, Any]]) -> str:
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


def _warnings(
    comparisons: list[dict[str, Any]], groupings: list[Grouping], left_out: list[dict[str, str]]
) -> list[str]:
    found = [f"'{one['column']}' was not compared: {one['reason']}." for one in left_out]
    for one in groupings:
        if one.few:
            few = ", ".join(f"'{level}' ({count})" for level, count in list(one.few.items())[:6])
            found.append(f"Values of '{one.name}' with fewer than {LEAST_MEMBERS} rows were left out: {few}.")
    if any(pair["decides"] == "p_means" for pair in comparisons):
        found.append(
            f"Groups of fewer than {RANKED} rows are judged by Welch's t, which takes the scatter to be normal: no rank "
            "test of so few can tell a difference from chance."
        )
    if any(pair["g"] is None and pair["difference"] for pair in comparisons):
        found.append(
            "Groups without any scatter differ: no interval can be given; see whether values were cut off or repeated."
        )
    return found


def _samples(named: list[str], names: list[str], values: np.ndarray, groupings: list[Grouping]) -> list[CandidateDraft]:
    """The samples with their measured values, labelled with the groups that they belong to."""
    labels: dict[int, dict[str, str]] = {}
    for one in groupings:
        for level, rows in one.members.items():
            for row in rows:
                labels.setdefault(row, {})[one.name] = level
    return [
        CandidateDraft(
            kind="sample", structure=identity, name=identity, labels=labels.get(index, {}),
            values=tuple(
                Value(name=name, value=float(column[index]))
                for name, column in zip(names, values, strict=True)
                if math.isfinite(column[index])
            ),
        )
        for index, identity in enumerate(named[:MOST_SAMPLES])
    ]  # fmt: skip


def _csv(comparisons: list[dict[str, Any]]) -> ArtifactContent:
    keys = (
        "group", "outcome", "first", "second", "n_first", "n_second", "mean_first", "mean_second", "deviation_first",
        "deviation_second", "difference", "low", "high", "g", "p", "p_means", "q", "superiority", "adjusted",
        "adjusted_low", "adjusted_high", "adjusted_n",
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


def _plot(
    comparisons: list[dict[str, Any]], groupings: list[Grouping], values: np.ndarray, names: list[str]
) -> ArtifactContent:
    """The first panels in the order of how firm their differences are."""
    by_name = {one.name: one for one in groupings}
    panels = []
    for group, outcome in list(dict.fromkeys((pair["group"], pair["outcome"]) for pair in comparisons))[:MOST_PANELS]:
        column = values[names.index(outcome)]
        held = {
            level: tuple(column[list(rows)][np.isfinite(column[list(rows)])].tolist())
            for level, rows in by_name[group].members.items()
        }
        panels.append(
            Panel(f"{title(outcome)} by {title(group)}", {level: kept for level, kept in held.items() if kept})
        )
    return ArtifactContent(
        name="groups.svg", media_type="image/svg+xml", content=groups_svg(panels), title="Values by group, with means and 95 % intervals"
    )  # fmt: skip
