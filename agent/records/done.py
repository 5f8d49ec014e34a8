"""What is done: plans of steps."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from agent.records.base import Record, StepStatus


class Step(Record):
    """One tool call of a plan.

    Arguments may point to the outcome of an earlier step: a string ``${s1.data.smiles}`` is replaced, before the call,
    by that part of step ``s1``'s result. Such a step has ``s1`` among its needs.
    """

    id: str = Field(pattern=r"^s\d+$")
    tool: str
    arguments: dict[str, Any] = Field(default_factory=dict)
    needs: tuple[str, ...] = ()
    why: str = ""
    optional: bool = False
    """An optional step that fails or is empty does not stop the steps that need it; they see nothing from it."""


class Plan(Record):
    """A directed acyclic graph of steps."""

    steps: tuple[Step, ...]
    rationale: str = ""


class StepState(Record):
    """Where a step stands: what ``plan.json`` shows beside it."""

    status: StepStatus = "pending"
    seconds: float | None = None
    cached: bool = False
    message: str = ""
