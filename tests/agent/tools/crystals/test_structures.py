"""Reading and describing crystals: published cells come back as published, and bad input gets one clear complaint."""

from pathlib import Path

import numpy as np
import pytest
from support.crystal_texts import (
    CORUNDUM,
    DIAMOND,
    DISORDERED,
    FLUORITE,
    MGO,
    NACL,
    POSCAR,
    RUTILE,
    SILICON,
    cif,
)

from agent.errors import RepairableToolError
from agent.tools.crystals.structure_tools import analyse_structure, analyse_structures, prototype_structures
from agent.tools.crystals.structures import Crystal, cif_text, read_crystal, read_crystals


@pytest.mark.parametrize(
    ("text", "formula", "number", "density", "coordination"),
    [
        # Densities of the CRC Handbook of Chemistry and Physics, from X-ray cells.
        (NACL, "NaCl", 225, 2.165, {"Na": [6], "Cl": [6]}),
        (MGO, "MgO", 225, 3.584, {"Mg": [6], "O": [6]}),
        (SILICON, "Si", 227, 2.329, {"Si": [4]}),
        (DIAMOND, "C", 227, 3.515, {"C": [4]}),
        (FLUORITE, "CaF2", 225, 3.181, {"Ca": [8], "F": [4]}),
        (RUTILE, "TiO2", 136, 4.25, {"Ti": [6], "O": [3]}),
        (CORUNDUM, "Al2O3", 167, 3.987, {"Al": [6], "O": [4]}),
    ],
)
def test_published_crystals_are_described_as_published(text, formula, number, density, coordination):
    found = analyse_structure(text)
    assert found.status == "ok"
    assert (found.data["formula"], found.data["space_group_number"]) == (formula, number)
    assert found.data["density"] == pytest.approx(density, rel=0.005)
    assert found.data["coordination"] == coordination
    values = {value.name: value for value in found.values}
    assert values["density"].unit == "g/cm**3" and values["lattice_a"].unit == "angstrom"
    assert found.candidates[0].labels["formula"] == formula


def test_the_lattice_is_that_of_the_conventional_cell_whatever_cell_is_given():
    from pymatgen.io.cif import CifWriter

    primitive = read_crystal(NACL).structure.get_primitive_structure()
    found = analyse_structure(str(CifWriter(primitive)))
    assert found.data["atoms"] == 2
    assert found.data["lattice"]["a"] == pytest.approx(5.6402, abs=1e-4)
    assert found.data["oxidation_states"] == {"Na": 1.0, "Cl": -1.0}


def test_oxidation_states_that_do_not_balance_are_unknown_and_never_guessed():
    alloy = cif("FeAl", "P m -3 m", (2.91, 2.91, 2.91, 90, 90, 90), (("Fe", 0, 0, 0), ("Al", 0.5, 0.5, 0.5)))
    found = analyse_structure(alloy)
    assert found.data["oxidation_states"] == "unknown"
    assert found.candidates[0].labels["oxidation_states"] == "unknown"
    assert any("Oxidation states are unknown" in warning for warning in found.warnings)


def test_a_file_and_a_text_and_a_poscar_are_read(tmp_path: Path):
    file = tmp_path / "halite.cif"
    file.write_text(NACL)
    assert read_crystal(str(file)).key == "NaCl [halite]"
    assert read_crystal(NACL).key == "NaCl [Fm-3m]"
    poscar = tmp_path / "POSCAR"
    poscar.write_text(POSCAR)
    assert analyse_structure(str(poscar)).data["space_group_number"] == 225


@pytest.mark.parametrize("text", [NACL, RUTILE, CORUNDUM, SILICON])
def test_a_written_cif_comes_back_with_its_key_cell_and_symmetry(text):
    first = read_crystal(text)
    again = read_crystal(cif_text(first))
    assert again.key == first.key
    assert again.structure.volume / len(again.structure) == pytest.approx(
        first.structure.volume / len(first.structure), rel=1e-6
    )
    assert analyse_structure(cif_text(first)).data["space_group"] == analyse_structure(text).data["space_group"]


def test_no_atom_is_lost_where_symmetry_holds_only_nearly():
    ideal = read_crystal(prototype_structures(["NaFePO4"]).data["structures"][0])
    for seed in range(30):  # three of these had operations that did not fit their atoms
        moved = ideal.structure.copy()
        for atom, step in enumerate(np.random.default_rng(seed).normal(0, 0.002 / 3**0.5, (len(moved), 3))):
            moved.translate_sites([atom], step, frac_coords=False)
        again = read_crystal(cif_text(Crystal(ideal.key, moved, ()))).structure
        assert again.composition.reduced_formula == "NaFePO4"
        assert again.density == pytest.approx(moved.density, rel=1e-3)


def test_two_structures_never_share_a_key():
    keys = [crystal.key for crystal in read_crystals([NACL, NACL, MGO])]
    assert keys == ["NaCl [Fm-3m]", "NaCl [Fm-3m #2]", "MgO [Fm-3m]"]


def test_a_table_describes_several():
    found = analyse_structures([NACL, RUTILE])
    assert [row["space_group_number"] for row in found.data["rows"]] == [225, 136]
    assert [candidate.structure for candidate in found.candidates] == ["NaCl [Fm-3m]", "TiO2 [P4_2/mnm]"]
    assert {artifact.title for artifact in found.artifacts if artifact.media_type == "chemical/x-cif"} == {
        candidate.structure for candidate in found.candidates
    }


def test_disorder_is_described_where_possible_and_refused_where_not():
    found = analyse_structure(DISORDERED)
    assert found.data["coordination"] == {} and any("partly occupied" in note for note in found.warnings)
    with pytest.raises(RepairableToolError, match="partial occupancies"):
        read_crystal(DISORDERED, ordered=True)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("/nowhere/a.cif", "'/nowhere/a.cif' cannot be read"),
        ("", "empty text"),
        ("not\na structure", "not a readable CIF or POSCAR"),
        (NACL.replace("Na Na 0 0 0 1.0\n", "").replace("Cl Cl 0.5 0.5 0.5 1.0\n", ""), "not a readable CIF"),
    ],
)
def test_bad_structures_get_one_clear_complaint(source, complaint):
    with pytest.raises(RepairableToolError, match=complaint) as caught:
        analyse_structure(source)
    assert caught.value.remedy


def test_huge_cells_and_empty_lists_are_refused():
    with pytest.raises(RepairableToolError, match="8 sites in its cell; the limit here is 4"):
        read_crystal(NACL, most=4)
    with pytest.raises(RepairableToolError, match="No structure"):
        analyse_structures([])
