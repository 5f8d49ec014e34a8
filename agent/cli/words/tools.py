"""The words of the tools and of the installation: ``tools``, ``call``, ``doctor`` and ``serve``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from agent.cli.command import Given, Work, command

tools = typer.Typer()


@command(tools, "home", name="tools")
def list_tools(
    given: Given,
    name: Annotated[str | None, typer.Argument(help="One tool, to see its arguments.")] = None,
    refresh: Annotated[bool, typer.Option("--refresh", help="Ask outside servers again what they offer.")] = False,
) -> Work:
    """List the tools, those of outside servers included, or show one with its arguments."""
    from agent.cli.work.tools import show_tools

    return show_tools(name, refresh, given)


@command(tools, "workers", "cluster", "home")
def call(
    given: Given,
    tool: Annotated[str, typer.Argument(help="The tool.")],
    arguments: Annotated[
        list[str] | None,
        typer.Argument(metavar="key=value...", help="Its arguments; values are JSON where they can be read so."),
    ] = None,
    save: Annotated[
        Path | None, typer.Option("--save", metavar="DIR", help="Write the result's files (SVG, CIF, CSV) there.")
    ] = None,
) -> Work:
    """Call one tool, as in: gedanken call describe_molecules 'smiles=["CCO"]'."""
    from agent.cli.work.tools import call_tool

    return call_tool(tool, arguments or [], save, given)


@command(tools, "home", "out", "model")
def doctor(given: Given) -> Work:
    """Show every setting and where it comes from, and try every engine for real."""
    from agent.cli.work.doctor import examine

    return examine(given)


@command(tools, "model", "workers", "out", "home", json=False)
def serve(
    given: Given,
    http: Annotated[bool, typer.Option("--http", help="Streamable HTTP on 127.0.0.1, in place of stdio.")] = False,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Its port (0: a free one).")] = 8642,
    token: Annotated[
        str | None, typer.Option("--token", metavar="T", help="Bearer token of HTTP clients (default: a new one).")
    ] = None,
    compact: Annotated[bool, typer.Option("--compact", help="Three tools that find and call the others.")] = False,
) -> Work:
    """Serve the tools and runs to other programs (MCP), on stdio or HTTP."""
    from agent.cli.shell import find_face

    return find_face("serve")(http=http, port=port, token=token, compact=compact, **given.options)
