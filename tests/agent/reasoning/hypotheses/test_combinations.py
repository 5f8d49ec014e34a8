"""Untested combinations: a gain is predicted against the best tested, no gain as a value with its interval."""

from __future__ import annotations

import pytest
from support.runs import quantity, view

from agent.reasoning.experiments import design_experiment
from agent.reasoning.hypotheses import infer_hypotheses
from agent.records import Brief, Candidate

BRIEF = Brief(goal="Read the SAR of our anisoles.", domain="chemistry", playbook="activity-analysis")
NEW, BEST = "COc1ccc(Cl)cc1", "COc1ccc(C)cc1"


def _run(gain: float):
    made = [
        Candidate(id="c1", kind="molecule", structure=NEW, quantities={"predicted": quantity("predicted", 7.0, "1")}),
        Candidate(id="c2", kind="molecule", structure=BEST, quantities={"pIC50": quantity("pIC50", 7.0 - gain, "1")}),
        Candidate(id="c3", kind="molecule", structure="Cc1ccccc1", quantities={"pIC50": quantity("pIC50", 5.0, "1")}),
    ]
    row = {
        "smiles": NEW, "best": BEST, "groups": {"R1": "Cl", "R2": "OMe"}, "predicted": 7.0, "low": 6.3, "high": 7.7,
        "gain": gain, "gain_error": 0.2, "changed": 1,
    }  # fmt: skip
    data = {"quantity": "pIC50", "scatter": 0.2, "untested": [row], "contributions_explain": 0.8, "r_group_rows": 9}
    return view(tuple(made), BRIEF, payloads={"e2": data})


@pytest.mark.parametrize(("gain", "relation", "subjects"), [(0.6, ">", ("c1", "c2")), (0.02, "between", ("c1",))])
async def test_the_best_untested_combination_is_a_hypothesis_with_an_experiment(gain, relation, subjects):
    run = _run(gain)
    made = [one for one in infer_hypotheses(run) if "c1" in one.subjects]
    assert [(one.prediction.relation, one.subjects) for one in made] == [(relation, subjects)]
    assert made[0].prediction.quantity == "pIC50" and not made[0].statement.unverified
    plan = await design_experiment(made[0], run)
    assert {sample.item for sample in plan.samples} >= set(subjects)
