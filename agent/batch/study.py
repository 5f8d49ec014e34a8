"""A whole batch in one call, for scripts and for the command line."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.batch.carriers import Carrier, Crew, Watcher
from agent.batch.folder import BatchFolder, GoalOutcome
from agent.batch.goals import BatchGoal, GoalFile, Problem, as_goals, read_goals
from agent.batch.rows import tally
from agent.batch.running import run_batch
from agent.batch.summary import PAGE, write_summary
from agent.records import Limits
from agent.session import Session
from agent.settings import load_settings

Given = str | Path | GoalFile | Iterable[str | Mapping[str, Any] | BatchGoal]


@dataclass(frozen=True)
class Study:
    """A batch as it stands when a sitting ends.

    Attributes:
        folder: Where the bundles, ``summary.csv``, ``hypotheses.csv`` and ``summary.html`` are.
        outcomes: Where each goal stands, in the order of the goals.
        problems: Lines of the goals file that could not be used.
        interrupted: Whether it was stopped from outside.
    """

    folder: Path
    outcomes: tuple[GoalOutcome, ...]
    problems: tuple[Problem, ...] = ()
    interrupted: bool = False

    @property
    def page(self) -> Path:
        """The page over all goals."""
        return self.folder / PAGE

    @property
    def counts(self) -> dict[str, int]:
        """How many goals have each status."""
        return tally(self.outcomes)

    @property
    def exit_code(self) -> int:
        """0: every goal finished. 1: one failed, or a line could not be used. 3: some wait, or were stopped."""
        counts = self.counts
        if counts["failed"] or self.problems:
            return 1
        return 3 if counts["waiting"] or counts["stopped"] or counts["pending"] else 0


async def carry_batch(
    file: GoalFile,
    out: Path,
    carrier: Carrier | Session,
    *,
    at_once: int = 1,
    resume: bool = False,
    limits: Limits | None = None,
    watch: Watcher | None = None,
    listen: Callable[[GoalOutcome], None] | None = None,
) -> Study:
    """Carry a batch through and write its summary.

    A cancellation stops the goals in flight in order, writes the summary, and returns with ``interrupted`` set.

    Args:
        file: The goals.
        out: The folder of the batch.
        carrier: Who carries a goal.
        at_once: How many goals are in flight.
        resume: Carry on the batch that the folder holds.
        limits: What the batch may spend as a whole.
        watch: Sees signs of life of the goals in flight.
        listen: Sees every outcome as it comes, settled ones of an earlier sitting first.

    Raises:
        InputError: The folder belongs to another batch, or holds this one and `resume` is not set.
        StorageError: The folder cannot be written, or another process works on it.
    """
    with BatchFolder(out, file.goals).claimed(resume=resume) as folder:
        found: dict[str, GoalOutcome] = {}
        interrupted = False
        outcomes = run_batch(folder, carrier, at_once=at_once, limits=limits, watch=watch)
        try:
            async with contextlib.aclosing(outcomes):
                async for outcome in outcomes:
                    found[outcome.id] = outcome
                    if listen is not None:
                        listen(outcome)
        except asyncio.CancelledError:
            interrupted = True
        standing = tuple(found.get(goal.id) or folder.standing(goal) for goal in folder.goals)
        write_summary(folder, standing, file.problems)
    return Study(out, standing, file.problems, interrupted)


async def research_many_async(
    goals: Given,
    out: str | Path,
    *,
    workers: int = 1,
    resume: bool = False,
    limits: Limits | None = None,
    listen: Callable[[GoalOutcome], None] | None = None,
    **settings: Any,
) -> Study:
    """Carry many goals through, in one call.

    Args:
        goals: The path of a goals file, or a list of texts or of mappings (``goal``, ``id``, ``attachments``, ``seed``,
            ``reasoner``, ``limits``).
        out: The folder of the batch: one bundle a goal under ``<out>/<goal id>/``.
        workers: How many goals are in flight, each in a process of its own.
        resume: Carry on the batch that the folder holds: finished goals are not repeated.
        limits: What the batch may spend as a whole (each goal may have its own besides).
        listen: Sees every outcome as it comes.
        settings: As in `agent.settings.Settings` (``home``, ``model``, ...).

    Returns:
        Where every goal stands. Goals that fail or wait are outcomes, too.

    Raises:
        InputError: The goals or the folder cannot be used.
        StorageError: The folder cannot be written.
    """
    if isinstance(goals, GoalFile):
        file = goals
    else:
        file = read_goals(goals) if isinstance(goals, (str, Path)) else as_goals(goals)
    crew = Crew(load_settings(**settings).settings)
    try:
        return await carry_batch(file, Path(out), crew, at_once=workers, resume=resume, limits=limits, listen=listen)
    finally:
        await crew.close()


def research_many(
    goals: Given,
    out: str | Path,
    *,
    workers: int = 1,
    resume: bool = False,
    limits: Limits | None = None,
    listen: Callable[[GoalOutcome], None] | None = None,
    **settings: Any,
) -> Study:
    """`research_many_async` for scripts without an event loop; the arguments are the same."""
    return asyncio.run(
        research_many_async(goals, out, workers=workers, resume=resume, limits=limits, listen=listen, **settings)
    )
