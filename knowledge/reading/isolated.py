"""Reading in a process of its own: a hostile file costs its own reading and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from knowledge.errors import ReadingError
from knowledge.reading.limits import ReadingLimits
from knowledge.records import Metadata, Page, Parsed

OUT_OF_MEMORY = 77
"""Exit code with which the worker says that its memory limit was reached."""
_SOURCES = str(Path(__file__).resolve().parents[2])


def read_isolated(path: Path, kind: str, limits: ReadingLimits) -> Parsed:
    """Read a PDF or DOCX in a worker process.

    Args:
        path: The file.
        kind: ``pdf`` or ``docx``.
        limits: Wall time, memory and text length of the worker.

    Raises:
        ReadingError: The file is encrypted, damaged, without text, or the worker reached a limit or crashed.
    """
    command = [sys.executable, "-m", "knowledge.reading.worker", kind, str(path), json.dumps(vars(limits))]
    inherited = os.environ.get("PYTHONPATH")
    environment = {**os.environ, "PYTHONPATH": f"{_SOURCES}{os.pathsep}{inherited}" if inherited else _SOURCES}
    try:
        done = subprocess.run(
            command, capture_output=True, timeout=limits.seconds, env=environment, stdin=subprocess.DEVNULL, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise ReadingError(
            f"Reading it took longer than {limits.seconds:g} s and was stopped.",
            remedy="It may be damaged or made to exhaust readers.",
        ) from error
    if done.returncode == OUT_OF_MEMORY:
        raise ReadingError(
            f"Reading it needs more than {limits.memory_mb} MB of memory and was stopped.",
            remedy="It may be damaged or made to exhaust readers.",
        )
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise ReadingError(
            f"The {kind.upper()} reader crashed on it (exit code {done.returncode}).", remedy="It is probably damaged."
        ) from error
    if "error" in answer:
        raise ReadingError(answer["error"], remedy=answer["remedy"])
    metadata = answer["metadata"]
    return Parsed(
        tuple(Page(page["text"], page["number"]) for page in answer["pages"]),
        Metadata(metadata["title"], tuple(metadata["authors"]), metadata["year"], metadata["doi"]),
        kind,
        tuple(answer["warnings"]),
    )
