"""One writer at a time: a lock file that dies with its process, and a note that says who holds it."""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from knowledge.errors import StoreError, StoreLocked

Notify = Callable[[str], None]
_PATIENCE = 0.3  # seconds before the wait is worth a message


@contextlib.contextmanager
def writer_lock(folder: Path, *, wait_seconds: float, on_wait: Notify | None = None) -> Iterator[None]:
    """Hold the store's write lock.

    The lock is the operating system's (``flock``): a killed writer leaves nothing to clean up.

    Args:
        folder: The store.
        wait_seconds: How long to wait for another writer.
        on_wait: Called once with a sentence when there is something to wait for.

    Raises:
        StoreLocked: The other writer did not finish in time; the message names its process.
        StoreError: The folder cannot be written.
    """
    import filelock

    lock = filelock.FileLock(folder / "write.lock", thread_local=False)
    holder = folder / "writer.json"
    try:
        try:
            lock.acquire(timeout=min(_PATIENCE, wait_seconds))
        except filelock.Timeout:
            if on_wait is not None:
                on_wait(f"Waiting for {_who(holder)}, which is writing to the store {folder}.")
            try:
                lock.acquire(timeout=max(0.0, wait_seconds - _PATIENCE))
            except filelock.Timeout as error:
                raise StoreLocked(
                    f"The store {folder} is being written by {_who(holder)}; waited {wait_seconds:g} s.",
                    remedy="Wait for it to finish, or stop it: nothing is lost either way.",
                ) from error
    except OSError as error:
        raise StoreError(f"The store {folder} cannot be written: {error.strerror or error}.") from error
    try:
        with contextlib.suppress(OSError):  # the note is for people; the lock holds without it
            holder.write_text(json.dumps({"pid": os.getpid(), "since": time.strftime("%Y-%m-%d %H:%M:%S")}))
        yield
    finally:
        with contextlib.suppress(OSError):
            holder.unlink()
        lock.release()


def _who(holder: Path) -> str:
    try:
        note = json.loads(holder.read_text())
        return f"process {note['pid']} (since {note['since']})"
    except (OSError, ValueError, KeyError):
        return "another process"
