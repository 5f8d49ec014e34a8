"""Scaffold hopping: ring systems with two or three groups are exchanged for others that can carry the same groups."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
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
"""Arrangements of the groups that are tried on one ring system: those that hold them most as the molecule does."""

CENTRAL = 0.5
"""A ring system is central if its second largest group has at least this share of the largest such group."""

LEAST_DRUGS = 2
"""Drugs that share a ring system of theirs before it is offered: what one alone has is often hard to make."""

_ELEMENTS = frozenset((6, 7, 8, 16))

Cut = tuple[str, "list[Mol]", tuple[int, ...]]
"""A ring system as SMILES, its groups with their points, and the bonds between the atoms that hold them."""

MOST_MADE = 500
"""Products that are made in one call."""


class Hops:
    """The molecule's central ring systems, each replaced by others (see the tool)."""

    def __init__(self, mol: Mol, least_shape: float, seed: int) -> None:
        self._mol, self._least, self._seed = mol, least_shape, seed
        self._cuts = _central(list(_cuts(mol)))
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
        for turn, (core, groups, apart) in enumerate(self._cuts, start=1):
            for system in chance.sample(ring_systems(), min(MOST_MADE // 2, len(ring_systems()))):
                for mol in _arranged(system, groups, apart, chance):
                    smiles = Chem.MolToSmiles(mol)
                    if len(seen) > turn * share:
                        break
                    if smiles in seen:
                        continue
                    seen.add(smiles)
                    (row,) = likeness([mol])
                    if row["shape_similarity"] >= self._least:
                        extra = {**row, "similarity": tanimoto(fingerprint(mol), reference)}
                        yield Made(mol, {"replaced": core, "ring system": system}, extra)


def _central(cuts: list[Cut]) -> list[Cut]:
    """The cuts in the middle of the molecule: a ring that ends in a methyl group is no scaffold."""
    sizes = [sorted((group.GetNumHeavyAtoms() for group in groups), reverse=True)[1] for _, groups, _ in cuts]
    return [cut for cut, size in zip(cuts, sizes, strict=True) if size >= CENTRAL * max(sizes)]


def _cuts(mol: Mol) -> Iterator[Cut]:
    """Every ring system that holds two or three groups by single bonds."""
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
        held = [
            next(index for index in (bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()) if index in atoms)
            for bond in map(mol.GetBondWithIdx, bonds)
        ]
        broken = Chem.FragmentOnBonds(mol, bonds, dummyLabels=labels)
        pieces = Chem.GetMolFrags(broken, asMols=True, sanitizeFrags=True)
        if len(pieces) != len(bonds) + 1:
            continue
        core, found = "", {}
        for piece in pieces:
            dummies = [atom for atom in piece.GetAtoms() if atom.GetAtomicNum() == 0]
            for atom in dummies:
                atom.SetAtomMapNum(atom.GetIsotope())
                atom.SetIsotope(0)
            if len(dummies) == 1:
                found[dummies[0].GetAtomMapNum()] = piece
            else:
                core = Chem.MolToSmiles(piece)
        if core and len(found) == len(bonds):
            yield core, [found[number] for number in sorted(found)], _apart(mol, held)


def _apart(mol: Mol, places: Sequence[int]) -> tuple[int, ...]:
    """Bonds between every two of some atoms, in the order of the pairs."""
    from rdkit import Chem

    matrix = Chem.GetDistanceMatrix(mol)
    return tuple(int(matrix[one][other]) for one, other in combinations(places, 2))


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
    """Ring systems without groups: those that drugs of installed packages share, and the room's rings."""
    from rdkit import Chem

    from agent.tools.molecules.references import drugs
    from agent.tools.molecules.structures import quiet_rdkit

    quiet_rdkit()
    found: Counter[str] = Counter()
    for drug in drugs():
        mol = Chem.MolFromSmiles(drug.smiles)
        if mol is None or mol.GetNumAtoms() > 60:
            continue
        Chem.RemoveStereochemistry(mol)
        own: set[str] = set()
        for atoms in _systems(mol):
            if len(atoms) <= 14:
                bare = Chem.MolFromSmiles(Chem.MolFragmentToSmiles(mol, sorted(atoms)))
                if bare is not None and "." not in (smiles := Chem.MolToSmiles(bare)) and not _odd(bare):
                    own.add(smiles)
        found.update(own)
    shared = [smiles for smiles, count in found.items() if count >= LEAST_DRUGS]
    return list(dict.fromkeys((*(Chem.CanonSmiles(text) for text in RINGS), *shared)))


def _odd(mol: Any) -> bool:
    """Charges, radicals, rare elements, and carbons bound to a ring by a double bond make no scaffold to hop to."""
    return any(
        atom.GetFormalCharge()
        or atom.GetNumRadicalElectrons()
        or atom.GetAtomicNum() not in _ELEMENTS
        or (atom.GetAtomicNum() == 6 and not atom.IsInRing())
        for atom in mol.GetAtoms()
    )


def _open(mol: Any) -> list[int]:
    """Ring atoms that take a group: with a hydrogen, and no bridgehead, where few reactions put one."""
    ring = mol.GetRingInfo()
    return [
        atom.GetIdx()
        for atom in mol.GetAtoms()
        if atom.GetTotalNumHs() and atom.IsInRing() and ring.NumAtomRings(atom.GetIdx()) == 1
    ]


def _holds(atom: Any, group: Mol) -> bool:
    """Whether an atom of a ring can hold a group: a nitrogen takes one by a carbon that bears no halogen."""
    if atom.GetAtomicNum() == 6:
        return True
    (point,) = (one for one in group.GetAtoms() if one.GetAtomicNum() == 0)
    (first,) = point.GetNeighbors()
    halogens = sum(one.GetAtomicNum() in (9, 17, 35, 53) for one in first.GetNeighbors())
    return first.GetAtomicNum() == 6 and not halogens


def _arranged(system: str, groups: list[Mol], apart: Sequence[int], chance: random.Random) -> Iterator[Mol]:
    """The groups on the ring system's open atoms, arranged most as they are in the molecule; of equals, by chance."""
    from rdkit import Chem

    mol = Chem.MolFromSmiles(system)
    places = _open(mol)
    if len(places) < len(groups):
        return
    choices = [
        order
        for chosen in combinations(places, len(groups))
        for order in permutations(chosen)
        if all(_holds(mol.GetAtomWithIdx(place), group) for place, group in zip(order, groups, strict=True))
    ]
    chance.shuffle(choices)
    choices.sort(key=lambda order: sum(abs(a - b) for a, b in zip(_apart(mol, order), apart, strict=True)))
    for order in choices[:MOST_ARRANGED]:
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
