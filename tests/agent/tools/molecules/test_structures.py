"""Reading structures: what comes in clean, what is changed with a warning, and what is refused with which words."""

import logging

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem

from agent.errors import RepairableToolError
from agent.tools.molecules.structures import inchikey, read_pattern, read_structure, read_structures

DRUGS = (
    "CC(=O)Oc1ccccc1C(=O)O",
    "Cn1c(=O)c2c(ncn2C)n(C)c1=O",
    "Cc1ccc(cc1)-c1cc(nn1-c1ccc(cc1)S(N)(=O)=O)C(F)(F)F",
    "C[C@H](N)C(=O)O",
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("C1CC(C", "extra open parentheses, near character 5"),
        ("c1cccc1", "kekulize"),
        ("CC(C)(C)(C)C", "valence for atom # 1 C, 5"),
        ("C1CCCC", "unclosed ring"),
        ("InChI=1S/nonsense", "not a valid InChI"),
        ("[13CH4]", "isotope label"),
        ("[2H]OC", "isotope label"),
        ("C[CH2]", "unpaired electron on C"),
        ("C[Mg]Br", "contains Mg"),
        ("[Na+].[Cl-]", "inorganic salt"),
        ("c1ccccc1*", "dummy atom"),
        ("C" * 501, "501 heavy atoms; the limit is 500"),
        ("C" * 5000, "characters long"),
    ],
)
def test_what_cannot_be_handled_is_refused_with_the_reason(text, words, capfd):
    with pytest.raises(RepairableToolError) as raised:
        read_structure(text, argument="seed")
    assert words in raised.value.message
    assert raised.value.message.startswith("seed:")
    assert raised.value.remedy
    assert capfd.readouterr() == ("", "")


def test_messages_carry_no_time_of_day():
    texts = set()
    for _ in range(2):
        with pytest.raises(RepairableToolError) as raised:
            read_structure("CC(C")
        texts.add(raised.value.message)
    assert len(texts) == 1
    assert ":" not in texts.pop().split("SMILES:")[1].replace("'", "")


def test_a_salt_is_reduced_to_its_neutral_parent():
    read = read_structure("[Na+].CC(=O)[O-]")
    assert read.smiles == "CC(=O)O"
    assert "[Na+]" in read.warnings[0]
    assert "neutralised" in read.warnings[1]


def test_a_mixture_keeps_its_largest_organic_part():
    read = read_structure("O.CCO.Cn1c(=O)c2c(ncn2C)n(C)c1=O")
    assert read.smiles == "Cn1c(=O)c2c(ncn2C)n(C)c1=O"
    assert "CCO" in read.warnings[0]


def test_a_zwitterion_is_left_alone():
    assert read_structure("[NH3+]CC(=O)[O-]").smiles == "[NH3+]CC(=O)[O-]"


def test_inchi_and_smiles_of_one_molecule_meet():
    aspirin = "InChI=1S/C9H8O4/c1-6(10)13-8-5-3-2-4-7(8)9(11)12/h2-5H,1H3,(H,11,12)"
    one, other = read_structure(aspirin), read_structure("OC(=O)c1ccccc1OC(C)=O")
    assert one.smiles == other.smiles
    assert inchikey(one.mol) == "BSYNRYMUTXBXSQ-UHFFFAOYSA-N"


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(DRUGS), st.integers(0, 2**31 - 1))
def test_the_canonical_smiles_does_not_depend_on_how_it_was_written(smiles, seed):
    mol = Chem.MolFromSmiles(smiles)
    written = Chem.MolToRandomSmilesVect(mol, 1, randomSeed=seed)[0]
    assert read_structure(written).smiles == Chem.MolToSmiles(mol)


def test_a_list_keeps_the_place_of_each():
    good, bad = read_structures(["CCO", "bad(", "c1ccccc1"])
    assert [index for index, _ in good] == [0, 2]
    assert bad[0].index == 1
    assert "smiles[1]" in bad[0].error


@pytest.mark.parametrize("texts", [[], ["bad("], ["bad(", "C1CC"]])
def test_a_list_with_nothing_readable_is_refused(texts):
    with pytest.raises(RepairableToolError):
        read_structures(texts)


def test_a_pattern_is_smarts_or_a_name():
    sulfonamide = Chem.MolFromSmiles("CS(=O)(=O)NC")
    assert sulfonamide.HasSubstructMatch(read_pattern("sulfonamide", argument="keep"))
    assert sulfonamide.HasSubstructMatch(read_pattern("S(=O)(=O)N", argument="keep"))
    with pytest.raises(RepairableToolError, match="neither a valid SMARTS nor the name"):
        read_pattern("nonsense group", argument="keep")


def test_rdkit_does_not_write_to_other_loggers():
    read_structure("CCO")
    assert not logging.getLogger("rdkit").propagate
