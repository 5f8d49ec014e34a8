"""Running a command: one event loop, one way to show an error, Ctrl-C once to stop and twice to leave."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

INTERRUPTED = 130


def execute(command: Callable[[], Coroutine[Any, Any, int]], *, debug: bool, as_json: bool) -> int:
    """Run a command and return its exit code; errors of ours become one clear message.

    Args:
        command: Makes the coroutine that does the work and returns an exit code.
        debug: Let tracebacks through.
        as_json: Put the error into the JSON object as well.
    """
    from agent.errors import GedankenError

    try:
        return asyncio.run(_interruptible(command))
    except GedankenError as error:
        if debug:
            raise
        complain(str(error), as_json=as_json)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if debug:
            raise
        complain(
            f"Gedanken itself failed ({type(error).__name__}: {error}). This is a defect: run it again with --debug"
            " and report what it prints. Nothing that was finished is lost.",
            as_json=as_json,
        )
        return 1


def complain(message: str, *, as_json: bool) -> None:
    """Show an error: on the error stream, and in the JSON object where one is expected."""
    print(f"gedanken: {message}", file=sys.stderr)
    if as_json:
        print_json({"run": None, "status": "failed", "bundle": None, "question": None, "error": message})


def print_json(plain: Mapping[str, Any]) -> None:
    """Print the one object that programs read, on one line."""
    print(json.dumps(plain, ensure_ascii=False), flush=True)


async def _interruptible(command: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Run the command; the first Ctrl-C stops it in order, the second leaves at once."""
    task = asyncio.ensure_future(command())
    pressed = 0

    def interrupt() -> None:
        nonlocal pressed
        pressed += 1
        if pressed > 1:
            os._exit(INTERRUPTED)
        print("\ngedanken: stopping; press Ctrl-C again to leave at once.", file=sys.stderr)
        task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupt)
    try:
        return await task
    except asyncio.CancelledError:
        return INTERRUPTED


def open_interface(**named: Any) -> int:
    """Open the terminal UI over the lab's folder and the folder of bundles that are named."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        print(
            "gedanken: the terminal UI needs a terminal. `gedanken --help` lists the commands that need none.",
            file=sys.stderr,
        )
        return 2
    return find_face("tui")(**named)


async def measure(command: str, *arguments: Any, **options: Any) -> int:
    """Run a command of the evaluation suites, in a thread: a suite may run event loops of its own."""
    try:
        return await asyncio.to_thread(getattr(find_face("evals"), command), *arguments, **options)
    except asyncio.CancelledError:
        _leave()  # a thread cannot be stopped, and Python would wait for its end
        raise


def _leave() -> None:
    """End this process and those that it started, at once; suites keep what they have finished."""
    import psutil

    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            child.kill()
    sys.stdout.flush()
    os._exit(INTERRUPTED)


def find_face(name: str) -> Any:
    """Find another face by its entry point: ``tui``, ``evals`` or ``serve``; faces do not import each other."""
    from importlib.metadata import distribution

    return next(iter(distribution("gedanken").entry_points.select(group="gedanken.faces", name=name))).load()
