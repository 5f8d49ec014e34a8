"""Evolving to a specification: what comes back meets it, judged with RDKit alone."""

from __future__ import annotations

import pytest
from rdkit import Chem
from rdkit.Chem import QED, Crippen, rdMolDescriptors

from agent.errors import RepairableToolError
from agent.records import Constraint, Objective
from agent.tools.molecules.evolution.desirability import desirability_of
from agent.tools.molecules.evolution.tool import evolve_molecules
from agent.tools.molecules.requirements import read_requirements

LOGP = Constraint(quantity="logP", relation="between", low=2, high=3)
TPSA = Constraint(quantity="TPSA", relation="between", low=50, high=90)


def test_everything_that_comes_back_meets_the_specification():
    result = evolve_molecules(
        objectives=[Objective(quantity="QED", direction="maximise")], constraints=[LOGP, TPSA], budget=120, count=8
    )
    assert result.status == "ok"
    assert len(result.candidates) == len(result.data["smiles"]) == len(set(result.data["smiles"])) == 8
    for candidate in result.candidates:
        mol = Chem.MolFromSmiles(candidate.structure)
        assert 2 <= Crippen.MolLogP(mol) <= 3
        assert 50 <= rdMolDescriptors.CalcTPSA(mol) <= 90
        row = {value.name: value.value for value in candidate.values}
        assert row["QED"] == pytest.approx(QED.qed(mol))
    assert result.data["qualified"] <= result.data["scored"] == 120
    assert "scaffold" in result.candidates[0].labels


def test_a_start_molecule_is_what_similarity_refers_to():
    aspirin = "CC(=O)Oc1ccccc1C(=O)O"
    near = Constraint(quantity="similarity", relation=">=", low=0.4)
    result = evolve_molecules(constraints=[near], start=[aspirin], budget=80, count=5)
    assert result.status == "ok"
    for candidate in result.candidates:
        assert {value.name: value.value for value in candidate.values}["similarity"] >= 0.4


def test_what_nothing_meets_is_empty_with_the_nearest_misses():
    impossible = [
        Constraint(quantity="QED", relation=">=", low=0.9),
        Constraint(quantity="rings", relation=">=", low=9),
    ]
    result = evolve_molecules(constraints=impossible, budget=60, count=5)
    assert result.status == "empty"
    assert len(result.data["nearest"]) == 5
    assert result.data["nearest"][0]["violated"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"budget": 10}, "budget"),
        ({"count": 0}, "count"),
        ({"start": ["C1CC"]}, "start"),
        ({"constraints": [Constraint(quantity="similarity", relation=">=", low=0.4)]}, "similarity"),
    ],
)
def test_wrong_arguments_are_named(arguments, message):
    with pytest.raises(RepairableToolError, match=message):
        evolve_molecules(**arguments)


def test_meeting_all_constraints_is_worth_more_than_any_objective():
    requirements = read_requirements([LOGP], [Objective(quantity="QED", direction="maximise")])
    sample = [Chem.MolFromSmiles(text) for text in ("CCO", "c1ccccc1", "CC(=O)Oc1ccccc1C(=O)O", "CCCCCC")]
    score = desirability_of(requirements, sample, None)
    inside, near, far = score(["CC(C)Cc1ccc(C)cc1O", "CCCCc1ccccc1", "CCCCCCCCCCCCCCCC"])
    assert inside > 0.5 > near > far > 0
    assert score.met("CC(C)Cc1ccc(C)cc1O") and not score.met("CCCCc1ccccc1")
