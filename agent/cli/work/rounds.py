"""``gedanken tell`` and ``gedanken loop``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.cli.command import Given
from agent.cli.shell import print_json
from agent.cli.showing.running import make_display
from agent.events import Event
from agent.memory.history import History
from agent.memory.live import LiveFile
from agent.memory.runs import find_run
from agent.records import Belief, Goal
from agent.session import Session
from agent.session.telling import Told
from agent.units import counted


@dataclass(frozen=True)
class Bench:
    """The simulated laboratory that is wanted.

    Attributes:
        noise: Noise, in repeatabilities of each method.
        failures: Share of lost samples, 0 to 0.9.
        faults: Share of blocks without a signal, 0 to 0.9.
        delay: Most turns that a reading is late.
        truth: A table of true values (CSV).
    """

    noise: float
    failures: float
    faults: float
    delay: int
    truth: Path | None


async def tell_run(run: str, words: Sequence[str], given: Given) -> int:
    """``gedanken tell RUN SHEET.csv`` or ``gedanken tell RUN x1-07=-3.1``."""
    folder = find_run(given.settings.out, run)
    sheet = len(words) == 1 and "=" not in words[0]
    async with Session(given.settings) as session:
        told = await session.tell(folder, Path(words[0]) if sheet else list(words))
    if given.as_json:
        print_json(
            {
                "run": folder.name,
                "kept": [one.sample for one in told.kept],
                "known": list(told.known),
                "blank": list(told.blank),
                "ignored": list(told.ignored),
                "beliefs": [_plain(one) for one in told.beliefs],
                "next": list(told.next_steps),
                "designed": [one.id for one in told.designed],
                "report": str((folder / "report.html").resolve()),
            }
        )
        return 0
    print(_counted(told))
    for belief in told.beliefs:
        print(f"\n{belief.hypothesis} {belief.state}: {belief.reason.text}")
    if told.next_steps:
        print("\nNext:")
        for step in told.next_steps:
            print(f"  {step}")
    print(f"\nReport: {folder / 'report.html'}")
    return 0


async def loop_goal(goal: Goal, rounds: int, target: int | None, bench: Bench | None, given: Given) -> int:
    """``gedanken loop GOAL --rounds N --simulate``."""
    from agent.campaign.loop import LoopOutcome, run_loop

    async with Session(given.settings) as session:
        folder = _existing(given.settings.out, goal.text) or session.begin(goal)
        laboratory = None if bench is None else _laboratory(session, folder, bench, goal.seed)

        def watch(number: int, told: Told, history: History) -> None:
            print(f"round {number}: {_counted(told)}", file=sys.stderr, flush=True)
            for belief in told.beliefs:
                if belief.state != "undecided" or not told.blank:
                    probability = f"{belief.prior:.2g} -> {belief.posterior:.3g}"
                    print(f"  {belief.hypothesis} {belief.state} ({probability})", file=sys.stderr, flush=True)

        with make_display(given.as_json) as display, LiveFile(folder) as live:

            def listen(event: Event) -> None:
                display.show(event)
                live.show(event)

            ended: LoopOutcome = await run_loop(
                session, folder, rounds=rounds, target=target, laboratory=laboratory, listen=listen, watch=watch
            )
    if given.as_json:
        print_json(
            {
                "run": folder.name,
                "status": ended.outcome.info.status,
                "bundle": str(folder.resolve()),
                "question": ended.outcome.question.plain() if ended.outcome.question else None,
                "error": ended.outcome.info.error,
                "ending": ended.ending,
                "rounds": ended.rounds,
                "results": len(ended.history.results),
                "supported": list(ended.count("supported")),
                "refuted": list(ended.count("refuted")),
                "undecided": list(ended.count("undecided")),
                "open": [plan.id for plan in ended.open],
                "sheets": _sheets(folder, ended),
            }
        )
        return ended.exit_code
    print(_story(ended))
    for sheet in _sheets(folder, ended) if ended.ending == "waiting" else ():
        print(f"  {sheet}")
    if ended.ending == "waiting" and ended.open:
        print(f"Fill the sheets in, then: gedanken tell {folder} SHEET.csv, and: gedanken loop {folder}")
    print(f"Report: {folder / 'report.html'}")
    return ended.exit_code


def _existing(out: Path, name: str) -> Path | None:
    """The run that is meant, where the words name one and are no goal."""
    if any(letter.isspace() for letter in name) and not Path(name).is_dir():
        return None
    return find_run(out, name)


def _laboratory(session: Session, folder: Path, bench: Bench, seed: int) -> Callable[[History], Any]:
    """Makes the simulated laboratory of a run when there is something to measure."""
    from agent.campaign.instruments import Instruments
    from agent.campaign.robot import read_protocols
    from agent.campaign.truth import Truth, read_truth
    from agent.memory.runs import read_info
    from agent.reasoning.hypotheses.table import tabulate

    known = {} if bench.truth is None else read_truth(bench.truth)
    troubles = {"noise": bench.noise, "failures": bench.failures, "faults": bench.faults, "delay": bench.delay}

    def make(history: History) -> Instruments:
        view = session.work_on(folder, read_info(folder), history).view()
        hypotheses = {one.id: one for one in history.hypotheses}
        truth_of_run = Truth(tabulate(view), hypotheses, seed, known)
        return Instruments(truth_of_run, seed=seed, protocols=lambda plan: read_protocols(folder, plan), **troubles)

    return make


def _counted(told: Told) -> str:
    """What a telling brought, in one sentence."""
    failed = sum(one.failed for one in told.kept)
    said = f"{counted(len(told.kept), 'result')} kept" + (f" ({failed} of failed samples)" if failed else "")
    if told.known:
        said += f", {len(told.known)} were known before"
    if told.blank:
        said += f", {counted(len(told.blank), 'row')} still empty"
    if told.ignored:
        said += f"; columns not read: {', '.join(told.ignored)}"
    return said + "."


def _plain(belief: Belief) -> dict[str, Any]:
    """A belief for programs: its reason as a string."""
    return {**belief.plain(), "reason": belief.reason.text}


def _sheets(folder: Path, ended: Any) -> list[str]:
    """The results sheets of open plans."""
    return [
        str(folder / one.path)
        for plan in ended.open
        for one in plan.files
        if one.media_type == "text/csv" and "results" in one.name
    ]


def _story(ended: Any) -> str:
    """How it ended, in a few lines."""
    said = {
        "target": "The target is reached.",
        "decided": "Nothing is left to be tested.",
        "rounds": "The rounds are used up; the next plan is ready.",
        "waiting": "The run waits for an answer." if ended.outcome.question else "The run waits for results.",
        "unfinished": ended.outcome.info.error or "The run has planned no experiment.",
    }[ended.ending]
    counts = [f"{len(ended.count(state))} {state}" for state in ("supported", "refuted", "undecided")]
    results = counted(len(ended.history.results), "result")
    return f"\n{said} {counted(ended.rounds, 'round')}, {results}: {', '.join(counts)}."
