"""Where a search begins."""

from rdkit import Chem

from agent.tools.molecules.evolution.order import place_order
from agent.tools.molecules.specification.rules import read_rules


def _begin(**rules):
    order = place_order(
        objectives=[], constraints=[], rules=read_rules(**rules), start=[], shape_like=[], measured="",
        measured_column="",
    )  # fmt: skip
    return order.strict, [Chem.MolFromSmiles(text) for text in order.begin]


def test_a_search_begins_with_the_required_group_where_few_molecules_meet_every_rule():
    rules = {"keep": ["tetrazole"], "avoid": ["carboxylic acid"], "elements": ["C", "N", "O"]}
    strict, begin = _begin(**rules, catalogues=["PAINS", "BRENK"])
    tetrazole = Chem.MolFromSmarts("c1nnn[n,nH]1")
    assert not strict and len(begin) > 5
    assert all(mol.HasSubstructMatch(tetrazole) for mol in begin)


def test_a_search_stays_among_molecules_that_meet_every_rule_where_there_are_enough():
    strict, begin = _begin(keep=["pyrimidine"])
    assert strict and all(mol.HasSubstructMatch(Chem.MolFromSmarts("c1cncnc1")) for mol in begin)
