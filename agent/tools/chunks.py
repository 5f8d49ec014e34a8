"""Big steps in chunks: one call becomes many jobs, placed like any other on the workers of a machine or a cluster.

A tool that names a module of chunks is carried out by three functions of that module, all on plain data:

- ``split(arguments)`` gives the pieces, each the arguments of one piece of work;
- ``work(piece)`` does one, and gives a small plain result;
- ``merge(arguments, results)`` makes the tool's `Result` of all, in the order of the pieces.

Each finished piece is kept in the cache, so that a killed step goes on where it was; a worker that dies costs a piece,
which is done again. Called directly, the tool does the same in its own process (`in_one_process`).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from importlib import import_module
from typing import Any

from agent.errors import GedankenError, WorkerCrash
from agent.execution.cache import ResultCache
from agent.execution.jobs import Executor, Job, Progress
from agent.records import Result
from agent.tools._results import failed

AT_ONCE = 256
"""Most pieces handed in at a time: the queue stays short, and a cancelled step leaves little behind."""


async def run_in_chunks(
    module: str, job: Job, executor: Executor, cache: ResultCache | None, on_progress: Progress | None
) -> dict[str, Any]:
    """Carry out a call in chunks.

    Args:
        module: The module with ``split``, ``work`` and ``merge``.
        job: The whole call; its limits hold for every piece.
        executor: Where pieces run.
        cache: Where finished pieces are kept.
        on_progress: Told after every piece.

    Returns:
        The tool's envelope as plain data.

    Raises:
        TerminalToolError: A piece went over a limit, or its worker died twice.
    """
    arguments = job.arguments["arguments"]
    pieces = await executor.run(_job(job, "split", {"module": module, "arguments": arguments}))
    if "failed" in pieces:
        return pieces["failed"]
    count, done = len(pieces["done"]), 0
    gate = asyncio.Semaphore(AT_ONCE)

    async def carry(place: int, piece: dict[str, Any]) -> dict[str, Any]:
        nonlocal done
        single = _job(job, "work", {"module": module, "piece": piece}, place)

        async def run() -> dict[str, Any]:
            try:
                return await executor.run(single)
            except WorkerCrash:
                return await executor.run(single)

        async with gate:
            result = await run() if cache is None else (await cache.get_or_run(single.key, run, keep=_whole))[0]
        done += 1
        if on_progress is not None:
            on_progress(done / count, f"{done} of {count} chunks")
        return result

    tasks = [asyncio.create_task(carry(place, piece)) for place, piece in enumerate(pieces["done"], 1)]
    try:
        results = await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if "failed" in result:
            return result["failed"]
    merged = await executor.run(
        _job(job, "merge", {"module": module, "arguments": arguments, "results": [one["done"] for one in results]})
    )
    return merged.get("failed") or merged["done"]


def in_one_process(module: str, arguments: Mapping[str, Any]) -> Result:
    """Carry out a call piece after piece, here.

    Args:
        module: The module with ``split``, ``work`` and ``merge``.
        arguments: The tool's arguments as plain data.
    """
    found = import_module(module)
    return found.merge(arguments, [found.work(piece) for piece in found.split(arguments)])


def split(module: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """In a worker: the pieces of a call, or the envelope that says why there are none."""
    return _guarded(lambda: import_module(module).split(arguments))


def work(module: str, piece: dict[str, Any]) -> dict[str, Any]:
    """In a worker: one piece."""
    return _guarded(lambda: import_module(module).work(piece))


def merge(module: str, arguments: dict[str, Any], results: list[Any]) -> dict[str, Any]:
    """In a worker: the whole of all pieces."""
    return _guarded(lambda: import_module(module).merge(arguments, results).plain())


def _guarded(compute: Any) -> dict[str, Any]:
    try:
        return {"done": compute()}
    except GedankenError as error:
        return {"failed": failed(error).plain()}


def _whole(plain: dict[str, Any]) -> bool:
    return "done" in plain


def _job(job: Job, part: str, arguments: dict[str, Any], place: int = 0) -> Job:
    identity = json.dumps([job.key, part, place, arguments], sort_keys=True, ensure_ascii=False)
    return replace(
        job,
        key=hashlib.sha256(identity.encode()).hexdigest(),
        path=f"agent.tools.chunks:{part}",
        arguments=arguments,
        label=f"{job.label} ({part} {place})" if place else job.label,
    )
