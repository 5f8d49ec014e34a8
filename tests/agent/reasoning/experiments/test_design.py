import pytest
from support.runs import molecule_brief, molecules, view

from agent.reasoning.candidates import rank_candidates
from agent.reasoning.experiments import METHODS, design_experiment
from agent.reasoning.experiments.methods import condition_text, fill
from agent.reasoning.hypotheses import infer_hypotheses
from agent.records import Experiment, Hypothesis, Prediction, Text
from agent.tools import failed, ok
from agent.tools.experiments.power_core import sample_size
from agent.units import compatible
from agent.vocabulary import by_key

BRIEF = molecule_brief()


@pytest.fixture(scope="module")
def run():
    return view(rank_candidates(BRIEF, molecules()), BRIEF, seed=5)


@pytest.fixture(scope="module")
def made(run) -> tuple[Hypothesis, ...]:
    return infer_hypotheses(run)


@pytest.mark.parametrize("key", sorted(METHODS))
def test_every_method_measures_a_quantity_of_the_vocabulary(key):
    method, known = METHODS[key], by_key()[key]
    if method.direct:
        assert compatible(method.unit, known.unit)
    assert "{{" not in condition_text(method) + "".join(fill(step, method) for step in method.steps)
    assert len(method.controls) == 3 and method.spread > 0


async def test_every_hypothesis_gets_a_whole_plan(run, made):
    for hypothesis in made:
        plan = await design_experiment(hypothesis, run)
        assert Experiment.model_validate(plan.model_dump()) == plan
        assert plan.hypothesis == hypothesis.id
        assert plan.replicates >= 3 and plan.sample_size >= plan.replicates
        assert plan.power is not None and plan.power >= 0.8
        assert {c.split(":")[0] for c in plan.controls} >= {"positive", "negative"}
        assert plan.measurements[0].unit == hypothesis.prediction.unit
        assert any("GHS" in hazard for hazard in plan.hazards)
        assert plan.cost.startswith("Estimate") and plan.duration.startswith("Estimate")
        for text in (*plan.procedure, plan.decision_rule):
            assert isinstance(text, Text) and text.unverified == ()


async def test_the_seed_is_the_comparator_of_the_best_candidate(run, made):
    plan = await design_experiment(next(h for h in made if h.kind == "transfer"), run)
    assert plan.factors[0].levels == (run.candidates[0].id, "celecoxib")


async def test_replicates_are_those_of_the_power_analysis(run, made):
    contrast = next(h for h in made if h.kind == "contrast")
    plan = await design_experiment(contrast, run)
    prediction = contrast.prediction
    assert prediction.effect and prediction.spread
    expected = sample_size(
        prediction.effect, prediction.spread, power=0.8, alpha=0.05, groups=2, two_sided=True, least=3
    )
    assert (plan.replicates, plan.power) == (expected.replicates, expected.power)
    assert plan.factors[0].levels == ("with the part", "without it")
    assert set(plan.factors[1].levels) & set(contrast.subjects)


async def test_a_pair_is_compared_with_each_other_and_not_with_the_rest(run, made):
    group = next(h for h in made if h.kind == "contrast")
    higher, lower = (candidate.id for candidate in run.candidates[:2])
    plan = await design_experiment(group.model_copy(update={"subjects": (higher, lower)}), run)
    assert plan.factors[0].levels == (higher, lower)


async def test_a_level_is_sized_for_its_distance_from_the_bound(run, made):
    transfer = next(h for h in made if h.kind == "transfer")
    plan = await design_experiment(transfer, run)
    assert "distance of the estimate from the bound" in plan.power_basis
    estimate = run.candidates[0].quantities["logS_ESOL"].value
    assert transfer.prediction.spread
    distance = abs(estimate - transfer.prediction.value)
    expected = sample_size(
        distance, transfer.prediction.spread, power=0.8, alpha=0.05, groups=1, two_sided=True, least=3
    )
    assert (plan.replicates, plan.power) == (expected.replicates, expected.power)


async def test_masses_for_stocks_follow_from_the_molecular_mass(run, made):
    permeability = next(h for h in made if h.prediction.quantity == "Caco2")
    plan = await design_experiment(permeability, run)
    candidate = next(c for c in run.candidates if c.id == plan.factors[-1].levels[0])
    mass = candidate.quantities["mass"].value * 10e-3 / 0.95
    step = next(text for text in plan.procedure if text.text.startswith(f"{candidate.id}: dissolve"))
    assert f"dissolve {mass:.3g} mg" in step.text
    assert step.spans[0].source == "e2"


async def test_a_power_analysis_that_fails_is_said(run, made):
    from agent.errors import TerminalToolError

    async def broken(name, arguments):
        return failed(TerminalToolError("statsmodels is missing"))

    plan = await design_experiment(made[0], view(run.candidates, BRIEF, caller=broken))
    assert plan.power is None and plan.replicates == 3
    assert "statsmodels is missing" in plan.power_basis


async def test_an_effect_lost_in_the_spread_is_said(run, made):
    async def many(name, arguments):
        return ok("many", data={"replicates": 400, "power": 0.8, "test": "two-sample t test"})

    plan = await design_experiment(made[0], view(run.candidates, BRIEF, caller=many))
    assert "pilot" in plan.power_basis and plan.replicates == 400


async def test_what_only_a_computer_knows_is_planned_as_a_computation(run):
    text = Text(text="c1 has a high QED.")
    prediction = Prediction(quantity="QED", relation=">", value=0.7)
    odd = Hypothesis(
        id="h7", statement=text, mechanism=text, prediction=prediction, refuted_by="QED below", subjects=("c1", "c404")
    )
    plan = await design_experiment(odd, run)
    assert plan.measurements[0].method.startswith("computed only")
    assert plan.power is None and plan.replicates == 3


async def test_the_hazard_screen_is_quoted_and_never_read_as_safety(run, made):
    screened = tuple(c.model_copy(update={"labels": {**c.labels, "hazard": "no match"}}) for c in run.candidates)
    plan = await design_experiment(made[0], view(screened, BRIEF))
    assert any("no match" in h and "not a statement of safety" in h for h in plan.hazards)
    assert not any("is safe" in h for h in plan.hazards)


async def test_plans_repeat(run, made):
    assert await design_experiment(made[0], run) == await design_experiment(made[0], run)
