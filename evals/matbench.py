"""Properties of compositions (Matbench): surrogates of ours on the official five folds of a table.

A table is a CSV in ``matbench/`` with a column of formulas and a last column of values; its folds are in a JSON file
there (``*folds*.json`` or ``.json.gz``), by the key ``matbench_NAME``. Row i is the id i + 1. A suite ``matbench-NAME``
exists for every table with folds: the words of its name are found in the key (``gap`` in ``matbench_expt_gap``).

Source: A. Dunn et al., "Benchmarking materials property prediction methods: the Matbench test set and Automatminer
reference algorithm", npj Computational Materials 6 (2020) 138.
"""

from __future__ import annotations

import csv
import gzip
import json
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.errors import InputError, RepairableToolError
from evals.intervals import bootstrap
from evals.parallel import mapped
from evals.suite import Options, Scores, Suite

FOLDER = "matbench"
PREFIX = "matbench-"
FORMULA_COLUMNS = ("formula", "composition")
TRUTH = {"true": 1.0, "false": 0.0}


@dataclass(frozen=True)
class Table:
    """A table with its folds.

    Attributes:
        name: The folds' key without ``matbench_``.
        formulas: One a row.
        values: One a row; yes and no are 1 and 0.
        classes: Whether the values are yes or no.
        folds: Training and test rows of each fold.
    """

    name: str
    formulas: tuple[str, ...]
    values: tuple[float, ...]
    classes: bool
    folds: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]


@dataclass(frozen=True)
class Outcome:
    """What one training predicted: the fold, its test rows that could be read, predictions, whether intervals hold."""

    fold: int
    rows: tuple[int, ...]
    predicted: tuple[float, ...]
    covered: tuple[bool, ...]
    unread: int
    seconds: float


def evaluate(options: Options, name: str) -> Scores:
    """The suites ``matbench-NAME``.

    Args:
        options: The bench folder; ``limit`` is the number of folds, ``seeds`` the trainings of each (default 1; their
            errors are averaged), ``workers`` the processes.
        name: The table, as in the suite's name.

    Returns:
        The mean absolute error over all test rows (yes-or-no tables: the area under the receiver operating curve, mean
        over the folds).

    Raises:
        InputError: The table or its folds are missing or do not fit each other.
    """
    table = read_table((options.bench or Path()) / FOLDER, name)
    folds = range(len(table.folds))[: options.limit]
    tasks = [(table, fold, seed) for fold in folds for seed in range(options.seeds or 1)]
    outcomes: list[Outcome] = []
    unscored: dict[str, int] = {}
    for outcome in mapped(measure, tasks, options.workers):
        if isinstance(outcome, str):
            unscored[outcome] = unscored.get(outcome, 0) + 1
            options.tell(f"a fold is unscored: {outcome}")
            continue
        if outcome.unread:
            reason = "a test formula cannot be read"
            unscored[reason] = unscored.get(reason, 0) + outcome.unread
        outcomes.append(outcome)
        error = statistics.fmean(abs(error) for error in _errors(table, outcome))
        options.tell(f"fold {outcome.fold}: mean absolute error {error:.4g}, {outcome.seconds:.0f} s")
    return _scores(table, outcomes, unscored)


def find_table_suite(name: str, bench: Path) -> Suite | None:
    """The suite of a table with folds in the bench folder, or ``None``.

    Args:
        name: As on the command line: ``matbench-NAME``.
        bench: The bench folder.
    """
    if not name.startswith(PREFIX):
        return None
    try:
        table = read_table(bench / FOLDER, name.removeprefix(PREFIX))
    except InputError:
        return None
    return Suite(
        name,
        f"a table of compositions with official folds (Matbench {table.name})",
        "area under the receiver operating curve" if table.classes else "mean absolute error",
        "evals.matbench:evaluate",
        needs=FOLDER,
        higher_is_better=table.classes,
        arguments={"name": name.removeprefix(PREFIX)},
    )


def read_table(folder: Path, name: str) -> Table:
    """The table of a name, with its folds.

    Raises:
        InputError: There is none, several fit, or rows and folds do not belong together.
    """
    folds = _folds(folder)
    key = _match(name, list(folds), f"folds in {folder}")
    own = key.removeprefix("matbench_")
    files = {path.stem: path for path in sorted(folder.glob("**/*.csv"))}
    path = files[_match(own, list(files), f"table in {folder}")]
    with path.open(encoding="utf-8-sig", newline="") as file:
        header, *rows = [row for row in csv.reader(file) if row]
    column = next((header.index(one) for one in FORMULA_COLUMNS if one in header), None)
    if column is None:
        raise InputError(
            f"{path} has no column of formulas (columns: {', '.join(header)}).",
            remedy="Only tables of compositions can be scored; name the column 'formula'.",
        )
    cells = [row[-1].strip().lower() for row in rows]
    classes = all(cell in TRUTH for cell in cells)
    try:
        values = tuple(TRUTH[cell] if classes else float(cell) for cell in cells)
    except ValueError as error:
        raise InputError(f"{path}: a value is no number ({error}).") from error
    split = tuple((_places(fold["train"]), _places(fold["test"])) for _, fold in sorted(folds[key].items()))
    named = {place for train, test in split for place in (*train, *test)}
    if named != set(range(len(rows))):
        raise InputError(
            f"{path} has {len(rows)} rows, and its folds name {len(named)} (up to {max(named) + 1}).",
            remedy="Give the whole table in the order of the ids.",
        )
    return Table(own, tuple(row[column] for row in rows), values, classes, split)


def measure(task: tuple[Table, int, int]) -> Outcome | str:
    """Train on a fold's training rows and predict its test rows.

    Args:
        task: The table, the fold and the seed.

    Returns:
        The outcome, or why there is none.
    """
    import time

    from agent.tools.surrogates.model import Training, train

    table, fold, seed = task
    started = time.monotonic()
    known = [row for row in table.folds[fold][0] if _readable(table.formulas[row])]
    asked = table.folds[fold][1]
    judged = [row for row in asked if _readable(table.formulas[row])]
    if not judged:
        return "a fold has no test row that can be read"
    data = Training(
        [table.formulas[row] for row in known],
        [table.values[row] for row in known],
        "composition",
        loss="squared" if table.classes else "absolute",
        seed=seed,
    )
    try:
        _, predictor = train(data)
    except ValueError as error:
        return f"no surrogate could be trained: {error}"
    told = predictor.predict([table.formulas[row] for row in judged])
    return Outcome(
        fold,
        tuple(judged),
        tuple(one.value for one in told),
        tuple(one.low <= table.values[row] <= one.high for one, row in zip(told, judged, strict=True)),
        len(asked) - len(judged),
        time.monotonic() - started,
    )


def _scores(table: Table, outcomes: Sequence[Outcome], unscored: dict[str, int]) -> Scores:
    scores: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    errors: dict[int, list[float]] = {}
    folds: dict[int, list[float]] = {}
    for outcome in outcomes:
        for row, error in zip(outcome.rows, _errors(table, outcome), strict=True):
            errors.setdefault(row, []).append(abs(error))
        figure = _area(table, outcome) if table.classes else statistics.fmean(map(abs, _errors(table, outcome)))
        if figure is None:
            unscored["a fold's test rows are all of one class"] = (
                unscored.get("a fold's test rows are all of one class", 0) + 1
            )
        else:
            folds.setdefault(outcome.fold, []).append(figure)
    by_row = [statistics.fmean(told) for told in errors.values()]
    by_fold = {fold: statistics.fmean(told) for fold, told in folds.items()}
    headline = "area under curve" if table.classes else "mae"
    if by_fold:
        # As Matbench reports: the mean over the folds.
        scores[headline] = statistics.fmean(by_fold.values())
        interval = bootstrap(list(by_fold.values()) if table.classes else by_row)
        if interval:
            intervals[headline] = interval
        scores["share inside 90 % intervals"] = statistics.fmean(hit for one in outcomes for hit in one.covered)
        scores |= {f"fold {fold}": figure for fold, figure in sorted(by_fold.items())}
    return Scores(
        score=scores.get(headline),
        scores=scores,
        n=len(errors),
        unscored=sum(unscored.values()),
        why_unscored=unscored,
        intervals=intervals,
    )


def _errors(table: Table, outcome: Outcome) -> list[float]:
    return [told - table.values[row] for told, row in zip(outcome.predicted, outcome.rows, strict=True)]


def _area(table: Table, outcome: Outcome) -> float | None:
    from sklearn.metrics import roc_auc_score

    truth = [table.values[row] for row in outcome.rows]
    return float(roc_auc_score(truth, outcome.predicted)) if len(set(truth)) == 2 else None


def _folds(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in sorted([*folder.glob("**/*folds*.json"), *folder.glob("**/*folds*.json.gz")]):
        try:
            raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            found |= json.loads(raw)
        except (OSError, ValueError) as error:
            raise InputError(f"{path} cannot be read as folds: {error}.") from error
    if not found:
        raise InputError(f"{folder} holds no *folds*.json or .json.gz.", remedy="Name the bench folder that does.")
    return found


def _match(name: str, offered: Sequence[str], what: str) -> str:
    """The one that is named so, else the one whose words hold the name's, or are among them."""
    words = _words(name)
    exact = [one for one in offered if _words(one) == words]
    near = exact or [one for one in offered if words <= _words(one)] or [one for one in offered if _words(one) <= words]
    if len(near) == 1:
        return near[0]
    raise InputError(
        f"'{name}' names {'several' if near else 'no'} {what}.",
        remedy=f"There are: {', '.join(sorted(near or offered))}.",
    )


def _words(name: str) -> frozenset[str]:
    return frozenset(name.lower().replace("-", "_").split("_")) - {"matbench", ""}


def _places(ids: Sequence[str]) -> tuple[int, ...]:
    return tuple(int(one.rsplit("-", 1)[1]) - 1 for one in ids)


def _readable(formula: str) -> bool:
    from agent.tools.surrogates.compositions import read_composition

    try:
        read_composition(formula)
    except RepairableToolError:
        return False
    return True
