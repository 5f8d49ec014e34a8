"""Processes that the face starts: runs that outlive it, and short calls whose answer it waits for.

A run is carried by ``python -m agent.cli resume FOLDER`` in a session of its own, so that neither leaving the face nor
closing the terminal touches it. It is stopped in order by an interrupt signal, as Ctrl-C does on the command line.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from agent.memory.live import read_live
from agent.records import Approval

LOG = ".face.log"
"""Where a run's process writes what it prints, in the run's folder."""

COMMAND = (sys.executable, "-m", "agent.cli")

_LEFT: list[subprocess.Popen[bytes]] = []
"""What was started and may go on without us: kept, so that no process is thrown away while it still runs."""


def start_detached(words: Sequence[str], output: int | BinaryIO = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own: it outlives this one.

    Args:
        words: Program and arguments.
        output: Where it writes.

    Raises:
        OSError: It cannot be started.
    """
    _LEFT[:] = [process for process in _LEFT if process.poll() is None]
    process = subprocess.Popen(
        words, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
    )
    _LEFT.append(process)
    return process


@dataclass
class Children:
    """The processes that this face has started.

    Attributes:
        command: How the command line is called.
        options: Options that every call gets (``--home``, ``--out``).
    """

    command: tuple[str, ...] = COMMAND
    options: tuple[str, ...] = ()
    _runs: dict[Path, subprocess.Popen[bytes]] = field(default_factory=dict)

    def carry_on(
        self, folder: Path, *, answer: Any = None, approve: Approval = False, model: str | None = None
    ) -> None:
        """Start a process that carries a run on.

        Args:
            folder: The run's folder.
            answer: The answer to its question: words, or changes to a plan as plain data.
            approve: Show the plan and wait for a yes (``costly``: only where steps are costly or hazardous).
            model: Name of the chat model, where it is not the configured one.

        Raises:
            OSError: The process cannot be started.
        """
        words = [*self.command, "resume", str(folder), "--json", *self.options]
        if answer is not None:
            words += ["--answer", answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)]
        if approve:
            words.append("--approve-costly" if approve == "costly" else "--approve")
        if model:
            words += ["--model", model]
        with (folder / LOG).open("wb") as log:
            self._runs[folder] = start_detached(words, log)

    def carrying(self, folder: Path) -> bool:
        """Whether a process started here carries that run on; one that ended is forgotten."""
        process = self._runs.get(folder)
        return process is not None and process.poll() is None

    def ended(self, folder: Path) -> str | None:
        """What a process that has ended said at last: empty if all went well; ``None`` if none has ended."""
        process = self._runs.get(folder)
        if process is None or process.poll() is None:
            return None
        del self._runs[folder]
        if process.returncode in (0, 3, 4):
            return ""
        return last_words(folder) or f"The run's process ended with exit code {process.returncode}."

    def running(self) -> list[Path]:
        """The runs that processes started here carry on."""
        return [folder for folder in self._runs if self.carrying(folder)]

    def stop(self, folder: Path) -> bool:
        """Ask whoever carries a run on to stop it in order; whether there was somebody to ask."""
        process = self._runs.get(folder)
        live = read_live(folder)
        if live is not None and live.alive:
            pid = live.pid
        elif process is not None and process.poll() is None:
            pid = process.pid
        else:
            return False
        try:
            os.kill(pid, signal.SIGINT)
        except (ProcessLookupError, PermissionError):
            return False
        return True

    async def ask(self, *words: str, seconds: float = 600.0) -> tuple[int, dict[str, Any], str]:
        """Call the command line and wait for its answer.

        Args:
            words: The command and its arguments; ``--json`` is added. The lab's folder, where one is set, goes into
                the environment: not every command has an option for it.
            seconds: How long to wait.

        Returns:
            Exit code, the object of the last line (empty if there is none), and the last lines of the error stream.
        """
        environment = dict(os.environ)
        if "--home" in self.options:
            environment["GEDANKEN_HOME"] = self.options[self.options.index("--home") + 1]
        end = words.index("--") if "--" in words else len(words)  # behind it everything is taken literally
        process = await asyncio.create_subprocess_exec(
            *self.command,
            *words[:end],
            "--json",
            *words[end:],
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        try:
            shown, complaint = await asyncio.wait_for(process.communicate(), seconds)
        except (TimeoutError, asyncio.CancelledError) as error:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()
            if isinstance(error, asyncio.CancelledError):
                raise
            return 1, {}, f"No answer within {seconds:g} s."
        code = process.returncode if process.returncode is not None else 1
        return code, _last_object(shown.decode(errors="replace")), complaint.decode(errors="replace").strip()[-2000:]


def last_words(folder: Path) -> str:
    """What a run's process printed at last: the error of its last object, or its last lines."""
    try:
        text = (folder / LOG).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
    said = _last_object(text)
    if said:
        return str(said.get("error") or "")
    return "\n".join(text.splitlines()[-3:])


def _last_object(text: str) -> dict[str, Any]:
    for line in reversed(text.strip().splitlines()):
        with contextlib.suppress(ValueError):
            plain = json.loads(line)
            if isinstance(plain, dict):
                return plain
    return {}
