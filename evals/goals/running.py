"""Carrying the goals through and adding up what the judges say."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agent.errors import GedankenError, InputError
from evals.goals.bundles import read_plain
from evals.goals.cases import Case, cases
from evals.goals.judging import Ended, Verdict, judge
from evals.intervals import balanced, bootstrap
from evals.suite import Options, Scores

if TYPE_CHECKING:
    from agent.session import Session


@dataclass(frozen=True)
class Judged:
    """A goal with its verdicts and how long it took, in seconds."""

    case: Case
    verdicts: tuple[Verdict, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """Whether every check found nothing wrong."""
        return all(verdict.passed for verdict in self.verdicts)


def evaluate(options: Options) -> Scores:
    """The suite ``goals``: share of research goals whose run passes every check.

    Args:
        options: Workers, limit, the model of the model reasoner (none: the playbook reasoner), and the tools that are
            taken away in a second column, to measure what they are worth.

    Raises:
        InputError: A tool or domain to take away does not exist.
    """
    absent = _tools(options.without)
    chosen = balanced(cases(), lambda case: case.category, options.limit)
    judged = asyncio.run(judge_all(chosen, options))
    columns: dict[str, list[float]] = {"goals": [float(one.passed) for one in judged]}
    for category in dict.fromkeys(case.category for case in chosen):
        columns[category] = [float(one.passed) for one in judged if one.case.category == category]
    for check in dict.fromkeys(verdict.check for one in judged for verdict in one.verdicts):
        columns[f"check: {check}"] = [
            float(verdict.passed) for one in judged for verdict in one.verdicts if verdict.check == check
        ]
    if absent:
        bare = asyncio.run(judge_all(chosen, options, absent))
        columns[f"goals without {', '.join(options.without)}"] = [float(one.passed) for one in bare]
    scores = {name: statistics.fmean(values) for name, values in columns.items()}
    scores["seconds per goal (median)"] = statistics.median(one.seconds for one in judged)
    intervals = {name: found for name, values in columns.items() if (found := bootstrap(values))}
    return Scores(score=scores["goals"], scores=scores, n=len(judged), intervals=intervals)


def _tools(words: Sequence[str]) -> tuple[str, ...]:
    """The tools that words name: a tool, a domain of tools, or ``all``."""
    from agent.tools import catalogue

    found: set[str] = set()
    for word in words:
        fitting = {tool.name for tool in catalogue() if word in ("all", tool.domain, tool.name)}
        if not fitting:
            domains = ", ".join(sorted({tool.domain for tool in catalogue()}))
            raise InputError(
                f"There is no tool or domain '{word}' to take away.",
                remedy=f"Name a tool (`gedanken tools`), a domain ({domains}), or all.",
            )
        found |= fitting
    return tuple(sorted(found))


async def judge_all(chosen: Sequence[Case], options: Options, without: Sequence[str] = ()) -> list[Judged]:
    """Run and judge goals in one session with a home of its own; as many at once as there are workers.

    Args:
        chosen: The goals.
        options: As for `evaluate`.
        without: Tools taken away.
    """
    from agent.session import Session
    from agent.settings import load_settings
    from agent.tools import catalogue

    with tempfile.TemporaryDirectory(prefix="goals-") as scratch:
        home = Path(scratch)
        model = {"model": options.model, "reasoner": "model"} if options.model else {"reasoner": "playbook"}
        settings = load_settings(home=home / "home", out=home / "runs", workers=options.workers, **model).settings
        gate = asyncio.Semaphore(options.workers)
        done = 0

        async def one(session: Session, case: Case) -> Judged:
            nonlocal done
            async with gate:
                started = time.monotonic()
                verdicts = await run_and_judge(session, case, home / "files" / case.id)
            done += 1
            judged = Judged(case, tuple(verdicts), time.monotonic() - started)
            problems = [f"{v.check}: {v.problems[0]}" for v in verdicts if not v.passed]
            told = "; ".join(problems) or "passed"
            options.tell(f"{done} of {len(chosen)}: {case.id} ({judged.seconds:.1f} s): {told}")
            return judged

        async with Session(settings, tools=catalogue().without(*without)) as session:
            return list(await asyncio.gather(*(one(session, case) for case in chosen)))


async def run_and_judge(session: Session, case: Case, files: Path) -> list[Verdict]:
    """Carry one goal through and judge what it left.

    Args:
        session: Where it runs.
        case: The goal.
        files: Folder for its attachments.
    """
    from agent.records import Goal

    files.mkdir(parents=True, exist_ok=True)
    for name, content in case.files.items():
        (files / name).write_text(content.lstrip("\n"), encoding="utf-8")
    goal = Goal(text=case.text, attachments=tuple(str(files / name) for name in case.files))
    try:
        outcome = await session.run(goal)
    except GedankenError as error:
        return judge(case, Ended(error.exit_code, error=str(error)), None)
    question = outcome.question
    ended = Ended(
        outcome.exit_code,
        question.key if question else "",
        question.text if question else "",
        outcome.info.error or "",
    )
    try:
        bundle = await asyncio.to_thread(read_plain, outcome.bundle)
    except ValueError as error:
        return judge(case, ended, None, str(error))
    return judge(case, ended, bundle)
