"""Simulated powder patterns against published line positions, and the moves of lines under strain."""

import xml.etree.ElementTree as ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.crystal_texts import CORUNDUM, DIAMOND, NACL, RUTILE, SILICON

from agent.errors import RepairableToolError
from agent.tools.crystals.diffraction import mean_wavelength, powder_lines, profile, radiation_lines
from agent.tools.crystals.structures import known_warnings, read_crystal
from agent.tools.crystals.xrd_tools import simulate_xrd

WAVE = 1.5406


@pytest.mark.parametrize(
    ("text", "angles"),
    [
        # Cu Kα1 positions: NIST SRM 640 (silicon), ICDD 5-628 (halite), 6-675 (diamond), 21-1276 (rutile).
        (SILICON, [28.44, 47.30, 56.12]),
        (NACL, [27.33, 31.69, 45.45]),
        (DIAMOND, [43.93, 75.30]),
        (RUTILE, [27.45, 36.09, 39.19, 41.23, 44.05, 54.32]),
    ],
)
def test_lines_are_where_they_were_measured(text, angles):
    peaks = simulate_xrd(text, wavelength="CuKa1").data["peaks"]
    found = [peak["two_theta"] for peak in peaks][: len(angles)]
    assert found == pytest.approx(angles, abs=0.06)


def test_the_strongest_lines_are_values_and_the_rest_is_a_table():
    result = simulate_xrd(NACL)
    values = {value.name: value.value for value in result.values}
    assert values["peak_1_two_theta"] == pytest.approx(31.70, abs=0.05)
    table = next(item for item in result.artifacts if item.media_type == "text/csv")
    assert len(table.content.splitlines()) == 1 + values["reflections"]
    plot = next(item for item in result.artifacts if item.media_type == "image/svg+xml")
    assert ElementTree.fromstring(plot.content).tag.endswith("svg")
    assert plot.title == result.candidates[0].structure


def test_bragg_links_spacing_and_angle_for_any_radiation():
    for name in ("CuKa", "MoKa", "1.0"):
        for peak in simulate_xrd(NACL, wavelength=name).data["peaks"]:
            sine = np.sin(np.radians(peak["two_theta"] / 2))
            assert 2 * peak["d"] * sine == pytest.approx(mean_wavelength(name), rel=1e-5)


def test_radiations_by_name():
    assert mean_wavelength("CuKa") == pytest.approx(1.5418, abs=2e-4)
    assert [round(wave, 4) for wave, _ in radiation_lines("CuKa")] == [1.5406, 1.5444]
    assert sum(weight for _, weight in radiation_lines("CuKa")) == pytest.approx(1)
    assert radiation_lines("CuKa1") == ((mean_wavelength("CuKa1"), 1.0),)
    for wrong in ("UnobtainiumKa", "-1", "99"):
        with pytest.raises(RepairableToolError, match="no radiation"):
            mean_wavelength(wrong)


def test_bad_angles_are_refused_and_no_line_is_empty():
    with pytest.raises(RepairableToolError, match="two_theta_max"):
        simulate_xrd(NACL, two_theta_max=400)
    assert simulate_xrd(NACL, two_theta_max=10).status == "empty"


def lines_of(text):
    with known_warnings():
        return powder_lines(read_crystal(text).structure, "x", wave=WAVE, two_theta_max=100)


@pytest.mark.parametrize(("text", "freedom"), [(NACL, 1), (RUTILE, 2), (CORUNDUM, 2)])
def test_strains_keep_the_crystal_system(text, freedom):
    lines = lines_of(text)
    assert len(lines.strains) == freedom
    assert lines.distortion(lines.isotropic()) == pytest.approx([1, 1, 1, 0, 0, 0], abs=1e-9)


def test_a_small_strain_moves_lines_as_a_rebuilt_cell_would():
    lines = lines_of(RUTILE)
    stretched = lines_of(RUTILE.replace("4.5937", f"{4.5937 * 1.002}").replace("2.9587", f"{2.9587 * 0.997}"))
    amplitudes = np.linalg.lstsq(lines.strains.reshape(2, 9).T, np.diag([0.002, 0.002, -0.003]).ravel(), rcond=None)[0]
    moved = np.sort(lines.positions(amplitudes, WAVE))
    expected = np.sort(stretched.positions(np.zeros(2), WAVE))
    assert len(moved) == len(expected)
    assert np.abs(moved - expected).max() < 0.005
    assert np.abs(np.sort(lines.positions(np.zeros(2), WAVE)) - expected).max() > 0.1


@settings(max_examples=30, deadline=None)
@given(st.floats(20, 80), st.floats(0.1, 2), st.floats(1, 100), st.floats(0, 1))
def test_a_profile_keeps_its_area_place_and_width(centre, fwhm, area, mixing):
    grid = np.arange(0, 100, 0.02)
    y = profile(grid, np.array([centre]), np.array([area]), np.array([fwhm]), mixing=mixing)
    assert y.sum() * 0.02 == pytest.approx(area, rel=0.06)  # the far Lorentzian tails are cut
    assert grid[y.argmax()] == pytest.approx(centre, abs=0.02)
    above = grid[y > y.max() / 2]
    assert above[-1] - above[0] == pytest.approx(fwhm, abs=0.05)
