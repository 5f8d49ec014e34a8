"""What comes back from a chat model, once it has been judged."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel

from agent.models.wire import RawCall
from agent.records import Usage

R = TypeVar("R", bound=BaseModel)

CheckArguments = Callable[[str, dict[str, Any]], Mapping[str, Any]]
"""Validates the arguments of a named tool and returns them, completed; raises `agent.errors.GedankenError`."""


class Reply(NamedTuple):
    """A text answer. ``truncated``: it was cut at the longest length allowed."""

    text: str
    usage: Usage
    truncated: bool = False


class Answer(NamedTuple, Generic[R]):
    """A structured answer: the valid record, what it took in all, and how often it had to be repaired."""

    record: R
    usage: Usage
    repaired: int


class ToolCall(NamedTuple):
    """A tool that the model asks for, with arguments that were found valid."""

    name: str
    arguments: dict[str, Any]


class Choice(NamedTuple):
    """What a model that was offered tools came back with."""

    text: str
    calls: tuple[ToolCall, ...]
    usage: Usage
    repaired: int


@dataclass(frozen=True)
class Call:
    """One request as the account sees it: ``repair`` is 0 for a question and counts the complaints after it."""

    purpose: str
    model: str
    usage: Usage
    repair: int = 0


OnCall = Callable[[Call], None]


def tool_call(call: RawCall, names: set[str], check: CheckArguments | None) -> ToolCall:
    """A tool call that is known to name an offered tool, with arguments that fit.

    Args:
        call: As the model wrote it.
        names: The tools that were offered.
        check: Validates the arguments.

    Raises:
        ValueError: The name was not offered, or the arguments are no JSON object.
        GedankenError: The arguments do not fit the tool.
    """
    if call.name not in names:
        raise ValueError(f"there is no tool '{call.name}'; the tools are {', '.join(sorted(names))}")
    try:
        arguments = json.loads(call.arguments or "{}")
    except json.JSONDecodeError as error:
        raise ValueError(f"the arguments of {call.name} are no JSON ({error.msg} at character {error.pos})") from error
    if not isinstance(arguments, dict):
        raise ValueError(f"the arguments of {call.name} have to be a JSON object")
    return ToolCall(call.name, dict(check(call.name, arguments)) if check is not None else arguments)
