"""Reading many goals: from a file of lines, a table, or plain Python values.

A line that cannot be used is reported with its number and column, and the rest is read. Ids name the folders of the
bundles; a goal without one is named after its line, so that it keeps its id when other lines are mended or added.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import AliasChoices, Field, ValidationError, field_validator

from agent.errors import InputError
from agent.records import Goal, Limits, Record

Form = Literal["jsonl", "csv", "txt"]
FORMS: tuple[Form, ...] = ("jsonl", "csv", "txt")

_ID = re.compile(r"[^\W_][\w.+-]{0,99}")
_RESERVED = frozenset({"batch.json", "summary.csv", "summary.html", "hypotheses.csv"})
_LIMITS = tuple(Limits.model_fields)
_COLUMNS = ("goal", "id", "attachments", "seed", "reasoner", *_LIMITS)


class BatchGoal(Record):
    """One goal of a batch. ``id`` names its folder, ``line`` says where it was written."""

    goal: str
    id: str = ""
    attachments: tuple[str, ...] = ()
    seed: int = 0
    reasoner: Literal["auto", "playbook", "model"] | None = None
    limits: Limits = Field(default=Limits(), validation_alias=AliasChoices("limits", "budget"))
    line: int = 0

    @field_validator("goal")
    @classmethod
    def _says_something(cls, goal: str) -> str:
        if not goal.strip():
            raise ValueError("the goal is empty")
        return goal.strip()

    @field_validator("id")
    @classmethod
    def _names_a_folder(cls, identity: str) -> str:
        if identity and (not _ID.fullmatch(identity) or identity.casefold() in _RESERVED):
            raise ValueError(
                "an id names a folder: it begins with a letter or digit, goes on with letters, digits, '.', '-', '_'"
                " or '+', has at most 100 of them, and is none of the batch's own files"
            )
        return identity

    def asked(self) -> Goal:
        """The goal as a session takes it."""
        return Goal(text=self.goal, attachments=self.attachments, limits=self.limits, seed=self.seed)

    @property
    def digest(self) -> str:
        """The identity of what is asked, whatever its line and the place of its files: a SHA-256 in hex."""
        plain = self.model_dump(mode="json", exclude={"line", "id"})
        plain["attachments"] = [Path(path).name for path in self.attachments]
        return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class Problem(Record):
    """A line that cannot be used; ``line`` and ``column`` count from 1."""

    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message}"


@dataclass(frozen=True)
class GoalFile:
    """What a source of goals holds: those that can be carried through, and the lines that cannot be used."""

    goals: tuple[BatchGoal, ...]
    problems: tuple[Problem, ...] = ()


def read_goals(source: str | Path, form: Form | None = None) -> GoalFile:
    """Read a file of goals.

    Args:
        source: Its path; ``-`` is the standard input.
        form: ``jsonl`` (each line a string or an object), ``csv`` (a header with ``goal``) or ``txt`` (each line a
            goal, ``#`` begins a comment). Left out, the name's ending says it, or the first line.

    Returns:
        The goals, and the lines that cannot be used.

    Raises:
        InputError: The file cannot be read, holds no usable goal, has no usable header, or gives an id twice.
    """
    name = "the standard input" if str(source) == "-" else str(source)
    try:
        data = sys.stdin.buffer.read() if str(source) == "-" else Path(source).read_bytes()
    except OSError as error:
        raise InputError(f"{name} cannot be read: {error.strerror or error}.", remedy="Check its path.") from error
    lines, problems = _decoded(data)
    if form is None:
        ending = Path(source).suffix.lower().lstrip(".")
        known = {"jsonl": "jsonl", "ndjson": "jsonl", "csv": "csv", "txt": "txt"}
        form = known.get(ending) or _guess(lines)  # type: ignore[assignment]
    found = list(_csv(lines, name) if form == "csv" else _lines(lines, form == "jsonl"))
    problems += [one for one in found if isinstance(one, Problem)]
    goals = [one for one in found if isinstance(one, BatchGoal)]
    if str(source) != "-":
        goals = [_beside(one, Path(source).parent) for one in goals]
    if not goals:
        of = f"The first of {len(problems)} broken lines is" if len(problems) > 1 else "There is a broken line:"
        told = f" {of} {problems[0]}." if problems else ""
        raise InputError(f"{name} holds no goal that can be used.{told}", remedy="Write one goal a line.")
    return GoalFile(_named(goals, name), tuple(sorted(problems, key=lambda problem: (problem.line, problem.column))))


def as_goals(given: Iterable[str | Mapping[str, Any] | BatchGoal]) -> GoalFile:
    """Take goals from a program: texts, mappings with the fields of a record, or `BatchGoal`.

    Raises:
        InputError: One does not fit (its place is named), there is none, or an id is given twice.
    """
    goals = []
    for number, one in enumerate(given, start=1):
        if isinstance(one, BatchGoal):
            goals.append(one if one.line else one.model_copy(update={"line": number}))
            continue
        made = _record({"goal": one} if isinstance(one, str) else dict(one), number, "")
        if isinstance(made, Problem):
            raise InputError(f"Goal {number} does not fit: {made.message}.", remedy=f"Fields: {', '.join(_fields())}.")
        goals.append(made)
    if not goals:
        raise InputError("There is no goal in the list.", remedy="Give at least one.")
    return GoalFile(_named(goals, "the list"))


def _decoded(data: bytes) -> tuple[list[str], list[Problem]]:
    """The lines as text; one that is not UTF-8 is a problem, and empty from here on."""
    lines, problems = [], []
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), start=1):
        try:
            lines.append(raw.decode("utf-8"))
        except UnicodeDecodeError as error:
            column = len(raw[: error.start].decode("utf-8", errors="replace")) + 1
            problems.append(Problem(line=number, column=column, message="this is not UTF-8 text"))
            lines.append("")
    return lines, problems


def _guess(lines: list[str]) -> Form:
    first = next((line.strip() for line in lines if line.strip()), "")
    if first.startswith(("{", '"')):
        return "jsonl"
    names = [name.strip().lower() for name in first.split(",")]
    return "csv" if "goal" in names and set(names) <= set(_COLUMNS) else "txt"


def _lines(lines: list[str], strict: bool) -> Iterator[BatchGoal | Problem]:
    """Goals from lines of JSON (``strict``), or of text among which a line may be a JSON object."""
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or (not strict and text.startswith("#")):
            continue
        if not strict and not text.startswith("{"):
            yield _record({"goal": text}, number, line)
            continue
        try:
            plain = json.loads(line)
        except json.JSONDecodeError as error:
            yield Problem(line=number, column=error.colno, message=f"this is not JSON: {error.msg}")
            continue
        except RecursionError:
            yield Problem(line=number, column=1, message="this JSON is nested too deep")
            continue
        if isinstance(plain, str):
            yield _record({"goal": plain}, number, line)
        elif isinstance(plain, dict):
            yield _record(plain, number, line)
        else:
            column = len(line) - len(line.lstrip()) + 1
            yield Problem(line=number, column=column, message="a goal is a string or an object")


def _csv(lines: list[str], name: str) -> Iterator[BatchGoal | Problem]:
    """Goals from a table; a row may run over several lines inside quotes. After a broken one the next line is tried."""
    start = next((place for place, line in enumerate(lines) if line.strip()), 0)
    header = [field.strip().lower() for field in next(csv.reader(lines[start : start + 1]), [])]
    unknown = next((place for place, field in enumerate(header) if field not in _COLUMNS), None)
    if "goal" not in header or unknown is not None or len(set(header)) < len(header):
        what = f"does not know the column '{header[unknown]}'" if unknown is not None else "needs one column 'goal'"
        raise InputError(
            f"{name}: line {start + 1}: the header of a table of goals {what}.",
            remedy=f"Columns: {', '.join(_COLUMNS)}; several attachments are separated by semicolons.",
        )
    place = start + 1
    while place < len(lines):
        if not lines[place].strip():
            place += 1
            continue
        row, taken, complaint = _row(lines, place, len(header))
        if complaint:
            yield complaint
        else:
            yield _record(_fields_of(dict(zip(header, row, strict=True))), place + 1, lines[place])
        place += taken


def _row(lines: list[str], place: int, width: int) -> tuple[list[str], int, Problem | None]:
    """One row that begins at a place: its fields, how many lines it takes, and what is wrong with it."""
    reader = csv.reader((f"{line}\n" for line in lines[place:]), strict=True)
    try:
        row = next(reader)
    except csv.Error as error:
        column = max(lines[place].rfind('"'), 0) + 1
        return [], 1, Problem(line=place + 1, column=column, message=f"this is not CSV: {error}")
    if len(row) == width:
        return row, reader.line_num, None
    column = len(lines[place]) + 1 if len(row) < width else _field_starts(lines[place])[width]
    message = f"{len(row)} fields where the header has {width} (quote a goal that holds a comma)"
    return [], 1, Problem(line=place + 1, column=column, message=message)


def _field_starts(line: str) -> list[int]:
    """The column, from 1, at which each field of a line begins; past the last one, the line's end."""
    starts, quoted = [1], False
    for place, letter in enumerate(line, start=1):
        quoted ^= letter == '"'
        if letter == "," and not quoted:
            starts.append(place + 1)
    return starts + [len(line) + 1] * len(_COLUMNS)


def _fields_of(row: dict[str, str]) -> dict[str, Any]:
    """A row as a record: empty fields are left out, limits gathered, attachments split."""
    given = {key: value.strip() for key, value in row.items() if value.strip()}
    plain: dict[str, Any] = {key: value for key, value in given.items() if key not in _LIMITS}
    plain.setdefault("goal", "")
    if "attachments" in plain:
        plain["attachments"] = [part.strip() for part in plain["attachments"].split(";") if part.strip()]
    if limits := {key: value for key, value in given.items() if key in _LIMITS}:
        plain["limits"] = limits
    return plain


def _fields() -> tuple[str, ...]:
    return tuple(name for name in BatchGoal.model_fields if name != "line")


def _record(plain: dict[str, Any], number: int, line: str) -> BatchGoal | Problem:
    """A record as a goal, or what does not fit and where it is written."""
    if "line" in plain:
        return Problem(line=number, column=_column_of("line", line), message="the field 'line' is unknown")
    if isinstance(plain.get("id"), int) and not isinstance(plain["id"], bool):
        plain = plain | {"id": str(plain["id"])}
    try:
        return BatchGoal.model_validate(plain | {"line": number})
    except ValidationError as error:
        complaints = error.errors(include_url=False)
        # A field that nobody knows explains the one that is missing.
        first = next((one for one in complaints if one["type"] == "extra_forbidden"), complaints[0])
        field = ".".join(str(part) for part in first["loc"])
        told = {"missing": f"the field '{field}' is missing", "extra_forbidden": f"the field '{field}' is unknown"}
        message = told.get(first["type"]) or f"{field}: {first['msg'].removeprefix('Value error, ')}"
        if first["type"] == "extra_forbidden":
            message += f" (fields: {', '.join(_fields())})"
        return Problem(line=number, column=_column_of(str(first["loc"][-1]), line), message=message)


def _column_of(field: str, line: str) -> int:
    """Where a field is written in a line of JSON; the line's beginning if it is not there."""
    place = line.find(f'"{field}"')
    return place + 1 if place >= 0 else len(line) - len(line.lstrip()) + 1


def _beside(goal: BatchGoal, folder: Path) -> BatchGoal:
    """A goal whose attachments are found beside the file that names them, where they lie there."""
    found = tuple(str(folder / path) if (folder / path).exists() else path for path in goal.attachments)
    return goal.model_copy(update={"attachments": found})


def _named(goals: list[BatchGoal], source: str) -> tuple[BatchGoal, ...]:
    """Every goal with an id of its own.

    Raises:
        InputError: An id is given twice; ids that differ in case only count as one, since they name folders.
    """
    named = [goal if goal.id else goal.model_copy(update={"id": f"g{goal.line:04d}"}) for goal in goals]
    seen: dict[str, BatchGoal] = {}
    for goal in named:
        earlier = seen.setdefault(goal.id.casefold(), goal)
        if earlier is not goal:
            same = "" if earlier.id == goal.id else " (upper and lower case are not told apart)"
            raise InputError(
                f"{source} gives the id '{goal.id}' twice: lines {earlier.line} and {goal.line}{same}.",
                remedy="Give each goal an id of its own, or none; nothing was run.",
            )
    return tuple(named)


__all__ = ["FORMS", "BatchGoal", "Form", "GoalFile", "Problem", "as_goals", "read_goals"]
