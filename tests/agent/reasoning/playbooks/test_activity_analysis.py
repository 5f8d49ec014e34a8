"""Goals about a table of measured molecules: recognised, planned, and told from goals of design."""

from __future__ import annotations

import pytest

from agent.reasoning.playbooks import interpret_goal
from agent.reasoning.playbooks.activity_analysis import TABLE, ActivityAnalysis
from agent.reasoning.playbooks.registry import PLAYBOOKS
from agent.reasoning.understanding import read_goal, route
from agent.records import Goal
from agent.tools import catalogue


@pytest.fixture
def series(tmp_path) -> str:
    file = tmp_path / "series.csv"
    file.write_text("name,smiles,IC50 (nM)\na,CCO,10\nb,CCN,200\n")
    return str(file)


@pytest.mark.parametrize(
    "text",
    [
        "Which changes raise the potency of our EGFR series?",
        "Analyse the structure-activity relationships of the attached compounds",
        "Show the activity cliffs and matched pairs",
        "R-group table and scaffolds of these hits, please",
        "첨부한 화합물의 구조-활성 관계를 분석해줘",
    ],
)
def test_a_question_about_a_series_comes_here(text: str, series: str) -> None:
    parts = read_goal(Goal(text=text, attachments=(series,)))
    assert route(parts, PLAYBOOKS).name == "activity-analysis"


@pytest.mark.parametrize(
    "text", ["Design more potent analogues of the best compound in the table", "Predict the activity of new analogues"]
)
def test_a_wish_for_new_molecules_does_not(text: str, series: str) -> None:
    assert ActivityAnalysis().signals(read_goal(Goal(text=text, attachments=(series,)))) == 0


def test_a_table_without_structures_does_not(tmp_path) -> None:
    file = tmp_path / "wells.csv"
    file.write_text("nitrate,iron\n1,2\n3,4\n")
    assert ActivityAnalysis().signals(read_goal(Goal(text="Analyse the data", attachments=(str(file),)))) == 0


async def test_the_plan_reads_the_table_and_nothing_says_that_data_are_lacking(series: str, context) -> None:
    goal = Goal(text="Which changes raise the potency? Show the cliffs.", attachments=(series,))
    brief = await interpret_goal(goal, context())
    assert brief.playbook == "activity-analysis"
    assert not any("assay data" in note for note in brief.notes)
    plan = ActivityAnalysis().plan(brief, context(catalogue=catalogue()))
    assert [step.tool for step in plan.steps][:2] == ["analyse_activity", "check_table"]
    assert plan.steps[0].arguments["path"] == series


async def test_without_a_table_it_is_asked_for_and_an_answer_taken(series: str, context) -> None:
    parts = read_goal(Goal(text="Show the activity cliffs"))
    filling = await ActivityAnalysis().fill(parts, context())
    assert [question.key for question in filling.missing] == [TABLE]
    answered = await ActivityAnalysis().fill(parts, context(**{TABLE: series}))
    assert answered.entities[0].value == series
