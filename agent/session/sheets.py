"""Reading measured results: a filled-in results sheet or a few words, checked cell by cell against the run's plans."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent.errors import ConflictError, InputError
from agent.records import Experiment, Measured, Sample
from agent.units import convert, print_value

COLUMNS = ("experiment", "sample", "code", "plate", "well", "quantity", "value", "unit", "failed", "note")
"""The columns that are read; ``sample`` (or ``code``) and ``value`` are needed, others may stay away or empty."""

YES, NO = ("1", "yes", "y", "true", "x", "failed", "예", "실패"), ("", "0", "no", "n", "false", "아니요")


@dataclass
class Sheet:
    """What a sheet says.

    Attributes:
        results: In the sheet's order, in the units of the plans.
        blank: Ids of samples whose row is still empty.
        ignored: Columns that are not read.
        source: Where it came from.
    """

    results: list[Measured] = field(default_factory=list)
    blank: list[str] = field(default_factory=list)
    ignored: tuple[str, ...] = ()
    source: str = ""


def read_sheet(path: Path, experiments: Iterable[Experiment]) -> Sheet:
    """Read a filled-in results sheet.

    Args:
        path: A CSV file (UTF-8, commas, decimal points) with a header; a unit may stand in its own column, or in the
            header as ``value [nM]``.
        experiments: The run's plans.

    Raises:
        InputError: Something does not fit; the message names the file, row and column, and what to do.
        ConflictError: A row repeats a sample, or contradicts itself.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The sheet {path} cannot be read: {error}.", remedy="Name a CSV file (UTF-8).") from error
    return parse_sheet(text, str(path), experiments)


def parse_sheet(text: str, name: str, experiments: Iterable[Experiment]) -> Sheet:
    """Read a sheet that is text already; see `read_sheet`.

    Args:
        text: The CSV.
        name: What messages call it.
        experiments: The run's plans.
    """
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise InputError(f"{name} is no CSV: {error}.", remedy="Save it as comma-separated values.") from error
    numbered = [(number, row) for number, row in enumerate(rows, 1) if any(cell.strip() for cell in row)]
    if not numbered:
        raise InputError(f"The sheet {name} is empty.", remedy="Fill in the sheet that the run wrote.")
    header, unit = _header(numbered[0][1], name)
    samples = _samples(experiments)
    sheet = Sheet(source=name, ignored=tuple(one for one in header if one and one not in COLUMNS))
    seen: set[str] = set()
    for number, row in numbered[1:]:
        where = f"{name}, row {number}"
        if len(row) > len(header):
            raise InputError(
                f"{where}: it has {len(row)} cells, and the header {len(header)}.",
                remedy="Decimal commas make two cells of one: write decimal points.",
            )
        cells = {key: cell.strip() for key, cell in zip(header, row, strict=False)}
        cells["unit"] = cells.get("unit") or unit
        _take(sheet, cells, samples, seen, where)
    return sheet


def read_words(words: Sequence[str], experiments: Iterable[Experiment]) -> Sheet:
    """Results from words: ``x1-07=-3.1 x1-08=failed``, or one as ``sample=x1-07 value=-3.1 unit=logM note=...``.

    Args:
        words: As given on the command line.
        experiments: The run's plans.

    Raises:
        InputError: Something does not fit.
        ConflictError: A sample is given twice.
    """
    pairs: dict[str, str] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise InputError(f"'{word}' is no key=value.", remedy="As in: x1-07=-3.1, or sample=x1-07 value=-3.1.")
        if key in pairs:
            raise ConflictError(f"'{key}' is given twice.", remedy="Give it once.")
        pairs[key] = value.strip()
    samples = _samples(experiments)
    sheet, seen = Sheet(source="command line"), set[str]()
    if "sample" in pairs or "code" in pairs:
        unknown = [key for key in pairs if key not in COLUMNS]
        if unknown:
            raise InputError(f"Unknown: {', '.join(unknown)}.", remedy=f"There are: {', '.join(COLUMNS)}.")
        _take(sheet, pairs, samples, seen, "the words")
        return sheet
    for key, value in pairs.items():
        flag = "yes" if value.lower() in ("failed", "실패") else ""
        _take(sheet, {"sample": key, "value": "" if flag else value, "failed": flag}, samples, seen, f"'{key}={value}'")
    return sheet


def _header(row: Sequence[str], name: str) -> tuple[list[str], str]:
    """The columns in lower case, and the unit that the header gives to the values (empty: none)."""
    header, unit = [], ""
    for cell in row:
        match = re.fullmatch(r"\s*([^\[\]]*?)\s*(?:\[([^\[\]]*)\])?\s*", cell)
        column, found = (match[1], match[2]) if match else (cell.strip(), None)
        header.append(column.lower())
        if column.lower() == "value" and found:
            unit = found.strip()
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        raise InputError(
            f"{name} is separated by semicolons or tabs.",
            remedy="Save it as comma-separated values with decimal points.",
        )
    twice = sorted({one for one in header if one and header.count(one) > 1})
    if twice:
        raise InputError(f"{name}: these columns repeat: {', '.join(twice)}.", remedy="Leave each once.")
    if "value" not in header or not {"sample", "code"} & set(header):
        raise InputError(
            f"{name} lacks the columns 'sample' (or 'code') and 'value'.",
            remedy=f"Its first row must name them; those read are: {', '.join(COLUMNS)}.",
        )
    return header, unit


def _samples(experiments: Iterable[Experiment]) -> dict[str, tuple[Experiment, Sample]]:
    return {sample.id: (plan, sample) for plan in experiments for sample in plan.samples}


def _take(
    sheet: Sheet,
    cells: Mapping[str, str],
    samples: Mapping[str, tuple[Experiment, Sample]],
    seen: set[str],
    where: str,
) -> None:
    """Take one row in."""
    plan, sample = _sample(cells, samples, where)
    failed = _flag(cells.get("failed", ""), where)
    text = cells.get("value", "")
    if not text and not failed:
        sheet.blank.append(sample.id)
        return
    if sample.id in seen:
        raise ConflictError(f"{where}: sample {sample.id} is given twice.", remedy="Leave one of them.")
    seen.add(sample.id)
    if text and failed:
        raise ConflictError(
            f"{where}: sample {sample.id} has a value and is marked as failed.", remedy="Keep one of the two."
        )
    quantity, unit = _expected(plan, cells.get("quantity", ""), where)
    value = None if failed else _number(text, cells.get("unit", ""), unit, where)
    note = cells.get("note", "")
    sheet.results.append(
        Measured(
            experiment=plan.id, sample=sample.id, quantity=quantity, value=value, unit=unit, failed=failed, note=note
        )
    )


def _sample(
    cells: Mapping[str, str], samples: Mapping[str, tuple[Experiment, Sample]], where: str
) -> tuple[Experiment, Sample]:
    identity, code, wanted = cells.get("sample", ""), cells.get("code", ""), cells.get("experiment", "")
    plans = sorted({plan.id for plan, _ in samples.values()})
    if wanted and wanted not in plans:
        raise InputError(f"{where}: there is no experiment '{wanted}'.", remedy=f"There are: {', '.join(plans)}.")
    if identity:
        if identity not in samples:
            raise InputError(
                f"{where}: there is no sample '{identity}'.",
                remedy=f"Use the ids of the results sheet, as in {next(iter(samples), 'x1-01')}.",
            )
        plan, sample = samples[identity]
    else:
        fitting = [one for one in samples.values() if code and one[1].code == code and wanted in ("", one[0].id)]
        if len(fitting) != 1:
            what = f"the code '{code}', which {len(fitting)} samples have" if code else "neither a sample nor a code"
            raise InputError(f"{where}: it has {what}.", remedy="Fill in the column 'sample'.")
        plan, sample = fitting[0]
    if wanted and wanted != plan.id:
        raise ConflictError(f"{where}: sample {sample.id} belongs to {plan.id}, not to {wanted}.", remedy="Mend one.")
    if code and code != sample.code:
        raise ConflictError(
            f"{where}: sample {sample.id} has the code '{sample.code}', not '{code}'.",
            remedy="Check that rows were not shifted against each other.",
        )
    return plan, sample


def _expected(plan: Experiment, named: str, where: str) -> tuple[str, str]:
    """The quantity and the unit in which a plan's results are kept."""
    known = {one.quantity: one.unit for one in plan.measurements}
    if plan.decision is not None:
        known[plan.decision.quantity] = plan.decision.unit
    quantity = named or (plan.decision.quantity if plan.decision is not None else next(iter(known), ""))
    if quantity not in known:
        raise InputError(
            f"{where}: {plan.id} does not measure '{quantity}'.", remedy=f"It measures: {', '.join(known)}."
        )
    return quantity, known[quantity]


def _number(text: str, unit: str, wanted: str, where: str) -> float:
    cell = f"{where}, column 'value'"
    try:
        value = float(text)
    except ValueError:
        if re.fullmatch(r"[+-]?\d+(\.\d{3})*,\d+", text):
            raise InputError(
                f"{cell}: '{text}' has a decimal comma.", remedy=f"Write {text.replace('.', '').replace(',', '.')}."
            ) from None
        raise InputError(
            f"{cell}: '{text}' is no number.", remedy="Write a plain number; for a lost sample, yes under 'failed'."
        ) from None
    if not math.isfinite(value):
        raise InputError(f"{cell}: '{text}' is no finite number.", remedy="Write yes under 'failed' if it was lost.")
    if unit in ("", wanted):
        return value
    try:
        return convert(value, unit, wanted)
    except InputError as error:
        raise InputError(
            f"{where}, column 'unit': {error.message}",
            remedy=f"The plan measures in {print_value(1.0, wanted).removeprefix('1').strip() or 'a pure number'}.",
        ) from error


def _flag(text: str, where: str) -> bool:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise InputError(
        f"{where}, column 'failed': '{text}' is neither yes nor no.", remedy="Write yes, or leave it empty."
    )
