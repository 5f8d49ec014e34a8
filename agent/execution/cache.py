"""The cache: results of tool calls by fingerprint, on disk; identical calls in flight run once.

Errors are never kept. A damaged entry counts as a miss and is replaced.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Plain = dict[str, Any]


@dataclass
class _Flight:
    """A call in flight and how many wait for it."""

    task: asyncio.Task[Plain]
    waiting: int = 0


class ResultCache:
    """A folder of results.

    Args:
        folder: Made when first written to. An unwritable folder means that nothing is kept, never that a call fails.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._flights: dict[str, _Flight] = {}

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"

    def get(self, key: str) -> Plain | None:
        """The kept result of a call, if there is one."""
        try:
            return json.loads(self._path(key).read_bytes())
        except (OSError, ValueError):
            return None

    def put(self, key: str, result: Plain) -> None:
        """Keep a result (atomically: readers see all of it or nothing)."""
        path = self._path(key)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump(result, file, ensure_ascii=False)
                os.replace(temporary, path)
            except OSError:
                os.unlink(temporary)
                raise

    async def get_or_run(
        self, key: str, run: Callable[[], Awaitable[Plain]], *, keep: Callable[[Plain], bool]
    ) -> tuple[Plain, bool]:
        """The kept result, or a fresh one.

        Args:
            key: Identity of the call.
            run: Makes the result.
            keep: Whether a fresh result may be kept.

        Returns:
            The result, and whether it was remembered (or shared with an identical call in flight).
        """
        if (kept := self.get(key)) is not None:
            return kept, True
        flight = self._flights.get(key)
        shared = flight is not None
        if flight is None:
            flight = self._flights[key] = _Flight(asyncio.ensure_future(self._run(key, run, keep)))
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task), shared
        finally:
            flight.waiting -= 1
            if flight.waiting == 0:
                self._flights.pop(key, None)
                if not flight.task.done():  # the last one waiting was cancelled
                    flight.task.cancel()
                    with contextlib.suppress(asyncio.CancelledError):
                        await flight.task

    async def _run(self, key: str, run: Callable[[], Awaitable[Plain]], keep: Callable[[Plain], bool]) -> Plain:
        result = await run()
        if keep(result):
            self.put(key, result)
        return result
