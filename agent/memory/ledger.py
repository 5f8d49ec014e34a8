"""The ledger: a run's events, one JSON line each, append-only.

Every event is handed to the system at once, so that a kill loses none. The disk itself is waited for at every event
that cannot be had again (an answer, a result, a model's bill, an end), and else a few times a second: after a power
cut a resumed run may repeat the work of the last moment, whose steps the cache answers.

A line torn by a kill or a full disk is the last one; reading stops before it and says so, appending goes on behind
it after the torn piece is cut off.
"""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterator
from pathlib import Path

from pydantic import ValidationError

from agent.errors import StorageError
from agent.events import (
    EVENT,
    TRANSIENT,
    CandidatesRanked,
    Event,
    GoalScreened,
    GoalUnderstood,
    HypothesesCriticised,
    HypothesesMade,
    HypothesesRanked,
    Notice,
    PhaseStarted,
    PlanMade,
    Recalled,
    Reviewed,
    RunStarted,
    StepFinished,
    StepSkipped,
    StepStarted,
)
from agent.memory.files.disk import disk_error
from agent.memory.files.lines import append_lines, whole_lines

LEDGER = "ledger.jsonl"

REPEATABLE = (
    RunStarted, PhaseStarted, GoalScreened, GoalUnderstood, Recalled, PlanMade, StepStarted, StepFinished, StepSkipped,
    Reviewed, CandidatesRanked, HypothesesMade, HypothesesCriticised, HypothesesRanked, Notice,
)  # fmt: skip
"""Events of work that a resumed run does again if they are lost."""

_KIND = re.compile(rb'"kind":\s*"(\w+)"')
"""An event's kind stands at the head of its line, before anything that could hold such words itself."""

SYNC_SECONDS = 0.25
"""How long such an event may wait for the disk."""


class Ledger:
    """The ledger of one run.

    Args:
        folder: The run's folder; it must exist.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / LEDGER
        self._synced = 0.0

    def append(self, event: Event) -> None:
        """Write an event. Transient events are not kept.

        Raises:
            StorageError: The disk refuses (full, read-only, gone).
        """
        if isinstance(event, TRANSIENT):
            return
        moment = time.monotonic()
        sync = not isinstance(event, REPEATABLE) or moment - self._synced >= SYNC_SECONDS
        try:
            append_lines(self.path, [event.model_dump_json().encode()], sync=sync)
        except OSError as error:
            raise disk_error("the ledger", self.path, error) from error
        if sync:
            self._synced = moment

    def events(self) -> Iterator[Event]:
        """Every whole event, in order; reading stops before a torn last line."""
        yield from read_ledger(self.path)


def read_ledger(path: Path, kinds: Collection[str] = ()) -> Iterator[Event]:
    """The events of a ledger file.

    Args:
        path: The file.
        kinds: Only events of these kinds; the others are not even parsed, which is most of the time that a long
            ledger takes. Empty for all.

    Raises:
        StorageError: A line that is not the last cannot be read as an event.
    """
    try:
        lines = list(whole_lines(path))
    except OSError as error:
        raise disk_error("the ledger", path, error) from error
    for number, line in lines:
        if kinds and (found := _KIND.search(line)) is not None and found[1].decode() not in kinds:
            continue
        try:
            yield EVENT.validate_json(line)
        except ValidationError as error:
            raise StorageError(
                f"Line {number} of {path} is not an event of this version: {error.errors()[0]['msg']}.",
                remedy="The run was written by another version, or the file was changed; start the goal anew.",
            ) from error
