"""The catalogue: which tools there are, found by name or by words."""

from __future__ import annotations

import difflib
from functools import cache
from importlib import import_module

from agent.errors import InputError
from agent.tools._declare import Tool, declared

ROOMS = (
    "agent.tools.molecules",
    "agent.tools.crystals",
    "agent.tools.sequences",
    "agent.tools.experiments",
    "agent.tools.literature",
    "agent.tools.hazards",
)
"""Modules that declare tools. Importing one loads no domain library."""


class Catalogue:
    """The tools of this installation, by name."""

    def __init__(self, tools: dict[str, Tool]) -> None:
        self._tools = dict(sorted(tools.items()))

    def __iter__(self):
        """Every tool, sorted by name."""
        return iter(self._tools.values())

    def __len__(self) -> int:
        """How many tools there are."""
        return len(self._tools)

    def __contains__(self, name: str) -> bool:
        """Whether a tool of this name exists."""
        return name in self._tools

    def get(self, name: str) -> Tool:
        """The tool of that name.

        Raises:
            InputError: There is none; the message names the nearest.
        """
        if name in self._tools:
            return self._tools[name]
        near = difflib.get_close_matches(name, self._tools, n=3, cutoff=0.4)
        raise InputError(
            f"There is no tool '{name}'.",
            remedy=f"Did you mean {' or '.join(near)}?" if near else "`gedanken tools` lists them.",
        )

    def without(self, *names: str) -> Catalogue:
        """The catalogue with some tools taken away (to measure what they are worth)."""
        return Catalogue({name: tool for name, tool in self._tools.items() if name not in names})


@cache
def catalogue() -> Catalogue:
    """The catalogue of all rooms (made once a process)."""
    for room in ROOMS:
        import_module(room)
    return Catalogue(declared())
