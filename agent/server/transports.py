"""How clients reach the server: the standard input and output of a process, or HTTP on the loopback address."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import os
import secrets
import socket
import sys
from collections.abc import AsyncIterator

from agent.errors import InputError
from agent.server.app import App
from agent.session import Session
from agent.settings import Settings

HOST = "127.0.0.1"
PATH = "/mcp"
INTERRUPTED = 130
"""Exit code of a process that a signal stopped."""

GRACE = 3
"""Seconds that open connections have to end when the server stops."""


@contextlib.asynccontextmanager
async def open_app(settings: Settings, *, compact: bool) -> AsyncIterator[App]:
    """The server over a session; at the end its runs are stopped in order, so that they can be resumed."""
    async with Session(settings) as session:
        app = App(session, compact=compact)
        try:
            yield app
        finally:
            closing = asyncio.ensure_future(app.desk.close())
            while not closing.done():  # a signal that comes while runs are being stopped must not cut that short
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.wait({closing})


async def serve_stdio(settings: Settings, *, compact: bool) -> int:
    """Serve the client at the other end of the standard input and output, until it leaves."""
    from mcp.server.stdio import stdio_server

    async def talk(app: App) -> None:
        async with stdio_server() as (incoming, outgoing):
            await app.server.run(incoming, outgoing, app.server.create_initialization_options())

    stopped = False
    async with open_app(settings, compact=compact) as app:
        talking = asyncio.ensure_future(talk(app))
        try:
            await asyncio.shield(talking)
        except asyncio.CancelledError:
            stopped = True
    if stopped:  # a thread of the SDK still waits for a line, and would keep the process
        sys.stderr.flush()
        os._exit(INTERRUPTED)
    return 0


async def serve_http(settings: Settings, *, port: int, token: str | None, compact: bool) -> int:
    """Serve streamable HTTP on the loopback address, until the process is stopped.

    Raises:
        InputError: The port is taken.
    """
    import uvicorn
    from mcp.server.auth.provider import AccessToken
    from mcp.server.auth.settings import AuthSettings
    from pydantic import AnyHttpUrl

    set_token = settings.serve_token.get_secret_value() if settings.serve_token else None
    expected = token or set_token or secrets.token_urlsafe(24)

    class Verifier:
        async def verify_token(self, token: str) -> AccessToken | None:
            same = hmac.compare_digest(token.encode(), expected.encode())
            return AccessToken(token=token, client_id="lab", scopes=[]) if same else None

    with _listening(port) as listener:
        base = f"http://{HOST}:{listener.getsockname()[1]}"
        async with open_app(settings, compact=compact) as app:
            auth = AuthSettings(issuer_url=AnyHttpUrl(base), resource_server_url=None)
            web = app.server.streamable_http_app(
                streamable_http_path=PATH, host=HOST, auth=auth, token_verifier=Verifier()
            )
            config = uvicorn.Config(web, log_level="warning", timeout_graceful_shutdown=GRACE, lifespan="on")
            server = uvicorn.Server(config)
            print(f"Serving MCP at {base}{PATH}", file=sys.stderr)
            if not (token or set_token):
                print(f"Token: {expected}", file=sys.stderr)
            sys.stderr.flush()
            serving = asyncio.ensure_future(server._serve([listener]))  # signals are the command line's to handle
            try:
                await asyncio.shield(serving)
            except asyncio.CancelledError:
                server.should_exit = True
                await serving
    return 0


@contextlib.contextmanager
def _listening(port: int):
    """A socket on the loopback address.

    Raises:
        InputError: The port is taken.
    """
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except (OSError, OverflowError) as error:
            told = error.strerror if isinstance(error, OSError) else str(error)
            raise InputError(f"Port {port} cannot be used: {told}.", remedy="Name another with --port.") from error
        listener.listen(64)
        yield listener
