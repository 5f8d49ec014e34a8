"""What is run: a job, and the interface that anything able to run jobs has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

Progress = Callable[[float, str], None]

WAITING = "waiting:"
"""How the message of a job begins that waits for something that somebody has to mend."""


@dataclass(frozen=True)
class Job:
    """One function call for a worker.

    Attributes:
        key: Identity of the call (a fingerprint); equal keys mean equal results.
        path: The function, as ``package.module:name``; it takes the arguments by name and returns plain data.
        arguments: Plain data.
        label: What people call it.
        affinity: Jobs of one affinity like the same worker, where their model is already loaded.
        seconds: Wall-time limit.
        memory_mb: Limit of the worker's resident memory.
        priority: Lower runs first.
        resources: What the machine should have (``{"GPU": 1}``), where the executor knows machines that do.
    """

    key: str
    path: str
    arguments: Mapping[str, Any] = field(default_factory=dict)
    label: str = ""
    affinity: str = ""
    seconds: float = 120.0
    memory_mb: int = 4096
    priority: int = 0
    resources: Mapping[str, float] = field(default_factory=dict)


class Executor(Protocol):
    """Runs jobs: a pool of processes on one machine, or a cluster."""

    async def run(self, job: Job, on_progress: Progress | None = None) -> dict[str, Any]:
        """Run a job.

        Returns:
            The function's plain result.

        Raises:
            ToolTimeout: Its time limit was reached.
            ToolOutOfMemory: Its memory limit was reached.
            WorkerCrash: Its worker died.
        """
        ...

    async def warm(self, path: str, affinity: str) -> None:
        """Call a function without arguments ahead of need, so that later jobs of this affinity start warm.

        Failures are left to the real job, which reports them.
        """
        ...

    async def close(self) -> None:
        """Stop every worker."""
        ...
