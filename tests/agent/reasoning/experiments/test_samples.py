from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.runs import molecule_brief, molecules, view

from agent.errors import InputError
from agent.reasoning.candidates import rank_candidates
from agent.reasoning.experiments import METHODS, design_experiment
from agent.reasoning.experiments.arms import Arm
from agent.reasoning.experiments.bench import Bench, bench_of
from agent.reasoning.experiments.samples import (
    CONTROL_REPLICATES,
    MOST_BLOCKS,
    arrange,
    control_of,
    planned,
    plate_size,
)
from agent.reasoning.hypotheses import infer_hypotheses
from agent.records import Hypothesis

BRIEF = molecule_brief()
TABLE = rank_candidates(BRIEF, molecules())


def run(seed: int = 5, goal: str = ""):
    made = view(TABLE, BRIEF, seed=seed)
    return made if not goal else view(TABLE, BRIEF.model_copy(update={"goal": goal}), seed=seed)


@pytest.fixture(scope="module")
def hypotheses() -> tuple[Hypothesis, ...]:
    return infer_hypotheses(run())


async def test_every_replicate_and_control_is_a_sample_of_its_own(hypotheses):
    for hypothesis in hypotheses:
        plan = await design_experiment(hypothesis, run())
        ids = [sample.id for sample in plan.samples]
        assert len(set(ids)) == len(ids) and ids[0] == f"{plan.id}-01"
        assert len({sample.code for sample in plan.samples}) == len(ids)
        assert [sample.order for sample in plan.samples] == list(range(1, len(ids) + 1))
        tested = [sample for sample in plan.samples if sample.arm != "controls"]
        assert plan.sample_size == len(tested) >= plan.replicates
        assert {s.item for s in tested} == set(plan.factors[-1].levels)
        controls = Counter(sample.role for sample in plan.samples if sample.arm == "controls")
        assert {"positive", "negative"} <= controls.keys() and min(controls.values()) >= CONTROL_REPLICATES
        if plan.samples[0].well:
            assert len({(sample.plate, sample.well) for sample in plan.samples}) == len(ids)


async def test_the_decision_names_the_arms_of_the_samples_and_the_figures_of_the_words(hypotheses):
    kinds = set()
    for hypothesis in hypotheses:
        plan = await design_experiment(hypothesis, run())
        decision = plan.decision
        assert decision is not None
        kinds.add(decision.compares)
        roles = {sample.arm: sample.role for sample in plan.samples}
        assert roles[decision.arms[0]] == "test"
        assert len(decision.arms) == (2 if decision.compares == "difference" else 1)
        assert all(roles[arm] == "comparator" for arm in decision.arms[1:])
        predicted = hypothesis.prediction
        assert (decision.relation, decision.value, decision.high) == (
            predicted.relation, predicted.value, predicted.high,
        )  # fmt: skip
        assert ("difference of the means" in plan.decision_rule.text) == (decision.compares == "difference")
        assert f"{decision.value:g}"[:4] in plan.decision_rule.text
        assert plan.stopping_rule is not None and plan.stopping_rule.unverified == ()
        assert all(text.unverified == () for text in plan.design)
        assert plan.waste
    assert kinds == {"difference", "level"}


async def test_the_seed_of_the_run_fixes_the_order_and_the_codes(hypotheses):
    first, again = [await design_experiment(hypotheses[0], run(seed)) for seed in (5, 5)]
    other = await design_experiment(hypotheses[0], run(6))
    assert first.samples == again.samples
    assert [s.item for s in first.samples] != [s.item for s in other.samples] or first.samples != other.samples
    assert {s.code for s in first.samples} != {s.code for s in other.samples}


@given(st.integers(1, 6), st.integers(1, 6), st.integers(1, 30), st.integers(1, 30))
def test_replicates_are_dealt_evenly_over_the_blocks(tested, compared, first, second):
    arms = tuple(
        Arm(name, TABLE[start : start + count]) for name, start, count in (("a", 0, tested), ("b", 10, compared))
    )
    places = planned(arms, {"a": first, "b": second}, METHODS["Caco2"])
    blocks = max(place.block for place in places)
    assert blocks == min(max(first, second), MOST_BLOCKS)
    assert len({place.key for place in places}) == len(places)
    for arm, count in (("a", first), ("b", second)):
        for item in {place.item for place in places if place.arm == arm}:
            mine = Counter(place.block for place in places if place.item == item and place.arm == arm)
            assert sum(mine.values()) == count
            assert max(mine.values()) - min(mine.get(block, 0) for block in range(1, blocks + 1)) <= 1
    for block in range(1, blocks + 1):
        assert {p.role for p in places if p.block == block} >= {"positive", "negative", "vehicle"}


def test_controls_are_named_by_their_substance_and_vehicles_by_what_they_are():
    assert control_of("positive: warfarin (strongly bound)") == ("positive", "warfarin")
    assert control_of("negative: a poorly soluble reference of known solubility (griseofulvin)")[1] == "griseofulvin"
    assert control_of("vehicle: DMSO at the concentration of the samples")[1].startswith("DMSO at")


def test_a_goal_that_names_two_plate_sizes_is_told_that_they_contradict():
    bench = bench_of(METHODS["Caco2"])
    assert plate_size("screen in 384-well plates", 10, bench) == (384, ())
    size, notes = plate_size("use 96-well plates and 384 well plates", 10, bench)
    assert size == 96 and "contradict" in notes[0]
    assert plate_size("", 500, bench)[0] == 384


async def test_a_layout_that_fails_leaves_samples_without_wells_and_says_so():
    async def refusing(name, arguments):
        raise InputError("no tools here")

    made = view(TABLE, BRIEF, caller=refusing)
    places = planned((Arm("a", TABLE[:2]),), {"a": 3}, METHODS["Caco2"])
    arranged = await arrange("x1", places, Bench(plate=True), made)
    assert arranged.plates == 0 and not any(sample.well for sample in arranged.samples)
    assert "no tools here" in arranged.notes[0]
    assert [s.block for s in arranged.samples] == sorted(s.block for s in arranged.samples)


async def test_outer_wells_stay_empty_where_a_plate_stands_open(hypotheses):
    permeability = next(h for h in hypotheses if h.prediction.quantity == "Caco2")
    plan = await design_experiment(permeability, run())
    assert all(s.well[0] in "BCDEFG" and 2 <= int(s.well[1:]) <= 11 for s in plan.samples)
    assert any("outer wells hold buffer" in text.text for text in plan.design)
