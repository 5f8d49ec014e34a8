"""Checkpoints of many runs in one file: SQLite as it is, opened by all at the same moment."""

from __future__ import annotations

import asyncio
from pathlib import Path

from langgraph.checkpoint.base import empty_checkpoint
from langgraph.checkpoint.base.id import uuid6

from agent.session.checkpoints import sqlite


async def keep_one(path: Path, thread: str) -> None:
    """Open the file, keep one checkpoint of a thread, close it."""
    async with sqlite(path) as saver:
        checkpoint = empty_checkpoint() | {"id": str(uuid6())}
        await saver.aput({"configurable": {"thread_id": thread, "checkpoint_ns": ""}}, checkpoint, {}, {})


async def test_runs_that_open_a_fresh_file_at_the_same_moment_all_keep_their_checkpoints(tmp_path: Path) -> None:
    """Six openers of a new file, many times over: changing a fresh file's journal must not lock anybody out."""
    for number in range(15):
        path = tmp_path / str(number) / "checkpoints.sqlite"
        await asyncio.gather(*(keep_one(path, f"run-{opener}") for opener in range(6)))
        async with sqlite(path) as saver:
            kept = {entry.config["configurable"]["thread_id"] async for entry in saver.alist(None)}
        assert kept == {f"run-{opener}" for opener in range(6)}
