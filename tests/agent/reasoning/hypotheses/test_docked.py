"""Docked molecules: the pair is fair in size, and the prior says how little a score tells."""

from __future__ import annotations

from support.runs import quantity, view

from agent.reasoning.experiments import design_experiment
from agent.reasoning.hypotheses import infer_hypotheses
from agent.reasoning.hypotheses.docked import docked_pair
from agent.reasoning.hypotheses.table import Table
from agent.records import Brief, Candidate, Quantity

BRIEF = Brief(goal="Dock these indoles.", domain="chemistry", playbook="molecule-design")


def _table(**rows: tuple[float, int]) -> Table:
    return Table(
        tuple(
            Candidate(
                id=key, kind="molecule", structure="C" * size,
                quantities={
                    "docking_score": Quantity(value=score, unit="kcal/mol", source="e1", name="docking_score"),
                    "heavy_atoms": Quantity(value=size, unit="1", source="e1", name="heavy_atoms"),
                },
            )
            for key, (score, size) in rows.items()
        ),
        None,
    )  # fmt: skip


def test_the_best_is_compared_with_one_of_its_size():
    found = docked_pair(_table(c1=(-9.0, 25), c2=(-5.0, 9), c3=(-7.5, 24), c4=(-8.0, 26)))
    assert found is not None
    assert (found.best, found.other) == ("c1", "c3")


def test_scores_that_repeated_searches_do_not_tell_apart_make_no_hypothesis():
    assert docked_pair(_table(c1=(-9.0, 25), c2=(-8.7, 25))) is None
    assert docked_pair(_table(c1=(-9.0, 25))) is None


def _run():
    rows = {"c1ccc2[nH]ccc2c1": (-7.1, 9), "Oc1cccc2[nH]ccc12": (-5.2, 10), "Cc1ccc2[nH]ccc2c1": (-6.9, 10)}
    made = [
        Candidate(
            id=f"c{number}", kind="molecule", structure=smiles, rank=number, feasible=True,
            quantities={
                "docking_score": quantity("docking_score", score, "kcal/mol", "e3"),
                "heavy_atoms": quantity("heavy_atoms", float(size), "1"),
            },
        )
        for number, (smiles, (score, size)) in enumerate(rows.items(), start=1)
    ]  # fmt: skip
    return view(tuple(made), BRIEF, payloads={})


def test_a_score_becomes_a_hypothesis_at_no_more_than_its_published_error_allows():
    (one,) = [item for item in infer_hypotheses(_run()) if item.prediction.quantity == "docking_score"]
    assert one.subjects == ("c1", "c2") and one.prediction.relation == "<" and one.prediction.value < 0
    assert 0.4 < (one.prior or 0) < 0.65  # little better than a coin: the gap of 1.9 is below the error of 2.85
    assert any("2.85" in item.text.text for item in one.evidence_against)


async def test_the_experiment_measures_binding_and_can_refute_it():
    run = _run()
    (one,) = [item for item in infer_hypotheses(run) if item.prediction.quantity == "docking_score"]
    plan = await design_experiment(one, run)
    assert "calorimetry" in plan.measurements[0].method and plan.measurements[0].unit == "kcal/mol"
    assert {sample.item for sample in plan.samples} >= {"c1", "c2"}
