"""Showing a run while it happens: live on a terminal, plain lines elsewhere, nothing on standard output."""

from __future__ import annotations

import re
import sys
from typing import Protocol, Self

from agent import events as ev
from agent.cli.showing.outcome import understood
from agent.execution.jobs import WAITING

PHASES = {
    "screen": "Screening the goal",
    "interpret": "Understanding the goal",
    "recall": "Recalling earlier work",
    "plan": "Planning",
    "work": "Computing",
    "review": "Reviewing the evidence",
    "hypothesise": "Inferring hypotheses",
    "critique": "Criticising hypotheses",
    "rank": "Comparing hypotheses",
    "design": "Designing experiments",
}


class Display(Protocol):
    """Sees every event; entered before the run and left after it."""

    def show(self, event: ev.Event) -> None:
        """Take an event in."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


def make_display(as_json: bool) -> Display:
    """The display that fits: live where somebody watches a terminal, plain lines elsewhere."""
    if sys.stderr.isatty() and not as_json:
        return LiveDisplay()
    return PlainDisplay()


class PlainDisplay:
    """One line for every phase and every finished step, on the error stream."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def show(self, event: ev.Event) -> None:
        """Print what is worth a line."""
        line = describe(event)
        if line:
            print(line, file=sys.stderr, flush=True)


class LiveDisplay:
    """A spinner and a bar for every running step, and a line for what is finished (Rich)."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._tasks: dict[str, int] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, event: ev.Event) -> None:
        """Move the bars; print what is finished above them."""
        match event:
            case ev.StepStarted():
                self._tasks[event.step] = self._progress.add_task(f"{event.step} {event.tool}", total=None)
            case ev.StepProgress() if event.step in self._tasks:
                task = self._tasks[event.step]
                self._progress.update(task, total=1.0, completed=event.fraction)  # type: ignore[arg-type]
            case ev.StepFinished() | ev.StepSkipped() if event.step in self._tasks:
                self._progress.remove_task(self._tasks.pop(event.step))  # type: ignore[arg-type]
        line = describe(event)
        if line:
            from rich.text import Text

            self._progress.console.print(Text(line, style=_style(event)), no_wrap=True, overflow="ellipsis")


def _style(event: ev.Event) -> str:
    """How a line looks on a terminal with colours; a line says the same without them."""
    match event:
        case ev.PhaseStarted():
            return "bold cyan"
        case ev.StepFinished():
            return {"ok": "green", "empty": "yellow", "error": "red"}[event.evidence.status]
        case ev.Notice(level="warning" | "error"):
            return "yellow"
        case ev.StepSkipped() | ev.Notice() | ev.Recalled():
            return "dim"
    return ""


_SENTENCE_END = re.compile(r"(?<=[^.\s]{2}[.;])\s")


def gist(summary: str) -> str:
    """A summary's first sentence or clause; the report has the whole."""
    first = _SENTENCE_END.split(summary, maxsplit=1)[0].rstrip(";:.")
    # A list in brackets is left out rather than cut in its middle.
    return first if first.count("(") <= first.count(")") else first.rpartition("(")[0].rstrip()


def describe(event: ev.Event) -> str:
    """An event as one line; empty for what needs none."""
    match event:
        case ev.PhaseStarted():
            return PHASES.get(event.phase, event.phase)
        case ev.StepFinished():
            mark = {"ok": "✓", "empty": "∅", "error": "✗"}[event.evidence.status]
            speed = "remembered" if event.evidence.cached else f"{event.evidence.seconds:.1f} s"
            return f"  {mark} {event.step} {event.evidence.tool} ({speed}): {gist(event.evidence.summary)}"
        case ev.StepProgress() if event.message.startswith(WAITING):
            return f"  ! {event.step} is {event.message}"
        case ev.StepSkipped():
            return f"  - {event.step} skipped: {event.reason}"
        case ev.GoalUnderstood():
            return f"  {understood(event.brief)}"
        case ev.Recalled() if event.sources:
            return f"  {event.summary}"
        case ev.Notice():
            return f"  {'!' if event.level != 'info' else '·'} {event.text}"
    return ""
