"""Append-only lists of JSON lines, and the versioned heads beside them: what the ledger, batches and campaigns share.

A line torn by a kill or a full disk is the last one: readers stop before it, and whoever appends cuts it off first.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from agent.errors import InputError, StorageError

CHUNK = 65536
"""Bytes that are looked at in one go when the last newline is sought from the end."""


def append_lines(path: Path, lines: Sequence[bytes], *, sync: bool = True) -> None:
    """Write lines behind the last whole one and see them on disk.

    Args:
        path: The file; it is made if it is not there.
        lines: Without their newlines.
        sync: Wait for the disk itself. Without it the lines survive a kill of the process, not a power cut.

    Raises:
        OSError: The disk refuses.
    """
    with path.open("ab+", buffering=0) as file:
        cut_torn_line(file)
        file.write(b"".join(line + b"\n" for line in lines))
        if sync:
            os.fsync(file.fileno())


def whole_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The whole lines of a file with their numbers, from 1; none if there is no such file.

    Raises:
        OSError: It cannot be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    yield from enumerate(data.split(b"\n")[:-1], start=1)  # what follows the last newline is torn, or nothing


def cut_torn_line(file: BinaryIO) -> None:
    """Cut off what follows the last newline of a file opened for reading and appending, and go to its end."""
    end = size = file.seek(0, os.SEEK_END)
    if size:
        file.seek(size - 1)
        if file.read(1) == b"\n":
            return
    while end:
        begin = max(0, end - CHUNK)
        file.seek(begin)
        place = file.read(end - begin).rfind(b"\n")
        if place >= 0:
            end = begin + place + 1
            break
        end = begin
    if end < size:
        file.truncate(end)
    file.seek(0, os.SEEK_END)


def read_head(path: Path, key: str, newest: int, remedy: str) -> dict[str, Any]:
    """A JSON file that describes a folder, if this version can read it.

    Args:
        path: The file.
        key: Where it says its version.
        newest: The newest version that can be read.
        remedy: What to do if it is damaged.

    Raises:
        InputError: It is damaged, or was written by a newer version.
        StorageError: It cannot be read.
    """
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror or error}.") from error
    except ValueError as error:
        raise InputError(f"{path} is damaged: {error}.", remedy=remedy) from error
    if not isinstance(plain, dict):
        raise InputError(f"{path} is damaged: it is no JSON object.", remedy=remedy)
    version = plain.get(key, 0)
    if isinstance(version, int) and version > newest:
        raise InputError(f"{path} was written by a newer Gedanken.", remedy="Update Gedanken.")
    return plain
