"""Declaring a tool: one decorator, one docstring, one set of annotations, and nothing written twice.

A tool is a pure function with annotated arguments and a Google-style docstring. `tool` returns the function unchanged
and files a `Tool` beside it, whose JSON schema is made from the annotations and whose descriptions are the
docstring's. A tool that lacks the description of a parameter is refused when it is declared.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from agent.errors import RepairableToolError

F = TypeVar("F", bound=Callable[..., Any])
Cost = Literal["light", "heavy"]
Domain = Literal["chemistry", "materials", "biology", "literature", "experiments", "safety", "data"]


class InputFile:
    """Marks a path argument whose file's content is part of the call (and of its cache key)."""


class Injected:
    """Marks an argument that the session supplies (``store``: the knowledge store); models never see it."""

    def __init__(self, name: str) -> None:
        self.name = name


FilePath = Annotated[str, InputFile()]
"""A path to a file that the tool reads."""


@dataclass(frozen=True)
class Tool:
    """One documented, typed function of a domain.

    Attributes:
        name: The function's name; unique in the catalogue.
        domain: Its field.
        function: The function itself, unchanged.
        engines: Distributions whose versions are part of the result's identity (``rdkit``, ``chgnet``).
        cost: ``heavy`` tools run in warm workers of their own and may ask for approval.
        seconds: Time limit of one call.
        memory_mb: Memory limit of one call.
        network: Whether the tool uses the network (never in offline mode).
        version: Raised when the meaning of the result changes.
        warm: ``module:function`` that loads the tool's model ahead of need.
        gpu: Whether it is much faster on a GPU: a cluster places it where one is.
        chunks: A module with ``split``, ``work`` and ``merge`` (see `agent.tools.chunks`) that cuts one call into jobs.
    """

    name: str
    domain: Domain
    function: Callable[..., Any]
    engines: tuple[str, ...] = ()
    cost: Cost = "light"
    seconds: float = 120.0
    memory_mb: int = 4096
    network: bool = False
    version: int = 1
    warm: str = ""
    gpu: bool = False
    chunks: str = ""

    external = False
    """Whether it runs outside, on a server that is not ours."""

    repeatable = True
    """Whether the same call gives the same result, so that results may be reused."""

    @property
    def affinity(self) -> str:
        """Calls of one affinity like the same worker, where the model is already loaded."""
        return ",".join(self.engines) if self.cost == "heavy" else ""

    @property
    def path(self) -> str:
        """Where a worker finds the function: ``package.module:function``."""
        return f"{self.function.__module__}:{self.function.__qualname__}"

    @cached_property
    def summary(self) -> str:
        """The first line of the docstring."""
        return inspect.cleandoc(self.function.__doc__ or "").split("\n", 1)[0]

    @cached_property
    def description(self) -> str:
        """The docstring before its sections."""
        text = inspect.cleandoc(self.function.__doc__ or "")
        return re.split(r"\n(?:Args|Returns|Raises|Source|Sources|Note|Notes|Example|Examples):\n", text)[0].strip()

    @cached_property
    def returns(self) -> str:
        """What the docstring says of the result."""
        return _sections(self.function).get("Returns", "")

    @cached_property
    def source(self) -> str:
        """The source of the method, as the docstring states it."""
        sections = _sections(self.function)
        return sections.get("Source", "") or sections.get("Sources", "")

    @cached_property
    def arguments(self) -> type[BaseModel]:
        """The pydantic model of the visible arguments."""
        return _arguments_model(self)

    @cached_property
    def injected(self) -> dict[str, str]:
        """Arguments that the session supplies: parameter name to the name of what is supplied."""
        return {
            name: marker.name
            for name, hint in _hints(self.function).items()
            if (marker := _marker(hint, Injected)) is not None
        }

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Arguments that name files whose content the tool reads."""
        return tuple(name for name, hint in _hints(self.function).items() if _marker(hint, InputFile) is not None)

    def job(self, arguments: Mapping[str, Any], supplied: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """What a worker runs for a call: a function's path, and its arguments.

        Args:
            arguments: Checked visible arguments.
            supplied: What the session supplies.
        """
        call = {"tool": self.name, "module": self.function.__module__, "arguments": arguments, "supplied": supplied}
        return "agent.tools.invoke:invoke", call

    def schema(self) -> dict[str, Any]:
        """The JSON schema of the visible arguments."""
        schema = self.arguments.model_json_schema()
        schema.pop("title", None)
        for part in schema.get("properties", {}).values():
            part.pop("title", None)
        return schema

    def check(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Validate and complete arguments.

        Args:
            arguments: What a person, a plan or a model supplied.

        Returns:
            The arguments with defaults filled in, as plain data.

        Raises:
            RepairableToolError: One line for every argument that does not fit, with what it should be.
        """
        try:
            return self.arguments.model_validate(arguments).model_dump(mode="json")
        except ValidationError as error:
            raise RepairableToolError(
                f"{self.name}: {complaints(error)}",
                remedy=f"It takes: {', '.join(self.schema().get('properties', {})) or 'no arguments'}.",
            ) from error


_DECLARED: dict[str, Tool] = {}


def declared() -> dict[str, Tool]:
    """Every tool that the modules imported so far have declared, by name."""
    return _DECLARED


def tool(
    domain: Domain,
    *,
    engines: tuple[str, ...] = (),
    cost: Cost = "light",
    seconds: float = 120.0,
    memory_mb: int = 4096,
    network: bool = False,
    version: int = 1,
    warm: str = "",
    gpu: bool = False,
    chunks: str = "",
) -> Callable[[F], F]:
    """Declare a function as a tool and return it unchanged.

    Args:
        domain: The field it belongs to.
        engines: Distributions whose versions change the result.
        cost: ``heavy`` for tools that load a large model or run for many seconds.
        seconds: Time limit of one call.
        memory_mb: Memory limit of one call.
        network: Whether it uses the network.
        version: Raise it when the meaning of the result changes.
        warm: ``module:function`` that loads its model ahead of need.
        gpu: Whether it is much faster on a GPU.
        chunks: A module that cuts one call into jobs.

    Raises:
        TypeError: The function has no summary, an argument without annotation, or one without a description.
    """

    def declare(function: F) -> F:
        limits = (engines, cost, seconds, memory_mb, network, version)
        made = Tool(function.__name__, domain, function, *limits, warm=warm, gpu=gpu, chunks=chunks)
        _refuse_undocumented(made)
        earlier = _DECLARED.get(made.name)
        if earlier is not None and earlier.path != made.path:
            raise TypeError(f"two tools are named '{made.name}': {earlier.path} and {made.path}")
        _DECLARED[made.name] = made
        return function

    return declare


def complaints(error: ValidationError) -> str:
    """Pydantic's complaints as one line: which field, what is wrong, what was given."""
    lines = []
    for item in error.errors(include_url=False):
        where = ".".join(str(part) for part in item["loc"]) or "arguments"
        given = repr(item.get("input"))
        given = given if len(given) <= 60 else given[:57] + "..."
        lines.append(f"{where}: {item['msg'].lower()} (given {given})")
    return "; ".join(lines)


def _hints(function: Callable[..., Any]) -> dict[str, Any]:
    hints = get_type_hints(function, include_extras=True)
    hints.pop("return", None)
    return hints


def _marker(hint: Any, kind: type) -> Any:
    if get_origin(hint) is Annotated:
        return next((extra for extra in get_args(hint)[1:] if isinstance(extra, kind)), None)
    # Optional paths: the marker sits inside the union.
    return next((found for part in get_args(hint) if (found := _marker(part, kind)) is not None), None)


def _refuse_undocumented(made: Tool) -> None:
    if not made.summary:
        raise TypeError(f"tool '{made.name}' has no docstring")
    described = _parameter_descriptions(made.function)
    hints = _hints(made.function)
    for name, parameter in inspect.signature(made.function).parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise TypeError(f"tool '{made.name}': *{name} cannot be described to a model")
        if name not in hints:
            raise TypeError(f"tool '{made.name}': argument '{name}' has no annotation")
        if _marker(hints[name], Injected) is None and not described.get(name):
            raise TypeError(f"tool '{made.name}': argument '{name}' is not described in the docstring")


def _arguments_model(made: Tool) -> type[BaseModel]:
    described = _parameter_descriptions(made.function)
    hints = _hints(made.function)
    fields: dict[str, Any] = {}
    for name, parameter in inspect.signature(made.function).parameters.items():
        if name in made.injected:
            continue
        default = ... if parameter.default is parameter.empty else parameter.default
        fields[name] = (hints[name], Field(default, description=described[name]))
    return create_model(
        f"{made.name}_arguments",
        __config__=ConfigDict(extra="forbid", arbitrary_types_allowed=True),
        **fields,
    )


def _sections(function: Callable[..., Any]) -> dict[str, str]:
    """The sections of a Google-style docstring, dedented."""
    text = inspect.cleandoc(function.__doc__ or "")
    parts = re.split(r"^(\w+):\n", text, flags=re.MULTILINE)
    return {parts[i]: inspect.cleandoc("\n" + parts[i + 1]) for i in range(1, len(parts) - 1, 2)}


def _parameter_descriptions(function: Callable[..., Any]) -> dict[str, str]:
    described: dict[str, str] = {}
    current = ""
    for line in _sections(function).get("Args", "").splitlines():
        if match := re.match(r"(\w+)(?: \([^)]*\))?: (.+)", line):
            current = match[1]
            described[current] = match[2].strip()
        elif current and line.startswith(" "):
            described[current] += " " + line.strip()
    return described
