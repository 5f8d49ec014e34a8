"""A process that carries goals of a batch one after another: ``python -m agent.batch.child``.

It reads JSON lines (its settings, then goals) and writes JSON lines (signs of life, then each goal's outcome). It ends
when its input does, and stops the goal in its hands in order first: a batch that is killed leaves runs that resume.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from agent.batch.carriers import LONGEST_LINE, InSession, Sign
from agent.batch.folder import GoalOutcome
from agent.batch.goals import BatchGoal
from agent.execution.startup import collect_seldom
from agent.session import Session
from agent.settings import Settings


async def main() -> None:
    """Serve goals until the input ends."""
    collect_seldom()
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)  # whatever a library prints goes to the error stream
    lines = asyncio.StreamReader(limit=LONGEST_LINE)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin.buffer)

    def answer(plain: dict[str, Any]) -> None:
        with contextlib.suppress(BrokenPipeError):  # the batch is gone; its goal is stopped when the input ends
            answers.write(json.dumps(plain, ensure_ascii=False).encode() + b"\n")

    first = await lines.readline()
    if not first:
        return
    async with Session(Settings(**json.loads(first))) as session:
        carrier = InSession(session)
        while line := await lines.readline():
            job = json.loads(line)
            if "goal" not in job:
                continue  # a stop that came when the goal had just ended
            goal = BatchGoal.model_validate(job["goal"])
            outcome = await _carry(carrier, goal, Path(job["folder"]), lines, answer)
            answer({"outcome": outcome.plain()})


async def _carry(
    carrier: InSession, goal: BatchGoal, folder: Path, lines: asyncio.StreamReader, answer: Any
) -> GoalOutcome:
    """Carry a goal; a line that arrives meanwhile (``stop``), or the end of the input, stops it."""

    def watch(sign: Sign) -> None:
        answer(sign.plain())

    work = asyncio.create_task(carrier.carry(goal, folder, watch))
    stop = asyncio.create_task(lines.readline())
    await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
    if not work.done():
        work.cancel()
    else:
        stop.cancel()
    await asyncio.wait({work})
    if work.cancelled():  # it was stopped before its run began
        return GoalOutcome(id=goal.id, line=goal.line, goal=goal.goal, status="pending")
    return work.result()


if __name__ == "__main__":
    asyncio.run(main())
