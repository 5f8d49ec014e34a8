"""Conformers: distance geometry with torsion preferences, refined by a force field."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.errors import TerminalToolError
from agent.tools.molecules.structures import quiet_rdkit

if TYPE_CHECKING:
    from rdkit.Chem import Mol

SAME = 0.5
"""Root mean square distance (Å, heavy atoms, best overlay) below which two conformers are one."""

_RT = 0.0019872041 * 298.15
"""Gas constant times 298.15 K, kcal/mol."""

_ITERATIONS = 2000


@dataclass(frozen=True)
class Conformers:
    """The conformers of a molecule, the lowest energy first.

    Attributes:
        mol: The molecule with hydrogens and one RDKit conformer for each.
        energies: Above the lowest, kcal/mol.
        weights: Boltzmann weights at 298 K of the conformers found (no entropy of each).
        field: The force field: MMFF94s, or UFF where MMFF has no parameters.
        embedded: How many were made before repeats were left out.
        unfinished: How many had not converged.
    """

    mol: Mol
    energies: tuple[float, ...]
    weights: tuple[float, ...]
    field: str
    embedded: int
    unfinished: int


def conformers(
    mol: Mol, count: int, seed: int = 0, report: Callable[[float, str], None] = lambda fraction, message: None
) -> Conformers:
    """Make conformers.

    Args:
        mol: Without hydrogens; unspecified stereocentres get one arbitrary configuration.
        count: How many are embedded.
        seed: Of the random coordinates.
        report: Told how far it is.

    Raises:
        TerminalToolError: No coordinates satisfy the molecule's geometry, or no force field has parameters for it.

    Source:
        ETKDGv3: S. Wang et al., J. Chem. Inf. Model. 2020, 60, 2044. MMFF94s: T. A. Halgren, J. Comput. Chem. 1999,
        20, 720.
    """
    from rdkit import Chem
    from rdkit.Chem import AllChem, rdDistGeom, rdMolAlign

    quiet_rdkit()
    full = Chem.AddHs(mol)
    settings = rdDistGeom.ETKDGv3()
    settings.randomSeed = seed + 1  # -1 would mean a random one
    settings.numThreads = 1
    made = list(rdDistGeom.EmbedMultipleConfs(full, count, settings))
    if not made:
        settings.useRandomCoords = True
        made = list(rdDistGeom.EmbedMultipleConfs(full, count, settings))
    if not made:
        raise TerminalToolError(f"No three-dimensional geometry was found for {Chem.MolToSmiles(mol)}.")
    report(0.4, f"{len(made)} geometries")
    if AllChem.MMFFHasAllMoleculeParams(full):
        field = "MMFF94s"
        outcomes = AllChem.MMFFOptimizeMoleculeConfs(full, numThreads=1, maxIters=_ITERATIONS, mmffVariant=field)
    elif AllChem.UFFHasAllMoleculeParams(full):
        field = "UFF"
        outcomes = AllChem.UFFOptimizeMoleculeConfs(full, numThreads=1, maxIters=_ITERATIONS)
    else:
        raise TerminalToolError(f"No force field has parameters for every atom of {Chem.MolToSmiles(mol)}.")
    report(0.8, "geometries refined")
    order = sorted(range(len(made)), key=lambda place: outcomes[place][1])
    heavy = Chem.RemoveHs(full)
    kept: list[int] = []
    for place in order:
        near = (rdMolAlign.GetBestRMS(Chem.Mol(heavy), heavy, made[place], made[other]) for other in kept)
        if all(distance >= SAME for distance in near):
            kept.append(place)
    lowest = outcomes[kept[0]][1]
    energies = tuple(outcomes[place][1] - lowest for place in kept)
    factors = [math.exp(-energy / _RT) for energy in energies]
    result = Chem.Mol(full)
    result.RemoveAllConformers()
    for place in kept:
        result.AddConformer(full.GetConformer(made[place]), assignId=True)
    return Conformers(
        result,
        energies,
        tuple(factor / sum(factors) for factor in factors),
        field,
        len(made),
        sum(outcomes[place][0] != 0 for place in kept),
    )


def as_sdf(found: Conformers, name: str) -> str:
    """The conformers as an SD file with their relative energies and weights."""
    from rdkit import Chem

    blocks = []
    for place, (energy, weight) in enumerate(zip(found.energies, found.weights, strict=True)):
        block = Chem.MolToMolBlock(found.mol, confId=place)
        lines = [name or "conformer", *block.splitlines()[1:]]
        blocks.append(
            "\n".join(lines)
            + f"\n>  <relative_energy_kcal_per_mol>\n{energy:.4f}\n\n>  <weight_298K>\n{weight:.4f}\n\n$$$$\n"
        )
    return "".join(blocks)
