"""Measured results on their way into a run: what is asked for, what was typed, and the sheet that is made of it."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from agent.errors import InputError
from agent.records import now

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from agent.records import Experiment, Measured

COLUMNS = ("experiment", "sample", "code", "quantity", "unit", "value", "failed", "note")
"""The columns of a sheet, where the bundle holds no template for the experiment."""
FOLDER = "results"
"""Where typed sheets are kept in the run's folder."""


@dataclass(frozen=True)
class Row:
    """One value that is asked for.

    Attributes:
        sample: Id of the sample.
        code: What whoever measures sees of it.
        place: Plate and well, or block; empty where there is none.
        quantity: What is measured.
        unit: In which unit.
        value: What was measured; ``None`` so far.
        failed: Whether the measurement failed.
        note: What is to be said of it.
    """

    sample: str
    code: str
    place: str
    quantity: str
    unit: str
    value: float | None = None
    failed: bool = False
    note: str = ""

    @property
    def text(self) -> str:
        """What stands in the field."""
        if self.failed:
            return f"failed {self.note}".strip()
        return "" if self.value is None else f"{self.value:.10g} {self.note}".strip()


def rows_of(one: Experiment, told: Iterable[Measured]) -> list[Row]:
    """The values that an experiment asks for, in the order of measurement, with what was told before."""
    known = {(result.sample, result.quantity): result for result in told if result.experiment == one.id}
    quantity, unit = _decisive(one)
    found = []
    for sample in sorted(one.samples, key=lambda item: item.order):
        place = sample.well and (f"{sample.plate}:{sample.well}" if _plates(one) > 1 else sample.well)
        row = Row(sample.id, sample.code, place or f"block {sample.block}", quantity, unit)
        result = known.get((sample.id, quantity))
        if result is not None:
            row = replace(row, value=result.value, failed=result.failed, note=result.note)
        found.append(row)
    return found


def _decisive(one: Experiment) -> tuple[str, str]:
    """The quantity that decides, and its unit: the one that is told."""
    if one.decision is not None:
        return one.decision.quantity, one.decision.unit
    return (one.measurements[0].quantity, one.measurements[0].unit) if one.measurements else ("", "1")


def _plates(one: Experiment) -> int:
    return len({sample.plate for sample in one.samples})


def take(row: Row, typed: str) -> Row:
    """What was typed into a row's field: a number, ``failed`` with a reason, or nothing; a note may follow.

    Raises:
        InputError: It is none of these.
    """
    words = typed.strip()
    if not words:
        return replace(row, value=None, failed=False, note="")
    first, _, rest = words.partition(" ")
    if first.lower() in ("failed", "fail", "x"):
        return replace(row, value=None, failed=True, note=rest.strip())
    try:
        value = float(first.replace(",", "."))
    except ValueError as error:
        raise InputError(f"'{first}' is no number.", remedy="Write a number, or: failed REASON.") from error
    if not math.isfinite(value):
        raise InputError(f"'{first}' is no finite number.", remedy="Write a number, or: failed REASON.")
    return replace(row, value=value, failed=False, note=rest.strip())


def sheet(one: Experiment, rows: Sequence[Row], template: Path | None) -> str:
    """The sheet of what was typed, as CSV: in the columns of the bundle's template where there is one.

    Rows without a value that did not fail are left blank.
    """
    filled = {(row.sample, row.quantity): row for row in rows}
    header, given = _template(template)
    if not header:
        header = list(COLUMNS)
        given = [
            {"experiment": one.id, "sample": row.sample, "code": row.code, "quantity": row.quantity, "unit": row.unit}
            for row in rows
        ]
    out = io.StringIO()
    writer = csv.DictWriter(out, header, lineterminator="\n", extrasaction="ignore", restval="")
    writer.writeheader()
    for line in given:
        sample = line.get("sample") or next((row.sample for row in rows if row.code == line.get("code")), "")
        quantity = line.get("quantity") or (rows[0].quantity if rows else "")
        row = filled.get((sample, quantity))
        if row is not None:
            line = line | {
                "value": "" if row.value is None else f"{row.value:.10g}",
                "failed": "yes" if row.failed else "",
                "note": row.note,
            }
        writer.writerow(line)
    return out.getvalue()


def keep_sheet(folder: Path, one: Experiment, text: str) -> Path:
    """Write a typed sheet into the run's folder.

    Raises:
        StorageError: The disk refuses.
    """
    from agent.memory.files.disk import write_text

    moment = now()[:19].replace("-", "").replace(":", "")
    path = folder / FOLDER / f"{one.id}-{moment}.csv"
    write_text(path, text)
    return path


def template_of(folder: Path, one: Experiment) -> Path | None:
    """The bundle's template for an experiment's results."""
    for file in one.files:
        if file.media_type == "text/csv" and "result" in file.name:
            return folder / file.path
    return None


def _template(path: Path | None) -> tuple[list[str], list[dict[str, str]]]:
    if path is None:
        return [], []
    try:
        reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
        rows = [{name: cell or "" for name, cell in row.items() if name} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error):
        return [], []
    header = list(reader.fieldnames or [])
    return (header, rows) if "value" in header and ("sample" in header or "code" in header) else ([], [])
