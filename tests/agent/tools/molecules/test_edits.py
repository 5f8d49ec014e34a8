"""Single changes: what the vocabulary of replacements does to molecules."""

import pytest
from rdkit import Chem
from rdkit.Chem import Descriptors

from agent.tools.molecules.edits import edits, shortened, substituents
from agent.tools.molecules.motifs import ODD_MOTIFS
from agent.tools.molecules.substituents import ANCHORS, FAMILIES, SUBSTITUENTS
from agent.tools.molecules.transformations import TRANSFORMATIONS


def canonical(smiles):
    return Chem.MolToSmiles(Chem.MolFromSmiles(smiles))


def products(smiles, change):
    mol = Chem.MolFromSmiles(smiles)
    return {canonical(built) for edit in edits(mol) if edit.change == change and (built := edit.build())}


@pytest.mark.parametrize(
    ("smiles", "change", "expected"),
    [
        ("Cc1ccccc1", "aryl CH3 → OCH3", {"COc1ccccc1"}),
        ("Cc1ccccc1", "aryl CH3 → H", {"c1ccccc1"}),
        ("c1ccccc1", "aryl H → F", {"Fc1ccccc1"}),
        ("c1ccccc1", "aryl CH → N", {"c1ccncc1"}),
        ("Cc1ccccc1", "aryl H → Cl", {"Cc1ccccc1Cl", "Cc1cccc(Cl)c1", "Cc1ccc(Cl)cc1"}),
        ("NS(=O)(=O)c1ccccc1", "aryl SO2NH2 → SO2CH3", {"CS(=O)(=O)c1ccccc1"}),
        ("OC(=O)c1ccccc1", "aryl CO2H → tetrazol-5-yl", {"c1ccc(-c2nn[nH]n2)cc1"}),
        ("CC(=O)Nc1ccccc1", "amide → reversed amide", {"CNC(=O)c1ccccc1"}),
        ("CC(=O)OC", "ester → amide", {"CNC(C)=O"}),
        ("COc1ccccc1", "ether O → S", {"CSc1ccccc1"}),
        ("C1CCNCC1", "N H → CH3", {"CN1CCCCC1"}),
        ("Cn1ccnc1", "azole N CH3 → H", {"c1c[nH]cn1"}),
        ("c1c[nH]cn1", "azole N H → CH3", {"Cn1ccnc1"}),
        ("CC(C)Cc1ccccc1", "isobutyl → cyclopropylmethyl", {"c1ccc(CC2CC2)cc1"}),
        ("Cc1ccc(C)cc1", "1,4-phenylene → 2,5-thienylene", {"Cc1ccc(C)s1"}),
        ("CCc1ccccc1", "cut off CC", {"c1ccccc1"}),
        ("CC[C@H](F)c1ccccc1", "cut off CC", {"FCc1ccccc1"}),
        ("C1CCNCC1", "ring contraction", {"C1CCNC1"}),
    ],
)
def test_a_change_makes_what_its_name_says(smiles, change, expected):
    assert products(smiles, change) == {canonical(item) for item in expected}


@pytest.mark.parametrize(
    "smiles",
    ["C[C@H](F)c1ccccc1", "COc1ccc2cc([C@H](C)C(=O)O)ccc2c1", "C/C=C/c1ccncc1", "Cn1c(=O)c2c(ncn2C)n(C)c1=O"],
)
def test_every_product_is_a_valid_single_molecule_without_unpaired_electrons(smiles):
    built = [edit.build() for edit in edits(Chem.MolFromSmiles(smiles))]
    made = [item for item in built if item]
    assert made
    assert all(Chem.MolFromSmiles(item) is not None and "." not in item for item in made)
    assert not any(Descriptors.NumRadicalElectrons(Chem.MolFromSmiles(item)) for item in made)


def test_stereochemistry_away_from_the_change_is_kept():
    assert products("C[C@H](N)c1ccc(C)cc1", "aryl CH3 → Cl") == {canonical("C[C@H](N)c1ccc(Cl)cc1")}


def test_the_vocabulary_is_consistent():
    for family in FAMILIES:
        assert set(family.anchors) <= set(ANCHORS)
        assert {*family.sources, *family.targets} - {"H"} <= set(SUBSTITUENTS)
        assert all(SUBSTITUENTS[target].smiles for target in family.targets if target != "H")
    for name, item in SUBSTITUENTS.items():
        if item.smiles:
            held = Chem.MolFromSmiles(f"C{item.smiles}")
            assert held.HasSubstructMatch(Chem.MolFromSmarts(f"C-{item.smarts}")), name
    assert len({name for name, _ in TRANSFORMATIONS}) == len(TRANSFORMATIONS)
    assert all(Chem.MolFromSmarts(smarts) is not None for smarts in ODD_MOTIFS.values())


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (("aryl H → F", "aryl F → CN"), ("aryl H → CN",)),
        (("aryl CH3 → Cl", "aryl CH → N"), ("aryl CH3 → Cl", "aryl CH → N")),
        (("aryl CH3 → Cl", "aryl Cl → CH3", "aryl CH → N"), ("aryl CH → N",)),
        (("aryl H → Cl", "aryl CH3 → F"), ("aryl H → Cl", "aryl CH3 → F")),
        # The seed has a methyl group of its own: which of the two was changed is not known.
        (("aryl H → CH3", "aryl CH3 → F"), ("aryl H → CH3", "aryl CH3 → F")),
    ],
)
def test_successive_swaps_at_one_place_are_told_as_one(changes, expected):
    assert shortened(changes, substituents(Chem.MolFromSmiles("Cc1ccccc1"))) == expected


@pytest.mark.parametrize(
    ("motif", "smiles"),
    [
        ("peroxide or O-S(II) bond", "COOC"),
        ("halogen on nitrogen, oxygen or sulfur", "CN(C)Cl"),
        ("acyl or sulfonyl halide", "CC(=O)Cl"),
        ("hemiacetal, hemiaminal or geminal diol", "CC(O)N"),
        ("allene or ketene", "CC=C=CC"),
        ("three-membered heterocycle", "C1CO1"),
        ("alkene in a three- or four-membered ring", "C1=CC1"),
        ("hydrazine", "CNNC"),
        ("simple imine", "CC(C)=NC"),
    ],
)
def test_odd_motifs_are_recognised(motif, smiles):
    assert Chem.MolFromSmiles(smiles).HasSubstructMatch(Chem.MolFromSmarts(ODD_MOTIFS[motif]))


def test_marketed_drugs_are_mostly_free_of_odd_motifs():
    drugs = ["CC(=O)Nc1ccc(O)cc1", "CC(C)Cc1ccc(C(C)C(=O)O)cc1", "Cn1c(=O)c2c(ncn2C)n(C)c1=O",
             "Cc1ccc(-c2cc(C(F)(F)F)nn2-c2ccc(S(N)(=O)=O)cc2)cc1", "CS(=O)(=O)c1ccc(C2=C(c3ccccc3)C(=O)OC2)cc1",
             "Cc1ccc(NC(=O)c2ccc(CN3CCN(C)CC3)cc2)cc1Nc1nccc(-c2cccnc2)n1", "CN1CCC[C@H]1c1cccnc1"]  # fmt: skip
    for smiles in drugs:
        mol = Chem.MolFromSmiles(smiles)
        found = [name for name, smarts in ODD_MOTIFS.items() if mol.HasSubstructMatch(Chem.MolFromSmarts(smarts))]
        assert found == [], smiles
