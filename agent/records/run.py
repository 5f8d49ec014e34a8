"""A run as a whole: reviews, what it has spent, and the head of its bundle."""

from __future__ import annotations

from pydantic import Field

from agent.records.asked import Brief, Goal, Question
from agent.records.base import BUNDLE_VERSION, Record, RunStatus, now
from agent.records.done import Step


class Review(Record):
    """What a reasoner makes of the evidence so far: enough, or further steps."""

    enough: bool
    notes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


class Usage(Record):
    """What a run has spent."""

    seconds: float = 0.0
    tool_calls: int = 0
    cached_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0

    def plus(self, other: Usage) -> Usage:
        """The two together."""
        return Usage(**{name: getattr(self, name) + getattr(other, name) for name in Usage.model_fields})


class RunInfo(Record):
    """The head of a bundle: ``run.json``."""

    bundle_version: int = BUNDLE_VERSION
    id: str
    goal: Goal
    brief: Brief | None = None
    status: RunStatus = "running"
    reasoner: str = "playbook"
    model: str | None = None
    seed: int = 0
    offline: bool = True
    started: str = Field(default_factory=now)
    finished: str | None = None
    versions: dict[str, str] = Field(default_factory=dict)
    budget_spent: Usage = Usage()
    question: Question | None = None
    error: str | None = None
    notes: tuple[str, ...] = ()
    """What the reader has to know: fallbacks, sources not searched, limits reached."""
