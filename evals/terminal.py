"""How quick the terminal UI is, seen from outside: a process on a pseudo-terminal, keys in, the screen's bytes out.

| figure | what is measured | aim |
|---|---|---|
| first paint | from the start of the process until the composer shows, less ``import textual.app`` alone | 0.4 s |
| key to screen | from a key until its letter is on the screen, while four steps stream 10,000 events a minute | 50 ms |
| opening | from Enter behind ``/open RUN`` until a run of 10,000 events shows how it ended | 1 s |
| memory | resident memory after 100,000 events as a multiple of that after 10,000 | 1 |

The runs are made up here: no tool computes anything. The headline is the 95th percentile of key to screen.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import random
import select
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import psutil

from agent import events as ev
from agent.errors import InputError
from agent.memory.live import LIVE, process_start
from agent.memory.runs import create_run, write_info
from agent.records import Evidence, Goal, Plan, RunInfo, Step, Usage
from evals.intervals import bootstrap
from evals.suite import Options, Scores

RATE = 10_000 / 60
"""Events a second while keys are timed."""
STEPS = 4
KEYS = 60
LETTERS = "ʘʬʭʞʡʢʖʗ"
"""Letters that the screen shows for no other reason."""
PAINTED = b"Write a research goal"
ENDED = b"finished in"
HEADLINE = "key to screen, 95th percentile, ms"
SECONDS = 90.0
"""What anything may take before it counts as failed."""


def evaluate(options: Options) -> Scores:
    """The suite ``terminal``.

    Args:
        options: ``seeds`` is how often the first paint and the opening are measured (default 5); ``limit`` shrinks the
            numbers of events for a quick look.

    Raises:
        InputError: The terminal UI does not come up here at all.
    """
    repeats = options.seeds or 5
    many = min(options.limit or 100_000, 100_000)
    with tempfile.TemporaryDirectory(prefix="terminal-") as scratch:
        home = Path(scratch)
        bare = statistics.median(_bare() for _ in range(repeats))
        paints = [first_paint(home) - bare for _ in range(repeats)]
        options.tell("first paint measured")
        finished_run(home / "runs", min(10_000, many))
        openings = [opening(home) for _ in range(repeats)]
        options.tell("opening measured")
        delays = key_delays(home, KEYS)
        options.tell("keys measured")
        early, late = memory(home, many)
    slowest = _p95(delays)
    interval = bootstrap(delays, statistic=_p95)
    scores = {
        "first paint over importing textual, s": statistics.median(paints),
        "import of textual, s": bare,
        "key to screen, median, ms": 1000 * statistics.median(delays),
        HEADLINE: 1000 * slowest,
        "key to screen, largest, ms": 1000 * max(delays),
        "opening a run of 10,000 events, s": statistics.median(openings),
        "memory after a tenth of the events, MB": early,
        "memory after all events, MB": late,
        "memory, growth": late / early,
    }
    intervals = {HEADLINE: (1000 * interval[0], 1000 * interval[1])} if interval else {}
    return Scores(score=scores[HEADLINE], scores=scores, n=len(delays), intervals=intervals)


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[round(0.95 * (len(times) - 1))]


class Terminal:
    """The terminal UI on a pseudo-terminal of 120 x 40.

    Args:
        home: Where its lab and runs lie.
    """

    def __init__(self, home: Path) -> None:
        self.started = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
            os.environ |= {"GEDANKEN_HOME": str(home / "home"), "GEDANKEN_OUT": str(home / "runs")}
            command = [sys.executable, "-m", "agent.cli"]
            os.execv(sys.executable, command)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))

    def __enter__(self) -> Terminal:
        """Nothing yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        os.kill(self.pid, signal.SIGKILL)
        os.close(self._fd)
        os.waitpid(self.pid, 0)

    def write(self, text: str) -> None:
        """Press keys."""
        os.write(self._fd, text.encode())

    def wait(self, wanted: bytes, seconds: float = SECONDS) -> float:
        """Read until the screen has been sent these bytes; the moment at which they came.

        Raises:
            InputError: They did not come in time.
        """
        seen, end = b"", time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if not select.select([self._fd], [], [], left)[0]:
                break
            seen = seen[-4096:] + os.read(self._fd, 65536)
            if wanted in seen:
                return time.perf_counter()
        raise InputError(f"The terminal UI did not show '{wanted.decode()}' within {seconds:g} s.")

    def drain(self, seconds: float) -> None:
        """Take in what comes for some time."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if select.select([self._fd], [], [], left)[0]:
                os.read(self._fd, 65536)

    @property
    def megabytes(self) -> float:
        """Resident memory of the process."""
        return psutil.Process(self.pid).memory_info().rss / 1e6


def _bare() -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import textual.app"], check=True)
    return time.perf_counter() - started


def first_paint(home: Path) -> float:
    """Seconds from the start of the process until the composer is on the screen."""
    with Terminal(home) as terminal:
        return terminal.wait(PAINTED) - terminal.started


def opening(home: Path) -> float:
    """Seconds from Enter until the run shows how it ended."""
    with Terminal(home) as terminal:
        terminal.wait(b"offline")
        terminal.drain(1.0)
        terminal.write("/open finished")
        terminal.drain(0.5)
        begun = time.perf_counter()
        terminal.write("\r")
        return terminal.wait(ENDED) - begun


def key_delays(home: Path, count: int) -> list[float]:
    """Seconds from a key to its letter on the screen, while a run streams."""
    with Stream(home / "runs", "streaming", RATE), Terminal(home) as terminal:
        terminal.wait(b"offline")
        terminal.drain(3.0)
        delays = []
        for number in range(count):
            letter = LETTERS[number % len(LETTERS)]
            begun = time.perf_counter()
            terminal.write(letter)
            delays.append(terminal.wait(letter.encode(), 10.0) - begun)
            terminal.drain(random.Random(number).uniform(0.05, 0.25))
            terminal.write("\x15")  # empty the composer, so that every letter is a new one on the screen
            terminal.drain(0.1)
    return delays


def memory(home: Path, count: int) -> tuple[float, float]:
    """Resident megabytes after a tenth of so many events, and after all of them."""
    with Stream(home / "runs", "long", 0.0) as stream, Terminal(home) as terminal:
        terminal.wait(b"offline")
        found = []
        for goal in (count // 10, count):
            while stream.written < goal:
                stream.append(min(2000, goal - stream.written))
                terminal.drain(0.25)
            terminal.drain(3.0)
            found.append(terminal.megabytes)
    return found[0], found[1]


class Stream:
    """A run that seems to be going: four steps report progress and end again and again.

    Args:
        out: The folder of runs.
        name: The run.
        rate: Events a second that are written on their own; 0 for those that `append` writes alone.
    """

    def __init__(self, out: Path, name: str, rate: float) -> None:
        self.folder = out / name
        if not self.folder.exists():
            create_run(out, RunInfo(id=name, goal=Goal(text="A run for the clock.")))
        self._ledger = (self.folder / "ledger.jsonl").open("ab", buffering=0)
        self._rate = rate
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self.written = 0
        self._write([ev.RunStarted(run=name, goal="A run for the clock."), ev.PlanMade(plan=_plan())])

    def __enter__(self) -> Stream:
        """Begin to stream."""
        self._live(0)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End, and leave a run that is over."""
        self._stop.set()
        self._thread.join()
        self._write([ev.RunEnded(status="stopped")])
        self._ledger.close()
        (self.folder / LIVE).unlink(missing_ok=True)
        write_info(self.folder, RunInfo(id=self.folder.name, goal=Goal(text="A run."), status="stopped"))

    def append(self, count: int) -> None:
        """Write so many events."""
        self._write([_event(self.written + number) for number in range(count)])
        self._live(self.written)

    def _write(self, events: list[ev.Event]) -> None:
        self._ledger.write(b"".join(event.model_dump_json().encode() + b"\n" for event in events))
        self.written += len(events)

    def _live(self, number: int) -> None:
        steps = {f"s{step}": [(number % 100) / 100, f"part {number + step}"] for step in range(1, STEPS + 1)}
        plain = {"pid": os.getpid(), "born": process_start(os.getpid()), "steps": steps, "purpose": "", "text": ""}
        temporary = self.folder / f"{LIVE}.part"
        temporary.write_text(json.dumps(plain))
        os.replace(temporary, self.folder / LIVE)

    def _work(self) -> None:
        begun = time.perf_counter()
        while not self._stop.wait(0.05):
            due = int((time.perf_counter() - begun) * self._rate) - self.written
            if due > 0:
                self.append(due)


def finished_run(out: Path, count: int) -> None:
    """A run of so many events that is over."""
    info = RunInfo(id="finished", goal=Goal(text="A run with many events."), status="finished")
    folder = create_run(out, info)
    events = [ev.RunStarted(run=info.id, goal=info.goal.text), ev.PlanMade(plan=_plan())]
    events += [_event(number) for number in range(count)]
    events.append(ev.RunEnded(status="finished", usage=Usage(seconds=60.0)))
    (folder / "ledger.jsonl").write_bytes(b"".join(event.model_dump_json().encode() + b"\n" for event in events))


def _plan() -> Plan:
    return Plan(steps=tuple(Step(id=f"s{number}", tool="square") for number in range(1, STEPS + 1)))


def _event(number: int) -> ev.Event:
    """The events of a busy run in turn: steps begin and end, a model is called, notices are given."""
    step = f"s{number % STEPS + 1}"
    match number % 5:
        case 0 | 1:
            return ev.StepStarted(step=step, tool="square")
        case 2:
            return ev.ModelCalled(purpose="review", model="m", usage=Usage(input_tokens=900, output_tokens=80))
        case 3:
            return ev.Notice(text=f"Source {number % 40} was not searched.")
        case _:
            found = Evidence(id=f"e{step[1:]}", step=step, tool="square", status="ok", summary=f"Number {number}.")
            return ev.StepFinished(step=step, evidence=found)
