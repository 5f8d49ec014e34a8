"""How pool and worker talk: JSON documents, each behind its length in four bytes."""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Any, BinaryIO

_LENGTH = struct.Struct("!I")


def encode(message: dict[str, Any]) -> bytes:
    """A message as a frame."""
    body = json.dumps(message, ensure_ascii=False, default=str).encode()
    return _LENGTH.pack(len(body)) + body


async def receive(stream: asyncio.StreamReader) -> dict[str, Any]:
    """The next message of a worker.

    Raises:
        asyncio.IncompleteReadError: The worker is gone.
    """
    (length,) = _LENGTH.unpack(await stream.readexactly(_LENGTH.size))
    return json.loads(await stream.readexactly(length))


def read(stream: BinaryIO) -> dict[str, Any] | None:
    """The next message for a worker, or ``None`` when the pool is gone."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    body = stream.read(length)
    return json.loads(body) if len(body) == length else None
