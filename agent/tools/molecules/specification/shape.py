"""Likeness in three dimensions: shape and pharmacophore of a conformer against those of a reference.

One conformer of each molecule is embedded (ETKDG) and described by the moments of its distributions of distances, for
all atoms and for the hydrophobic, aromatic, donor and acceptor atoms. No alignment is needed, so thousands of molecules
can be compared; one conformer cannot tell what a flexible molecule may also look like.

Sources: USRCAT: A. M. Schreyer, T. Blundell, J. Cheminf. 2012, 4, 27; USR: P. J. Ballester, W. G. Richards, J. Comput.
Chem. 2007, 28, 1711; ETKDG: S. Riniker, G. A. Landrum, J. Chem. Inf. Model. 2015, 55, 2562.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.errors import RepairableToolError

if TYPE_CHECKING:
    from rdkit.Chem import Mol

SEED = 7
"""Random seed of the embedding, so that a molecule always gets the same conformer."""


class ShapeLikeness:
    """How like some references molecules are in shape and pharmacophore.

    Args:
        references: The molecules to be like.

    Raises:
        RepairableToolError: No conformer of a reference can be made.
    """

    keys = ("shape_similarity",)

    def __init__(self, references: Sequence[Mol]) -> None:
        self._profiles = []
        for mol in references:
            profile = _profile(mol)
            if profile is None:
                from rdkit.Chem import MolToSmiles

                raise RepairableToolError(
                    f"shape_like: no conformer of '{MolToSmiles(mol)}' can be made.",
                    remedy="Give a molecule of at least 4 heavy atoms without impossible stereochemistry.",
                )
            self._profiles.append(profile)

    def ordinary(self, key: str, sample: Sequence[Mol]) -> list[float]:
        """The likeness of ordinary molecules."""
        return [row[key] for row in self(sample)]

    def __call__(self, mols: Sequence[Mol]) -> list[dict[str, float]]:
        """The likeness to the nearest reference, 0 to 1, of each molecule; 0 where no conformer can be made."""
        from rdkit.Chem.rdMolDescriptors import GetUSRScore

        rows = []
        for mol in mols:
            profile = _profile(mol)
            likeness = [GetUSRScore(profile, reference) for reference in self._profiles] if profile else [0.0]
            rows.append({"shape_similarity": max(likeness)})
        return rows


def _profile(mol: Mol) -> list[float] | None:
    from rdkit import Chem
    from rdkit.Chem import rdDistGeom, rdMolDescriptors

    if mol.GetNumHeavyAtoms() < 4:
        return None
    whole = Chem.AddHs(mol)
    settings = rdDistGeom.ETKDGv3()
    settings.randomSeed = SEED
    settings.maxIterations = 20
    if rdDistGeom.EmbedMolecule(whole, settings) < 0:
        settings.useRandomCoords = True
        if rdDistGeom.EmbedMolecule(whole, settings) < 0:
            return None
    return rdMolDescriptors.GetUSRCAT(Chem.RemoveHs(whole))
