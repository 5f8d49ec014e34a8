"""The face for other programs: an MCP server (Model Context Protocol) over the catalogue, the runs and their bundles.

It is found by its entry point (``gedanken.faces``), like the terminal UI and the evaluation suites.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from agent.errors import EngineMissing


async def serve(
    *, http: bool = False, port: int = 0, token: str | None = None, compact: bool = False, **settings: Any
) -> int:
    """Serve until the client leaves (stdio) or the process is stopped (HTTP).

    Args:
        http: Serve streamable HTTP on the loopback address, in place of the standard input and output.
        port: Its port; 0 takes a free one.
        token: The bearer token that HTTP clients have to show; one is made when none is given.
        compact: Offer three tools that find, describe and call the others, in place of every tool with its schema.
        settings: As in `agent.settings.Settings`.

    Returns:
        The exit code.

    Raises:
        EngineMissing: The package ``mcp`` is not installed.
        InputError: A setting does not fit, or the port is taken.
    """
    if find_spec("mcp") is None:
        raise EngineMissing("Serving needs the package 'mcp', which is not installed.", remedy="Install gedanken[mcp].")
    from agent.server.transports import serve_http, serve_stdio
    from agent.settings import load_settings

    loaded = load_settings(**settings).settings
    if http:
        return await serve_http(loaded, port=port, token=token, compact=compact)
    return await serve_stdio(loaded, compact=compact)


__all__ = ["serve"]
