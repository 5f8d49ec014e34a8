"""The words of ``gedanken eval``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.command import Given, Work, command

suites = typer.Typer(help="Measure Gedanken on benchmarks.", no_args_is_help=True, rich_markup_mode=None)


@command(suites, name="list")
def list_suites(given: Given) -> Work:
    """List the suites, what they measure and what they need."""
    from agent.cli.shell import measure

    return measure("list_suites", as_json=given.as_json)


@command(suites, "model", name="run")
def run_suites(
    given: Given,
    suites: Annotated[list[str], typer.Argument(metavar="SUITE...", help="Which suites.")],
    bench: Annotated[Path | None, typer.Option("--bench", metavar="DIR", help="Folder of benchmark data.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Most cases of each suite.")] = None,
    seeds: Annotated[int | None, typer.Option("--seeds", min=1, help="Repetitions with different seeds.")] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes that a suite may use.")] = 2,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="TOOL", help="Measure the goals again without a tool, a domain, or 'all'."),
    ] = None,
    compare: Annotated[Path | None, typer.Option("--compare", metavar="FILE", help="Earlier results.")] = None,
    save: Annotated[Path | None, typer.Option("--save", metavar="FILE", help="Keep the results there.")] = None,
) -> Work:
    """Run suites and show their figures beside the published ones."""
    from agent.cli.shell import measure

    options = {"bench": bench, "limit": limit, "seeds": seeds, "workers": workers, "without": tuple(without or ())}
    options |= {"compare": compare, "save": save, "as_json": given.as_json, **given.options}
    return measure("run_suites", suites, **options)
