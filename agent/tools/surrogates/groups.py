"""Groups of samples compared: what differs between the values of a column, by how much, and at equal covariates."""

from __future__ import annotations

import math

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, Result, Value
from agent.tools import FilePath, empty, ok, tool
from agent.tools.levels import LEAST_MEMBERS, Grouping, grouping
from agent.tools.surrogates.comparing import Compared, overall, pairs, prepare
from agent.tools.surrogates.group_words import comparisons_csv, groups_plot, summary, warnings_of
from agent.tools.surrogates.observed import LIMITED_DIFFERENCES, Observed, observe, without_blanks
from agent.tools.surrogates.relations import MOST_COLUMNS, MOST_SAMPLES, corrected, identities, place_of
from agent.tools.tables import Table, numeric_columns, read_table

FIRM = 0.05
MOST_GROUPINGS = 6


@tool("data", engines=("numpy", "scipy"))
def compare_groups(path: FilePath, outcomes: list[str] = [], groups: list[str] = []) -> Result:
    """Compare groups of samples in a table: treatments with controls, sites, strains, catalysts.

    Every two values of a column of words are compared in every outcome, as they are and with the other numeric columns
    held equal, because a group may differ only since its other columns differ. Where a column says which rows belong
    together (the same well before and after, cells followed over cycles, batches), it is found and taken into account:
    paired tests, differences within blocks, or one mean and one change over time for each unit.

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
        there is none, beside: the other column in which the two differ most, design: independent, paired, blocked or
        unit means, unit: the column that ties rows together, limited: values known by a limit only), overall (group,
        outcome, p over more than two levels, test), groups (column, level, count), left_out (columns that make no
        groups, with the reason), outcomes, samples, path. Samples become candidates, labelled with their groups. Files:
        the comparisons as a table, and a plot of the values by group.

    Source:
        Welch's interval (1947); Mann and Whitney (1947), exact for small groups; Kruskal and Wallis (1952); Hedges' g
        (1981); Wilcoxon's signed ranks (1945); Friedman (1937); summary measures of Matthews et al. (1990); false
        discovery rate of Benjamini and Hochberg (1995).
    """
    table = read_table(path, "path")
    table, blanks = without_blanks(table, numeric_columns(table))
    places = numeric_columns(table)[:MOST_COLUMNS]
    groupings, left_out = _groupings(table, places, groups)
    coded = {one.name for one in groupings}
    measured = [place for place in places if table.header[place].strip() not in coded]
    observed = observe(table, measured)
    names = list(observed.names)
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
    wanted = list(dict.fromkeys(p for one in outcomes if (p := place_of(names, one)) is not None)) or list(
        range(len(names))
    )
    base = {
        "groups": [
            {"column": one.name, "level": level, "count": len(rows)}
            for one in groupings for level, rows in one.members.items()
        ],
        "left_out": left_out, "outcomes": [names[o] for o in wanted],
        "samples": identities(table, places), "path": path,
    }  # fmt: skip
    reasons = "; ".join(f"'{one['column']}': {one['reason']}" for one in left_out)
    if not groupings:
        return empty(
            f"No column of '{path}' makes groups that can be compared: {reasons or 'all of them hold numbers'}.",
            data={**base, "comparisons": [], "overall": []},
        )  # fmt: skip
    # Outcomes that were named are explained, and do not explain each other.
    covariates = [p for p in range(len(names)) if not outcomes or p not in wanted]
    compared = [prepare(table, one, observed, wanted, covariates, places) for one in groupings]
    if not groups:  # what names units is no treatment
        tying = {one.units.name for one in compared if one.units is not None and one.design != "blocked"}
        compared = [one for one in compared if one.groups.name not in tying] or compared
    comparisons = [pair for one in compared for pair in pairs(one)]
    if not comparisons:
        return empty(
            f"No two groups of '{path}' have {LEAST_MEMBERS} values each in {', '.join(names[o] for o in wanted)}.",
            data={**base, "comparisons": [], "overall": []},
        )
    for pair, q in zip(comparisons, corrected([pair[pair["decides"]] for pair in comparisons]), strict=True):
        pair["q"] = q
    comparisons.sort(key=lambda pair: (pair["q"], -abs(math.inf if pair["g"] is None else pair["g"])))
    firm = [pair for pair in comparisons if pair["q"] < FIRM]
    samples = _samples(compared, table, observed, base["samples"])
    kept = [Value(name="comparisons", value=len(comparisons)), Value(name="firm_differences", value=len(firm))]
    return ok(
        summary(comparisons, firm),
        values=kept,
        data={
            **base, "comparisons": comparisons, "overall": [row for one in compared for row in overall(one)],
            "samples": [one.structure for one in samples],
        },
        candidates=samples,
        artifacts=[comparisons_csv(comparisons), groups_plot(comparisons, compared)],
        warnings=[
            *blanks, *observed.told(LIMITED_DIFFERENCES),
            *warnings_of(comparisons, compared, left_out if groups else []),
        ],
    )  # fmt: skip


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


def _samples(compared: list[Compared], table: Table, observed: Observed, rows: list[str]) -> list[CandidateDraft]:
    """What was compared, with its values and its groups as labels: rows, or units where their means are compared."""
    one = compared[0]
    if one.units is not None and all(each.design == "unit means" for each in compared):
        names, shown, groupings = list(one.units.rows), one.observed, [one.groups]
    else:
        groupings = [each.groups for each in compared if each.design != "unit means"]
        names, shown = rows, observed
        if one.units is not None:
            names = [
                f"{unit} {row}" if (unit := one.units.of(place)) and row.startswith("row ") else row
                for place, row in enumerate(rows)
            ]
    labels: dict[int, dict[str, str]] = {}
    for groups in groupings:
        for level, members in groups.members.items():
            for row in members:
                labels.setdefault(row, {})[groups.name] = level
    return [
        CandidateDraft(
            kind="sample", structure=name, name=name, labels=labels.get(index, {}),
            values=tuple(
                Value(name=column, value=float(values[index]))
                for column, values in zip(shown.names, shown.middle, strict=True)
                if math.isfinite(values[index])
            ),
        )
        for index, name in enumerate(names[:MOST_SAMPLES])
    ]  # fmt: skip
