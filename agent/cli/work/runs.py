"""``run``, ``resume``, ``cancel``, ``replay`` and ``runs``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from agent.cli.command import Given
from agent.cli.shell import print_json
from agent.cli.showing.outcome import print_outcome
from agent.cli.showing.running import make_display
from agent.errors import GedankenError, InputError
from agent.events import Event
from agent.memory.live import LiveFile
from agent.memory.runs import find_run, read_info, run_folders
from agent.records import Approval, Goal, Question
from agent.session import RunOutcome, Session
from agent.units import counted


async def run_goal(goal: Goal, approve: Approval, given: Given) -> int:
    """``gedanken run GOAL``."""
    async with Session(given.settings) as session:
        outcome = await _watched(session, session.begin(goal), None, approve, given.as_json)
        return await _conclude(session, outcome, given.as_json)


async def resume_run(run: str, answer: str | None, approve: Approval, given: Given) -> int:
    """``gedanken resume RUN``."""
    folder = find_run(given.settings.out, run)
    told = None if answer is None else _read_answer(answer)
    async with Session(given.settings) as session:
        outcome = await _watched(session, folder, told, approve, given.as_json)
        return await _conclude(session, outcome, given.as_json)


async def cancel_step(run: str, step: str, given: Given) -> int:
    """``gedanken cancel RUN STEP``."""
    from agent.memory.history import fold
    from agent.memory.ledger import LEDGER, read_ledger
    from agent.memory.wishes import wish_cancel

    folder = find_run(given.settings.out, run)
    wish_cancel(folder, fold(read_ledger(folder / LEDGER)), step)
    given.say(
        {"run": folder.name, "cancel": step},
        f"{step} of {folder.name} is cancelled as soon as the process that carries the run on sees it.",
    )
    return 0


async def _watched(session: Session, folder: Path, answer: Any, approve: Approval, as_json: bool) -> RunOutcome:
    """Carry a run on, showing it here and to whoever else watches its folder."""
    with make_display(as_json) as display, LiveFile(folder) as live:

        def listen(event: Event) -> None:
            display.show(event)
            live.show(event)

        return await session.carry_on(folder, answer=answer, approve=approve, listen=listen)


def _read_answer(words: str) -> Any:
    """An answer as given on the command line: a JSON object (changes to a plan), or words."""
    if words.lstrip().startswith("{"):
        try:
            return json.loads(words)
        except ValueError as error:
            raise InputError(
                f"The answer begins like a JSON object and is none: {error}.",
                remedy='Write it as in {"drop": ["s3"], "edit": {"s2": {"count": 20}}}, or answer in words.',
            ) from error
    return words


async def replay_run(run: str, given: Given) -> int:
    """``gedanken replay RUN``."""
    folder = find_run(given.settings.out, run)

    def show(comparison: Any) -> None:
        mark = {"same": "✓", "different": "✗", "not compared": "?"}[comparison.verdict]
        line = f"{mark} {comparison.step} {comparison.tool}: {comparison.verdict}"
        print(f"{line} ({comparison.reason})" if comparison.reason else line, file=sys.stderr)

    async with Session(given.settings) as session:
        comparisons = await session.replay(folder, show)
    same = sum(comparison.verdict == "same" for comparison in comparisons)
    given.say(
        {"run": folder.name, "same": same, "steps": [comparison.plain() for comparison in comparisons]},
        f"{same} of {counted(len(comparisons), 'step')} gave the same result again.",
    )
    return 0 if same == len(comparisons) else 1


async def list_runs(given: Given) -> int:
    """``gedanken runs``."""
    rows = []
    for folder in run_folders(given.settings.out):
        try:
            info = read_info(folder)
            rows.append({"run": info.id, "status": info.status, "goal": info.goal.text})
        except GedankenError as error:
            rows.append({"run": folder.name, "status": "unreadable", "goal": str(error)})
    lines = [f"{row['run']}  {row['status']:<10}  {row['goal'][:80]}" for row in rows]
    given.say({"runs": rows}, "\n".join(lines) or f"No runs in {given.settings.out}.")
    return 0


async def _conclude(session: Session, outcome: RunOutcome, as_json: bool) -> int:
    """Answer questions where somebody is there to answer, then say how it ended."""
    while outcome.question is not None and not as_json and sys.stdin.isatty() and sys.stderr.isatty():
        answer = _prompt(outcome.question)
        if answer is None:
            break
        outcome = await _watched(session, outcome.bundle, answer, False, as_json)
    if as_json:
        print_json(
            {
                "run": outcome.info.id,
                "status": outcome.info.status,
                "bundle": str(outcome.bundle.resolve()),
                "question": outcome.question.plain() if outcome.question else None,
                "error": outcome.info.error,
            }
        )
    else:
        print_outcome(outcome)
    return outcome.exit_code


def _prompt(question: Question) -> str | None:
    """Ask on the terminal; ``None`` when nobody answers."""
    print(f"\n{question.text}", file=sys.stderr)
    if question.choices:
        print(f"  ({' / '.join(question.choices)})", file=sys.stderr)
    try:
        answer = input("> ").strip()
    except EOFError:
        return None
    return answer or question.default
