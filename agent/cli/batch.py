"""``gedanken batch``: many goals, with a bar on a terminal and plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any, Protocol, Self

from pydantic import ValidationError

from agent.batch import Crew, GoalOutcome, Sign, Study, read_goals
from agent.batch.page import print_duration
from agent.batch.study import carry_batch
from agent.cli.display import PHASES
from agent.cli.shell import print_json
from agent.errors import InputError
from agent.execution.jobs import WAITING
from agent.records import Limits
from agent.settings import load_settings

MARKS = {"finished": "✓", "waiting": "?", "stopped": "■", "failed": "✗", "pending": "-"}


async def carry_goals(
    source: str,
    out: Path,
    form: str | None,
    resume: bool,
    limits: dict[str, Any],
    as_json: bool,
    options: dict[str, Any],
) -> int:
    """``gedanken batch GOALS --out DIR``."""
    spend = _limits(limits)
    settings = load_settings(**options).settings
    file = read_goals(source, _form(form))
    for problem in file.problems:
        print(f"gedanken: {source}: {problem}", file=sys.stderr)
    crew = Crew(settings)
    try:
        with _make_display(len(file.goals), as_json) as display:
            study = await carry_batch(
                file,
                out,
                crew,
                at_once=settings.workers,
                resume=resume,
                limits=spend,
                watch=display.watch,
                listen=display.take,
            )
    finally:
        await crew.close()
    if as_json:
        print_json(_plain(study))
    else:
        _tell(study)
    return study.exit_code


def _limits(given: dict[str, Any]) -> Limits:
    try:
        return Limits(**given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise InputError(
            f"The batch's limit '{first['loc'][0]}' does not fit: {first['msg'].lower()} (given {first['input']!r})."
        ) from error


def _form(form: str | None) -> Any:
    from agent.batch.goals import FORMS

    if form is not None and form not in FORMS:
        raise InputError(f"'{form}' is not a form of goals files.", remedy=f"Forms: {', '.join(FORMS)}.")
    return form


def _plain(study: Study) -> dict[str, Any]:
    counts = study.counts
    whole = "finished" if counts["finished"] == len(study.outcomes) else "incomplete"
    return {
        "batch": str(study.folder.resolve()),
        "status": "stopped" if study.interrupted else whole,
        "goals": len(study.outcomes),
        **counts,
        "problems": [problem.plain() for problem in study.problems],
        "outcomes": [outcome.plain() for outcome in study.outcomes],
        "summary": str(study.page.resolve()),
        "error": None,
    }


def _tell(study: Study) -> None:
    counts = study.counts
    told = ", ".join(f"{count} {status}" for status, count in counts.items() if count)
    print(f"\n{len(study.outcomes)} goals: {told}")
    if study.problems:
        print(f"{len(study.problems)} lines of the goals file could not be used; mend them and use --resume.")
    waiting = next((outcome for outcome in study.outcomes if outcome.status == "waiting"), None)
    if waiting is not None:
        print(f"{waiting.id} asks: {waiting.question}")
        print(f'Answer with: gedanken resume {study.folder / waiting.id} --answer "..."')
    if counts["stopped"] or counts["pending"]:
        print("Carry on with: the same command and --resume")
    print(f"Summary: {study.page}")


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


class _Display(Protocol):
    def watch(self, sign: Sign) -> None: ...

    def take(self, outcome: GoalOutcome) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


def _make_display(total: int, as_json: bool) -> _Display:
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
