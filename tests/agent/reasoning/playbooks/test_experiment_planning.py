"""Goals that plan experiments: what they give is taken up, what they lack is asked for."""

from __future__ import annotations

import pytest

from agent.reasoning.playbooks import interpret_goal, playbook_named
from agent.reasoning.protocol import Context
from agent.reasoning.questions import call_inline
from agent.records import Brief, Goal, Plan
from agent.tools import catalogue


def _context(**answers: str) -> Context:
    return Context(
        catalogue=catalogue(), call=lambda name, arguments: call_inline(name, dict(arguments)), answers=answers
    )


async def _planned(text: str, **answers: str) -> tuple[Brief, Plan]:
    context = _context(**answers)
    brief = await interpret_goal(Goal(text=text), context)
    assert brief.playbook == "experiment-planning", brief.missing
    assert not brief.missing
    return brief, playbook_named(brief.playbook).plan(brief, context)


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        (
            "How many mice per group to detect a 20% drop in weight with sd 25 %, 90% power, alpha 0.01, 3 groups?",
            {"effect": 20.0, "spread": 25.0, "power": 0.9, "alpha": 0.01, "groups": 3},
        ),
        ("Sample size for Cohen's d = 0.5?", {"effect": 0.5, "spread": 1.0}),
        (
            "What sample size do I need for a difference of 1.5 mmol/L if the standard deviation is 2 mmol/L?",
            {"effect": 1.5, "spread": 2.0},
        ),
        (
            "두 그룹 평균 차이 0.5, 표준편차 0.4일 때 검정력 80%를 위해 그룹당 표본 몇 개가 필요한가?",
            {"effect": 0.5, "spread": 0.4, "power": 0.8, "groups": 2},
        ),
    ],
)
async def test_the_size_of_an_experiment_is_read(text: str, arguments: dict[str, float]) -> None:
    _, plan = await _planned(text)
    (step,) = plan.steps
    assert step.tool == "size_experiment" and dict(step.arguments) == arguments


async def test_a_size_without_spread_is_asked_for_and_the_answer_is_used() -> None:
    text = "How many replicates per group do I need to detect a difference of 3?"
    brief = await interpret_goal(Goal(text=text), _context())
    assert [question.key for question in brief.missing] == ["effect"]
    _, plan = await _planned(text, effect="standard deviation of 2")
    assert dict(plan.steps[0].arguments) == {"effect": 3.0, "spread": 2.0}


async def test_a_plate_holds_every_dose_of_every_sample() -> None:
    brief, plan = await _planned(
        "Lay out a 96 well plate with 8 compounds in duplicate, 10-point 3-fold dilution from 10 µM, DMSO and a "
        "positive control"
    )
    series, plate = plan.steps
    assert series.arguments["stock"] == 10 and len(series.arguments["targets"]) == 9
    assert series.arguments["targets"][0] == pytest.approx(10 / 3, rel=1e-3)
    assert len(plate.arguments["samples"]) == 80 and plate.arguments["replicates"] == 2
    assert plate.arguments["controls"] == ["DMSO", "positive control"]
    assert any("more than one" in note for note in brief.notes)
    assert not any("not use" in note for note in brief.notes)


async def test_factors_become_a_space_with_their_units_and_the_number_of_runs() -> None:
    brief, plan = await _planned(
        "Suzuki coupling: optimise yield over Pd loading (0.5-5 mol%), base (K2CO3, Cs2CO3, K3PO4), temperature "
        "60-110 °C, 20 reactions"
    )
    (step,) = plan.steps
    assert step.tool == "suggest_experiments" and step.arguments["batch"] == 20
    loading, base, temperature = step.arguments["space"]["parameters"]
    assert (loading["name"], loading["low"], loading["high"], loading["unit"]) == ("Pd_loading", 0.5, 5.0, "mol%")
    assert base["values"] == ["K2CO3", "Cs2CO3", "K3PO4"]
    assert (temperature["low"], temperature["high"], temperature["unit"]) == (60.0, 110.0, "°C")
    assert step.arguments["space"]["objectives"] == [{"name": "yield", "goal": "maximise"}]
    assert not any("not use" in note for note in brief.notes)


async def test_ratios_of_components_are_a_mixture() -> None:
    _, plan = await _planned("Suggest Cu/Zn/Al ratios to test for methanol synthesis, 12 runs")
    (factor,) = plan.steps[0].arguments["space"]["parameters"]
    assert factor["kind"] == "mixture" and [part["name"] for part in factor["components"]] == ["Cu", "Zn", "Al"]


async def test_a_synthesis_is_planned_within_its_steps_after_the_screen() -> None:
    _, plan = await _planned("Plan a synthesis of lidocaine from commercial building blocks, at most 3 steps")
    assert [step.tool for step in plan.steps] == ["screen_candidates", "plan_synthesis"]
    assert plan.steps[1].arguments["steps"] == 3 and plan.steps[1].needs == ("s1",)


async def test_weighing_takes_the_amount_in_grams() -> None:
    _, plan = await _planned("What do I weigh to make 500 mg of BaTiO3?")
    assert dict(plan.steps[0].arguments) == {"formula": "BaTiO3", "product_mass_g": 0.5}


@pytest.mark.parametrize(
    "text",
    [
        "Design analogues of aspirin with logP 1-3 and MW 200-300, 20 compounds",
        "Screen NaCl, KCl and LiF for stability",
        "Optimise a coating of acrylate 40-70 %, crosslinker 5-20 % and solvent",
    ],
)
async def test_goals_of_other_playbooks_are_left_to_them(text: str) -> None:
    assert (await interpret_goal(Goal(text=text), _context())).playbook != "experiment-planning"
