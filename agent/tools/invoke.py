"""Running a tool inside a worker: rebuild its arguments, call it, and turn whatever happens into an envelope."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from agent.errors import EngineMissing, GedankenError
from agent.records import Result
from agent.tools._declare import Tool, declared
from agent.tools._results import failed


def invoke(tool: str, module: str, arguments: dict[str, Any], supplied: dict[str, Any]) -> dict[str, Any]:
    """Call a tool by name. Only the tool's own room is imported.

    Args:
        tool: Its name.
        module: The module that declares it.
        arguments: Checked visible arguments, as plain data.
        supplied: What the session supplies.

    Returns:
        The tool's `Result` as plain data. What a tool raises from the error tree becomes an ``error`` envelope.
    """
    import_module(module)
    return run_tool(declared()[tool], arguments, supplied).plain()


def run_tool(tool: Tool, arguments: Mapping[str, Any], supplied: Mapping[str, Any]) -> Result:
    """Call a tool in this process and return its envelope."""
    typed = tool.arguments.model_validate(dict(arguments))
    try:
        with warnings.catch_warnings(record=True):
            return tool.function(**{name: getattr(typed, name) for name in type(typed).model_fields}, **supplied)
    except GedankenError as error:
        return failed(error)
    except ModuleNotFoundError as error:
        return failed(
            EngineMissing(
                f"The tool '{tool.name}' needs the package '{error.name}', which is not installed.",
                remedy="Install gedanken[lab].",
            )
        )
