from __future__ import annotations

import pytest

from agent.reasoning.playbooks.formulation import Formulation, _ingredients
from agent.reasoning.understanding import read_goal
from agent.records import Goal

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
    assert [(one["name"], one["low"], one["high"]) for one in _ingredients(text)] == expected


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
