"""Named groups: each finds what it is called after, in English and in Korean."""

import pytest
from rdkit import Chem

from agent.tools.molecules.groups import GROUPS, substructure_pattern

EXAMPLES = {
    "carboxylic acid": ("CC(=O)O", "CC(=O)OC"),
    "ester": ("CC(=O)OC", "CC(=O)O"),
    "amide": ("CC(=O)NC", "CCNC"),
    "sulfonamide": ("CS(=O)(=O)N", "CS(C)(=O)=O"),
    "primary sulfonamide": ("CS(=O)(=O)N", "CS(=O)(=O)NC"),
    "sulfone": ("CS(C)(=O)=O", "CS(=O)(=O)N"),
    "nitro": ("C[N+](=O)[O-]", "CN"),
    "nitrile": ("CC#N", "CC=N"),
    "alcohol": ("CO", "c1ccccc1O"),
    "phenol": ("c1ccccc1O", "CO"),
    "aldehyde": ("CC=O", "CC(C)=O"),
    "ketone": ("CC(C)=O", "CC=O"),
    "amine": ("CCN", "CC(N)=O"),
    "primary amine": ("CCN", "CCNC"),
    "tertiary amine": ("CN(C)C", "CNC"),
    "trifluoromethyl": ("CC(F)(F)F", "CC(F)F"),
    "thiol": ("CS", "CSC"),
    "pyridine": ("c1ccncc1", "c1ccccc1"),
    "pyrazole": ("c1cn[nH]c1", "c1cnc[nH]1"),
    "indole": ("c1ccc2[nH]ccc2c1", "c1ccccc1"),
    "piperazine": ("C1CNCCN1", "C1COCCN1"),
    "michael acceptor": ("C=CC(=O)C", "CCC(=O)C"),
    "beta-lactam": ("O=C1CCN1", "O=C1CCCN1"),
}


@pytest.mark.parametrize(("name", "molecules"), EXAMPLES.items())
def test_a_group_is_found_where_it_is_and_only_there(name, molecules):
    pattern = Chem.MolFromSmarts(GROUPS[name])
    has, lacks = (Chem.MolFromSmiles(smiles) for smiles in molecules)
    assert has.HasSubstructMatch(pattern)
    assert not lacks.HasSubstructMatch(pattern)


def test_every_pattern_is_valid_smarts():
    assert all(Chem.MolFromSmarts(smarts) is not None for smarts in GROUPS.values())


@pytest.mark.parametrize(
    ("said", "meant"),
    [("Sulfonamides", "sulfonamide"), ("nitro group", "nitro"), ("카복실산", "carboxylic acid"), ("니트로기", "nitro"),
     ("CF3", "trifluoromethyl"), ("설폰아마이드", "sulfonamide"), ("phenyl ring", "phenyl"),
     ("boronic acids", "boronic acid")],
)  # fmt: skip
def test_groups_answer_to_the_names_that_people_use(said, meant):
    assert substructure_pattern(said) == GROUPS[meant]


def test_an_unknown_name_is_not_guessed():
    assert substructure_pattern("flux capacitor") is None
