"""What a reasoner is: the one protocol that the graph drives, whoever thinks behind it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from agent.events import Event
from agent.records import (
    Brief,
    Candidate,
    Citation,
    Evidence,
    Experiment,
    Goal,
    Hypothesis,
    Plan,
    Quantity,
    Result,
    Review,
    Verdict,
)
from agent.tools import Catalogue

CallTool = Callable[[str, Mapping[str, Any]], Awaitable[Result]]
"""Calls a tool outside the plan (to resolve a name, to size an experiment); cached and limited like any other call."""


def _ignore(_: Event) -> None:
    return None


@dataclass(frozen=True)
class Context:
    """What a reasoner may use besides the goal.

    Attributes:
        catalogue: The tools that a plan may name.
        call: Calls a tool now.
        answers: The researcher's answers to earlier questions, by question key.
        documents: How many documents the knowledge store holds (0: plans need no literature step).
        say: Tells the faces what happens (notices, streamed text).
    """

    catalogue: Catalogue
    call: CallTool
    answers: Mapping[str, str] = field(default_factory=dict)
    documents: int = 0
    say: Callable[[Event], None] = _ignore


@dataclass(frozen=True)
class RunView:
    """A run as it stands: what reviewing, hypothesising and designing work from.

    Attributes:
        goal: As asked.
        brief: As understood.
        plan: All steps so far.
        evidence: By evidence id, in order.
        candidates: The run's table, ranked once ranking has happened; withheld ones are not in it.
        payload: Gives the ``data`` of an evidence's result.
        context: Tools, answers, and the way to speak.
        round: How often the plan was extended.
    """

    goal: Goal
    brief: Brief
    plan: Plan
    evidence: Mapping[str, Evidence]
    candidates: tuple[Candidate, ...]
    payload: Callable[[str], Mapping[str, Any]]
    context: Context
    round: int = 0

    def citations(self) -> tuple[Citation, ...]:
        """Every passage that the evidence brought."""
        return tuple(citation for item in self.evidence.values() for citation in item.citations)

    def quantities(self) -> dict[str, Quantity]:
        """The registry of values: ``e3.name`` for a step's values, ``c5.logP`` for a candidate's."""
        registry = {
            f"{item.id}.{value.name}": Quantity(source=item.id, **value.model_dump())
            for item in self.evidence.values()
            for value in item.values
        }
        for candidate in self.candidates:
            registry |= {f"{candidate.id}.{name}": quantity for name, quantity in candidate.quantities.items()}
        return registry


@dataclass(frozen=True)
class Criticised:
    """What a critique leaves.

    Attributes:
        hypotheses: Kept, sharpened or merged, each with its critique.
        dropped: Those that are not worth a test, with the reason in their critique.
    """

    hypotheses: tuple[Hypothesis, ...]
    dropped: tuple[Hypothesis, ...] = ()


class Reasoner(Protocol):
    """Interprets, plans, reviews, hypothesises, criticises, compares, designs."""

    name: str

    async def interpret(self, goal: Goal, context: Context) -> Brief:
        """Understand a goal; what is missing is listed as questions, not guessed."""
        ...

    async def plan(self, brief: Brief, context: Context) -> Plan:
        """Make the steps, numbered from ``s1``."""
        ...

    async def review(self, view: RunView) -> Review:
        """Judge the evidence so far: enough, or further steps (numbered on from the last)."""
        ...

    async def hypothesise(self, view: RunView) -> tuple[Hypothesis, ...]:
        """Infer falsifiable hypotheses from the evidence."""
        ...

    async def critique(self, hypotheses: tuple[Hypothesis, ...], view: RunView) -> Criticised:
        """Say what speaks against each, merge what means the same, sharpen or drop what cannot stand."""
        ...

    async def compare(self, first: Hypothesis, second: Hypothesis, view: RunView) -> tuple[Verdict, ...]:
        """Judge a pair on the stated criteria; a judge whose answer depends on the order is asked in both."""
        ...

    async def design(self, hypothesis: Hypothesis, view: RunView) -> Experiment:
        """Plan the experiment that tests a hypothesis."""
        ...
