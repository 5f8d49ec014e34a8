"""The tool: what to make next, from a table of what was made and measured."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np

from agent.errors import RepairableToolError
from agent.records import ArtifactContent, CandidateDraft, Constraint, Objective, Result, Value
from agent.tools import FilePath, empty, ok, progress, tool
from agent.tools.optimisation.proposing import (
    Check,
    Model,
    Wish,
    apart,
    candidates,
    cross_validated,
    meeting,
    scaled,
    worth,
)
from agent.tools.optimisation.table_inputs import Inputs, read_inputs
from agent.tools.tables import Table, number, read_table
from agent.units import counted
from agent.vocabulary import title

LEAST_ROWS = 6
WEAK = 0.2
"""Cross-validated share of the variance below which the model is told to say little."""


@tool("experiments", engines=("numpy", "scipy", "pymatgen"), seconds=300.0)
def propose_from_table(
    path: FilePath,
    objectives: list[Objective] = [],
    constraints: list[Constraint] = [],
    inputs: list[str] = [],
    count: int = 5,
    random_seed: int = 0,
) -> Result:
    """Propose what to make or run next, from a table of compositions or settings and what was measured of them.

    A Gaussian process is trained on the rows, tested on rows left out, and asked which new compositions or settings
    between the measured ones promise most: by expected improvement and the probability of keeping every limit.

    Args:
        path: A CSV file with a header: a column of formulas, of shares or of settings, and columns of results.
        objectives: Columns to maximise, minimise or bring to a target; the first is what improvement is of.
        constraints: Limits of columns, of results as well as of what is set.
        inputs: The columns that were set; empty: all that are neither objectives nor limited results.
        count: How many to propose, 1 to 24.
        random_seed: Seed of everything random.

    Returns:
        ``data``: proposals (point, predicted value with its deviation and 90 % interval for every result, probability
        of keeping all limits, expected improvement), best measured, check of every model (cross-validated error beside
        that of the plain mean, share of the variance explained, coverage of 90 % intervals), inputs with their ranges,
        sums that are kept. Proposals become candidates. Files: the proposals as a table to fill in.

    Source:
        Expected improvement of Jones et al. (1998) times the probability of feasibility (Gardner et al. 2014), kriging
        believer for several; the surrogate of suggest_experiments.
    """
    table = read_table(path, "path")
    if not 1 <= count <= 24:
        raise RepairableToolError(f"count is {count}; it must be 1 to 24.", remedy="Ask for 1 to 24 proposals.")
    wishes, limits = _wishes(table, objectives, constraints, inputs)
    places = [table.place(wish.column) or 0 for wish in wishes]
    measured = np.array([[_number(cell) for cell in table.column(place)] for place in places])
    read = read_inputs(table, places, inputs)
    whole = np.isfinite(np.vstack([read.values.T, measured])).all(axis=0)
    kept = np.flatnonzero(whole).tolist()
    if len(kept) < LEAST_ROWS:
        raise RepairableToolError(
            f"path: '{path}' has {counted(len(kept), 'complete row')}; {LEAST_ROWS} are the least to learn from.",
            remedy="Measure more, or leave out columns with gaps.",
        )
    given = Inputs(
        read.names, read.values[kept], read.sums, read.species,
        {name: tuple(cells[row] for row in kept) for name, cells in read.words.items()},
        tuple(read.identities[row] for row in kept),
    )  # fmt: skip
    outcomes = [column[kept] for column in measured]
    points, words = candidates(given, limits, random_seed)
    if not len(points):
        return empty("No point between the measured rows keeps the limits on what is set.", data={"proposals": []})
    blocks = scaled(given, points, words)
    n = len(kept)
    keys = [given.written(row, [cells[i] for cells in given.words.values()]) for i, row in enumerate(given.values)]
    progress(0.1, "testing the model on rows left out")
    checks = [cross_validated([block[:n] for block in blocks], column, keys, random_seed) for column in outcomes]
    progress(0.7, "ranking what is not measured yet")
    models = [Model(blocks, column) for column in outcomes]
    proposals = _chosen(given, points, words, blocks, models, wishes, outcomes, count, set(keys))
    lead = wishes[0]
    best = _best(lead, wishes, outcomes, keys)
    return ok(
        _summary(proposals, lead, checks[0], n, best),
        values=[
            Value(name="rows", value=n), Value(name="cross_validated_error", value=round(checks[0].error, 6)),
            Value(name="explained_share", value=round(checks[0].explained, 3)),
        ],
        data={
            "proposals": proposals, "best_measured": best[1], "best": best[0], "path": path, "response": lead.column,
            "goal": lead.goal, "columns": [wish.column for wish in wishes], "rows": n,
            "checks": {w.column: vars(c) | {"noise": m.noise} for w, c, m in zip(wishes, checks, models, strict=True)},
            "inputs": {name: ends for name, *ends in _ranges(given)},
            "sums": [[[given.names[p] for p in places], total] for places, total in given.sums],
            "explained": checks[0].explained,
        },
        candidates=[_draft(proposal) for proposal in proposals],
        artifacts=[_sheet(proposals, wishes)],
        warnings=_warnings(checks, wishes, proposals, given),
    )  # fmt: skip


def _wishes(
    table: Table, objectives: list[Objective], constraints: list[Constraint], inputs: list[str]
) -> tuple[list[Wish], list[tuple[str, float | None, float | None]]]:
    """What is wanted of results, and the limits of what is set."""
    set_ = {name.strip().lower() for name in inputs}
    found: dict[str, Wish] = {}
    limits: list[tuple[str, float | None, float | None]] = []
    for name in [*(one.quantity for one in objectives), *(one.quantity for one in constraints)]:
        if table.place(name) is None:
            raise RepairableToolError(
                f"'{table.path}' has no column '{name}'.", remedy=f"There are: {', '.join(table.header)}."
            )
    bounds = {one.quantity.strip().lower(): one for one in constraints}
    for one in objectives:
        bound = bounds.pop(one.quantity.strip().lower(), None)
        low, high = (bound.low, bound.high) if bound else (None, None)
        # Inside a window every value is as good: its probability is what counts, and not the distance to its middle.
        goal = "" if low is not None and high is not None and one.direction == "target" else one.direction
        found.setdefault(one.quantity, Wish(one.quantity, goal, one.target, low, high))
    for key, one in bounds.items():
        if key in set_:
            limits.append((one.quantity, one.low, one.high))
        else:
            found[one.quantity] = Wish(one.quantity, "", None, one.low, one.high)
    if not found:
        raise RepairableToolError(
            "objectives: nothing is wanted of any result.", remedy="Name the column to maximise, minimise or hit."
        )
    return list(found.values()), limits


def _chosen(
    given: Inputs, points: np.ndarray, words: list[tuple[str, ...]], blocks: list[np.ndarray], models: list[Model],
    wishes: list[Wish], outcomes: list[np.ndarray], count: int, known: set[str],
) -> list[dict[str, Any]]:  # fmt: skip
    """The points of most promise, each taken as measured before the next is chosen."""
    n = len(outcomes[0])
    names = [given.written(point, word) for point, word in zip(points, words, strict=True)]
    free = np.array([name not in known for name in names])
    first = [(model.mean.copy(), np.hypot(model.deviation, model.noise)) for model in models]
    kept = np.prod([meeting(model, wish) for model, wish in zip(models, wishes, strict=True)], axis=0)
    gains = worth(models, wishes, outcomes)
    found: list[dict[str, Any]] = []
    while len(found) < count and free.any():
        promise = worth(models, wishes, outcomes)[n:]
        row = int(np.argmax(np.where(free, promise, -np.inf)))
        free[row] = False
        if (free & (distinct := apart(blocks, n, row))).any():
            free &= distinct
        predicted = {
            wish.column: {
                "mean": float(mean[n + row]), "deviation": float(deviation[n + row]),
                "low": float(mean[n + row] - 1.645 * deviation[n + row]),
                "high": float(mean[n + row] + 1.645 * deviation[n + row]),
            }
            for wish, (mean, deviation) in zip(wishes, first, strict=True)
        }  # fmt: skip
        limited = any(wish.low is not None or wish.high is not None for wish in wishes)
        found.append(
            {
                "point": names[row], "settings": dict(zip(given.names, map(float, points[row]), strict=True)),
                "predicted": predicted, "probability": float(kept[n + row]) if limited else None,
                "gain": float(gains[n + row]) if wishes[0].goal else None,
            }
        )  # fmt: skip
        for model in models:
            model.believe(blocks, n + row)
    return found


def _best(lead: Wish, wishes: list[Wish], outcomes: list[np.ndarray], keys: list[str]) -> tuple[str, float]:
    """The best row that keeps every limit (of all rows, where none does), and its value of the first wish."""
    fine = np.ones(len(outcomes[0]), dtype=bool)
    for wish, column in zip(wishes, outcomes, strict=True):
        fine &= (column >= (wish.low if wish.low is not None else -np.inf)) & (
            column <= (wish.high if wish.high is not None else np.inf)
        )
    pool = np.flatnonzero(fine) if fine.any() else np.arange(len(fine))
    values = outcomes[0][pool]
    if lead.goal in ("maximise", ""):
        place = pool[int(np.argmax(values if lead.high is None else -np.abs(values - _middle(lead))))]
    elif lead.goal == "minimise":
        place = pool[int(np.argmin(values))]
    else:
        place = pool[int(np.argmin(np.abs(values - (lead.target or 0.0))))]
    return keys[place], float(outcomes[0][place])


def _middle(wish: Wish) -> float:
    ends = [end for end in (wish.low, wish.high) if end is not None]
    return sum(ends) / len(ends)


def _summary(proposals: list[dict[str, Any]], lead: Wish, check: Check, rows: int, best: tuple[str, float]) -> str:
    first = proposals[0]
    predicted = first["predicted"][lead.column]
    met = first["probability"]
    chance = f", meeting the limits with probability {met:.2f}" if met is not None else ""
    return (
        f"Next: {first['point']} (predicted {title(lead.column)} {predicted['mean']:.4g} ± {predicted['deviation']:.2g}"
        f"{chance}); {counted(len(proposals), 'proposal')} from {rows} measured rows, the best of which has "
        f"{best[1]:.4g} ({best[0]}). On rows left out the model errs by {check.error:.2g}, the plain mean by"
        f" {check.plain:.2g}."
    )


def _warnings(checks: list[Check], wishes: list[Wish], proposals: list[dict[str, Any]], given: Inputs) -> list[str]:
    found = [
        f"The model of {title(wish.column)} explains {check.explained:.0%} of the variance of rows left out: it hardly"
        " knows more than their mean, and its proposals spread rather than aim."
        for wish, check in zip(wishes, checks, strict=True)
        if check.explained < WEAK
    ]
    chances = [one["probability"] for one in proposals if one["probability"] is not None]
    if chances and max(chances) < 0.1:
        found.append(
            f"Nothing near the measured rows is likely to meet every limit (at most {max(chances):.1%}): widen the"
            " ranges that are tried, or vary something else."
        )
    ranges = ", ".join(f"{name} {low:.4g} to {high:.4g}" for name, low, high in _ranges(given))
    found.append(
        f"Measured were {ranges}. Settings are proposed within that, amounts and shares at most a little beyond it; the"
        " model says nothing of what lies far outside."
    )
    return found


def _draft(proposal: dict[str, Any]) -> CandidateDraft:
    predicted: dict[str, dict[str, float]] = proposal["predicted"]
    chance = proposal["probability"]
    return CandidateDraft(
        kind="recipe", structure=str(proposal["point"]), name=str(proposal["point"]),
        values=tuple(
            Value(name=name, value=one["mean"], uncertainty=one["deviation"]) for name, one in predicted.items()
        ),
        labels={} if chance is None else {"chance of meeting the limits": f"{chance:.2f}"},
    )  # fmt: skip


def _sheet(proposals: list[dict[str, Any]], wishes: list[Wish]) -> ArtifactContent:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    settings = list(proposals[0]["settings"])
    names = [wish.column for wish in wishes]
    told = [f"{name}, {what}" for what in ("predicted", "deviation") for name in names]
    writer.writerow(["proposal", *settings, *told, *names])
    for one in proposals:
        predicted: dict[str, dict[str, float]] = one["predicted"]
        values: dict[str, float] = one["settings"]
        told = [f"{predicted[name][key]:.4g}" for key in ("mean", "deviation") for name in names]
        writer.writerow([one["point"], *(f"{values[name]:.6g}" for name in settings), *told, *("" for _ in names)])
    return ArtifactContent(
        name="proposals.csv", media_type="text/csv", content=out.getvalue(), title="What to make next"
    )


def _number(cell: str) -> float:
    found = number(cell)
    return np.nan if found is None else found


def _ranges(given: Inputs) -> list[tuple[str, float, float]]:
    """Every number that was varied, with its ends."""
    return [
        (name, float(column.min()), float(column.max()))
        for name, column in zip(given.names, given.values.T, strict=True)
    ]
