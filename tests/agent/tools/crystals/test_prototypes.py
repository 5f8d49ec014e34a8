"""Prototype builders: the formula and the space group are kept, and lattices come out near the measured ones."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import RepairableToolError
from agent.tools.crystals.prototype_table import COMPOUNDS, ELEMENTS
from agent.tools.crystals.prototypes import candidates, oxidation_states, read_formula
from agent.tools.crystals.structure_tools import prototype_structures
from agent.tools.crystals.structures import read_crystal, space_group


@pytest.mark.parametrize("prototype", COMPOUNDS, ids=lambda prototype: prototype.name)
def test_a_prototype_rebuilds_its_own_example(prototype):
    own = next(c for c in candidates(prototype.example) if c.prototype.name == prototype.name)
    assert own.structure.composition.reduced_formula == read_formula(prototype.example).reduced_formula
    assert space_group(own.structure)[1] == prototype.number
    assert own.mismatch == -1


@pytest.mark.parametrize(
    ("formula", "name", "a"),
    [
        # Room-temperature lattice constants (Wyckoff, Crystal Structures).
        ("NaCl", "rocksalt", 5.640),
        ("MgO", "rocksalt", 4.212),
        ("CsCl", "CsCl", 4.123),
        ("GaAs", "zincblende", 5.653),
        ("CaF2", "fluorite", 5.463),
        ("TiO2", "rutile", 4.594),
        ("TiO2", "anatase", 3.785),
        ("Al2O3", "corundum", 4.759),
        ("Mn2O3", "bixbyite", 9.41),
        ("SrTiO3", "cubic perovskite", 3.905),
        ("MgAl2O4", "spinel", 8.083),
        ("LiFePO4", "triphylite", 10.33),
        ("K2PtCl6", "K2PtCl6", 9.755),
        ("CuInSe2", "chalcopyrite", 5.78),
        ("LiCoO2", "alpha-NaFeO2", 2.816),
        ("Cu", "fcc", 3.615),
        ("Si", "diamond", 5.431),
        ("Fe", "bcc", 2.866),
        ("Mg", "hcp", 3.209),
    ],
)
def test_lattice_constants_are_near_the_measured_ones(formula, name, a):
    found = next(c for c in candidates(formula) if c.prototype.name == name)
    assert found.structure.lattice.a == pytest.approx(a, rel=0.07)


ONE_TO_ONE = st.tuples(
    st.sampled_from(["Li", "Na", "K", "Rb", "Cs", "Ag"]), st.sampled_from(["F", "Cl", "Br", "I"])
) | st.tuples(st.sampled_from(["Be", "Mg", "Ca", "Sr", "Ba", "Zn", "Cd"]), st.sampled_from(["O", "S", "Se", "Te"]))
PEROVSKITE = st.tuples(st.sampled_from(["Ca", "Sr", "Ba", "Pb"]), st.sampled_from(["Ti", "Zr", "Hf", "Sn"]))


@settings(max_examples=6, deadline=None)
@given(ONE_TO_ONE.map("".join) | PEROVSKITE.map(lambda pair: f"{pair[0]}{pair[1]}O3"))
def test_every_candidate_keeps_formula_symmetry_and_neutrality(formula):
    found = candidates(formula)
    assert len(found) >= 5
    for candidate in found:
        composition = candidate.structure.composition
        assert composition.reduced_composition.almost_equals(read_formula(formula))
        assert space_group(candidate.structure)[1] == candidate.prototype.number
        assert sum(candidate.states[str(e)] * n for e, n in composition.items()) == pytest.approx(0)
        assert candidate.structure.is_valid(tol=1.0)
    assert [c.mismatch for c in found] == sorted(c.mismatch for c in found)


def test_mixed_valence_takes_both_cation_sites_of_spinel():
    magnetite = next(c for c in candidates("Fe3O4") if c.prototype.name == "spinel")
    assert magnetite.structure.composition.reduced_formula == "Fe3O4"
    assert magnetite.structure.lattice.a == pytest.approx(8.396, rel=0.05)


def test_the_tool_gives_structures_that_read_back_under_the_same_keys():
    result = prototype_structures(["NaCl", "TiO2"], per_formula=2)
    assert result.status == "ok"
    assert result.data["names"][0] == "NaCl [rocksalt]"
    assert [read_crystal(text).key for text in result.data["structures"]] == result.data["names"]
    assert [candidate.structure for candidate in result.candidates] == result.data["names"]
    assert {"TiO2 [rutile]", "TiO2 [anatase]"} <= set(result.data["names"])


def test_one_bad_formula_does_not_cost_the_others():
    result = prototype_structures(["NaCl", "FeAl"])
    assert result.status == "ok"
    assert "charge balanced" in result.data["skipped"]["FeAl"] and result.warnings


@pytest.mark.parametrize(
    ("formulas", "complaint"),
    [
        (["FeAl"], "cannot be charge balanced"),
        (["Xq2O"], "cannot be read|no known elements"),
        (["?"], "cannot be read"),
        ([], "No formula"),
        (["FeAl", "NiTi"], "FeAl.*NiTi"),
    ],
)
def test_bad_formulas_get_one_clear_complaint(formulas, complaint):
    with pytest.raises(RepairableToolError, match=complaint) as caught:
        prototype_structures(formulas)
    assert caught.value.remedy


def test_a_stoichiometry_without_a_prototype_is_empty_not_ok():
    result = prototype_structures(["Ca3Al2Si3O12"])
    assert result.status == "empty" and result.data["structures"] == []


def test_states_follow_electronegativity():
    assert oxidation_states(read_formula("LiFePO4")) == {"Li": 1.0, "Fe": 2.0, "P": 5.0, "O": -2.0}
    assert oxidation_states(read_formula("FeAl")) is None


def test_names_in_the_table_are_unique():
    names = [prototype.name for prototype in (*COMPOUNDS, *ELEMENTS)]
    assert len(names) == len(set(names))
