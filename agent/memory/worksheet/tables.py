"""The tables of an experiment as CSV: results to fill in, the key that is kept apart, and the layout of plates."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from agent.records import Experiment

RESULTS = ("experiment", "sample", "code", "plate", "well", "quantity", "value", "unit", "failed", "note")
"""Columns of the result sheet; ``value``, ``failed`` (yes) and ``note`` are filled in. Nothing in it tells the arm."""

KEY = ("sample", "code", "arm", "item", "role", "replicate", "block", "order", "plate", "well")


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def results_csv(experiment: Experiment) -> str:
    """The sheet that comes back with results: one row a sample and measurement, in order of measurement."""
    rows = [
        (
            experiment.id, sample.id, sample.code, sample.plate if sample.well else "", sample.well,
            measured.quantity, "", measured.unit, "", "",
        )
        for sample in experiment.samples
        for measured in experiment.measurements
    ]  # fmt: skip
    return _csv(RESULTS, rows)


def key_csv(experiment: Experiment) -> str:
    """Which code is which: for whoever prepares the samples, and kept from whoever measures."""
    rows = [
        (
            one.id, one.code, one.arm, one.item, one.role, one.replicate, one.block, one.order,
            one.plate if one.well else "", one.well,
        )
        for one in experiment.samples
    ]  # fmt: skip
    return _csv(KEY, rows)


def layout_csv(experiment: Experiment) -> str:
    """The plates as a person sees them: a row a plate row, codes in the wells; empty if no plate is used."""
    plates = plate_grids(experiment)
    if not plates:
        return ""
    columns = len(plates[0][1][0][1])
    rows = [(number, letter, *(code for code, _ in cells)) for number, grid in plates for letter, cells in grid]
    return _csv(("plate", "row", *(str(column) for column in range(1, columns + 1))), rows)


Grid = list[tuple[str, list[tuple[str, int]]]]
"""Rows of a plate: its letter, and for each column the code and the block (empty and 0 where nothing is)."""


def plate_grids(experiment: Experiment) -> list[tuple[int, Grid]]:
    """The plates of an experiment, by number."""
    placed = [sample for sample in experiment.samples if sample.well]
    if not placed:
        return []
    large = any(sample.well[0] > "H" or int(sample.well[1:]) > 12 for sample in placed)
    rows, columns = (16, 24) if large else (8, 12)
    grids = []
    for number in sorted({sample.plate for sample in placed}):
        wells = {sample.well: sample for sample in placed if sample.plate == number}
        grid: Grid = []
        for row in range(rows):
            letter = chr(65 + row)
            cells = [wells.get(f"{letter}{column:02d}") for column in range(1, columns + 1)]
            grid.append((letter, [(cell.code, cell.block) if cell else ("", 0) for cell in cells]))
        grids.append((number, grid))
    return grids
