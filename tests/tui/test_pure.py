"""What needs no screen: commands, completion, painting, forms, look-alikes, drawings, comparing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.sample_run import make_run

from agent.errors import InputError
from agent.records import Span, Text
from agent.tools import catalogue
from tui.commands import keys, table
from tui.commands.completion import attachments, offers
from tui.drawing import paint
from tui.drawing.molecules import elements, read_sketch, render
from tui.forms import fields, lookalikes
from tui.texts.comparison import compare

SVG = """<svg><path class='bond-0 atom-0 atom-1' d='M 10.0,10.0 L 36.0,25.0' style=''/>
<path class='bond-1 atom-1 atom-2' d='M 36.0,25.0 L 52.0,16.0' style=''/>
<path class='atom-2' d='M 58.0 8.0 L 66.0 14.0' fill='#FF0000'/>
<ellipse cx='36.0' cy='25.0' class='atom-1' style=''/></svg>"""


def test_a_command_is_read_with_its_words() -> None:
    command, rest = table.parse("/SEARCH  two words ")
    assert (command.name, rest) == ("search", "two words")


@pytest.mark.parametrize(("typed", "meant"), [("serach", "search"), ("hyp", "hypotheses"), ("aprove", "approve")])
def test_an_unknown_command_names_the_nearest(typed: str, meant: str) -> None:
    with pytest.raises(InputError, match=f"Did you mean /{meant}"):
        table.parse(f"/{typed} x")


def test_the_table_of_commands_lists_each_once() -> None:
    made = table.table_markdown()
    assert made.count("\n") == len(table.COMMANDS) + 1
    assert all(f"| {one.summary} |" in made for one in table.COMMANDS)


def test_completion_offers_commands_runs_tools_and_paths(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "plasmid.gb").touch()
    (tmp_path / ".hidden").touch()
    assert [one.text for one in offers("/ap")] == ["/approve "]
    assert [one.text for one in offers("/open 2026", runs=("2026-a", "2025-b"))] == ["2026-a"]
    assert [one.text for one in offers("/tool de", tools=("describe_molecules", "x"))] == ["describe_molecules "]
    assert [one.text for one in offers("see @p", base=tmp_path)] == ["papers/", "plasmid.gb"]
    assert [one.text for one in offers("/ingest p", base=tmp_path)] == ["papers/", "plasmid.gb"]
    assert offers("mail me@home", base=tmp_path) == [] and offers("@nowhere/x", base=tmp_path) == []


def test_only_files_that_exist_are_attached(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.touch()
    assert attachments(f"Read @{path}, and @nothing") == (f"Read {path}, and @nothing", (str(path),))


@given(st.floats(0, 100), st.floats(0, 100), st.integers(1, 200))
def test_a_bar_has_its_width_and_is_never_empty(one: float, other: float, width: int) -> None:
    drawn = paint.bar(min(one, other), max(one, other), 0, 100, width)
    assert len(drawn) == width and drawn.strip()


@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3), st.integers(3, 80))
def test_an_interval_has_its_value_and_fits(numbers: list[float], width: int) -> None:
    low, value, high = sorted(numbers)
    drawn = paint.interval(low, value, high, (low, high), width)
    assert len(drawn) == width and drawn.count("●") == 1


def test_prose_marks_what_nothing_supports() -> None:
    painted = paint.prose(
        Text(text="It is 3.5, or 7.", spans=(Span(start=6, end=9, source="e2"), Span(start=14, end=15, source=None)))
    )
    assert painted.plain == "It is 3.5, or 7 (unverified)."
    assert any("jump('e2')" in str(span.style) for span in painted.spans)


def test_ids_in_a_smiles_are_no_links() -> None:
    assert not paint.with_links("Cc1ccc(O)cc1 and c1ccccc1").spans
    assert paint.with_links("see c12, e3.").plain == "see c12, e3." and len(paint.with_links("see c12, e3.").spans) >= 2


@pytest.mark.parametrize(("seconds", "shown"), [(None, ""), (0.42, "0.4 s"), (83, "1:23"), (7500, "2:05:00")])
def test_durations(seconds: float | None, shown: str) -> None:
    assert paint.duration(seconds) == shown


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("C\u0421O", "cyrillic capital letter es, not the letter C"),
        ("aspirin\u200b", "invisible U+200B zero width space"),
        ("log\u03a1", "greek capital letter rho"),
        ("\u202eNaCl", "invisible U+202E right-to-left override"),
        ("\uff21spirin", "not A"),
    ],
)
def test_deceptive_characters_are_named(text: str, why: str) -> None:
    assert why in lookalikes.describe(text)


@pytest.mark.parametrize(
    "text", ["CC(=O)Oc1ccccc1C(=O)O", "α-helix", "용해도를 높여줘", "Москва", "β-lactam 5 µM, 20 °C", "line\nline"]
)
def test_honest_words_are_left_alone(text: str) -> None:
    assert lookalikes.flags(text) == ()


def test_every_tool_has_a_form_whose_defaults_pass_its_own_check() -> None:
    for tool in catalogue():
        found = fields.fields_of(tool)
        assert [field.name for field in found] == list(tool.schema().get("properties", {}))
        defaults = {f.name: fields.read(f, fields.written(f, f.default)) for f in found if not f.required}
        wrong = fields.complaints(tool, defaults)
        assert set(wrong) <= {f.name for f in found if f.required}, (tool.name, wrong)


def test_a_form_reads_what_is_typed_and_complains_by_field() -> None:
    tool = catalogue().get("find_similar_molecules")
    found = {field.name: field for field in fields.fields_of(tool)}
    typed = {"smiles": fields.read(found["smiles"], '["CCO"]'), "count": fields.read(found["count"], "many")}
    assert set(fields.complaints(tool, typed)) == {"count"}
    assert fields.complaints(tool, {"smiles": "${s1.data.smiles}"}) == {}
    assert fields.read(found["count"], "") == found["count"].default


def test_elements_are_read_in_the_order_of_a_smiles() -> None:
    assert elements("Cc1c[nH]c(Cl)c1[13C@@H](Br)[Na+]") == ["C", "C", "C", "N", "C", "Cl", "C", "C", "Br", "Na"]


def test_a_molecule_is_drawn_with_its_letters_or_not_at_all() -> None:
    sketch = read_sketch(SVG, "CCO")
    assert sketch is not None and [symbol for _, symbol in sketch.labels] == ["O"] and len(sketch.marked) == 1
    drawn = render(sketch, 40)
    assert drawn is not None
    assert "O" in drawn.plain and any("\u2800" < c < "\u2900" for c in drawn.plain)
    assert render(sketch, 4) is None
    assert read_sketch("<svg><text>no bonds</text></svg>", "CCO") is None
    assert read_sketch(SVG, "CC") is None  # the drawing is not of that molecule


def test_two_runs_are_compared_by_structure(tmp_path: Path) -> None:
    one, _, _ = make_run(tmp_path / "a", count=12)
    other, _, _ = make_run(tmp_path / "b", count=5)
    page = compare(one, other)
    assert "5 in both, 7 only in A, 0 only in B" in page and "| 1 | 1 | A hydroxyl" in page
    assert "QED 0.6292 → 0.67" in page


def test_the_docs_hold_every_command_and_key() -> None:
    page = (Path(__file__).parents[2] / "docs" / "terminal.md").read_text(encoding="utf-8")
    assert keys.guide_markdown() in page, "docs/terminal.md is behind: put `tui.commands.keys.guide_markdown()` into it"
