"""Bioactivity of molecules (MoleculeACE): how well surrogates of ours predict the official test rows of each assay.

Every ``moleculeace/*.csv`` with the columns ``smiles``, ``y``, ``split`` is an assay. A surrogate is trained on the
rows of the training split with the settings that ``train_surrogate`` has, and sees neither the test rows nor the column
that marks activity cliffs. The headline is the mean over assays of the test split's root mean squared error.

Source: D. van Tilborg et al., "Exposing the limitations of molecular machine learning with activity cliffs", J. Chem.
Inf. Model. 62 (2022) 5938.
"""

from __future__ import annotations

import csv
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agent.errors import InputError, RepairableToolError
from evals.parallel import mapped
from evals.suite import Options, Scores

if TYPE_CHECKING:
    import numpy as np

FOLDER = "moleculeace"
PUBLISHED = "published_rmse_by_method.csv"
NEEDED = ("smiles", "split")
RESAMPLES = 1000


@dataclass(frozen=True)
class Row:
    """One row of an assay: a molecule, its pEC50 or pKi, and whether it is part of an activity cliff."""

    smiles: str
    value: float
    test: bool
    cliff: bool


@dataclass(frozen=True)
class Outcome:
    """What one training made of an assay's test rows: errors in log units, which are cliffs, which intervals hold."""

    assay: str
    errors: tuple[float, ...]
    cliffs: tuple[bool, ...]
    covered: tuple[bool, ...]
    unread: int
    seconds: float


def evaluate(options: Options) -> Scores:
    """The suite ``moleculeace``.

    Args:
        options: The bench folder; ``limit`` is the number of assays (the first by name), ``seeds`` the trainings of
            each (default 1; their squared errors are averaged), ``workers`` the processes.

    Raises:
        InputError: There is no assay in the folder, or a row cannot be read.
    """
    assays = find_assays((options.bench or Path()) / FOLDER)[: options.limit]
    seeds = options.seeds or 1
    tasks = [(path, seed) for path in assays for seed in range(seeds)]
    outcomes: dict[str, list[Outcome]] = {}
    unscored: dict[str, int] = {}
    for (path, _), outcome in zip(tasks, mapped(measure, tasks, options.workers), strict=True):
        if isinstance(outcome, str):
            unscored[outcome] = unscored.get(outcome, 0) + 1
            options.tell(f"{path.stem}: unscored: {outcome}")
            continue
        outcomes.setdefault(outcome.assay, []).append(outcome)
        if outcome.unread:
            unread = "a test molecule cannot be read"
            unscored[unread] = unscored.get(unread, 0) + outcome.unread
        options.tell(f"{outcome.assay}: RMSE {_rmse(outcome.errors):.3f}, {outcome.seconds:.0f} s")
    return _scores(outcomes, unscored, (options.bench or Path()) / FOLDER)


def find_assays(folder: Path) -> list[Path]:
    """The files of a folder that are assays, by name.

    Raises:
        InputError: There is none.
    """
    found = []
    for path in sorted(folder.glob("**/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file), [])
        if all(name in header for name in NEEDED) and _value_column(header) is not None:
            found.append(path)
    if not found:
        raise InputError(
            f"{folder} holds no table with the columns smiles, y and split.",
            remedy="Name the bench folder that holds the moleculeace set.",
        )
    return found


def read_assay(path: Path) -> list[Row]:
    """The rows of an assay.

    Raises:
        InputError: A value is no number.
    """
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        column = _value_column(table.fieldnames or [])
        for number, row in enumerate(table, start=2):
            try:
                value = float(row[column or "y"])
            except (TypeError, ValueError) as error:
                raise InputError(f"{path}, line {number}: '{row[column or 'y']}' is not a number.") from error
            rows.append(Row(row["smiles"], value, row["split"] == "test", row.get("cliff_mol") in ("1", "1.0", "True")))
    return rows


def measure(task: tuple[Path, int]) -> Outcome | str:
    """Train on an assay's training rows and predict its test rows.

    Args:
        task: The assay's file and the seed.

    Returns:
        The outcome, or why there is none.
    """
    import time

    from agent.tools.surrogates.model import Training, train

    path, seed = task
    started = time.monotonic()
    rows = read_assay(path)
    known = [row for row in rows if not row.test and _readable(row.smiles)]
    asked = [row for row in rows if row.test]
    judged = [row for row in asked if _readable(row.smiles)]
    if not judged:
        return "an assay has no test row that can be read"
    try:
        data = Training([row.smiles for row in known], [row.value for row in known], "molecule", seed=seed)
        _, predictor = train(data)
    except ValueError as error:
        return f"no surrogate could be trained: {error}"
    told = predictor.predict([row.smiles for row in judged])
    return Outcome(
        path.stem,
        tuple(one.value - row.value for one, row in zip(told, judged, strict=True)),
        tuple(row.cliff for row in judged),
        tuple(one.low <= row.value <= one.high for one, row in zip(told, judged, strict=True)),
        len(asked) - len(judged),
        time.monotonic() - started,
    )


def published(path: Path, assays: Sequence[str]) -> dict[str, float]:
    """Published mean errors over the same assays, by method; methods that lack one are left out.

    Args:
        path: A table of errors, one row an assay and one column a method; it may be missing.
        assays: Which rows count.
    """
    if not path.is_file() or not assays:
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = list(csv.reader(file))
    table = {row[0]: dict(zip(header[1:], row[1:], strict=True)) for row in rows if row}
    if any(assay not in table for assay in assays):
        return {}
    means = {}
    for method in header[1:]:
        cells = [table[assay][method] for assay in assays]
        if all(cells):
            means[method] = statistics.fmean(float(cell) for cell in cells)
    return means


def _scores(outcomes: dict[str, list[Outcome]], unscored: dict[str, int], folder: Path) -> Scores:
    import numpy as np

    scores: dict[str, float] = {}
    intervals: dict[str, tuple[float, float]] = {}
    # Squared errors by assay, averaged over the seeds; all seeds have the same test rows in the same order.
    squares = {name: np.mean([np.square(one.errors) for one in told], axis=0) for name, told in outcomes.items()}
    cliffs = {name: np.array(told[0].cliffs) for name, told in outcomes.items()}
    if squares:
        scores["rmse"] = _mean_rmse(list(squares.values()))
        intervals["rmse"] = _interval(list(squares.values()))
        sharp = [squares[name][cliffs[name]] for name in squares if cliffs[name].any()]
        if sharp:
            scores["rmse of cliffs"] = _mean_rmse(sharp)
            intervals["rmse of cliffs"] = _interval(sharp)
        hits = [hit for told in outcomes.values() for one in told for hit in one.covered]
        scores["share inside 90 % intervals"] = statistics.fmean(hits)
    for name, values in squares.items():
        scores[name] = _mean_rmse([values])
        intervals[name] = _interval([values])
    for method, mean in published(folder / PUBLISHED, list(squares)).items():
        scores[f"published, same assays: {method}"] = mean
    return Scores(
        score=scores.get("rmse"),
        scores=scores,
        n=sum(len(values) for values in squares.values()),
        unscored=sum(unscored.values()),
        why_unscored=unscored,
        intervals=intervals,
    )


def _mean_rmse(squares: Sequence[np.ndarray]) -> float:
    return statistics.fmean(math.sqrt(float(values.mean())) for values in squares)


def _interval(squares: Sequence[np.ndarray]) -> tuple[float, float]:
    """95 % percentile bootstrap interval of the mean error: the rows of each assay are drawn again."""
    import numpy as np

    draw = np.random.default_rng(0)
    means = [
        _mean_rmse([values[draw.integers(0, len(values), len(values))] for values in squares]) for _ in range(RESAMPLES)
    ]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def _rmse(errors: Sequence[float]) -> float:
    return math.sqrt(statistics.fmean(error**2 for error in errors))


def _value_column(header: Sequence[str]) -> str | None:
    """The potency on a positive scale (``y [pEC50/pKi]``) where there is one, else ``y``."""
    return next((name for name in header if name.startswith("y [")), "y" if "y" in header else None)


def _readable(smiles: str) -> bool:
    from agent.tools.surrogates.molecules import read_molecule

    try:
        read_molecule(smiles)
    except RepairableToolError:
        return False
    return True
