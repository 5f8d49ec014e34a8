"""Bulk moduli from the energy of strained cells."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from agent.tools.crystals.patterns import Array

if TYPE_CHECKING:
    from pymatgen.core import Structure

GPA_PER_EV_A3 = 160.2176634
"""1 eV/Å³ in GPa (exact, by the elementary charge)."""

VOLUME_STRAINS = tuple(round(0.90 + 0.02 * i, 2) for i in range(11))
"""Volumes, relative to the relaxed one, that the equation of state is fitted to: wide enough that the potential's own
roughness (below 1 meV/atom) does not show in the curvature."""


@dataclass(frozen=True)
class EquationOfState:
    """A fitted equation of state.

    Attributes:
        volume: At zero pressure, in Å³, on the scale of the volumes given.
        energy: There, in eV.
        bulk_modulus: In GPa.
        derivative: Pressure derivative of the bulk modulus, dimensionless.
        error: Root mean square deviation of the fit, in eV.
    """

    volume: float
    energy: float
    bulk_modulus: float
    derivative: float
    error: float


def strained(structure: Structure, ratios: Sequence[float] = VOLUME_STRAINS) -> list[Structure]:
    """The structure at scaled volumes, fractional coordinates kept."""
    cells = []
    for ratio in ratios:
        copy = structure.copy()
        copy.scale_lattice(structure.volume * ratio)
        cells.append(copy)
    return cells


def birch_murnaghan(volumes: Array | Sequence[float], energies: Array | Sequence[float]) -> EquationOfState | None:
    """Fit the third-order Birch-Murnaghan equation of state.

    It is a cubic polynomial in V^(-2/3), so the fit is linear and exact for data that obey it.

    Args:
        volumes: In Å³, shape (n,), n of at least 4.
        energies: In eV, shape (n,).

    Returns:
        The fit, or ``None`` where the energies have no minimum within the volumes.

    Source:
        Birch, Phys. Rev. 71, 809 (1947).
    """
    x = np.asarray(volumes, dtype=float) ** (-2 / 3)
    centre, spread = float(x.mean()), float(np.ptp(x))
    energies = np.asarray(energies, dtype=float)
    polynomial = np.polynomial.Polynomial.fit(x, energies, 3, domain=[centre - spread, centre + spread])
    curvature = polynomial.deriv(2)
    place = _minimum(*np.pad(polynomial.deriv().coef, (0, 3))[:3].tolist())
    z = centre + spread * place if place is not None else math.nan
    if not x.min() <= z <= x.max():
        return None
    volume = z ** (-3 / 2)
    second, third = float(curvature(z)), float(polynomial.deriv(3)(z))
    # With z = V^(-2/3): dz/dV = -2/3 z^(5/2), so at the minimum E'' = E_zz (dz/dV)²; likewise E'''.
    first_z = -2 / 3 * z**2.5
    second_z = 10 / 9 * z**4
    energy_2 = second * first_z**2
    energy_3 = third * first_z**3 + 3 * second * first_z * second_z
    modulus = volume * energy_2
    derivative = -1 - volume * energy_3 / energy_2
    error = float(np.sqrt(np.mean((polynomial(x) - energies) ** 2)))
    return EquationOfState(volume, float(polynomial(z)), modulus * GPA_PER_EV_A3, derivative, error)


def _minimum(constant: float, linear: float, quadratic: float) -> float | None:
    """Where a cubic with this slope has its minimum, ``None`` where it has none.

    Of the two forms of the root, the one that does not divide by a vanishing coefficient: a cubic term of rounding size
    (a pressure derivative of 4) must not spoil the root.
    """
    discriminant = linear**2 - 4 * quadratic * constant
    if discriminant <= 0:
        return None
    root = math.sqrt(discriminant)
    if linear > 0:
        return -2 * constant / (linear + root)
    return (root - linear) / (2 * quadratic) if quadratic else None
