"""Hypotheses on groups of samples, and the experiments that they lead to."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest
from support.runs import view

from agent.reasoning.candidates import rank_candidates
from agent.reasoning.critique.meaning import same_meaning
from agent.reasoning.experiments import design_experiment
from agent.reasoning.hypotheses import infer_hypotheses
from agent.reasoning.hypotheses.sample_groups import sides
from agent.reasoning.hypotheses.table import tabulate
from agent.records import Brief, Candidate, Quantity
from agent.tools.surrogates.groups import compare_groups


def run(path: Path, rows: list[str], header: str = "type,pH,cd_mg_kg"):
    """A run that compared the groups of a table; its column is called as a label that means something elsewhere."""
    path.write_text("\n".join([header, *rows]) + "\n")
    result = compare_groups(str(path), ["cd_mg_kg"])
    candidates = tuple(
        Candidate(
            id=f"c{place}", kind="sample", structure=draft.structure, labels=draft.labels,
            quantities={one.name: Quantity(**one.model_dump(), source="e1") for one in draft.values},
        )
        for place, draft in enumerate(result.candidates, start=1)
    )  # fmt: skip
    brief = Brief(goal="is cadmium different between the types?", domain="general", playbook="table-analysis")
    return result, view(rank_candidates(brief, candidates), brief, payloads={"e1": result.data})


def rows(effects: dict[str, float], *, by_acidity: bool = False) -> list[str]:
    draw, found = np.random.default_rng(8), []
    for level, effect in effects.items():
        for _ in range(14):
            ph = draw.normal(6, 0.3) - (effect if by_acidity else 0)
            cd = 2 - (ph - 6) * (1 if by_acidity else 0) + (0 if by_acidity else effect) + draw.normal(0, 0.15)
            found.append(f"{level},{ph:.3f},{cd:.3f}")
    return found


def test_each_firm_difference_is_one_hypothesis_with_its_groups_as_arms(tmp_path: Path) -> None:
    result, seen = run(tmp_path / "t.csv", rows({"paddy": 0.8, "upland": 0.0, "forest": 0.05}))
    found = infer_hypotheses(seen)
    table = tabulate(seen)
    assert {sides(one, table) for one in found} == {("paddy", "upland"), ("paddy", "forest")}
    first, second = found
    assert first.kind == "contrast" and first.driver == "type" and len(first.subjects) == 14
    pair = next(p for p in result.data["comparisons"] if {p["first"], p["second"]} == set(sides(first, table) or ()))
    assert first.prediction.effect == pytest.approx(abs(pair["difference"]))
    assert first.prediction.relation == ">" and len(found) == 2
    assert first.prediction.value == pytest.approx((first.prediction.effect or 0) / 2, rel=0.05)
    assert first.statement.text.startswith("In samples like these cd (mg/kg) is higher in paddy than in ")
    assert not first.statement.unverified and len(first.evidence_for) == 2 and first.evidence_against
    assert not same_meaning(first, second, table)
    plan = asyncio.run(design_experiment(first, seen))
    one, other = sides(first, table) or ("", "")
    assert plan.title == f"Cd (mg/kg): type {one} against type {other}"
    assert plan.factors[0].levels == (f"type {one}", f"type {other}")
    assert plan.decision is not None and plan.decision.arms == plan.factors[0].levels
    steps = " ".join(step.text for step in plan.procedure)
    assert "NMR" not in steps and "assign them at random" in steps and "driver" not in steps


def test_a_difference_that_goes_with_another_column_is_doubted(tmp_path: Path) -> None:
    _, seen = run(tmp_path / "t.csv", rows({"paddy": 0.9, "upland": 0.0}, by_acidity=True))
    (found,) = infer_hypotheses(seen)
    said = max(found.evidence_against, key=lambda one: one.weight)
    assert said.weight >= 0.6 and said.text.text.startswith("With pH held equal the difference is ")
    assert found.prior is not None and found.prior < 0.5


def test_no_firm_difference_is_no_hypothesis(tmp_path: Path) -> None:
    result, seen = run(tmp_path / "t.csv", rows({"paddy": 0.0, "upland": 0.02}))
    assert result.summary.startswith("No difference beyond chance") and infer_hypotheses(seen) == ()
