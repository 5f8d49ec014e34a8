"""Where runs are checkpointed: SQLite in the lab's folder, or a PostgreSQL database that several machines share."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import EngineMissing, InputError, StorageError

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

BUSY_SECONDS = 60
"""How long a write waits for those of other processes: a machine under load is slow, not broken."""


class Checkpoints:
    """The checkpoints of a session's runs.

    A SQLite file is opened once, by the first run, and shared by all runs of the event loop in which the session was
    entered; a run in any other loop opens the file for itself. A database's connection is each run's own, so that one
    that breaks off takes one run with it.

    Args:
        path: The SQLite file.
        address: Of a PostgreSQL database to be used in its place.
    """

    def __init__(self, path: Path, address: str | None = None) -> None:
        self._path = path
        self._address = address
        self._loop: asyncio.AbstractEventLoop | None = None
        self._opening: asyncio.Lock | None = None
        self._shared: AsyncSqliteSaver | None = None
        self._held = contextlib.AsyncExitStack()

    def enter(self) -> None:
        """From now on runs of this event loop share a checkpointer, until `close`."""
        self._loop = asyncio.get_running_loop()
        self._opening = asyncio.Lock()

    async def close(self) -> None:
        """Let go of what the runs share."""
        self._loop = self._opening = self._shared = None
        with _told(self._path):
            await self._held.aclose()

    @contextlib.asynccontextmanager
    async def opened(self) -> AsyncIterator[BaseCheckpointSaver[Any]]:
        """The checkpointer, for one run.

        Raises:
            StorageError: It cannot be used.
        """
        if self._address is not None:
            async with postgres(self._address) as saver:
                yield saver
        elif self._opening is None or self._loop is not asyncio.get_running_loop():
            async with sqlite(self._path) as saver:
                yield saver
        else:
            async with self._opening:
                saver = self._shared or await self._held.enter_async_context(sqlite(self._path))
                self._shared = saver
            with _told(self._path):
                try:
                    yield saver
                finally:
                    # A run that is stopped between a write and its end would keep every other process out.
                    async with saver.lock:
                        if saver.conn.in_transaction:
                            await saver.conn.commit()


@contextlib.asynccontextmanager
async def sqlite(path: Path) -> AsyncIterator[AsyncSqliteSaver]:
    """The checkpointer in a file of the lab's folder, which is made.

    Raises:
        StorageError: The folder cannot be made, or the file cannot be used.
    """
    from filelock import AsyncFileLock
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

    # SQLite waits for a busy file, except where a file changes its journal: runs that open a fresh file at the same
    # moment, or one that opens it while the last other one closes it, fail at once. So each opens and closes it alone.
    alone = AsyncFileLock(path.with_name(f"{path.name}.lock"), run_in_executor=True, poll_interval=0.01)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        await alone.acquire()
    except OSError as error:
        raise StorageError(
            f"The lab's folder {path.parent} cannot be made or written: {error.strerror or error}.",
            remedy="Name another with --home.",
        ) from error
    async with contextlib.AsyncExitStack() as opened:
        with _told(path):
            try:
                saver = await opened.enter_async_context(AsyncSqliteSaver.from_conn_string(str(path)))
                await saver.conn.execute(f"PRAGMA busy_timeout = {1000 * BUSY_SECONDS}")
                await saver.setup()
                # The disk is not waited for: a power cut may take the last checkpoints, and the ledger, which is what
                # counts, then says what was done. A kill takes nothing.
                await saver.conn.execute("PRAGMA synchronous = NORMAL")
            finally:
                await alone.release()
            try:
                yield saver
            finally:
                async with alone:
                    await opened.aclose()


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """What SQLite refuses, as an error that says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        way_out = "Check the disk; then `gedanken resume` goes on where the run was."
        if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            way_out = "Move it away; a new one is made, and `gedanken resume` goes on from the runs' own ledgers."
        raise StorageError(f"The checkpoints in {path} cannot be used: {error}.", remedy=way_out) from error


@contextlib.asynccontextmanager
async def postgres(address: str) -> AsyncIterator[BaseCheckpointSaver[Any]]:
    """The checkpointer in a PostgreSQL database; its tables are made if they are not there.

    Args:
        address: ``postgresql://USER:PASSWORD@HOST:PORT/DATABASE``.

    Yields:
        The checkpointer.

    Raises:
        InputError: The address is of another kind.
        EngineMissing: The client is not installed.
        StorageError: The database does not answer or refuses. The address is not repeated: it may hold a password.
    """
    if not address.startswith(("postgresql://", "postgres://")):
        raise InputError(
            f"Checkpoints cannot be kept at '{address.split(':', 1)[0]}:...'.",
            remedy="Name a database as postgresql://USER@HOST/DATABASE, or leave the setting out for SQLite.",
        )
    try:
        import psycopg
        from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
    except ImportError as error:
        raise EngineMissing(
            "Checkpoints in PostgreSQL need its client.", remedy="Install gedanken[cluster]."
        ) from error
    try:
        async with AsyncPostgresSaver.from_conn_string(address) as saver:
            async with _alone(saver):
                await saver.setup()
            yield saver
    except psycopg.Error as error:
        raise StorageError(
            f"The database of checkpoints fails: {str(error).strip().splitlines()[0]}.",
            remedy="Check that it is up and lets this user in; then `gedanken resume` goes on where the run was.",
        ) from error


@contextlib.asynccontextmanager
async def _alone(saver: AsyncPostgresSaver) -> AsyncIterator[None]:
    """Hold a database's lock by which one machine makes the tables while the others wait.

    It is asked for again and again, because a server that keeps us waiting inside a statement cannot build an index
    beside it: the maker would wait for us, and we for the maker.
    """
    key = "hashtext('gedanken checkpoints')"
    while True:
        answer = await (await saver.conn.execute(f"SELECT pg_try_advisory_lock({key}) AS held")).fetchone()
        if answer and answer["held"]:
            break
        await asyncio.sleep(0.05)
    try:
        yield
    finally:
        await saver.conn.execute(f"SELECT pg_advisory_unlock({key})")
