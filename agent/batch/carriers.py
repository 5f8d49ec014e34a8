"""Who carries the goals of a batch: a session of this process, or processes with a session of their own.

Thinking (inferring hypotheses, writing reports) takes as much of a small goal's time as its tools do, and one process
thinks about one goal at a time. So a batch on one machine uses a process per goal in flight (`Crew`); a session that a
program already holds carries several goals side by side as well (`InSession`), which pays where tools take long.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from agent import events as ev
from agent.batch.folder import GoalOutcome, outcome_of
from agent.batch.goals import BatchGoal
from agent.errors import GedankenError, InputError
from agent.execution.jobs import WAITING
from agent.memory.live import LiveFile
from agent.memory.runs import RUN
from agent.records import Record, Usage
from agent.session import Session
from agent.settings import Settings

STOPPING = 30.0
"""Seconds that a process has to stop its goal in order before it is killed."""

LONGEST_LINE = 4 * 1024 * 1024


class Sign(Record):
    """A sign of life of a goal: the phase that it entered (or what it waits for), or what it has just spent."""

    goal: str
    phase: str = ""
    usage: Usage = Usage()


Watcher = Callable[[Sign], None]


class Carrier(Protocol):
    """Carries one goal of a batch at a time, as often as it is asked to side by side."""

    async def carry(self, goal: BatchGoal, folder: Path, watch: Watcher) -> GoalOutcome:
        """Begin a goal, or carry it on.

        A cancellation stops the run in order and returns where it stands. Nothing is raised for a goal that fails.

        Args:
            goal: What is asked.
            folder: Its bundle.
            watch: Sees its signs of life.
        """
        ...

    async def close(self) -> None:
        """Let go of every process."""
        ...


class InSession:
    """Carries goals in a session of this process, which stays open."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def carry(self, goal: BatchGoal, folder: Path, watch: Watcher) -> GoalOutcome:
        """See `Carrier.carry`."""
        try:
            if not (folder / RUN).exists():
                _clear_beginning(folder)
                self._session.begin(goal.asked(), folder=folder, reasoner=goal.reasoner)
            with LiveFile(folder) as live:

                def listen(event: ev.Event) -> None:
                    live.show(event)
                    if (sign := sign_of(goal.id, event)) is not None:
                        watch(sign)

                outcome = await self._session.carry_on(folder, listen=listen)
            return outcome_of(goal, outcome.info)
        except GedankenError as error:
            return failed(goal, folder, str(error))
        except Exception as error:  # a defect in one goal must not take the others with it
            return failed(goal, folder, f"Gedanken itself failed ({type(error).__name__}: {error}). This is a defect.")

    async def close(self) -> None:
        """The session is its owner's to close."""


PRIORITY = 10
"""Goals of a batch come after what somebody waits for at a screen, where both share a cluster."""


class Crew:
    """Carries each goal in flight in a process of its own, with a session and one worker; processes are used again.

    On a cluster the goals share it: one that has to be made for them is made once, and each goal may use all of it.

    Args:
        settings: As for a session.
    """

    def __init__(self, settings: Settings) -> None:
        changes: dict[str, Any] = {"serve_token": None, "priority": settings.priority or PRIORITY}
        if settings.cluster is None:
            changes["workers"] = 1
        plain = settings.model_copy(update=changes).model_dump(mode="json")
        for name in ("api_key", "checkpoints"):
            secret = getattr(settings, name)
            plain[name] = None if secret is None else secret.get_secret_value()
        self._settings = plain
        self._idle: list[_Child] = []
        self._cluster: Any = None
        self._starting = asyncio.Lock()

    async def carry(self, goal: BatchGoal, folder: Path, watch: Watcher) -> GoalOutcome:
        """See `Carrier.carry`. A process that dies takes its goal alone with it."""
        self._idle = [one for one in self._idle if one.alive]
        child = self._idle.pop() if self._idle else await _Child.start(await self._shared())
        answer = asyncio.ensure_future(child.carry(goal, folder, watch))
        try:
            try:
                outcome = await asyncio.shield(answer)
            except asyncio.CancelledError:
                await child.stop_goal()
                outcome = await asyncio.wait_for(answer, STOPPING)
            self._idle.append(child)
            return outcome
        except (TimeoutError, OSError, asyncio.IncompleteReadError, ValueError):
            await child.kill(grace=2.0)
            return failed(goal, folder, child.last_words())

    async def close(self) -> None:
        """Stop every process, and the cluster that was made for them."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*(child.leave() for child in idle))
        cluster, self._cluster = self._cluster, None
        if cluster is not None:
            await cluster.close()

    async def _shared(self) -> dict[str, Any]:
        """The settings of a child; a cluster that is named by its kind is started first, and named by its address."""
        async with self._starting:
            where = self._settings["cluster"]
            if where is not None and "://" not in where:
                from agent.execution.cluster import start_cluster

                self._cluster = await start_cluster(where, self._settings["workers"])
                self._settings["cluster"] = self._cluster.scheduler_address
        return self._settings


class _Child:
    """One process and the lines to and from it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._stderr = bytearray()
        self._draining = asyncio.create_task(self._drain())

    @classmethod
    async def start(cls, settings: dict[str, Any]) -> _Child:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "agent.batch.child",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1")},
            start_new_session=True,  # Ctrl-C in the terminal is the batch's to handle
            limit=LONGEST_LINE,
        )
        child = cls(process)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # a process that died says so when it is used
            await child._send(settings)
        return child

    @property
    def alive(self) -> bool:
        return self._process.returncode is None

    async def carry(self, goal: BatchGoal, folder: Path, watch: Watcher) -> GoalOutcome:
        await self._send({"goal": goal.plain(), "folder": str(folder)})
        assert self._process.stdout is not None
        while True:
            line = await self._process.stdout.readline()
            if not line.endswith(b"\n"):
                raise asyncio.IncompleteReadError(line, None)
            plain = json.loads(line)
            if "outcome" in plain:
                return GoalOutcome.model_validate(plain["outcome"])
            watch(Sign.model_validate(plain))

    async def stop_goal(self) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            await self._send({"stop": True})

    async def leave(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), STOPPING)
        except TimeoutError:
            await self.kill()
        await self._end()

    async def kill(self, grace: float = 0.0) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), grace)  # one that is dying by itself says how
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()
        await self._end()

    def last_words(self) -> str:
        """How the process died, and the last line that it wrote to its error stream."""
        code = self._process.returncode or 0
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        lines = self._stderr.decode(errors="replace").strip().splitlines()
        told = f": {lines[-1]}" if lines else ""
        return f"The process that carried this goal died ({how}){told}. The batch carries it on with --resume."

    async def _end(self) -> None:
        await self._draining
        # Closing the pipe's transport now keeps the event loop from warning about it later.
        self._process._transport.close()  # type: ignore[attr-defined]

    async def _send(self, plain: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(plain, ensure_ascii=False).encode() + b"\n")
        await self._process.stdin.drain()

    async def _drain(self) -> None:
        assert self._process.stderr is not None
        while chunk := await self._process.stderr.read(4096):
            self._stderr = (self._stderr + chunk)[-8192:]


def sign_of(goal: str, event: ev.Event) -> Sign | None:
    """What an event tells whoever watches the batch, if anything."""
    match event:
        case ev.PhaseStarted():
            return Sign(goal=goal, phase=event.phase)
        case ev.StepProgress() if event.message.startswith(WAITING):
            return Sign(goal=goal, phase=event.message)
        case ev.StepFinished() if not event.evidence.cached:
            return Sign(goal=goal, usage=Usage(tool_calls=1))
        case ev.ModelCalled():
            return Sign(goal=goal, usage=event.usage)
    return None


def failed(goal: BatchGoal, folder: Path, error: str) -> GoalOutcome:
    """The outcome of a goal that failed outside its run."""
    bundle = goal.id if (folder / RUN).exists() else None
    return GoalOutcome(id=goal.id, line=goal.line, goal=goal.goal, status="failed", bundle=bundle, error=error)


def _clear_beginning(folder: Path) -> None:
    """Take away what a kill left of a folder in which nothing was begun yet."""
    if not folder.exists():
        return
    found = [path for path in folder.rglob("*") if path.name != "artifacts" and not path.name.startswith(f".{RUN}")]
    if found:
        raise InputError(
            f"The folder {folder} is not a run and holds other things ({found[0].name}).",
            remedy="Move it away; the batch then begins the goal.",
        )
    for path in (*folder.glob(f".{RUN}*"), folder / "artifacts"):
        with contextlib.suppress(FileNotFoundError):
            path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()


__all__ = ["Carrier", "Crew", "InSession", "Sign", "Watcher", "failed"]
