"""Drawings: well-formed SVG, one a molecule, with what differs marked."""

from xml.etree import ElementTree

import pytest
from rdkit import Chem

from agent.errors import RepairableToolError
from agent.tools.molecules.drawing import draw_molecules

TOLUENE = "Cc1ccccc1"


def changed(smiles, reference):
    result = draw_molecules([smiles], reference)
    mol = Chem.MolFromSmiles(result.data["drawings"][0]["smiles"])
    return sorted(mol.GetAtomWithIdx(index).GetSymbol() for index in result.data["drawings"][0]["changed_atoms"])


def test_each_molecule_has_a_clean_transparent_svg_titled_with_its_smiles():
    result = draw_molecules([TOLUENE, "CCO", "C1CC(", TOLUENE])
    assert [artifact.title for artifact in result.artifacts] == [TOLUENE, "CCO"]
    assert len({artifact.name for artifact in result.artifacts}) == 2
    assert result.data["invalid"][0]["index"] == 2
    for artifact in result.artifacts:
        assert artifact.media_type == "image/svg+xml"
        assert artifact.name.endswith(".svg")
        tree = ElementTree.fromstring(artifact.content)
        assert tree.tag == "{http://www.w3.org/2000/svg}svg"
        assert tree[0].text == artifact.title
        assert "<rect" not in artifact.content
        assert "<!--" not in artifact.content
        assert "rdkit" not in artifact.content


@pytest.mark.parametrize(
    ("smiles", "reference", "expected"),
    [
        (TOLUENE, TOLUENE, []),
        ("COc1ccccc1", TOLUENE, ["C", "O"]),
        ("Cc1cccnc1", TOLUENE, ["N"]),
        ("Cc1ccccc1F", TOLUENE, ["F"]),
        ("CC1CCCCC1", TOLUENE, ["C"] * 7),
        ("CNC(C)=O", "CC(N)=O", ["C", "N"]),
    ],
)
def test_the_part_that_differs_is_marked(smiles, reference, expected):
    assert changed(smiles, reference) == expected


def test_a_lost_group_marks_the_place_where_it_was():
    assert changed("c1ccccc1", TOLUENE) == ["C"]


def test_marks_are_drawn():
    plain, marked = (draw_molecules(["Cc1ccccc1F"], reference).artifacts[0].content for reference in ("", TOLUENE))
    assert "#FCCC72" not in plain
    assert "#FCCC72" in marked


def test_a_bad_reference_is_refused():
    with pytest.raises(RepairableToolError, match="reference"):
        draw_molecules([TOLUENE], "C1CC(")
