"""Following a run by its folder: the ledger as it grows, and what the run is doing right now.

Nothing here touches a widget or loads Textual. A face asks `Follower.poll` a few times a second; several faces may
follow one run, and a run need not know that it is followed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from agent import events as ev
from agent.errors import GedankenError
from agent.memory.history import History
from agent.memory.ledger import LEDGER
from agent.memory.live import Live, read_live
from agent.memory.runs import RUN, read_info
from agent.records import RunInfo

GRACE = 20.0
"""Seconds that a process may take from its start to its first sign of life before a run counts as interrupted."""
CHUNK = 4 << 20
"""Bytes of the ledger that are read at once."""
DONE = ("finished", "stopped", "failed", "waiting")


@dataclass
class Batch:
    """What is new since the last look."""

    events: list[ev.Event] = field(default_factory=list)
    live: Live | None = None
    alive: bool = False
    info: RunInfo | None = None
    trouble: str = ""
    gone: bool = False
    more: bool = False


class LedgerTail:
    """Reads a growing ledger piece by piece; a torn last line waits until it is whole.

    Args:
        path: The ledger; it need not exist yet.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._whole = 0  # bytes of whole lines read so far
        self._size = 0
        self.lines = 0
        self.unreadable = 0

    def read(self) -> tuple[list[ev.Event], bool]:
        """The events of the lines that are new, and whether there is more to read at once.

        Reading begins behind the last whole line every time: a torn end may be cut off and written anew. Lines that
        no version of ours can read are counted, and passed over.
        """
        try:
            size = self._path.stat().st_size
            if size == self._size:
                return [], False
            with self._path.open("rb") as file:
                file.seek(self._whole)
                data = file.read(CHUNK)
        except OSError:
            return [], False
        *lines, rest = data.split(b"\n")
        self._whole += len(data) - len(rest)
        self._size = min(size, self._whole + len(rest))
        found = []
        for line in lines:
            self.lines += 1
            try:
                found.append(ev.EVENT.validate_json(line))
            except ValidationError:
                self.unreadable += 1
        return found, bool(lines) and self._size < size


class Follower:
    """Follows one run.

    Args:
        folder: The run's folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._tail = LedgerTail(folder / LEDGER)
        self._info_mark = (0, 0)

    def poll(self) -> Batch:
        """Look once; safe to call in a thread, one at a time."""
        batch = Batch()
        if not self.folder.is_dir():
            batch.gone = True
            return batch
        batch.events, batch.more = self._tail.read()
        if self._tail.unreadable:
            batch.trouble = (
                f"{self._tail.unreadable} of {self._tail.lines} ledger lines cannot be read and are left out."
            )
        batch.live = read_live(self.folder)
        batch.alive = batch.live is not None and batch.live.alive
        batch.info = self._info()
        return batch

    def _info(self) -> RunInfo | None:
        """The head of the run, if it changed since the last look."""
        try:
            stat = (self.folder / RUN).stat()
            mark = (stat.st_mtime_ns, stat.st_size)
            if mark == self._info_mark:
                return None
            info = read_info(self.folder)
        except (OSError, GedankenError):
            return None
        self._info_mark = mark
        return info


@dataclass
class RunModel:
    """What a face knows of the run that it shows: the history, and the times that the history does not keep."""

    folder: Path
    history: History = field(default_factory=History)
    info: RunInfo | None = None
    live: Live | None = None
    alive: bool = False
    """Whether the process that `live` names was running at the last look."""
    trouble: str = ""
    gone: bool = False
    seen: int = 0
    started: dict[str, float] = field(default_factory=dict)
    ended: dict[str, float] = field(default_factory=dict)
    began: float = 0.0
    """When it was begun, or carried on the last time."""
    spent: float = 0.0
    """Seconds that it took before that."""
    last: float = 0.0
    opened: float = field(default_factory=time.time)
    spawned: bool = False
    """Whether a process of ours was started for it and has not ended."""
    failure: str = ""
    """What that process said when it ended without a word in the ledger."""
    patterns: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    """Diffraction patterns that the researcher asked for: angles (degrees) and intensities by structure."""

    def take(self, batch: Batch) -> bool:
        """Take in what is new; whether anything changed."""
        before = (self.live, self.alive, self.gone, self.trouble)
        self.live, self.alive, self.gone, self.trouble = batch.live, batch.alive, batch.gone, batch.trouble
        changed = bool(batch.events) or batch.info is not None
        changed = changed or before != (self.live, self.alive, self.gone, self.trouble)
        self.info = batch.info or self.info
        for event in batch.events:
            self._apply(event)
        return changed

    def _apply(self, event: ev.Event) -> None:
        self.seen += 1
        before, self.last = self.last, moment(event.at)
        if isinstance(event, ev.RunStarted):
            if self.began:  # what it took so far; the time in which nobody carried it on is not counted
                self.spent = self.history.usage.seconds or self.spent + max(0.0, before - self.began)
            self.began, self.failure = self.last, ""
        self.history.apply(event)
        match event:
            case ev.StepStarted():
                self.started[event.step] = self.last
                self.ended.pop(event.step, None)
            case ev.StepFinished():
                self.ended[event.step] = self.last
                self.started.setdefault(event.step, self.last - event.evidence.seconds)

    @property
    def name(self) -> str:
        """The run's id."""
        return self.folder.name

    @property
    def goal(self) -> str:
        """What was asked."""
        return self.info.goal.text if self.info else self.history.goal

    @property
    def status(self) -> str:
        """How the run stands, in one word: a run whose process is gone is ``interrupted``, not running."""
        if self.gone:
            return "deleted"
        if self.failure and not self.working:
            return "failed"
        if self.history.question is not None and not self.spawned:
            return "waiting"
        if self.working:
            return "running"
        if self.history.status in DONE:
            return self.history.status
        fresh = time.time() - (self.last or self.opened) < GRACE and self.live is None and not self.last
        return "running" if fresh else "interrupted"

    @property
    def working(self) -> bool:
        """Whether a process carries the run on at this moment."""
        return self.spawned or self.alive

    def progress(self, step: str) -> tuple[float, str] | None:
        """How far a running step is, if it says so."""
        return self.live.steps.get(step) if self.live else None

    def seconds(self) -> float:
        """Wall time so far, or in all, without the time in which nobody carried the run on."""
        if self.status == "running" and self.began:
            return self.spent + max(0.0, time.time() - self.began)
        if self.history.usage.seconds:
            return self.history.usage.seconds
        return self.spent + max(0.0, self.last - self.began) if self.began else 0.0


def moment(at: str) -> float:
    """An event's time in seconds since the epoch; zero if it cannot be read."""
    try:
        return datetime.fromisoformat(at).timestamp()
    except ValueError:
        return 0.0
