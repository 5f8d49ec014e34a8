"""Crossover: a child takes a part of one molecule and a part of another, cut at a bond or across a ring.

After the graph crossover of J. H. Jensen (Chem. Sci. 2019, 10, 3567), which also cuts rings; the cuts, joins and size
rules here are this project's own.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from agent.tools.molecules.evolution.graphs import LARGEST, Graph, members

if TYPE_CHECKING:
    from rdkit.Chem import RWMol

ATTEMPTS = 6
"""Pairs of cuts that are tried for one child."""

_Part = tuple[int, tuple[int, ...]]
"""Atoms as bits of a number, and those of them that were bound to the rest."""


def cross_links(first: Graph, second: Graph, chance: random.Random) -> RWMol | None:
    """Cut one bond outside rings in each parent and join a part of each by a single bond.

    Returns:
        The child, unchecked; ``None`` if no pair of cuts gave one of acceptable size.
    """
    if not first.links or not second.links:
        return None
    for _ in range(ATTEMPTS):
        ours, theirs = _cut_link(first, chance), _cut_link(second, chance)
        if _acceptable(first, second, ours, theirs):
            return _joined(first, second, ours, theirs)
    return None


def cross_rings(first: Graph, second: Graph, chance: random.Random) -> RWMol | None:
    """Cut two bonds of one ring in each parent, so that it falls apart, and join a part of each in a new ring.

    Returns:
        The child, unchecked; ``None`` if no pair of cuts gave one of acceptable size.
    """
    if not first.rings or not second.rings:
        return None
    for _ in range(ATTEMPTS):
        ours, theirs = _cut_ring(first, chance), _cut_ring(second, chance)
        if ours is not None and theirs is not None and _acceptable(first, second, ours, theirs):
            if chance.random() < 0.5:
                theirs = (theirs[0], theirs[1][::-1])
            return _joined(first, second, ours, theirs)
    return None


def transplant(first: Graph, second: Graph, chance: random.Random) -> RWMol | None:
    """Attach a small part of the second parent to the first, in the place of a hydrogen."""
    if not first.open_atoms or not second.links:
        return None
    for _ in range(ATTEMPTS):
        theirs = _cut_link(second, chance)
        if theirs[0].bit_count() <= max(3, second.size // 3):
            ours = ((1 << first.size) - 1, (chance.choice(first.open_atoms),))
            return _joined(first, second, ours, theirs)
    return None


def _cut_link(graph: Graph, chance: random.Random) -> _Part:
    """A part on one side of a bond, and the atom of it that was bound to the rest."""
    lost, kept = chance.choice(graph.links)
    return graph.branches[lost, kept], (kept,)


def _cut_ring(graph: Graph, chance: random.Random) -> _Part | None:
    """A part on one side of two bonds of a ring, and its two atoms that were bound to the rest."""
    which = chance.randrange(len(graph.rings))
    ring, hung = graph.rings[which], graph.hung[which]
    length = len(ring)
    one, other = chance.sample(range(length), 2)
    # The arc from `one` + 1 to `other` is kept; it may be a single atom, which then takes both new bonds.
    arc = [(one + 1 + step) % length for step in range((other - one) % length)]
    part = reduce(or_, (hung[place] for place in arc))
    # Where another ring binds the arc to the rest, part of the rest hangs on the arc.
    whole = any(part >> ring[place] & 1 for place in range(length) if place not in arc)
    return (part, (ring[arc[0]], ring[arc[-1]])) if not whole else None


def _acceptable(first: Graph, second: Graph, ours: _Part, theirs: _Part) -> bool:
    own = ours[0].bit_count()
    size = own + theirs[0].bit_count()
    least, most = min(first.size, second.size), max(first.size, second.size)
    return own > 1 and 0.6 * least <= size <= min(LARGEST, 1.25 * most + 2)


def _joined(first: Graph, second: Graph, ours: _Part, theirs: _Part) -> RWMol:
    from rdkit import Chem

    edited = Chem.RWMol(first.mol)
    edited.InsertMol(second.mol)
    shift = first.size
    for mine, other in zip(ours[1], theirs[1], strict=True):
        if edited.GetBondBetweenAtoms(mine, shift + other) is None:
            edited.AddBond(mine, shift + other, Chem.BondType.SINGLE)
    lost = members(ours[0] | theirs[0] << shift, shift + second.size, absent=True)
    remove_atoms(edited, lost)
    return edited


def remove_atoms(edited: RWMol, atoms: Sequence[int]) -> None:
    """Remove atoms at once, so that the others' numbers hold meanwhile."""
    edited.BeginBatchEdit()
    for index in atoms:
        edited.RemoveAtom(index)
    edited.CommitBatchEdit()
