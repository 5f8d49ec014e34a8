"""Cancelling a step from beside a run, the order of steps, and which plans wait for a yes."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from support.science import ScriptedReasoner, small_catalogue

from agent import events as ev
from agent.errors import InputError
from agent.graphs.approval import reasons
from agent.memory.history import fold
from agent.memory.ledger import read_ledger
from agent.memory.tags import read_tags, write_tags
from agent.memory.wishes import WISHES, read_wishes, wish_cancel
from agent.records import Goal, Plan, Step
from agent.session import Session
from agent.settings import load_settings
from agent.tools import catalogue

TESTS = Path(__file__).parents[1]


def square(number: int, needs: tuple[str, ...] = ()) -> Step:
    return Step(id=f"s{number}", tool="square", arguments={"x": number}, needs=needs)


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHONPATH", str(TESTS))

    def make(reasoner: ScriptedReasoner, workers: int = 1, home: str = "home") -> Session:
        settings = load_settings(out=tmp_path / "runs", home=tmp_path / home, workers=workers).settings
        return Session(settings, tools=small_catalogue(), reasoner=reasoner)

    return make


def history_of(folder: Path):
    return fold(read_ledger(folder / "ledger.jsonl"))


async def test_a_wish_from_outside_cancels_a_running_step_and_the_rest_goes_on(work) -> None:
    slow = Step(id="s1", tool="square", arguments={"x": 1, "seconds": 60})
    async with work(ScriptedReasoner([slow, square(2)]), workers=2) as session:
        folder = session.begin(Goal(text="One is slow."))
        running = asyncio.create_task(session.carry_on(folder))
        while not any(
            isinstance(event, ev.StepStarted) and event.step == "s1" for event in read_ledger(folder / "ledger.jsonl")
        ):
            await asyncio.sleep(0.05)
        wish_cancel(folder, history_of(folder), "s1")
        outcome = await asyncio.wait_for(running, 180)
    history = history_of(folder)
    assert outcome.info.status == "finished"
    assert history.states["s1"].status == "skipped" and "cancelled" in history.states["s1"].message
    assert history.states["s2"].status == "ok"


async def test_a_wish_for_a_waiting_run_is_heeded_when_it_is_carried_on(work) -> None:
    async with work(ScriptedReasoner([square(1), square(2), square(3, ("s2",))])) as session:
        waiting = await session.run(Goal(text="Three squares."), approve=True)
        folder = waiting.bundle
        with (folder / WISHES).open("ab") as file:
            file.write(b'{"kind":"cancel","st')  # torn by a kill
        wish_cancel(folder, history_of(folder), "s2")
        await session.carry_on(folder, answer="yes")
    states = history_of(folder).states
    assert [states[key].status for key in ("s1", "s2", "s3")] == ["ok", "skipped", "skipped"]
    assert len(read_wishes(folder)) == 1
    with pytest.raises(InputError, match="has ended already"):
        wish_cancel(folder, history_of(folder), "s1")
    with pytest.raises(InputError, match="no step 's9'"):
        wish_cancel(folder, history_of(folder), "s9")


async def test_the_order_of_an_approved_plan_is_the_order_in_which_steps_begin(work) -> None:
    async with work(ScriptedReasoner([square(1), square(2), square(3)])) as session:
        folder = (await session.run(Goal(text="Three squares."), approve=True)).bundle
        await session.carry_on(folder, answer={"approve": True, "order": ["s3", "s1", "s2"]})
    begun = [event.step for event in read_ledger(folder / "ledger.jsonl") if isinstance(event, ev.StepStarted)]
    assert begun == ["s3", "s1", "s2"]
    assert list(history_of(folder).steps) == ["s3", "s1", "s2"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"order": ["s2", "s1"]}, "cannot come before s1"),
        ({"order": ["s7"]}, "no step 's7'"),
        ({"drop": ["s7"]}, "no step 's7'"),
    ],
)
async def test_an_order_that_cannot_be_is_refused(work, answer: dict[str, Any], told: str) -> None:
    async with work(ScriptedReasoner([square(1), square(2, ("s1",))])) as session:
        folder = (await session.run(Goal(text="Two squares."), approve=True)).bundle
        outcome = await session.carry_on(folder, answer=answer)
        assert outcome.info.status == "failed" and told in (outcome.info.error or "")
        outcome = await session.carry_on(folder, answer="yes")
    assert outcome.info.status == "finished"


async def test_a_cheap_plan_is_not_asked_about_where_only_costly_ones_are(work) -> None:
    async with work(ScriptedReasoner([square(1)])) as session:
        outcome = await session.run(Goal(text="One square."), approve="costly")
    assert outcome.info.status == "finished"


async def test_costly_steps_that_a_review_adds_are_shown_before_they_run(work) -> None:
    added = Step(id="s2", tool="ponder", arguments={"x": 4})

    def scripted() -> ScriptedReasoner:
        return ScriptedReasoner([square(1)], more=[[added, square(3)]])

    async with work(scripted()) as session:
        outcome = await session.run(Goal(text="One square."), approve="costly")
        folder = outcome.bundle
        assert outcome.question is not None and outcome.question.text.startswith("Run 2 further steps? Note: s2 ponder")
        assert history_of(folder).states["s1"].status == "ok"
        outcome = await session.carry_on(folder, answer="no")
        assert outcome.info.status == "stopped"
    async with work(scripted()) as session:
        outcome = await session.carry_on(folder)  # what was rejected is not run because somebody resumes
        assert outcome.info.status == "waiting"
        outcome = await session.carry_on(folder, answer={"drop": ["s2"]})
    assert outcome.info.status == "finished"
    assert [history_of(folder).states[key].status for key in ("s1", "s2", "s3")] == ["ok", "skipped", "ok"]


@pytest.mark.parametrize("home", ["home", "another"])
async def test_a_rejected_plan_does_not_run_when_the_run_is_resumed(work, home: str) -> None:
    async with work(ScriptedReasoner([square(1)])) as session:
        folder = (await session.run(Goal(text="One square."), approve=True)).bundle
    async with work(ScriptedReasoner([square(1)]), home=home) as session:  # with its checkpoint, and without
        outcome = await session.carry_on(folder, answer="no, not now")
        assert outcome.info.status == "stopped"
        outcome = await session.carry_on(folder)
        assert outcome.info.status == "waiting" and history_of(folder).states["s1"].status == "pending"
        outcome = await session.carry_on(folder, answer={"edit": {"s1": {"x": 5}}})
    assert outcome.info.status == "finished"
    assert history_of(folder).steps["s1"].arguments["x"] == 5


def test_long_computations_and_matches_of_the_screen_are_reasons_to_ask() -> None:
    tools = catalogue()
    relax = Step(id="s1", tool="relax_structures", arguments={})
    light = Step(id="s2", tool="resolve_molecule", arguments={})
    assert reasons([relax, light], tools) == ("s1 relax_structures may compute for up to 30 min",)
    assert reasons([light], tools) == ()
    assert len(reasons([light], tools, "match")) == 1


def test_a_plan_of_other_steps_keeps_the_order_of_the_old_ones() -> None:
    history = fold(
        [ev.PlanMade(plan=Plan(steps=(square(1), square(2)))), ev.PlanMade(plan=Plan(steps=(square(3),)), round=1)]
    )
    assert list(history.steps) == ["s1", "s2", "s3"]


def test_tags_are_kept_and_checked(tmp_path: Path) -> None:
    assert read_tags(tmp_path) == ()
    assert write_tags(tmp_path, ["#cox-2", "paper", "cox-2"]) == ("cox-2", "paper")
    assert read_tags(tmp_path) == ("cox-2", "paper")
    with pytest.raises(InputError, match="no tag"):
        write_tags(tmp_path, ["two words"])
    (tmp_path / "tags.json").write_text('{"not": "a list"}')
    assert read_tags(tmp_path) == ()
