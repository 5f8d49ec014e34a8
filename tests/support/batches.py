"""A reasoner whose plan is written in the goal's own words, for tests that carry many goals through."""

from __future__ import annotations

import re
from dataclasses import dataclass

from support.science import ScriptedReasoner

from agent.reasoning.protocol import Context
from agent.records import Brief, Goal, Plan, Question, Step


@dataclass
class WordyReasoner(ScriptedReasoner):
    """``square 3`` squares, ``slowly`` takes a while, ``until FILE`` waits for a file after that, ``refuse`` fails,
    ``ask`` asks, ``break`` is a defect."""

    marks: str = ""

    async def interpret(self, goal: Goal, context: Context) -> Brief:
        if "break" in goal.text:
            raise ZeroDivisionError("a defect in the reasoner")
        question = Question(key="which", text="Which number?")
        missing = (question,) if "ask" in goal.text and "which" not in context.answers else ()
        return Brief(goal=goal.text, domain="general", playbook="wordy", missing=missing)

    async def plan(self, brief: Brief, context: Context) -> Plan:
        if "refuse" in brief.goal:
            return Plan(steps=(Step(id="s1", tool="refuse", arguments={"x": 1}),))
        found = re.search(r"\d+", brief.goal)
        arguments = {"x": float(found[0]) if found else 1.0, "marks": self.marks}
        first = Step(id="s1", tool="square", arguments=arguments)
        awaited = re.search(r"until (\S+)", brief.goal)
        if "slowly" not in brief.goal and not awaited:
            return Plan(steps=(first,))
        pause = {"until": awaited[1]} if awaited else {"seconds": 1.5}
        slow = Step(id="s2", tool="square", arguments=arguments | pause | {"x": 1000.0}, needs=("s1",))
        return Plan(steps=(first, slow))
