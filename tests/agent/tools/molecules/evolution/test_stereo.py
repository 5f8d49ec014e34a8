"""Arrangements of start molecules in what evolved from them: kept where nothing changed, never invented."""

from __future__ import annotations

import pytest
from rdkit import Chem

from agent.records import Constraint
from agent.tools.molecules.evolution.stereo import Origins
from agent.tools.molecules.evolution.tool import evolve_molecules

ALANINE = "C[C@H](N)C(=O)O"
TESTOSTERONE = "C[C@]12CC[C@H]3[C@@H](CCC4=CC(=O)CC[C@@]43C)[C@@H]1CC[C@@H]2O"
ASPARTAME = "N[C@@H](CC(=O)O)C(=O)N[C@@H](Cc1ccccc1)C(=O)OC"
SORBIC = "C/C=C/C=C/C(=O)O"


def _flat(smiles):
    mol = Chem.MolFromSmiles(smiles)
    Chem.RemoveStereochemistry(mol)
    return mol


@pytest.mark.parametrize("smiles", [ALANINE, TESTOSTERONE, ASPARTAME, SORBIC, "C[C@H]1CC[C@@H](O)CC1"])
def test_an_unchanged_molecule_gets_all_of_it_back_however_it_is_written(smiles):
    mol = Chem.MolFromSmiles(smiles)
    for seed in range(10):
        written = Chem.MolFromSmiles(Chem.MolToRandomSmilesVect(mol, 1, randomSeed=seed + 1)[0])
        flat = Chem.MolToRandomSmilesVect(_flat(smiles), 1, randomSeed=seed + 50)[0]
        assert Origins([written]).arranged(flat)[0] == Chem.CanonSmiles(smiles)


@pytest.mark.parametrize(
    ("origin", "found", "expected"),
    [
        (ALANINE, "CC(NC(C)=O)C(=O)OC", "C[C@H](NC(C)=O)C(=O)OC"),
        ("C[C@@H](N)C(=O)O", "CC(NC(C)=O)C(=O)OC", "C[C@@H](NC(C)=O)C(=O)OC"),
        (ASPARTAME, "NC(CC(=O)N)C(=O)NC(Cc1ccncc1)C(=O)OC", "N[C@@H](CC(=O)N)C(=O)N[C@@H](Cc1ccncc1)C(=O)OC"),
        ("C[C@H]1CC[C@H](O)CC1", "CC1CCC(OC)CC1", "C[C@H]1CC[C@H](OC)CC1"),
        ("C/C=C\\c1ccccc1", "OCC=Cc1ccncc1", "OC/C=C\\c1ccncc1"),
        (TESTOSTERONE, "CC12CCC3C(CCC4=CC(=O)CCC43C)C1CCC2OC(=O)CC", TESTOSTERONE.replace("]2O", "]2OC(=O)CC")),
    ],
)
def test_what_did_not_change_keeps_its_arrangement(origin, found, expected):
    assert Origins([Chem.MolFromSmiles(origin)]).arranged(Chem.CanonSmiles(found))[0] == Chem.CanonSmiles(expected)


def test_what_changed_is_left_open():
    origins = Origins([Chem.MolFromSmiles(ALANINE)])
    for other in ("CC(N)(C)C(=O)O", "CC(O)C(=O)O", "CCC(C)O"):
        assert origins.arranged(other) == (Chem.CanonSmiles(other), 0)
    assert not Origins([Chem.MolFromSmiles("CC(N)C(=O)O")]), "nothing is defined there"


def test_start_molecules_that_differ_leave_it_open():
    both = [Chem.MolFromSmiles(text) for text in ("C[C@H](N)C(=O)OC", "C[C@@H](N)C(=O)OCC")]
    assert Origins(both).arranged("CC(N)C(=O)NC") == ("CNC(=O)C(C)N", 0)


def test_the_tool_keeps_the_arrangements_of_its_start_molecules():
    near = Constraint(quantity="similarity", relation=">=", low=0.4)
    result = evolve_molecules(constraints=[near], start=["CC(C)NC[C@H](O)COc1cccc2ccccc12"], budget=60, count=10)
    kept = [item for item in result.candidates if "kept_stereocentres" in item.labels]
    assert kept
    pattern = Chem.MolFromSmarts("NC[C@H](O)COc")
    for item in kept:
        mol = Chem.MolFromSmiles(item.structure)
        if mol.HasSubstructMatch(pattern):
            assert mol.HasSubstructMatch(pattern, useChirality=True)
    assert [item.structure for item in result.candidates] == result.data["smiles"]
    assert any(f"in {len(kept)} of {len(result.candidates)}" in warning for warning in result.warnings)
