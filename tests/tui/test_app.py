"""Every command, dialog and view, with keys pressed by Textual's pilot and a stub in place of the command line."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest
from support.faces import WIDE, Lab, detail_of, opened, type_line, until, words
from support.sample_run import make_run
from textual.pilot import Pilot
from textual.widgets import DataTable, Input, OptionList, Static

from agent.memory.live import LIVE, process_start
from agent.memory.opinions import read_opinions
from agent.records import Question
from tui import open_app
from tui.app import GedankenApp
from tui.commands.table import COMMANDS
from tui.dialogs.help import Help
from tui.dialogs.plan_form import FieldRow, PlanForm
from tui.dialogs.small import Ask, Choose, Page
from tui.runs.follow import Follower, RunModel
from tui.widgets.bars import VIEWS, StatusBar, ViewBar
from tui.widgets.composer import Composer


def shown(app: GedankenApp, kind: type[Static]) -> str:
    return str(app.screen_stack[0].query_one(kind).content)


def test_every_command_has_a_handler_and_every_handler_a_command() -> None:
    handlers = {name.removeprefix("_command_") for name in dir(GedankenApp) if name.startswith("_command_")}
    assert handlers == {command.name for command in COMMANDS}


async def test_a_goal_becomes_a_run_in_a_process_of_its_own(lab: Lab) -> None:
    async with lab.app().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        await app.ready.wait()  # type: ignore[attr-defined]
        await pilot.press(*"Describe it", "enter")
        await until(pilot, lambda: lab.calls)
        await until(pilot, lambda: app.model and app.model.status == "finished")  # type: ignore[attr-defined]
    (call,) = lab.calls
    folder = Path(call[1])
    assert call[0] == "resume" and "--approve" not in call and folder.parent == lab.out
    assert json.loads((folder / "run.json").read_text())["goal"]["text"] == "Describe it"


async def test_attached_files_budget_and_model_go_into_the_run(lab: Lab, tmp_path: Path) -> None:
    data = tmp_path / "data.csv"
    data.write_text("a,b\n")
    async with lab.app().run_test() as pilot:
        await pilot.app.ready.wait()  # type: ignore[attr-defined]
        await type_line(pilot, "/budget seconds=60 cost=2.5")
        await type_line(pilot, "/model tiny")
        assert "$2.50" in shown(pilot.app, StatusBar) and "tiny" in shown(pilot.app, StatusBar)  # type: ignore[arg-type]
        await type_line(pilot, f"/plan Read @{data}")
        await until(pilot, lambda: lab.calls)
    (call,) = lab.calls
    goal = json.loads((Path(call[1]) / "run.json").read_text())["goal"]
    assert goal["attachments"] == [str(data)] and "@" not in goal["text"]
    assert goal["limits"]["seconds"] == 60 and goal["limits"]["cost_usd"] == 2.5
    assert "--approve" in call and call[call.index("--model") + 1] == "tiny"


WRONG = [
    ("/serach x", "Did you mean /search"),
    ("/search", "needs something behind it"),
    ("/stop", "needs an open run"),
    ("/budget speed=3", "is no limit"),
    ("/budget seconds=-1", "does not fit"),
    ("/theme neon", "There is no theme"),
    ("/open nothing", "There is no run"),
    ("/resume nothing", "There is no run"),
    ("/compare nothing", "There is no run"),
    ("/tool no_such_tool", "There is no tool"),
    ("/approve", "needs an open run"),
    ("/run ", "needs something behind it"),
]


async def test_a_wrong_line_says_what_to_do_and_the_app_goes_on(lab: Lab) -> None:
    async with lab.app().run_test() as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await app.ready.wait()
        for line, told in WRONG:
            await type_line(pilot, line)
            await until(pilot, lambda told=told: told in words(app))
        assert lab.calls == []


async def test_calls_of_the_command_line_are_answered_in_the_chat(lab: Lab) -> None:
    async with lab.app().run_test(size=(100, 40)) as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await app.ready.wait()
        await type_line(pilot, "/search solubility of sulfonamides")
        await until(pilot, lambda: "study.pdf, page 3" in words(app))
        await type_line(pilot, "/ingest papers/")
        await until(pilot, lambda: "2 added, 1 failed" in words(app) and "encrypted" in words(app))
        await type_line(pilot, "/tool describe_molecules 'smiles=[\"CCO\"]'")
        await until(pilot, lambda: "46.07 g/mol" in words(app))
        await type_line(pilot, "/tool")
        await until(pilot, lambda: "design_analogues" in words(app))
    assert lab.calls[0][0] == "search" and lab.calls[0][-2:] == ["--", "solubility of sulfonamides"]
    assert lab.calls[1][:2] == ["ingest", "papers/"]
    assert lab.calls[2][:3] == ["call", "describe_molecules", 'smiles=["CCO"]']


async def test_every_view_shows_the_run(lab: Lab, finished: Path) -> None:
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, finished)
        assert "11 candidates" in words(app) or "12 candidates" in words(app)
        for name, title, key in VIEWS:
            await pilot.press(f"f{key}")
            await until(pilot, lambda name=name, title=title: app.current_view == name and title in shown(app, ViewBar))
        await pilot.press("f4")
        await until(pilot, lambda: "molecular weight" in detail_of(app, "candidates"))
        assert app.query_one("#candidates DataTable", DataTable).row_count == 12
        assert "g/mol" in detail_of(app, "candidates") and "e2" in detail_of(app, "candidates")
        await pilot.press("f5")
        await until(pilot, lambda: "Evidence against" in detail_of(app, "hypotheses"))
        detail = detail_of(app, "hypotheses")
        assert "7.7 (unverified)" in detail and "Novelty: unknown" in detail
        await pilot.press("f6")
        await until(pilot, lambda: "Hazards" in detail_of(app, "experiments"))
        sheet = detail_of(app, "experiments")
        assert sheet.index("Hazards") < sheet.index("Procedure") and "H225" in sheet
        await pilot.press("f7")
        await until(pilot, lambda: app.query_one("#evidence DataTable", DataTable).row_count == 5)


async def test_where_a_number_comes_from_is_one_key_away(lab: Lab, finished: Path) -> None:
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, finished)
        await pilot.press("f4")
        await pilot.press(*["right"] * 5)
        where = app.query_one("#candidates .where", Static)
        await until(pilot, lambda: "from e2 design_analogues" in str(where.content))
        await pilot.press("g")
        await until(pilot, lambda: app.current_view == "evidence")
        assert app.query_one("#evidence").current == "e2"  # type: ignore[attr-defined]


async def test_sorting_and_filtering_the_table(lab: Lab, finished: Path) -> None:
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, finished)
        await pilot.press("f4", *["right"] * 5, "s")
        await until(pilot, lambda: app.query_one("#candidates")._sorted == (5, False))  # type: ignore[attr-defined]
        view = app.query_one("#candidates")
        ascending = list(view._keys)  # type: ignore[attr-defined]
        assert app.model is not None
        logp = {
            one.id: one.quantities["logP"].value for one in app.model.history.candidates if "logP" in one.quantities
        }
        assert [logp[key] for key in ascending] == sorted(logp[key] for key in ascending)
        await pilot.press("s")
        descending = sorted(logp.values(), reverse=True)
        await until(pilot, lambda: [logp[key] for key in view._keys] == descending)  # type: ignore[attr-defined]
        await pilot.press("s", "slash", *"c12", "enter")
        await until(pilot, lambda: view._keys == ["c12"])  # type: ignore[attr-defined]
        await pilot.press("escape")
        await until(pilot, lambda: len(view._keys) == 12)  # type: ignore[attr-defined]


async def test_a_verdict_is_recorded_in_the_bundle(lab: Lab, finished: Path) -> None:
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, finished)
        await pilot.press("f5", "a")
        await until(pilot, lambda: isinstance(app.screen, Ask) and app.screen.focused)
        await pilot.press(*"measured", "enter")
        await until(pilot, lambda: not isinstance(app.screen, Ask))
        await until(pilot, lambda: "accepted: measured" in detail_of(app, "hypotheses"))
    assert read_opinions(finished)["h1"].note == "measured"


async def test_a_question_about_the_run_is_answered_from_its_evidence(lab: Lab, finished: Path) -> None:
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, finished)
        await type_line(pilot, "What is the mass of c3?")
        await until(pilot, lambda: "c3: molecular weight = 303 g/mol" in words(app))
        assert app.sources[0][0] == "e2"
        await pilot.press("ctrl+g")
        await until(pilot, lambda: app.current_view == "evidence")
        await pilot.press("f2")
        await type_line(pilot, "What is the melting point of tungsten?")
        await until(pilot, lambda: "not in this run's evidence" in words(app))
    assert lab.calls == []


async def test_approving_with_changes_sends_them(lab: Lab) -> None:
    folder = lab.waiting_run()
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, folder)
        await type_line(pilot, "/edit")
        await until(pilot, lambda: isinstance(app.screen, PlanForm) and app.screen.focused)
        form = app.screen
        await until(pilot, lambda: form.query(FieldRow))
        form.query_one("#plan-steps", OptionList).highlighted = 2
        await until(pilot, lambda: any(row.field.name == "count" for row in form.query(FieldRow)))
        field = next(row for row in form.query(FieldRow) if row.field.name == "count").query_one(Input)
        field.value = "many"
        await until(pilot, lambda: form.query_one("#approve").disabled)
        await until(pilot, lambda: "integer" in str(form.query_one("#plan-trouble", Static).content))
        field.value = "7"
        await until(pilot, lambda: not form.query_one("#approve").disabled)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: lab.calls)
    call = lab.calls[0]
    assert json.loads(call[call.index("--answer") + 1]) == {"approve": True, "edit": {"s3": {"count": 7}}}


async def test_dropping_a_step_warns_and_is_sent(lab: Lab) -> None:
    folder = lab.waiting_run()
    async with lab.app().run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, folder)
        await type_line(pilot, "/edit")
        await until(pilot, lambda: isinstance(app.screen, PlanForm) and app.screen._current)
        await pilot.press("down", "ctrl+d")
        await until(pilot, lambda: "s3 need s2" in str(app.screen.query_one("#plan-trouble", Static).content))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: lab.calls)
    call = lab.calls[0]
    assert json.loads(call[call.index("--answer") + 1]) == {"approve": True, "drop": ["s2"]}


async def test_look_alike_characters_in_arguments_are_flagged(lab: Lab) -> None:
    folder = lab.waiting_run()
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, folder)
        await type_line(pilot, "/edit")
        await until(pilot, lambda: isinstance(app.screen, PlanForm) and app.screen.query(FieldRow))
        row = app.screen.query(FieldRow).first()
        row.query_one(Input).value = "C\u0421O"  # the second letter is Cyrillic
        await until(pilot, lambda: "cyrillic capital letter es" in str(row.query_one(".complaint", Static).content))


@pytest.mark.parametrize(("line", "answer"), [("/approve", "yes"), ("no, later", "no, later")])
async def test_approving_and_rejecting_by_words(lab: Lab, line: str, answer: str) -> None:
    folder = lab.waiting_run()
    async with lab.app().run_test(size=(80, 24)) as pilot:
        await opened(pilot, folder)
        await type_line(pilot, line)
        await until(pilot, lambda: lab.calls)
    assert lab.calls[0][lab.calls[0].index("--answer") + 1] == answer


async def test_rejecting_in_the_form_asks_for_the_reason(lab: Lab) -> None:
    folder = lab.waiting_run()
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, folder)
        await type_line(pilot, "/edit")
        await until(pilot, lambda: isinstance(app.screen, PlanForm) and app.screen.focused)
        await pilot.press("ctrl+r")
        await until(pilot, lambda: isinstance(app.screen, Ask) and app.screen.focused)
        await pilot.press(*"too dear", "enter")
        await until(pilot, lambda: lab.calls)
    assert lab.calls[0][lab.calls[0].index("--answer") + 1] == "no too dear"


async def test_other_words_do_not_answer_a_plan(lab: Lab) -> None:
    folder = lab.waiting_run()
    async with lab.app().run_test() as pilot:
        app = await opened(pilot, folder)
        await type_line(pilot, "Describe methanol instead")
        assert "A plan waits for your word" in words(app)
    assert lab.calls == []


async def test_a_missing_input_is_answered_in_the_composer(lab: Lab) -> None:
    folder = lab.waiting_run(Question(key="molecule", text="Which molecule shall I start from?"))
    async with lab.app().run_test() as pilot:
        app = await opened(pilot, folder)
        assert "Which molecule" in str(app.query_one(Composer).border_title)
        await type_line(pilot, "aspirin")
        await until(pilot, lambda: lab.calls)
    assert lab.calls[0][lab.calls[0].index("--answer") + 1] == "aspirin"


async def test_a_missing_input_is_answered_in_a_form(lab: Lab) -> None:
    folder = lab.waiting_run(Question(key="kind", text="Which kind?", choices=("acid", "base"), default="acid"))
    async with lab.app().run_test() as pilot:
        app = await opened(pilot, folder)
        await type_line(pilot, "/answer")
        await until(pilot, lambda: isinstance(app.screen, Ask) and app.screen.focused)
        assert app.screen.query_one(Input).value == "acid"
        app.screen.query_one(OptionList).focus()
        await pilot.press("down", "enter")
        await until(pilot, lambda: lab.calls)
    assert lab.calls[0][lab.calls[0].index("--answer") + 1] in ("acid", "base")


async def test_stopping_asks_first_and_interrupts_the_process(lab: Lab) -> None:
    lab.slow()
    async with lab.app().run_test() as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await app.ready.wait()
        await type_line(pilot, "Describe it")
        await until(pilot, lambda: app.model is not None and app.model.working and app.model.seen)
        await pilot.press("ctrl+c")
        await until(pilot, lambda: isinstance(app.screen, Choose) and app.screen.focused)
        await pilot.press("enter")
        await until(pilot, lambda: app.model is not None and not app.model.working)
        assert app.processes.running() == []


@pytest.mark.parametrize(
    ("keys", "stays", "alive"),
    [(("enter",), False, True), (("down", "enter"), False, False), (("escape",), True, True)],
)
async def test_quitting_asks_about_runs_that_are_going(
    lab: Lab, keys: tuple[str, ...], stays: bool, alive: bool
) -> None:
    lab.slow()
    async with lab.app().run_test() as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await app.ready.wait()
        await type_line(pilot, "Describe it")
        await until(pilot, lambda: app.processes.running() and lab.calls)
        (folder,) = app.processes.running()
        process = app.processes._runs[folder]
        await pilot.press("ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, Choose) and app.screen.focused)
        await pilot.press(*keys)
        await until(pilot, lambda: not isinstance(app.screen, Choose) if stays else not app.is_running)
        assert app.is_running is stays
    for _ in range(300):
        if (process.poll() is None) is alive:
            break
        await asyncio.sleep(0.1)
    assert (process.poll() is None) is alive
    process.kill()
    process.wait()


async def test_quitting_with_nothing_going_leaves_at_once(lab: Lab) -> None:
    async with lab.app().run_test() as pilot:
        await pilot.app.ready.wait()  # type: ignore[attr-defined]
        await pilot.press("ctrl+q")
        await until(pilot, lambda: not pilot.app.is_running)


async def test_a_run_that_is_going_is_attached_to(lab: Lab, finished: Path) -> None:
    info = json.loads((finished / "run.json").read_text())
    (finished / "run.json").write_text(json.dumps({**info, "status": "running"}))
    here = {
        "pid": os.getpid(),
        "born": process_start(os.getpid()),
        "steps": {"s6": [0.4, "sizing"]},
        "purpose": "",
        "text": "",
    }
    (finished / LIVE).write_text(json.dumps(here))
    async with lab.app().run_test(size=WIDE) as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await until(pilot, lambda: app.model is not None and app.model.folder == finished)
        await until(pilot, lambda: app.model is not None and app.model.status == "running")


async def test_model_text_streams_and_goes(lab: Lab, finished: Path) -> None:
    here = {
        "pid": os.getpid(),
        "born": process_start(os.getpid()),
        "steps": {},
        "purpose": "plan",
        "text": "First **this**",
    }
    async with lab.app().run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, finished)
        (finished / LIVE).write_text(json.dumps(here))
        await until(pilot, lambda: app._streamed is not None)
        (finished / LIVE).write_text(json.dumps({**here, "text": "First **this** and then that"}))
        await until(pilot, lambda: app._streaming.endswith("that"))
        (finished / LIVE).unlink()
        await until(pilot, lambda: app._streamed is None)


async def test_the_list_of_runs_opens_searches_and_compares(lab: Lab, finished: Path) -> None:
    lab.waiting_run()
    async with lab.app().run_test(size=WIDE) as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await app.ready.wait()
        await pilot.press("f8")
        await until(pilot, lambda: app.query("#runs") and app.query_one("#runs DataTable", DataTable).row_count == 2)
        await pilot.press("c", "down", "c")
        await until(pilot, lambda: isinstance(app.screen, Page))
        await pilot.press("escape")
        await type_line_from_runs(pilot, app)
        assert app.query_one("#runs").current is not None  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until(pilot, lambda: app.model is not None and app.model.folder == finished)
        assert app.current_view == "chat"


async def type_line_from_runs(pilot: Pilot[int], app: GedankenApp) -> None:
    """Filter the list of runs to one."""
    await pilot.press("slash", *"sample", "enter")
    await until(pilot, lambda: app.query_one("#runs DataTable", DataTable).row_count == 1)


async def test_resuming_says_why_not_or_does_it(lab: Lab, finished: Path) -> None:
    async with lab.app().run_test() as pilot:
        app = await opened(pilot, finished)
        await type_line(pilot, "/resume")
        await until(pilot, lambda: "nothing to carry on" in words(app))
        stopped = lab.waiting_run()
        ledger = stopped / "ledger.jsonl"
        lines = ledger.read_text().splitlines()[:2]
        ledger.write_text(
            "\n".join([*lines, '{"kind":"run_ended","at":"2026-01-02T03:04:05+00:00","status":"stopped"}']) + "\n"
        )
        await type_line(pilot, f"/resume {stopped.name}")
        await until(pilot, lambda: lab.calls)
    assert lab.calls[0][:2] == ["resume", str(stopped)]


async def test_comparing_two_runs(lab: Lab, finished: Path, tmp_path: Path) -> None:
    other, _, _ = make_run(tmp_path / "elsewhere", count=7)
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, finished)
        await type_line(pilot, f"/compare {other}")
        await until(pilot, lambda: isinstance(app.screen, Page))
        assert "in both" in str(app.screen.text)


async def test_exporting_the_bundle(lab: Lab, finished: Path, tmp_path: Path) -> None:
    target = tmp_path / "bundle.zip"
    async with lab.app().run_test() as pilot:
        app = await opened(pilot, finished)
        await type_line(pilot, f"/export {target}")
        await until(pilot, lambda: "files written to" in words(app))
        await type_line(pilot, "/export /proc/nowhere/x.zip")
        await until(pilot, lambda: "cannot be written" in words(app))
    names = zipfile.ZipFile(target).namelist()
    assert f"{finished.name}/run.json" in names and not any("/." in name for name in names)


async def test_help_palette_and_theme(lab: Lab) -> None:
    async with lab.app().run_test(size=(100, 40)) as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await app.ready.wait()
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.focused, Input))
        assert isinstance(app.screen, Help)
        shown = app.screen.query_one(Static)
        assert all(command.usage in str(shown.content) for command in COMMANDS)
        await pilot.press(*"rank")  # what is typed narrows it
        await until(pilot, lambda: "/rerank" in str(shown.content) and "/export" not in str(shown.content))
        await pilot.press("escape")
        await type_line(pilot, "/theme light")
        assert app.theme == "gedanken-paper"
        titles = {command.title for command in app.get_system_commands(app.screen)}
        assert {f"/{command.name}" for command in COMMANDS} == titles
        await pilot.press("ctrl+p")
        await until(pilot, lambda: len(app.screen_stack) == 2)


async def test_completion_and_history_in_the_composer(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plasmid.gb").write_text("LOCUS")
    monkeypatch.chdir(tmp_path)
    async with lab.app().run_test() as pilot:
        app = pilot.app
        await app.ready.wait()  # type: ignore[attr-defined]
        composer = app.query_one(Composer)
        await pilot.press(*"/hyp", "tab")
        assert composer.text == "/hypotheses "
        await pilot.press("ctrl+u", *"Read @pla", "tab")
        assert composer.text == "Read @plasmid.gb"
        await pilot.press("ctrl+u", *"/model", "enter", *"/budget", "enter", "up", "up")
        assert composer.text == "/model"
        await pilot.press("down", "down")
        assert composer.text == ""
        await pilot.press(*"one", "ctrl+j", *"two")
        assert composer.text == "one\ntwo"
    kept = (lab.folder / "home" / "composer.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in kept] == ["/model", "/budget"]


async def test_a_deleted_run_and_a_torn_ledger_leave_a_message(lab: Lab, finished: Path) -> None:
    ledger = finished / "ledger.jsonl"
    with ledger.open("ab") as file:
        file.write(b'{"kind":"no_such_kind"}\n{"kind":"notice","text":"half')
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, finished)
        await until(pilot, lambda: "1 of" in words(app) and "cannot be read" in words(app))
        shutil.rmtree(finished)
        await until(pilot, lambda: app.model is not None and app.model.status == "deleted")
        await until(pilot, lambda: "is gone" in words(app))
        await pilot.press("f4")
        await until(pilot, lambda: app.query_one("#candidates DataTable", DataTable).row_count == 12)


async def test_a_process_that_dies_at_once_is_told(lab: Lab) -> None:
    lab.stub.write_text("import sys\nprint('gedanken: no model is named', file=sys.stderr)\nsys.exit(2)")
    async with lab.app().run_test() as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await app.ready.wait()
        await type_line(pilot, "Describe it")
        await until(pilot, lambda: app.model is not None and app.model.status == "failed")
        await until(pilot, lambda: "no model is named" in words(app))


@pytest.mark.parametrize("size", [(80, 24), (250, 70)])
async def test_every_view_fits_every_size(lab: Lab, finished: Path, size: tuple[int, int]) -> None:
    async with lab.app().run_test(size=size) as pilot:
        app = await opened(pilot, finished)
        for _, _, key in VIEWS:
            await pilot.press(f"f{key}")
            await pilot.pause()
            assert app.query_one(StatusBar).region.bottom <= size[1]
        await pilot.press("f2")
        for width, height in ((40, 10), (20, 5)):
            await pilot.resize_terminal(width, height)
            await pilot.pause()
            assert app.query_one(Composer).region.bottom <= height


async def test_damaged_settings_are_told_and_the_app_goes_on(lab: Lab) -> None:
    home = lab.folder / "home"
    home.mkdir()
    (home / "gedanken.toml").write_text("no_such_key = 1\n")
    async with lab.app().run_test() as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await until(pilot, lambda: "no_such_key" in words(app))
        await type_line(pilot, "/runs")
        await until(pilot, lambda: app.current_view == "runs")


def test_the_window_decides_its_size_not_what_a_shell_exports(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("LINES", "10")
    monkeypatch.setattr("tui.app.GedankenApp.run", lambda self: None)
    assert open_app(home=tmp_path / "home", out=tmp_path / "runs") == 0
    assert not {"COLUMNS", "LINES"} & set(os.environ)


async def test_the_card_of_a_run_goes_on_when_another_one_is_opened(lab: Lab, finished: Path) -> None:
    async with lab.app().run_test(size=(100, 30)) as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await app.ready.wait()
        card = app.transcript.show_run(RunModel(finished))  # nothing of it was read yet
        app._behind.append((card, Follower(finished)))
        await app._catch_up()
        assert "finished in" in str(card.content) and not app._behind


async def test_the_documented_variable_sets_the_colours_and_is_a_setting(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEDANKEN_THEME", "light")
    async with lab.app().run_test() as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await app.ready.wait()
        assert app.theme == "gedanken-paper" and app.trouble == ""
