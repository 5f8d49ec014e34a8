"""Result sheets: the template that a person fills in, and reading it back with every mistake named."""

from __future__ import annotations

import csv
import io
import re
import statistics
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from agent.campaign.records import Proposal, State, Told
from agent.errors import ConflictError, InputError
from agent.tools.optimisation.space import Point, Space
from agent.units import convert

EXPERIMENT, REPLICATE, FAILED, NOTE = "experiment", "replicate", "failed", "note"
YES, NO = ("1", "yes", "true", "x", "failed"), ("", "0", "no", "false")


def template(space: Space, proposals: Sequence[Proposal], replicates: int = 1) -> str:
    """The sheet to fill in (CSV): settings given, results empty; a row for each replicate where there are several."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    objectives = [one.name for one in space.objectives]
    several = [REPLICATE] if replicates > 1 else []
    heads = [_head(space, name) for name in (*space.factors, *objectives)]
    writer.writerow([EXPERIMENT, *several, *heads, FAILED, NOTE])
    for one in proposals:
        settings = [_printed(one.point[name]) if name in one.point else "" for name in space.factors]
        for replicate in range(1, replicates + 1):
            number = [replicate] if several else []
            writer.writerow([one.experiment, *number, *settings, *[""] * len(objectives), "", ""])
    return out.getvalue()


class Sheet:
    """What a sheet says.

    Attributes:
        told: Results of numbered experiments.
        own: Results of experiments that the campaign did not propose; their numbers are given when they are kept.
        blank: Numbers of experiments whose results are still empty.
    """

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.own: list[Told] = []
        self.blank: list[int] = []


def read_sheet(path: Path, state: State) -> Sheet:
    """Read a filled-in sheet.

    Args:
        path: A CSV file with a header as `template` writes it; without the column ``experiment`` every row is the
            researcher's own.
        state: The campaign.

    Raises:
        InputError: Something does not fit; the message names the row, the column and what to do.
        ConflictError: A row repeats an experiment, or differs from what was told before.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [row for row in csv.reader(file) if any(cell.strip() for cell in row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"The sheet {path} cannot be read: {error}.", remedy="Name a CSV file (UTF-8).") from error
    if len(lines) < 2:
        raise InputError(f"The sheet {path} has no rows.", remedy="Fill in the sheet that `campaign next` wrote.")
    columns = _columns(lines[0], state.campaign.space, path)
    sheet = Sheet()
    seen: set[tuple[int, int]] = set()
    for number, cells in enumerate(lines[1:], 2):
        if len(cells) > len(columns):
            raise InputError(f"{path}, row {number}: it has more cells than the header.", remedy="Mend that row.")
        row = {name: (cell.strip(), unit) for (name, unit), cell in zip(columns, cells, strict=False)}
        try:
            _take(sheet, row, state, seen)
        except (InputError, ConflictError) as error:
            raise type(error)(f"{path}, row {number}: {error.message}", remedy=error.remedy) from error
    _pool_replicates(sheet, path)
    return sheet


def read_words(words: Sequence[str], state: State) -> Sheet:
    """One result from ``key=value`` words, as in ``experiment=3 yield=81.2`` or ``experiment=4 failed=yes``.

    Raises:
        InputError: Something does not fit.
        ConflictError: It differs from what was told before.
    """
    pairs: dict[str, tuple[str, str | None]] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise InputError(f"'{word}' is no key=value.", remedy="As in: experiment=3 yield=81.2.")
        if name in pairs:
            raise InputError(f"'{name}' is given twice.", remedy="Give it once.")
        pairs[name] = (value.strip(), None)
    _known(pairs, state.campaign.space)
    sheet = Sheet()
    _take(sheet, pairs, state, set())
    return sheet


def _take(sheet: Sheet, row: Mapping[str, tuple[str, str | None]], state: State, seen: set[tuple[int, int]]) -> None:
    space = state.campaign.space
    text = {name: cell for name, (cell, _) in row.items()}
    failed = _flag(text.get(FAILED, ""))
    given = {one.name: text.get(one.name, "") for one in space.objectives}
    filled = [name for name, cell in given.items() if cell]
    experiment = _experiment(text.get(EXPERIMENT, ""), _replicate(text.get(REPLICATE, "")), state, seen)
    if not filled and not failed:
        if experiment is None:
            raise InputError("It has neither an experiment's number nor a result.", remedy="Fill in the row.")
        sheet.blank.append(experiment)
        return
    missing = [name for name in given if name not in filled]
    if missing and not failed:
        raise InputError(
            f"It is half filled: {', '.join(missing)} is missing.",
            remedy="Fill in every objective, or write yes under 'failed'.",
        )
    outcomes = {} if failed else {name: _number(name, *row[name], space.unit(name)) for name in filled}
    point = _settings(row, state, experiment)
    told = Told(experiment=experiment or 1, point=point, outcomes=outcomes, failed=failed, note=text.get(NOTE, ""))
    (sheet.own if experiment is None else sheet.told).append(told)


def _experiment(text: str, replicate: int, state: State, seen: set[tuple[int, int]]) -> int | None:
    if not text:
        return None
    try:
        number = int(text)
    except ValueError:
        raise InputError(f"'{text}' is no experiment's number.", remedy="Use the numbers of the sheet.") from None
    if all(one.experiment != number for one in state.proposals):
        known = [one.experiment for one in state.proposals]
        remedy = f"There are {known[0]} to {known[-1]}." if known else "None was proposed yet."
        raise InputError(f"There is no experiment {number}.", remedy=remedy + " Leave it empty for one of your own.")
    if (number, replicate) in seen:
        which = f", replicate {replicate}," if replicate else ""
        raise ConflictError(f"Experiment {number}{which} is in the sheet twice.", remedy="Leave one of the rows.")
    seen.add((number, replicate))
    return number


def _replicate(text: str) -> int:
    """The number of a replicate; 0 where the sheet has none."""
    if not text:
        return 0
    if not text.isdecimal() or int(text) < 1:
        raise InputError(f"'{text}' is no replicate's number.", remedy="Number replicates from 1.")
    return int(text)


def _pool_replicates(sheet: Sheet, path: Path) -> None:
    """Make one result of the replicates of an experiment; it stays open while one of them is empty."""
    groups: dict[int, list[Told]] = {}
    for one in sheet.told:
        groups.setdefault(one.experiment, []).append(one)
    sheet.blank = list(dict.fromkeys(sheet.blank))
    sheet.told = [
        group[0] if len(group) == 1 else _pooled(group, path)
        for number, group in groups.items()
        if number not in sheet.blank
    ]


def _pooled(group: Sequence[Told], path: Path) -> Told:
    first = group[0]
    if any(one.point != first.point for one in group):
        raise ConflictError(
            f"{path}: the replicates of experiment {first.experiment} differ in their settings.",
            remedy="Give them the same settings, or tell the odd one as an experiment of your own.",
        )
    good = [one for one in group if not one.failed]
    measured = {name: tuple(one.outcomes[name] for one in good) for name in (good[0].outcomes if good else ())}
    notes = dict.fromkeys(one.note for one in group if one.note)
    return Told(
        experiment=first.experiment,
        point=first.point,
        outcomes={name: statistics.fmean(values) for name, values in measured.items()},
        failed=not good,
        repeats=max(1, len(good)),
        measured=measured if len(good) > 1 else {},
        note="; ".join(notes),
    )


def _settings(row: Mapping[str, tuple[str, str | None]], state: State, experiment: int | None) -> Point:
    """The settings really used: the sheet's, else those proposed."""
    space = state.campaign.space
    proposed = next((one.point for one in state.proposals if one.experiment == experiment), {})
    named = [name for name in space.factors if name in row]
    # A sheet's empty cell says that a conditional factor was left out; what a sheet does not name was as proposed.
    left_out = set(named) if any(row[name][0] for name in named) else set()
    point: dict[str, Any] = {name: value for name, value in proposed.items() if name not in left_out}
    numbers = {name for name, _ in space.bounds()}
    for name in space.factors:
        cell, unit = row.get(name, ("", None))
        if cell:
            point[name] = _number(name, cell, unit, space.unit(name)) if name in numbers else cell
    return space.check(point)


def _number(name: str, cell: str, unit: str | None, wanted: str) -> float:
    try:
        value = float(cell)
    except ValueError:
        value = float("nan")
    if value - value != 0:  # neither infinite nor NaN
        raise InputError(f"{name} must be a number, and '{cell}' is none.", remedy="Write a plain number.")
    return value if unit is None else convert(value, unit, wanted)


def _flag(text: str) -> bool:
    if text.lower() in YES:
        return True
    if text.lower() in NO:
        return False
    raise InputError(f"'{text}' under 'failed' is neither yes nor no.", remedy="Write yes, or leave it empty.")


def _columns(header: Sequence[str], space: Space, path: Path) -> list[tuple[str, str | None]]:
    columns: list[tuple[str, str | None]] = []
    for cell in header:
        match = re.fullmatch(r"\s*([^\[\]]*?)\s*(?:\[([^\[\]]*)\])?\s*", cell)
        name, unit = (match[1], match[2]) if match else (cell.strip(), None)
        if unit is not None:
            try:
                convert(1.0, unit, space.unit(name))
            except InputError as error:
                raise InputError(f"{path}, column '{cell.strip()}': {error.message}", remedy=error.remedy) from error
        columns.append((name, unit))
    names = [name for name, _ in columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"{path}: these columns repeat: {', '.join(twice)}.", remedy="Leave each once.")
    try:
        _known(names, space)
    except InputError as error:
        raise InputError(f"{path}: {error.message}", remedy=error.remedy) from error
    return columns


def _known(names: Any, space: Space) -> None:
    known = (EXPERIMENT, REPLICATE, *space.factors, *(one.name for one in space.objectives), FAILED, NOTE)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise InputError(f"Unknown: {', '.join(unknown)}.", remedy=f"There are: {', '.join(known)}.")


def _head(space: Space, name: str) -> str:
    unit = space.unit(name)
    return name if unit in ("1", "") else f"{name} [{unit}]"


def _printed(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:.10g}"
