"""The pool: worker processes on this machine, each job with its time and memory limits.

A worker that exceeds a limit, crashes, or is no longer wanted is killed and replaced when the next job needs one;
no other job notices. Heavy models stay warm: a job goes to a worker that has served its affinity before, if one is
idle.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import os
import signal
import sys
from typing import Any

from agent.errors import TerminalToolError, ToolOutOfMemory, ToolTimeout, WorkerCrash
from agent.execution import frames
from agent.execution.jobs import Executor, Job, Progress

__all__ = ["Executor", "Job", "WorkerPool"]

MEMORY_POLL = 0.2
"""Seconds between two looks at a worker's memory."""

WARMING = 5
"""Priority of loading models ahead of need: behind every call that somebody waits for."""

# One thread a worker: several workers share the cores, and libraries that start a thread for every core collapse
# when anything else uses them. The hubs' offline switches keep libraries from asking a server for updates.
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TOKENIZERS_PARALLELISM": "false",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "PYTHONUNBUFFERED": "1",
}


class _Worker:
    """One process and the stream to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.affinities: set[str] = set()
        self.stderr = bytearray()
        self._draining = asyncio.create_task(self._drain())

    @property
    def alive(self) -> bool:
        return self.process.returncode is None

    async def _drain(self) -> None:
        stream = self.process.stderr
        assert stream is not None
        while chunk := await stream.read(4096):
            self.stderr = (self.stderr + chunk)[-8192:]

    def last_words(self) -> str:
        """The last line that the process wrote to its error stream."""
        lines = self.stderr.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else ""

    async def send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(frames.encode(message))
        await self.process.stdin.drain()

    async def receive(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        return await frames.receive(self.process.stdout)

    async def kill(self) -> None:
        if self.alive:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
        await self.process.wait()
        await self._draining
        # Closing the pipe's transport now keeps the event loop from warning about it later.
        self.process._transport.close()  # type: ignore[attr-defined]


class WorkerPool:
    """Runs jobs in up to `workers` processes; the queue is ordered by priority, then by arrival.

    Args:
        workers: How many processes at most.
        offline: Refuse the network inside the workers.
    """

    def __init__(self, workers: int, *, offline: bool = True) -> None:
        self._size = workers
        self._offline = offline
        self._idle: list[_Worker] = []
        self._count = 0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._arrival = itertools.count()
        self._closed = False

    async def run(self, job: Job, on_progress: Progress | None = None) -> dict[str, Any]:
        """See `Executor.run`."""
        await self._take_slot(job.priority)
        worker: _Worker | None = None
        healthy = False
        try:
            worker = await self._worker_for(job.affinity)
            result = await self._supervise(worker, job, on_progress)
            healthy = True
            return result
        except (asyncio.IncompleteReadError, BrokenPipeError, ConnectionResetError) as error:
            assert worker is not None
            await worker.process.wait()
            raise self._crash(worker, job) from error
        except TerminalToolError as error:
            healthy = isinstance(error, _Raised)
            raise
        finally:
            if worker is not None and healthy and not self._closed:
                self._idle.append(worker)
            elif worker is not None:
                await asyncio.shield(worker.kill())
            self._free_slot()

    async def warm(self, path: str, affinity: str) -> None:
        """See `Executor.warm`."""
        with contextlib.suppress(TerminalToolError):
            await self.run(Job(key=f"warm:{affinity}", path=path, affinity=affinity, priority=WARMING))

    async def close(self) -> None:
        """Stop every idle worker; running jobs stop their own."""
        self._closed = True
        idle, self._idle = self._idle, []
        await asyncio.gather(*(worker.kill() for worker in idle))

    async def _take_slot(self, priority: int) -> None:
        if self._count < self._size:
            self._count += 1
            return
        ticket: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (priority, next(self._arrival), ticket))
        try:
            await ticket
        except asyncio.CancelledError:
            if ticket.done() and not ticket.cancelled():
                self._free_slot()
            raise

    def _free_slot(self) -> None:
        while self._waiting:
            _, _, ticket = heapq.heappop(self._waiting)
            if not ticket.done():
                ticket.set_result(None)  # the slot goes straight to the next in the queue
                return
        self._count -= 1

    async def _worker_for(self, affinity: str) -> _Worker:
        self._idle = [worker for worker in self._idle if worker.alive]
        worker = self._choose(affinity)
        if worker is None:
            worker = _Worker(await self._spawn())
        else:
            self._idle.remove(worker)
        if affinity:
            worker.affinities.add(affinity)
        return worker

    def _choose(self, affinity: str) -> _Worker | None:
        """An idle worker that knows the model; else a free place for a new process; else any idle one."""
        for worker in self._idle:
            if affinity in worker.affinities if affinity else not worker.affinities:
                return worker
        if len(self._idle) < self._size - (self._count - 1):
            return None
        return min(self._idle, key=lambda worker: len(worker.affinities), default=None)

    async def _spawn(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "agent.execution.worker",
            *(["--offline"] if self._offline else []),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, **_ENVIRONMENT},
            start_new_session=True,  # Ctrl-C in the terminal is the session's to handle
        )

    async def _supervise(self, worker: _Worker, job: Job, on_progress: Progress | None) -> dict[str, Any]:
        watch = asyncio.create_task(self._watch_memory(worker, job))
        try:
            async with asyncio.timeout(job.seconds):
                await worker.send({"path": job.path, "arguments": dict(job.arguments)})
                while True:
                    message = await worker.receive()
                    if "progress" not in message:
                        break
                    if on_progress is not None:
                        on_progress(*message["progress"])
        except TimeoutError as error:
            raise ToolTimeout(
                f"{job.label or job.path} was stopped after {job.seconds:g} s.",
                remedy="Ask for less in one step, or raise `step_seconds`.",
            ) from error
        except (asyncio.IncompleteReadError, BrokenPipeError, ConnectionResetError):
            if watch.done() and not watch.cancelled() and watch.exception() is None:
                raise _over_memory(job) from None
            raise
        finally:
            watch.cancel()
        if message.get("memory"):
            raise _over_memory(job)
        if "error" in message:
            raise _Raised(f"{job.label or job.path} failed: {message['error']}.")
        return message["result"]

    async def _watch_memory(self, worker: _Worker, job: Job) -> None:
        import psutil

        try:
            process = psutil.Process(worker.process.pid)
            while process.memory_info().rss <= job.memory_mb * 1024 * 1024:
                await asyncio.sleep(MEMORY_POLL)
        except psutil.NoSuchProcess:
            await asyncio.Event().wait()  # it died by itself: the reader says how
        worker.process.kill()

    def _crash(self, worker: _Worker, job: Job) -> WorkerCrash:
        code = worker.process.returncode or 0
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        words = worker.last_words()
        return WorkerCrash(
            f"The worker of {job.label or job.path} died ({how}){': ' + words if words else ''}.",
            remedy="Other steps go on; run it again, with smaller input if memory was short.",
        )


class _Raised(TerminalToolError):
    """The function raised something that is not in our tree: the worker itself is well."""


def _over_memory(job: Job) -> ToolOutOfMemory:
    return ToolOutOfMemory(
        f"{job.label or job.path} needed more than {job.memory_mb} MB and was stopped.",
        remedy="Ask for less in one step, or raise `step_memory_mb`.",
    )
