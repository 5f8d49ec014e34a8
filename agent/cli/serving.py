"""The words of ``gedanken serve``."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.words import Debug, Home, Model, Out, Workers


def serve(
    http: Annotated[bool, typer.Option("--http", help="Streamable HTTP on 127.0.0.1, in place of stdio.")] = False,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Its port (0: a free one).")] = 8642,
    token: Annotated[
        str | None, typer.Option("--token", metavar="T", help="Bearer token of HTTP clients (default: a new one).")
    ] = None,
    compact: Annotated[bool, typer.Option("--compact", help="Three tools that find and call the others.")] = False,
    model: Model = None,
    workers: Workers = None,
    out: Out = None,
    home: Home = None,
    debug: Debug = False,
) -> None:
    """Serve the tools and runs to other programs (MCP), on stdio or HTTP."""
    from agent.cli.shell import serve as serve_face

    options = {"http": http, "port": port, "token": token, "compact": compact}
    settings = {"model": model, "workers": workers, "out": out, "home": home}
    raise typer.Exit(serve_face(debug=debug, **options, **settings))


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command()(serve)
