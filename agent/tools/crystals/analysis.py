"""What can be said of a crystal from its structure alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agent.tools.crystals.prototypes import oxidation_states
from agent.tools.crystals.structures import Crystal, known_warnings, space_group

MOST_NEIGHBOUR_ATOMS = 300
"""Larger cells get no coordination numbers: the Voronoi analysis takes about 5 ms an atom and more."""


@dataclass(frozen=True)
class Analysis:
    """A crystal described.

    Attributes:
        formula: The cell's content, for instance ``Na4 Cl4``.
        reduced: Reduced formula.
        symbol: Space group symbol (``unknown`` where none was found).
        number: Its number (0 where none was found).
        system: Crystal system.
        lattice: a, b, c (Å), alpha, beta, gamma (degrees) of the conventional cell.
        atoms: In the cell as given.
        density: In g/cm³.
        volume_per_atom: In Å³.
        coordination: Element to the coordination numbers of its sites, ascending; empty where not determined.
        states: Element to oxidation state; empty where unknown.
        spread: Largest difference of Pauling electronegativity, ``None`` for elements or where unknown.
        notes: What could not be determined, and why.
    """

    formula: str
    reduced: str
    symbol: str
    number: int
    system: str
    lattice: tuple[float, ...]
    atoms: int
    density: float
    volume_per_atom: float
    coordination: dict[str, list[int]]
    states: dict[str, float]
    spread: float | None
    notes: tuple[str, ...]

    @property
    def group(self) -> str:
        """Symbol and number together."""
        return f"{self.symbol} ({self.number})" if self.number else "unknown"

    @property
    def shown_states(self) -> str:
        """The oxidation states in words, or ``unknown``."""
        return ", ".join(f"{symbol} {state:+g}" for symbol, state in self.states.items()) or "unknown"

    def plain(self) -> dict[str, Any]:
        """As JSON data."""
        return {
            "formula": self.reduced,
            "cell_formula": self.formula,
            "space_group": self.symbol,
            "space_group_number": self.number,
            "crystal_system": self.system,
            "lattice": dict(zip(("a", "b", "c", "alpha", "beta", "gamma"), self.lattice, strict=True)),
            "atoms": self.atoms,
            "density": self.density,
            "volume_per_atom": self.volume_per_atom,
            "coordination": self.coordination,
            "oxidation_states": self.states or "unknown",
            "notes": list(self.notes),
        }


def analyse(crystal: Crystal) -> Analysis:
    """Describe a crystal.

    Args:
        crystal: Ordered or disordered.

    Source:
        Space group by spglib (tolerance 0.01 Å); coordination by CrystalNN (Zimmermann and Jain, RSC Adv. 10, 6063,
        2020); oxidation states by the composition's likeliest balance with states seen in the ICSD.
    """
    from pymatgen.symmetry.analyzer import SpacegroupAnalyzer

    structure = crystal.structure
    composition = structure.composition.element_composition
    symbol, number = space_group(structure)
    notes = list(crystal.notes)
    if number:
        with known_warnings():
            symmetry = SpacegroupAnalyzer(structure, symprec=0.01)
            system = symmetry.get_crystal_system()
            lattice = symmetry.get_conventional_standard_structure().lattice
    else:
        notes.append("The space group could not be determined.")
        system, lattice = "unknown", structure.lattice
    states = _states(crystal, notes)
    known = [element.X for element in composition if element.X == element.X and element.X > 0]
    return Analysis(
        formula=composition.formula,
        reduced=crystal.formula,
        symbol=symbol,
        number=number,
        system=system,
        lattice=tuple(float(x) for x in (*lattice.abc, *lattice.angles)),
        atoms=len(structure),
        density=float(structure.density),
        volume_per_atom=float(structure.volume / structure.composition.num_atoms),
        coordination=_coordination(crystal, notes),
        states=states,
        spread=float(max(known) - min(known)) if len(composition) > 1 and len(known) == len(composition) else None,
        notes=tuple(notes),
    )


def _states(crystal: Crystal, notes: list[str]) -> dict[str, float]:
    composition = crystal.structure.composition.element_composition.reduced_composition
    if len(composition) == 1:
        return {composition.elements[0].symbol: 0.0}
    if not all(float(amount).is_integer() for amount in composition.values()):
        notes.append("Oxidation states are unknown: the composition is not stoichiometric.")
        return {}
    states = oxidation_states(composition)
    if states is None:
        notes.append("Oxidation states are unknown: no set of common states adds up to zero.")
    return states or {}


def _coordination(crystal: Crystal, notes: list[str]) -> dict[str, list[int]]:
    from pymatgen.analysis.local_env import CrystalNN
    from pymatgen.symmetry.analyzer import SpacegroupAnalyzer

    structure = crystal.structure
    if not structure.is_ordered:
        notes.append("Coordination was not determined: sites are partly occupied.")
        return {}
    if len(structure) > MOST_NEIGHBOUR_ATOMS:
        notes.append(f"Coordination was not determined: more than {MOST_NEIGHBOUR_ATOMS} atoms.")
        return {}
    found: dict[str, set[int]] = {}
    with known_warnings():
        try:
            orbits = SpacegroupAnalyzer(structure, symprec=0.01).get_symmetrized_structure().equivalent_indices
            for orbit in orbits:
                number = round(CrystalNN().get_cn(structure, orbit[0]))
                found.setdefault(structure[orbit[0]].specie.symbol, set()).add(number)
        except (ValueError, RuntimeError, TypeError) as error:  # isolated atoms, degenerate Voronoi cells
            notes.append(f"Coordination was not determined ({str(error)[:80]}).")
            return {}
    return {symbol: sorted(numbers) for symbol, numbers in found.items()}
