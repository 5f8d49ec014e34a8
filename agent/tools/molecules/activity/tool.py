"""The tool that reads a table of measured activities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, Result, Value
from agent.tools import ok, progress, tool
from agent.tools._declare import FilePath
from agent.tools.molecules.activity.table import Scale
from agent.units import counted

if TYPE_CHECKING:
    from agent.tools.molecules.activity.cliffs import Cliff
    from agent.tools.molecules.activity.contributions import Contribution
    from agent.tools.molecules.activity.pairs import Exchange
    from agent.tools.molecules.activity.series import Scaffold
    from agent.tools.molecules.activity.table import ActivityTable, Measured
    from agent.tools.molecules.activity.untested import Untested

MOST = 5000
"""Molecules that one call analyses (pairs grow with the square)."""

_TOLD = 20
"""Reasons, exchanges and scaffolds that the data lists; the files have all."""

_FIRM = 3
"""Pairs from which an exchange is tested against chance."""

_TABLED = 200
"""Molecules that become candidates: those of the tested exchanges and of the cliffs, then the most active."""

_SHOWN = 12
"""Of these, the most active, for a drawing of each."""

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
        Candidates: the molecules with their measured activity, and untested combinations of their groups with a
        predicted one. Data: quantity, molecules, rows, skipped (count and
        first reasons), pairs, exchanges (before, after, count, mean, deviation), tested (those of three or more pairs
        with the p of a t test, and those pairs), scatter (deviation of one measurement about them), smiles (of
        the candidates), drawn (the most active of them), cliffs (those by one exchange first) and how many, steepest,
        core, contributions (position, group, count, change, error, against: an additive model of the R-groups) and the
        share of variance that they explain, untested (the untested combinations of groups that this model predicts
        highest, with the 95 % interval of a measurement, and the difference to the best tested molecule), scaffolds,
        clusters. Files: pairs, exchanges, cliffs, contributions, R-groups and molecules as tables; contributions, the
        map and the steepest pairs as drawings.

    Source:
        Matched pairs: Hussain and Rea 2010. Contributions: Free and Wilson 1964. SALI: Guha and Van Drie 2008; cliffs:
        van Tilborg et al. 2022. Clusters: Butina 1999. Scaffolds: Kruger et al. 2020. t-SNE: van der Maaten and Hinton
        2008.
    """
    from agent.tools.molecules.activity import files, series
    from agent.tools.molecules.activity.cliffs import activity_cliffs
    from agent.tools.molecules.activity.contributions import contributions
    from agent.tools.molecules.activity.pairs import exchanges, matched_pairs
    from agent.tools.molecules.activity.table import read_activities
    from agent.tools.molecules.activity.untested import untested

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
    smiles_on_core = [smiles[place] for place in places]
    new = untested(rows, [values[place] for place in places], set(smiles)) if (explained or 0) >= _TRUSTED else []
    paired = {(pair.first, pair.second) for pair in pairs}
    close = sum((one.first, one.second) in paired for one in cliffs)
    cliffs.sort(key=lambda one: ((one.first, one.second) not in paired, -abs(one.difference), one.first, one.second))
    tested = _tested(changes, found)
    progress(0.75, "drawing")
    artifacts = [
        files.molecules_file(found, table.quantity, groups),
        files.pairs_file(pairs, found),
        files.exchanges_file(changes),
        files.cliffs_file([*cliffs, *(one for one in steepest if not one.alike)], found),
        *([files.r_groups_file(rows, places, found, table.quantity)] if rows else []),
        *files.contributions_files(added, table.quantity),
        *files.map_files(found, table.quantity, random_seed),
        *files.cliff_drawings(steepest, found, table.quantity),
    ]
    drafts = [*_new_candidates(new), *_candidates(found, table.quantity, changes, cliffs)]
    data = {
        "quantity": table.quantity,
        "smiles": [one.structure for one in drafts],
        "drawn": [one.structure for one in drafts[: _SHOWN + len(new)]],
        "column": table.column,
        "molecules": len(found),
        "rows": table.rows,
        "skipped": {"count": len(table.skipped), "first": list(table.skipped[:_TOLD])},
        "pairs": len(pairs),
        "exchanges": [_exchange(one) for one in changes[:_TOLD]],
        "tested": tested,
        "scatter": _scatter(changes),
        "cliffs": [_cliff(one, found) for one in cliffs[:_TOLD]],
        "cliff_count": len(cliffs),
        "steepest": [_cliff(one, found) for one in steepest[:_TOLD]],
        "core": core,
        "cliffs_one_exchange": close,
        "r_group_rows": len(rows),
        "contributions": [asdict(one) for one in added],
        "untested": [_untested(one, smiles_on_core[one.best]) for one in new],
        "contributions_explain": None if explained is None else round(explained, 4),
        "scaffolds": [_scaffold(one) for one in tree[:_TOLD]],
        "clusters": [len(one) for one in groups],
    }
    return ok(
        f"{counted(len(found), 'molecule')} with {table.quantity} from {min(values):.3g} to {max(values):.3g}: "
        f"{counted(len(pairs), 'matched pair')}, {counted(len(cliffs), 'pair')} of alike molecules that differ tenfold "
        f"({close} by one exchange), "
        f"{counted(len(groups), 'cluster')}{f'; {len(rows)} share the core {core}' if core else ''}."
        f"{_best(added, explained)}{_next(new, table.quantity)}",
        values=(
            Value(name="molecules", value=len(found)),
            Value(name="matched_pairs", value=len(pairs)),
            Value(name="activity_cliffs", value=len(cliffs)),
            Value(name="cliffs_by_one_exchange", value=close),
            Value(name="clusters", value=len(groups)),
        ),
        data=data,
        candidates=drafts,
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


def _tested(changes: Sequence[Exchange], found: Sequence[Measured]) -> list[dict[str, Any]]:
    """The exchanges of enough pairs, with how easily chance alone would bring their mean, the firmest first."""
    from scipy import stats

    from agent.tools.molecules.activity.contributions import shown

    rows = []
    for one in changes:
        if one.count < _FIRM or one.deviation is None:
            continue
        error = max(one.deviation, 0.01) / one.count**0.5  # equal changes to the last digit are no certainty
        p = float(2 * stats.t.sf(one.mean / error, one.count - 1))
        pairs = [[found[first].smiles, found[second].smiles] for first, second in one.members]
        rows.append(_exchange(one) | {"p": p, "pairs": pairs, "names": [shown(one.before), shown(one.after)]})
    return sorted(rows, key=lambda row: (row["p"], row["before"], row["after"]))


def _scatter(changes: Sequence[Exchange]) -> float | None:
    """The standard deviation of one measurement about what the exchanges lead to expect, pooled over them."""
    repeated = [one for one in changes if one.deviation is not None and one.count >= _FIRM]
    freedom = sum(one.count - 1 for one in repeated)
    if not freedom:
        return None
    pooled = sum((one.count - 1) * (one.deviation or 0.0) ** 2 for one in repeated) / freedom
    return round((pooled / 2) ** 0.5, 4)  # a difference holds the scatter of two measurements


def _candidates(
    found: Sequence[Measured], quantity: str, changes: Sequence[Exchange], cliffs: Sequence[Cliff]
) -> list[CandidateDraft]:
    """The molecules as candidates, the most active first."""
    named = [place for one in changes if one.count >= _FIRM for pair in one.members for place in pair]
    named += [place for one in cliffs for place in (one.first, one.second)]
    ranked = sorted(range(len(found)), key=lambda place: (-found[place].value, place))
    chosen = set(list(dict.fromkeys((*named, *ranked)))[:_TABLED])
    return [
        CandidateDraft(
            kind="molecule",
            structure=found[place].smiles,
            name=found[place].name,
            values=(Value(name=quantity, value=round(found[place].value, 4)),),
        )
        for place in ranked
        if place in chosen
    ]


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


def _new_candidates(new: Sequence[Untested]) -> list[CandidateDraft]:
    """The untested combinations as candidates: what is predicted of them is no measurement."""
    return [
        CandidateDraft(
            kind="molecule",
            structure=one.smiles,
            values=(
                Value(name="predicted", value=round(one.predicted, 3), uncertainty=round((one.high - one.low) / 4, 3)),
            ),
            labels={"status": "untested"},
        )
        for one in new
    ]


def _untested(one: Untested, best: str) -> dict[str, Any]:
    from agent.tools.molecules.activity.contributions import shown

    return {
        "smiles": one.smiles,
        "groups": {position: shown(group) for position, group in one.groups.items()},
        "predicted": round(one.predicted, 4),
        "low": round(one.low, 4),
        "high": round(one.high, 4),
        "best": best,
        "gain": round(one.gain, 4),
        "gain_error": round(one.gain_error, 4),
        "changed": one.like,
    }


def _next(new: Sequence[Untested], quantity: str) -> str:
    """The untested combination to make first, in a sentence."""
    from agent.tools.molecules.activity.contributions import shown

    if not new:
        return ""
    first = new[0]
    groups = ", ".join(f"{position} {shown(group)}" for position, group in first.groups.items())
    better = "above" if first.gain > 0 else "below"
    return (
        f" Of the untested combinations of these groups, {first.smiles} ({groups}) is predicted highest: {quantity} "
        f"{first.predicted:.2f} (95 % interval {first.low:.2f} to {first.high:.2f}), {better} the best tested molecule."
    )


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
