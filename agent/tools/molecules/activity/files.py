"""The files of an analysis of activities: tables, the picture of the contributions, the map, and the steepest pairs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from agent.records import ArtifactContent

if TYPE_CHECKING:
    from agent.tools.molecules.activity.cliffs import Cliff
    from agent.tools.molecules.activity.contributions import Contribution
    from agent.tools.molecules.activity.pairs import Exchange, Pair
    from agent.tools.molecules.activity.table import Measured

DRAWN = 6
"""Steepest pairs that are drawn."""

BARS = 24
"""Contributions that are drawn, the largest."""


def _table(name: str, title: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> ArtifactContent:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return ArtifactContent(name=name, media_type="text/csv", content=text.getvalue(), title=title)


def molecules_file(found: Sequence[Measured], quantity: str, groups: Sequence[tuple[int, ...]]) -> ArtifactContent:
    """The molecules as read, with their clusters and rows."""
    cluster = {place: number for number, members in enumerate(groups, start=1) for place in members}
    rows = [
        (m.smiles, m.name, f"{m.value:.4g}", cluster[place], " ".join(map(str, m.rows)))
        for place, m in enumerate(found)
    ]
    return _table("molecules.csv", "Molecules as read", ("smiles", "name", quantity, "cluster", "rows"), rows)


def pairs_file(pairs: Sequence[Pair], found: Sequence[Measured]) -> ArtifactContent:
    """Every matched pair."""
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


def exchanges_file(changes: Sequence[Exchange]) -> ArtifactContent:
    """What each exchange does."""
    rows = [
        (c.before, c.after, c.count, f"{c.mean:.4g}", "" if c.deviation is None else f"{c.deviation:.4g}")
        for c in changes
    ]
    header = ("before", "after", "pairs", "mean change", "standard deviation")
    return _table("exchanges.csv", "What each exchange does", header, rows)


def cliffs_file(cliffs: Sequence[Cliff], found: Sequence[Measured]) -> ArtifactContent:
    """The cliffs, then the steepest pairs that are none."""
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


def r_groups_file(
    rows: Sequence[dict[str, str]], places: Sequence[int], found: Sequence[Measured], quantity: str
) -> ArtifactContent:
    """The R-groups on the common core, the most active molecule first."""
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


def contributions_files(added: Sequence[Contribution], quantity: str) -> list[ArtifactContent]:
    """What each group adds, as a drawing and as a table; nothing where there are none."""
    from agent.tools.molecules.activity.contributions import draw_contributions, shown

    if not added:
        return []
    rows = [
        (c.position, shown(c.group), c.count, f"{c.change:.4g}", "" if c.error is None else f"{c.error:.3g}",
         shown(c.against))
        for c in added
    ]  # fmt: skip
    header = ("position", "group", "molecules", "change", "standard error", "against")
    largest = sorted(sorted(added, key=lambda one: -abs(one.change))[:BARS], key=added.index)
    svg = draw_contributions(largest, quantity)
    title = f"What each group adds to {quantity}"
    return [
        ArtifactContent(name="contributions.svg", media_type="image/svg+xml", content=svg, title=title),
        _table("contributions.csv", title, header, rows),
    ]


def map_files(found: Sequence[Measured], quantity: str, seed: int) -> list[ArtifactContent]:
    """The map of the molecules; nothing for too few."""
    from agent.tools.molecules.activity.space import LEAST, coordinates, draw_map
    from agent.tools.molecules.activity.space import MOST as MOSTDRAWN

    if len(found) < LEAST:
        return []
    shown = list(found)
    if len(shown) > MOSTDRAWN:
        ranked = sorted(shown, key=lambda m: (m.value, m.smiles))
        shown = [ranked[round(place * (len(ranked) - 1) / (MOSTDRAWN - 1))] for place in range(MOSTDRAWN)]
    points = coordinates([m.mol for m in shown], seed)
    svg = draw_map(points, [m.value for m in shown], [m.name or m.smiles for m in shown], quantity)
    return [ArtifactContent(name="map.svg", media_type="image/svg+xml", content=svg, title="Map of the molecules")]


def cliff_drawings(cliffs: Sequence[Cliff], found: Sequence[Measured], quantity: str) -> list[ArtifactContent]:
    """The steepest pairs, side by side."""
    from agent.tools.molecules.drawing import compared_svgs

    drawings = []
    for number, one in enumerate((cliff for cliff in cliffs[:DRAWN] if cliff.sali > 0), start=1):
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
