from __future__ import annotations

import pytest

from agent.reasoning.playbooks import interpret_goal
from agent.reasoning.playbooks.formulation import Formulation
from agent.reasoning.playbooks.mixtures import read_ingredients, read_responses
from agent.reasoning.understanding import read_goal
from agent.records import Goal
from agent.tools import catalogue

TABLE = "acrylate,crosslinker,solvent,hardness (HV)\n0.5,0.1,0.4,20\n0.6,0.1,0.3,24\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Optimise a coating of acrylate 40-70 %, crosslinker 5-20 % and solvent",
            [("acrylate", 0.4, 0.7), ("crosslinker", 0.05, 0.2), ("solvent", 0, 1)],
        ),
        (
            "Formulate a paint with 20 to 40 % binder, 5 to 15 % pigment and water.",
            [("binder", 0.2, 0.4), ("pigment", 0.05, 0.15), ("water", 0, 1)],
        ),
        (
            "아크릴레이트 40~70 %, 가교제 5~20 %, 용제로 이루어진 코팅",
            [("아크릴레이트", 0.4, 0.7), ("가교제", 0.05, 0.2), ("용제", 0, 1)],
        ),
        ("resin (50-80 %), hardener (10-30 %)", [("resin", 0.5, 0.8), ("hardener", 0.1, 0.3)]),
        ("keep logP between 2 and 4", []),
    ],
)
def test_components_and_their_ranges_are_read(text: str, expected: list[tuple[str, float, float]]) -> None:
    assert [(one["name"], one["low"], one["high"]) for one in read_ingredients(text)[0]] == expected


def test_goals_of_formulators_point_here_and_others_do_not() -> None:
    book = Formulation()
    coating = read_goal(Goal(text="Optimise a coating of acrylate 40-70 %, crosslinker 5-20 % and solvent"))
    assert book.signals(coating) >= 4
    for other in ("Design soluble analogues of celecoxib", "Translate ATGGCTAGCAAAGGAGAA"):
        assert book.signals(read_goal(Goal(text=other))) == 0


async def test_a_table_becomes_a_model_and_its_column_the_objective(tmp_path, context) -> None:
    file = tmp_path / "data.csv"
    file.write_text(TABLE)
    text = f"Optimise a coating of acrylate 40-70 %, glue 5-20 %, hardness in '{file}'"
    filling = await Formulation().fill(read_goal(Goal(text=text)), context())
    assert filling.objectives[0].quantity == "hardness (HV)" and filling.objectives[0].direction == "maximise"
    assert [one["name"] for one in filling.options["ingredients"]] == ["acrylate"]
    assert any("glue" in note for note in filling.notes)


async def test_without_components_or_table_they_are_asked_for(context) -> None:
    filling = await Formulation().fill(read_goal(Goal(text="Design an adhesive formulation")), context())
    assert [question.key for question in filling.missing] == ["ingredients"]


@pytest.mark.parametrize(
    ("text", "components", "wanted"),
    [
        (
            "an epoxy coating with hardness above 80 from resin, hardener and filler",
            ["resin", "hardener", "filler"],
            [("hardness", 80, None, "")],
        ),
        (
            "coating of acrylate 40-70 %, crosslinker up to 20 % and solvent, highest gloss, viscosity below 500",
            ["acrylate", "crosslinker", "solvent"],
            [("gloss", None, None, "maximise"), ("viscosity", None, 500, "")],
        ),
        ("Which ratio of epoxy to hardener gives the strongest bond?", ["epoxy", "hardener"],
         [("bond strength", None, None, "maximise")]),
        ("수지, 경화제, 충전제로 경도 80 이상인 에폭시 코팅", ["수지", "경화제", "충전제"], [("경도", 80, None, "")]),
        ("a paper coating from kaolin, starch and latex with whiteness above 85", ["kaolin", "starch", "latex"],
         [("whiteness", 85, None, "")]),
        ("a hot melt from EVA, wax and rosin, softening point between 90 and 110", ["EVA", "wax", "rosin"],
         [("softening point", 90, 110, "")]),
    ],
)  # fmt: skip
def test_plain_components_and_the_responses_wanted_are_read(text, components, wanted) -> None:
    assert [one["name"] for one in read_ingredients(text)[0]] == components
    assert [(one.name, one.low, one.high, one.direction) for one in read_responses(text)] == wanted


async def test_without_measurements_the_note_says_so_and_nothing_claims_that_hardness_cannot_be_served(context) -> None:
    goal = Goal(text="an epoxy coating with hardness above 80 from resin, hardener and filler")
    brief = await interpret_goal(goal, context())
    assert brief.playbook == "formulation" and not brief.missing
    assert [(bound.quantity, bound.low) for bound in brief.constraints] == [("hardness", 80)]
    assert not any("cannot work toward" in note or "did not use" in note for note in brief.notes)
    assert any("No measured recipe is attached" in note for note in brief.notes)
    arguments = {"response": "hardness", "goal": "maximise", "reach": 80.0}
    (step,) = Formulation().plan(brief, context(catalogue=catalogue())).steps
    assert step.tool == "design_mixture" and arguments.items() <= step.arguments.items()


async def test_other_columns_with_bounds_become_limits(tmp_path, context) -> None:
    file = tmp_path / "data.csv"
    file.write_text("resin,filler,hardness (HV),gloss\n0.5,0.5,20,80\n0.6,0.4,24,70\n")
    text = f"Highest hardness of a coating at a gloss of at least 70 from the recipes in '{file}'; and what of haze?"
    brief = await interpret_goal(Goal(text=text), context())
    assert brief.options["response"] == "hardness (HV)" and brief.objectives[0].direction == "maximise"
    assert brief.options["limits"] == [{"response": "gloss", "low": 70.0, "high": None}]
    assert any("'haze' is no column" in note for note in brief.notes)
