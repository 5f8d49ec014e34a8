"""Hypotheses on recipes rest on the table of the user's own measurements, and on nothing else."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest
from support.runs import view

from agent.reasoning.candidates import rank_candidates
from agent.reasoning.experiments import design_experiment
from agent.reasoning.hypotheses import infer_hypotheses
from agent.records import Brief, Candidate, Constraint, Objective, Quantity
from agent.tools.formulations.tools import analyse_mixture

RESPONSE = "hardness (Shore D)"


def run(folder: Path, noise: float, *bounds: Constraint):
    chance = np.random.default_rng(1)
    points = chance.dirichlet((5, 3, 2), size=18).round(3)
    points[:, 2] = 1 - points[:, :2].sum(axis=1)
    values = points @ (60, 110, 80) + chance.normal(0, noise, 18)
    file = folder / "epoxy.csv"
    rows = [",".join(f"{x:.4f}" for x in (*p, v)) for p, v in zip(points, values, strict=True)]
    file.write_text(f"resin,hardener,filler,{RESPONSE}\n" + "\n".join(rows) + "\n")
    result = analyse_mixture(str(file), RESPONSE)
    brief = Brief(
        goal="a hard coating",
        domain="general",
        playbook="formulation",
        objectives=(Objective(quantity=RESPONSE, direction="maximise"),),
        constraints=bounds,
    )
    candidates = tuple(
        Candidate(
            id=f"c{place}",
            kind="recipe",
            structure=draft.structure,
            labels=draft.labels,
            quantities={one.name: Quantity(**one.model_dump(), source="e1") for one in draft.values},
        )
        for place, draft in enumerate(result.candidates, start=1)
    )
    return result, view(rank_candidates(brief, candidates), brief, payloads={"e1": result.data})


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    bound = Constraint(quantity=RESPONSE, relation=">=", low=80)
    return run(tmp_path_factory.mktemp("made"), 1.0, bound)


def test_the_goals_bound_and_the_components_are_predicted(made):
    result, seen = made
    level, *effects = infer_hypotheses(seen)
    assert level.kind == "estimate" and level.prediction.relation == ">" and level.prediction.value == 80
    assert level.subjects == (next(c.id for c in seen.candidates if c.rank == 1),)
    by_driver = {one.driver: one for one in effects}
    assert set(by_driver) == {one["component"] for one in result.data["contrasts"]}
    hardener = by_driver["hardener"]
    assert hardener.prediction.relation == ">" and "raises" in hardener.statement.text
    less, more = (seen.candidates[[c.id for c in seen.candidates].index(one)] for one in hardener.subjects)
    assert less.quantities["hardener"].value < more.quantities["hardener"].value


def test_every_figure_comes_from_the_table(made):
    for one in infer_hypotheses(made[1]):
        parts = (*one.evidence_for, *one.evidence_against)
        for text in (one.statement, one.mechanism, *(part.text for part in parts)):
            assert text.unverified == ()
        assert one.evidence_for and one.evidence_against and one.prediction.spread


def test_a_model_that_predicts_nothing_says_nothing(tmp_path):
    assert infer_hypotheses(run(tmp_path, 200.0)[1]) == ()


def test_the_experiment_is_the_labs_own_measurement(made):
    hypothesis = infer_hypotheses(made[1])[1]
    plan = asyncio.run(design_experiment(hypothesis, made[1]))
    assert plan.measurements[0].quantity == RESPONSE
    assert "own measurement" in plan.measurements[0].method
    assert not any("computed" in step.text for step in plan.procedure)
