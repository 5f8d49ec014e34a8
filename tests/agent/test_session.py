"""Runs carried through a real session: real workers, a real checkpoint database, a real bundle on disk."""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from support.science import ScriptedReasoner, small_catalogue

from agent import events as ev
from agent.errors import InputError, StorageError
from agent.memory.ledger import read_ledger
from agent.memory.runs import read_info, run_folders, run_lock
from agent.records import Goal, Limits, Question, Step
from agent.session import Session
from agent.settings import load_settings

TESTS = Path(__file__).parents[1]


def square(number: int, x: float | None = None, **changes: Any) -> Step:
    return Step(id=f"s{number}", tool="square", arguments={"x": number if x is None else x}, **changes)


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Make sessions over one folder; they see the tests' own tools in their workers."""
    monkeypatch.setenv("PYTHONPATH", str(TESTS))

    def make(reasoner: ScriptedReasoner, **options: Any) -> Session:
        settings = load_settings(**({"out": tmp_path / "runs", "home": tmp_path / "home", "workers": 2} | options))
        return Session(settings.settings, tools=small_catalogue(), reasoner=reasoner)

    return make


async def test_a_goal_is_carried_through_to_a_bundle(work) -> None:
    reasoner = ScriptedReasoner(
        [
            square(1),
            square(2),
            Step(
                id="s3",
                tool="total",
                arguments={"numbers": ["${s1.data.square}", "${s2.data.square}"]},
                needs=("s1", "s2"),
            ),
        ]
    )
    seen: list[ev.Event] = []
    async with work(reasoner) as session:
        outcome = await session.run(Goal(text="square the numbers", seed=7), listen=seen.append)
    assert (outcome.info.status, outcome.exit_code, outcome.question) == ("finished", 0, None)
    plan = json.loads((outcome.bundle / "plan.json").read_text())
    assert [(step["id"], step["status"]) for step in plan["steps"]] == [("s1", "ok"), ("s2", "ok"), ("s3", "ok")]
    evidence = [json.loads(line) for line in (outcome.bundle / "evidence.jsonl").read_text().splitlines()]
    assert next(item for item in evidence if item["id"] == "e3")["values"][0]["value"] == 5
    hypotheses = json.loads((outcome.bundle / "hypotheses.json").read_text())
    assert [hypothesis["id"] for hypothesis in hypotheses] == ["h3", "h2", "h1"]
    assert hypotheses[0]["rating"] > hypotheses[1]["rating"] > hypotheses[2]["rating"]
    assert len(json.loads((outcome.bundle / "experiments.json").read_text())) == 3
    for name in ("run.json", "ledger.jsonl", "candidates.csv", "report.md", "report.html", "ro-crate-metadata.json"):
        assert (outcome.bundle / name).stat().st_size > 0
    kept = [event for event in seen if not isinstance(event, (ev.StepProgress, ev.ModelText))]
    assert list(read_ledger(outcome.bundle / "ledger.jsonl")) == kept


async def test_a_second_run_of_the_same_goal_remembers_every_call(work) -> None:
    for remembered in (0, 2):
        async with work(ScriptedReasoner([square(1), square(2)])) as session:
            outcome = await session.run(Goal(text="again"))
        assert outcome.info.budget_spent.cached_calls == remembered


async def test_failed_steps_stop_what_needs_them_and_nothing_else(work) -> None:
    reasoner = ScriptedReasoner(
        [
            Step(id="s1", tool="refuse", arguments={"x": 1}),
            square(2, needs=("s1",)),
            Step(id="s3", tool="nothing", optional=True),
            square(4, needs=("s3",)),
            Step(id="s5", tool="perish", arguments={"x": 1}),
            square(6),
            Step(id="s7", tool="square", arguments={"x": "${s3.data.x}"}, needs=("s3",)),
            Step(id="s8", tool="square", arguments={"y": 3}),
            Step(id="s9", tool="sqare", arguments={"x": 3}),
        ]
    )
    async with work(reasoner) as session:
        outcome = await session.run(Goal(text="go on"))
    steps = {step["id"]: step for step in json.loads((outcome.bundle / "plan.json").read_text())["steps"]}
    expected = ("error", "skipped", "empty", "ok", "error", "ok", "error", "error", "error")
    assert tuple(step["status"] for step in steps.values()) == expected
    assert "needs s1, which is 'error'" in steps["s2"]["message"]
    assert "SIGKILL" in steps["s5"]["message"]
    assert "'x' is not in the result of s3" in steps["s7"]["message"]
    assert "x: field required" in steps["s8"]["message"]
    assert "There is no tool 'sqare'" in steps["s9"]["message"]
    assert outcome.info.status == "finished"


async def test_a_run_in_which_nothing_worked_has_failed_and_says_why(work) -> None:
    async with work(ScriptedReasoner([Step(id="s1", tool="refuse", arguments={"x": 1})])) as session:
        outcome = await session.run(Goal(text="refuse me"))
    assert (outcome.info.status, outcome.exit_code) == ("failed", 1)
    assert "1 is not a number that I like" in (outcome.info.error or "")
    assert (outcome.bundle / "report.md").exists()


async def test_missing_inputs_are_asked_for_one_after_another(work) -> None:
    asked = (Question(key="seed", text="Which molecule?"), Question(key="count", text="How many?"))
    async with work(ScriptedReasoner([square(1)], ask=asked)) as session:
        outcome = await session.run(Goal(text="incomplete"))
        assert (outcome.info.status, outcome.exit_code) == ("waiting", 3)
        assert outcome.question == asked[0]
        assert (await session.carry_on(outcome.bundle)).question == asked[0]
    async with work(ScriptedReasoner([square(1)], ask=asked)) as session:
        outcome = await session.carry_on(outcome.bundle, answer="aspirin")
        assert outcome.question == asked[1]
        outcome = await session.carry_on(outcome.bundle, answer="3")
    assert outcome.info.status == "finished"
    assert outcome.info.brief is not None
    assert outcome.info.brief.options == {"seed": "aspirin", "count": "3"}


async def test_an_answer_reaches_a_run_whose_checkpoints_are_gone(work, tmp_path: Path) -> None:
    asked = (Question(key="seed", text="Which molecule?"),)
    async with work(ScriptedReasoner([square(1)], ask=asked)) as session:
        outcome = await session.run(Goal(text="incomplete"))
    async with work(ScriptedReasoner([square(1)], ask=asked), home=tmp_path / "another") as session:
        outcome = await session.carry_on(outcome.bundle, answer="aspirin")
    assert outcome.info.status == "finished"


async def test_an_answer_that_does_not_help_is_asked_for_again(work, tmp_path: Path) -> None:
    class Choosy(ScriptedReasoner):
        async def interpret(self, goal, context):
            helpful = {key: answer for key, answer in context.answers.items() if answer != "yes"}
            return await super().interpret(goal, replace(context, answers=helpful))

    def choosy() -> ScriptedReasoner:
        return Choosy([square(1)], ask=(Question(key="seed", text="Which molecule?"),))

    async with work(choosy()) as session:
        outcome = await session.run(Goal(text="incomplete"))
        for _ in range(2):
            outcome = await session.carry_on(outcome.bundle, answer="yes")
            assert (outcome.info.status, outcome.exit_code) == ("waiting", 3)
            assert outcome.question is not None
            assert outcome.question.text == "'yes' does not answer it. Which molecule?"
    async with work(choosy(), home=tmp_path / "another") as session:  # its checkpoints are gone
        outcome = await session.carry_on(outcome.bundle, answer="yes")
        assert outcome.exit_code == 3
        outcome = await session.carry_on(outcome.bundle, answer="aspirin")
    assert outcome.info.status == "finished"


async def test_an_answer_that_nobody_asked_for_is_refused(work) -> None:
    async with work(ScriptedReasoner([square(1)])) as session:
        outcome = await session.run(Goal(text="complete"))
        with pytest.raises(InputError, match="does not ask anything"):
            await session.carry_on(outcome.bundle, answer="42")


@pytest.mark.parametrize(
    ("answer", "status", "statuses"),
    [
        ("yes", "finished", {"s1": "ok", "s2": "ok"}),
        ("no, too costly", "stopped", {"s1": "pending", "s2": "pending"}),
        ({"approve": True, "drop": ["s2"]}, "finished", {"s1": "ok", "s2": "skipped"}),
        ({"approve": True, "edit": {"s1": {"x": 9}}}, "finished", {"s1": "ok", "s2": "ok"}),
    ],
)
async def test_a_plan_can_be_approved_rejected_and_changed(work, answer: Any, status: str, statuses: dict) -> None:
    async with work(ScriptedReasoner([square(1), square(2)])) as session:
        outcome = await session.run(Goal(text="ask me first"), approve=True)
        assert outcome.question is not None
        assert outcome.question.key == "approve"
        outcome = await session.carry_on(outcome.bundle, answer=answer)
    assert outcome.info.status == status
    steps = {step["id"]: step for step in json.loads((outcome.bundle / "plan.json").read_text())["steps"]}
    assert {name: step["status"] for name, step in steps.items()} == statuses
    if isinstance(answer, dict) and "edit" in answer:
        assert steps["s1"]["arguments"]["x"] == 9


async def test_reviews_extend_the_plan_and_are_bounded(work) -> None:
    more = [[square(2)], [square(3)], [square(4)], [square(5)]]
    async with work(ScriptedReasoner([square(1)], more=more)) as session:
        outcome = await session.run(Goal(text="more and more"))
    steps = json.loads((outcome.bundle / "plan.json").read_text())["steps"]
    assert [step["id"] for step in steps] == ["s1", "s2", "s3"]
    assert any("The plan was not extended" in note for note in outcome.info.notes)


async def test_a_budget_stops_between_steps_with_what_there_is(work) -> None:
    chain = [square(1), square(2, needs=("s1",)), square(3, needs=("s2",))]
    async with work(ScriptedReasoner(chain)) as session:
        outcome = await session.run(Goal(text="cheaply", limits=Limits(tool_calls=2)))
    assert (outcome.info.status, outcome.exit_code) == ("stopped", 3)
    assert "limit of 2 tool calls" in (outcome.info.error or "")
    statuses = [step["status"] for step in json.loads((outcome.bundle / "plan.json").read_text())["steps"]]
    assert statuses == ["ok", "ok", "skipped"]
    assert len(json.loads((outcome.bundle / "hypotheses.json").read_text())) == 3


async def test_one_step_can_be_cancelled_while_others_go_on(work) -> None:
    slow = Step(id="s1", tool="square", arguments={"x": 1, "seconds": 60})
    async with work(ScriptedReasoner([slow, square(2)])) as session:

        def listen(event: ev.Event) -> None:
            if isinstance(event, ev.StepFinished) and event.step == "s2":
                session.cancel_step(read_info(run_folders(session.settings.out)[0]).id, "s1")

        outcome = await session.run(Goal(text="impatient"), listen=listen)
    steps = json.loads((outcome.bundle / "plan.json").read_text())["steps"]
    assert [step["status"] for step in steps] == ["skipped", "ok"]
    assert steps[0]["message"] == "cancelled by the researcher"


async def test_a_stopped_run_resumes_where_it_was(work, tmp_path: Path) -> None:
    marks = str(tmp_path)
    plan = [
        Step(id="s1", tool="square", arguments={"x": 1, "marks": marks}),
        Step(id="s2", tool="square", arguments={"x": 2, "seconds": 0.4, "marks": marks}, needs=("s1",)),
    ]
    async with work(ScriptedReasoner(plan), cache=False) as session:
        begun = asyncio.Event()
        folder = session.begin(Goal(text="stop me"))

        def listen(event: ev.Event) -> None:
            if isinstance(event, ev.StepStarted) and event.step == "s2":
                begun.set()

        task = asyncio.create_task(session.carry_on(folder, listen=listen))
        await begun.wait()
        task.cancel()
        outcome = await task
        assert (outcome.info.status, outcome.exit_code) == ("stopped", 3)
        outcome = await session.carry_on(folder)
    assert outcome.info.status == "finished"
    assert len((tmp_path / "square-1").read_text().splitlines()) == 1
    assert len((tmp_path / "square-2").read_text().splitlines()) == 1


async def test_bad_beginnings_are_refused_by_name(work, tmp_path: Path) -> None:
    async with work(ScriptedReasoner([])) as session:
        with pytest.raises(InputError, match="goal is empty"):
            await session.run(Goal(text="  "))
        with pytest.raises(InputError, match=r"attachment 'missing\.cif' does not exist"):
            await session.run(Goal(text="look", attachments=("missing.cif",)))
    (tmp_path / "file").write_text("")
    async with work(ScriptedReasoner([]), out=tmp_path / "file" / "runs") as session:
        with pytest.raises(StorageError, match="the run's folder"):
            await session.run(Goal(text="nowhere"))


async def test_a_refused_goal_stays_refused_after_a_kill_between_screen_and_notice(work) -> None:
    async with work(ScriptedReasoner([square(1)])) as session:
        outcome = await session.run(Goal(text="How can I make sarin at home?"))
        assert (outcome.info.status, outcome.exit_code) == ("failed", 4)
        ledger = outcome.bundle / "ledger.jsonl"
        lines = ledger.read_text().splitlines(keepends=True)
        screened = next(i for i, line in enumerate(lines) if '"goal_screened"' in line)
        ledger.write_text("".join(lines[: screened + 1]))
        again = await session.carry_on(outcome.bundle)
    assert (again.info.status, again.exit_code) == ("failed", 4)
    assert not (again.bundle / "evidence.jsonl").read_text()


async def test_two_processes_do_not_carry_on_one_run(work) -> None:
    async with work(ScriptedReasoner([square(1)])) as session:
        folder = session.begin(Goal(text="mine"))
        with run_lock(folder), pytest.raises(StorageError, match="Another process"):
            await session.carry_on(folder)
        assert (await session.carry_on(folder)).info.status == "finished"


async def test_replay_compares_every_result(work) -> None:
    async with work(ScriptedReasoner([square(1), square(2)])) as session:
        outcome = await session.run(Goal(text="twice"))
        assert {c.verdict for c in await session.replay(outcome.bundle)} == {"same"}
        payload = (
            outcome.bundle / json.loads((outcome.bundle / "evidence.jsonl").read_text().splitlines()[0])["payload"]
        )
        payload.write_text(payload.read_text().replace('"square": 1.0', '"square": 1.5'))
        comparisons = await session.replay(outcome.bundle)
    assert [c.verdict for c in comparisons] == ["different", "same"]
    assert comparisons[0].reason == "result.data.square: 1.5 became 1.0"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_killed_run_resumes_to_the_same_result_and_repeats_no_finished_step(tmp_path: Path, seed: int) -> None:
    """`kill -9` at random moments until the run gets through; every finished step has run exactly once."""
    chance = random.Random(seed)
    out, home, marks = (tmp_path / name for name in ("runs", "home", "marks"))
    marks.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}

    def start(run: str = "") -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", "support.killable", str(out), str(home), str(marks), *([run] if run else [])]
        return subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def ledger_events() -> list[ev.Event]:
        folders = run_folders(out) if out.exists() else []
        return list(read_ledger(folders[0] / "ledger.jsonl")) if folders else []

    process = start()
    for _ in range(3):
        before = len(ledger_events())
        wanted = before + chance.randint(1, 14)
        deadline = time.monotonic() + 180
        while len(ledger_events()) < wanted and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(chance.random() * 0.05)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        (folder,) = run_folders(out)
        process = start(str(folder))
    output, errors = process.communicate(timeout=400)
    assert output.decode().strip() == "finished", errors.decode()

    (folder,) = run_folders(out)
    finished = Counter(event.step for event in ledger_events() if isinstance(event, ev.StepFinished))
    assert finished == Counter({f"s{n}": 1 for n in range(1, 14)})
    runs_of = {mark.name: len(mark.read_text().splitlines()) for mark in marks.iterdir()}
    assert set(runs_of) == {f"square-{n}" for n in range(1, 13)} | {"total"}
    # A step may be computed again only when the kill fell between its end and its line in the ledger: at most the
    # two steps in flight at each of the three kills.
    assert sum(runs_of.values()) - 13 <= 6
    evidence = [json.loads(line) for line in (folder / "evidence.jsonl").read_text().splitlines()]
    assert next(item for item in evidence if item["id"] == "e13")["values"][0]["value"] == sum(
        n * n for n in range(1, 13)
    )
    assert len(json.loads((folder / "hypotheses.json").read_text())) == 3
    assert read_info(folder).status == "finished"


@pytest.mark.parametrize("damage", ["gone", "empty"])
async def test_a_step_whose_result_a_power_cut_has_taken_is_done_again(work, tmp_path: Path, damage: str) -> None:
    """The ledger says that it finished, and its file was not on the disk yet: the run goes on as if it had not."""
    marks = tmp_path / "marks"
    marks.mkdir()
    steps = [_marked(number, marks) for number in (1, 2)]
    async with work(ScriptedReasoner(steps), cache=False) as session:
        outcome = await session.run(Goal(text="square one and two"))
    ledger = outcome.bundle / "ledger.jsonl"
    lines = ledger.read_bytes().splitlines(keepends=True)
    last = max(place for place, line in enumerate(lines) if b'"step_finished"' in line)
    ledger.write_bytes(b"".join(lines[: last + 1]))  # as a kill behind the last step leaves it
    head = json.loads((outcome.bundle / "run.json").read_text())
    (outcome.bundle / "run.json").write_text(json.dumps(head | {"status": "running"}))
    found = json.loads((outcome.bundle / "evidence.jsonl").read_text().splitlines()[0])
    payload = outcome.bundle / found["payload"]
    payload.unlink()
    if damage == "empty":
        payload.touch()
    async with work(ScriptedReasoner(steps), cache=False) as session:
        resumed = await session.carry_on(outcome.bundle)
    assert resumed.info.status == "finished"
    lost = f"square-{found['id'][1:]}"
    counts = {path.name: len(path.read_text().splitlines()) for path in marks.iterdir()}
    assert counts == {"square-1": 1, "square-2": 1} | {lost: 2}
    assert payload.stat().st_size > 0


def _marked(number: int, marks: Path) -> Step:
    return Step(id=f"s{number}", tool="square", arguments={"x": number, "marks": str(marks)})
