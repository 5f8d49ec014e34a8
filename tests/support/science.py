"""A small science for tests of the machinery: quick tools that leave marks, and a reasoner that follows a script."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agent.errors import RepairableToolError
from agent.reasoning.protocol import Context, Criticised, RunView
from agent.records import (
    Brief,
    CandidateDraft,
    Experiment,
    Factor,
    Goal,
    Hypothesis,
    Measurement,
    Plan,
    Prediction,
    Question,
    Result,
    Review,
    Step,
    Support,
    Text,
    Value,
    Verdict,
)
from agent.tools import Catalogue, empty, ok, tool
from agent.tools._declare import declared


def _mark(folder: str, name: str) -> None:
    """Leave one line for every time that a computation really ran."""
    if folder:
        with (Path(folder) / name).open("a") as file:
            file.write(f"{os.getpid()}\n")


@tool("data")
def square(x: float, seconds: float = 0.0, marks: str = "", until: str = "") -> Result:
    """Square a number, slowly if asked.

    Args:
        x: The number.
        seconds: How long to take.
        marks: Folder for marks.
        until: A file to wait for.
    """
    time.sleep(seconds)
    while until and not Path(until).exists():
        time.sleep(0.02)
    _mark(marks, f"square-{x:g}")
    return ok(
        f"{x:g} squared is {x * x:g}.",
        values=[Value(name="square", value=x * x)],
        data={"square": x * x},
        candidates=[
            CandidateDraft(kind="recipe", structure=f'{{"x": {x:g}}}', values=(Value(name="square", value=x * x),))
        ],
    )


@tool("data")
def total(numbers: list[float], marks: str = "") -> Result:
    """Add numbers.

    Args:
        numbers: What to add.
        marks: Folder for marks.
    """
    _mark(marks, "total")
    return ok(
        f"The sum is {sum(numbers):g}.", values=[Value(name="sum", value=sum(numbers))], data={"sum": sum(numbers)}
    )


@tool("data")
def nothing(marks: str = "") -> Result:
    """Look and find nothing.

    Args:
        marks: Folder for marks.
    """
    _mark(marks, "nothing")
    return empty("There was nothing to find.")


@tool("data")
def refuse(x: float) -> Result:
    """Refuse every number.

    Args:
        x: The number.
    """
    raise RepairableToolError(f"refuse: x: {x:g} is not a number that I like.", remedy="Give another.")


@tool("data", cost="heavy", seconds=1200)
def ponder(x: float) -> Result:
    """Give a number back, as if it took long.

    Args:
        x: The number.
    """
    return ok(f"{x:g} it is.", values=[Value(name="pondered", value=x)])


@tool("data")
def perish(x: float) -> Result:
    """Kill the worker.

    Args:
        x: Ignored.
    """
    os.kill(os.getpid(), 9)
    raise AssertionError("unreachable")


def small_catalogue() -> Catalogue:
    """The tools of this module."""
    return Catalogue({made.name: made for made in declared().values() if made.function.__module__ == __name__})


@dataclass
class ScriptedReasoner:
    """Follows a script: a plan, what reviews add, and three hypotheses about the largest square."""

    steps: Sequence[Step]
    more: Sequence[Sequence[Step]] = ()
    ask: tuple[Question, ...] = ()
    name: str = "scripted"
    compared: list[tuple[str, str]] = field(default_factory=list)

    async def interpret(self, goal: Goal, context: Context) -> Brief:
        missing = tuple(question for question in self.ask if question.key not in context.answers)
        return Brief(
            goal=goal.text, domain="general", playbook="scripted", missing=missing, options=dict(context.answers)
        )

    async def plan(self, brief: Brief, context: Context) -> Plan:
        return Plan(steps=tuple(self.steps), rationale="as scripted")

    async def review(self, view: RunView) -> Review:
        steps = self.more[view.round] if view.round < len(self.more) else ()
        return Review(enough=not steps, steps=tuple(steps))

    async def hypothesise(self, view: RunView) -> tuple[Hypothesis, ...]:
        return tuple(
            Hypothesis(
                id=f"h{number}",
                statement=Text(text=f"Squares grow ({number})"),
                mechanism=Text(text="Multiplication"),
                prediction=Prediction(quantity="square", relation=">", value=float(number)),
                refuted_by="a smaller square",
                evidence_for=(Support(source="e1", text=Text(text="it did")),),
                evidence_against=(Support(source="e1", text=Text(text="only once")),),
            )
            for number in (1, 2, 3)
            if view.evidence
        )

    async def critique(self, hypotheses: tuple[Hypothesis, ...], view: RunView) -> Criticised:
        return Criticised(hypotheses)

    async def compare(self, first: Hypothesis, second: Hypothesis, view: RunView) -> tuple[Verdict, ...]:
        self.compared.append((first.id, second.id))
        winner = "first" if first.prediction.value > second.prediction.value else "second"
        return (Verdict(first=first.id, second=second.id, winner=winner, judge="script"),)

    async def design(self, hypothesis: Hypothesis, view: RunView) -> Experiment:
        return Experiment(
            id=f"x-{hypothesis.id}",
            hypothesis=hypothesis.id,
            title="Square again",
            factors=(Factor(name="x", levels=("1", "2")),),
            controls=("x = 0",),
            replicates=3,
            sample_size=6,
            procedure=(Text(text="Square it."),),
            measurements=(Measurement(quantity="square", method="by hand"),),
            decision_rule=Text(text="Larger wins."),
            hazards=("none",),
            cost="none",
            duration="a minute",
        )
