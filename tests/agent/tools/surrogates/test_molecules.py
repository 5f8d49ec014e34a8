"""Fingerprints, kernels and spellings of molecules."""

from __future__ import annotations

import numpy as np
import pytest
from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator

from agent.errors import RepairableToolError
from agent.tools.surrogates.molecules import (
    FAMILIES,
    canonical_smiles,
    descriptor_names,
    descriptors,
    fingerprints,
    minmax,
    read_molecule,
)

SMILES = ("CCO", "CCN", "c1ccccc1O", "CC(=O)Oc1ccccc1C(=O)O", "C1CCCCC1")


def test_the_kernel_is_the_tanimoto_similarity_of_rdkits_counts() -> None:
    mols = [read_molecule(one) for one in SMILES]
    ours = minmax(fingerprints(mols)["circular 2"], fingerprints(mols)["circular 2"])
    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2, includeChirality=True)
    theirs = [generator.GetSparseCountFingerprint(Chem.MolFromSmiles(one)) for one in SMILES]
    expected = [[DataStructs.TanimotoSimilarity(one, other) for other in theirs] for one in theirs]
    np.testing.assert_allclose(ours, expected, atol=1e-6)


@pytest.mark.parametrize("family", FAMILIES)
def test_kernels_are_positive_semidefinite(family: str) -> None:
    bits = fingerprints([read_molecule(one) for one in SMILES])[family]
    kernel = minmax(bits, bits)
    assert np.linalg.eigvalsh(kernel).min() > -1e-6


def test_spellings_and_salts_agree() -> None:
    assert canonical_smiles("OCC") == canonical_smiles("C(C)O") == "CCO"
    assert canonical_smiles("CCN.Cl") == "CCN"


def test_descriptors_are_finite_and_named() -> None:
    table = descriptors([read_molecule(one) for one in SMILES])
    assert table.shape == (len(SMILES), len(descriptor_names()))
    assert np.isfinite(table).all()
    assert table[0, descriptor_names().index("MolWt")] == pytest.approx(46.07, abs=0.01)


@pytest.mark.parametrize("text", ["", "c1cc", "hello", "C(C)(C)(C)(C)C"])
def test_what_is_no_smiles_is_refused(text: str) -> None:
    with pytest.raises(RepairableToolError):
        read_molecule(text)
