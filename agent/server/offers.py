"""What the server offers: every tool of the catalogue with its schema, or three that find, describe and call them."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any, Literal

from mcp import types
from pydantic import Field

from agent.records import Record, Result
from agent.server.desk import RunReply
from agent.tools import Catalogue, Tool
from agent.tools.toolbox import Outcome

LONGEST = 20_000
"""Characters of data that the readable part of a result shows; the structured part always has all."""

_WORD = re.compile(r"[a-z0-9]+")
_COMMON = frozenset(
    _WORD.findall(
        "a about an and are as at be by can do for from give how i in into is it many me much of on or that the their"
        " them this to tool tools use using want what which with"
    )
)


class RunGoal(Record):
    """Carry a research goal through: plan, compute with the tools, infer ranked hypotheses, design experiments, report.

    It takes seconds to many minutes and reports progress. The run lasts when the call does not: `run_status` finds it.
    """

    goal: str = Field(min_length=1, description="The research goal, in plain words.")
    attachments: list[str] = Field(default=[], description="Paths, on the server, of files that the goal is about.")
    seed: int = Field(default=0, description="Seed of everything random.")
    reasoner: Literal["auto", "playbook", "model"] = Field(default="auto", description="Who thinks.")
    approve: bool = Field(default=False, description="Show the plan and wait for a yes (answer_run) before it runs.")
    max_seconds: float | None = Field(default=None, gt=0, description="Wall time that the run may take.")
    max_tool_calls: int | None = Field(default=None, gt=0, description="Tool calls that it may make.")
    wait_seconds: float | None = Field(
        default=None, ge=0, description="Answer after this time with where the run stands (default: when it ends)."
    )


class AnswerRun(Record):
    """Answer the question of a waiting run, and carry it on."""

    run: str = Field(description="The run's id, the beginning of it, or 'last'.")
    answer: str | dict[str, Any] = Field(
        description="The answer in words; for a plan also changes: {'drop': ['s3'], 'edit': {'s2': {'count': 20}}}."
    )
    wait_seconds: float | None = Field(default=None, ge=0, description="As for run_goal.")


class ResumeRun(Record):
    """Carry a stopped or killed run on; finished steps are not repeated."""

    run: str = Field(description="The run's id, the beginning of it, or 'last'.")
    wait_seconds: float | None = Field(default=None, ge=0, description="As for run_goal.")


class RunStatusOf(Record):
    """Say where a run stands, and wait for it if asked to."""

    run: str = Field(description="The run's id, the beginning of it, or 'last'.")
    wait_seconds: float = Field(default=0, ge=0, description="Wait this long for it to end or ask.")


class CancelRun(Record):
    """Stop a run that this server carries on; it can be resumed."""

    run: str = Field(description="The run's id, the beginning of it, or 'last'.")


class ListRuns(Record):
    """List the newest runs."""

    count: int = Field(default=20, ge=1, le=200, description="How many.")


class FindTools(Record):
    """Find tools by words: what is to be computed, in English."""

    query: str = Field(description="For instance: 'bulk modulus of a crystal', 'solubility', 'digest a plasmid'.")
    count: int = Field(default=8, ge=1, le=50, description="How many tools at most.")


class DescribeTool(Record):
    """Show a tool with the JSON schema of its arguments."""

    name: str = Field(description="The tool's name, as find_tools gave it.")


class CallTool(Record):
    """Call a tool."""

    name: str = Field(description="The tool's name.")
    arguments: dict[str, Any] = Field(default={}, description="Its arguments, as describe_tool shows them.")


RUN_TOOLS: dict[str, type[Record]] = {
    "run_goal": RunGoal,
    "answer_run": AnswerRun,
    "resume_run": ResumeRun,
    "run_status": RunStatusOf,
    "cancel_run": CancelRun,
    "list_runs": ListRuns,
}
COMPACT_TOOLS: dict[str, type[Record]] = {
    "find_tools": FindTools,
    "describe_tool": DescribeTool,
    "call_tool": CallTool,
}


def offered(catalogue: Catalogue, compact: bool) -> list[types.Tool]:
    """The tools of the server, in the protocol's words."""
    own = [_own(name, model) for name, model in (COMPACT_TOOLS if compact else {}).items()]
    own += [_own(name, model) for name, model in RUN_TOOLS.items()]
    return own if compact else [*own, *(from_catalogue(tool) for tool in catalogue)]


def from_catalogue(tool: Tool) -> types.Tool:
    """A tool of the catalogue, in the protocol's words."""
    parts = [tool.description, f"Returns: {tool.returns}" if tool.returns else ""]
    parts.append(f"Source: {tool.source}" if tool.source else "")
    return types.Tool(
        name=tool.name,
        description="\n\n".join(part for part in parts if part),
        input_schema=tool.schema(),
        output_schema=_shallow(Result),
        annotations=types.ToolAnnotations(read_only_hint=True, open_world_hint=tool.network),
    )


def envelope(outcome: Outcome) -> types.CallToolResult:
    """The result of a tool: the whole envelope as structured content, and an account that a model can read."""
    result = outcome.result
    plain = {**result.plain(), "seconds": round(outcome.seconds, 4), "cached": outcome.cached}
    shown = {key: plain[key] for key in ("status", "summary", "values", "warnings", "citations") if plain[key]}
    if result.error is not None:
        shown["error"] = plain["error"]
    if result.artifacts:
        shown["artifacts"] = [
            {"name": one.name, "media_type": one.media_type, "characters": len(one.content)} for one in result.artifacts
        ]
    data = json.dumps(plain["data"], ensure_ascii=False)
    if len(data) <= LONGEST:
        shown["data"] = plain["data"]
    else:
        shown["data"] = f"{len(data)} characters: see the structured content"
    return types.CallToolResult(
        content=[types.TextContent(text=json.dumps(shown, ensure_ascii=False))],
        structured_content=plain,
        is_error=result.status == "error",
    )


def told(plain: dict[str, Any]) -> types.CallToolResult:
    """A plain answer, structured and readable."""
    content = [types.TextContent(text=json.dumps(plain, ensure_ascii=False))]
    return types.CallToolResult(content=content, structured_content=plain)


def refused(message: str) -> types.CallToolResult:
    """An error that the caller can read and correct."""
    return types.CallToolResult(content=[types.TextContent(text=message)], is_error=True)


def found(catalogue: Iterable[Tool], query: str, count: int) -> list[dict[str, str]]:
    """The tools that a query means: words weighted by their rarity, and by where they stand.

    Args:
        catalogue: The tools.
        query: Words.
        count: How many at most.

    Returns:
        Name, domain and summary of each, the best first; none when no word fits.
    """
    tools = list(catalogue)
    texts = {tool.name: _weights(tool) for tool in tools}
    spread = Counter(word for words in texts.values() for word in words)
    scores = {}
    for tool in tools:
        words = texts[tool.name]
        score = 0.0
        for asked in set(_WORD.findall(query.lower())) - _COMMON:
            matching = [word for word in words if _alike(word, asked)]
            score += max((words[word] * math.log(1 + len(tools) / spread[word]) for word in matching), default=0.0)
        scores[tool.name] = score
    best = sorted((tool for tool in tools if scores[tool.name] > 0), key=lambda tool: (-scores[tool.name], tool.name))
    return [{"name": tool.name, "domain": tool.domain, "summary": tool.summary} for tool in best[:count]]


def _weights(tool: Tool) -> dict[str, float]:
    """The words that describe a tool; its name says most, the rest of its description least."""
    weights: dict[str, float] = {}
    places = ((tool.name.replace("_", " "), 3.0), (tool.summary, 2.0), (f"{tool.description} {tool.domain}", 1.0))
    arguments = " ".join(str(part.get("description", "")) for part in tool.schema().get("properties", {}).values())
    for text, weight in (*places, (f"{tool.returns} {arguments}", 0.5)):
        for word in _WORD.findall(text.lower()):
            weights[word] = max(weights.get(word, 0.0), weight)
    return weights


def _alike(word: str, asked: str) -> bool:
    """Equal, or the same but for an ending (``molecule`` and ``molecules``, ``digest`` and ``digestion``)."""
    short, long = sorted((word, asked), key=len)
    return word == asked or (len(short) >= 4 and long.startswith(short) and len(long) - len(short) <= 3)


def _own(name: str, model: type[Record]) -> types.Tool:
    schema = model.model_json_schema()
    schema.pop("title", None)
    description = " ".join((schema.pop("description", None) or "").split())
    reads = name in ("run_status", "list_runs", "find_tools", "describe_tool")
    runs = name in ("run_goal", "answer_run", "resume_run", "run_status", "cancel_run")
    return types.Tool(
        name=name,
        description=description,
        input_schema=schema,
        output_schema=_shallow(RunReply) if runs else None,
        annotations=types.ToolAnnotations(read_only_hint=reads, destructive_hint=False),
    )


@cache
def _shallow(model: type[Record]) -> dict[str, Any]:
    """A record's schema one level deep: what there is, without what is inside of it (a hundred tools share it)."""
    schema = model.model_json_schema()
    kept = {
        name: {k: v for k, v in part.items() if k in ("type", "enum")} for name, part in schema["properties"].items()
    }
    return {"type": "object", "properties": kept, "required": schema["required"]}
