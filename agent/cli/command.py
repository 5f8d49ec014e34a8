"""How a command is declared and run.

A command is a function of its own words that returns the work to do. Options that are alike everywhere are named where
it is declared, and reach it as one `Given`::

    @command(runs, "out", "home")
    def replay(given: Given, run: RunName) -> Work:
        '''Run a run's tools again, without the cache, and compare every result.'''
        from agent.cli.work.runs import replay_run

        return replay_run(run, given)

The work is imported where it is returned, so that help loads none of it.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import typer

from agent.cli.words.options import DEBUG, JSON, SHARED

if TYPE_CHECKING:
    from agent.settings import Loaded, Settings

Work = Coroutine[Any, Any, int]
"""What a command does; its result is the exit code."""


@dataclass(frozen=True)
class Given:
    """What a command is given beside its own words.

    Attributes:
        options: The shared options by name; ``None`` for those that were not typed.
        as_json: Whether the last line is to be one JSON object, for programs.
    """

    options: Mapping[str, Any] = field(default_factory=dict)
    as_json: bool = False

    @cached_property
    def loaded(self) -> Loaded:
        """The settings with their provenance: files, environment, and what was typed."""
        from agent.settings import load_settings

        return load_settings(**self.options)

    @property
    def settings(self) -> Settings:
        """The settings."""
        return self.loaded.settings

    def say(self, plain: Mapping[str, Any], words: str) -> None:
        """Print an answer: the object for programs, or the words for a person."""
        if self.as_json:
            from agent.cli.shell import print_json

            print_json(plain)
        else:
            print(words, flush=True)


def command(
    group: typer.Typer, *shared: str, name: str | None = None, json: bool = True
) -> Callable[[Callable[..., Work]], Callable[..., Work]]:
    """Declare a function as a command.

    Args:
        group: The commands that it joins.
        shared: Names of `SHARED` options that it has beside its own words; they come after them.
        name: What it is called (default: as the function).
        json: Whether it has ``--json``; every command has ``--debug``.
    """

    def declare(function: Callable[..., Work]) -> Callable[..., Work]:
        options = {one: SHARED[one] for one in shared} | ({"as_json": JSON} if json else {}) | {"debug": DEBUG}
        _, *own = inspect.signature(function, eval_str=True).parameters.values()
        words = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own]
        words += [
            inspect.Parameter(
                key, inspect.Parameter.KEYWORD_ONLY, default=None if key in shared else False, annotation=option
            )
            for key, option in options.items()
        ]

        @functools.wraps(function)
        def run(**typed: Any) -> None:
            from agent.cli.shell import execute

            debug, as_json = typed.pop("debug"), typed.pop("as_json", False)
            given = Given({one: typed.pop(one) for one in shared}, as_json)
            raise typer.Exit(execute(lambda: function(given, **typed), debug=debug, as_json=as_json))

        # The parser reads the signature, not the function's own parameters.
        run.__signature__ = inspect.Signature(words)  # pyright: ignore[reportAttributeAccessIssue]
        run.__annotations__ = {one.name: one.annotation for one in words}
        group.command(name)(run)
        return function

    return declare
