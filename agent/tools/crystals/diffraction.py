"""Powder diffraction of a crystal: its lines, where they move when the lattice is strained, and their profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from agent.errors import RepairableToolError
from agent.tools.crystals.patterns import Array

if TYPE_CHECKING:
    from pymatgen.core import Structure

# Anodes whose Kα line is a doublet in pymatgen's table of wavelengths; the α1 line is twice as strong as the α2 line.
_ANODES = ("Cu", "Mo", "Co", "Fe", "Cr", "Ag")
_DOUBLET = (("Ka1", 2 / 3), ("Ka2", 1 / 3))


def radiation_lines(name: str) -> tuple[tuple[float, float], ...]:
    """The lines of a radiation: wavelength in Å and share of the intensity.

    Args:
        name: ``CuKa`` (the doublet), a single line such as ``CuKa1`` or ``MoKb1``, or a number in Å.

    Returns:
        Pairs of wavelength and weight; the weights add up to 1.

    Raises:
        RepairableToolError: No such radiation.
    """
    from pymatgen.analysis.diffraction.xrd import WAVELENGTHS

    for anode in _ANODES:
        if name == f"{anode}Ka":
            return tuple((WAVELENGTHS[anode + line], weight) for line, weight in _DOUBLET)
    return ((mean_wavelength(name), 1.0),)


def mean_wavelength(name: str) -> float:
    """The mean wavelength of a radiation in Å, by its name or as a number.

    Raises:
        RepairableToolError: No such radiation, or a number outside 0.1 to 5 Å.
    """
    from pymatgen.analysis.diffraction.xrd import WAVELENGTHS

    if name in WAVELENGTHS:
        return float(WAVELENGTHS[name])
    try:
        value = float(name)
    except ValueError:
        value = -1.0
    if not 0.1 <= value <= 5:
        raise RepairableToolError(
            f"There is no radiation '{name}'.",
            remedy=f"Use one of {', '.join(sorted(WAVELENGTHS))}, or a wavelength in Å between 0.1 and 5.",
        )
    return value


@dataclass(frozen=True)
class Lines:
    """The powder lines of one crystal, kept by Miller indices so that they can be moved.

    Attributes:
        name: What the crystal is called in messages.
        metric: Reciprocal lattice vectors (rows, without 2π) in 1/Å, shape (3, 3).
        lattice: Lattice vectors (rows) in Å, shape (3, 3).
        hkl: Miller indices of one member of each family, shape (n, 3).
        intensity: Relative intensity, the strongest 1, shape (n,).
        strains: Symmetric strain tensors that keep the crystal system, shape (m, 3, 3), each with unit largest element.
    """

    name: str
    metric: Array
    lattice: Array
    hkl: Array
    intensity: Array
    strains: Array

    def positions(self, strain: Array, wave: float) -> Array:
        """2θ of every line in degrees, for strain amplitudes of shape (m,); NaN where a line cannot diffract.

        A small symmetric strain ε moves the reciprocal vectors by -ε g, to first order.
        """
        g = self.hkl @ self.metric
        g = g - g @ np.tensordot(strain, self.strains, axes=1)
        sine = np.linalg.norm(g, axis=1) * wave / 2
        return np.asarray(2 * np.degrees(np.arcsin(np.where(sine < 1, sine, np.nan))), dtype=float)

    def distortion(self, strain: Array) -> Array:
        """The six independent elements of the strain tensor that amplitudes of shape (m,) make, shape (6,)."""
        return np.tensordot(strain, self.strains, axes=1)[[0, 1, 2, 1, 0, 0], [0, 1, 2, 2, 2, 1]]

    def isotropic(self) -> Array:
        """The strain amplitudes of a unit expansion in all directions, shape (m,)."""
        flat = self.strains.reshape(len(self.strains), 9)
        return np.linalg.lstsq(flat.T, np.eye(3).ravel(), rcond=None)[0].astype(float)


def powder_lines(structure: Structure, name: str, *, wave: float, two_theta_max: float) -> Lines:
    """The powder lines of a structure.

    Args:
        structure: An ordered or disordered structure of any cell; the conventional cell is made from it.
        name: What to call it.
        wave: Wavelength in Å that the intensities (Lorentz and polarisation factor) are for.
        two_theta_max: Lines up to this angle in degrees; strain can bring in lines from just above.

    Returns:
        The lines above 0.3 % of the strongest.

    Source:
        Kinematic intensities by pymatgen's XRDCalculator (atomic scattering factors, Lorentz-polarisation, no thermal
        motion).
    """
    from pymatgen.analysis.diffraction.xrd import XRDCalculator
    from pymatgen.symmetry.analyzer import SpacegroupAnalyzer

    symmetry = SpacegroupAnalyzer(structure, symprec=0.05)
    cell = symmetry.get_conventional_standard_structure()
    upper = min(two_theta_max * 1.03 + 1, 179.0)
    pattern = XRDCalculator(wave).get_pattern(cell, scaled=True, two_theta_range=(1.0, upper))
    strong = pattern.y > 0.3
    hkl = np.array([_miller(family[0]["hkl"]) for family in pattern.hkls], dtype=float).reshape(-1, 3)[strong]
    return Lines(
        name=name,
        metric=np.array(cell.lattice.reciprocal_lattice_crystallographic.matrix),
        lattice=np.array(cell.lattice.matrix),
        hkl=hkl,
        intensity=np.array(pattern.y)[strong] / 100,
        strains=_allowed_strains(_rotations(cell)),
    )


def _rotations(cell: Structure) -> Array:
    """The Cartesian rotations of the point group, shape (k, 3, 3)."""
    from pymatgen.symmetry.analyzer import SpacegroupAnalyzer

    operations = SpacegroupAnalyzer(cell, symprec=0.05).get_point_group_operations(cartesian=True)
    return np.array([operation.rotation_matrix for operation in operations])


def _miller(indices: tuple[int, ...]) -> tuple[int, int, int]:
    """Three Miller indices: hexagonal ones come with the redundant third."""
    return (indices[0], indices[1], indices[-1])


def _allowed_strains(rotations: Array) -> Array:
    """An orthogonal basis of the strain tensors that keep a point group, shape (m, 3, 3), largest element 1.

    A strain keeps the symmetry when every rotation R leaves it alone: R ε Rᵀ = ε. Averaging over the group projects
    any symmetric tensor onto those.
    """
    pairs = [(0, 0), (1, 1), (2, 2), (1, 2), (0, 2), (0, 1)]
    projected = []
    for i, j in pairs:
        tensor = np.zeros((3, 3))
        tensor[i, j] = tensor[j, i] = 1 if i == j else 0.5**0.5
        projected.append(np.mean([r @ tensor @ r.T for r in rotations], axis=0).ravel())
    _, sizes, rows = np.linalg.svd(np.array(projected))
    kept = rows[: int(np.sum(sizes > 1e-3))].reshape(-1, 3, 3)
    return np.array([tensor / np.abs(tensor).max() for tensor in kept])


def profile(grid: Array, centres: Array, areas: Array, fwhm: Array, *, mixing: float = 0.5) -> Array:
    """The sum of pseudo-Voigt peaks on an even grid.

    Args:
        grid: 2θ in degrees, evenly spaced, shape (n,).
        centres: Peak positions in degrees, shape (k,); NaN and far ones are left out.
        areas: Peak areas, shape (k,).
        fwhm: Full widths at half maximum in degrees, shape (k,).
        mixing: Share of the Lorentzian.

    Returns:
        Intensity, shape (n,). Tails are followed for six widths.
    """
    step = grid[1] - grid[0]
    reach = int(np.ceil(6 * np.max(fwhm, initial=step) / step))
    near = np.isfinite(centres) & (centres > grid[0] - reach * step) & (centres < grid[-1] + reach * step)
    centres, areas, fwhm = centres[near], areas[near], fwhm[near]
    if not len(centres):
        return np.zeros(len(grid))
    first = np.rint((centres - grid[0]) / step).astype(int) - reach
    index = first[:, None] + np.arange(2 * reach + 1)
    x = (grid[0] + index * step - centres[:, None]) / fwhm[:, None]
    square = 4 * x * x
    height = areas / fwhm
    shape = mixing * (2 / np.pi) / (1 + square) + (1 - mixing) * 0.9394372787 * np.exp(-0.6931471806 * square)
    inside = (index >= 0) & (index < len(grid))
    summed = np.bincount(index[inside], weights=(height[:, None] * shape)[inside], minlength=len(grid))
    return summed.astype(float)
