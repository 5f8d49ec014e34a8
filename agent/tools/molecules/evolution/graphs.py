"""Molecular graphs for evolution: flat, neutral, Kekulé form, so that any edit of atoms and bonds is a plain one.

Stereochemistry is left out (an edit would leave marks without meaning), charges are neutralised where they can be, and
aromaticity is perceived anew when an edit is finished. RDKit is loaded inside the functions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from agent.tools.molecules.structures import quiet_rdkit

if TYPE_CHECKING:
    from rdkit.Chem import Mol, RWMol

LARGEST = 50
"""Heavy atoms of the largest molecule that is made."""

LARGEST_RING = 8
"""Atoms of the largest ring that an edit may make."""

VALENCE: dict[int, int] = {6: 4, 7: 3, 8: 2, 9: 1, 15: 5, 16: 6, 17: 1, 35: 1, 53: 1}
"""Highest valence of the elements that edits use."""


@dataclass(frozen=True)
class Graph:
    """A molecule ready to be edited.

    Attributes:
        smiles: Canonical SMILES, the molecule's identity.
        mol: Its Kekulé form, without aromatic flags or fixed hydrogens: to be copied, never changed.
    """

    smiles: str
    mol: Mol

    @cached_property
    def size(self) -> int:
        """Heavy atoms."""
        return self.mol.GetNumAtoms()

    @cached_property
    def _edges(self) -> tuple[tuple[int, int, int, bool], ...]:
        """Every bond: its two atoms, the lower first, its order, and whether it is in a ring."""
        from rdkit import Chem

        orders = Chem.GetAdjacencyMatrix(self.mol, useBO=True).ravel()
        cyclic = {pair for ring in self.rings for pair in zip(ring, (*ring[1:], ring[0]), strict=True)}
        ones, others = np.divmod(places := np.flatnonzero(orders), self.size)
        once = ones < others
        table = np.stack([ones, others, orders[places].astype(np.int64)])[:, once].tolist()
        return tuple(
            (one, other, order, (one, other) in cyclic or (other, one) in cyclic)
            for one, other, order in zip(*table, strict=True)
        )

    @cached_property
    def neighbours(self) -> tuple[tuple[int, ...], ...]:
        """The atoms bound to each atom."""
        found: list[list[int]] = [[] for _ in range(self.size)]
        for one, other, _, _ in self._edges:
            found[one].append(other)
            found[other].append(one)
        return tuple(map(tuple, found))

    @cached_property
    def bonds(self) -> tuple[tuple[int, int, int], ...]:
        """Every bond as its two atoms, the lower first, and its order."""
        return tuple((one, other, order) for one, other, order, _ in self._edges)

    @cached_property
    def links(self) -> tuple[tuple[int, int], ...]:
        """Single bonds in no ring, each in both directions."""
        found = [(one, other) for one, other, order, ring in self._edges if order == 1 and not ring]
        return tuple(found) + tuple((end, begin) for begin, end in found)

    @cached_property
    def rings(self) -> tuple[tuple[int, ...], ...]:
        """The atoms of each ring, in order around it."""
        return tuple(tuple(ring) for ring in self.mol.GetRingInfo().AtomRings())

    @cached_property
    def hydrogens(self) -> tuple[int, ...]:
        """Hydrogens of each atom."""
        atoms = map(self.mol.GetAtomWithIdx, range(self.size))
        return tuple(atom.GetTotalNumHs() for atom in atoms)

    @cached_property
    def open_atoms(self) -> tuple[int, ...]:
        """Atoms that hold a hydrogen."""
        return tuple(place for place, number in enumerate(self.hydrogens) if number)

    def used(self, place: int) -> int:
        """The sum of the orders of an atom's bonds to heavy atoms."""
        return sum(order for one, other, order, _ in self._edges if place in (one, other))

    @cached_property
    def branches(self) -> dict[tuple[int, int], int]:
        """For each of `links` the atoms at its second end, as bits of a number."""
        before, order = {0: -1}, [0]
        for here in order:
            for other in self.neighbours[here]:
                if other not in before:
                    before[other] = here
                    order.append(other)
        below = [1 << place for place in range(self.size)]
        for here in reversed(order[1:]):
            below[before[here]] |= below[here]
        whole = below[0]
        return {(one, other): below[other] if before[other] == one else whole ^ below[one] for one, other in self.links}

    @cached_property
    def perceived(self) -> Mol:
        """The sanitised molecule, with aromatic flags: not to be changed."""
        from rdkit import Chem

        return Chem.MolFromSmiles(self.smiles)

    @cached_property
    def hung(self) -> tuple[tuple[int, ...], ...]:
        """For each ring and each of its atoms, in order around it, what hangs on that atom: the atoms, itself included,
        that can be reached from it without a bond of the ring, as bits of a number.
        """
        return tuple(map(self._hung, self.rings))

    def _hung(self, ring: tuple[int, ...]) -> tuple[int, ...]:
        around, parts = set(ring), dict.fromkeys(ring, 0)
        for start in ring:
            if parts[start]:
                continue
            reached, part = [start], 1 << start
            for here in reached:
                for other in self.neighbours[here]:
                    if not part >> other & 1 and not (here in around and other in around):
                        part |= 1 << other
                        reached.append(other)
            parts |= dict.fromkeys(around.intersection(reached), part)
        return tuple(parts[place] for place in ring)


def members(bits: int, size: int, *, absent: bool = False) -> list[int]:
    """The atoms of a part that is given as bits of a number.

    Args:
        bits: The part.
        size: Atoms of the whole.
        absent: Those outside the part instead.
    """
    return [place for place in range(size) if bool(bits >> place & 1) != absent]


def read_flat(smiles: str) -> Mol | None:
    """Read a molecule as evolution sees it: its largest part, neutral, flat.

    Args:
        smiles: Any SMILES.

    Returns:
        The sanitised molecule, or ``None`` if it is not a valid one.
    """
    from rdkit import Chem

    quiet_rdkit()
    mol = Chem.MolFromSmiles(smiles)
    if mol is None or mol.GetNumAtoms() == 0:
        return None
    if "." in smiles:
        mol = max(Chem.GetMolFrags(mol, asMols=True), key=lambda part: part.GetNumHeavyAtoms())
    Chem.RemoveStereochemistry(mol)
    return _uncharger().uncharge(mol) if "+" in smiles or "-" in smiles else mol


def read_graph(smiles: str) -> Graph | None:
    """Read a molecule as `read_flat` does, ready to be edited.

    Args:
        smiles: Any SMILES.

    Returns:
        The graph, or ``None`` if it is not a valid molecule or holds nothing that edits can use.
    """
    from rdkit import Chem

    mol = read_flat(smiles)
    return known_graph(Chem.MolToSmiles(mol)) if mol is not None else None


@cache
def _uncharger() -> Any:
    from rdkit.Chem.MolStandardize import rdMolStandardize

    return rdMolStandardize.Uncharger()


def known_graph(smiles: str) -> Graph | None:
    """The graph of a SMILES that is already neutral, flat and valid.

    Args:
        smiles: The canonical SMILES.
    """
    from rdkit import Chem

    mol = Chem.MolFromSmiles(smiles, sanitize=False)
    if mol is None:
        return None
    mol.UpdatePropertyCache(strict=False)
    Chem.GetSymmSSSR(mol)
    Chem.Kekulize(mol, clearAromaticFlags=True)
    if "[" in smiles:
        for atom in map(mol.GetAtomWithIdx, range(mol.GetNumAtoms())):
            if atom.GetNoImplicit():
                atom.SetNoImplicit(False)
                atom.SetNumExplicitHs(0)
    mol.UpdatePropertyCache(strict=False)
    return Graph(smiles, mol)


def finish(edited: RWMol, admit: Callable[[Any], bool] = lambda mol: True) -> tuple[str, Any] | None:
    """Check an edited graph and write it down.

    Args:
        edited: A Kekulé graph after edits; it is changed.
        admit: Refuses sanitised molecules that are not wanted.

    Returns:
        Its canonical SMILES and the sanitised molecule; ``None`` if it is not one whole, neutral, valid molecule with
        sensible rings (3 to 8 atoms, no triple bond, no two double bonds at one carbon, no double bond in a ring of
        three).
    """
    from rdkit import Chem

    if not 2 <= edited.GetNumAtoms() <= LARGEST:
        return None
    if Chem.SanitizeMol(edited, sanitizeOps=_perceived(), catchErrors=True) != Chem.SanitizeFlags.SANITIZE_NONE:
        return None
    if Chem.GetFormalCharge(edited) or not _sensible_rings(edited) or not admit(edited):
        return None
    smiles = Chem.MolToSmiles(edited)
    return (smiles, edited) if "." not in smiles else None


@cache
def _perceived() -> int:
    """What a Kekulé graph without charges needs of RDKit's sanitising: valences, rings, and aromaticity with what it
    rests on; there are no charges to clean up, no radicals, and no aromatic bonds to resolve.
    """
    from rdkit.Chem import SanitizeFlags as flags

    return int(
        flags.SANITIZE_PROPERTIES
        | flags.SANITIZE_SYMMRINGS
        | flags.SANITIZE_SETAROMATICITY
        | flags.SANITIZE_SETCONJUGATION
        | flags.SANITIZE_SETHYBRIDIZATION
        | flags.SANITIZE_ADJUSTHS
    )


@cache
def _odd_rings() -> tuple[Any, ...]:
    """What no ring may have, as patterns, behind one for the single atoms without which nothing of it can be there:
    those of rings of another size than usual, linear ones, and ones of the third period with four valences or more.
    """
    from rdkit import Chem

    suspect = f"[k{{{LARGEST_RING + 1}-}},k3,^1&R,#15&R&v{{4-}},#16&R&v{{4-}}]"
    odd = (f"[k{{{LARGEST_RING + 1}-}}]", "[*]#@[*]", "[#6](=@[*])=@[*]", "[r3]=@[r3]")
    return tuple(Chem.MolFromSmarts(smarts) for smarts in (suspect, *odd))


def _sensible_rings(mol: RWMol) -> bool:
    suspect, *odd = _odd_rings()
    return not mol.HasSubstructMatch(suspect) or not any(mol.HasSubstructMatch(pattern) for pattern in odd)
