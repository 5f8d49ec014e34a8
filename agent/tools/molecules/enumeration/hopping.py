"""Scaffold hopping: ring systems with two or three groups are exchanged for others that can carry the same groups."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Any

from agent.tools.molecules.enumeration.core import joined
from agent.tools.molecules.enumeration.making import Made
from agent.tools.molecules.evolution.mutation import RINGS
from agent.tools.molecules.specification.shape import ShapeLikeness

if TYPE_CHECKING:
    from rdkit.Chem import Mol

MOST_ARRANGED = 3
"""Arrangements of the groups that are tried on one ring system."""

MOST_MADE = 500
"""Products that are made in one call."""


class Hops:
    """The molecule's central ring systems, each replaced by others (see the tool)."""

    def __init__(self, mol: Mol, least_shape: float, seed: int) -> None:
        self._mol, self._least, self._seed = mol, least_shape, seed
        self._cuts = list(_cuts(mol))
        self.combinations = len(self._cuts) * len(ring_systems())

    def make(self) -> Iterator[Made]:
        """Products that are alike in shape, over all ring systems of the molecule."""
        from rdkit import Chem

        from agent.tools.molecules.descriptors import fingerprint, tanimoto

        likeness = ShapeLikeness([self._mol])
        own, reference = Chem.MolToSmiles(self._mol), fingerprint(self._mol)
        chance = random.Random(self._seed)
        seen: set[str] = {own}
        share = MOST_MADE // max(len(self._cuts), 1)
        for turn, (core, groups) in enumerate(self._cuts, start=1):
            for system in chance.sample(ring_systems(), min(MOST_MADE // 2, len(ring_systems()))):
                for mol in _arranged(system, groups, chance):
                    smiles = Chem.MolToSmiles(mol)
                    if len(seen) > turn * share:
                        break
                    if smiles in seen:
                        continue
                    seen.add(smiles)
                    (row,) = likeness([mol])
                    if row["shape_similarity"] >= self._least:
                        extra = {**row, "similarity": tanimoto(fingerprint(mol), reference)}
                        yield Made(mol, {"replaced": core, "by": system}, extra)


def _cuts(mol: Mol) -> Iterator[tuple[str, list[Mol]]]:
    """Every ring system that holds two or three groups by single bonds: its SMILES, and the groups with points."""
    from rdkit import Chem

    for atoms in _systems(mol):
        bonds = [
            bond.GetIdx()
            for bond in mol.GetBonds()
            if (bond.GetBeginAtomIdx() in atoms) != (bond.GetEndAtomIdx() in atoms) and bond.GetBondTypeAsDouble() == 1
        ]
        if not 2 <= len(bonds) <= 3:
            continue
        labels = [(number, number) for number in range(1, len(bonds) + 1)]
        broken = Chem.FragmentOnBonds(mol, bonds, dummyLabels=labels)
        pieces = Chem.GetMolFrags(broken, asMols=True, sanitizeFrags=True)
        if len(pieces) != len(bonds) + 1:
            continue
        core, groups = "", []
        for piece in pieces:
            dummies = [atom for atom in piece.GetAtoms() if atom.GetAtomicNum() == 0]
            for atom in dummies:
                atom.SetAtomMapNum(atom.GetIsotope())
                atom.SetIsotope(0)
            if len(dummies) == 1:
                groups.append(piece)
            else:
                core = Chem.MolToSmiles(piece)
        if core and len(groups) == len(bonds):
            yield core, groups


def _systems(mol: Mol) -> list[set[int]]:
    """Fused ring systems with what is bound to them by double bonds."""
    found: list[set[int]] = []
    for ring in mol.GetRingInfo().AtomRings():
        atoms = set(ring)
        touching = [system for system in found if system & atoms]
        found = [system for system in found if not system & atoms] + [atoms.union(*touching)]
    for system in found:
        for index in list(system):
            for bond in mol.GetAtomWithIdx(index).GetBonds():
                if bond.GetBondTypeAsDouble() == 2:
                    system.add(bond.GetOtherAtomIdx(index))
    return found


@cache
def ring_systems() -> list[str]:
    """Ring systems without groups: those of the drugs that installed packages ship, and the room's rings."""
    from rdkit import Chem

    from agent.tools.molecules.references import drugs
    from agent.tools.molecules.structures import quiet_rdkit

    quiet_rdkit()
    found: dict[str, None] = dict.fromkeys(Chem.CanonSmiles(text) for text in RINGS)
    for drug in drugs():
        mol = Chem.MolFromSmiles(drug.smiles)
        if mol is None or mol.GetNumAtoms() > 60:
            continue
        Chem.RemoveStereochemistry(mol)
        for atoms in _systems(mol):
            if len(atoms) <= 14:
                bare = Chem.MolFromSmiles(Chem.MolFragmentToSmiles(mol, sorted(atoms)))
                if bare is not None and "." not in (smiles := Chem.MolToSmiles(bare)) and not _odd(bare):
                    found[smiles] = None
    return list(found)


def _odd(mol: Any) -> bool:
    return any(atom.GetFormalCharge() or atom.GetNumRadicalElectrons() for atom in mol.GetAtoms())


def _arranged(system: str, groups: list[Mol], chance: random.Random) -> Iterator[Mol]:
    """The groups on the ring system's open atoms, in a random choice of arrangements."""
    from rdkit import Chem

    mol = Chem.MolFromSmiles(system)
    places = [atom.GetIdx() for atom in mol.GetAtoms() if atom.GetTotalNumHs() and atom.IsInRing()]
    if len(places) < len(groups):
        return
    choices = [order for chosen in combinations(places, len(groups)) for order in permutations(chosen)]
    for order in chance.sample(choices, min(MOST_ARRANGED, len(choices))):
        edited = Chem.RWMol(mol)
        for number, place in enumerate(order, start=1):
            atom = edited.GetAtomWithIdx(place)
            if atom.GetNumExplicitHs():
                atom.SetNumExplicitHs(atom.GetNumExplicitHs() - 1)
            dummy = Chem.Atom(0)
            dummy.SetAtomMapNum(number)
            edited.AddBond(place, edited.AddAtom(dummy), Chem.BondType.SINGLE)
        if Chem.SanitizeMol(edited, catchErrors=True) != Chem.SanitizeFlags.SANITIZE_NONE:
            continue
        made = joined(edited.GetMol(), list(enumerate(groups, start=1)))
        if made is not None:
            yield made
