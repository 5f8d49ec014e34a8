"""A search space as it is typed in a form: read, checked line by line, and written as a space file."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

KINDS = {"range": "continuous", "steps": "discrete", "choices": "categorical"}
"""What a factor is called in the form, and in the file."""
GOALS = ("maximise", "minimise", "target")

_RANGE = re.compile(r"^\s*(\S+?)\s*(?:\.\.+|…|–|\bto\b)\s*(\S+)\s*$")


@dataclass(frozen=True)
class Factor:
    """One line of the form: what is varied, as typed.

    Attributes:
        name: Its name.
        kind: One of `KINDS`.
        values: ``30 to 110`` for a range, else values with commas between them.
        unit: Its unit; empty for a number without one.
    """

    name: str
    kind: str = "range"
    values: str = ""
    unit: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing was typed in the line."""
        return not (self.name.strip() or self.values.strip() or self.unit.strip())


@dataclass(frozen=True)
class Draft:
    """The whole form, as typed; a blank factor counts as absent."""

    name: str
    objective: str
    goal: str = "maximise"
    unit: str = ""
    target: str = ""
    factors: tuple[Factor, ...] = ()


class _Unfit(Exception):
    """What was typed in a field does not fit."""


def read_draft(draft: Draft) -> tuple[dict[str, Any], dict[str, str]]:
    """Read a form.

    Returns:
        The space file's contents, and what is wrong by line: ``name``, ``objective``, the place of a factor (``"0"``),
        or ``""`` for what concerns the whole. The contents are complete where nothing is wrong.
    """
    wrong: dict[str, str] = {}
    if not re.fullmatch(r"[\w.-]+", draft.name.strip()):
        wrong["name"] = "a name of letters, digits, - and _ is needed: it becomes a folder"
    objective: dict[str, Any] = {"name": draft.objective.strip(), "goal": draft.goal}
    try:
        objective |= _unit(draft.unit)
        objective |= {"target": _number(draft.target)} if draft.goal == "target" else {}
    except _Unfit as error:
        wrong["objective"] = str(error)
    parameters, places = [], []
    for place, factor in enumerate(draft.factors):
        if factor.blank:
            continue
        try:
            parameters.append(_factor(factor))
            places.append(str(place))
        except _Unfit as error:
            wrong[str(place)] = str(error)
    plain = {"parameters": parameters, "objectives": [objective]}
    if not parameters and not any(key.isdigit() for key in wrong):
        wrong[""] = "at least one factor is needed"
    for key, message in _space_complaints(plain, places):
        wrong.setdefault(key, message)
    return plain, wrong


def _factor(factor: Factor) -> dict[str, Any]:
    kind = KINDS[factor.kind]
    plain: dict[str, Any] = {"kind": kind, "name": factor.name.strip()}
    if not factor.values.strip():
        raise _Unfit("its values are needed, such as 30 to 110" if factor.kind == "range" else "its values are needed")
    if kind == "continuous":
        ends = _RANGE.match(factor.values)
        if ends is None:
            raise _Unfit("write a range as 30 to 110, or take steps or choices")
        return plain | {"low": _number(ends[1]), "high": _number(ends[2])} | _unit(factor.unit)
    items = [item.strip() for item in factor.values.split(",") if item.strip()]
    if kind == "discrete":
        return plain | {"values": [_number(item) for item in items]} | _unit(factor.unit)
    if factor.unit.strip():
        raise _Unfit("choices have no unit")
    return plain | {"values": items}


def _number(text: str) -> float:
    try:
        number = float(text.strip())
    except ValueError:
        raise _Unfit(f"'{text.strip()}' is no number" if text.strip() else "a number is needed") from None
    if not math.isfinite(number):
        raise _Unfit(f"'{text.strip()}' is no finite number")
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _unit(text: str) -> dict[str, str]:
    from agent.errors import InputError
    from agent.units import parse_unit

    if not text.strip():
        return {}
    try:
        parse_unit(text.strip())
    except InputError as error:
        raise _Unfit(str(error)) from error
    return {"unit": text.strip()}


def _space_complaints(plain: dict[str, Any], places: Sequence[str]) -> Iterable[tuple[str, str]]:
    """What the space itself objects to, by line of the form."""
    from pydantic import ValidationError

    from agent.tools.optimisation.space import Space

    try:
        Space.model_validate(plain)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            loc, message = item["loc"], item["msg"].removeprefix("Value error, ")
            if loc and loc[-1] == "name":
                message = "a name of letters, digits and _ is needed, with a letter first"
            if loc[:1] == ("objectives",):
                yield "objective", message
            elif loc[:1] == ("parameters",) and len(loc) > 1 and isinstance(loc[1], int):
                yield places[loc[1]], message
            elif loc[:1] != ("parameters",):
                yield "", message


def write_toml(plain: dict[str, Any]) -> str:
    """The contents as a space file (TOML).

    Args:
        plain: Parameters and objectives, each a flat table of text, numbers and lists of them.
    """
    blocks = []
    for table in ("parameters", "objectives"):
        for row in plain[table]:
            lines = [
                f"[[{table}]]",
                *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in row.items()),
            ]
            blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"
