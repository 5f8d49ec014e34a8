"""Optimisation campaigns replayed on tables of measured experiments: how many tests until something good is found.

The pool is the table, repeated designs counting once with their mean. A seed fixes the first tests; every later one is
chosen by `agent.tools.optimisation.engine.choose_rows`, the function behind ``gedanken campaign next``, with its one
configuration. Random search needs (n + 1) / (k + 1) tests on average to meet one of k good designs among n.
"""

from __future__ import annotations

import csv
import json
import math
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import InputError
from evals.parallel import mapped
from evals.suite import Options, Scores

if TYPE_CHECKING:
    import numpy as np

SEEDS = 50
TOP = 0.01
TOP_SHARE = 0.05
BUDGETS = (25, 50, 100)
INDEX_COLUMNS = ("", "entry", "index", "id", "unnamed: 0")
TO_MINIMISE = ("loss", "instability", "error", "impurity", "e_factor", "degradation")


@dataclass(frozen=True)
class Table:
    """A table of measured designs.

    Attributes:
        name: Its name.
        blocks: Encoded factors, one array of shape (designs, width) a factor.
        scores: Mean result of each design, more being better, shape (designs,).
    """

    name: str
    blocks: list[np.ndarray]
    scores: np.ndarray

    def good(self, share: float) -> int:
        """How many designs the best share has (rounded up)."""
        return max(1, math.ceil(len(self.scores) * share - 1e-9))

    def random(self, share: float) -> float:
        """Mean number of tests with which random search meets the best share."""
        return (len(self.scores) + 1) / (self.good(share) + 1)


def evaluate_reactions(options: Options) -> Scores:
    """``campaigns-edbo``: tests to the top 1 % of reaction tables, in batches of 5."""
    tables = [_read_csv(path) for path in _files(options, "edbo", "*.csv")]
    return _to_the_top(tables, options, batch=5, relative=False)


def evaluate_measured_tables(options: Options) -> Scores:
    """``campaigns-olympus``: tests to the top 1 % of each table, one at a time, relative to random search."""
    tables = [_read_described(path.parent) for path in _files(options, "olympus", "config.json")]
    return _to_the_top(tables, options, batch=1, relative=True)


def evaluate_designs(options: Options) -> Scores:
    """``campaigns-crossed-barrel``: share of the top 5 % found after so many tests, one at a time."""
    tables = [_read_csv(path) for path in _files(options, "pvlab", "*.csv")]
    budgets = BUDGETS
    results = _replay(tables, options, _shares_found, (1, budgets))
    scores: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    by_seed = list(zip(*results.values(), strict=True))
    for place, budget in enumerate(budgets):
        shares = [statistics.fmean(one[place] for one in seed) for seed in by_seed]
        scores[f"share@{budget}"] = statistics.fmean(shares)
        intervals[f"share@{budget}"] = _interval(shares, statistics.fmean)
    return Scores(scores["share@50"], scores, n=len(by_seed) * len(tables), intervals=intervals)


def _to_the_top(tables: Sequence[Table], options: Options, *, batch: int, relative: bool) -> Scores:
    results = _replay(tables, options, _tests_to_the_top, (batch,))
    scores: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    headline = []
    for table in tables:
        counts, random = results[table.name], table.random(TOP)
        median = statistics.median(counts)
        scores[f"{table.name}: tests"] = median
        scores[f"{table.name}: random"] = random
        scores[f"{table.name}: ratio"] = median / random
        intervals[f"{table.name}: tests"] = _interval(counts, statistics.median)
        headline.append(median / random if relative else median)
    return Scores(
        statistics.median(headline), scores, n=sum(len(counts) for counts in results.values()), intervals=intervals
    )


# --- replaying ------------------------------------------------------------------------------------------------------


def campaign(table: Table, seed: int, batch: int) -> Iterator[int]:
    """The designs that a campaign tests, in order, until none is left.

    Args:
        table: The table that stands for the laboratory.
        seed: Seed of the campaign.
        batch: Tests between two looks at the results.
    """
    import numpy as np

    from agent.tools.optimisation.engine import choose_rows
    from agent.tools.optimisation.surrogate import squared_distances

    tested: list[int] = []
    start = None
    seen = np.zeros((len(table.blocks), len(table.scores), 0))
    while len(tested) < len(table.scores):
        choice = choose_rows(
            table.blocks, tested, table.scores[tested], batch=batch, seed=seed, start=start, to_tested=seen
        )
        start = choice.theta if choice.theta is not None else start
        fresh = squared_distances(table.blocks, [block[list(choice.rows)] for block in table.blocks])
        seen = np.concatenate([seen, fresh], axis=2)
        tested += choice.rows
        yield from choice.rows


def _tests_to_the_top(task: tuple[Table, int, int]) -> int:
    import numpy as np

    table, seed, batch = task
    threshold = float(np.sort(table.scores)[-table.good(TOP)])
    return next(count for count, row in enumerate(campaign(table, seed, batch), 1) if table.scores[row] >= threshold)


def _shares_found(task: tuple[Table, int, int, tuple[int, ...]]) -> list[float]:
    import numpy as np

    table, seed, batch, budgets = task
    good = set(np.argsort(-table.scores, kind="stable")[: table.good(TOP_SHARE)].tolist())
    rows = []
    for row in campaign(table, seed, batch):
        rows.append(row)
        if len(rows) >= max(budgets):
            break
    return [len(good.intersection(rows[:budget])) / len(good) for budget in budgets]


def _replay(
    tables: Sequence[Table], options: Options, measure: Callable[[Any], Any], more: tuple[Any, ...]
) -> dict[str, list[Any]]:
    """What ``measure`` says of every table and seed."""
    seeds = options.seeds or SEEDS
    tasks = [(table, seed, *more) for table in tables for seed in range(seeds)]
    results: dict[str, list[Any]] = {table.name: [] for table in tables}
    for task, result in zip(tasks, mapped(measure, tasks, options.workers), strict=True):
        results[task[0].name].append(result)
        if len(results[task[0].name]) % 10 == 0 or len(results[task[0].name]) == seeds:
            options.tell(f"{task[0].name}: {len(results[task[0].name])} of {seeds} seeds")
    return results


def _interval(values: Sequence[float], figure: Callable[[Sequence[float]], float]) -> tuple[float, float]:
    """95 % percentile bootstrap interval of a figure."""
    import numpy as np

    drawn = np.random.default_rng(0).choice(np.asarray(values, dtype=float), size=(1000, len(values)))
    low, high = np.percentile([figure(row.tolist()) for row in drawn], [2.5, 97.5])
    return float(low), float(high)


# --- reading --------------------------------------------------------------------------------------------------------


def _files(options: Options, folder: str, pattern: str) -> list[Path]:
    assert options.bench is not None, "the catalogue checks for the bench folder"
    found = sorted((options.bench / folder).rglob(pattern))
    if not found:
        raise InputError(f"{options.bench / folder} holds no {pattern}.", remedy="Name the folder that does.")
    return found[: options.limit] if options.limit else found


def _read_csv(path: Path) -> Table:
    """A table with a header whose last column is the result."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = [row for row in csv.reader(file) if row]
    kept = [place for place, name in enumerate(header[:-1]) if name.strip().lower() not in INDEX_COLUMNS]
    sign = -1.0 if any(word in header[-1].lower() for word in TO_MINIMISE) else 1.0
    try:
        results = [sign * float(row[-1]) for row in rows]
        columns = [[row[place] for row in rows] for place in kept]
    except (ValueError, IndexError) as error:
        raise InputError(f"{path} is no table whose last column is the result: {error}.") from error
    name = path.stem if path.stem != "experiment_index" else path.parent.name
    return _table(name, [(header[place], None) for place in kept], columns, results)


def _read_described(folder: Path) -> Table:
    """A table without a header, described by ``config.json``; the first measurement counts."""
    try:
        described = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        with (folder / "data.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = [row for row in csv.reader(file) if row]
        parameters = described["parameters"]
        sign = -1.0 if str(described["default_goal"]).lower().startswith("min") else 1.0
        results = [sign * float(row[len(parameters)]) for row in rows]
        columns = [[row[place] for row in rows] for place in range(len(parameters))]
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise InputError(f"{folder} is no table of this kind: {error}.") from error
    return _table(folder.name, [(one["name"], one) for one in parameters], columns, results)


def _table(
    name: str,
    factors: Sequence[tuple[str, dict[str, Any] | None]],
    columns: Sequence[Sequence[str]],
    results: Sequence[float],
) -> Table:
    import numpy as np

    from agent.tools.optimisation.encoding import encode
    from agent.tools.optimisation.space import Space, Target

    parameters = [
        _parameter(f"f{place}", label, described, columns[place]) for place, (label, described) in enumerate(factors)
    ]
    repeats: dict[tuple[float | str, ...], list[float]] = {}
    for row, result in zip(zip(*columns, strict=True), results, strict=True):
        key = tuple(
            value if one.kind == "categorical" else float(value) for one, value in zip(parameters, row, strict=True)
        )
        repeats.setdefault(key, []).append(result)
    space = Space(parameters=tuple(parameters), objectives=(Target(name="result"),))
    designs = sorted(repeats, key=str)
    points = [dict(zip(space.factors, design, strict=True)) for design in designs]
    return Table(name, encode(space, points), np.asarray([statistics.fmean(repeats[design]) for design in designs]))


def _parameter(name: str, label: str, described: dict[str, Any] | None, column: Sequence[str]) -> Any:
    """The factor that a column is."""
    from agent.tools.optimisation.space import Categorical, Continuous, Discrete

    numbers = _numbers(column)
    if numbers is None or (described is not None and described.get("type") == "categorical"):
        values = tuple(sorted(set(column)))
        return Categorical(
            name=name, values=values, structures={one: one for one in values} if _smiles(label, values) else {}
        )
    levels = sorted(set(numbers))
    if described is None or "low" not in described or "high" not in described:
        return Discrete(name=name, values=tuple(levels))
    low, high = min(float(described["low"]), levels[0]), max(float(described["high"]), levels[-1])
    return Continuous(name=name, low=low, high=high) if low < high else Discrete(name=name, values=tuple(levels))


def _numbers(column: Sequence[str]) -> list[float] | None:
    try:
        return [float(value) for value in column]
    except ValueError:
        return None


def _smiles(label: str, values: Sequence[str]) -> bool:
    """Whether a column's categories are molecules: it says so, or every one can be read and some are no mere word."""
    from rdkit import Chem, rdBase

    with rdBase.BlockLogs():
        readable = all(Chem.MolFromSmiles(value) is not None for value in values)
    return readable and ("smiles" in label.lower() or any(len(value) > 6 for value in values))
