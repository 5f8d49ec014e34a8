"""What somebody beside a run wants of it: to cancel one of its steps.

The process that carries a run on need not be ours, and need not be going at the moment. So a wish is a line of
``.wishes.jsonl`` in the run's folder: whoever carries the run on reads it, now or when the run is resumed. Wishes are
safe to read again: a step that has ended is not changed by them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from agent.errors import InputError
from agent.memory.files.disk import disk_error
from agent.memory.files.lines import append_lines, whole_lines
from agent.memory.history import History
from agent.records import Record, now

WISHES = ".wishes.jsonl"


class Wish(Record):
    """One wish."""

    kind: Literal["cancel"] = "cancel"
    step: str = Field(pattern=r"^s\d+$")
    at: str = Field(default_factory=now)


def wish_cancel(folder: Path, history: History, step: str) -> Wish:
    """Ask for a step to be cancelled; whoever carries the run on does it within a second.

    Args:
        folder: The run's folder.
        history: The run as it stands, to see that there is such a step and that it has not ended.
        step: Its id.

    Raises:
        InputError: There is no such step, or it has ended.
        StorageError: The disk refuses.
    """
    if step not in history.steps:
        raise InputError(f"The plan has no step '{step}'.", remedy=f"It has {', '.join(history.steps) or 'none yet'}.")
    status = history.states[step].status
    if status not in ("pending", "running"):
        raise InputError(f"The step {step} has ended already ({status}).", remedy="Only open steps can be cancelled.")
    wish, path = Wish(step=step), folder / WISHES
    try:
        append_lines(path, [wish.model_dump_json().encode()])
    except OSError as error:
        raise disk_error("the wish", path, error) from error
    return wish


def read_wishes(folder: Path) -> tuple[Wish, ...]:
    """Every wish so far; a line that is torn or damaged is passed over."""
    try:
        lines = [line for _, line in whole_lines(folder / WISHES)]
    except OSError:
        return ()
    found = []
    for line in lines:
        try:
            found.append(Wish.model_validate_json(line))
        except ValidationError:
            continue
    return tuple(found)
