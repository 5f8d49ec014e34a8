"""Calling tools while a question is answered, and keeping what they brought."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from agent.records import Result

Call = Callable[[str, dict[str, Any]], Awaitable[Result]]
"""Calls a tool by name with its arguments. ``Toolbox.call`` fits with ``.result`` taken; so does `call_inline`."""


async def call_inline(name: str, arguments: dict[str, Any]) -> Result:
    """Call a tool in this process: for small computations where a worker would cost more than the work.

    Args:
        name: The tool.
        arguments: Its arguments.

    Returns:
        Its envelope; what the tool raises from the error tree is an ``error`` envelope.
    """
    from agent.errors import GedankenError
    from agent.tools import catalogue, failed
    from agent.tools.invoke import run_tool

    try:
        tool = catalogue().get(name)
        return run_tool(tool, tool.check(arguments), {})
    except GedankenError as error:
        return failed(error)


class NotComputable(Exception):
    """The question is of a known kind, and something in it stands in the way; the text says what."""


@dataclass(frozen=True)
class Used:
    """One tool call that an answer rests on."""

    tool: str
    status: str
    summary: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass
class Desk:
    """Where a question is worked on: calls tools and remembers what they said.

    Attributes:
        call: Calls a tool.
        used: The calls so far.
    """

    call: Call
    used: list[Used] = field(default_factory=list)

    async def use(self, tool: str, **arguments: Any) -> Result:
        """Call a tool whose failure means that the question cannot be computed.

        Raises:
            NotComputable: The tool could not look (its error, in words).
        """
        result = await self.attempt(tool, **arguments)
        if result.status == "error":
            raise NotComputable(f"{tool}: {result.summary}")
        return result

    async def attempt(self, tool: str, **arguments: Any) -> Result:
        """Call a tool; an error is an answer, too (for choices that may be nonsense)."""
        result = await self.call(tool, arguments)
        self.used.append(Used(tool, result.status, result.summary, arguments))
        return result
