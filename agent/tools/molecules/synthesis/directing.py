"""Where an electrophile enters an aromatic ring: what the groups on a benzene ring say, as textbooks teach it.

Donors send it to their ortho and para positions, acceptors away from them: the positions of one ring are put in order
by the sum of the effects of its groups. Rings with a heteroatom or fused to another are not judged.

Source: J. Clayden, N. Greeves, S. Warren, Organic Chemistry, 2nd ed., Oxford 2012, chapter 21; the steps of the scale
follow the order of Hammett's constants for electrophiles (H. C. Brown, Y. Okamoto, J. Am. Chem. Soc. 1958, 80, 4979).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdkit.Chem import Atom, Mol

SUBSTITUTIONS = ("Friedel-Crafts acylation", "chlorosulfonation", "aromatic bromination", "nitration")
"""Names of the templates that this concerns; the carbon that reacts bears the map number 1 in them."""

ALIKE = 0.6
"""Positions whose scores differ by no more than this react side by side."""

_CROWDED = 0.4
"""What a position loses for each group beside it."""

# What the first atom of a group is, and its score at ortho and para (negative: it sends elsewhere), first match first.
_GROUPS: tuple[tuple[str, float], ...] = (
    ("[$([NX3;!$(N-C=[O,S,N]);!$(N-S(=O)=O);!$([N+])])]", 4.0),
    ("[$([OX2;H1]),$([O-])]", 3.6),
    ("[$([OX2;!$(O-C=O);!$(O-S(=O)=O);!$(O-[CX4](F)F)])]", 3.0),
    ("[$([NX3;$(N-C=[O,S,N])]),$([SX2;!$(S-C(F)F)])]", 2.4),
    ("[$([NX3;$(N-S(=O)=O)]),$([OX2;$(O-C=O)])]", 1.6),
    ("[$([#6;X3;$(C=C),c]),$([CX4;!$(C([F,Cl,Br])[F,Cl,Br]);!$(C[N+])])]", 1.0),
    ("[F,Cl,Br,I]", 0.8),
    ("[$([OX2;$(O-[CX4](F)F)]),$([OX2;$(O-S(=O)=O)])]", 0.3),
    ("[$([CX3]=[O,N,S]),$([CX2]#N),$([CX4]([F,Cl,Br])[F,Cl,Br]),$([S]=O),$([N+]),$([N]=*),$(B)]", -2.0),
)


def position_score(mol: Mol, index: int) -> float | None:
    """How readily an electrophile enters at an atom, against the other positions of the same ring.

    Args:
        mol: A molecule.
        index: An aromatic carbon with a hydrogen.

    Returns:
        The sum over the ring's groups, larger for the position that reacts first; nothing where the ring is not a
        benzene ring of its own.
    """
    rings = mol.GetRingInfo()
    if rings.NumAtomRings(index) != 1:
        return None
    ring = next(one for one in rings.AtomRings() if index in one)
    atoms = [mol.GetAtomWithIdx(one) for one in ring]
    if len(ring) != 6 or any(
        atom.GetAtomicNum() != 6 or not atom.GetIsAromatic() or rings.NumAtomRings(atom.GetIdx()) != 1 for atom in atoms
    ):
        return None
    start = ring.index(index)
    total = 0.0
    for place, atom in enumerate(atoms):
        group = next((one for one in atom.GetNeighbors() if one.GetIdx() not in ring), None)
        if group is None:
            continue
        apart = min((place - start) % 6, (start - place) % 6)
        effect = _effect(mol, group)
        total += effect if apart in (1, 3) else 0.0
        total -= _CROWDED if apart == 1 else 0.0
    return total


def is_poor(mol: Mol, index: int) -> bool:
    """Whether an electrophile leaves an atom alone: a carbon beside a pyridine-like nitrogen, or in a bare azine."""
    return any(match[0] == index for pattern in _poor() for match in mol.GetSubstructMatches(pattern))


def _effect(mol: Mol, group: Atom) -> float:
    for pattern, score in _patterns():
        if any(match[0] == group.GetIdx() for match in mol.GetSubstructMatches(pattern)):
            return score
    return 0.0


@cache
def _poor() -> tuple[Mol, ...]:
    from rdkit import Chem

    beside = "[cH]:[nX2]"
    donor = "[$([OX2]),$([NX3;!$(N-C=O)])]"  # at ortho or para it lets the electrophile in
    azine = (
        "[cH;$(c1[c,n][c,n][nX2][c,n][c,n]1),$(c1[c,n][nX2][c,n][c,n][c,n]1);"
        f"!$(c:[c;$(c{donor})]);!$(c:[c,n]:[c,n]:[c;$(c{donor})])]"
    )
    return tuple(Chem.MolFromSmarts(smarts) for smarts in (beside, azine))


@cache
def _patterns() -> tuple[tuple[Mol, float], ...]:
    from rdkit import Chem

    return tuple((Chem.MolFromSmarts(smarts), score) for smarts, score in _GROUPS)
