"""What a run is doing right now: a small file beside the ledger for whoever watches.

The ledger keeps what happened; progress and streamed text are not kept in it. The process that carries a run on puts
them into ``.live.json``, with its process id, so that any number of faces can watch the run or ask it to stop. The
file is written over a few times a second at most, never grows with the run, and is taken away at the end.

It is not replaced: a file that is renamed over frees an inode at every write, and some file systems look through all
that were freed of late for every new file, which took a third of a batch's time.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import Any

from agent import events as ev

LIVE = ".live.json"
INTERVAL = 0.15
"""Seconds between two writes at least."""
TEXT = 4000
"""How many characters of streamed text are shown: the last ones."""
READINGS = 3
"""How often a reader looks again at a file that is being written over."""


@dataclass(frozen=True)
class Live:
    """What a run is doing right now.

    Attributes:
        pid: The process that carries it on.
        born: When that process started, in seconds since the epoch: a process id alone may be used again.
        steps: How far each running step is (a fraction and a message), by step id.
        purpose: What the model is being asked for, if it is.
        text: What the model has answered so far.
    """

    pid: int
    born: float
    steps: dict[str, tuple[float, str]] = field(default_factory=dict)
    purpose: str = ""
    text: str = ""

    @property
    def alive(self) -> bool:
        """Whether that process still runs."""
        return abs(process_start(self.pid) - self.born) < 2.0


class LiveFile:
    """Writes what a run is doing; a listener of the session.

    The file appears with the first event, when this process holds the run's lock: one that is refused the lock leaves
    the holder's file alone. A disk that refuses is ignored: nothing of the run depends on this file.

    Args:
        folder: The run's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / LIVE
        self._pid = os.getpid()
        self._born = process_start(self._pid)
        self._steps: dict[str, tuple[float, str]] = {}
        self._purpose = ""
        self._text = ""
        self._written = 0.0
        self._file: FileIO | None = None
        self._length = 0

    def __enter__(self) -> LiveFile:
        """Nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Take the file away."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
                self._path.unlink()

    def show(self, event: ev.Event) -> None:
        """Take an event in."""
        match event:
            case ev.StepProgress():
                self._steps[event.step] = (event.fraction, event.message)
            case ev.ModelText():
                self._text = self._text + event.text if event.purpose == self._purpose else event.text
                self._purpose, self._text = event.purpose, self._text[-TEXT:]
            case ev.StepFinished() | ev.StepSkipped():
                self._steps.pop(event.step, None)
            case ev.ModelCalled():
                self._purpose = self._text = ""
            case _ if self._written:
                return
            case _:
                pass
        if time.monotonic() - self._written >= INTERVAL or not isinstance(event, ev.TRANSIENT):
            self._write()

    def _write(self) -> None:
        self._written = time.monotonic()
        plain: dict[str, Any] = {
            "pid": self._pid,
            "born": self._born,
            "steps": self._steps,
            "purpose": self._purpose,
            "text": self._text,
        }
        # Blanks cover what is left of a longer one, so that one write does it all.
        line = json.dumps(plain).encode().ljust(self._length)
        self._length = len(line)
        with contextlib.suppress(OSError):
            if self._file is None:
                self._file = FileIO(self._path, "w")
            self._file.seek(0)
            self._file.write(line)


def read_live(folder: Path) -> Live | None:
    """What a run is doing right now; ``None`` where nobody has said so, or the file cannot be read."""
    for _ in range(READINGS):
        with contextlib.suppress(ValueError, KeyError, TypeError, AttributeError):
            try:
                plain = json.loads((folder / LIVE).read_text(encoding="utf-8"))
            except OSError:
                return None
            steps = {step: (float(fraction), str(message)) for step, (fraction, message) in plain["steps"].items()}
            return Live(int(plain["pid"]), float(plain["born"]), steps, str(plain["purpose"]), str(plain["text"]))
    return None


def process_start(pid: int) -> float:
    """When a process started, in seconds since the epoch; minus infinity if there is none that still runs."""
    import psutil

    try:
        process = psutil.Process(pid)
        return float("-inf") if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.Error:
        return float("-inf")


__all__ = ["LIVE", "Live", "LiveFile", "process_start", "read_live"]
