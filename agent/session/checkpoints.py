"""Where runs are checkpointed: SQLite in the lab's folder, or a PostgreSQL database that several machines share."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import EngineMissing, InputError, StorageError

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver


@contextlib.asynccontextmanager
async def sqlite(path: Path) -> AsyncIterator[BaseCheckpointSaver[Any]]:
    """The checkpointer in a file of the lab's folder, which is made.

    Raises:
        StorageError: The folder cannot be made.
    """
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(
            f"The lab's folder {path.parent} cannot be made: {error.strerror or error}.",
            remedy="Name another with --home.",
        ) from error
    async with AsyncSqliteSaver.from_conn_string(str(path)) as saver:
        await saver.conn.execute("PRAGMA busy_timeout = 10000")
        yield saver


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
            await saver.setup()
            yield saver
    except psycopg.Error as error:
        raise StorageError(
            f"The database of checkpoints fails: {str(error).strip().splitlines()[0]}.",
            remedy="Check that it is up and lets this user in; then `gedanken resume` goes on where the run was.",
        ) from error
