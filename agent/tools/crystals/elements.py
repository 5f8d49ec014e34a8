"""Elements in their ground states, and their energies in the potential: what formation energies are measured from.

Simple metals and semiconductors come from ASE's table of reference states (fcc, bcc, hcp, diamond with measured lattice
constants). Others are written here with published cells; every structure is a start that the potential
relaxes. An element in neither has no reference, and compounds of it get no formation energy.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from agent.tools.crystals.relaxation import relax
from agent.tools.crystals.structures import known_warnings

if TYPE_CHECKING:
    from pymatgen.core import Structure

_Cell = tuple[float, float, float, float, float, float]
_Row = tuple[str, _Cell, tuple[tuple[float, float, float], ...]]

# Space group (pymatgen's setting, origin choice 1), a b c (Å) alpha beta gamma (degrees), one atom of each orbit.
# Sources: Wyckoff, Crystal Structures 1 (1963); Donohue, The Structures of the Elements (1974); Rettig and Trotter,
# Acta Cryst. C43, 2260 (1987) for sulfur.
_WRITTEN: dict[str, _Row] = {
    "B": ("R-3m", (4.908, 4.908, 12.567, 90, 90, 120), ((0.1189, 0.2378, 0.8912), (0.1961, 0.3922, 0.0245))),
    "C": ("P6_3/mmc", (2.464, 2.464, 6.711, 90, 90, 120), ((0, 0, 0.25), (1 / 3, 2 / 3, 0.25))),
    "N": ("Pa-3", (5.66, 5.66, 5.66, 90, 90, 90), ((0.0554, 0.0554, 0.0554),)),
    "O": ("C2/m", (5.403, 3.429, 5.086, 90, 132.53, 90), ((0.0575, 0, 0.1737),)),
    "F": ("C2/c", (5.50, 3.28, 7.28, 90, 102.17, 90), ((0.093, 0.120, 0.065),)),
    "P": ("Cmce", (3.3136, 10.478, 4.3763, 90, 90, 90), ((0, 0.10168, 0.08056),)),
    "S": (
        "Fddd",
        (10.4646, 12.8660, 24.4860, 90, 90, 90),
        ((0.98054, 1.07759, 1.07649), (0.90940, 0.15506, 0.20118), (0.83192, 1.10443, 0.12906),
         (0.91105, 1.03273, 0.25405)),
    ),
    "Cl": ("Cmce", (6.145, 4.395, 8.154, 90, 90, 90), ((0, 0.1173, 0.1016),)),
    "Br": ("Cmce", (6.737, 4.548, 8.761, 90, 90, 90), ((0, 0.1434, 0.1187),)),
    "I": ("Cmce", (7.136, 4.686, 9.784, 90, 90, 90), ((0, 0.1543, 0.1174),)),
    "Mn": (
        "I-43m",
        (8.911, 8.911, 8.911, 90, 90, 90),
        ((0, 0, 0), (0.317, 0.317, 0.317), (0.357, 0.357, 0.034), (0.089, 0.089, 0.282)),
    ),
    "Ga": ("Cmce", (4.520, 7.663, 4.526, 90, 90, 90), ((0, 0.1539, 0.0810),)),
    "As": ("R-3m", (3.7598, 3.7598, 10.5475, 90, 90, 120), ((0, 0, 0.22707),)),
    "Se": ("P3_121", (4.3662, 4.3662, 4.9536, 90, 90, 120), ((0.2254, 0, 1 / 3),)),
    "In": ("I4/mmm", (3.2530, 3.2530, 4.9470, 90, 90, 90), ((0, 0, 0),)),
    "Sn": ("I4_1/amd", (5.8316, 5.8316, 3.1815, 90, 90, 90), ((0, 0, 0),)),
    "Sb": ("R-3m", (4.307, 4.307, 11.273, 90, 90, 120), ((0, 0, 0.23349),)),
    "Te": ("P3_121", (4.4572, 4.4572, 5.9290, 90, 90, 120), ((0.2633, 0, 1 / 3),)),
    "Bi": ("R-3m", (4.546, 4.546, 11.862, 90, 90, 120), ((0, 0, 0.23389),)),
    "Hg": ("R-3m", (3.4570, 3.4570, 6.6640, 90, 90, 120), ((0, 0, 0),)),
    "U": ("Cmcm", (2.854, 5.870, 4.955, 90, 90, 90), ((0, 0.1025, 0.25),)),
    "La": ("P6_3/mmc", (3.770, 3.770, 12.159, 90, 90, 120), ((0, 0, 0), (1 / 3, 2 / 3, 0.25))),
}  # fmt: skip

_SIMPLE = ("fcc", "bcc", "hcp", "diamond")


@cache
def ground_state(symbol: str) -> Structure | None:
    """The element's ground-state structure at ambient or low temperature, or ``None`` where none is written."""
    from ase.build import bulk
    from ase.data import atomic_numbers, reference_states
    from pymatgen.core import Lattice, Structure
    from pymatgen.io.ase import AseAtomsAdaptor

    with known_warnings():
        if symbol in _WRITTEN:
            group, cell, sites = _WRITTEN[symbol]
            lattice = Lattice.from_parameters(*cell)
            made = Structure.from_spacegroup(group, lattice, [symbol] * len(sites), [list(s) for s in sites], tol=1e-3)
            return made.get_primitive_structure()
        state = reference_states[atomic_numbers[symbol]]
        if state is None or state["symmetry"] not in _SIMPLE or symbol in ("Ar", "He", "Kr", "Ne", "Xe"):
            return None
        return Structure.from_sites(AseAtomsAdaptor.get_structure(bulk(symbol)).sites)


@cache
def reference_energy(symbol: str) -> float | None:
    """Energy per atom in eV of the element's ground state, relaxed in the potential (once a process).

    ``None`` where no structure is written for it, or the relaxation falls apart.
    """
    structure = ground_state(symbol)
    if structure is None:
        return None
    relaxed = relax([structure], steps=40, force_tolerance=0.05)[0]
    ratio = relaxed.structure.volume / structure.volume
    # Molecular crystals are held by forces that a PBE potential lacks: their cells may swell, the molecules stay.
    return relaxed.state.energy if 0.6 < ratio < 1.9 else None


def formation_energy(structure: Structure, energy_per_atom: float) -> tuple[float | None, tuple[str, ...]]:
    """The formation energy per atom in eV from the elements, all in the same potential.

    Args:
        structure: The compound.
        energy_per_atom: Its energy in the potential, in eV.

    Returns:
        The formation energy, or ``None`` with the elements that have no reference.
    """
    fractions = structure.composition.fractional_composition
    references = {element.symbol: reference_energy(element.symbol) for element in fractions}
    lacking = tuple(sorted(symbol for symbol, energy in references.items() if energy is None))
    if lacking:
        return None, lacking
    elemental = sum(fraction * (references[element.symbol] or 0.0) for element, fraction in fractions.items())
    return energy_per_atom - float(elemental), ()
