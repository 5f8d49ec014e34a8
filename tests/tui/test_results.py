"""Measured results: typed in a form, pasted as a column, imported, and what they make of a hypothesis."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from support.faces import WIDE, Lab, detail_of, opened, type_line, until, words
from textual import events
from textual.widgets import DataTable, Input, Static

from agent import events as ev
from agent.errors import InputError
from agent.memory.history import fold
from agent.memory.ledger import LEDGER, Ledger, read_ledger
from agent.records import ArtifactContent, Belief, Measured, Text
from agent.session.sheets import read_sheet
from tui.dialogs.results_form import ResultsForm
from tui.dialogs.small import Ask
from tui.forms import results


def plan_of(folder: Path):
    return fold(read_ledger(folder / LEDGER)).experiments[0]


async def test_results_are_typed_in_the_order_of_measurement_and_told(lab: Lab, planned: Path) -> None:
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, planned)
        await pilot.press("f6", "t")
        await until(pilot, lambda: isinstance(app.screen, ResultsForm) and app.screen.focused)
        form = app.screen
        assert isinstance(form, ResultsForm)
        assert [row.code for row in form.rows] == ["L59A", "X34Y", "K44J", "Y56D"]
        assert not any("c3" in str(cell) for cell in form.query_one(DataTable).get_row_at(0))  # what it is stays hidden
        await pilot.press(*"-3.2", "enter", *"failed broke", "enter", *"nonsense", "enter")
        await until(pilot, lambda: "is no number" in str(form.query_one(".complaint", Static).content))
        await pilot.press("ctrl+s")  # what does not fit is not told
        await pilot.pause()
        assert app.screen is form
        form.query_one(Input).value = "-3.4 a little cloudy"
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Measure the open samples of x2" in words(app))
        assert "h1  supported" in words(app)
    call = next(call for call in lab.calls if call[0] == "tell")
    assert call[1] == str(planned)
    sheet = read_sheet(Path(call[2]), [plan_of(planned)])
    assert [(one.sample, one.value, one.failed, one.note) for one in sheet.results] == [
        ("x1-02", -3.2, False, ""),
        ("x1-03", None, True, "broke"),
        ("x1-01", -3.4, False, "a little cloudy"),
    ]
    assert sheet.blank == ["x1-04"] and Path(call[2]).parent == planned / results.FOLDER


async def test_a_pasted_column_fills_the_rows_below(lab: Lab, planned: Path) -> None:
    async with lab.app().run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, planned)
        await type_line(pilot, "/tell x1")
        await until(pilot, lambda: isinstance(app.screen, ResultsForm) and app.screen.focused)
        form = app.screen
        assert isinstance(form, ResultsForm)
        form.query_one(Input).post_message(events.Paste("-3.1\n-3.2\nfailed spilt\n-3.4\n-9\n"))
        await until(pilot, lambda: form.rows[3].value is not None)
        assert [row.value for row in form.rows] == [-3.1, -3.2, None, -3.4] and form.rows[2].note == "spilt"
        await pilot.press("escape")
        await pilot.pause()
    assert lab.calls == []


async def test_a_sheet_is_imported_and_a_missing_one_is_told(lab: Lab, planned: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "filled.csv"
    sheet.write_text("sample,value\nx1-01,-3.3\n")
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, planned)
        await type_line(pilot, f"/tell @{sheet}")
        await until(pilot, lambda: "Results taken in from filled.csv" in words(app))
        await type_line(pilot, "/tell x1 /nowhere/gone.csv")
        await until(pilot, lambda: "cannot be read" in words(app) and "tries again" in words(app))
        await pilot.press("f6", "t")
        await until(pilot, lambda: isinstance(app.screen, ResultsForm) and app.screen.focused)
        await pilot.press("ctrl+o")
        await until(pilot, lambda: isinstance(app.screen, Ask) and app.screen.focused)
        await pilot.press(*str(sheet), "enter")
        await until(pilot, lambda: len([call for call in lab.calls if call[0] == "tell"]) == 3)
        await pilot.press("f2")
        await type_line(pilot, "/tell x9")
        await until(pilot, lambda: "no experiment x9" in words(app))


async def test_beliefs_are_shown_beside_what_was_measured(lab: Lab, planned: Path) -> None:
    belief = Belief(
        hypothesis="h1", state="refuted", prior=0.5, posterior=0.04, log10_bayes_factor=-1.4,
        reason=Text(text="The interval lies below the bound."), experiment="x1", results=2,
    )  # fmt: skip
    ledger = Ledger(planned)
    told = (Measured(experiment="x1", sample="x1-02", quantity="logS_ESOL", value=-3.9, unit="log_molar"),)
    ledger.append(ev.ResultsTold(results=told))
    ledger.append(ev.BeliefsUpdated(beliefs=(belief,), next_steps=("Stop.",)))
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, planned)
        await pilot.press("f5")
        await until(pilot, lambda: "▼ refuted" in detail_of(app, "hypotheses"))
        detail = detail_of(app, "hypotheses")
        assert "▼ refuted" in detail and "50% → 4%" in detail and "below the bound" in detail
        await pilot.press("f6")
        await until(pilot, lambda: "-3.9" in detail_of(app, "experiments"))


def test_what_was_told_before_stands_in_the_form(planned: Path) -> None:
    told = [Measured(experiment="x1", sample="x1-02", quantity="logS_ESOL", failed=True, note="lost", unit="log_molar")]
    rows = results.rows_of(plan_of(planned), told)
    assert rows[0].text == "failed lost" and rows[1].text == ""


@pytest.mark.parametrize(
    ("typed", "value", "failed", "note"),
    [
        ("3,5 warm", 3.5, False, "warm"),
        ("1e-3", 1e-3, False, ""),
        ("", None, False, ""),
        ("FAILED", None, True, ""),
        ("x no signal", None, True, "no signal"),
    ],
)
def test_what_can_be_typed(planned: Path, typed: str, value: float | None, failed: bool, note: str) -> None:
    row = results.take(results.rows_of(plan_of(planned), [])[0], typed)
    assert (row.value, row.failed, row.note) == (value, failed, note)
    assert results.take(row, row.text) == row


@pytest.mark.parametrize("typed", ["abc", "nan", "inf", "--3"])
def test_what_cannot_be_typed(planned: Path, typed: str) -> None:
    with pytest.raises(InputError, match="number"):
        results.take(results.rows_of(plan_of(planned), [])[0], typed)


def test_the_bundle_s_template_gives_the_columns(planned: Path) -> None:
    from agent.memory.files.artifacts import keep_artifact

    content = "experiment,sample,code,value,unit,failed,note,colour\nx1,x1-02,L59A,,log_molar,,,blue\n"
    file = keep_artifact(planned, ArtifactContent(name="x1-results.csv", media_type="text/csv", content=content))
    plan = plan_of(planned).model_copy(update={"files": (file,)})
    rows = [results.take(row, "1.5") for row in results.rows_of(plan, [])]
    (line,) = csv.DictReader(results.sheet(plan, rows, results.template_of(planned, plan)).splitlines())
    assert line["value"] == "1.5" and line["colour"] == "blue" and line["sample"] == "x1-02"
