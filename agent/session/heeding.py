"""Heeding what others want of a run while it is carried on here."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from agent.memory.wishes import WISHES, read_wishes

if TYPE_CHECKING:
    from agent.graphs.work import Work

INTERVAL = 0.25
"""Seconds between two looks."""


@contextlib.asynccontextmanager
async def heeding(work: Work) -> AsyncIterator[None]:
    """Heed wishes while the body runs: those of earlier sittings at once, new ones within `INTERVAL` seconds."""
    seen = _heed(work, -1)

    async def watch() -> None:
        nonlocal seen
        while True:
            await asyncio.sleep(INTERVAL)
            seen = _heed(work, seen)

    task = asyncio.create_task(watch())
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


def _heed(work: Work, seen: int) -> int:
    """Carry out what was not carried out yet; the file's size tells whether there is anything new."""
    try:
        size = (work.folder / WISHES).stat().st_size
    except OSError:
        return 0
    if size != seen:
        for wish in read_wishes(work.folder):
            if wish.step not in work.cancelled:
                work.cancel(wish.step)
    return size
