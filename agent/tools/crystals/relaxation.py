"""Relaxing crystals with the potential: several at once, so that every step is one batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from agent.tools.crystals.potential import Report, State, evaluate
from agent.tools.crystals.structures import known_warnings

if TYPE_CHECKING:
    from pymatgen.core import Structure

LARGEST_SWELLING = 2.0
"""A cell that more than doubles its volume (or loses half of it) has fallen apart; it is stopped and reported."""

STRESS_TOLERANCE = 0.1
"""A cell has settled when no component of the stress is above this, in GPa."""


@dataclass(frozen=True)
class Relaxed:
    """One relaxed structure.

    Attributes:
        structure: Where it ended.
        state: Energy, forces and stress there.
        before: The same at the start.
        steps: How many moves it took.
        converged: Whether forces and stress are below the tolerance.
    """

    structure: Structure
    state: State
    before: State
    steps: int
    converged: bool


def relax(
    structures: Sequence[Structure],
    *,
    steps: int,
    force_tolerance: float,
    cell: bool = True,
    report: Report | None = None,
) -> list[Relaxed]:
    """Relax structures side by side with FIRE.

    Args:
        structures: Ordered structures.
        steps: At most so many moves each.
        force_tolerance: Converged when no force is above this, in eV/Å (and no stress above `STRESS_TOLERANCE`).
        cell: Whether the cell relaxes too.
        report: Called with a fraction and a message.

    Source:
        FIRE: Bitzek et al., Phys. Rev. Lett. 97, 170201 (2006), as in ASE, with its Fréchet cell filter.
    """
    from ase.filters import FrechetCellFilter
    from ase.optimize import FIRE
    from pymatgen.io.ase import AseAtomsAdaptor

    walkers = [AseAtomsAdaptor.get_atoms(structure, msonable=False) for structure in structures]
    moving = []
    for walker in walkers:
        walker.calc = _remembering()
        moving.append(FIRE(FrechetCellFilter(walker) if cell else walker, logfile=None))
    first: list[State | None] = [None] * len(walkers)
    taken = [0] * len(walkers)
    converged = [False] * len(walkers)
    active = list(range(len(walkers)))
    current = list(structures)
    last: list[State | None] = [None] * len(walkers)
    for step in range(steps + 1):
        states = evaluate([current[i] for i in active])
        still = []
        for i, state in zip(active, states, strict=True):
            walkers[i].calc.remember(walkers[i], state)
            first[i] = first[i] or state
            last[i] = state
            taken[i] = step
            forces = moving[i].atoms.get_forces()
            calm = not cell or np.abs(state.stress).max() < STRESS_TOLERANCE
            converged[i] = bool(calm and (forces**2).sum(axis=1).max() < force_tolerance**2)
            swelling = current[i].volume / structures[i].volume
            if converged[i] or not 1 / LARGEST_SWELLING < swelling < LARGEST_SWELLING:
                continue
            still.append(i)
        if report:
            settled = len(walkers) - len(still)
            fraction = max(step / max(steps, 1), settled / len(walkers))
            report(fraction, f"step {step}: {settled} of {len(walkers)} settled")
        active = still
        if not active or step == steps:
            break
        for i in active:
            moving[i].step()
            with known_warnings():
                current[i] = AseAtomsAdaptor.get_structure(walkers[i])
    return [
        Relaxed(structure, state, before, count, done)
        for structure, state, before, count, done in zip(current, last, first, taken, converged, strict=True)
        if state is not None and before is not None
    ]


def _remembering() -> Any:
    """An ASE calculator that only repeats what the batch said of the present positions."""
    from ase import units
    from ase.calculators.calculator import Calculator, PropertyNotImplementedError, all_changes
    from ase.stress import full_3x3_to_voigt_6_stress

    class Remembering(Calculator):
        implemented_properties = ("energy", "forces", "stress", "free_energy")

        def remember(self, atoms: Any, state: State) -> None:
            self.atoms = atoms.copy()
            energy = state.energy * len(atoms)
            self.results = {
                "energy": energy,
                "free_energy": energy,
                "forces": state.forces,
                "stress": full_3x3_to_voigt_6_stress(state.stress * units.GPa),
            }

        def calculate(self, atoms: Any = None, properties: Any = None, system_changes: Any = all_changes) -> None:
            raise PropertyNotImplementedError("atoms moved before the batch was evaluated")

    return Remembering()
