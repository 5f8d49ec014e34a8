"""What the tests of the terminal UI share: an app over a folder of made-up runs, and a command line that is a stub.

The stub keeps what it was called with, and carries a run to its end by a few ledger lines: no tool runs.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.css.query import NoMatches
from textual.pilot import Pilot
from textual.widgets import Static

from agent import events as ev
from agent.memory.ledger import Ledger
from agent.memory.runs import create_run, write_info
from agent.records import Goal, Plan, Question, RunInfo, Step
from tui.app import GedankenApp
from tui.widgets.composer import Composer

WIDE = (150, 40)

STUB = """
import json, signal, sys, time
from pathlib import Path

# As the command line itself: SIGINT stops it even where whoever started it ignores the signal (a job behind a shell).
signal.signal(signal.SIGINT, signal.default_int_handler)
words = sys.argv[1:]
calls = Path(__file__).with_name("calls.jsonl")
with calls.open("a") as file:
    file.write(json.dumps(words) + "\\n")
if words[0] == "resume":
    folder = Path(words[1])
    ledger = folder / "ledger.jsonl"
    at = "2026-01-02T03:04:05.678+00:00"
    lines = [{"kind": "run_started", "at": at, "run": folder.name, "goal": "g", "resumed": True}]
    if Path(__file__).with_name("slow").exists():
        with ledger.open("a") as file:
            file.write(json.dumps(lines.pop()) + "\\n")
        time.sleep(30)
    if "--answer" in words:
        given = words[words.index("--answer") + 1]
        lines.append({"kind": "question_answered", "at": at, "key": "approve", "answer": given})
    lines.append({"kind": "run_ended", "at": at, "status": "finished"})
    with ledger.open("a") as file:
        for line in lines:
            file.write(json.dumps(line) + "\\n")
    info = json.loads((folder / "run.json").read_text())
    info.update(status="finished", question=None)
    (folder / "run.json").write_text(json.dumps(info))
    ended = {"run": folder.name, "status": "finished", "bundle": str(folder), "question": None, "error": None}
    print(json.dumps(ended))
elif words[0] == "tell":
    if not Path(words[2]).exists():
        print(json.dumps({"run": None, "status": "failed", "error": f"The sheet {words[2]} cannot be read."}))
        sys.exit(2)
    belief = {"hypothesis": "h1", "state": "supported", "prior": 0.5, "posterior": 0.93, "log10_bayes_factor": 1.1,
              "reason": "The mean lies above the bound.", "experiment": "x1", "results": 2}
    print(json.dumps({"run": "r", "kept": ["x1-01"], "known": [], "blank": [], "beliefs": [belief],
                      "next": ["Measure the open samples of x2."]}))
elif words[0] == "campaign":
    common = {"campaign": words[2] if len(words) > 2 else "", "advice": "Measure the 2 open experiments."}
    print(json.dumps(common | {
        "new": {"folder": "campaigns/c"},
        "next": {"round": 2, "experiments": [{"experiment": 7, "point": {"temperature": 80.0}}], "sheet": "r2.csv"},
        "tell": {"kept": [7], "known": [], "blank": []},
        "report": {"results": 6, "open": [7], "report": "campaigns/c/report.md"},
    }.get(words[1], {})))
elif words[0] == "search":
    hit = {"document": "study.pdf", "page": 3, "start": 0, "end": 9, "score": 0.91, "text": "It dissolves well."}
    print(json.dumps({"query": "q", "hits": [hit]}))
elif words[0] == "ask":
    sentence = {"text": "Sulfonamides dissolve poorly.", "document": "/papers/study.pdf", "title": "Study", "page": 3,
                "start": 11, "end": 40, "passage": "p1", "clause": "",
                "context": "It is old. Sulfonamides dissolve poorly. So it is."}
    found = "sulfonamides" in words[-1]
    print(json.dumps({"question": "q", "found": found, "answer": [sentence] if found else [], "documents": 4,
                      "nearest": [] if found else [sentence], "disagreements": []}))
    sys.exit(0 if found else 1)
elif words[0] == "ingest":
    print(json.dumps({"added": 2, "unchanged": 0, "replaced": 0, "failed": 1, "seconds": 0.5,
                      "files": [{"path": "bad.pdf", "outcome": "failed", "reason": "it is encrypted"}]}))
elif words[:2] == ["call", "simulate_xrd"]:
    peaks = [{"two_theta": 31.7, "intensity": 100.0}, {"two_theta": 45.4, "intensity": 55.0}]
    print(json.dumps({"status": "ok", "summary": "Two reflections.", "data": {"structure": "NaCl", "peaks": peaks}}))
elif words[0] == "call":
    print(json.dumps({"status": "ok", "summary": "Two were described.", "values": [{"name": "mass", "value": 46.07,
                      "unit": "g/mol", "uncertainty": None}], "seconds": 0.1, "cached": False}))
"""


class Lab:
    """A home, a folder of runs, and a stub of the command line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.out = folder / "runs"
        self.out.mkdir()
        self.stub = folder / "stub.py"
        self.stub.write_text(STUB)

    def app(self) -> GedankenApp:
        return GedankenApp(home=self.folder / "home", out=self.out, command=(sys.executable, str(self.stub)))

    def slow(self) -> None:
        """Let runs go on until they are stopped."""
        (self.folder / "slow").touch()

    @property
    def calls(self) -> list[list[str]]:
        path = self.folder / "calls.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def waiting_run(self, question: Question | None = None) -> Path:
        """A run whose plan waits for approval (or that asks another question)."""
        question = question or Question(key="approve", text="Run this plan of 3 steps?", choices=("yes", "no"))
        info = RunInfo(
            id="20260102-000000-000-waiting", goal=Goal(text="Describe ethanol"), status="waiting", question=question
        )
        steps = (
            Step(id="s1", tool="resolve_molecule", arguments={"molecule": "ethanol"}, why="Find the structure."),
            Step(id="s2", tool="describe_molecules", arguments={"smiles": "${s1.data.smiles}"}, needs=("s1",)),
            Step(id="s3", tool="find_similar_molecules", arguments={"smiles": ["CCO"], "count": 5}, needs=("s2",)),
        )
        events: list[Any] = [
            ev.RunStarted(run=info.id, goal=info.goal.text),
            ev.PlanMade(plan=Plan(steps=steps, rationale="Resolve, then describe.")),
            ev.QuestionAsked(question=question),
            ev.RunEnded(status="waiting", reason=question.text),
        ]
        return self.keep(info, events)

    def keep(self, info: RunInfo, events: list[Any]) -> Path:
        folder = create_run(self.out, info)
        write_info(folder, info)
        ledger = Ledger(folder)
        for event in events:
            ledger.append(event)
        return folder


def words(app: GedankenApp) -> str:
    """Everything that the transcript says."""
    from tui.widgets.transcript import Entry

    return "\n".join(str(entry.content) for entry in app.screen_stack[0].query(Entry))


def detail_of(app: GedankenApp, view: str) -> str:
    """What the details of a view show."""
    return str(app.query_one(f"#{view} .detail Static", Static).content)


async def until(pilot: Pilot[int], holds: Callable[[], object], seconds: float = 30.0) -> None:
    """Wait until something holds (what is asked about may not be there yet); fail if it never does."""
    for _ in range(int(seconds / 0.05)):
        await pilot.pause(0.05)
        with contextlib.suppress(NoMatches):
            if holds():
                return
    raise AssertionError("it did not come to hold in time")


async def type_line(pilot: Pilot[int], line: str) -> None:
    """Write a line in the composer and send it."""
    if len(pilot.app.screen_stack) == 1:
        await pilot.app.run_action("view('chat')")
    pilot.app.query_one(Composer).put(line)
    await pilot.press("enter")
    await pilot.pause()


async def opened(pilot: Pilot[int], folder: Path) -> GedankenApp:
    app = pilot.app
    assert isinstance(app, GedankenApp)
    await app.ready.wait()
    await type_line(pilot, f"/open {folder.name}")
    await until(pilot, lambda: app.model is not None and app.model.seen)
    await pilot.pause(0.2)
    return app
