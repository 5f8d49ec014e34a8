"""Somebody else's server of tools, built with the protocol's own SDK: ``python -m support.outside_server [PORT]``."""

from __future__ import annotations

import os
import sys
import time

from mcp.server import MCPServer

server = MCPServer("lab")


@server.tool()
def viscosity(temperature: float, substance: str = "water") -> dict[str, float | str]:
    """Look up a viscosity in the lab's own table."""
    return {
        "substance": substance,
        "viscosity": round(1.79 / (1 + 0.0337 * temperature), 4),
        "temperature": temperature,
    }


@server.tool()
def broken() -> str:
    """Fails."""
    raise ValueError("the viscometer is out of order")


@server.tool()
def nothing() -> None:
    """Sends nothing."""


@server.tool()
def slow(seconds: float) -> str:
    """Takes its time."""
    time.sleep(seconds)
    return "done"


@server.tool()
def environment() -> list[str]:
    """The names of the environment's variables."""
    return sorted(os.environ)


@server.tool()
def last_words() -> str:
    """Dies."""
    os._exit(7)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        server.run("streamable-http", host="127.0.0.1", port=int(sys.argv[1]))
    else:
        server.run("stdio")
