"""The catalogue: which tools there are, ours and those of other packages that join by entry point."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from agent.errors import InputError
from agent.tools._declare import Tool, declared

ROOMS = (
    "agent.tools.molecules",
    "agent.tools.crystals",
    "agent.tools.sequences",
    "agent.tools.experiments",
    "agent.tools.formulations",
    "agent.tools.robots",
    "agent.tools.optimisation",
    "agent.tools.surrogates",
    "agent.tools.literature",
    "agent.tools.hazards",
)
"""Modules that declare tools. Importing one loads no domain library."""

GROUP = "gedanken.tools"
"""Entry points of other packages: each names a module that declares tools, or a function of one."""


class Catalogue:
    """The tools of this installation, by name.

    Args:
        tools: By name.
        left_out: What other packages offered and could not be used, each with the reason.
    """

    def __init__(self, tools: dict[str, Tool], left_out: tuple[str, ...] = ()) -> None:
        self._tools = dict(sorted(tools.items()))
        self.left_out = left_out

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

    def joined_by(self, tools: Mapping[str, Tool], left_out: Iterable[str] = ()) -> Catalogue:
        """The catalogue with further tools; ours keep their names."""
        return Catalogue({**tools, **self._tools}, (*self.left_out, *left_out))

    def without(self, *names: str) -> Catalogue:
        """The catalogue with some tools taken away (to measure what they are worth)."""
        return Catalogue({name: tool for name, tool in self._tools.items() if name not in names}, self.left_out)


@cache
def catalogue() -> Catalogue:
    """The catalogue of all rooms, and of the packages that join (made once a process)."""
    for room in ROOMS:
        import_module(room)
    offers = tuple(entry_points(group=GROUP))
    left_out = join(offers)
    # Declaring alone is not joining: a module that happens to be imported stays out.
    homes = (*ROOMS, *(offer.module for offer in offers))
    ours = {name: tool for name, tool in declared().items() if any(_of(tool, home) for home in homes)}
    return Catalogue(ours, left_out)


def join(offers: Iterable[EntryPoint]) -> tuple[str, ...]:
    """Declare the tools of other packages.

    A package whose module cannot be imported, whose tool is badly declared, or whose tool takes the name of another is
    left out with all its tools: nothing of ours depends on it.

    Args:
        offers: Their entry points.

    Returns:
        What was left out, and why.
    """
    left_out = []
    for offer in sorted(offers, key=lambda one: (one.name, one.value)):
        before = dict(declared())
        try:
            offer.load()
            if declared().keys() == before.keys() and not any(_of(tool, offer.module) for tool in declared().values()):
                raise TypeError(f"{offer.value} declares no tool")
        except Exception as error:  # whatever a stranger's import raises must not take the catalogue with it
            declared().clear()
            declared().update(before)
            package = offer.dist.name if offer.dist else offer.name
            left_out.append(f"{package} ({offer.name} = {offer.value}): {type(error).__name__}: {error}")
    return tuple(left_out)


def _of(tool: Tool, module: str) -> bool:
    """Whether a tool is declared in a module, or in a part of it: one module may be named by several entry points."""
    return f"{tool.function.__module__}.".startswith(f"{module}.")
