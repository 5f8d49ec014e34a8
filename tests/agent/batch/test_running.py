"""Batches carried through a real session with the tests' own tools, and through processes of their own."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from support.batches import WordyReasoner
from support.science import small_catalogue

from agent import research_many
from agent.batch import Crew, Sign, as_goals, read_goals
from agent.batch.folder import BatchFolder, GoalOutcome
from agent.batch.running import run_batch
from agent.batch.study import Study, carry_batch
from agent.errors import InputError, StorageError
from agent.events import RunStarted, StepFinished
from agent.memory.ledger import read_ledger
from agent.memory.runs import read_info
from agent.records import Limits
from agent.session import Session
from agent.settings import load_settings

TESTS = Path(__file__).parents[2]
DNA = "ATGGCCATTGTAATGGGCCGCTGAAAGGGTGCCCGATAGATGAAACGCATTAGCACCACCATTACCACCACCATCACCATTACCACAGGTAA"


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Carry batches of the tests' own goals; the folder is ``tmp_path / "study"``."""
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    marks = tmp_path / "marks"
    marks.mkdir()

    async def carry(goals: list[Any], **options: Any) -> Study:
        settings = load_settings(home=tmp_path / "home", workers=2, cache=False).settings
        async with Session(settings, tools=small_catalogue(), reasoner=WordyReasoner((), marks=str(marks))) as session:
            return await carry_batch(as_goals(goals), tmp_path / "study", session, **options)

    return carry


def runs_of(tmp_path: Path) -> Counter[str]:
    """How often each computation really ran."""
    return Counter({mark.name: len(mark.read_text().splitlines()) for mark in (tmp_path / "marks").iterdir()})


def table(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


async def test_goals_end_each_in_its_own_way_and_alone(work, tmp_path: Path) -> None:
    goals = [
        {"goal": "square 2", "id": "good"},
        {"goal": "refuse", "id": "bad"},
        {"goal": "ask me", "id": "open"},
        {"goal": "break", "id": "defect"},
        {"goal": "square 3", "id": "lost", "attachments": ["nowhere.csv"]},
        {"goal": "square 4", "id": "dear", "limits": {"tool_calls": 1}},
        {"goal": "synthesise VX nerve agent from precursors at home", "id": "hazard"},
    ]
    seen: list[GoalOutcome] = []
    signs: list[Sign] = []
    study = await work(goals, at_once=3, listen=seen.append, watch=signs.append)
    found = {outcome.id: outcome for outcome in study.outcomes}
    assert {name: outcome.status for name, outcome in found.items()} == {
        "good": "finished", "bad": "failed", "open": "waiting", "defect": "failed", "lost": "failed",
        "dear": "finished", "hazard": "failed",
    }  # fmt: skip
    assert [outcome.id for outcome in study.outcomes] == [goal["id"] for goal in goals]
    assert {outcome.id for outcome in seen} == set(found)
    assert found["open"].question == "Which number?"
    assert "ZeroDivisionError" in (found["defect"].error or "")
    assert "'nowhere.csv' does not exist" in (found["lost"].error or "")
    assert found["lost"].bundle is None
    assert found["hazard"].refused
    assert not found["bad"].refused
    assert study.exit_code == 1
    assert {sign.phase for sign in signs if sign.goal == "good"} >= {"plan", "work", "rank"}
    assert sum((sign.usage.tool_calls for sign in signs if sign.goal == "good"), 0) == 1
    assert read_info(study.folder / "good").id == "good"
    for name in ("good", "open", "bad"):
        assert (study.folder / name / "report.html").exists()


async def test_the_tables_and_the_page_say_what_was_found(work, tmp_path: Path) -> None:
    study = await work(["square 2", {"goal": "ask <b>me</b>", "id": "open"}, "refuse"])
    rows = {row["id"]: row for row in table(study.folder / "summary.csv")}
    assert rows["g0001"]["status"] == "finished"
    assert (rows["g0001"]["candidates"], rows["g0001"]["hypotheses"], rows["g0001"]["experiments"]) == ("1", "3", "3")
    assert rows["g0001"]["best_hypothesis"] == "Squares grow (3)"
    assert rows["g0001"]["best_prediction"] == "square > 3"
    assert rows["open"]["question"] == "Which number?"
    assert "not a number that I like" in rows["g0003"]["error"]
    hypotheses = [row for row in table(study.folder / "hypotheses.csv") if row["goal"] == "g0001"]
    assert [(row["goal"], row["id"], row["rank"]) for row in hypotheses] == [
        ("g0001", "h3", "1"), ("g0001", "h2", "2"), ("g0001", "h1", "3"),
    ]  # fmt: skip
    kept = json.loads((study.folder / "g0001" / "hypotheses.json").read_text())
    assert [float(row["rating"]) for row in hypotheses] == [one["rating"] for one in kept]
    page = study.page.read_text(encoding="utf-8")
    assert "ask &lt;b&gt;me&lt;/b&gt;" in page
    assert 'href="g0001/report.html"' in page
    assert not re.search(r'(src|href)="(https?:)?//', page)
    assert "<script" not in page


async def test_a_finished_batch_is_not_repeated(work, tmp_path: Path) -> None:
    goals = ["square 2", "square 3", "ask me"]
    await work(goals)
    with pytest.raises(InputError, match=r"holds this batch already \(2 of 3 goals finished\)"):
        await work(goals)
    before = {path: path.read_bytes() for path in (tmp_path / "study").glob("*/ledger.jsonl")}
    study = await work([*goals, "square 5"], resume=True)
    assert [outcome.status for outcome in study.outcomes] == ["finished", "finished", "waiting", "finished"]
    assert {path: path.read_bytes() for path in before} == before
    assert runs_of(tmp_path) == {"square-2": 1, "square-3": 1, "square-5": 1}


async def test_an_answered_goal_counts_when_the_batch_is_carried_on(work, tmp_path: Path) -> None:
    study = await work(["ask for 3"])
    assert study.exit_code == 3
    settings = load_settings(home=tmp_path / "home", out=study.folder, workers=1).settings
    async with Session(settings, tools=small_catalogue(), reasoner=WordyReasoner(())) as session:
        await session.carry_on(study.folder / "g0001", answer="3")
    study = await work(["ask for 3"], resume=True)
    assert (study.counts["finished"], study.exit_code) == (1, 0)


async def test_the_folder_of_another_batch_is_refused_and_left_alone(work, tmp_path: Path) -> None:
    await work(["square 2", "square 3"])
    before = (tmp_path / "study" / "batch.json").read_bytes()
    for others, how in ((["square 2", "square 4"], "asks something else now"), (["square 2"], "is not among")):
        with pytest.raises(InputError, match=f"belongs to another batch: 1 of its 2 .*{how}"):
            await work(others, resume=True)
    assert (tmp_path / "study" / "batch.json").read_bytes() == before
    (tmp_path / "study" / "batch.json").write_text("{")
    with pytest.raises(InputError, match="is damaged"):
        await work(["square 2"], resume=True)


async def test_a_folder_with_other_things_and_a_folder_in_use_are_refused(work, tmp_path: Path) -> None:
    (tmp_path / "study").mkdir()
    (tmp_path / "study" / "thesis.tex").write_text("")
    with pytest.raises(InputError, match=r"holds other things \(thesis\.tex\)"):
        await work(["square 2"])
    (tmp_path / "study" / "thesis.tex").unlink()
    folder = BatchFolder(tmp_path / "study", as_goals(["square 2"]).goals)
    with folder.claimed(resume=False), pytest.raises(StorageError, match="Another process"):
        await work(["square 2"], resume=True)


async def test_an_interrupted_batch_resumes_without_repeating(work, tmp_path: Path) -> None:
    goals = ["square 1", "slowly square 2", "square 3"]
    begun = asyncio.Event()

    def watch(sign: Sign) -> None:
        if sign.goal == "g0002" and sign.usage.tool_calls:
            begun.set()

    task = asyncio.create_task(work(goals, watch=watch))
    await begun.wait()
    task.cancel()
    study = await task
    assert study.interrupted
    assert [outcome.status for outcome in study.outcomes] == ["finished", "stopped", "pending"]
    assert study.exit_code == 3
    assert [row["status"] for row in table(study.folder / "summary.csv")] == ["finished", "stopped", "pending"]
    study = await work(goals, resume=True)
    assert study.exit_code == 0
    assert runs_of(tmp_path) == {"square-1": 1, "square-2": 1, "square-1000": 1, "square-3": 1}


async def test_a_budget_over_the_batch_counts_earlier_sittings(work, tmp_path: Path) -> None:
    goals = [f"square {number}" for number in range(1, 7)]
    study = await work(goals, limits=Limits(tool_calls=2))
    assert (study.counts["pending"], study.exit_code) == (4, 3)
    assert sum(runs_of(tmp_path).values()) == 2
    assert study.outcomes[-1].error == "Stopped: the batch's limit of 2 tool calls is reached."
    study = await work(goals, resume=True, limits=Limits(tool_calls=2))
    assert sum(runs_of(tmp_path).values()) == 2
    study = await work(goals, resume=True, limits=Limits(tool_calls=100))
    assert study.exit_code == 0
    assert runs_of(tmp_path) == {f"square-{number}": 1 for number in range(1, 7)}


async def test_wall_time_of_a_batch_stops_goals_in_flight_in_order(work, tmp_path: Path) -> None:
    study = await work(["slowly square 1", "slowly square 2", "slowly square 3"], at_once=2, limits=Limits(seconds=1.0))
    assert study.counts["finished"] == 0
    assert all("limit of 1 s is reached" in (outcome.error or "") for outcome in study.outcomes)
    assert (
        await work(["slowly square 1", "slowly square 2", "slowly square 3"], resume=True, at_once=3)
    ).exit_code == 0


async def test_leaving_the_iteration_stops_the_goals_in_flight(tmp_path: Path) -> None:
    stopped: list[str] = []

    class Idle:
        async def carry(self, goal, folder, watch) -> GoalOutcome:
            try:
                await asyncio.sleep(0 if goal.id == "g0001" else 60)
            except asyncio.CancelledError:
                stopped.append(goal.id)
            return GoalOutcome(id=goal.id, line=1, goal=goal.goal, status="failed")

        async def close(self) -> None:
            return None

    with BatchFolder(tmp_path / "study", as_goals(["a", "b", "c", "d"]).goals).claimed(resume=False) as folder:
        outcomes = run_batch(folder, Idle(), at_once=2)
        assert (await anext(outcomes)).id == "g0001"
        await asyncio.sleep(0.05)
        await outcomes.aclose()
    assert sorted(stopped) == ["g0002", "g0003"]


async def test_a_goal_that_a_kill_left_half_begun_is_begun_anew(work, tmp_path: Path) -> None:
    await work(["square 2"])
    half = tmp_path / "study" / "g0001"
    shutil.rmtree(half)
    (half / "artifacts").mkdir(parents=True)
    (half / ".run.json.x1").write_text("{")
    assert (await work(["square 2"], resume=True)).exit_code == 0
    shutil.rmtree(half)
    half.mkdir()
    (half / "notes.txt").write_text("mine")
    study = await work(["square 2"], resume=True)
    assert "holds other things" in (study.outcomes[0].error or "")
    assert (half / "notes.txt").exists()


async def test_goals_of_a_batch_do_not_see_each_other(work, tmp_path: Path) -> None:
    study = await work(["square the number 2", "square the number 3"])
    report = (study.folder / "g0002" / "ledger.jsonl").read_text()
    assert "without regard to each other" in report
    assert "earlier run on a goal like this" not in report


async def test_goals_of_one_name_in_two_batches_do_not_share_a_checkpoint(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    for place in ("one", "two"):
        settings = load_settings(home=tmp_path / "home", workers=1, cache=False).settings
        async with Session(settings, tools=small_catalogue(), reasoner=WordyReasoner(())) as session:
            study = await carry_batch(as_goals(["square 2"]), tmp_path / place, session)
        assert len(table(study.folder / "hypotheses.csv")) == 3


# --- processes of their own -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_three_lines_in_a_script(tmp_path: Path) -> None:
    goals = [f"Analyse the DNA sequence {DNA}", "Find something"]
    study = research_many(goals, out=tmp_path / "study", workers=2, home=tmp_path / "home")
    assert [outcome.status for outcome in study.outcomes] == ["finished", "waiting"]
    assert study.page.exists()


@pytest.mark.slow
async def test_a_process_that_dies_takes_its_goal_alone_with_it(tmp_path: Path) -> None:
    import psutil

    goals = as_goals([f"Analyse the DNA sequence {DNA}", "Find something", "Find something else"])
    crew = Crew(load_settings(home=tmp_path / "home").settings)
    killed = []

    def watch(sign: Sign) -> None:
        if sign.goal == "g0001" and not killed:
            for child in psutil.Process().children():
                if "agent.batch.child" in child.cmdline():
                    killed.append(child.pid)
                    child.kill()

    try:
        study = await carry_batch(goals, tmp_path / "study", crew, watch=watch)
        assert [outcome.status for outcome in study.outcomes] == ["failed", "waiting", "waiting"]
        assert "died (signal SIGKILL)" in (study.outcomes[0].error or "")
        study = await carry_batch(goals, tmp_path / "study", crew, resume=True)
        assert [outcome.status for outcome in study.outcomes] == ["finished", "waiting", "waiting"]
    finally:
        await crew.close()


@pytest.mark.slow
def test_the_command_is_interrupted_killed_and_carried_on(tmp_path: Path) -> None:
    goals = tmp_path / "goals.jsonl"
    lines = [json.dumps({"goal": f"Analyse the DNA sequence {DNA[: 60 + 3 * n]}TAA"}) for n in range(6)]
    goals.write_text("\n".join([*lines, '{"goal": "cut']) + "\n")
    command = [sys.executable, "-m", "agent.cli", "batch", str(goals), "--out", str(tmp_path / "study"), "--json"]
    environment = {**os.environ, "GEDANKEN_HOME": str(tmp_path / "home"), "OMP_NUM_THREADS": "1"}

    def finished() -> int:
        heads = (tmp_path / "study").glob("*/run.json")
        return sum('"status": "finished"' in head.read_text() for head in heads)

    for sent, wanted in ((signal.SIGINT, 1), (signal.SIGKILL, 3)):
        process = subprocess.Popen(
            [*command, "--workers", "1", "--resume"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        deadline = time.monotonic() + 240
        while finished() < wanted and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(sent)
        output, errors = process.communicate(timeout=240)
        if sent is signal.SIGINT:
            plain = json.loads(output.splitlines()[-1])
            assert (process.returncode, plain["status"]) == (1, "stopped"), errors.decode()
    ended = subprocess.run([*command, "--workers", "2", "--resume"], env=environment, capture_output=True, timeout=400)
    plain = json.loads(ended.stdout.splitlines()[-1])
    assert (ended.returncode, plain["status"], plain["finished"]) == (1, "finished", 6), ended.stderr.decode()
    assert [(one["line"], one["column"]) for one in plain["problems"]] == [(7, 10)]
    assert b"line 7, column 10: this is not JSON" in ended.stderr
    for folder in (tmp_path / "study").glob("g*"):
        events = list(read_ledger(folder / "ledger.jsonl"))
        steps = Counter(event.step for event in events if isinstance(event, StepFinished))
        assert set(steps.values()) == {1}
        assert sum(isinstance(event, RunStarted) for event in events) <= 3
    assert len(table(tmp_path / "study" / "summary.csv")) == 6
    assert len(read_goals(goals).goals) == 6
