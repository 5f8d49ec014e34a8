"""The tool that reads a table of measured activities."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from agent.errors import RepairableToolError
from agent.records import ArtifactContent, Result, Value
from agent.tools import ok, progress, tool
from agent.tools._declare import FilePath
from agent.tools.molecules.activity.table import Scale

if TYPE_CHECKING:
    from agent.tools.molecules.activity.cliffs import Cliff
    from agent.tools.molecules.activity.contributions import Contribution
    from agent.tools.molecules.activity.pairs import Exchange, Pair
    from agent.tools.molecules.activity.series import Scaffold
    from agent.tools.molecules.activity.table import ActivityTable, Measured

MOST = 5000
"""Molecules that one call analyses (pairs grow with the square)."""

_TOLD = 20
"""Reasons, exchanges and scaffolds that the data lists; the files have all."""

_DRAWN = 6
"""Steepest pairs that are drawn."""

_BARS = 24
"""Contributions that are drawn, the largest."""

_TRUSTED = 0.3
"""Share of the variance from which an additive model of the groups is worth a sentence."""


@tool("chemistry", engines=("rdkit", "scikit-learn"), seconds=600)
def analyse_activity(
    path: FilePath,
    column: str = "",
    scale: Scale = "auto",
    unit: str = "",
    core: str = "",
    random_seed: int = 0,
) -> Result:
    """Read structure-activity relationships from a table of structures and measured activities.

    Concentrations (IC50, Ki, ...) become negative logarithms of mol/l, repeats are averaged, and rows that cannot be
    used are listed with the reason while the rest is used. Finds matched molecular pairs and what each exchange does,
    activity cliffs, the R-groups on the common core, scaffolds, clusters, and draws a map of the set. A mean change
    over few pairs is weak evidence; its spread is told.

    Args:
        path: A CSV or TSV file with a column of SMILES and one of activities.
        column: The column of activities; empty: the one whose name says so, or the only one of numbers.
        scale: "auto", "as given", or "negative log" (values are concentrations).
        unit: Unit of the values (M, mM, uM, nM, pM) where neither the column's name nor a column of units says it.
        core: The core to read R-groups on, as SMILES or SMARTS; empty: the scaffold that covers most.
        random_seed: Of the map.

    Returns:
        Data: quantity, molecules, rows, skipped (count and first reasons), pairs, exchanges (before, after, count,
        mean, deviation), cliffs (those by one exchange first) and how many, steepest, core, contributions (position,
        group, count, change, error, against: an additive model of the R-groups) and the share of variance that they
        explain, scaffolds, clusters. Files: pairs, exchanges, cliffs, contributions, R-groups and molecules as tables;
        contributions, the map and the steepest pairs as drawings.

    Source:
        Matched pairs: Hussain and Rea 2010. Contributions: Free and Wilson 1964. SALI: Guha and Van Drie 2008; cliffs:
        van Tilborg et al. 2022. Clusters: Butina 1999. Scaffolds: Kruger et al. 2020. t-SNE: van der Maaten and Hinton
        2008.
    """
    from agent.tools.molecules.activity import series
    from agent.tools.molecules.activity.cliffs import activity_cliffs
    from agent.tools.molecules.activity.contributions import contributions
    from agent.tools.molecules.activity.pairs import exchanges, matched_pairs
    from agent.tools.molecules.activity.table import read_activities

    if core:
        from agent.tools.molecules.structures import read_pattern

        read_pattern(core, argument="core")
    table = read_activities(path, column, scale, unit)
    found = table.molecules
    if len(found) > MOST:
        raise RepairableToolError(
            f"path: '{path}' holds {len(found)} molecules; one call takes {MOST}.", remedy="Split the table."
        )
    mols, smiles, values = [m.mol for m in found], [m.smiles for m in found], [m.value for m in found]
    progress(0.1, f"{len(found)} molecules read")
    pairs = matched_pairs(mols, smiles)
    changes = exchanges(pairs, values)
    progress(0.4, f"{len(pairs)} matched pairs")
    cliffs, steepest = activity_cliffs(mols, smiles, values)
    progress(0.6, f"{len(cliffs)} activity cliffs")
    tree = series.scaffold_tree(mols)
    groups = series.clusters(mols)
    core = core or series.common_core(mols, tree)
    rows, places = series.r_groups(mols, core) if core else ([], [])
    added, explained = contributions(rows, [values[place] for place in places])
    paired = {(pair.first, pair.second) for pair in pairs}
    close = sum((one.first, one.second) in paired for one in cliffs)
    cliffs.sort(key=lambda one: ((one.first, one.second) not in paired, -abs(one.difference), one.first, one.second))
    progress(0.75, "drawing")
    artifacts = [
        _molecules_file(found, table.quantity, groups),
        _pairs_file(pairs, found),
        _exchanges_file(changes),
        _cliffs_file([*cliffs, *(one for one in steepest if not one.alike)], found),
        *([_r_groups_file(rows, places, found, table.quantity)] if rows else []),
        *_contributions(added, table.quantity),
        *_map(found, table.quantity, random_seed),
        *_cliff_drawings(steepest, found, table.quantity),
    ]
    data = {
        "quantity": table.quantity,
        "column": table.column,
        "molecules": len(found),
        "rows": table.rows,
        "skipped": {"count": len(table.skipped), "first": list(table.skipped[:_TOLD])},
        "pairs": len(pairs),
        "exchanges": [_exchange(one) for one in changes[:_TOLD]],
        "cliffs": [_cliff(one, found) for one in cliffs[:_TOLD]],
        "cliff_count": len(cliffs),
        "steepest": [_cliff(one, found) for one in steepest[:_TOLD]],
        "core": core,
        "cliffs_one_exchange": close,
        "r_group_rows": len(rows),
        "contributions": [asdict(one) for one in added],
        "contributions_explain": None if explained is None else round(explained, 4),
        "scaffolds": [_scaffold(one) for one in tree[:_TOLD]],
        "clusters": [len(one) for one in groups],
    }
    return ok(
        f"{len(found)} molecules with {table.quantity} from {min(values):.3g} to {max(values):.3g}: {len(pairs)} "
        f"matched pairs, {len(cliffs)} pairs of alike molecules that differ tenfold ({close} by one exchange), "
        f"{len(groups)} clusters{f'; {len(rows)} share the core {core}' if core else ''}.{_best(added, explained)}",
        values=(
            Value(name="molecules", value=len(found)),
            Value(name="matched_pairs", value=len(pairs)),
            Value(name="activity_cliffs", value=len(cliffs)),
            Value(name="cliffs_by_one_exchange", value=close),
            Value(name="clusters", value=len(groups)),
        ),
        data=data,
        artifacts=artifacts,
        warnings=(*table.notes, *_skipped(table)),
    )


def _skipped(table: ActivityTable) -> tuple[str, ...]:
    if not table.skipped:
        return ()
    more = f" (and {len(table.skipped) - _TOLD} more)" if len(table.skipped) > _TOLD else ""
    return (f"{len(table.skipped)} of {table.rows} rows were left out: {'; '.join(table.skipped[:_TOLD])}{more}",)


def _exchange(one: Exchange) -> dict[str, Any]:
    return {
        "before": one.before,
        "after": one.after,
        "count": one.count,
        "mean": round(one.mean, 4),
        "deviation": None if one.deviation is None else round(one.deviation, 4),
    }


def _cliff(one: Cliff, found: Sequence[Measured]) -> dict[str, Any]:
    return {
        "first": found[one.first].smiles,
        "second": found[one.second].smiles,
        "similarity": round(one.similarity, 4),
        "difference": round(one.difference, 4),
        "sali": round(one.sali, 3),
        "alike": list(one.alike),
    }


def _scaffold(one: Scaffold) -> dict[str, Any]:
    return {"smiles": one.smiles, "count": one.count, "parents": list(one.parents)}


def _table(name: str, title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> ArtifactContent:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return ArtifactContent(name=name, media_type="text/csv", content=text.getvalue(), title=title)


def _molecules_file(found: Sequence[Measured], quantity: str, groups: Sequence[tuple[int, ...]]) -> ArtifactContent:
    cluster = {place: number for number, members in enumerate(groups, start=1) for place in members}
    rows = [
        (m.smiles, m.name, f"{m.value:.4g}", cluster[place], " ".join(map(str, m.rows)))
        for place, m in enumerate(found)
    ]
    return _table("molecules.csv", "Molecules as read", ("smiles", "name", quantity, "cluster", "rows"), rows)


def _pairs_file(pairs: Sequence[Pair], found: Sequence[Measured]) -> ArtifactContent:
    header = ("first", "second", "context", "before", "after", "change")
    rows = [
        (
            found[one.first].smiles,
            found[one.second].smiles,
            one.context,
            one.before,
            one.after,
            f"{found[one.second].value - found[one.first].value:.4g}",
        )
        for one in pairs
    ]
    return _table("matched-pairs.csv", "Matched molecular pairs", header, rows)


def _exchanges_file(changes: Sequence[Exchange]) -> ArtifactContent:
    rows = [
        (c.before, c.after, c.count, f"{c.mean:.4g}", "" if c.deviation is None else f"{c.deviation:.4g}")
        for c in changes
    ]
    header = ("before", "after", "pairs", "mean change", "standard deviation")
    return _table("exchanges.csv", "What each exchange does", header, rows)


def _cliffs_file(cliffs: Sequence[Cliff], found: Sequence[Measured]) -> ArtifactContent:
    rows = [
        (
            found[one.first].smiles,
            found[one.second].smiles,
            f"{one.similarity:.3f}",
            f"{one.difference:.4g}",
            f"{one.sali:.4g}",
            " ".join(one.alike),
        )
        for one in cliffs
    ]
    header = ("first", "second", "similarity", "difference", "SALI", "alike by")
    return _table("cliffs.csv", "Activity cliffs and the steepest pairs", header, rows)


def _r_groups_file(
    rows: Sequence[dict[str, str]], places: Sequence[int], found: Sequence[Measured], quantity: str
) -> ArtifactContent:
    groups = sorted({key for row in rows for key in row if key != "Core"}, key=lambda key: int(key[1:]))
    order = sorted(range(len(rows)), key=lambda one: -found[places[one]].value)
    body = [
        (
            found[places[one]].smiles,
            f"{found[places[one]].value:.4g}",
            *(rows[one].get(key, "") for key in groups),
        )
        for one in order
    ]
    return _table("r-groups.csv", "R-groups on the common core", ("smiles", quantity, *groups), body)


def _contributions(added: Sequence[Contribution], quantity: str) -> list[ArtifactContent]:
    from agent.tools.molecules.activity.contributions import draw_contributions, shown

    if not added:
        return []
    rows = [
        (c.position, shown(c.group), c.count, f"{c.change:.4g}", "" if c.error is None else f"{c.error:.3g}",
         shown(c.against))
        for c in added
    ]  # fmt: skip
    header = ("position", "group", "molecules", "change", "standard error", "against")
    largest = sorted(sorted(added, key=lambda one: -abs(one.change))[:_BARS], key=added.index)
    svg = draw_contributions(largest, quantity)
    title = f"What each group adds to {quantity}"
    return [
        ArtifactContent(name="contributions.svg", media_type="image/svg+xml", content=svg, title=title),
        _table("contributions.csv", title, header, rows),
    ]


def _best(added: Sequence[Contribution], explained: float | None) -> str:
    """The group that gains most, in a sentence."""
    from agent.tools.molecules.activity.contributions import shown

    sure = [one for one in added if one.error is not None and one.change > 2 * one.error]
    if not sure or explained is None or explained < _TRUSTED:
        return ""
    best = max(sure, key=lambda one: one.change)
    return (
        f" The largest gain of a group is {shown(best.group)} at {best.position}: {best.change:+.2f} against "
        f"{shown(best.against)} in {best.count} molecules; the groups' sum explains {explained:.0%} of the variance."
    )


def _map(found: Sequence[Measured], quantity: str, seed: int) -> list[ArtifactContent]:
    from agent.tools.molecules.activity.space import LEAST, coordinates, draw_map
    from agent.tools.molecules.activity.space import MOST as MOST_DRAWN

    if len(found) < LEAST:
        return []
    shown = list(found)
    if len(shown) > MOST_DRAWN:
        ranked = sorted(shown, key=lambda m: (m.value, m.smiles))
        shown = [ranked[round(place * (len(ranked) - 1) / (MOST_DRAWN - 1))] for place in range(MOST_DRAWN)]
    points = coordinates([m.mol for m in shown], seed)
    svg = draw_map(points, [m.value for m in shown], [m.name or m.smiles for m in shown], quantity)
    return [ArtifactContent(name="map.svg", media_type="image/svg+xml", content=svg, title="Map of the molecules")]


def _cliff_drawings(cliffs: Sequence[Cliff], found: Sequence[Measured], quantity: str) -> list[ArtifactContent]:
    from agent.tools.molecules.drawing import compared_svgs

    drawings = []
    for number, one in enumerate((cliff for cliff in cliffs[:_DRAWN] if cliff.sali > 0), start=1):
        weak, strong = sorted((found[one.first], found[one.second]), key=lambda m: m.value)
        left, right = compared_svgs(weak.mol, strong.mol, f"{weak.value:.2f}", f"{strong.value:.2f}")
        told = "".join(
            f"<text x='{x}' y='254' font-size='13' text-anchor='middle' fill='#333'>{escape(text)}</text>"
            for x, text in (
                (160, _named(weak, quantity)), (480, _named(strong, quantity)),
                (320, f"{strong.value - weak.value:+.2f}"),
            )
        )  # fmt: skip
        svg = (
            "<svg xmlns='http://www.w3.org/2000/svg' version='1.1' width='640' height='262' viewBox='0 0 640 262' "
            f"font-family='sans-serif' role='img'><title>Cliff {number}</title>{left}"
            f"<g transform='translate(320 0)'>{right}</g><path d='M300 120H338M331 114L338 120L331 126' fill='none' "
            f"stroke='#333'/>{told}</svg>\n"
        )
        title = f"Cliff {number}: {weak.smiles} ({weak.value:.2f}) and {strong.smiles} ({strong.value:.2f})"
        drawings.append(
            ArtifactContent(name=f"cliff-{number}.svg", media_type="image/svg+xml", content=svg, title=title)
        )
    return drawings


def _named(one: Measured, quantity: str) -> str:
    return f"{one.name}: {quantity} {one.value:.2f}" if one.name else f"{quantity} {one.value:.2f}"
