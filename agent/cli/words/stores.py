"""The words of ``gedanken store``: the knowledge store as one file, for a closed network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.command import Given, Work, command

stores = typer.Typer(
    help="Carry the knowledge store as one file, and see what it holds.", no_args_is_help=True, rich_markup_mode=None
)
Bundle = Annotated[Path, typer.Argument(metavar="FILE", help="The bundle, such as lab.gkb.")]


@command(stores, "home")
def export(given: Given, file: Bundle) -> Work:
    """Write documents, passages and vectors to one file."""
    from agent.cli.work.stores import export_bundle

    return export_bundle(file, given)


@command(stores, "home", name="import")
def take_in(given: Given, file: Bundle) -> Work:
    """Verify a bundle and add what it holds; twice changes nothing."""
    from agent.cli.work.stores import take_bundle

    return take_bundle(file, given)


@command(stores, "home")
def info(
    given: Given,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A bundle (default: the lab's store).")] = None,
) -> Work:
    """Say what the store, or a bundle, holds and what made it."""
    from agent.cli.work.stores import tell_about

    return tell_about(file, given)
