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
RunName = Annotated[str, typer.Argument(help="The run: its id, the beginning of it, its folder, or 'last'.")]
Attach = Annotated[
    list[Path] | None, typer.Option("--attach", "-a", metavar="FILE", help="A file that the goal is about.")
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of everything random.")]
MaxSeconds = Annotated[float | None, typer.Option("--max-seconds", help="Wall time it may take.")]
MaxToolCalls = Annotated[int | None, typer.Option("--max-tool-calls", help="Tool calls it may make.")]
MaxTokens = Annotated[int | None, typer.Option("--max-tokens", help="Model tokens it may spend.")]
MaxCost = Annotated[float | None, typer.Option("--max-cost", help="USD it may spend on the model.")]
Save = Annotated[Path | None, typer.Option("--save", metavar="FILE", help="Write it there.")]
ApproveCostly = Annotated[
    bool, typer.Option("--approve-costly", help="The same, but only before costly or hazardous steps.")
]


def run_command(command: Callable[[], Coroutine[Any, Any, int]], *, debug: bool, as_json: bool) -> None:
    """Run a command to its end and leave with its exit code."""
    from agent.cli.shell import execute

    raise typer.Exit(execute(command, debug=debug, as_json=as_json))
