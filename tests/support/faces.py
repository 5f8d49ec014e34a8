"""What the tests of the terminal UI share: an app over a folder of made-up runs, and a command line that is a stub.

The stub keeps what it was called with, and carries a run to its end by a few ledger lines: no tool runs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from agent import events as ev
from agent.memory.ledger import Ledger
from agent.memory.runs import create_run, write_info
from agent.records import Goal, Plan, Question, RunInfo, Step
from tui.app import GedankenApp

STUB = """
import json, sys, time
from pathlib import Path

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
elif words[0] == "search":
    hit = {"document": "study.pdf", "page": 3, "start": 0, "end": 9, "score": 0.91, "text": "It dissolves well."}
    print(json.dumps({"query": "q", "hits": [hit]}))
elif words[0] == "ingest":
    print(json.dumps({"added": 2, "unchanged": 0, "replaced": 0, "failed": 1, "seconds": 0.5,
                      "files": [{"path": "bad.pdf", "outcome": "failed", "reason": "it is encrypted"}]}))
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
