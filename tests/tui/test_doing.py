"""What can be done to a run from the terminal besides starting it: steps, order, tags, files, pictures, rankings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.faces import WIDE, Lab, opened, type_line, until, words
from textual.widgets import Static

from agent.memory.tags import read_tags
from agent.memory.wishes import read_wishes
from tui.app import GedankenApp
from tui.dialogs.plan_form import PlanForm
from tui.dialogs.small import Ask, Choose, Page


async def test_a_step_is_cancelled_from_the_plan(lab: Lab) -> None:
    folder = lab.waiting_run()
    async with lab.app().run_test(size=WIDE) as pilot:
        await opened(pilot, folder)
        await pilot.press("f3", "down", "d")
        await until(pilot, lambda: read_wishes(folder))
        await pilot.press("f2")
        await type_line(pilot, "/cancel s3")
        await until(pilot, lambda: len(read_wishes(folder)) == 2)
        await type_line(pilot, "/cancel s9")
        await pilot.pause()
    assert [wish.step for wish in read_wishes(folder)] == ["s2", "s3"]


async def test_steps_are_reordered_as_far_as_their_needs_allow(lab: Lab) -> None:
    from agent import events as ev
    from agent.records import Goal, Plan, Question, RunInfo, Step

    question = Question(key="approve", text="Run this plan of 3 steps? Note: s3 is slow.", choices=("yes", "no"))
    steps = (
        Step(id="s1", tool="resolve_molecule", arguments={"molecule": "ethanol"}),
        Step(id="s2", tool="describe_molecules", arguments={"smiles": "${s1.data.smiles}"}, needs=("s1",)),
        Step(id="s3", tool="resolve_molecule", arguments={"molecule": "methanol"}),
    )
    info = RunInfo(id="waiting", goal=Goal(text="Two."), status="waiting", question=question)
    folder = lab.keep(
        info,
        [
            ev.RunStarted(run="waiting", goal="Two."),
            ev.PlanMade(plan=Plan(steps=steps)),
            ev.QuestionAsked(question=question),
        ],
    )
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, folder)
        await type_line(pilot, "/edit")
        await until(pilot, lambda: isinstance(app.screen, PlanForm) and app.screen._current)
        assert "s3 is slow" in str(app.screen.query_one(".title", Static).content)
        await pilot.press("down", "shift+up")  # s2 needs s1
        await pilot.pause()
        await pilot.press("down", "shift+up", "shift+up")
        await pilot.pause()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: lab.calls)
    call = lab.calls[0]
    assert json.loads(call[call.index("--answer") + 1]) == {"approve": True, "order": ["s3", "s1", "s2"]}


@pytest.mark.parametrize(("word", "option"), [("all", "--approve"), ("costly", "--approve-costly"), ("none", None)])
async def test_which_plans_wait_for_a_yes(lab: Lab, word: str, option: str | None) -> None:
    async with lab.app().run_test() as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await app.ready.wait()
        await type_line(pilot, "/confirm sometimes")
        await until(pilot, lambda: "is none of all, costly, none" in words(app))
        await type_line(pilot, f"/confirm {word}")
        await type_line(pilot, "Describe it")
        await until(pilot, lambda: lab.calls)
    assert [one for one in lab.calls[0] if one.startswith("--approve")] == ([option] if option else [])


async def test_runs_are_filed_under_words_and_found_by_them(lab: Lab, finished: Path) -> None:
    lab.waiting_run()
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, finished)
        await type_line(pilot, "/tag cox-2 paper")
        await until(pilot, lambda: read_tags(finished) == ("cox-2", "paper"))
        await type_line(pilot, "/tag")
        await until(pilot, lambda: "#cox-2 #paper" in words(app))
        await type_line(pilot, "/runs paper")
        await until(pilot, lambda: app.query("#runs") and app.query_one("#runs")._keys == [finished.name])  # type: ignore[attr-defined]
        await pilot.press("l")
        await until(pilot, lambda: isinstance(app.screen, Ask) and app.screen.focused)
        await pilot.press("ctrl+u", *"done", "enter")
        await until(pilot, lambda: read_tags(finished) == ("done",))


async def test_two_hypotheses_stand_side_by_side(lab: Lab, finished: Path) -> None:
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, finished)
        await pilot.press("f5", "c", "down", "c")
        await until(pilot, lambda: isinstance(app.screen, Page))
        told = str(app.screen.text)  # type: ignore[attr-defined]
        assert "h1" in told and "h2" in told and "│" in told and "criteria: h1, better supported" in told
        await pilot.press("escape")
        await type_line(pilot, "/hypotheses h1 h9")
        await until(pilot, lambda: "no hypothesis h9" in words(app))


async def test_a_verdict_is_used_when_ranking_anew(lab: Lab, finished: Path) -> None:
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, finished)
        app.record_verdict("h1", "rejected", "it does not")
        await type_line(pilot, "/rerank")
        await until(pilot, lambda: app.model is not None and app.model.history.hypotheses[0].id == "h2")


async def test_files_of_an_experiment_are_copied(lab: Lab, finished: Path, tmp_path: Path) -> None:
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, finished)
        await type_line(pilot, f"/export x1 {tmp_path / 'bench'}")
        await until(pilot, lambda: "written to" in words(app))
        await type_line(pilot, "/export x1 /proc/nowhere")
        await until(pilot, lambda: "cannot be copied" in words(app))
    assert "Hazards" in (tmp_path / "bench" / "x1.txt").read_text()


async def test_pictures_and_files_of_what_is_chosen(lab: Lab, finished: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, finished)
        shown: list[Path] = []
        files: list[Path] = []
        monkeypatch.setattr(app, "open_path", files.append)
        monkeypatch.setattr(app, "show_picture", lambda paths, title: shown.extend(paths))
        await type_line(pilot, "/picture c3")
        await until(pilot, lambda: shown and shown[0].suffix == ".svg")
        await pilot.press("o")
        await until(pilot, lambda: files)
        await pilot.press("f7", "down", "o")
        await until(pilot, lambda: isinstance(app.screen, Choose) and app.screen.focused)
        await pilot.press("enter")
        await until(pilot, lambda: len(files) == 2)
        await pilot.press("f2")
        await type_line(pilot, "/picture h1")
        await until(pilot, lambda: "Name a candidate" in words(app))


async def test_a_headless_screen_cannot_show_a_picture_and_says_so(lab: Lab, finished: Path) -> None:
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, finished)
        app.show_picture(list(finished.glob("artifacts/*.svg")), "c1")
        app.show_picture([], "c1")
        await pilot.pause()
        assert app.is_running


async def test_passages_are_read_in_their_pages(lab: Lab, finished: Path) -> None:
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, finished)
        await pilot.press("f7")
        app.query_one("#evidence").choose("e4")  # type: ignore[attr-defined]
        await pilot.press("p")
        await until(pilot, lambda: isinstance(app.screen, Page))
        assert "page 3" in str(app.screen.text) and "It dissolves & stays." in str(app.screen.text)  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", [(40, 10), (80, 24), (250, 70)])
async def test_without_colours_glyphs_and_words_say_the_same(
    lab: Lab, finished: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with lab.app().run_test(size=size) as pilot:
        app = await opened(pilot, finished)
        assert app.no_color
        for key in ("f3", "f4", "f5", "f6", "f7", "f8", "f9", "f2"):
            await pilot.press(key)
            await pilot.pause()
        assert "✓ finished" in words(app)
        assert not coloured(app)


def coloured(app: GedankenApp) -> set[str]:
    """Every colour on the screen that is no shade of grey."""
    found = set()
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            colour = segment.style.color if segment.style else None
            if colour is not None and colour.triplet is not None and len(set(colour.triplet)) > 1:
                found.add(str(colour.triplet))
    return found
