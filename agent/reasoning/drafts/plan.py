"""Plans as a model composes them: steps whose tools exist, whose arguments fit, and whose references lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import Field

from agent.models import ToolCall, ToolOffer
from agent.reasoning.drafts.base import Draft, Sentence, Short
from agent.reasoning.playbooks.base import last_number, referenced
from agent.reasoning.playbooks.checks import check_plan
from agent.records import Plan, Step
from agent.tools import Catalogue, Tool
from agent.units import counted

MOST_STEPS = 12
"""Steps of a plan that a model composes."""

MOST_FURTHER = 3
"""Steps that a model may add in one review."""

_REFERENCE = re.compile(r"\$\{s\d+\.[\w.]+\}")
_ADDED = "The model asked for it when it reviewed the evidence."
_ALWAYS = ("literature", "safety", "experiments", "data")
"""Domains whose tools serve every field."""


class StepDraft(Draft):
    """One tool call that the model proposes."""

    id: Annotated[str, Field(pattern=r"^s[0-9]{1,2}$")]
    tool: Short
    arguments: dict[str, Any] = Field(default_factory=dict)
    needs: Annotated[tuple[Short, ...], Field(max_length=MOST_STEPS)] = ()
    why: Sentence = ""


class PlanDraft(Draft):
    """A plan that the model proposes."""

    steps: Annotated[tuple[StepDraft, ...], Field(min_length=1, max_length=MOST_STEPS)]
    rationale: Sentence = ""


def tools_for(catalogue: Catalogue, domain: str) -> tuple[Tool, ...]:
    """The tools that a goal of this field may use: its own and those for every field; all of them if it has none."""
    return tuple(tool for tool in catalogue if domain == "general" or tool.domain in (domain, *_ALWAYS))


def describe_tools(tools: Iterable[Tool]) -> str:
    """One line a tool: its arguments with their types, what it does, what it returns."""
    return "\n".join(_describe(tool) for tool in tools)


def offers(tools: Iterable[Tool]) -> list[ToolOffer]:
    """The tools as a model with tool calling is offered them."""
    return [{"name": tool.name, "description": tool.description, "parameters": tool.schema()} for tool in tools]


def to_plan(draft: PlanDraft) -> Plan:
    """The draft as a plan, each step needing the steps that its arguments refer to."""
    return Plan(
        steps=tuple(to_step(step.id, step.tool, step.arguments, step.needs, step.why) for step in draft.steps),
        rationale=draft.rationale,
    )


def to_step(identifier: str, tool: str, arguments: Mapping[str, Any], needs: Iterable[str] = (), why: str = "") -> Step:
    """A step whose needs hold every step that its arguments refer to."""
    plain = {name: _unwrapped(value) for name, value in arguments.items()}
    needed = dict.fromkeys((*needs, *referenced(plain)))
    return Step(id=identifier, tool=tool, arguments=plain, needs=tuple(needed), why=why)


def check_call(call: str, arguments: Mapping[str, Any], done: Plan, catalogue: Catalogue) -> dict[str, Any]:
    """Check a tool call as a further step of a plan.

    Args:
        call: The tool.
        arguments: Its arguments, which may refer to steps of ``done``.
        done: All steps so far.
        catalogue: The tools.

    Returns:
        The arguments, unchanged.

    Raises:
        PlanInvalid: The step could not be carried out.
    """
    step = to_step(f"s{last_number(done) + 1}", call, arguments)
    check_plan(Plan(steps=(step,)), catalogue, known=[earlier.id for earlier in done.steps])
    return dict(arguments)


def further_steps(
    calls: Iterable[ToolCall], done: Plan, *, limit: int = MOST_FURTHER
) -> tuple[tuple[Step, ...], tuple[str, ...]]:
    """Tool calls that a model asks for in a review, as steps numbered on from the last.

    A call that repeats a step, or another call, is passed over: a model that keeps asking for the same adds nothing.

    Args:
        calls: What the model asks for, each found valid by `check_call`.
        done: All steps so far.
        limit: The most steps that are added.

    Returns:
        The steps, and a notice if some were left out.
    """
    seen = [(step.tool, step.arguments) for step in done.steps]
    steps: list[Step] = []
    repeated, beyond = 0, 0
    for call in calls:
        step = to_step(f"s{last_number(done) + len(steps) + 1}", call.name, call.arguments, why=_ADDED)
        if (step.tool, step.arguments) in seen:
            repeated += 1
        elif len(steps) == limit:
            beyond += 1
        else:
            seen.append((step.tool, step.arguments))
            steps.append(step)
    notices = []
    if repeated:
        notices.append(f"The model asked again for {counted(repeated, 'step')} of the plan; nothing is repeated.")
    if beyond:
        notices.append(f"The model asked for {counted(beyond, 'step')} beyond the {limit} that a review may add.")
    return tuple(steps), tuple(notices)


def _unwrapped(value: Any) -> Any:
    """A list around one reference is the reference itself: results that are lists stay lists."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str) and _REFERENCE.fullmatch(value[0]):
        return value[0]
    return value


def _describe(tool: Tool) -> str:
    returned = " ".join(tool.returns.split())
    return f"- {tool.name}({_signature(tool)}): {tool.summary}" + (f" Returns: {returned}" if returned else "")


def _signature(tool: Tool) -> str:
    schema = tool.schema()
    required = schema.get("required", ())
    parts = [f"{name}: {_type(part)}" for name, part in schema.get("properties", {}).items() if name in required]
    parts += [f"[{name}: {_type(part)}]" for name, part in schema.get("properties", {}).items() if name not in required]
    return ", ".join(parts) or "no arguments"


def _type(part: Mapping[str, Any]) -> str:
    """A schema's type in a word or two."""
    if "enum" in part:
        return "|".join(str(item) for item in part["enum"])
    if "const" in part:
        return str(part["const"])
    if "anyOf" in part:
        return " or ".join(dict.fromkeys(_type(option) for option in part["anyOf"]))
    if "$ref" in part:
        return part["$ref"].rsplit("/", 1)[-1]
    if part.get("type") == "array":
        return f"list of {_type(part.get('items', {}))}"
    return str(part.get("type", "any"))
