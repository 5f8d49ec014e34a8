"""Where runs are checkpointed: SQLite in the lab's folder, or a PostgreSQL database that several machines share."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import EngineMissing, InputError, StorageError

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver


@contextlib.asynccontextmanager
async def sqlite(path: Path) -> AsyncIterator[BaseCheckpointSaver[Any]]:
    """The checkpointer in a file of the lab's folder, which is made.

    Raises:
        StorageError: The folder cannot be made.
    """
    from filelock import AsyncFileLock
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The lab's folder {path.parent} cannot be made: {error.strerror or error}.",
            remedy="Name another with --home.",
        ) from error
    # SQLite waits for a busy file, except where a file changes its journal: runs that open a fresh file at the same
    # moment, or one that opens it while the last other one closes it, fail at once. So each opens and closes it alone.
    alone = AsyncFileLock(path.with_name(f"{path.name}.lock"), run_in_executor=True, poll_interval=0.01)
    async with contextlib.AsyncExitStack() as opened:
        async with alone:
            saver = await opened.enter_async_context(AsyncSqliteSaver.from_conn_string(str(path)))
            await saver.conn.execute("PRAGMA busy_timeout = 10000")
            await saver.setup()
        try:
            yield saver
        finally:
            async with alone:
                await opened.aclose()


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
