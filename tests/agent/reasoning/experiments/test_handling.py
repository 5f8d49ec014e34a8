import asyncio

import pytest
from support.runs import molecule_brief, molecules, view

from agent.reasoning.candidates import rank_candidates
from agent.reasoning.experiments import METHODS, design_experiment
from agent.reasoning.experiments.handling import protocols
from agent.reasoning.experiments.quantities import BETWEEN_UL, STOCK_MM, WORKING_UL, diluting, stock_volume_ul
from agent.reasoning.hypotheses import infer_hypotheses
from agent.records import Hypothesis, Prediction, Text
from agent.tools.robots.compiling import compile_protocol
from agent.tools.robots.labware import ROBOTS
from agent.units import convert

BRIEF = molecule_brief()
RUN = view(rank_candidates(BRIEF, molecules()), BRIEF, seed=5)


def plan(quantity: str, **prediction):
    """The plan that tests a statement on one candidate's quantity."""
    text = Text(text="A statement.")
    predicted = Prediction(
        quantity=quantity, relation=">", value=0.0, unit=METHODS[quantity].unit, effect=2.0, spread=1.0, **prediction
    )
    subject = Hypothesis(
        id="h1", statement=text, mechanism=text, prediction=predicted, refuted_by="less", subjects=("c1",),
    )  # fmt: skip
    return asyncio.run(design_experiment(subject, RUN))


@pytest.mark.parametrize("quantity", ["logS_ESOL", "logP", "logD", "Caco2", "PPBR", "hERG", "AMES", "half_life"])
@pytest.mark.parametrize("robot", ["ot2", "flex"])
def test_every_method_that_pipettes_has_a_protocol_that_a_robot_can_run(quantity, robot):
    experiment = plan(quantity)
    (protocol,) = protocols(experiment, RUN.candidates)
    compiled = compile_protocol(protocol, ROBOTS[robot])  # type: ignore[index]
    assert compiled.complaints == []
    read = {f"plate:{sample.well}" for sample in experiment.samples}
    if quantity not in ("logP", "logD"):  # there a person parts the phases
        assert {place for place in compiled.final if place.startswith("plate:")} == read
    assert protocols(experiment, RUN.candidates) == (protocol,)


@pytest.mark.parametrize("quantity", ["density", "band_gap", "melting_temperature", "isoelectric_point"])
def test_methods_without_liquid_handling_have_none(quantity):
    assert protocols(plan(quantity)) == ()


def test_a_screen_too_large_for_one_deck_has_none():
    made = plan("Caco2")
    many = tuple(
        made.samples[0].model_copy(update={"id": f"x1-{n:03d}", "well": f"{chr(65 + n % 16)}{n // 16 + 1:02d}"})
        for n in range(120)
    )
    assert protocols(made.model_copy(update={"samples": many})) == ()


@pytest.mark.parametrize(
    "quantity", [key for key, method in METHODS.items() if method.stock and "assay" in method.settings]
)
def test_dilutions_conserve_the_amount_and_keep_dmso_below_its_limit(quantity):
    method = METHODS[quantity]
    steps = diluting(method)
    assert steps is not None
    target = convert(*method.settings["assay"], "millimolar")
    total = steps.between_ul + steps.buffer_ul
    assert total == pytest.approx(convert(*method.settings.get("working", (WORKING_UL, "microliter")), "microliter"))
    assert steps.between * steps.between_ul == pytest.approx(target * total)
    if steps.stock_ul:
        assert steps.stock_ul + steps.solvent_ul == pytest.approx(BETWEEN_UL)
        assert STOCK_MM * steps.stock_ul == pytest.approx(steps.between * BETWEEN_UL)
    assert 100 * steps.between_ul / total <= method.settings["dmso"][0] + 1e-9


def test_stocks_grow_with_the_samples():
    steps = diluting(METHODS["Caco2"])
    assert steps is not None
    assert stock_volume_ul(3, steps) == 1000
    assert stock_volume_ul(200, steps) >= 200 * steps.draw_ul


def test_robots_and_the_procedure_use_the_same_volumes():
    experiment = plan("Caco2")
    (protocol,) = protocols(experiment, RUN.candidates)
    steps = diluting(METHODS["Caco2"])
    assert steps is not None
    volumes = {round(step.volume_ul, 1) for step in protocol.steps if step.kind == "transfer"}
    assert {steps.stock_ul, steps.solvent_ul, steps.between_ul, steps.buffer_ul} <= volumes
    said = " ".join(text.text for text in experiment.procedure)
    assert f"{steps.between_ul:g} µL of that with {steps.buffer_ul:g} µL buffer" in said


def test_solids_are_weighed_to_saturate_and_leave_an_excess():
    experiment = plan("logS_ESOL")
    (protocol,) = protocols(experiment, RUN.candidates)
    candidate = next(c for c in RUN.candidates if c.id == "c1")
    weighed = {step.mass_mg for step in protocol.steps if step.kind == "weigh" and step.item == "c1"}
    dissolved = 10 ** candidate.quantities["logS_ESOL"].value * candidate.quantities["mass"].value * 1.0
    assert list(weighed) == [pytest.approx((dissolved + 2.0) / 0.95, rel=0.01)]


async def test_every_hypothesis_of_a_run_that_pipettes_compiles():
    for hypothesis in infer_hypotheses(RUN):
        experiment = await design_experiment(hypothesis, RUN)
        for protocol in protocols(experiment, RUN.candidates):
            for robot in ROBOTS.values():
                assert compile_protocol(protocol, robot).complaints == []
