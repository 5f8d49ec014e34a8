"""Goals about a table of samples: which of its columns are related, and which groups are compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.reasoning.playbooks import interpret_goal
from agent.reasoning.playbooks.next_rows import NextRows
from agent.reasoning.playbooks.table_analysis import TableAnalysis
from agent.reasoning.playbooks.table_names import mentioned
from agent.reasoning.understanding import read_goal
from agent.records import Goal
from agent.tools import catalogue


@pytest.fixture
def soil(tmp_path: Path) -> str:
    rows = [
        f"S{i},{5 + i % 7 / 3:.2f},{1 + i % 5 / 4:.2f},{('rice', 'wheat')[i % 2]},{i % 3 + 1},{('논', '밭')[i % 2]}"
        for i in range(24)
    ]
    path = tmp_path / "soil.csv"
    path.write_text("site,pH,cd_mg_kg,crop,block,토지\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return str(path)


async def planned(text: str, path: str, context):
    brief = await interpret_goal(Goal(text=text, attachments=(path,)), context())
    assert brief.playbook == "table-analysis"
    plan = TableAnalysis().plan(brief, context(catalogue=catalogue()))
    return brief, {step.tool: step.arguments for step in plan.steps}


@pytest.mark.parametrize(
    ("text", "groups", "outcomes"),
    [
        ("What drives cadmium in these soils, and is it different between rice and wheat?", ["crop"], ["cd_mg_kg"]),
        ("Is cd higher in wheat than elsewhere in the table?", ["crop"], ["cd_mg_kg"]),
        ("Compare the pH of the attached samples by crop", ["crop"], ["pH"]),
        ("논과 밭 토양의 카드뮴(cd) 차이를 비교해 주세요", ["토지"], ["cd_mg_kg"]),
        ("Does cd differ between blocks in the table?", ["block"], ["cd_mg_kg"]),
        ("Does cd in the table differ between the groups?", ["crop", "토지"], ["cd_mg_kg"]),
        ("Analyse the data in the attached table.", ["crop", "토지"], []),
    ],
)
async def test_the_groups_that_a_goal_names_are_compared(text, groups, outcomes, soil: str, context) -> None:
    brief, steps = await planned(text, soil, context)
    assert steps["compare_groups"] == {"path": soil, "outcomes": outcomes, "groups": groups}
    assert any(note.startswith(f"I compare the groups of '{groups[0]}': ") for note in brief.notes)
    assert not any("not compared" in note for note in brief.notes)


async def test_groups_that_nobody_asks_about_are_mentioned(soil: str, context) -> None:
    brief, steps = await planned("Which column of the table controls cd?", soil, context)
    assert list(steps) == ["relate_columns"] and steps["relate_columns"]["outcomes"] == ["cd_mg_kg"]
    assert sum("sorts the samples into groups" in note for note in brief.notes) == 2


async def test_where_no_column_makes_groups_it_says_why(tmp_path: Path, context) -> None:
    path = tmp_path / "wells.csv"
    path.write_text("well,nitrate,iron\n" + "\n".join(f"W{i},{i % 5},{i * 7 % 11}" for i in range(12)) + "\n")
    brief, steps = await planned("Does nitrate in the table differ between the groups?", str(path), context)
    assert list(steps) == ["relate_columns"]
    assert any("'well' (its 12 values occur in fewer than 3 rows each)" in note for note in brief.notes)


async def test_one_measured_column_with_groups_is_enough(tmp_path: Path, context) -> None:
    path = tmp_path / "runs.csv"
    path.write_text(
        "catalyst,conversion_pct\n" + "\n".join(f"{c},{v}" for c in ("Pd", "Pt") for v in (80, 82, 81)) + "\n"
    )
    _, steps = await planned("Compare the catalysts of the attached table", str(path), context)
    assert steps == {"compare_groups": {"path": str(path), "outcomes": [], "groups": ["catalyst"]}}


def test_a_table_of_names_and_one_number_is_not_analysed(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("name,value\na,1\nb,2\nc,3\n")
    assert TableAnalysis().signals(read_goal(Goal(text="Analyse the data", attachments=(str(path),)))) == 0


async def test_what_to_make_next_is_read_with_its_limits(tmp_path: Path, context) -> None:
    path = tmp_path / "hea.csv"
    rows = [f"A{i},{10 + i},{30 - i},60,{300 + 9 * i},{i % 5}" for i in range(9)]
    path.write_text("\n".join(["Alloy,Al at%,Co at%,Ni at%,HV0.3,n", *rows]))
    parts = read_goal(
        Goal(attachments=(str(path),), text="what alloy do I cast next to get > 600 HV? keep Co below 20 at%")
    )
    assert NextRows().signals(parts) > TableAnalysis().signals(parts)
    filled = await NextRows().fill(parts, context())
    assert filled.options["inputs"] == ["Al at%", "Co at%", "Ni at%"]
    assert [(one.quantity, one.direction) for one in filled.objectives] == [("HV0.3", "maximise")]
    assert {(one.quantity, one.low, one.high) for one in filled.constraints} == {
        ("HV0.3", 600.0, None), ("Co at%", None, 20.0),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("does FEC improve capacity retention over 200 cycles?", ["discharge capacity (mAh/g)", "cycle"]),
        ("Vickers hardness against load", ["HV0.3", "load (N)"]),
        ("which film has the widest band gap", ["Eg (eV)"]),
    ],
)
def test_columns_are_known_by_what_they_shorten_or_by_a_telling_word(text: str, named: list[str]) -> None:
    columns = ["discharge capacity (mAh/g)", "cycle", "HV0.3", "load (N)", "Eg (eV)", "CE (%)"]
    assert mentioned(text, columns) == named
