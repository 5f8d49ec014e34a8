"""The catalogue as a page: ``docs/tools.md`` is this text, and a test says when it has drifted."""

from __future__ import annotations

import json
from typing import Any

from agent.tools.catalogue import Catalogue


def catalogue_page(catalogue: Catalogue) -> str:
    """The catalogue in Markdown, by domain.

    Args:
        catalogue: The tools to describe.

    Returns:
        The page, ending in a newline.
    """
    lines = [
        "# The tools",
        "",
        "Generated from the code by `make docs`; do not edit. Each tool answers `ok`, `empty` or `error`; each is",
        "called from a plan, by `gedanken call NAME key=value...`, or from Python by `agent.session.Session.call`.",
        "",
    ]
    for domain in sorted({tool.domain for tool in catalogue}):
        lines += [f"## {domain.capitalize()}", ""]
        for tool in catalogue:
            if tool.domain != domain:
                continue
            lines += [f"### `{tool.name}`", "", tool.description, ""]
            lines += [
                f"- `{name}` {_kind(part)}: {part.get('description', '')}" for name, part in _parameters(tool.schema())
            ]
            if tool.returns:
                lines += ["", f"Returns: {' '.join(tool.returns.split())}"]
            if tool.source:
                lines += ["", f"Source: {' '.join(tool.source.split())}"]
            engines = f", engines: {', '.join(tool.engines)}" if tool.engines else ""
            network = ", uses the network" if tool.network else ""
            lines += ["", f"*{tool.cost}, at most {tool.seconds:g} s and {tool.memory_mb} MB{engines}{network}*", ""]
    return "\n".join(lines)


def _parameters(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    required = set(schema.get("required", ()))
    return [(name, {**part, "required": name in required}) for name, part in schema.get("properties", {}).items()]


def _kind(part: dict[str, Any]) -> str:
    kinds = [option.get("type", "record") for option in part.get("anyOf", [part])]
    if "enum" in part:
        kinds = [" or ".join(json.dumps(choice) for choice in part["enum"])]
    if part.get("type") == "array":
        kinds = [f"list of {part.get('items', {}).get('type', 'record')}"]
    need = "required" if part["required"] else f"default `{json.dumps(part.get('default'), ensure_ascii=False)}`"
    return f"({' or '.join(kinds)}, {need})"
