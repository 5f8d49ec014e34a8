"""Properties of the elements as one table, from the data that pymatgen ships."""

from __future__ import annotations

import warnings
from functools import cache
from typing import Any

import numpy as np

HEAVIEST = 103
"""Atomic number of the last element in the table (lawrencium)."""

_READ = (
    "atomic_mass", "row", "group", "mendeleev_no", "X", "atomic_radius", "van_der_waals_radius", "molar_volume",
    "melting_point", "boiling_point", "thermal_conductivity", "bulk_modulus", "youngs_modulus", "density_of_solid",
    "electron_affinity", "ionization_energy", "average_ionic_radius", "metallic_radius",
)  # fmt: skip
_NOBLE = (2, 10, 18, 36, 54, 86)
_SHELLS = {"s": 2, "p": 6, "d": 10, "f": 14}
_LOGARITHMIC = ("thermal_conductivity", "bulk_modulus", "youngs_modulus", "density_of_solid")

PROPERTIES = (
    "atomic_number", *_READ, "second_ionization_energy",
    *(f"valence_{shell}" for shell in _SHELLS), "valence_electrons",
    *(f"unfilled_{shell}" for shell in _SHELLS), "unfilled_electrons",
    "least_oxidation_state", "greatest_oxidation_state", "metal", "transition_metal",
)  # fmt: skip
"""Columns of `element_table`. Energies in eV, radii in Å, molar volume in cm³, temperatures in K, masses in u; thermal
conductivity, moduli and density as logarithms."""


@cache
def element_table() -> np.ndarray:
    """The properties of the elements, shape (``HEAVIEST``, ``len(PROPERTIES)``), row Z - 1.

    What is not known of an element is the median over its group in the periodic table, or over all elements.
    """
    from pymatgen.core import Element

    with warnings.catch_warnings():
        # pymatgen warns of every property that is not known; those are filled below.
        warnings.simplefilter("ignore")
        table = np.array([_properties(Element.from_Z(z)) for z in range(1, HEAVIEST + 1)])
    groups = table[:, PROPERTIES.index("group")]
    for column in range(table.shape[1]):
        for place in np.flatnonzero(np.isnan(table[:, column])):
            kin = table[groups == groups[place], column]
            known = kin[~np.isnan(kin)]
            table[place, column] = np.median(known) if len(known) else np.nanmedian(table[:, column])
    return table


@cache
def common_states(number: int) -> tuple[int, ...]:
    """The common oxidation states of an element by its atomic number (empty for noble gases)."""
    from pymatgen.core import Element

    return tuple(sorted(Element.from_Z(number).common_oxidation_states))


def _properties(element: Any) -> list[float]:
    read = [_number(element, name) for name in _READ]
    read = [np.log(v) if n in _LOGARITHMIC and v > 0 else v for n, v in zip(_READ, read, strict=True)]
    energies = element.ionization_energies
    second = float(energies[1]) if len(energies) > 1 and energies[1] is not None else np.nan
    valence = _valence(element)
    unfilled = [_SHELLS[shell] - count if count else 0 for shell, count in zip(_SHELLS, valence, strict=True)]
    states = element.common_oxidation_states or (0,)
    return [
        float(element.Z), *read, second, *valence, sum(valence), *unfilled, sum(unfilled),
        float(min(states)), float(max(states)), float(element.is_metal), float(element.is_transition_metal),
    ]  # fmt: skip


def _number(element: Any, name: str) -> float:
    try:
        value = getattr(element, name)
        return float(value) if value is not None else np.nan
    except (AttributeError, TypeError, ValueError):
        return np.nan


def _valence(element: Any) -> list[float]:
    """Electrons outside the noble-gas core, in s, p, d and f; filled d and f shells below the outermost count too."""
    core = max((gas for gas in _NOBLE if gas < element.Z), default=0)
    counts = dict.fromkeys(_SHELLS, 0.0)
    passed = 0
    for _, shell, electrons in sorted(element.full_electronic_structure, key=_filling):
        passed += electrons
        if passed > core:
            counts[shell] += electrons
    return list(counts.values())


def _filling(orbital: tuple[int, str, int]) -> tuple[int, int]:
    """Madelung's order: by n + l, then by n."""
    principal, shell, _ = orbital
    return principal + "spdf".index(shell), principal
