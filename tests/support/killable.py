"""A run in a process of its own, for tests that kill it: ``python -m support.killable OUT HOME MARKS [RUN]``."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from support.science import ScriptedReasoner, small_catalogue

from agent.records import Goal, Step
from agent.session import Session
from agent.settings import load_settings


def steps(marks: str) -> list[Step]:
    """Twelve squares, side by side, and their sum."""
    squares = [
        Step(id=f"s{n}", tool="square", arguments={"x": n, "seconds": 0.1, "marks": marks}) for n in range(1, 13)
    ]
    numbers = [f"${{s{n}.data.square}}" for n in range(1, 13)]
    needs = tuple(step.id for step in squares)
    return [*squares, Step(id="s13", tool="total", arguments={"numbers": numbers, "marks": marks}, needs=needs)]


async def main(out: str, home: str, marks: str, run: str = "") -> None:
    settings = load_settings(out=out, home=home, workers=2, cache=False).settings
    reasoner = ScriptedReasoner(steps(marks))
    async with Session(settings, tools=small_catalogue(), reasoner=reasoner) as session:
        if run:
            outcome = await session.carry_on(Path(run))
        else:
            outcome = await session.run(Goal(text="square the numbers"))
    print(outcome.info.status)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
