"""``tools`` and ``call``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from agent.cli.command import Given
from agent.cli.shell import print_json
from agent.errors import InputError
from agent.memory.files.disk import write_text
from agent.session import Session
from agent.session.outside import join_outside
from agent.tools import Tool, catalogue
from agent.units import print_value


async def show_tools(name: str | None, refresh: bool, given: Given) -> int:
    """``gedanken tools [NAME]``."""
    tools = await join_outside(catalogue(), given.settings, refresh=refresh)
    if name is not None:
        tool = tools.get(name)
        given.say(_described(tool), _page(tool))
        return 0
    if given.as_json:
        print_json({"tools": [_described(tool) for tool in tools], "left_out": list(tools.left_out)})
        return 0
    for domain in sorted({tool.domain for tool in tools}):
        print(f"\n{domain}")
        for tool in tools:
            if tool.domain == domain:
                print(f"  {tool.name:<28} {tool.summary}")
    for offer in tools.left_out:
        print(f"gedanken: left out: {offer}", file=sys.stderr)
    return 0


async def call_tool(name: str, words: list[str], save: Path | None, given: Given) -> int:
    """``gedanken call TOOL key=value...``."""
    arguments = dict(_argument(word) for word in words)
    async with Session(given.settings) as session:
        tool = session.toolbox.catalogue.get(name)
        outcome = await session.call(
            tool.name, arguments, _report if sys.stderr.isatty() and not given.as_json else None
        )
    result = outcome.result
    if save is not None:
        for artifact in result.artifacts:
            write_text(save / Path(artifact.name).name, artifact.content)
            print(f"wrote {save / Path(artifact.name).name}", file=sys.stderr)
    if given.as_json:
        print_json({**result.plain(), "seconds": round(outcome.seconds, 4), "cached": outcome.cached})
    else:
        print(f"{result.status}: {result.summary}")
        if result.error is not None and result.error.remedy:
            print(result.error.remedy)
        for value in result.values:
            print(f"  {value.name:<28} {print_value(value.value, value.unit, value.uncertainty)}")
        for warning in result.warnings:
            print(f"  ! {warning}")
        if result.data:
            print(json.dumps(result.data, ensure_ascii=False, indent=2))
    return {"ok": 0, "empty": 0, "error": 2 if result.error and result.error.repairable else 1}[result.status]


def _argument(word: str) -> tuple[str, Any]:
    name, equals, value = word.partition("=")
    if not equals or not name:
        raise InputError(f"'{word}' is not an argument.", remedy="Write key=value, as in: seed=CCO count=10.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _report(fraction: float, message: str) -> None:
    print(f"\r{fraction:>4.0%} {message:<60}", end="\n" if fraction >= 1 else "", file=sys.stderr, flush=True)


def _described(tool: Tool) -> dict[str, Any]:
    return {
        "name": tool.name,
        "domain": tool.domain,
        "description": tool.description,
        "returns": tool.returns,
        "source": tool.source,
        "cost": tool.cost,
        "seconds": tool.seconds,
        "network": tool.network,
        "external": tool.external,
        "arguments": tool.schema(),
    }


def _page(tool: Tool) -> str:
    """A tool with its arguments, for a person."""
    said = [f"{tool.name} ({tool.domain}, {tool.cost}, at most {tool.seconds:g} s)\n\n{tool.description}\n"]
    schema = tool.schema()
    for name, part in schema.get("properties", {}).items():
        need = "required" if name in schema.get("required", []) else f"default {json.dumps(part.get('default'))}"
        said.append(f"  {name} ({part.get('type', 'see schema')}, {need}): {part.get('description', '')}")
    if tool.returns:
        said.append(f"\nReturns: {tool.returns}")
    if tool.source:
        said.append(f"\nSource: {tool.source}")
    return "\n".join(said)
