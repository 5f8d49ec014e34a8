"""Minerals, substitutions and capacities against handbook values."""

from __future__ import annotations

import pytest

from agent.errors import RepairableToolError
from agent.reasoning.understanding.mineral_names import MINERALS as NAMED
from agent.tools.crystals.electrodes import electrode_capacities
from agent.tools.crystals.mineral_table import MINERALS
from agent.tools.crystals.minerals import mineral_crystal, mineral_structures
from agent.tools.crystals.structures import read_crystal
from agent.tools.crystals.substitution import substitute_elements

# Measured densities of the pure end members in g/cm³, from the Handbook of Mineralogy (Mineral Data Publishing).
DENSITIES = {
    "quartz": 2.65, "cristobalite": 2.33, "coesite": 2.92, "stishovite": 4.28, "albite": 2.62, "kaolinite": 2.61,
    "calcite": 2.71, "magnesite": 3.01, "siderite": 3.94, "rhodochrosite": 3.70, "smithsonite": 4.43, "dolomite": 2.87,
    "aragonite": 2.93, "gypsum": 2.31, "anhydrite": 2.97, "barite": 4.48, "hematite": 5.26, "corundum": 3.99,
    "ilmenite": 4.78, "goethite": 4.26, "magnetite": 5.20, "spinel": 3.57, "chromite": 5.06, "rutile": 4.25,
    "anatase": 3.89, "cassiterite": 6.99, "pyrolusite": 5.19, "periclase": 3.58, "lime": 3.35, "brucite": 2.37,
    "forsterite": 3.22, "fayalite": 4.40, "halite": 2.17, "sylvite": 1.99, "fluorite": 3.18, "pyrite": 5.01,
    "galena": 7.58, "sphalerite": 4.09,
}  # fmt: skip


def test_every_mineral_has_its_formula_its_density_and_sensible_bonds() -> None:
    from pymatgen.core import Composition

    assert {mineral.name for mineral in MINERALS} == set(DENSITIES)
    for mineral in MINERALS:
        structure = mineral_crystal(mineral).structure
        assert structure.composition.reduced_composition.almost_equals(Composition(mineral.formula).reduced_composition)
        assert structure.density == pytest.approx(DENSITIES[mineral.name], rel=0.015), mineral.name
        shortest = structure.get_neighbor_list(0.8)[3]
        assert len(shortest) == 0, mineral.name  # no two atoms on top of each other


def test_the_goal_reader_and_the_table_know_the_same_minerals() -> None:
    table = {mineral.name: mineral.formula for mineral in MINERALS}
    assert all(table.get(name) == formula for name, (formula, _) in NAMED.items())


def test_minerals_by_name_formula_and_elements() -> None:
    found = mineral_structures(["Calcite", "SiO2"])
    assert found.data["names"][0] == "SiO2 [quartz]" and "CaCO3 [calcite]" in found.data["names"]
    assert read_crystal(found.data["structures"][0]).key == "SiO2 [quartz]"
    assert {row["mineral"] for row in mineral_structures(elements=["Na", "Cl"]).data["rows"]} == {"halite"}
    with pytest.raises(RepairableToolError, match="unobtainium"):
        mineral_structures(["unobtainium"])


def test_capacities_follow_from_the_formula() -> None:
    """170 and 148 mAh/g are the published theoretical capacities of LiFePO4 and LiMn2O4."""
    rows = electrode_capacities(["LiFePO4", "LiMn2O4"]).data["rows"]
    assert [row["capacity"] for row in rows] == [pytest.approx(169.9, abs=0.1), pytest.approx(148.2, abs=0.1)]
    with pytest.raises(RepairableToolError, match="Na"):
        electrode_capacities(["LiFePO4"], ion="Na")


def test_a_solid_solution_keeps_its_sites() -> None:
    host = mineral_structures(["forsterite"]).data["structures"]
    found = substitute_elements(host, ["Fe"], "Mg", [0.5, 1.0])
    assert [row["formula"] for row in found.data["rows"]] == ["MgFeSiO4", "Fe2SiO4"]
    assert found.data["names"][0] == "Mg2SiO4 [forsterite]"
    assert all(len(read_crystal(text).structure) == 28 for text in found.data["structures"])


def test_an_intermetallic_is_a_half_heusler() -> None:
    """TiNiSn is one, with a = 5.93 Å (Aliev et al., Z. Phys. B 75, 167, 1989)."""
    from agent.tools.crystals.prototypes import candidates

    (found,) = candidates("TiNiSn")
    assert found.roles == {"A": "Ti", "B": "Ni", "X": "Sn"} and found.prototype.name == "half-Heusler"
    assert found.structure.lattice.a == pytest.approx(5.93, rel=0.1)


def test_a_dopant_takes_the_site_of_its_size() -> None:
    cif = mineral_structures(["spinel"]).data["structures"]
    row = substitute_elements(cif, ["Cr"], fractions=[0.1]).data["rows"][0]
    assert row["replaced"] == "Al"  # both are +3 ions of nearly the same radius
    with pytest.raises(RepairableToolError, match="holds no Ti"):
        substitute_elements(cif, ["Zr"], "Ti")
