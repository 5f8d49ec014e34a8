"""Speaking with an outside server: one conversation a call, from a worker, under the worker's limits."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

from agent.errors import EngineMissing, TerminalToolError, ToolTimeout
from agent.records import Result, Value
from agent.tools._results import empty, failed, ok

if TYPE_CHECKING:
    from mcp import Client

MOST = 200_000
"""Characters of an answer that are kept."""

STARTING_SECONDS = 30.0
"""How long a server may take to start or to be reached, before the time of a call begins."""

LISTING_SECONDS = 30.0
"""How long a server may take to start and to list its tools."""


async def list_tools(name: str, server: dict[str, Any]) -> list[dict[str, Any]]:
    """Ask a server for its tools.

    Args:
        name: What the settings call it.
        server: How it is reached, as `OutsideServer.open` gives it.

    Returns:
        ``name``, ``description`` and ``input_schema`` of each.

    Raises:
        TerminalToolError: It cannot be reached or says something else.
    """
    try:
        async with asyncio.timeout(LISTING_SECONDS), conversation(server) as client:
            listed, cursor = [], None
            while True:
                page = await client.list_tools(cursor=cursor)
                listed += [one.model_dump(include={"name", "description", "input_schema"}) for one in page.tools]
                if (cursor := page.next_cursor) is None:
                    return listed
    except EngineMissing:
        raise
    except Exception as error:  # whatever the server or its transport raises: it is a stranger's
        raise unreachable(name, error) from error


def call_outside(server: dict[str, Any], name: str, tool: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Call a tool of an outside server, in a worker.

    Args:
        server: How it is reached.
        name: What the settings call it.
        tool: The tool's name there.
        arguments: Its arguments, checked against its schema.

    Returns:
        A `Result` as plain data; everything that goes wrong outside is an ``error`` envelope.
    """
    try:
        return asyncio.run(_call(server, name, tool, arguments)).plain()
    except Exception as error:  # whatever the server or its transport raises: it is a stranger's
        cause = _first(error)
        told = cause if isinstance(cause, EngineMissing | ToolTimeout) else unreachable(name, cause)
        return failed(told).plain()


async def _call(server: dict[str, Any], name: str, tool: str, arguments: dict[str, Any]) -> Result:
    async with contextlib.AsyncExitStack() as stack:
        async with asyncio.timeout(STARTING_SECONDS):
            client = await stack.enter_async_context(conversation(server))
        try:
            async with asyncio.timeout(server["seconds"]):
                answer = await client.call_tool(tool, arguments)
        except TimeoutError:
            raise ToolTimeout(
                f"The external tool '{tool}' did not answer within {server['seconds']:g} s.",
                remedy=f"Ask it for less, or raise `seconds` of [mcp_servers.{name}] in gedanken.toml.",
            ) from None
    return as_result(tool, answer)


def as_result(tool: str, answer: Any) -> Result:
    """A server's answer in our envelope.

    Its numbers become values only where the server names them (the top level of structured content); figures in its
    text stay text, and are unverified wherever they are quoted.
    """
    text = "\n".join(part.text for part in answer.content if getattr(part, "text", None))
    if answer.is_error:
        return failed(
            TerminalToolError(f"The external tool '{tool}' failed: {text.strip()[:500] or 'it gives no reason'}.")
        )
    structured = answer.structured_content
    if isinstance(structured, dict) and all(value is None for value in structured.values()):
        structured = None
    if not text.strip() and not structured:
        return empty(f"The external tool '{tool}' answered, and sent nothing.")
    warnings = ["external: computed outside, not checked here"]
    if len(text) > MOST:
        warnings.append(f"the answer was cut to {MOST} of {len(text)} characters")
    other = sorted({part.type for part in answer.content} - {"text"})
    if other:
        warnings.append(f"parts that are not text were left out: {', '.join(other)}")
    first = json.dumps(structured, ensure_ascii=False) if structured else text.strip().splitlines()[0]
    return ok(
        first if len(first) <= 200 else first[:199] + "…",
        values=_values(structured),
        data={"text": text[:MOST], "structured": structured},
        warnings=warnings,
    )


def _values(structured: Any) -> list[Value]:
    if not isinstance(structured, dict):
        return []
    return [
        Value(name=str(key), value=float(value))
        for key, value in structured.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]


@contextlib.asynccontextmanager
async def conversation(server: dict[str, Any]) -> AsyncIterator[Client]:
    """A conversation with a server: started, or called at its address.

    Raises:
        EngineMissing: The protocol's package is not installed.
    """
    try:
        from mcp import Client, StdioServerParameters
    except ModuleNotFoundError as error:
        raise EngineMissing("Outside servers need the package 'mcp'.", remedy="Install gedanken[mcp].") from error
    if server["command"]:
        environment = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ} | server["env"]
        started = StdioServerParameters(command=server["command"], args=list(server["args"]), env=environment)
        async with Client(started) as client:
            yield client
        return
    import httpx2
    from mcp.client.streamable_http import streamable_http_client

    headers = {"Authorization": f"Bearer {server['token']}"} if server["token"] else {}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=server["seconds"], trust_env=False) as http,
        Client(streamable_http_client(server["url"], http_client=http)) as client,
    ):
        yield client


def _first(error: BaseException) -> BaseException:
    """The first cause in groups of errors, which the transports' tasks end in."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def unreachable(name: str, error: BaseException) -> TerminalToolError:
    """What to say of a server that cannot be spoken with."""
    error = _first(error)
    said = "it took too long" if isinstance(error, TimeoutError) else f"{type(error).__name__}: {error}"
    return TerminalToolError(
        f"The outside server '{name}' cannot be used: {said}.",
        remedy=f"Check [mcp_servers.{name}] in gedanken.toml, and that the server runs.",
    )
