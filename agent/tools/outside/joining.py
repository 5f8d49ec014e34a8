"""Outside tools in the catalogue: what a server lists, remembered in the lab's folder, as tools like any other.

Listing needs the server, and so the consent that online mode is; the list of the last time is remembered, so that a
plan can be read offline, where calling is refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

from agent.errors import RepairableToolError, StorageError, TerminalToolError
from agent.settings import OutsideServer
from agent.tools._declare import Tool
from agent.tools.outside.calling import STARTING_SECONDS, call_outside, list_tools


@dataclass(frozen=True)
class OutsideTool(Tool):
    """A tool of an outside server. It counts as using the network, and its results are never reused.

    Attributes:
        server: The name under which the settings know the server.
        theirs: The tool's name there.
        about: What the server says of it.
        takes: The JSON schema of its arguments, as the server states it.
        reached: How the server is reached.
    """

    server: str = ""
    theirs: str = ""
    about: str = ""
    takes: Mapping[str, Any] = field(default_factory=dict)
    reached: OutsideServer | None = None

    external = True
    repeatable = False

    @cached_property
    def summary(self) -> str:
        """The first line of what the server says, and that it is the server's."""
        return f"{self._says.split(chr(10), 1)[0]} ({self._whose})"

    @cached_property
    def description(self) -> str:
        """What the server says, under the server's name."""
        return f"{self._says} ({self._whose})"

    @property
    def _says(self) -> str:
        return self.about.strip() or self.theirs

    @property
    def _whose(self) -> str:
        return f"external tool of the server '{self.server}'"

    @cached_property
    def returns(self) -> str:
        """Whatever the server sends."""
        return "Data: text (as the server wrote it) and structured (its structured content, if it sends any)."

    @cached_property
    def source(self) -> str:
        """The server, by its name."""
        return f"the outside server '{self.server}', tool '{self.theirs}'; not checked by Gedanken"

    @cached_property
    def injected(self) -> dict[str, str]:
        """Nothing of the session is handed outside."""
        return {}

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Arguments of outside tools are never taken for files."""
        return ()

    @cached_property
    def arguments(self) -> type[BaseModel]:
        """A model that takes whatever the server's schema takes."""

        class Arguments(BaseModel):
            model_config = ConfigDict(extra="allow")

            @model_validator(mode="before")
            @classmethod
            def as_the_server_says(cls, given: Any) -> Any:
                if wrong := self._complaints(given):
                    raise ValueError(wrong)
                return given

        return Arguments

    def schema(self) -> dict[str, Any]:
        """The JSON schema that the server states."""
        return {"type": "object", "properties": {}, **self.takes}

    def check(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Validate against the server's schema, before anything leaves this machine.

        Raises:
            RepairableToolError: One line for every argument that does not fit.
        """
        if wrong := self._complaints(arguments):
            raise RepairableToolError(
                f"{self.name}: {wrong}",
                remedy=f"It takes: {', '.join(self.schema()['properties']) or 'no arguments'}.",
            )
        return arguments

    def _complaints(self, arguments: Any) -> str:
        from jsonschema import Draft202012Validator

        return "; ".join(
            f"{'.'.join(map(str, error.absolute_path)) or 'arguments'}: {error.message}"
            for error in Draft202012Validator(self.schema()).iter_errors(arguments)
        )

    def job(self, arguments: Mapping[str, Any], supplied: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """What a worker runs: one conversation with the server."""
        assert self.reached is not None
        call = {"server": self.reached.open(), "name": self.server, "tool": self.theirs, "arguments": dict(arguments)}
        return "agent.tools.outside.calling:call_outside", call


async def discover(name: str, server: OutsideServer, folder: Path) -> dict[str, Tool]:
    """Ask a server for its tools, and remember them.

    Args:
        name: What the settings call it.
        server: How it is reached.
        folder: Where listings are remembered.

    Raises:
        TerminalToolError: It does not answer, or answers something else.
        StorageError: The listing cannot be written.
    """
    listed = await list_tools(name, server.open())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.json").write_text(json.dumps(listed, ensure_ascii=False, indent=1), encoding="utf-8")
    except OSError as error:
        raise StorageError(
            f"{folder} cannot be written: {error.strerror or error}.", remedy="Check the disk."
        ) from error
    return as_tools(name, server, listed)


def remembered(name: str, server: OutsideServer, folder: Path) -> dict[str, Tool] | None:
    """The tools as the server listed them the last time; ``None`` if it never did, or the listing is damaged."""
    try:
        return as_tools(name, server, json.loads((folder / f"{name}.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, KeyError, AttributeError, TerminalToolError):
        return None


def as_tools(name: str, server: OutsideServer, listed: list[dict[str, Any]]) -> dict[str, Tool]:
    """A server's list as tools, named ``SERVER__TOOL`` in the letters that models accept.

    Raises:
        TerminalToolError: Two of its tools would have the same name, or the settings name one that it does not have.
    """
    tools: dict[str, Tool] = {}
    missing = set(server.tools) - {one["name"] for one in listed}
    if missing:
        raise TerminalToolError(
            f"The server '{name}' has no tool {', '.join(sorted(missing))}.",
            remedy=f"It has: {', '.join(one['name'] for one in listed) or 'none'}.",
        )
    for one in listed:
        if server.tools and one["name"] not in server.tools:
            continue
        ours = re.sub(r"\W", "_", f"{name}__{one['name']}")[:64]
        if ours in tools:
            raise TerminalToolError(
                f"Two tools of the server '{name}' would both be '{ours}'.", remedy="Name those to take under `tools`."
            )
        tools[ours] = OutsideTool(
            name=ours,
            domain="data",
            function=call_outside,
            cost="heavy",
            seconds=server.seconds + STARTING_SECONDS,
            network=True,
            server=name,
            theirs=one["name"],
            about=one.get("description") or "",
            takes=one.get("input_schema") or {},
            reached=server,
        )
    return tools
