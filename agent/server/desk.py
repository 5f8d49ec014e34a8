"""Runs in the hands of a server: they go on whether or not the client that began them is still there."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent import events as ev
from agent.errors import InputError
from agent.memory.live import LiveFile
from agent.memory.runs import find_run, read_info, run_folders
from agent.records import Goal, Question, Record, RunStatus
from agent.server.bundles import addresses
from agent.session import Session

LOOK = 0.25
"""Seconds between two looks at a run's progress."""

BEST = 5
"""How many hypotheses an answer shows."""

Report = Callable[[float, str], Awaitable[None]]

_PHASES = {
    "screen": (0.01, "screening the goal"),
    "interpret": (0.02, "understanding the goal"),
    "recall": (0.04, "recalling earlier work"),
    "plan": (0.05, "planning"),
    "work": (0.06, "computing"),
    "review": (0.8, "reviewing the evidence"),
    "hypothesise": (0.83, "inferring hypotheses"),
    "critique": (0.87, "criticising hypotheses"),
    "rank": (0.9, "comparing hypotheses"),
    "design": (0.95, "designing experiments"),
}


class BestHypothesis(Record):
    """A hypothesis in short; ``hypotheses.json`` of the bundle has the whole."""

    rank: int | None
    statement: str
    novelty: str


class RunReply(Record):
    """Where a run stands. A run that is ``waiting`` asks its ``question``; ``answer_run`` answers it."""

    run: str
    status: RunStatus
    goal: str
    bundle: str
    fraction: float
    message: str = ""
    question: Question | None = None
    error: str | None = None
    hypotheses: tuple[BestHypothesis, ...] = ()
    resources: tuple[str, ...] = ()


@dataclass
class _Flight:
    """A run that this server carries on."""

    folder: Path
    task: asyncio.Task[Any] | None = None
    fraction: float = 0.0
    message: str = "beginning"
    steps: int = 0
    settled: set[str] = field(default_factory=set)

    def see(self, event: ev.Event) -> None:
        """Take an event in; the fraction never falls."""
        fraction = self.fraction
        match event:
            case ev.PhaseStarted():
                fraction, self.message = _PHASES.get(event.phase, (fraction, event.phase))
            case ev.PlanMade():
                self.steps += len(event.plan.steps)
            case ev.StepStarted():
                self.message = f"{event.step} {event.tool}"
            case ev.StepProgress():
                self.message = f"{event.step} {event.fraction:.0%} {event.message}".strip()
            case ev.StepFinished():
                self.settled.add(event.step)
                self.message = f"{event.step} {event.evidence.tool}: {event.evidence.summary}"
            case ev.StepSkipped():
                self.settled.add(event.step)
        if isinstance(event, ev.StepFinished | ev.StepSkipped):
            fraction = 0.06 + 0.72 * len(self.settled) / max(1, self.steps)
        self.fraction = max(self.fraction, min(fraction, 0.99))


class RunDesk:
    """Begins runs, carries them on in the background, and says where they stand.

    Args:
        session: Carries them.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._flights: dict[str, _Flight] = {}

    @property
    def out(self) -> Path:
        """Where the bundles are."""
        return self._session.settings.out

    def begin(self, goal: Goal, *, approve: bool = False, reasoner: str | None = None) -> Path:
        """Begin a run.

        Returns:
            Its folder.

        Raises:
            InputError: The goal cannot be begun.
        """
        folder = self._session.begin(goal, reasoner=reasoner)
        self.carry_on(folder, approve=approve)
        return folder

    def carry_on(self, folder: Path, *, answer: Any = None, approve: bool = False) -> None:
        """Carry a run on in the background.

        Raises:
            InputError: This server is carrying it on already.
        """
        if self._running(folder) is not None:
            raise InputError(f"The run {folder.name} is being carried on.", remedy="`run_status` says how far it is.")
        flight = self._flights[folder.name] = _Flight(folder)

        async def work() -> None:
            with LiveFile(folder) as live:

                def listen(event: ev.Event) -> None:
                    flight.see(event)
                    live.show(event)

                await self._session.carry_on(folder, answer=answer, approve=approve, listen=listen)

        flight.task = asyncio.create_task(work())

    async def wait(self, folder: Path, seconds: float | None, report: Report) -> RunReply:
        """Watch a run until it ends, asks, or the time is over; the run itself goes on.

        Args:
            folder: The run.
            seconds: How long at most; ``None`` waits for the end.
            report: Told the fraction and what is being done, whenever they change.

        Returns:
            Where it stands.

        Raises:
            GedankenError: It could not be carried on.
        """
        flight = self._running(folder)
        if flight is not None and flight.task is not None:
            deadline = None if seconds is None else asyncio.get_running_loop().time() + seconds
            told: tuple[float, str] | None = None
            while not flight.task.done():
                if (flight.fraction, flight.message) != told:
                    told = (flight.fraction, flight.message)
                    await report(*told)
                if deadline is not None and asyncio.get_running_loop().time() >= deadline:
                    break
                await asyncio.wait({flight.task}, timeout=LOOK)
            if flight.task.done() and not flight.task.cancelled():
                flight.task.result()
        return self.reply(folder)

    async def cancel(self, folder: Path) -> RunReply:
        """Stop a run of this server in order; it can be carried on.

        Raises:
            InputError: This server is not carrying it on.
        """
        flight = self._running(folder)
        if flight is None or flight.task is None:
            raise InputError(f"The run {folder.name} is not being carried on by this server.")
        flight.task.cancel()
        await asyncio.wait({flight.task})
        return self.reply(folder)

    def reply(self, folder: Path) -> RunReply:
        """Where a run stands, as its bundle tells."""
        info = read_info(folder)
        flight = self._running(folder)
        done = info.status in ("finished", "failed")
        return RunReply(
            run=info.id,
            status=info.status,
            goal=info.goal.text,
            bundle=str(folder.resolve()),
            fraction=flight.fraction if flight else 1.0 if done else 0.0,
            message=flight.message if flight else "",
            question=info.question if info.status == "waiting" else None,
            error=info.error,
            hypotheses=_best(folder) if info.status != "running" else (),
            resources=addresses(folder),
        )

    def find(self, name: str) -> Path:
        """The folder of a run by its id, the beginning of it, or ``last``.

        Raises:
            InputError: None or several fit.
        """
        if "/" in name or "\\" in name:
            raise InputError(f"'{name}' is not the id of a run.", remedy="`list_runs` lists them.")
        return find_run(self.out, name)

    def listed(self, count: int) -> list[dict[str, Any]]:
        """The newest runs, the newest first."""
        rows = []
        for folder in reversed(run_folders(self.out)[-count:]):
            try:
                info = read_info(folder)
                rows.append({"run": info.id, "status": info.status, "goal": info.goal.text, "started": info.started})
            except Exception as error:
                rows.append({"run": folder.name, "status": "unreadable", "goal": str(error), "started": ""})
        return rows

    async def close(self) -> None:
        """Stop every run in order."""
        tasks = [flight.task for flight in self._flights.values() if flight.task is not None and not flight.task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _running(self, folder: Path) -> _Flight | None:
        flight = self._flights.get(folder.name)
        return flight if flight is not None and flight.task is not None and not flight.task.done() else None


def _best(folder: Path) -> tuple[BestHypothesis, ...]:
    try:
        plain = json.loads((folder / "hypotheses.json").read_text(encoding="utf-8"))
        return tuple(
            BestHypothesis(rank=one["rank"], statement=one["statement"], novelty=one["novelty"]) for one in plain[:BEST]
        )
    except (OSError, ValueError, KeyError, TypeError):
        return ()
