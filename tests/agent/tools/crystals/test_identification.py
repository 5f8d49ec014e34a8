"""Naming phases: synthetic measurements with strain, shift, texture, noise and a background, whose truth is known."""

from pathlib import Path

import numpy as np
import pytest
from support.crystal_texts import CORUNDUM, DISORDERED, FLUORITE, MGO, NACL, RUTILE, SILICON

from agent.errors import RepairableToolError
from agent.tools.crystals.diffraction import powder_lines, profile, radiation_lines
from agent.tools.crystals.patterns import baseline, find_peaks, prepare, read_pattern
from agent.tools.crystals.structures import known_warnings, read_crystal
from agent.tools.crystals.xrd_tools import identify_phases

REFERENCES = [NACL, MGO, SILICON, FLUORITE, RUTILE, CORUNDUM]
GRID = np.arange(20, 85, 0.03)


def measured(parts, *, seed=0, strain=0.003, zero=0.03, width=0.2, counts=8000, texture=0.2):
    """A pattern of phases with shares: lattice strained, zero shifted, lines textured, Poisson noise, a background."""
    rng = np.random.default_rng(seed)
    total = np.zeros(len(GRID))
    for text, share in parts:
        with known_warnings():
            lines = powder_lines(read_crystal(text).structure, "x", wave=1.5406, two_theta_max=95)
        amplitudes = lines.isotropic() * rng.normal(0, strain)
        areas = lines.intensity * np.exp(rng.normal(0, texture, len(lines.intensity)))
        shape = np.zeros(len(GRID))
        for wave, weight in radiation_lines("CuKa"):
            centres = lines.positions(amplitudes, wave) + zero
            widths = width / np.cos(np.radians(np.nan_to_num(centres) / 2))
            shape += profile(GRID, centres, weight * areas, widths)
        total += share * shape / shape.sum()
    background = 900 + 500 * np.exp(-(((GRID - 22) / 10) ** 2))
    return rng.poisson(background + counts * total / total.max()).astype(float)


def save(path: Path, counts, *, header="", separator=" ", extra="") -> str:
    rows = "\n".join(f"{x:.2f}{separator}{y:.1f}{extra}" for x, y in zip(GRID, counts, strict=True))
    path.write_text(header + rows + "\n")
    return str(path)


def named(result) -> set[str]:
    return {f"{phase['formula']}_{phase['number']}" for phase in result.data["phases"]}


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([(RUTILE, 1)], {"TiO2_136"}),
        ([(MGO, 0.6), (CORUNDUM, 0.4)], {"MgO_225", "Al2O3_167"}),
        ([(NACL, 0.4), (SILICON, 0.3), (RUTILE, 0.3)], {"NaCl_225", "Si_227", "TiO2_136"}),
    ],
)
def test_phases_of_mixtures_are_named(tmp_path, parts, expected):
    result = identify_phases(save(tmp_path / "scan.xy", measured(parts)), REFERENCES)
    assert result.status == "ok"
    assert named(result) == expected
    assert result.data["residual"] < 0.35
    shares = {phase["formula"]: phase["share"] / 100 for phase in result.data["phases"]}
    for text, share in parts:
        assert shares[read_crystal(text).formula] == pytest.approx(share, abs=0.12)


def test_broad_peaks_and_a_strained_lattice_are_still_named(tmp_path):
    counts = measured([(FLUORITE, 1)], width=0.9, strain=0.008, seed=3)
    assert named(identify_phases(save(tmp_path / "scan.xy", counts), REFERENCES)) == {"CaF2_225"}


def test_a_pattern_of_something_else_is_empty_and_says_what_was_nearest(tmp_path):
    path = save(tmp_path / "scan.xy", measured([(CORUNDUM, 1)]))
    result = identify_phases(path, [NACL, SILICON, FLUORITE])
    assert result.status == "empty"
    assert result.data["phases"] == [] and len(result.data["unidentified_peaks"]) >= 4


def test_peaks_of_a_phase_without_reference_are_left_unidentified(tmp_path):
    path = save(tmp_path / "scan.xy", measured([(MGO, 0.7), (RUTILE, 0.3)], strain=0, zero=0))
    result = identify_phases(path, [NACL, MGO, FLUORITE])
    assert named(result) == {"MgO_225"}
    assert any(abs(angle - 27.45) < 0.2 for angle in result.data["unidentified_peaks"])


def test_noise_alone_is_empty(tmp_path):
    counts = np.random.default_rng(0).poisson(1000, len(GRID)).astype(float)
    assert identify_phases(save(tmp_path / "scan.xy", counts), REFERENCES).status == "empty"


def test_headers_separators_and_further_columns_are_passed_over(tmp_path):
    counts = measured([(MGO, 1)])
    plain = read_pattern(save(tmp_path / "a.xy", counts))
    other = read_pattern(save(tmp_path / "b.csv", counts, header="# scan\n2theta;counts\n", separator=";", extra=";17"))
    assert np.array_equal(plain[0], other[0]) and np.array_equal(plain[1], other[1])


def test_the_background_is_followed_under_the_peaks():
    true = 900 + 500 * np.exp(-(((GRID - 22) / 10) ** 2))
    estimated = baseline(GRID, measured([(RUTILE, 1)]))
    assert np.abs(estimated - true).mean() < 40


def test_peaks_are_found_where_they_are_with_their_width():
    centres, widths = np.array([30.0, 45.0, 60.0]), np.array([0.2, 0.3, 0.4])
    heights = profile(GRID, centres, np.array([100.0, 50.0, 80.0]), widths)
    counts = np.random.default_rng(1).normal(heights, 1.0)
    found, _, fwhm = find_peaks(GRID, counts, np.ones(len(GRID)))
    order = np.argsort(found)
    assert found[order] == pytest.approx(centres, abs=0.03)
    assert fwhm[order] == pytest.approx(widths, rel=0.15)


def test_a_coarse_grid_serves_broad_peaks():
    pattern = prepare(GRID, measured([(FLUORITE, 1)], width=0.8))
    assert 0.6 < pattern.fwhm < 1.0 and pattern.step == pytest.approx(pattern.fwhm / 8, rel=0.3)


def test_bad_patterns_and_references_get_one_clear_complaint(tmp_path):
    good = save(tmp_path / "scan.xy", measured([(MGO, 1)]))
    short = tmp_path / "short.xy"
    short.write_text("10 1\n11 2\n")
    flat = save(tmp_path / "flat.xy", np.ones(len(GRID)))
    binary = tmp_path / "scan.raw"
    binary.write_bytes(b"RAW1.01\xff\xfe\x00\x80" * 50)
    for arguments, complaint in (
        ((str(tmp_path / "none.xy"), REFERENCES), "cannot be read"),
        ((str(short), REFERENCES), "2 lines with two numbers"),
        ((flat, REFERENCES), "same intensity everywhere"),
        ((str(binary), REFERENCES), "not a text file"),
        ((good, []), "No reference"),
        ((good, ["/nowhere.cif"]), "No reference can be used"),
        ((good, [MGO], "XxKa"), "no radiation"),
        ((good, [MGO], "CuKa", 9), "max_phases"),
    ):
        with pytest.raises(RepairableToolError, match=complaint) as caught:
            identify_phases(*arguments)
        assert caught.value.remedy


def test_a_bad_reference_is_left_out_with_a_warning(tmp_path):
    result = identify_phases(save(tmp_path / "scan.xy", measured([(MGO, 1)])), [MGO, "/nowhere.cif", DISORDERED])
    assert named(result) == {"MgO_225"}
    assert any("/nowhere.cif" in warning for warning in result.warnings)
