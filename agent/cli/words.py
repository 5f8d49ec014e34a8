"""Options that several commands take, and how a command is run."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line, for programs.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors.")]
Home = Annotated[
    Path | None, typer.Option("--home", metavar="DIR", help="The lab's folder: store, cache, checkpoints.")
]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where bundles go (default: runs/).")]
Model = Annotated[str | None, typer.Option("--model", metavar="NAME", help="Chat model of the configured server.")]
ReasonerName = Annotated[
    str | None, typer.Option("--reasoner", metavar="WHO", help="Who thinks: auto, playbook or model.")
]
Workers = Annotated[int | None, typer.Option("--workers", metavar="N", help="Worker processes.")]
Cluster = Annotated[
    str | None,
    typer.Option("--cluster", metavar="WHERE", help="Run steps on local, tcp://HOST:PORT, slurm, pbs or kubernetes."),
]
Approve = Annotated[bool, typer.Option("--approve", help="Show the plan and wait for a yes before it runs.")]

ApproveCostly = Annotated[
    bool, typer.Option("--approve-costly", help="The same, but only before costly or hazardous steps.")
]


def run_command(command: Callable[[], Coroutine[Any, Any, int]], *, debug: bool, as_json: bool) -> None:
    """Run a command to its end and leave with its exit code."""
    from agent.cli.shell import execute

    raise typer.Exit(execute(command, debug=debug, as_json=as_json))
