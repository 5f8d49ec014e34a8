"""Checkpoints of many runs in one file: SQLite as it is, opened by all at the same moment, or once for all of them."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.base import BaseCheckpointSaver, empty_checkpoint
from langgraph.checkpoint.base.id import uuid6

from agent.errors import StorageError
from agent.session.checkpoints import Checkpoints, sqlite


async def keep_in(saver: BaseCheckpointSaver[Any], thread: str) -> None:
    """Keep one checkpoint of a thread."""
    checkpoint = empty_checkpoint() | {"id": str(uuid6())}
    await saver.aput({"configurable": {"thread_id": thread, "checkpoint_ns": ""}}, checkpoint, {}, {})


async def keep_one(path: Path, thread: str) -> None:
    """Open the file, keep one checkpoint of a thread, close it."""
    async with sqlite(path) as saver:
        await keep_in(saver, thread)


async def kept(path: Path) -> set[str]:
    """The threads that a file holds."""
    async with sqlite(path) as saver:
        return {entry.config["configurable"]["thread_id"] async for entry in saver.alist(None)}


async def test_runs_that_open_a_fresh_file_at_the_same_moment_all_keep_their_checkpoints(tmp_path: Path) -> None:
    """Six openers of a new file, many times over: changing a fresh file's journal must not lock anybody out."""
    for number in range(15):
        path = tmp_path / str(number) / "checkpoints.sqlite"
        await asyncio.gather(*(keep_one(path, f"run-{opener}") for opener in range(6)))
        assert await kept(path) == {f"run-{opener}" for opener in range(6)}


async def test_runs_of_a_session_share_one_that_other_loops_leave_alone(tmp_path: Path) -> None:
    checkpoints = Checkpoints(tmp_path / "checkpoints.sqlite")
    checkpoints.enter()
    seen = []

    async def use(thread: str) -> None:
        async with checkpoints.opened() as saver:
            seen.append(saver)
            await keep_in(saver, thread)

    await asyncio.gather(*(use(f"run-{number}") for number in range(4)))
    await asyncio.to_thread(lambda: asyncio.run(use("elsewhere")))
    await checkpoints.close()
    await use("afterwards")
    assert len(set(map(id, seen[:4]))) == 1
    assert seen[4] is not seen[0]
    assert await kept(tmp_path / "checkpoints.sqlite") == {
        *(f"run-{number}" for number in range(4)),
        "elsewhere",
        "afterwards",
    }


async def test_a_run_that_is_stopped_in_a_write_keeps_nobody_out(tmp_path: Path) -> None:
    """A transaction left open on the shared connection would lock every other process out."""
    checkpoints = Checkpoints(tmp_path / "checkpoints.sqlite")
    checkpoints.enter()

    async def stopped() -> None:
        async with checkpoints.opened() as saver:
            await keep_in(saver, "run")
            await saver.conn.execute("DELETE FROM writes")  # begins a transaction  # type: ignore[attr-defined]
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await stopped()
    with sqlite3.connect(tmp_path / "checkpoints.sqlite", timeout=0) as other:
        other.execute("DELETE FROM writes")
    other.close()
    await checkpoints.close()


async def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    (tmp_path / "checkpoints.sqlite").write_text("a letter, and a long one " * 100)
    with pytest.raises(StorageError, match=r"checkpoints\.sqlite cannot be used: .*not a database.*Move it away"):
        await keep_one(tmp_path / "checkpoints.sqlite", "run")
