"""A worker process: runs one job at a time, reports progress, and ends when its pool does.

Whatever a library prints goes to the error stream, so that it cannot disturb the conversation with the pool. In
offline mode the network is refused inside the process (`agent.execution.offline`).
"""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
from importlib import import_module
from typing import Any, BinaryIO

from agent.execution import frames
from agent.execution.offline import refuse_network
from agent.execution.progress import reporting_to
from agent.execution.startup import collect_seldom

PROGRESS_INTERVAL = 0.05
"""Seconds between two progress messages of a step; what comes sooner is coalesced."""


def main() -> None:
    """Serve jobs until the pool closes the pipe."""
    collect_seldom()
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    if "--offline" in sys.argv:
        refuse_network("this session is offline")
    jobs: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, jobs), daemon=True).start()
    while True:
        message = jobs.get()
        answers.write(frames.encode(_serve(message, answers)))


def _listen(stream: BinaryIO, jobs: queue.SimpleQueue[dict[str, Any]]) -> None:
    while (message := frames.read(stream)) is not None:
        jobs.put(message)
    os._exit(0)  # the pool is gone, even if a computation is still running here


def _serve(message: dict[str, Any], answers: BinaryIO) -> dict[str, Any]:
    last = 0.0

    def report(fraction: float, text: str) -> None:
        nonlocal last
        if time.monotonic() - last >= PROGRESS_INTERVAL or fraction >= 1.0:
            last = time.monotonic()
            answers.write(frames.encode({"progress": [fraction, text]}))

    reporting_to(report)
    try:
        return {"result": resolve(message["path"])(**message["arguments"])}
    except MemoryError:
        return {"memory": True}
    except Exception as error:  # everything a tool may raise has to reach the pool as a message
        import traceback

        traceback.print_exc()
        return {"error": f"{type(error).__name__}: {error}"}


def resolve(path: str) -> Any:
    """The function that a path ``package.module:name`` names."""
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)


if __name__ == "__main__":
    main()
