"""The quick pharmacophore fingerprint equals RDKit's own."""

from __future__ import annotations

import pytest
from rdkit import Chem
from rdkit.Chem.Pharm2D import Generate, Gobbi_Pharm2D

from evals.pmo import oracles
from evals.pmo.pharmacophores import pharmacophores


@pytest.mark.parametrize(
    "smiles",
    [
        "C",
        "CCN.OCCc1ccccc1",
        "C[Si](C)(C)CCN",
        "NCC(=O)NC(C(=O)O)CCCCCCCCCCCCCCCCCCCN",
        "OP(=O)(O)OCC1OC(n2cnc3c(N)ncnc32)C(O)C1O",
        oracles.HOP_PARENT,
        oracles.PERINDOPRIL,
        oracles.SITAGLIPTIN,
    ],
)
def test_it_is_the_same_fingerprint(smiles):
    mol = Chem.MolFromSmiles(smiles)
    assert pharmacophores(mol) == Generate.Gen2DFingerprint(mol, Gobbi_Pharm2D.factory)
