"""Descriptors against published values and computations that do not share their code."""

import re

import numpy as np
import pytest
from rdkit import Chem
from rdkit.Chem import Descriptors, rdMolDescriptors

from agent.tools.molecules.description import describe_molecules
from agent.tools.molecules.descriptors import ALONE, KEYS, alert_names, describe, esol, fingerprint, tanimoto, values
from agent.vocabulary import QUANTITIES, by_key

ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"
CELECOXIB = "Cc1ccc(cc1)-c1cc(nn1-c1ccc(cc1)S(N)(=O)=O)C(F)(F)F"
CAFFEINE = "Cn1c(=O)c2c(ncn2C)n(C)c1=O"

# Standard atomic weights, abridged to five digits (IUPAC 2021).
WEIGHTS = {"H": 1.008, "C": 12.011, "N": 14.007, "O": 15.999, "F": 18.998, "S": 32.06, "Cl": 35.45}


def of(smiles, *keys):
    return describe(Chem.MolFromSmiles(smiles), keys or ALONE)


def weight_of_formula(formula):
    return sum(WEIGHTS[symbol] * int(count or 1) for symbol, count in re.findall(r"([A-Z][a-z]?)(\d*)", formula))


def test_every_rdkit_quantity_of_the_vocabulary_is_computed():
    wanted = {quantity.key for quantity in QUANTITIES if quantity.engine == "rdkit" and quantity.domain == "chemistry"}
    assert set(KEYS) == wanted
    mol = Chem.MolFromSmiles(ASPIRIN)
    assert set(describe(mol, KEYS, reference=fingerprint(mol))) == wanted


def test_aspirin_has_its_published_properties():
    row = of(ASPIRIN)
    assert row["mass"] == pytest.approx(180.159, abs=0.002)
    assert row["TPSA"] == pytest.approx(63.6, abs=0.05)
    assert (row["HBD"], row["HBA"], row["heavy_atoms"], row["aromatic_rings"]) == (1, 3, 13, 1)


@pytest.mark.parametrize(
    ("smiles", "formula"),
    [(ASPIRIN, "C9H8O4"), (CELECOXIB, "C17H14F3N3O2S"), (CAFFEINE, "C8H10N4O2"), ("ClCCl", "CH2Cl2")],
)
def test_mass_is_the_sum_over_the_formula(smiles, formula):
    assert of(smiles, "mass")["mass"] == pytest.approx(weight_of_formula(formula), abs=0.02)


@pytest.mark.parametrize(
    ("smiles", "published"),
    [  # famotidine and cimetidine, the worked examples of RDKit's documentation of QED
        ("N=C(CCSCc1csc(N=C(N)N)n1)NS(N)(=O)=O", 0.253),
        ("CNC(=NCCSCc1nc[nH]c1C)NC#N", 0.234),
    ],
)
def test_qed_of_known_drugs(smiles, published):
    assert of(smiles, "QED")["QED"] == pytest.approx(published, abs=0.001)


def test_esol_reproduces_the_published_estimate_from_the_published_logp():
    # Thiophene: ClogP 1.79, no rotors, all five heavy atoms aromatic; Delaney's table gives -2.232.
    assert esol(1.79, 84.14, 0, 1.0) == pytest.approx(-2.232, abs=0.01)


@pytest.mark.parametrize(
    ("smiles", "published"),
    [("c1ccsc1", -2.232), ("c1ccc2c(c1)ccc3c2ccc4c5ccccc5ccc43", -6.618), ("CC(C)=CCCC(C)=CC(=O)", -2.579),
     ("Cc1occc1C(=O)Nc2ccccc2", -2.885)],
)  # fmt: skip
def test_esol_with_crippens_logp_stays_near_the_published_estimates(smiles, published):
    # The two logP methods differ by up to 0.7, which the regression multiplies by 0.63.
    assert of(smiles, "logS_ESOL")["logS_ESOL"] == pytest.approx(published, abs=0.45)


def test_similarity_agrees_with_counting_bits_in_numpy():
    mols = [Chem.MolFromSmiles(smiles) for smiles in (ASPIRIN, CELECOXIB, CAFFEINE, "CCO")]
    arrays = []
    for mol in mols:
        bits = np.zeros(2048, dtype=bool)
        bits[list(rdMolDescriptors.GetMorganFingerprintAsBitVect(mol, 2, nBits=2048).GetOnBits())] = True
        arrays.append(bits)
    for one, mol in zip(arrays, mols, strict=True):
        for other, partner in zip(arrays, mols, strict=True):
            expected = (one & other).sum() / (one | other).sum()
            assert tanimoto(fingerprint(mol), fingerprint(partner)) == pytest.approx(expected)


def test_counts_agree_with_the_lipinski_module():
    from rdkit.Chem import Lipinski

    for smiles in (ASPIRIN, CELECOXIB, CAFFEINE, "NCC(O)CO"):
        mol = Chem.MolFromSmiles(smiles)
        row = of(smiles, "HBD", "HBA", "rotatable_bonds")
        assert row["HBD"] == Lipinski.NumHDonors(mol)
        assert row["HBA"] == Lipinski.NumHAcceptors(mol)
        assert row["rotatable_bonds"] == Descriptors.NumRotatableBonds(mol)


def test_alerts_name_what_they_found():
    assert "BRENK: phenol_ester" in alert_names(Chem.MolFromSmiles(ASPIRIN))
    assert of(CAFFEINE, "alerts")["alerts"] == 0
    # A rhodanine, the type example of the PAINS filters.
    rhodanine = Chem.MolFromSmiles("O=C1NC(=S)SC1=Cc1ccccc1")
    assert any(name.startswith("PAINS") for name in alert_names(rhodanine))


def test_values_carry_the_units_of_the_vocabulary():
    known = by_key()
    for value in values(of(ASPIRIN)):
        assert value.unit == known[value.name].unit


def test_similarity_without_a_reference_is_a_mistake():
    with pytest.raises(ValueError, match="reference"):
        of(ASPIRIN, "similarity")


def test_the_tool_keeps_places_and_says_what_it_left_out(capfd):
    result = describe_molecules([ASPIRIN, "C1CC(", "[Na+].CC(=O)[O-]", ASPIRIN])
    assert result.status == "ok"
    assert [row["index"] for row in result.data["rows"]] == [0, 2, 3]
    assert result.data["smiles"] == [ASPIRIN, "CC(=O)O", ASPIRIN]
    assert result.data["invalid"][0]["index"] == 1
    assert len(result.candidates) == 2
    assert any("left out" in warning for warning in result.warnings)
    assert capfd.readouterr() == ("", "")
    for row in result.data["rows"]:
        assert all(isinstance(row[key], float) for key in ALONE)


def test_one_molecule_has_its_properties_as_headline_values():
    result = describe_molecules([CELECOXIB])
    named = {value.name: value.value for value in result.values}
    assert named["logP"] == pytest.approx(3.514, abs=0.001)
    assert named["QED"] == pytest.approx(0.754, abs=0.001)
    assert result.candidates[0].labels["scaffold"] == "c1ccc(-c2ccnn2-c2ccccc2)cc1"
