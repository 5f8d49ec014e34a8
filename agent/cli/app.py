"""The application: every command, in the order of the help."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from agent.cli.words.batch import batches
from agent.cli.words.campaigns import campaigns
from agent.cli.words.documents import documents
from agent.cli.words.options import Home, Out
from agent.cli.words.rounds import rounds
from agent.cli.words.runs import runs
from agent.cli.words.stores import stores
from agent.cli.words.suites import suites
from agent.cli.words.tools import tools

app = typer.Typer(
    name="gedanken",
    help="A verifiable, offline research assistant: from a goal in plain words to ranked, falsifiable hypotheses"
    " and experiment plans.",
    no_args_is_help=False,
    invoke_without_command=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.")] = False,
    out: Out = None,
    home: Home = None,
) -> None:
    """Without a command: the terminal UI."""
    if version:
        from agent import __version__

        typer.echo(f"gedanken {__version__}")
        raise typer.Exit
    context.default_map = _for_commands(context.command, {"out": out, "home": home})
    if context.invoked_subcommand is None:
        from agent.cli.shell import open_interface

        raise typer.Exit(open_interface(home=home, out=out))


def _for_commands(group: Any, given: dict[str, Any]) -> dict[str, Any]:
    """Options that stand before the command, as defaults of each command that has them: ``--home DIR search ...``."""
    found: dict[str, Any] = {}
    for name, command in getattr(group, "commands", {}).items():
        known = {one.name for one in command.params}
        own = {key: str(value) for key, value in given.items() if value is not None and key in known}
        found[name] = own | _for_commands(command, given)
    return found


for commands, name in (
    (runs, None),
    (batches, None),
    (rounds, None),
    (campaigns, "campaign"),
    (documents, None),
    (stores, "store"),
    (tools, None),
    (suites, "eval"),
):
    app.add_typer(commands, name=name)
