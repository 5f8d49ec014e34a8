"""``store export|import|info``: the knowledge store as one file, for a closed network."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.words import Debug, Home, Json, run_command

stores = typer.Typer(
    help="Carry the knowledge store as one file, and see what it holds.", no_args_is_help=True, rich_markup_mode=None
)
Bundle = Annotated[Path, typer.Argument(metavar="FILE", help="The bundle, such as lab.gkb.")]


@stores.command("export")
def export(file: Bundle, home: Home = None, as_json: Json = False, debug: Debug = False) -> None:
    """Write documents, passages and vectors to one file."""
    from agent.cli.library import export_bundle

    run_command(lambda: export_bundle(file, as_json, {"home": home}), debug=debug, as_json=as_json)


@stores.command("import")
def take_in(file: Bundle, home: Home = None, as_json: Json = False, debug: Debug = False) -> None:
    """Verify a bundle and add what it holds; twice changes nothing."""
    from agent.cli.library import take_bundle

    run_command(lambda: take_bundle(file, as_json, {"home": home}), debug=debug, as_json=as_json)


@stores.command("info")
def info(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A bundle (default: the lab's store).")] = None,
    home: Home = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Say what the store, or a bundle, holds and what made it."""
    from agent.cli.library import tell_about

    run_command(lambda: tell_about(file, as_json, {"home": home}), debug=debug, as_json=as_json)
