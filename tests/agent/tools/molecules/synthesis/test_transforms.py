"""Every reaction written for this project, on one example of its class: product, then precursors."""

from __future__ import annotations

import pytest
from rdkit import Chem

pytest.importorskip("synspace", reason="synthesis planning needs the package synspace")

from agent.tools.molecules.synthesis.bonds import BONDS
from agent.tools.molecules.synthesis.directing import is_poor, position_score
from agent.tools.molecules.synthesis.heterocycles import HETEROCYCLES
from agent.tools.molecules.synthesis.steps import Tally, steps_to

EXAMPLES: tuple[tuple[str, ...], ...] = (
    ("opening of an epoxide by an amine", "CC(C)NCC(O)COc1ccccc1", "CC(C)N", "C1OC1COc1ccccc1"),
    ("opening of an epoxide by a phenol", "CNCC(O)COc1ccccc1", "Oc1ccccc1", "CNCC1CO1"),
    (
        "opening of an epoxide by an azole",
        "OC(Cn1cncn1)(Cn1cncn1)c1ccc(F)cc1F",
        "c1nc[nH]n1",
        "Fc1ccc(C2(Cn3cncn3)CO2)c(F)c1",
    ),
    ("glycidyl ether from epichlorohydrin", "c1ccccc1OCC1CO1", "Oc1ccccc1", "ClCC1CO1"),
    ("epoxide from an alkene (peracid)", "c1ccccc1C1CO1", "C=Cc1ccccc1"),
    ("epoxide from a ketone or aldehyde (Corey-Chaykovsky)", "c1ccccc1C1CO1", "O=Cc1ccccc1"),
    ("N-alkylation of an azole", "c1ccccc1Cn1ccnc1", "c1c[nH]cn1", "BrCc1ccccc1"),
    ("N-arylation of an azole (aromatic substitution)", "N#Cc1ccc(-n2ccnc2)cc1", "c1c[nH]cn1", "N#Cc1ccc(F)cc1"),
    ("N-acylation of an azole", "CC(=O)n1ccc2ccccc12", "c1ccc2[nH]ccc2c1", "CC(=O)Cl"),
    ("Michael addition of an azole", "O=C(C)CCn1ccnc1", "c1c[nH]cn1", "C=CC(C)=O"),
    ("Michael addition of an amine", "CN(C)CCC#N", "CNC", "C=CC#N"),
    (
        "alkylation of an amine by an alpha-halo carbonyl compound",
        "CC(NC(C)(C)C)C(=O)c1cccc(Cl)c1",
        "CC(C)(C)N",
        "CC(Br)C(=O)c1cccc(Cl)c1",
    ),
    ("Eschweiler-Clarke methylation", "CN(C)CCc1ccccc1", "CNCCc1ccccc1", "C=O"),
    ("Gabriel synthesis", "NCCc1ccccc1", "BrCCc1ccccc1", "O=C1NC(=O)c2ccccc12"),
    ("Ritter reaction and hydrolysis", "CC12CC3CC(C)(C1)CC(N)(C3)C2", "CC12CC3CC(C)(C1)CC(Br)(C3)C2", "CC#N"),
    ("removal of an acetyl group from an aniline", "Nc1ccccc1", "CC(=O)Nc1ccccc1"),
    ("reduction of an amide to an amine", "c1ccccc1CN1CCCC1", "O=C(c1ccccc1)N1CCCC1"),
    (
        "aromatic substitution by an amine",
        "O=C(O)c1cn(C2CC2)c2cc(N3CCNCC3)c(F)cc2c1=O",
        "O=C(O)c1cn(C2CC2)c2cc(F)c(F)cc2c1=O",
        "C1CNCCN1",
    ),
    (
        "aromatic substitution of a chloroazine by an amine",
        "Clc1cccc(Nc2ncnc3ccccc23)c1",
        "Clc1ncnc2ccccc12",
        "Nc1cccc(Cl)c1",
    ),
    ("ether from a chloroazine", "COc1ccccn1", "CO", "Clc1ccccn1"),
    ("diaryl ether (aromatic substitution)", "N#Cc1ccc(Oc2ccccc2)cc1", "N#Cc1ccc(F)cc1", "Oc1ccccc1"),
    ("diaryl ether (Ullmann)", "c1ccc(Oc2ccccc2)cc1", "Oc1ccccc1", "Brc1ccccc1"),
    ("S-alkylation of a thiol", "c1ccccc1CSc1nc2ccccc2[nH]1", "Sc1nc2ccccc2[nH]1", "BrCc1ccccc1"),
    ("thioether from an aryl halide", "CSc1ccccn1", "Clc1ccccn1", "CS"),
    ("diaryl sulfide (Ullmann)", "Nc1ccc(Sc2ccc(N)cc2)cc1", "Nc1ccc(S)cc1", "Nc1ccc(Br)cc1"),
    ("oxidation of a sulfide to a sulfoxide", "CS(=O)c1ccccc1", "CSc1ccccc1"),
    ("chloride of an azine from its hydroxide (phosphoryl chloride)", "Clc1ncnc2ccccc12", "Oc1ncnc2ccccc12"),
    ("hydrazide from an ester", "NNC(=O)c1ccncc1", "COC(=O)c1ccncc1", "NN"),
    ("hydroxamic acid from an ester", "ONC(=O)c1ccncc1", "COC(=O)c1ccncc1", "NO"),
    (
        "sulfonylurea from an isocyanate",
        "Cc1ccc(S(=O)(=O)NC(=O)NC2CCCCC2)cc1",
        "Cc1ccc(S(N)(=O)=O)cc1",
        "O=C=NC1CCCCC1",
    ),
    ("urea from two amines (phosgene equivalent)", "O=C(Nc1ccccc1)N1CCCC1", "Nc1ccccc1", "C1CCNC1", "O=C(Cl)Cl"),
    ("isocyanate from an amine (phosgene equivalent)", "O=C=NC1CCCCC1", "NC1CCCCC1", "O=C(Cl)Cl"),
    ("carbamate from a chloroformate", "CCOC(=O)N1CCCCC1", "CCOC(=O)Cl", "C1CCNCC1"),
    ("oxime from a carbonyl compound", "CC(=NO)c1ccccc1", "CC(=O)c1ccccc1", "NO"),
    ("hydrazone from a carbonyl compound", "CC(=NNc1ccccc1)C", "CC(C)=O", "NNc1ccccc1"),
    ("amidoxime from a nitrile", "NC(=NO)c1ccccc1", "N#Cc1ccccc1", "NO"),
    ("amidine from a nitrile (Pinner)", "NC(=N)c1ccccc1", "N#Cc1ccccc1", "N"),
    ("dehydration of an amide to a nitrile", "N#Cc1ccccc1", "NC(=O)c1ccccc1"),
    ("alpha-bromination of a ketone", "CC(Br)C(=O)c1ccccc1", "CCC(=O)c1ccccc1", "BrBr"),
    ("Mannich reaction", "CN(C)CC1CCCCC1=O", "O=C1CCCCC1", "CNC", "C=O"),
    ("methylenation of a ketone (formaldehyde)", "C=C1CCCCC1=O", "O=C1CCCCC1", "C=O"),
    ("Knoevenagel condensation", "O=C1NC(=O)C(=Cc2ccccc2)S1", "O=Cc1ccccc1", "O=C1CSC(=O)N1"),
    ("hydrogenation of a conjugated alkene", "O=C1NC(=O)C(Cc2ccccc2)S1", "O=C1NC(=O)C(=Cc2ccccc2)S1"),
    (
        "Michael addition of an enol",
        "CC(=O)CC(c1ccccc1)c1c(O)c2ccccc2oc1=O",
        "CC(=O)C=Cc1ccccc1",
        "Oc1cc(=O)oc2ccccc12",
    ),
    (
        "addition of a nitrile, ester or amide enolate to a ketone",
        "COc1ccc(C(C#N)C2(O)CCCCC2)cc1",
        "O=C1CCCCC1",
        "COc1ccc(CC#N)cc1",
    ),
    ("alkylation of a 1,3-dicarbonyl compound", "CCOC(=O)C(CC)C(=O)OCC", "CCOC(=O)CC(=O)OCC", "CCBr"),
    ("formylation of a nitrile (ethyl formate)", "N#CC(C=O)Cc1ccccc1", "CCOC=O", "N#CCCc1ccccc1"),
    ("dehydration of a tertiary benzylic alcohol", "CC(=C)c1ccccc1", "CC(C)(O)c1ccccc1"),
    ("imidazo[1,2-a]pyridine from an aminopyridine", "c1ccc(-c2cn3ccccc3n2)cc1", "O=C(CBr)c1ccccc1", "Nc1ccccn1"),
    ("pyrimidine from a 1,3-dicarbonyl compound", "Cc1cc(C)nc(N)n1", "CC(=O)CC(C)=O", "N=C(N)N"),
    ("pyrimidinone from a beta-keto ester", "Cc1cc(=O)[nH]c(C)n1", "COC(=O)CC(C)=O", "CC(=N)N"),
    ("2,4-diaminopyrimidine from a formyl nitrile", "Nc1ncc(Cc2ccccc2)c(N)n1", "N#CC(C=O)Cc1ccccc1", "N=C(N)N"),
    ("isoxazole from a 1,3-dicarbonyl compound", "Cc1cc(C)on1", "CC(=O)CC(C)=O", "NO"),
    (
        "1,4-benzodiazepin-2-one from an aminobenzophenone",
        "CN1C(=O)CN=C(c2ccccc2)c2cc(Cl)ccc21",
        "CNc1ccc(Cl)cc1C(=O)c1ccccc1",
        "NCC(=O)O",
    ),
    (
        "Hantzsch dihydropyridine",
        "COC(=O)C1=C(C)NC(C)=C(C(=O)OC)C1c1ccccc1[N+](=O)[O-]",
        "O=Cc1ccccc1[N+](=O)[O-]",
        "COC(=O)CC(C)=O",
        "COC(=O)C=C(C)N",
    ),
    ("enamine of a beta-dicarbonyl compound (ammonia)", "COC(=O)C=C(C)N", "N", "COC(=O)CC(C)=O"),
    ("oxazolidinone from an amino alcohol (phosgene equivalent)", "O=C1OCCN1c1ccccc1", "OCCNc1ccccc1", "O=C(Cl)Cl"),
    (
        "cyclic amidine from a lactam (phosphoryl chloride)",
        "CN1CCN(C2=Nc3cc(Cl)ccc3Nc3ccccc32)CC1",
        "CN1CCNCC1",
        "O=C1Nc2cc(Cl)ccc2Nc2ccccc21",
    ),
    ("2-aminothiazole from an alpha-halo ketone", "Nc1nc(-c2ccccc2)cs1", "O=C(CBr)c1ccccc1", "NC(N)=S"),
    (
        "sulfonamide of an aniline (sulfonyl chloride)",
        "CC(=O)Nc1ccc(S(=O)(=O)Nc2cc(C)on2)cc1",
        "CC(=O)Nc1ccc(S(=O)(=O)Cl)cc1",
        "Cc1cc(N)no1",
    ),
    (
        "aromatic substitution of a chloroazine by a sulfonamide",
        "Cc1ccc(S(=O)(=O)Nc2ncccn2)cc1",
        "Clc1ncccn1",
        "Cc1ccc(S(N)(=O)=O)cc1",
    ),
    (
        "2-aminobenzothiazole from an aniline (thiocyanate and bromine)",
        "Nc1nc2ccc(OC(F)(F)F)cc2s1",
        "Nc1ccc(OC(F)(F)F)cc1",
        "N#CS",
    ),
    ("alkylation of an arylacetonitrile", "CC(C)(C#N)c1ccccc1", "CC(C#N)c1ccccc1", "CBr"),
    ("nitrile from an alkyl halide", "N#CCCc1ccccc1", "BrCCc1ccccc1", "[C-]#N"),
    ("aldol condensation", "CC(=O)C=Cc1ccccc1", "CC(C)=O", "O=Cc1ccccc1"),
    ("aldol condensation", "O=C1Cc2ccccc2C1=Cc1ccccc1", "O=C1Cc2ccccc2C1", "O=Cc1ccccc1"),
)


def ways(product: str, available=None) -> dict[str, set[tuple[str, ...]]]:
    found: dict[str, set[tuple[str, ...]]] = {}
    for step in steps_to(Chem.CanonSmiles(product), Tally(), available):
        found.setdefault(step.template, set()).add(step.precursors)
    return found


def canonical(precursors: tuple[str, ...]) -> tuple[str, ...]:
    """Without stereochemistry and with one hydrogen position among heteroatoms, as steps are compared."""
    from agent.tools.molecules.synthesis.steps import _flat

    return tuple(sorted(_flat(Chem.CanonSmiles(one)) for one in precursors))


def test_every_reaction_has_its_example() -> None:
    assert {name for name, *_ in EXAMPLES} >= {*BONDS, *HETEROCYCLES}


@pytest.mark.parametrize(
    ("name", "product", "precursors"), [(name, product, rest) for name, product, *rest in EXAMPLES]
)
def test_the_example_is_taken_apart_and_put_together(name: str, product: str, precursors: list[str]) -> None:
    from agent.tools.molecules.synthesis.steps import _other_products, _proposals
    from agent.tools.molecules.synthesis.templates import templates

    template = next(one for one in templates() if one.name == name)
    wanted = Chem.CanonSmiles(product)
    proposed = {canonical(one) for one in _proposals(template, Chem.MolFromSmiles(wanted))}
    assert canonical(tuple(precursors)) in proposed
    assert _other_products(template, tuple(Chem.CanonSmiles(one) for one in precursors), wanted) is not None


# Where the textbook says that an electrophile goes: a product that forms, and one that does not, from one arene.
@pytest.mark.parametrize(
    ("name", "forms", "does_not"),
    [
        ("nitration", "COc1ccc([N+](=O)[O-])cc1", "COc1cccc([N+](=O)[O-])c1"),
        ("nitration", "O=C(O)c1cccc([N+](=O)[O-])c1", "O=C(O)c1ccc([N+](=O)[O-])cc1"),
        ("aromatic bromination", "CC(=O)Nc1ccc(Br)cc1", "CC(=O)Nc1cccc(Br)c1"),
        ("chlorosulfonation", "CC(=O)Nc1ccc(S(=O)(=O)Cl)cc1", "CC(=O)Nc1cccc(S(=O)(=O)Cl)c1"),
        ("Friedel-Crafts acylation", "CC(=O)c1ccc(Br)cc1", "CC(=O)c1cccc(Br)c1"),
    ],
)
def test_groups_direct_an_electrophile(name: str, forms: str, does_not: str) -> None:
    assert name in ways(forms)
    assert name not in ways(does_not)


def test_positions_of_a_ring_are_put_in_order_and_other_rings_left_alone() -> None:
    anisole, naphthalene = Chem.MolFromSmiles("COc1ccccc1"), Chem.MolFromSmiles("c1ccc2ccccc2c1")
    ortho, meta, para = (position_score(anisole, place) for place in (3, 4, 5))
    assert ortho is not None and meta is not None and para is not None
    assert para > ortho > meta
    assert position_score(naphthalene, 0) is None
    pyridine, aminopyridine = Chem.MolFromSmiles("c1ccncc1"), Chem.MolFromSmiles("Nc1ccccn1")
    assert all(is_poor(pyridine, place) for place in (0, 1, 2))
    assert not is_poor(aminopyridine, 4) and not is_poor(anisole, 5)  # 5-bromination of 2-aminopyridine is known


def test_the_halide_that_can_be_had_is_taken() -> None:
    chloride = Chem.CanonSmiles("CN(C)CCCl")
    found = ways("CN(C)CCOc1ccccc1", lambda smiles: smiles == chloride)
    assert (chloride, "Oc1ccccc1") in found["Williamson ether"]
    assert ("CN(C)CCBr", "Oc1ccccc1") in ways("CN(C)CCOc1ccccc1")["Williamson ether"]
