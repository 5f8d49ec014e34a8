"""Showing a batch while it happens: a bar on a terminal, a line for every goal that ends elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Any, Protocol, Self

from agent.batch import GoalOutcome, Sign
from agent.batch.page import print_duration
from agent.cli.showing.running import PHASES
from agent.execution.jobs import WAITING

MARKS = {"finished": "✓", "waiting": "?", "stopped": "■", "failed": "✗", "pending": "-"}


class _Pace:
    """How fast goals end in this sitting, and how long the rest will take."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.seen = 0
        self._ended = 0
        self._started = time.monotonic()

    def count(self, outcome: GoalOutcome) -> None:
        """Count an outcome; goals that an earlier sitting settled come at once, and do not count for the rate."""
        self.seen += 1
        self._ended += time.monotonic() - self._started > 0.5

    def __str__(self) -> str:
        elapsed = time.monotonic() - self._started
        if not self._ended or elapsed <= 0:
            return ""
        rate = self._ended / elapsed
        shown = f"{rate:.1f} goals/s" if rate >= 1 else f"{60 * rate:.1f} goals/min"
        left = self.total - self.seen
        return f"{shown}, {print_duration(left / rate)} left" if left else shown


class BatchDisplay(Protocol):
    """Sees every sign and every outcome; entered before the batch and left after it."""

    def watch(self, sign: Sign) -> None:
        """Take in what a goal is at."""
        ...

    def take(self, outcome: GoalOutcome) -> None:
        """Take in how a goal ended."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


def make_batch_display(total: int, as_json: bool) -> BatchDisplay:
    """The display that fits: live where somebody watches a terminal, plain lines elsewhere."""
    return _Live(total) if sys.stderr.isatty() and not as_json else _Lines(total)


def _line(outcome: GoalOutcome) -> str:
    speed = f" in {print_duration(outcome.seconds)}" if outcome.seconds else ""
    why = outcome.question or outcome.error or outcome.goal
    why = " ".join(why.split())
    return (
        f"{MARKS[outcome.status]} {outcome.id} {outcome.status}{speed}: {why if len(why) <= 160 else why[:157] + '...'}"
    )


class _Lines:
    """One line for every goal that ends, with the rate and the remaining time, on the error stream."""

    def __init__(self, total: int) -> None:
        self._pace = _Pace(total)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def watch(self, sign: Sign) -> None:
        if sign.phase.startswith(WAITING):
            print(f"  {sign.goal} is {sign.phase}", file=sys.stderr, flush=True)

    def take(self, outcome: GoalOutcome) -> None:
        self._pace.count(outcome)
        pace = str(self._pace)
        told = f" ({pace})" if pace else ""
        print(f"[{self._pace.seen}/{self._pace.total}] {_line(outcome)}{told}", file=sys.stderr, flush=True)


class _Live:
    """A bar over the batch, a line for every goal in flight, and a line above for every one that ends (Rich)."""

    def __init__(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=32),
            TextColumn("{task.fields[told]}"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._pace = _Pace(total)
        self._counts: dict[str, int] = {}
        self._whole = self._progress.add_task(f"0/{total}", total=total, told="")
        self._flying: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def watch(self, sign: Sign) -> None:
        if not sign.phase:
            return
        words = PHASES.get(sign.phase, sign.phase)
        if sign.goal in self._flying:
            self._progress.update(self._flying[sign.goal], told=words)
        else:
            self._flying[sign.goal] = self._progress.add_task(f"  {sign.goal}", total=None, told=words)

    def take(self, outcome: GoalOutcome) -> None:
        from rich.markup import escape

        if outcome.id in self._flying:
            self._progress.remove_task(self._flying.pop(outcome.id))
        self._pace.count(outcome)
        self._counts[outcome.status] = self._counts.get(outcome.status, 0) + 1
        others = ", ".join(f"{count} {status}" for status, count in self._counts.items() if status != "finished")
        told = "; ".join(part for part in (str(self._pace), others) if part)
        self._progress.update(
            self._whole, completed=self._pace.seen, description=f"{self._pace.seen}/{self._pace.total}", told=told
        )
        self._progress.console.print(escape(_line(outcome)), highlight=False)
