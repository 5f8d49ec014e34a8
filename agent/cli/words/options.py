"""Options and arguments that several commands take: each is worded once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

Home = Annotated[
    Path | None, typer.Option("--home", metavar="DIR", help="The lab's folder: store, cache, checkpoints.")
]
Out = Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Where bundles go (default: runs/).")]

SHARED: dict[str, Any] = {
    "max_seconds": Annotated[float | None, typer.Option("--max-seconds", help="Wall time it may take.")],
    "max_tool_calls": Annotated[int | None, typer.Option("--max-tool-calls", help="Tool calls it may make.")],
    "max_tokens": Annotated[int | None, typer.Option("--max-tokens", help="Model tokens it may spend.")],
    "max_cost": Annotated[float | None, typer.Option("--max-cost", help="USD it may spend on the model.")],
    "model": Annotated[
        str | None, typer.Option("--model", metavar="NAME", help="Chat model of the configured server.")
    ],
    "reasoner": Annotated[
        str | None, typer.Option("--reasoner", metavar="WHO", help="Who thinks: auto, playbook or model.")
    ],
    "cluster": Annotated[
        str | None,
        typer.Option(
            "--cluster", metavar="WHERE", help="Run steps on local, tcp://HOST:PORT, slurm, pbs or kubernetes."
        ),
    ],
    "workers": Annotated[int | None, typer.Option("--workers", metavar="N", help="Worker processes.")],
    "out": Out,
    "home": Home,
}
"""Options that name a setting; where one is not typed, the environment, the lab's file or the default holds."""

LIMITS = ("max_seconds", "max_tool_calls", "max_tokens", "max_cost")
"""The shared options that bound what a goal may spend."""

JSON = Annotated[bool, typer.Option("--json", help="Print one JSON object as the last line, for programs.")]
DEBUG = Annotated[bool, typer.Option("--debug", help="Show tracebacks of errors.")]

RunName = Annotated[str, typer.Argument(help="The run: its id, the beginning of it, its folder, or 'last'.")]
Attach = Annotated[
    list[Path] | None, typer.Option("--attach", "-a", metavar="FILE", help="A file that the goal is about.")
]
Approve = Annotated[bool, typer.Option("--approve", help="Show the plan and wait for a yes before it runs.")]
ApproveCostly = Annotated[
    bool, typer.Option("--approve-costly", help="The same, but only before costly or hazardous steps.")
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of everything random.")]
Save = Annotated[Path | None, typer.Option("--save", metavar="FILE", help="Write it there.")]
