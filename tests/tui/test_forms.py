"""Typed forms: of a tool, of a run's question, of a new campaign; and what a call brings, in the chat."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from support.faces import WIDE, Lab, opened, type_line, until, words
from textual.widgets import Input, Select, Static

from agent import events as ev
from agent.campaign.spacefile import read_campaign
from agent.memory.files.artifacts import keep_artifact
from agent.memory.ledger import Ledger
from agent.records import ArtifactContent, Candidate, Evidence, Goal, Question, RunInfo
from agent.tools import catalogue
from tui.app import GedankenApp
from tui.dialogs.space_form import Line, SpaceForm
from tui.dialogs.typed_form import TypedForm
from tui.forms.answers import complaint_of, field_of
from tui.forms.fields import Field, fields_of, read
from tui.forms.spaces import Draft, Factor, read_draft, write_toml
from tui.runs.children import Children
from tui.texts.envelopes import envelope_content
from tui.widgets.field_row import FieldRow

FACTORS = (
    Factor("temperature", "range", "30 to 110", "degC"),
    Factor("equivalents", "steps", "1, 1.5, 2"),
    Factor("additive", "choices", 'none, LiCl, "odd\\one"'),
    Factor(""),
)


def whole(form: TypedForm) -> bool:
    """Whether every field of a form is there."""
    return len(form.query("FieldRow .complaint")) == len(form.query(FieldRow)) > 0


# --- tools ----------------------------------------------------------------------------------------------------------


async def test_a_tool_is_called_from_its_form(lab: Lab) -> None:
    async with lab.app().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await app.ready.wait()
        await type_line(pilot, "/tool find_similar_molecules")
        await until(pilot, lambda: isinstance(app.screen, TypedForm) and whole(app.screen))
        rows = {row.field.name: row for row in app.screen.query(FieldRow)}
        assert "list, required" in str(rows["smiles"].query(Static).first().content)
        await pilot.press("ctrl+s")  # nothing is filled in: the form stays, and says so
        await until(pilot, lambda: "field required" in str(rows["smiles"].query_one(".complaint", Static).content))
        rows["smiles"].query_one(Input).value = "CCO; CCN"
        rows["count"].query_one(Input).value = "several"
        await until(pilot, lambda: "integer" in str(rows["count"].query_one(".complaint", Static).content))
        rows["count"].query_one(Input).value = "3"
        await pilot.pause()
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "46.07 g/mol" in words(app))
    (call,) = lab.calls
    assert call[:2] == ["call", "find_similar_molecules"] and "--save" in call
    assert {key: json.loads(value) for key, _, value in (word.partition("=") for word in call[2:4])} == {
        "smiles": ["CCO", "CCN"],
        "count": 3,
    }


async def test_leaving_a_form_calls_nothing(lab: Lab) -> None:
    async with lab.app().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await app.ready.wait()
        await type_line(pilot, "/tool describe_molecules")
        await until(pilot, lambda: isinstance(app.screen, TypedForm) and app.screen.focused)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, TypedForm))
    assert lab.calls == []


def test_every_tool_has_a_form_of_known_types() -> None:
    kinds = {"text", "number", "whole number", "yes or no", "list", "object"}
    for tool in catalogue():
        for field in fields_of(tool):
            assert field.type in kinds and field.description, f"{tool.name}.{field.name}"


@pytest.mark.parametrize(
    ("typed", "items"),
    [
        ('["CCO", "CCN"]', ["CCO", "CCN"]),
        ("EcoRI, BamHI", ["EcoRI", "BamHI"]),
        ("2,3-dimethylbutane; ethanol", ["2,3-dimethylbutane", "ethanol"]),
        ("1, 2.5, 3", [1, 2.5, 3]),
        ("CCO", ["CCO"]),
    ],
)
def test_a_list_may_be_written_plainly(typed: str, items: list[object]) -> None:
    assert read(Field("smiles", "list", required=True), typed) == items


def test_an_envelope_shows_what_was_found_and_what_went_wrong(tmp_path: Path) -> None:
    value = {"name": "logP", "value": 1.5, "unit": "1", "uncertainty": None}
    plain = {
        "status": "ok",
        "summary": "Nine were designed.",
        "candidates": [{"structure": f"C{'C' * n}", "values": [value]} for n in range(9)]
        + [{"structure": "X", "withheld": True}],
        "data": {"length": 60, "orfs": [{"start": 4, "end": 33, "strand": "+", "protein": "MKV"}]},
        "artifacts": [{"name": "table.csv", "media_type": "text/csv", "title": "t", "content": ""}],
        "citations": [{"document": "study.pdf", "page": 3, "quote": "It  dissolves."}],
        "warnings": ["Only estimates."],
        "seconds": 0.2,
    }
    told = envelope_content("design", 0, plain, "", tmp_path, 90).plain
    for part in ("9 candidates", "logP 1.5", "and 1 more", "1 withheld", "ORF 3 aa", "table.csv", "study.pdf, page 3",
                 "“It dissolves.”", "! Only estimates.", "0.2 s"):  # fmt: skip
        assert part in told
    error = {"status": "error", "summary": "It failed.", "error": {"message": "No atom.", "remedy": "Write a SMILES."}}
    assert "Write a SMILES." in envelope_content("design", 2, error, "", tmp_path, 90).plain
    assert envelope_content("design", 1, {}, "killed", tmp_path, 90).plain == "killed"


async def test_the_pattern_of_a_crystal_is_simulated_on_demand(lab: Lab) -> None:
    info = RunInfo(id="20260102-000000-000-salt", goal=Goal(text="Look at NaCl"), status="finished")
    salt = Candidate(id="c1", kind="crystal", structure="NaCl rocksalt")
    folder = lab.keep(info, [ev.RunStarted(run=info.id, goal="Look at NaCl")])
    content = ArtifactContent(name="salt.cif", media_type="chemical/x-cif", content="data_NaCl\n", title=salt.structure)
    kept = keep_artifact(folder, content)
    found = Evidence(id="e1", step="s1", tool="prototype_structures", status="ok", summary="", artifacts=(kept,))
    ledger = Ledger(folder)
    for event in (
        ev.StepFinished(step="s1", evidence=found),
        ev.CandidatesRanked(candidates=(salt,)),
        ev.RunEnded(status="finished"),
    ):
        ledger.append(event)
    async with lab.app().run_test(size=WIDE) as pilot:
        app = await opened(pilot, folder)
        await pilot.press("f4")
        detail = app.query_one("#candidates .detail Static", Static)
        await until(pilot, lambda: "x simulates its diffraction pattern" in str(detail.content))
        await pilot.press("x")
        await until(pilot, lambda: "2θ / °" in str(detail.content))
        await pilot.press("x")  # it is there: nothing is computed again
        await pilot.pause()
    (call,) = lab.calls
    assert call[:2] == ["call", "simulate_xrd"]
    assert json.loads(call[2].removeprefix("structure=")) == str(folder / kept.path)


async def test_the_command_line_takes_what_the_campaign_form_sends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real command line, not the stub: it knows no ``--home`` here."""
    monkeypatch.chdir(tmp_path)
    plain, _ = read_draft(Draft("coupling", "yield", "maximise", "percent", factors=FACTORS))
    Path("space.toml").write_text(write_toml(plain))
    children = Children(options=("--home", str(tmp_path / "home"), "--out", str(tmp_path / "runs")))
    words_ = ("campaign", "new", "coupling", "--space", "space.toml", "--folder", str(tmp_path / "campaigns"))
    code, told, complaint = await children.ask(*words_)
    assert code == 0 and told["campaign"] == "coupling", complaint


# --- questions ------------------------------------------------------------------------------------------------------


async def test_a_typed_question_is_answered_in_a_typed_form(lab: Lab) -> None:
    folder = lab.waiting_run(Question(key="sequence", text="Which sequence?", takes="sequence"))
    async with lab.app().run_test(size=(80, 24)) as pilot:
        app = await opened(pilot, folder)
        await type_line(pilot, "/answer")
        await until(pilot, lambda: isinstance(app.screen, TypedForm) and whole(app.screen))
        row = app.screen.query_one(FieldRow)
        row.query_one(Input).value = "nosuch.fasta"
        await until(pilot, lambda: "there is no file" in str(row.query_one(".complaint", Static).content))
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert isinstance(app.screen, TypedForm) and lab.calls == []
        row.query_one(Input).value = "ATGGCTAGC"
        await pilot.pause()
        await pilot.press("enter")
        await until(pilot, lambda: lab.calls)
    assert lab.calls[0][lab.calls[0].index("--answer") + 1] == "ATGGCTAGC"


def test_answers_are_checked_by_what_the_question_takes(tmp_path: Path) -> None:
    cif = tmp_path / "salt.cif"
    cif.write_text("data_NaCl\n")
    structures = Question(key="structures", text="Which?", takes="structures")
    assert complaint_of(structures, f"{cif}, MgO, Li-Mn-O system") == ""
    assert "there is no file other.cif" in complaint_of(structures, f"{cif}, other.cif")
    sequence = Question(key="sequence", text="Which?", takes="sequence")
    assert complaint_of(sequence, "ATG CCC") == "" and "'7'" in complaint_of(sequence, "ATG7")
    names = Question(key="enzymes", text="Which?", takes="list")
    assert read(field_of(names), "EcoRI, BamHI") == ["EcoRI", "BamHI"]
    assert complaint_of(names, ["EcoRI"]) == "" and "needed" in complaint_of(names, "")


# --- campaigns ------------------------------------------------------------------------------------------------------


def test_a_form_becomes_the_documented_space_file(tmp_path: Path) -> None:
    plain, wrong = read_draft(Draft("coupling", "yield", "maximise", "percent", factors=FACTORS))
    assert wrong == {}
    path = tmp_path / "space.toml"
    path.write_text(write_toml(plain))
    assert tomllib.loads(path.read_text()) == plain
    space = read_campaign("coupling", path).space
    assert space.factors == ("temperature", "equivalents", "additive")
    assert dict(space.bounds())["temperature"] == (30.0, 110.0) and space.objectives[0].unit == "percent"


@pytest.mark.parametrize(
    ("draft", "line", "part"),
    [
        (Draft("a b", "yield", factors=FACTORS), "name", "folder"),
        (Draft("a", "", factors=FACTORS), "objective", "letter first"),
        (Draft("a", "yield", unit="xyzzy", factors=FACTORS), "objective", "xyzzy"),
        (Draft("a", "pH", "target", factors=FACTORS), "objective", "a number is needed"),
        (Draft("a", "yield"), "", "at least one factor"),
        (Draft("a", "yield", factors=(Factor("t", "range", "110 to 30"),)), "0", "must be below"),
        (Draft("a", "yield", factors=(Factor("t", "range", "30, 50"),)), "0", "30 to 110"),
        (Draft("a", "yield", factors=(Factor(""), Factor("t", "steps", "1, x"))), "1", "'x' is no number"),
        (Draft("a", "yield", factors=(Factor(""), Factor("2t", "steps", "1, 2"))), "1", "letter first"),
        (Draft("a", "yield", factors=(Factor("t", "choices", "a, a"),)), "0", "repeat"),
        (Draft("a", "yield", factors=(Factor("t", "choices", "a, b", "g"),)), "0", "no unit"),
        (Draft("a", "t", factors=(Factor("t", "choices", "a, b"),)), "", "different from each other"),
        (Draft("a", "yield", factors=(Factor("t", "range", "1 to inf"),)), "0", "finite"),
    ],
)
def test_what_does_not_fit_is_said_at_its_line(draft: Draft, line: str, part: str) -> None:
    _, wrong = read_draft(draft)
    assert part in wrong[line]


async def test_a_campaign_is_begun_in_a_form(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(lab.folder)
    async with lab.app().run_test(size=(80, 24)) as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await app.ready.wait()
        await type_line(pilot, "/campaign new coupling")
        await until(pilot, lambda: isinstance(app.screen, SpaceForm) and len(app.screen.query(Line)) == 4)
        form = app.screen
        assert isinstance(form, SpaceForm)
        await pilot.press("ctrl+s")
        trouble = form.query_one("#space-trouble", Static)
        await until(pilot, lambda: "at least one factor" in str(trouble.content))
        assert app.screen is form
        await pilot.press(*"yield", "enter")
        first = form._factors()[0]
        for field, text in zip(first.query(Input), ("temperature", "110 to 30", "degC"), strict=True):
            field.value = text
        await until(pilot, lambda: "must be below" in str(first.query_one(".complaint", Static).content))
        list(first.query(Input))[1].value = "30 to 110"
        await pilot.press("ctrl+n")
        await until(pilot, lambda: len(form._factors()) == 3)
        last = form._factors()[-1]
        last.query_one(Select).value = "choices"
        for field, text in zip(last.query(Input), ("ligand", "PPh3, PCy3", ""), strict=True):
            field.value = text
        form._factors()[1].query_one(Input).focus()
        await pilot.press("ctrl+d")
        await until(pilot, lambda: len(form._factors()) == 2)
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "The campaign 'coupling' is in" in words(app))
        await until(pilot, lambda: app.current_view == "campaigns")
    (call,) = lab.calls
    assert call[:4] == ["campaign", "new", "coupling", "--space"]
    assert read_campaign("coupling", Path(call[4])).space.factors == ("temperature", "ligand")


async def test_a_name_that_is_taken_is_refused_in_place(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(lab.folder)
    (lab.folder / "campaigns" / "suzuki").mkdir(parents=True)
    async with lab.app().run_test(size=WIDE) as pilot:
        app = pilot.app
        assert isinstance(app, GedankenApp)
        await app.ready.wait()
        await type_line(pilot, "/campaign new")
        await until(pilot, lambda: isinstance(app.screen, SpaceForm) and app.screen.focused)
        await pilot.press(*"suzuki")
        line = app.screen.query_one("#space-name .complaint", Static)
        await until(pilot, lambda: "already" in str(line.content))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, SpaceForm))
    assert lab.calls == []
