"""Files on the disk: written whole or not at all, held by one process at a time, refusals told clearly."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from filelock import FileLock, Timeout

from agent.errors import StorageError

SYNCED_AT_ONCE = 8
"""Files that wait for the disk side by side."""

_POLL_SECONDS = 0.005  # between two tries to take a lock


def write_text(path: Path, text: str) -> None:
    """Write a text file so that readers see the old one or the new one, never a part.

    Raises:
        StorageError: The disk refuses.
    """
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes, *, sync: bool = True) -> None:
    """Write a file so that readers see the old one or the new one, never a part.

    Args:
        path: The file; its folder is made.
        content: What it holds.
        sync: Wait for the disk itself; without it a power cut may leave an empty file.

    Raises:
        StorageError: The disk refuses.
    """
    _write_all({path: content}, sync)


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write text files of a folder as `write_text` does, waiting for the disk once for all of them.

    Args:
        folder: Where they go.
        files: Their content by name.

    Raises:
        StorageError: The disk refuses.
    """
    _write_all({folder / name: content.encode() for name, content in files.items()}, True)


def _write_all(files: Mapping[Path, bytes], sync: bool) -> None:
    """Write every file beside its place, wait for the disk, then put all of them in place."""
    written: dict[Path, str] = {}
    path = Path()
    try:
        for path, content in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, written[path] = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        if sync and len(written) == 1:
            _wait_for_disk(written[path])
        elif sync:  # side by side: a disk commits what is asked for at the same moment together
            with ThreadPoolExecutor(max_workers=SYNCED_AT_ONCE) as threads:
                list(threads.map(_wait_for_disk, written.values()))
        for path, temporary in written.items():
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
    except OSError as error:
        for temporary in written.values():
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        raise disk_error(path.name, path, error) from error


def _wait_for_disk(path: str) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def held(lock: Path, what: str, taken: str, remedy: str, *, patience: float = 0.0) -> Iterator[None]:
    """Hold a lock file while the block runs: one process at a time.

    Args:
        lock: The file; its folder is there.
        what: What the lock is, where the disk refuses it.
        taken: What to say where another process holds it.
        remedy: What to do then.
        patience: Seconds to wait for the other process.

    Raises:
        StorageError: Another process holds it, or the disk refuses.
    """
    file = FileLock(lock)
    try:
        file.acquire(timeout=patience, poll_interval=_POLL_SECONDS)
    except Timeout as error:
        raise StorageError(taken, remedy=remedy) from error
    except OSError as error:
        raise disk_error(what, lock.parent, error) from error
    try:
        yield
    finally:
        file.release()


def disk_error(what: str, path: Path, error: OSError) -> StorageError:
    """A disk's refusal as a clear error."""
    ways_out = {
        28: "The disk is full: free some space, then `gedanken resume` goes on where it stopped.",
        30: "The folder is read-only: name another with --out.",
        13: "There is no permission to write there: name another folder with --out.",
    }
    return StorageError(
        f"Writing {what} to {path} failed: {error.strerror or error}.",
        remedy=ways_out.get(error.errno or 0, "Check the disk, then `gedanken resume` goes on where it stopped."),
    )
