"""Tools of powder diffraction: simulate a pattern, and name the phases of a measured one."""

from __future__ import annotations

from typing import Any

import numpy as np

from agent.errors import RepairableToolError
from agent.records import ArtifactContent, Result, Value
from agent.tools import FilePath, empty, ok, progress, tool
from agent.tools.crystals.diffraction import Lines, mean_wavelength, powder_lines, radiation_lines
from agent.tools.crystals.identification import Identification, Mixture, Search
from agent.tools.crystals.patterns import prepare, read_pattern
from agent.tools.crystals.plots import Curve, Sticks, pattern_svg
from agent.tools.crystals.records import cif_artifact, draft, group_label, table
from agent.tools.crystals.structures import Crystal, known_warnings, read_crystal
from agent.units import counted

MOST_REFERENCES = 400
MOST_PHASES = 3
CLOSE = 1.25
"""Another mixture whose cost is within this factor of the best one's cannot be ruled out."""


@tool("materials", engines=("pymatgen", "spglib"))
def simulate_xrd(structure: str, wavelength: str = "CuKa", two_theta_max: float = 90.0) -> Result:
    """Simulate the X-ray powder diffraction pattern of a crystal.

    Args:
        structure: Path of a CIF or POSCAR file, or the text of one.
        wavelength: Radiation such as CuKa, CuKa1, MoKa, CoKa, or a wavelength in Å.
        two_theta_max: Largest diffraction angle in degrees.

    Returns:
        ``data.peaks``: two_theta (degrees), intensity (strongest 100), d (Å), hkl, in order of angle; the strongest
        five are also values. A table and a plot are artifacts.

    Source:
        Kinematic intensities by pymatgen's XRDCalculator: atomic scattering factors, Lorentz-polarisation factor, no
        thermal motion, no texture.
    """
    from pymatgen.analysis.diffraction.xrd import XRDCalculator

    if not 5 <= two_theta_max <= 179:
        raise RepairableToolError(
            f"two_theta_max is {two_theta_max} degrees.", remedy="Choose between 5 and 179 degrees."
        )
    wave = mean_wavelength(wavelength)
    crystal = read_crystal(structure)
    try:
        with known_warnings():
            pattern = XRDCalculator(wave).get_pattern(crystal.structure, two_theta_range=(0, two_theta_max))
    except ValueError:  # pymatgen takes the maximum of no lines
        return empty(f"{crystal.key} has no reflection below {two_theta_max:g} degrees at {wave:.4f} Å.")
    peaks: list[dict[str, Any]] = [
        {"two_theta": float(x), "intensity": float(y), "d": float(d), "hkl": _indices(families)}
        for x, y, d, families in zip(pattern.x, pattern.y, pattern.d_hkls, pattern.hkls, strict=True)
        if y > 0.1
    ]
    strongest = sorted(peaks, key=lambda peak: -peak["intensity"])[:5]
    plot = pattern_svg(
        f"{crystal.key}, {wavelength} ({wave:.4f} Å)",
        (0, two_theta_max),
        sticks=[_sticks(crystal.key, peaks)],
        marks=[(peak["two_theta"], peak["hkl"]) for peak in strongest],
    )
    return ok(
        f"{crystal.key}: {counted(len(peaks), 'reflection')} below {two_theta_max:g}°, strongest at "
        f"{strongest[0]['two_theta']:.2f}° ({strongest[0]['hkl']}), first at {peaks[0]['two_theta']:.2f}°.",
        values=[
            Value(name="reflections", value=len(peaks)),
            *(
                Value(name=f"peak_{rank}_two_theta", value=peak["two_theta"], unit="degree")
                for rank, peak in enumerate(strongest, start=1)
            ),
        ],
        data={"structure": crystal.key, "wavelength": wave, "peaks": peaks},
        candidates=[draft(crystal)],
        artifacts=[
            table(f"xrd_{crystal.stem}", f"Reflections of {crystal.key}", peaks),
            _svg(f"xrd_{crystal.stem}", crystal.key, plot),
        ],
    )


@tool("materials", engines=("pymatgen", "spglib"), seconds=600)
def identify_phases(pattern: FilePath, references: list[str], wavelength: str = "CuKa", max_phases: int = 3) -> Result:
    """Name the crystalline phases in a measured X-ray powder pattern, among given reference structures.

    Args:
        pattern: Text file of the measurement: angle (degrees 2θ) and intensity in columns; headers are passed over.
        references: Paths of CIF or POSCAR files of the phases that may be there, or texts of them; up to 400.
        wavelength: Radiation of the measurement, such as CuKa (the α1-α2 doublet), CuKa1, MoKa, or a number in Å.
        max_phases: At most so many phases, up to 3.

    Returns:
        ``data``: phases (formula, space_group, number, reference, share of the diffracted intensity in percent, not of
        the mass; strain of the lattice in percent; zero_shift in degrees), residual (0 perfect, 1 nothing explained),
        unidentified_peaks (degrees), alternatives (mixtures that fit nearly as well). Empty when no mixture fits.

    Source:
        Background by arPLS (Baek et al., Analyst 140, 250, 2015); profile matching by least squares of strain, zero
        shift, width and texture within priors, with non-negative scales; a beam search adds a phase only where it
        earns its place. Made and tested for this program.
    """
    if not 1 <= max_phases <= MOST_PHASES:
        raise RepairableToolError(f"max_phases is {max_phases}.", remedy=f"Choose between 1 and {MOST_PHASES}.")
    if not references:
        raise RepairableToolError(
            "No reference structure was given.", remedy="Give CIF files of the phases that may be there."
        )
    if len(references) > MOST_REFERENCES:
        raise RepairableToolError(
            f"{len(references)} references were given; the limit is {MOST_REFERENCES}.",
            remedy="Leave out phases with elements that the sample cannot hold.",
        )
    radiation = radiation_lines(wavelength)
    measured = prepare(*read_pattern(pattern))
    crystals, lines, warnings = _lines_of(references, radiation[0][0], float(measured.two_theta[-1]))
    if not len(measured.peaks):
        return empty("The pattern has no peak above its noise.", data={"phases": []}, warnings=warnings)
    found = Search(measured, lines, radiation, progress).run(max_phases)
    unidentified = [round(angle, 3) for angle in found.unexplained]
    if not found.best.members:
        return empty(
            f"No mixture of the {len(lines)} references explains the pattern's {len(measured.peaks)} peaks"
            f"{_nearest(found, crystals)}.",
            data={"phases": [], "unidentified_peaks": unidentified, "peaks": measured.peaks.round(3).tolist()},
            warnings=warnings,
        )
    phases = _phases(found, crystals)
    others = [
        " + ".join(crystals[i].key for i in rival.members)
        for rival in found.rivals
        if rival.cost < CLOSE * found.best.cost and len(rival.members) == len(found.best.members)
    ]
    if others:
        warnings.append(f"Nearly as good: {'; '.join(others)}.")
    told = " + ".join(f"{phase['formula']} {phase['space_group']} ({phase['share']:.0f} %)" for phase in phases)
    return ok(
        f"{told} explain the pattern with a residual of {found.best.residual:.2f}; "
        f"{len(unidentified)} of {len(measured.peaks)} peaks are unidentified.",
        values=[
            Value(name="phases", value=len(phases)),
            Value(name="residual", value=found.best.residual),
            Value(name="unidentified_peaks", value=len(unidentified)),
        ],
        data={
            "phases": phases,
            "residual": found.best.residual,
            "unidentified_peaks": unidentified,
            "peaks": measured.peaks.round(3).tolist(),
            "alternatives": others,
        },
        candidates=[
            draft(crystals[i], [_share(phase)], identified="in the pattern")
            for i, phase in zip(found.best.members, phases, strict=True)
        ],
        artifacts=[
            table("phases", "Identified phases", phases),
            _svg("phases", "Identified phases", _fitted_plot(found, crystals)),
            *(cif_artifact(crystals[i]) for i in found.best.members),
        ],
        warnings=warnings,
    )


def _lines_of(references: list[str], wave: float, two_theta_max: float) -> tuple[list[Crystal], list[Lines], list[str]]:
    """The references that can be read, with their lines; what is wrong with the others."""
    crystals: list[Crystal] = []
    lines: list[Lines] = []
    problems: list[str] = []
    for index, source in enumerate(references):
        progress(0.2 * index / len(references), "reference patterns")
        try:
            crystal = read_crystal(source)
            with known_warnings():
                made = powder_lines(crystal.structure, crystal.key, wave=wave, two_theta_max=two_theta_max)
        except RepairableToolError as error:
            problems.append(f"Left out: {error.message}")
            continue
        crystals.append(crystal)
        lines.append(made)
    if not lines:
        raise RepairableToolError(
            f"No reference can be used. {' '.join(problems[:3])}", remedy="Give CIF files of the possible phases."
        )
    return crystals, lines, problems


def _phases(found: Identification, crystals: list[Crystal]) -> list[dict[str, Any]]:
    rows = []
    shares = found.best.shares(found.target)
    for index, fit, share in zip(found.best.members, found.best.fits, shares, strict=True):
        crystal = crystals[index]
        symbol, _, number = group_label(crystal).partition(" (")
        strain = fit.lines.distortion(fit.strain)[:3]
        rows.append(
            {
                "formula": crystal.formula,
                "space_group": symbol,
                "number": int(number.removesuffix(")") or 0),
                "reference": crystal.key,
                "share": 100 * float(share),
                "strain_percent": 100 * float(np.mean(strain)),
                "zero_shift": float(fit.zero),
                "width": float(fit.width),
            }
        )
    return rows


def _nearest(found: Identification, crystals: list[Crystal]) -> str:
    if not found.rivals:
        return ""
    nearest: Mixture = found.rivals[0]
    names = " + ".join(crystals[i].key for i in nearest.members)
    return f"; the nearest is {names} with a residual of {nearest.residual:.2f}"


def _fitted_plot(found: Identification, crystals: list[Crystal]) -> str:
    target, best = found.target, found.best
    wave = target.radiation[0][0]
    sticks = [
        Sticks(crystals[i].key, np.nan_to_num(fit.lines.positions(fit.strain, wave) + fit.zero), fit.lines.intensity)
        for i, fit in zip(best.members, best.fits, strict=True)
    ]
    return pattern_svg(
        f"Measured and fitted, residual {best.residual:.2f}",
        (float(target.grid[0]), float(target.grid[-1])),
        curves=[
            Curve("measured, background removed", target.grid, target.net),
            Curve("fitted", target.grid, best.profile),
        ],
        sticks=sticks,
        marks=[(angle, "?") for angle in found.unexplained],
    )


def _share(phase: dict[str, Any]) -> Value:
    return Value(name="phase_share", value=phase["share"], unit="percent")


def _sticks(label: str, peaks: list[dict[str, Any]]) -> Sticks:
    return Sticks(label, np.array([p["two_theta"] for p in peaks]), np.array([p["intensity"] for p in peaks]))


def _svg(name: str, title: str, content: str) -> ArtifactContent:
    return ArtifactContent(name=f"{name}.svg", media_type="image/svg+xml", content=content, title=title)


def _indices(families: list[dict[str, Any]]) -> str:
    return " ".join("(" + " ".join(str(i) for i in family["hkl"]) + ")" for family in families[:3])
