"""What is proven impossible is impossible, and what is possible is never refused."""

from __future__ import annotations

import pytest
from rdkit import Chem

from agent.records import Constraint
from agent.tools.molecules.descriptors import KEYS, describe
from agent.tools.molecules.design import design_analogues
from agent.tools.molecules.groups import GROUPS
from agent.tools.molecules.requirements import read_requirements
from agent.tools.molecules.specification.contradictions import contradiction


def _bounds(**limits: tuple[float | None, float | None]):
    made = []
    for key, (low, high) in limits.items():
        relation = "between" if low is not None and high is not None else ">=" if low is not None else "<="
        unit = "g/mol" if key == "mass" else "1"
        made.append(Constraint(quantity=key, relation=relation, low=low, high=high, unit=unit, text=key))
    return read_requirements(made).bounds


def _patterns(*names: str):
    return {name: Chem.MolFromSmarts(GROUPS[name]) for name in names}


@pytest.mark.parametrize(
    ("limits", "keep", "avoid", "named"),
    [
        ({"heavy_atoms": (None, 10)}, ("steroid",), (), ("steroid", "heavy_atoms ≤ 10")),
        ({"mass": (None, 150)}, ("steroid",), (), ("steroid", "mass ≤ 150")),
        ({"rings": (None, 1)}, ("quinazoline",), (), ("quinazoline", "rings ≤ 1")),
        ({"aromatic_rings": (3, None), "rings": (None, 2)}, (), (), ("aromatic_rings ≥ 3", "rings ≤ 2")),
        ({"heavy_atoms": (50, None), "mass": (None, 300)}, (), (), ("heavy_atoms ≥ 50", "mass ≤ 300")),
        ({}, ("trifluoromethyl",), ("fluorine",), ("trifluoromethyl", "fluorine")),
    ],
)
def test_a_contradiction_names_both_sides(limits, keep, avoid, named):
    told = contradiction(_bounds(**limits), _patterns(*keep), _patterns(*avoid))
    assert all(part in told for part in named)


@pytest.mark.parametrize(
    ("smiles", "keep", "avoid"),
    [
        ("CC1(C)CCC2C1CCC1C2CCC2CCCCC12", ("steroid",), ("fluorine",)),
        ("C12C3C4C1C5C2C3C45", (), ("alkene",)),  # cubane: five rings of eight atoms
        ("c1cc2ccc3cccc4ccc(c1)c2c34", (), ()),
        ("CN(C)c1ccccc1", ("aniline",), ("primary amine",)),
        ("CC(=O)Oc1ccccc1C(=O)O", ("carboxylic acid", "ester"), ("ketone", "aldehyde", "hydroxyl")),
    ],
)
def test_what_a_molecule_meets_is_never_refused(smiles, keep, avoid):
    mol = Chem.MolFromSmiles(smiles)
    keys = [key for key in KEYS if key in ("mass", "rings", "aromatic_rings", "aliphatic_rings", "heavy_atoms", "HBA",
                                           "heteroatoms", "heterocycles", "rotatable_bonds")]  # fmt: skip
    exact = {key: (value, value) for key, value in describe(mol, keys).items()}
    assert contradiction(_bounds(**exact), _patterns(*keep), _patterns(*avoid)) == ""


def test_a_design_that_cannot_be_met_is_not_searched():
    limit = Constraint(quantity="mass", relation="<=", high=150, unit="g/mol", text="MW below 150")
    result = design_analogues("CC(=O)Oc1ccccc1C(=O)O", constraints=[limit], keep=["steroid"])
    assert result.status == "empty" and result.data["generated"] == 0
    assert "steroid" in result.data["impossible"] and "mass ≤ 150" in result.summary
