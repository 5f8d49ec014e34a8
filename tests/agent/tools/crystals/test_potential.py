"""The potential against its published results and thermochemistry; equations of state against their own formula."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.crystal_texts import DISORDERED, MGO, NACL, SILICON, cubic

from agent.errors import RepairableToolError
from agent.tools.crystals.elasticity import GPA_PER_EV_A3, VOLUME_STRAINS, birch_murnaghan, strained
from agent.tools.crystals.elements import formation_energy, ground_state
from agent.tools.crystals.energy_tools import bulk_moduli, estimate_energies, relax_structures
from agent.tools.crystals.structures import read_crystal

BIG = cubic("big", "P 1", 40.0, *[("Na", i / 500, 0, 0) for i in range(401)])
DOUBLED = cubic("NaCl", "P 1", 5.6, ("Na", 0, 0, 0), ("Cl", 0.01, 0, 0))


def murnaghan(volume, v0, e0, b0, derivative):
    """Birch-Murnaghan's energy as it is usually printed, for comparison."""
    x = (v0 / volume) ** (2 / 3)
    return e0 + 9 * v0 * b0 / 16 * ((x - 1) ** 3 * derivative + (x - 1) ** 2 * (6 - 4 * x))


@settings(max_examples=50, deadline=None)
@example(6.5, 0.0, 1.8125, 4.0)
@example(5.0, 0.0, 1.0, 4.0)
@given(st.floats(5, 60), st.floats(-10, 10), st.floats(0.05, 3), st.floats(2.5, 7))
def test_an_equation_of_state_comes_back_from_its_own_energies(v0, e0, b0, derivative):
    volumes = v0 * np.array(VOLUME_STRAINS)
    fitted = birch_murnaghan(volumes, murnaghan(volumes, v0, e0, b0, derivative))
    assert fitted is not None
    assert fitted.volume == pytest.approx(v0, rel=1e-4)
    assert fitted.bulk_modulus == pytest.approx(b0 * GPA_PER_EV_A3, rel=1e-3)
    assert fitted.derivative == pytest.approx(derivative, abs=0.05)


def test_energies_without_a_minimum_give_no_modulus():
    volumes = np.linspace(10, 12, 7)
    assert birch_murnaghan(volumes, -volumes) is None


def test_strained_cells_keep_fractions_and_scale_volumes():
    start = read_crystal(NACL).structure
    cells = strained(start)
    assert [cell.volume / start.volume for cell in cells] == pytest.approx(list(VOLUME_STRAINS))
    assert all(np.allclose(cell.frac_coords, start.frac_coords) for cell in cells)


@pytest.mark.parametrize(
    ("structures", "complaint"),
    [
        ([], "No structure"),
        ([DISORDERED], "partial occupancies"),
        ([BIG], "401 sites"),
        (["/nowhere.cif"], "cannot be read"),
    ],
)
def test_unsuitable_structures_are_refused_before_the_model_is_asked(structures, complaint):
    for call in (estimate_energies, relax_structures, bulk_moduli):
        with pytest.raises(RepairableToolError, match=complaint):
            call(structures)


def test_bad_settings_are_refused():
    with pytest.raises(RepairableToolError, match="steps"):
        relax_structures([NACL], steps=0)
    with pytest.raises(RepairableToolError, match="force_tolerance"):
        relax_structures([NACL], force_tolerance=-1)


@pytest.mark.parametrize(
    ("symbol", "bond"),
    # Nearest neighbours in Å (Donohue, The Structures of the Elements).
    [("C", 1.42), ("S", 2.05), ("P", 2.22), ("As", 2.52), ("Se", 2.37), ("Sn", 3.02), ("Na", 3.66), ("Cu", 2.56)],
)
def test_ground_states_of_elements_have_their_published_bonds(symbol, bond):
    structure = ground_state(symbol)
    assert structure is not None
    distances = (structure * (2, 2, 2)).distance_matrix[0]
    assert np.sort(distances)[1] == pytest.approx(bond, abs=0.03)


def test_an_element_without_a_written_ground_state_has_no_reference():
    assert ground_state("Pu") is None and ground_state("He") is None


@pytest.mark.slow
class TestWithTheModel:
    """What loads the weights."""

    def test_rock_salt_relaxes_to_its_published_cell(self):
        # CHGNet's own NaCl: a = 5.70 Å (measured 5.64 Å); enthalpy of formation -411.2 kJ/mol = -2.131 eV/atom.
        result = relax_structures([NACL, MGO])
        assert result.status == "ok"
        relaxed = read_crystal(result.data["structures"][0]).structure
        assert (relaxed.volume / len(relaxed) * 8) ** (1 / 3) == pytest.approx(5.70, abs=0.02)
        rows = {row["formula"]: row for row in result.data["rows"]}
        assert rows["NaCl"]["formation_energy"] == pytest.approx(-2.131, abs=0.12)
        assert rows["MgO"]["formation_energy"] == pytest.approx(-3.118, abs=0.12)  # -601.6 kJ/mol
        for row in rows.values():
            assert row["converged"] and row["max_force"] < 0.05 and abs(row["pressure"]) < 0.11
            assert row["energy_per_atom"] <= row["energy_before"] + 1e-4
        assert [c.structure for c in result.candidates] == ["NaCl [Fm-3m]", "MgO [Fm-3m]"]

    def test_bulk_moduli_are_near_those_of_the_theory_it_learned(self):
        # PBE: MgO 149 GPa, Si 89 GPa, NaCl 24 GPa (Tran, Stelzl, Blaha, J. Chem. Phys. 144, 204120, 2016); the
        # potential is known to be soft.
        rows = {row["formula"]: row for row in bulk_moduli([MGO, SILICON, NACL]).data["rows"]}
        assert rows["MgO"]["bulk_modulus"] == pytest.approx(149, rel=0.12)
        assert rows["Si"]["bulk_modulus"] == pytest.approx(89, rel=0.25)
        assert rows["NaCl"]["bulk_modulus"] == pytest.approx(24, rel=0.12)

    def test_a_batch_says_what_single_calls_say(self):
        together = estimate_energies([NACL, MGO, SILICON], formation=False).data["rows"]
        alone = [estimate_energies([text], formation=False).data["rows"][0] for text in (NACL, MGO, SILICON)]
        for one, other in zip(together, alone, strict=True):
            assert one["energy_per_atom"] == pytest.approx(other["energy_per_atom"], abs=1e-4)
            assert one["pressure"] == pytest.approx(other["pressure"], abs=0.01)

    def test_pressure_is_positive_when_squeezed_and_is_the_slope_of_the_energy(self):
        from agent.tools.crystals.potential import evaluate

        start = read_crystal(MGO).structure
        cells = strained(start, (0.945, 0.95, 0.955, 1.05))
        low, middle, high, stretched = evaluate(cells)
        slope = -(high.energy - low.energy) * len(start) / (cells[2].volume - cells[0].volume)
        assert middle.pressure > 0 > stretched.pressure
        assert middle.pressure == pytest.approx(slope * GPA_PER_EV_A3, rel=0.1)

    def test_a_compound_of_an_element_without_reference_gets_no_formation_energy(self):
        oxide = read_crystal(cubic("PuO2", "F m -3 m", 5.396, ("Pu", 0, 0, 0), ("O", 0.25, 0.25, 0.25))).structure
        energy, lacking = formation_energy(oxide, -9.0)
        assert energy is None and lacking == ("Pu",)

    def test_atoms_on_top_of_each_other_are_refused(self):
        with pytest.raises(RepairableToolError, match="apart"):
            estimate_energies([DOUBLED])
