"""The toolbox: the catalogue joined to the workers and the cache. Everything that calls a tool calls it here."""

from __future__ import annotations

import asyncio
import hashlib
import importlib.metadata
import inspect
import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from agent import __version__
from agent.errors import GedankenError, InputError, OfflineRefusal, RepairableToolError
from agent.execution.cache import ResultCache
from agent.execution.jobs import Executor, Job, Progress
from agent.records import Result
from agent.tools._declare import Tool
from agent.tools._results import failed
from agent.tools.catalogue import Catalogue
from agent.tools.chunks import run_in_chunks

LONGEST_PATH = 1024
"""Longer strings are not looked up as paths."""


@dataclass(frozen=True)
class Outcome:
    """What a call brought, how long it took, and whether it was remembered."""

    result: Result
    seconds: float
    cached: bool
    fingerprint: str


class Toolbox:
    """Calls tools: checks arguments, looks in the cache, runs the rest in a worker.

    Args:
        catalogue: The tools that may be called.
        executor: Where they run.
        cache: Where results are kept; ``None`` to keep none.
        supplies: What `Injected` arguments are filled with, by name (``store``: the knowledge store's reference).
        offline: Refuse tools that use the network.
        seconds: Time limit of every call, in place of each tool's own.
        memory_mb: Memory limit of every call, in place of each tool's own.
        priority: Added to every call's: work of this session comes before that of sessions with a higher one.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        executor: Executor,
        *,
        cache: ResultCache | None = None,
        supplies: Mapping[str, Callable[[], Any]] | None = None,
        offline: bool = True,
        seconds: float | None = None,
        memory_mb: int | None = None,
        priority: int = 0,
    ) -> None:
        self.catalogue = catalogue
        self._executor = executor
        self._cache = cache
        self._supplies = dict(supplies or {})
        self._offline = offline
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._priority = priority
        self._expected: list[Tool] = []
        self._warming: set[asyncio.Task[None]] = set()

    async def call(
        self,
        name: str,
        arguments: Mapping[str, Any],
        *,
        on_progress: Progress | None = None,
        priority: int = 0,
    ) -> Outcome:
        """Call a tool. Every failure comes back as an ``error`` envelope; nothing is raised but a cancellation.

        Args:
            name: The tool.
            arguments: Its visible arguments.
            on_progress: Called with a fraction and a message while the step runs.
            priority: Lower runs first (0: somebody waits for it).
        """
        started = time.perf_counter()
        fingerprint = ""
        try:
            tool = self.catalogue.get(name)
            if tool.network and self._offline:
                raise OfflineRefusal(
                    f"The tool '{name}' uses the network, and this session is offline.",
                    remedy="Set `offline = false` if that is allowed here.",
                )
            checked = tool.check(dict(arguments))
            supplied = {parameter: self._supply(what) for parameter, what in tool.injected.items()}
            fingerprint = call_fingerprint(tool, {**checked, **supplied})
            path, call = tool.job(checked, supplied)
            job = Job(
                key=fingerprint,
                path=path,
                arguments=call,
                label=name,
                affinity=tool.affinity,
                seconds=self._seconds or tool.seconds,
                memory_mb=self._memory_mb or tool.memory_mb,
                priority=self._priority + priority,
                resources={"GPU": 1} if tool.gpu else {},
            )
            if self._cache is None or not tool.repeatable:
                plain, cached = await self._compute(tool, job, on_progress), False
            else:
                plain, cached = await self._cache.get_or_run(
                    fingerprint, lambda: self._compute(tool, job, on_progress), keep=_worth_keeping
                )
            result = Result.model_validate(plain)
        except GedankenError as error:
            result, cached = failed(error), False
        return Outcome(result, time.perf_counter() - started, cached, fingerprint)

    def expect(self, names: Iterable[str]) -> None:
        """Say which tools will be called soon: their models are loaded as soon as anything has to be computed at all
        (a run whose every call is remembered loads none)."""
        self._expected = [tool for name in names if name in self.catalogue and (tool := self.catalogue.get(name)).warm]

    async def close(self) -> None:
        """Stop loading models."""
        for task in self._warming:
            task.cancel()
        await asyncio.gather(*self._warming, return_exceptions=True)

    async def _compute(self, tool: Tool, job: Job, on_progress: Progress | None) -> dict[str, Any]:
        expected, self._expected = self._expected, []
        for path, affinity in {(tool.warm, tool.affinity) for tool in expected if tool.affinity != job.affinity}:
            task = asyncio.create_task(self._executor.warm(path, affinity))
            self._warming.add(task)
            task.add_done_callback(self._warming.discard)
        if tool.chunks:
            return await run_in_chunks(tool.chunks, job, self._executor, self._cache, on_progress)
        return await self._executor.run(job, on_progress)

    def without_cache(self) -> Toolbox:
        """The same toolbox, computing everything afresh."""
        return Toolbox(
            self.catalogue,
            self._executor,
            supplies=self._supplies,
            offline=self._offline,
            seconds=self._seconds,
            memory_mb=self._memory_mb,
            priority=self._priority,
        )

    def _supply(self, what: str) -> Any:
        if what not in self._supplies:
            raise InputError(f"This session has no {what}.", remedy="It is needed by the tool that was called.")
        return self._supplies[what]()


def _worth_keeping(plain: dict[str, Any]) -> bool:
    """Errors are never cached: the next attempt deserves a fresh look."""
    return plain.get("status") in ("ok", "empty")


def call_fingerprint(tool: Tool, arguments: Mapping[str, Any]) -> str:
    """The identity of a call: the tool's code and engines, its arguments, and the content of files it reads.

    Args:
        tool: The tool.
        arguments: Checked arguments, supplied ones included.

    Returns:
        A SHA-256 in hex.

    Raises:
        RepairableToolError: A file that an argument names cannot be read.
    """
    for name in tool.files:
        if arguments.get(name) and not Path(arguments[name]).expanduser().is_file():
            raise RepairableToolError(
                f"{tool.name}: {name}: the file '{arguments[name]}' cannot be read (there is no such file).",
                remedy="Give the path of an existing, readable file.",
            )
    identity = {
        "tool": tool.name,
        "version": tool.version,
        "gedanken": __version__,
        "code": _code_digest(room_of(tool)),
        "engines": {engine: _version(engine) for engine in tool.engines},
        "arguments": _with_contents(tool.name, dict(arguments)),
    }
    return hashlib.sha256(json.dumps(identity, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _with_contents(tool: str, value: Any) -> Any:
    """An argument with every path of an existing file, however deep, replaced by the file's name and content digest.

    A folder's name is left out: the same file elsewhere gives the same result.
    """
    if isinstance(value, Mapping):
        return {key: _with_contents(tool, item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_with_contents(tool, item) for item in value]
    if not isinstance(value, str) or not value or len(value) > LONGEST_PATH or "\n" in value or "\0" in value:
        return value
    try:
        path = Path(value).expanduser()
        if not path.is_file():
            return value
    except (OSError, RuntimeError):  # no path at all: a sequence is longer than a name may be, ~x has no home
        return value
    try:
        with path.open("rb") as file:
            return {"file": path.name, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
    except OSError as error:
        raise RepairableToolError(
            f"{tool}: the file '{value}' cannot be read ({error.strerror or error}).",
            remedy="Give the path of a readable file.",
        ) from error


def room_of(tool: Tool) -> Path:
    """Where a tool's code lives: of the house, its folder ``agent/tools/ROOM``; else its module's own package.

    A module that is in no package stands alone: beside it lies whatever else is installed.
    """
    file = Path(inspect.getfile(tool.function))
    names = tool.function.__module__.split(".")
    if file.name != "__init__.py":
        names.pop()
    if not names or names == ["agent", "tools"]:
        return file
    return file.parents[max(0, len(names) - 3) if names[:2] == ["agent", "tools"] else 0]


@cache
def _code_digest(room: Path) -> str:
    """A digest of a file, or of all modules and data below a folder: a change makes old results stale."""
    digest = hashlib.sha256()
    for path in [room] if room.is_file() else sorted(room.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def _version(distribution: str) -> str:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"
