from __future__ import annotations

import pytest
from rdkit import Chem

pytest.importorskip("synspace", reason="synthesis planning needs the package synspace")

from agent.tools.molecules.synthesis.steps import Tally, steps_to
from agent.tools.molecules.synthesis.templates import PUBLISHED, TEXTBOOK, templates
from agent.tools.molecules.synthesis.transforms import TRANSFORMS

CELECOXIB = "Cc1ccc(-c2cc(C(F)(F)F)nn2-c2ccc(S(N)(=O)=O)cc2)cc1"


def ways(smiles: str) -> set[tuple[str, ...]]:
    return {step.precursors for step in steps_to(Chem.CanonSmiles(smiles), Tally())}


def test_there_are_58_published_templates_beside_our_own() -> None:
    origins = [template.origin for template in templates()]
    assert origins.count(PUBLISHED) == 58
    assert origins.count(TEXTBOOK) == len(TRANSFORMS)


# Laboratory syntheses of the textbooks: target, precursors.
@pytest.mark.parametrize(
    ("target", "precursors"),
    [
        ("CC(=O)Oc1ccccc1C(=O)O", ("CC(=O)OC(C)=O", "O=C(O)c1ccccc1O")),  # aspirin
        ("CC(=O)Nc1ccc(O)cc1", ("CC(=O)OC(C)=O", "Nc1ccc(O)cc1")),  # paracetamol
        (CELECOXIB, ("Cc1ccc(C(=O)CC(=O)C(F)(F)F)cc1", "NNc1ccc(S(N)(=O)=O)cc1")),  # Penning et al. 1997
        ("Cc1ccc(C(=O)CC(=O)C(F)(F)F)cc1", ("CC(=O)c1ccc(C)cc1", "CCOC(=O)C(F)(F)F")),
        ("c1ccc(-c2ccncc2)cc1", ("Brc1ccncc1", "OB(O)c1ccccc1")),  # Suzuki coupling
        ("c1ccc2oc(-c3ccccc3)nc2c1", ("Nc1ccccc1O", "O=C(O)c1ccccc1")),  # benzoxazole
        ("Cc1nc2ccccc2n1C", ("CC(=O)O", "CNc1ccccc1N")),  # benzimidazole
        ("c1ccc(-c2nnn[nH]2)cc1", ("N#Cc1ccccc1",)),  # tetrazole from a nitrile
        ("Cc1nc(-c2ccccc2)no1", ("CC(=O)O", "N#Cc1ccccc1")),  # oxadiazole
        ("Nc1ccc(O)cc1", ("O=[N+]([O-])c1ccc(O)cc1",)),  # reduction of a nitro group
        ("CCOC(=O)c1ccc(N)cc1", ("CCO", "Nc1ccc(C(=O)O)cc1")),  # benzocaine
    ],
)
def test_textbook_reactions_are_found(target: str, precursors: tuple[str, ...]) -> None:
    assert tuple(sorted(Chem.CanonSmiles(one) for one in precursors)) in ways(target)


def test_every_step_gives_the_target_back_by_an_independent_run() -> None:
    from rdkit.Chem import rdMolHash
    from rdkit.Chem.rdChemReactions import ReactionFromSmarts

    def tautomer(mol: Chem.Mol) -> str:
        return rdMolHash.MolHash(Chem.MolFromSmiles(Chem.MolToSmiles(mol)), rdMolHash.HashFunction.HetAtomTautomer)

    target = Chem.CanonSmiles("CC(C)Cc1ccc(C(C)C(=O)NCc2ccccc2)cc1")
    by_name = {template.name: template.forwards for template in templates()}
    found = steps_to(target, Tally())
    assert len(found) >= 3
    for step in found:
        reaction = ReactionFromSmarts(by_name[step.template])
        made = set()
        for order in (step.precursors, step.precursors[::-1]):
            mols = tuple(Chem.MolFromSmiles(one) for one in order)
            if len(mols) == reaction.GetNumReactantTemplates():
                for (product,) in reaction.RunReactants(mols):
                    if Chem.SanitizeMol(product, catchErrors=True) == Chem.SanitizeFlags.SANITIZE_NONE:
                        made.add(tautomer(product))
        assert tautomer(Chem.MolFromSmiles(target)) in made


def test_a_precursor_that_could_react_twice_counts_against_the_step() -> None:
    clean = {step.precursors: step for step in steps_to("CC(=O)Nc1ccccc1", Tally())}
    rivals = {step.precursors: step for step in steps_to(Chem.CanonSmiles("CC(=O)Nc1cccc(CN)c1"), Tally())}
    assert clean["CC(=O)O", "Nc1ccccc1"].others == 0
    assert all(step.others > 0 for step in rivals.values() if "Schotten" in step.template)


def test_competing_groups_are_told() -> None:
    step = next(
        one for one in steps_to(Chem.CanonSmiles("O=C(O)c1ccccc1O"), Tally()) if "carbon dioxide" in one.template
    )
    assert step.conflicts == ("an acidic hydrogen (OH, NH) beside an organometallic reagent",)
    assert step.cost > 1.5


@pytest.mark.parametrize("strained", ["C1=CC1", "OO", "NC(O)C"])
def test_strained_and_unstable_precursors_are_recognised(strained: str) -> None:
    from agent.tools.molecules.synthesis.steps import _strained

    assert _strained(strained)
    assert not _strained("NCc1ccccc1")


def test_what_was_refused_is_counted() -> None:
    tally = Tally()
    found = steps_to(CELECOXIB, tally)
    assert tally.proposed >= len(found) + tally.not_given_back
    assert tally.not_given_back > 0
