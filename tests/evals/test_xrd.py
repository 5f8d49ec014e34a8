"""The suite of measured patterns: names of files, and one simulated pattern identified for real."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from agent.errors import InputError
from evals.suite import Options
from evals.xrd import composition, evaluate, phases_of


def test_formulas_are_compared_by_composition() -> None:
    assert composition("Li2Ti(OF3)2") == composition("Li2TiO2F6")
    assert composition("TiO2") == composition("Ti2O4")
    assert composition("TiO2") != composition("Ti2O3")
    with pytest.raises(ValueError, match="brackets"):
        composition("Li2(O")


def test_a_name_lists_phases_and_perhaps_their_space_groups() -> None:
    mixed = phases_of("MgO+NaCl_225")
    assert [phase.space_group for phase in mixed] == [0, 225]
    assert mixed[0].composition == (("Mg", 0.5), ("O", 0.5))
    with pytest.raises(ValueError, match="formulas"):
        phases_of("sample 12 (raw)")


def test_a_simulated_pattern_is_scored(tmp_path: Path) -> None:
    from pymatgen.analysis.diffraction.xrd import XRDCalculator
    from pymatgen.core import Lattice, Structure

    folder = tmp_path / "xrd"
    (folder / "spectra").mkdir(parents=True)
    (folder / "references").mkdir()
    salts = {"NaCl_225": ("Na", "Cl", 5.64), "MgO_225": ("Mg", "O", 4.21), "KCl_225": ("K", "Cl", 6.29)}
    crystals = {
        name: Structure.from_spacegroup("Fm-3m", Lattice.cubic(a), [first, second], [[0, 0, 0], [0.5, 0.5, 0.5]])
        for name, (first, second, a) in salts.items()
    }
    for name, crystal in crystals.items():
        crystal.to(filename=str(folder / "references" / f"{name}.cif"))
    angle = np.arange(30, 82, 0.02)
    counts = np.random.default_rng(0).normal(20, 2, len(angle))
    for wavelength, share in ((1.54056, 2), (1.54439, 1)):  # the doublet of a copper tube
        lines = XRDCalculator(wavelength).get_pattern(crystals["MgO_225"], two_theta_range=(30, 82))
        for place, height in zip(lines.x, lines.y, strict=True):
            counts += 10 * share * height * np.exp(-((angle - place) ** 2) / (2 * 0.06**2))
    np.savetxt(folder / "spectra" / "MgO_225.xy", np.column_stack([angle, counts]))
    (folder / "spectra" / "sample (raw).xy").write_text("20 1\n21 1\n", encoding="utf-8")
    scores = evaluate(Options(bench=tmp_path))
    assert (scores.score, scores.n, scores.unscored) == (1.0, 1, 1)
    assert scores.scores == {"exact": 1.0, "precision": 1.0, "recall": 1.0, "phase and space group": 1.0}


def test_missing_parts_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="spectra"):
        evaluate(Options(bench=tmp_path))
