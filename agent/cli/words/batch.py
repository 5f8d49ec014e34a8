"""The words of ``gedanken batch``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.command import Given, Work, command
from agent.cli.words.options import LIMITS

batches = typer.Typer()


@command(batches, *LIMITS, "model", "reasoner", "cluster", "home")
def batch(
    given: Given,
    goals: Annotated[str, typer.Argument(metavar="GOALS", help="Goals: a .jsonl, .csv or .txt file, or - .")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The batch's folder: a bundle a goal, a summary.")],
    resume: Annotated[bool, typer.Option("--resume", help="Carry on the batch that the folder holds.")] = False,
    form: Annotated[
        str | None, typer.Option("--format", metavar="FORM", help="jsonl, csv or txt (default: by the name).")
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", help="Goals at a time, each in a process.")
    ] = None,
) -> Work:
    """Carry many goals through, one bundle each, with a summary over all."""
    from agent.cli.work.batch import carry_goals

    return carry_goals(goals, out, form, resume, workers, given)
