"""Synthetic accessibility against the implementation that comes with RDKit."""

from __future__ import annotations

import pytest
from rdkit import Chem
from rdkit.Contrib.SA_Score import sascorer

from agent.tools.molecules.descriptors import describe
from agent.tools.molecules.references import drugs

ODD = ["C", "[Na+].[Cl-]", "C1CCCCCCCCC1", "F[C@](Cl)(Br)I", "C1CC12CC2", "C1CC2CCC1C2", "O=C1CCCCCCCCCCCCC(=O)OCCO1"]


def test_scores_are_those_of_rdkit() -> None:
    smiles = ODD + [drug.smiles for drug in drugs()[::10]]
    mols = [mol for mol in map(Chem.MolFromSmiles, smiles) if mol is not None]
    assert len(mols) > 200  # of the sets that are installed
    for mol in mols:
        expected = sascorer.calculateScore(mol)
        assert describe(mol, ["SA_score"])["SA_score"] == pytest.approx(expected, abs=1e-9), Chem.MolToSmiles(mol)
