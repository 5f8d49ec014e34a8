"""Hypotheses on a measured series rest on its matched pairs and cliffs, and on nothing else."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest
from support.runs import view

from agent.reasoning.candidates import rank_candidates
from agent.reasoning.experiments import design_experiment
from agent.reasoning.hypotheses import infer_hypotheses
from agent.records import Brief, Candidate, Quantity
from agent.tools.molecules.activity.tool import analyse_activity

AMINES = {"N(C)C": 0.0, "N2CCOCC2": 0.5, "N2CCCCC2": 0.9}
GROUPS = {"": 0.0, "F": 0.1, "OC": -0.2, "Cl": 1.0, "C": 0.15}
SCATTER = (0.04, -0.03, 0.02, -0.05, 0.01, 0.03, -0.02)


def series(folder: Path, *, additive: bool = True):
    rows, chance = [], random.Random(3)
    for place, (group, amine) in enumerate((g, a) for g in GROUPS for a in AMINES):
        value = 6 + (GROUPS[group] + AMINES[amine] if additive else chance.gauss(0, 0.5)) + SCATTER[place % 7]
        rows.append(f"O=C({amine})c1ccc({group})cc1,{value:.2f}" if group else f"O=C({amine})c1ccccc1,{value:.2f}")
    file = folder / "series.csv"
    file.write_text("\n".join(["smiles,pIC50", *rows, "C(C)(C)(C)(C)C,6.1"]) + "\n")
    result = analyse_activity(str(file))
    candidates = tuple(
        Candidate(
            id=f"c{place}", kind="molecule", structure=draft.structure,
            quantities={one.name: Quantity(**one.model_dump(), source="e1") for one in draft.values},
        )
        for place, draft in enumerate(result.candidates, start=1)
    )  # fmt: skip
    brief = Brief(goal="which groups raise the potency?", domain="chemistry", playbook="activity-analysis")
    return result, view(rank_candidates(brief, candidates), brief, payloads={"e1": result.data})


def test_the_largest_firm_exchange_is_predicted_from_its_pairs(tmp_path: Path) -> None:
    result, seen = series(tmp_path)
    first = infer_hypotheses(seen)[0]
    firm = next(row for row in result.data["tested"] if set(row["names"]) == {"-OC", "-Cl"})
    assert first.kind == "exchange" and "-Cl in the place of -OC" in first.statement.text
    assert first.prediction.effect == pytest.approx(firm["mean"], abs=0.01) == pytest.approx(1.2, abs=0.1)
    assert first.prediction.quantity == "pIC50" and first.prediction.source == "e1"
    by_id = {one.id: one for one in seen.candidates}
    half = len(first.subjects) // 2
    assert all("OC" in by_id[one].structure or "CO" in by_id[one].structure for one in first.subjects[:half])
    assert all("Cl" in by_id[one].structure for one in first.subjects[half:])
    plan = asyncio.run(design_experiment(first, seen))
    assert "assay" in plan.measurements[0].method and set(plan.factors[0].levels) == {
        "after the exchange", "before it",
    }  # fmt: skip


def test_a_table_without_order_brings_no_exchange(tmp_path: Path) -> None:
    _, seen = series(tmp_path, additive=False)
    assert not [one for one in infer_hypotheses(seen) if one.kind == "exchange"]


def test_the_most_active_molecules_stand_first(tmp_path: Path) -> None:
    result, seen = series(tmp_path)
    values = [one.quantities["pIC50"].value for one in seen.candidates]
    assert values == sorted(values, reverse=True) and result.data["skipped"]["count"] == 1
