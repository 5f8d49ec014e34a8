"""Enumeration: every combination once, stereocentres kept, groups where they were asked for."""

from __future__ import annotations

import pytest
from rdkit import Chem
from rdkit.Chem import Crippen

from agent.errors import RepairableToolError
from agent.records import Constraint
from agent.tools.molecules.enumeration import hopping
from agent.tools.molecules.enumeration.core import attachment_points, read_marked
from agent.tools.molecules.enumeration.linkers import LINKERS
from agent.tools.molecules.enumeration.reactions import REACTIONS
from agent.tools.molecules.enumeration.tools import (
    design_linkers,
    enumerate_library,
    enumerate_r_groups,
    hop_scaffolds,
)

CELECOXIB = "Cc1ccc(-c2cc(C(F)(F)F)nn2-c2ccc(S(N)(=O)=O)cc2)cc1"


def test_groups_on_a_core_are_every_combination_with_stereo_kept():
    result = enumerate_r_groups(
        "c1cc([*:1])ccc1[C@H](C)[*:2]", [["methoxy", "CF3", "H", "[*:1]N1CCOCC1"], ["O", "C(=O)O"]]
    )
    expected = {
        Chem.CanonSmiles(f"c1cc({one})ccc1[C@H](C){other}" if one else f"c1ccccc1[C@H](C){other}")
        for one in ("OC", "C(F)(F)F", "", "N3CCOCC3")
        for other in ("O", "C(=O)O")
    }
    assert set(result.data["smiles"]) == expected
    assert all("@" in smiles for smiles in result.data["smiles"])
    assert {candidate.labels["R1"] for candidate in result.candidates} == {"methoxy", "CF3", "H", "[*:1]N1CCOCC1"}


def test_bounds_filter_and_nothing_is_empty_with_the_nearest():
    bound = Constraint(quantity="logP", relation="<=", high=1.5)
    result = enumerate_r_groups("c1ccccc1[*:1]", [["O", "CCCC", "N"]], [bound])
    assert result.status == "ok"
    assert set(result.data["smiles"]) == {"Oc1ccccc1", "Nc1ccccc1"}
    assert all(Crippen.MolLogP(Chem.MolFromSmiles(smiles)) <= 1.5 for smiles in result.data["smiles"])
    none = enumerate_r_groups("c1ccccc1[*:1]", [["CCCC"]], [Constraint(quantity="logP", relation="<=", high=0)])
    assert none.status == "empty" and none.data["failures"] == {"logP": 1} and none.data["nearest"]


def test_without_groups_the_rooms_substituents_are_taken():
    result = enumerate_r_groups("c1ccccc1[*:1]", count=20)
    assert result.data["qualified"] > 20 and len(result.candidates) == 20
    assert any("are returned" in text for text in result.warnings)


@pytest.mark.parametrize("core", ["c1ccccc1", "c1ccccc1[*:1", "[*:1]"])
def test_a_core_without_a_usable_point_is_refused(core):
    with pytest.raises(RepairableToolError, match="core"):
        enumerate_r_groups(core, [["O"]])


def test_bare_and_named_points_are_read():
    assert sorted(attachment_points(read_marked("*c1ccc(*)cc1", argument="core"))) == [1, 2]
    assert sorted(attachment_points(read_marked("[R1]c1ccc([R2])cc1", argument="core"))) == [1, 2]


def test_a_library_of_amides_from_a_file_with_broken_rows(tmp_path):
    blocks = tmp_path / "blocks.smi"
    blocks.write_text("CC(=O)O acetic\nC[C@H](N)c1ccccc1 amine\nCNC methylamine\nC1CC broken\nCCC propane\n")
    result = enumerate_library("Amide Coupling", building_blocks=str(blocks))
    assert set(result.data["smiles"]) == {Chem.CanonSmiles(s) for s in ("CC(=O)N[C@@H](C)c1ccccc1", "CC(=O)N(C)C")}
    assert [item["where"] for item in result.data["unreadable"]] == ["line 4"]
    assert result.data["unfit"] == ["propane"]
    assert result.candidates[0].labels["first"] == "acetic"


def test_a_reaction_may_be_written_out():
    result = enumerate_library("[C:1][OH].[C:2][Br]>>[C:1]O[C:2]", ["CCO"], ["CBr", "CCCBr"])
    assert set(result.data["smiles"]) == {"CCOC", "CCCOCC"}


@pytest.mark.parametrize("reaction", ["magic", "[C:1]>>[C:1]", "not >> smarts"])
def test_an_unknown_reaction_is_refused(reaction):
    with pytest.raises(RepairableToolError, match="reaction"):
        enumerate_library(reaction, ["CCO"], ["CCN"])


def test_blocks_without_the_group_are_refused():
    with pytest.raises(RepairableToolError, match="second"):
        enumerate_library("amide coupling", ["CC(=O)O"], ["CCC"])


@pytest.mark.parametrize("name", sorted(REACTIONS))
def test_every_named_reaction_is_valid_and_balanced_in_maps(name):
    from rdkit.Chem import rdChemReactions

    reaction = rdChemReactions.ReactionFromSmarts(REACTIONS[name])
    assert reaction.Validate(silent=True)[1] == 0
    assert reaction.GetNumReactantTemplates() == 2 and reaction.GetNumProductTemplates() == 1


def test_linkers_join_both_fragments_within_the_length():
    result = design_linkers("[*:1]c1ccccc1", "[*:1]C1CCNCC1", least=2, most=3, count=500)
    phenyl, piperidine = Chem.MolFromSmiles("c1ccccc1"), Chem.MolFromSmiles("C1CCNCC1")
    assert result.status == "ok"
    for candidate in result.candidates:
        mol = Chem.MolFromSmiles(candidate.structure)
        assert mol.HasSubstructMatch(phenyl) and mol.HasSubstructMatch(piperidine)
        assert 2 <= int(candidate.labels["linker_atoms"]) <= 3
    assert {"c1ccc(CNC2CCNCC2)cc1", "c1ccc(NCC2CCNCC2)cc1"} <= set(result.data["smiles"])  # both directions


def test_every_linker_has_two_points():
    assert all(sorted(attachment_points(read_marked(text, argument="linkers", marks=2))) == [1, 2] for text in LINKERS)


def test_hops_keep_the_groups_and_change_the_scaffold(monkeypatch):
    monkeypatch.setattr(hopping, "MOST_MADE", 60)
    result = hop_scaffolds(CELECOXIB, count=10)
    assert result.status == "ok"
    pyrazole = Chem.MolFromSmarts("c1cnn(-c)c1")
    shapes = []
    for candidate in result.candidates:
        row = {value.name: value.value for value in candidate.values}
        shapes.append(row["shape_similarity"])
        assert candidate.structure != CELECOXIB and candidate.labels["ring system"]
    assert shapes == sorted(shapes, reverse=True)
    assert any(not Chem.MolFromSmiles(smiles).HasSubstructMatch(pyrazole) for smiles in result.data["smiles"])


def test_groups_kept_and_avoided_bound_an_enumeration_and_objectives_rank_it():
    from agent.records import Objective
    from agent.tools.molecules.enumeration.tools import enumerate_r_groups

    groups = [["methyl", "nitro", "carboxyl", "chloro"]]
    result = enumerate_r_groups("[*:1]c1ccccc1", groups, avoid=["nitro"])
    assert len(result.data["smiles"]) == 3 and result.data["failures"] == {"without nitro": 1}
    assert enumerate_r_groups("[*:1]c1ccccc1", groups, keep=["carboxylic acid"]).data["smiles"] == ["O=C(O)c1ccccc1"]
    greasy = Objective(quantity="logP", direction="maximise", unit="1")
    assert enumerate_r_groups("[*:1]c1ccccc1", groups, objectives=[greasy]).data["smiles"][0] == "Clc1ccccc1"


def test_hops_are_central_common_and_arranged_as_the_molecule_is(monkeypatch):
    from rdkit import Chem

    from agent.tools.molecules.enumeration import hopping

    monkeypatch.setattr(hopping, "ring_systems", lambda: ["c1ccsc1", "B1OCc2ccccc21"])
    celecoxib = Chem.MolFromSmiles("Cc1ccc(-c2cc(C(F)(F)F)nn2-c2ccc(S(N)(=O)=O)cc2)cc1")
    made = list(hopping.Hops(celecoxib, 0.0, 0).make())
    methyl = Chem.MolFromSmarts("Cc1ccc(-*)cc1")
    assert made and all(one.mol is not None and one.mol.HasSubstructMatch(methyl) for one in made)
    vicinal = Chem.MolFromSmarts("c1ccccc1-c2c(-c3ccccc3)ccs2")
    assert any(one.mol is not None and one.mol.HasSubstructMatch(vicinal) for one in made)
    nitrogen_trifluoromethyl = Chem.MolFromSmarts("[#7]-C(F)(F)F")
    assert not any(one.mol is not None and one.mol.HasSubstructMatch(nitrogen_trifluoromethyl) for one in made)
