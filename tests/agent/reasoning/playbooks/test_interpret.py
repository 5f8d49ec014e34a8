"""From goal to brief: what is not understood is said, and what is outside is asked about."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import ConflictError, InputError
from agent.reasoning.playbooks import PLAYBOOKS, interpret_goal, playbook_named
from agent.records import ErrorInfo, Goal, Result
from agent.tools import catalogue


async def test_a_goal_outside_every_playbook_is_a_question(context) -> None:
    brief = await interpret_goal(Goal(text="Write a poem about spring"), context())
    assert (brief.playbook, brief.domain) == ("", "general")
    (question,) = brief.missing
    assert question.key == "playbook" and question.choices == tuple(book.name for book in PLAYBOOKS)


async def test_the_answer_chooses_the_playbook(context) -> None:
    brief = await interpret_goal(Goal(text="Surprise me with celecoxib"), context(playbook="molecule-design"))
    assert brief.playbook == "molecule-design" and not brief.missing


@pytest.mark.parametrize(
    ("goal", "key", "playbook"),
    [
        ("Rank the pesticides in the attached list by mobility in groundwater", "molecules", "molecule-set"),
        ("Find which columns of my table of measurements go together", "table", "table-analysis"),
    ],
)
async def test_an_answer_that_names_a_file_attaches_it(
    goal: str, key: str, playbook: str, context, tmp_path: Path
) -> None:
    asked = await interpret_goal(Goal(text=goal), context())
    assert [question.key for question in asked.missing] == [key]
    table = tmp_path / "mine.csv"
    first = "smiles" if key == "molecules" else "sample"
    table.write_text(f"{first},temperature,strength\nCCO,20,1.5\nCCCO,30,2.5\nCCCCO,40,4.5\n")
    brief = await interpret_goal(Goal(text=goal), context(**{key: f" '{table}' "}))
    assert brief.playbook == playbook and not brief.missing
    assert any(entity.source == str(table) or entity.value == str(table) for entity in brief.entities)


async def test_molecules_that_are_asked_for_may_be_named(context) -> None:
    goal = Goal(text="Rank the pesticides in the attached list by mobility in groundwater")
    brief = await interpret_goal(goal, context(molecules="celecoxib, CCO"))
    assert not brief.missing
    assert [entity.kind for entity in brief.entities] == ["molecule", "molecule"]


async def test_an_unused_number_is_a_note(context) -> None:
    brief = await interpret_goal(Goal(text="Analogues of aspirin with logP below 3, IC50 below 20 nM"), context())
    assert any("below 20 nM" in note for note in brief.notes)


@pytest.mark.parametrize("text", ["", "   \n"])
async def test_an_empty_goal_is_refused(text: str, context) -> None:
    with pytest.raises(InputError, match="empty"):
        await interpret_goal(Goal(text=text), context())


async def test_a_contradiction_stops_before_anything_is_looked_up(context, lab) -> None:
    with pytest.raises(ConflictError):
        await interpret_goal(Goal(text="Analogues of aspirin with logP above 5 and below 2"), context())
    assert not lab.calls


async def test_a_brief_is_plain_and_the_same_every_time(context) -> None:
    goal = Goal(text="Design 20 analogues of celecoxib, keep the sulfonamide, MW < 450 Da", seed=7)
    one, two = [await interpret_goal(goal, context()) for _ in range(2)]
    assert one == two
    assert type(one).model_validate(one.plain()) == one
    assert one.options["random_seed"] == 7


def test_playbooks_are_complete_and_found_by_name() -> None:
    for book in PLAYBOOKS:
        assert playbook_named(book.name) is book
        assert len(book.examples) >= 15 and len(set(book.examples)) == len(book.examples)
        assert any(ord(c) > 0xAC00 for example in book.examples for c in example)
    with pytest.raises(InputError, match="molecule-design"):
        playbook_named("alchemy")


def test_the_tools_of_the_test_catalogue_are_those_of_the_house(tools) -> None:
    """The signatures that these tests plan with exist in the real catalogue with the same argument names."""
    real = catalogue()
    for tool in tools:
        theirs = real.get(tool.name).schema()
        assert set(tool.schema()["properties"]) <= set(theirs["properties"]), tool.name
        assert set(theirs.get("required", ())) <= set(tool.schema()["properties"]), tool.name


@pytest.mark.parametrize(
    ("text", "name"),
    [("Compute the properties of xyzzyzol", "xyzzyzol"), ("What are the properties of blurbamide?", "blurbamide")],
)
async def test_an_unknown_name_is_what_is_asked_about(text: str, name: str, context) -> None:
    brief = await interpret_goal(Goal(text=text), context())
    assert brief.playbook == "molecule-design"
    (question,) = brief.missing
    assert f"called '{name}'" in question.text and "SMILES" in question.text and not question.choices


async def test_a_thing_without_a_name_is_no_unknown_molecule(context) -> None:
    brief = await interpret_goal(Goal(text="What are the properties of a good catalyst?"), context())
    assert [question.key for question in brief.missing] == ["playbook"]


async def test_a_known_name_that_is_not_handled_is_told_as_that(context, lab, monkeypatch) -> None:
    async def refused(name, arguments):
        message = f"molecule '{arguments['molecule']}': '[Ca]' has an unpaired electron on Ca"
        return Result(status="error", summary=message, error=ErrorInfo(kind="x", message=message, repairable=True))

    monkeypatch.setattr(lab, "call", refused)
    brief = await interpret_goal(Goal(text="Compute the properties of calcium"), context())
    (question,) = brief.missing
    assert "unpaired electron" in question.text and "do not know" not in question.text
