"""What users' structures get wrong, through the tools of the room: refused with a reason, or used and said so."""

from __future__ import annotations

import pytest
from rdkit import Chem

from agent.errors import RepairableToolError
from agent.records import Objective
from agent.tools.molecules.description import describe_molecules
from agent.tools.molecules.design import design_analogues
from agent.tools.molecules.evolution.tool import evolve_molecules
from agent.tools.molecules.library.tool import screen_library
from agent.tools.molecules.structures import read_mol, read_structure

BROKEN = ("C1CC(", "c1ccccc", "C(C)(C)(C)(C)C")


@pytest.mark.parametrize(
    ("smiles", "said"),
    [
        ("C" * 5000, "characters long"),
        ("C" * 3900, "heavy atoms; the limit"),
        ("CC(C)(C)(C)C", "valence"),
        ("[13CH3]O", "isotope"),
        ("C[CH2]", "unpaired electron"),
        ("CC |^1:0|", "unpaired electron"),
        ("[Na+].[Cl-]", "none of its parts contains carbon"),
        ("[Fe]C", "contains Fe"),
        ("*CC", "dummy atom"),
        ("[H][H]", "hydrogen alone"),
    ],
)
def test_what_is_refused_says_why(smiles, said):
    with pytest.raises(RepairableToolError, match=said):
        read_structure(smiles)


def test_a_salt_is_reduced_to_its_parent_and_this_is_said():
    mol, warnings = read_mol("CC(=O)[O-].[Na+]")
    assert Chem.MolToSmiles(mol) == "CC(=O)O"
    assert "left out: [Na+]" in warnings[0] and "neutralised" in warnings[1]


def test_tautomers_stay_what_was_written():
    keto, enol = (read_structure(smiles).smiles for smiles in ("O=c1cc[nH]cc1", "Oc1ccncc1"))
    assert keto != enol, "the two forms have other properties: neither is changed into the other"


def test_marks_of_stereochemistry_without_meaning_are_dropped():
    dropped = read_structure("C[C@H](C)O")
    assert dropped.smiles == "CC(C)O" and "at an atom where there is none" in dropped.warnings[0]
    assert not read_structure("C[C@H](F)O").warnings and not read_structure("C[C@H]1CC[C@@H](O)CC1").warnings
    assert read_structure("F/C=C(/Cl)Cl").smiles == "FC=C(Cl)Cl"


def test_broken_entries_of_a_list_are_named_and_the_others_used():
    result = describe_molecules(["CCO", BROKEN[0], "c1ccccc1O"])
    assert result.data["smiles"] == ["CCO", "Oc1ccccc1"]
    assert [entry["index"] for entry in result.data["invalid"]] == [1]


def _table(path, count=100):
    """A table with 3 % broken rows; the lines on which they stand."""
    rows, broken = ["smiles,pIC50"], []
    for place in range(count):
        if place % 33 == 32:
            rows.append(f"{BROKEN[place // 33]},6.0")
            broken.append(len(rows))
        else:
            rows.append(f"c1ccccc1{'C' * (place % 10)}{'NOS'[place % 3]}{'C' * (place // 10)},{5 + 0.2 * (place % 10)}")
    path.write_text("\n".join(rows) + "\n")
    return broken


def test_a_library_with_broken_rows_is_screened_and_names_them(tmp_path):
    broken = _table(tmp_path / "some.csv")
    result = screen_library(str(tmp_path / "some.csv"))
    assert result.data["read"] == 100
    assert result.data["rejected"]["not a structure that can be read"] == len(broken) == 3
    assert all(any(f"line {line}:" in warning for warning in result.warnings) for line in broken)


def test_measurements_with_broken_rows_are_used_and_name_them(tmp_path):
    broken = _table(tmp_path / "some.csv")
    result = evolve_molecules(
        [Objective(quantity="predicted", direction="maximise")], measured=str(tmp_path / "some.csv"), budget=60, count=5
    )
    skipped = result.data["model"]["skipped"]
    assert all(any(str(line) in text for text in skipped) for line in broken)
    assert any("left out" in warning for warning in result.warnings)


def test_defined_stereocentres_survive_the_design_of_analogues():
    result = design_analogues("C[C@H](N)C(=O)NCc1ccccc1", count=10, min_similarity=0.4)
    assert result.status == "ok"
    flat, defined = Chem.MolFromSmiles("CC(N)C(=O)NC"), Chem.MolFromSmiles("C[C@H](N)C(=O)NC")
    mols = [Chem.MolFromSmiles(smiles) for smiles in result.data["smiles"]]
    kept = [mol for mol in mols if mol.HasSubstructMatch(flat)]
    assert kept
    assert all(mol.HasSubstructMatch(defined, useChirality=True) for mol in kept)


def test_an_evolution_says_how_many_molecules_keep_the_stereocentres_of_the_start():
    result = evolve_molecules(start=["C[C@H](N)C(=O)NCc1ccccc1"], budget=60, count=5)
    arranged = [draft for draft in result.candidates if "kept_stereocentres" in draft.labels]
    assert any(f"keep their arrangement in {len(arranged)} of 5 molecules" in warning for warning in result.warnings)
    assert all(("@" in draft.structure) == (draft in arranged) for draft in result.candidates)
    assert all(draft.labels["open_stereocentres"].isdecimal() for draft in result.candidates)
