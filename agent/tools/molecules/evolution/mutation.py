"""Mutations: one small random change of a molecular graph, by kind.

A mutation is a function of a graph and a source of chance that gives an edited graph, unchecked, or ``None`` where it
does not apply. Free valences are looked at before an edit, so that most results are valid; `graphs.finish` decides.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from agent.tools.molecules.evolution.crossover import remove_atoms
from agent.tools.molecules.evolution.graphs import VALENCE, Graph, members
from agent.tools.molecules.substituents import SUBSTITUENTS
from agent.tools.molecules.transformations import TRANSFORMATIONS

if TYPE_CHECKING:
    from rdkit.Chem import RWMol

Mutation = Callable[[Graph, random.Random], "RWMol | None"]

_ELEMENTS = (6, 7, 8, 9, 16, 17, 35, 15, 53)
_WEIGHTS = (48, 16, 16, 7, 5, 4, 2, 1.5, 0.5)

RINGS: tuple[str, ...] = (
    "c1ccccc1", "c1ccncc1", "c1cccnc1", "c1ccccn1", "c1cncnc1", "c1ncccn1", "c1ccnnc1", "c1cc[nH]c1", "c1cn[nH]c1",
    "c1c[nH]cn1", "[nH]1cncc1", "[nH]1cccc1", "[nH]1nccc1", "c1cocc1", "c1ccco1", "c1cscc1", "c1cccs1", "c1nccs1",
    "c1ncco1", "c1cnoc1", "c1nncs1", "c1nnco1", "c1nnc[nH]1", "C1CCCCC1", "C1CCCC1", "C1CCC1", "C1CC1", "N1CCCCC1",
    "N1CCOCC1", "N1CCNCC1", "N1CCCC1", "N1CCC1", "C1CCNCC1", "C1CCOCC1", "C1CCOC1", "C1=CCCCC1", "c1ccc2ccccc2c1",
    "c1c[nH]c2ccccc12", "c1ccc2[nH]ccc2c1", "c1nc2ccccc2[nH]1", "c1nc2ccccc2s1", "c1ccc2ncsc2c1", "c1ccc2OCOc2c1",
    "c1ccc2ncccc2c1", "c1ncnc2ccccc12", "c1cnc2ccccc2c1", "c1cnn2ccccc12", "[nH]1cnc2ccccc12", "N1CCc2ccccc2C1",
    "C1CCC2CCCCC2C1",
)  # fmt: skip
"""Ring systems that a mutation attaches, written from the atom that is attached."""

PIECES: tuple[str, ...] = (*sorted({item.smiles for item in SUBSTITUENTS.values() if item.smiles}), *RINGS)
"""What a mutation attaches: the room's substituents and ring systems; the first atom is the one that is bound."""


@cache
def _piece(smiles: str) -> Any:
    from rdkit import Chem

    mol = Chem.MolFromSmiles(smiles)
    Chem.Kekulize(mol, clearAromaticFlags=True)
    for atom in mol.GetAtoms():
        atom.SetNumExplicitHs(0)
        atom.SetNoImplicit(False)
    return mol


@cache
def _order(number: int) -> Any:
    from rdkit import Chem

    return (Chem.BondType.SINGLE, Chem.BondType.DOUBLE, Chem.BondType.TRIPLE)[number - 1]


def _copy(graph: Graph) -> RWMol:
    from rdkit import Chem

    return Chem.RWMol(graph.mol)


def _hydrogens(graph: Graph, index: int) -> int:
    return graph.hydrogens[index]


def _element(chance: random.Random, valence: int) -> int:
    """An element of at least this valence."""
    numbers, sums = _elements(valence)
    return chance.choices(numbers, cum_weights=sums)[0]


@cache
def _elements(valence: int) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """The elements of at least this valence, and the running sums of their weights."""
    pairs = [(number, weight) for number, weight in zip(_ELEMENTS, _WEIGHTS, strict=True) if VALENCE[number] >= valence]
    return tuple(number for number, _ in pairs), tuple(accumulate(weight for _, weight in pairs))


def _new_atom(edited: RWMol, number: int) -> int:
    from rdkit import Chem

    return edited.AddAtom(Chem.Atom(number))


def add_atom(graph: Graph, chance: random.Random) -> RWMol | None:
    """Put an atom in the place of a hydrogen, sometimes by a double or triple bond."""
    if not graph.open_atoms:
        return None
    place = chance.choice(graph.open_atoms)
    order = min(chance.choices((1, 2, 3), (85, 13, 2))[0], _hydrogens(graph, place))
    edited = _copy(graph)
    edited.AddBond(place, _new_atom(edited, _element(chance, order)), _order(order))
    return edited


def insert_atom(graph: Graph, chance: random.Random) -> RWMol | None:
    """Put an atom into a single bond (in a ring: enlarge it)."""
    bonds = [(begin, end) for begin, end, order in graph.bonds if order == 1]
    if not bonds:
        return None
    begin, end = chance.choice(bonds)
    edited = _copy(graph)
    edited.RemoveBond(begin, end)
    new = _new_atom(edited, _element(chance, 2))
    edited.AddBond(begin, new, _order(1))
    edited.AddBond(new, end, _order(1))
    return edited


def delete_atom(graph: Graph, chance: random.Random) -> RWMol | None:
    """Remove an atom with one or two neighbours; two neighbours become bound (in a ring: shrink it)."""
    places = [index for index, others in enumerate(graph.neighbours) if len(others) in (1, 2)]
    if not places or graph.size < 3:
        return None
    place = chance.choice(places)
    edited = _copy(graph)
    others = graph.neighbours[place]
    if len(others) == 2:
        if others[1] in graph.neighbours[others[0]]:
            return None
        edited.AddBond(*others, _order(1))
    edited.RemoveAtom(place)
    return edited


def change_element(graph: Graph, chance: random.Random) -> RWMol | None:
    """Make an atom another element that has the valence for its bonds."""
    place = chance.randrange(graph.size)
    atom = graph.mol.GetAtomWithIdx(place)
    if atom.GetFormalCharge():
        return None
    used = graph.used(place)
    new = _element(chance, used)
    if new == atom.GetAtomicNum():
        return None
    edited = _copy(graph)
    edited.GetAtomWithIdx(place).SetAtomicNum(new)
    return edited


def change_bond(graph: Graph, chance: random.Random) -> RWMol | None:
    """Make a bond single, double or triple, as the hydrogens at its ends allow."""
    if not graph.bonds:
        return None
    begin, end, order = chance.choice(graph.bonds)
    spare = min(_hydrogens(graph, begin), _hydrogens(graph, end))
    choices = [new for new in (1, 2, 3) if new != order and new - order <= spare]
    if not choices:
        return None
    edited = _copy(graph)
    edited.GetBondBetweenAtoms(begin, end).SetBondType(_order(choices[0] if len(choices) == 1 else min(choices)))
    return edited


def close_ring(graph: Graph, chance: random.Random) -> RWMol | None:
    """Bind two atoms that are two to six bonds apart; five- and six-membered rings are preferred."""
    from rdkit import Chem

    if len(graph.open_atoms) < 2:
        return None
    distances = Chem.GetDistanceMatrix(graph.mol)
    start = chance.choice(graph.open_atoms)
    weights = [{2: 1, 3: 1, 4: 8, 5: 10, 6: 2}.get(int(distances[start][end]), 0) for end in graph.open_atoms]
    if not any(weights):
        return None
    edited = _copy(graph)
    edited.AddBond(start, chance.choices(graph.open_atoms, weights)[0], _order(1))
    return edited


def open_ring(graph: Graph, chance: random.Random) -> RWMol | None:
    """Break a bond of a ring."""
    if not graph.rings:
        return None
    ring = chance.choice(graph.rings)
    place = chance.randrange(len(ring))
    edited = _copy(graph)
    edited.RemoveBond(ring[place - 1], ring[place])
    return edited


def fuse_ring(graph: Graph, chance: random.Random) -> RWMol | None:
    """Close a chain of three or four new atoms over two bound atoms, at times with alternating double bonds."""
    pairs = [
        (start, end)
        for start in graph.open_atoms
        for end in graph.neighbours[start]
        if start < end and _hydrogens(graph, end)
    ]
    if not pairs:
        return None
    start, end = chance.choice(pairs)
    edited = _copy(graph)
    last = start
    flat = chance.random() < 0.6
    for step in range(chance.choice((3, 4, 4))):
        new = _new_atom(edited, chance.choices((6, 7, 8, 16), (75, 15, 7, 3) if not flat else (80, 20, 0, 0))[0])
        edited.AddBond(last, new, _order(2 if flat and step in (1, 3) else 1))
        last = new
    edited.AddBond(last, end, _order(1))
    return edited


def change_saturation(graph: Graph, chance: random.Random) -> RWMol | None:
    """Make a saturated ring one with alternating double bonds, or the reverse."""
    if not graph.rings:
        return None
    ring = chance.choice(graph.rings)
    edited = _copy(graph)
    bonds = [edited.GetBondBetweenAtoms(ring[place - 1], ring[place]) for place in range(len(ring))]
    if any(bond.GetBondTypeAsDouble() == 2 for bond in bonds):
        for bond in bonds:
            bond.SetBondType(_order(1))
        return edited
    spare = {index: _hydrogens(graph, index) for index in ring}
    first = chance.randrange(len(ring))
    made = 0
    for place in [*range(first, len(ring)), *range(first)]:
        begin, end = ring[place - 1], ring[place]
        if spare[begin] and spare[end]:
            bonds[place].SetBondType(_order(2))
            spare[begin] = spare[end] = 0
            made += 1
    return edited if made else None


def delete_branch(graph: Graph, chance: random.Random) -> RWMol | None:
    """Remove the smaller side of a bond."""
    if not graph.links:
        return None
    kept, lost = chance.choice(graph.links)
    part = graph.branches[kept, lost]
    if part.bit_count() > graph.size // 2:
        return None
    edited = _copy(graph)
    remove_atoms(edited, members(part, graph.size))
    return edited


def move_branch(graph: Graph, chance: random.Random) -> RWMol | None:
    """Take a branch off and bind it elsewhere; the formula stays the same."""
    if not graph.links:
        return None
    kept, moved = chance.choice(graph.links)
    part = graph.branches[kept, moved]
    places = [index for index in graph.open_atoms if not part >> index & 1 and index != kept]
    if part.bit_count() > graph.size // 2 or not places:
        return None
    edited = _copy(graph)
    edited.RemoveBond(kept, moved)
    edited.AddBond(chance.choice(places), moved, _order(1))
    return edited


def replace_branch(graph: Graph, chance: random.Random) -> RWMol | None:
    """Put a piece of the vocabulary in the place of a branch of up to ten atoms."""
    if not graph.links:
        return None
    kept, lost = chance.choice(graph.links)
    part = graph.branches[kept, lost]
    if part.bit_count() > min(10, graph.size // 2):
        return None
    return _attached(graph, kept, chance, members(part, graph.size))


def add_piece(graph: Graph, chance: random.Random) -> RWMol | None:
    """Put a piece of the vocabulary in the place of a hydrogen."""
    if not graph.open_atoms:
        return None
    return _attached(graph, chance.choice(graph.open_atoms), chance, [])


def _attached(graph: Graph, place: int, chance: random.Random, lost: list[int]) -> RWMol:
    from rdkit import Chem

    edited = Chem.RWMol(graph.mol)
    edited.InsertMol(_piece(chance.choice(PIECES)))
    edited.AddBond(place, graph.size, _order(1))
    remove_atoms(edited, lost)
    return edited


def swap_elements(graph: Graph, chance: random.Random) -> RWMol | None:
    """Exchange the elements of two atoms, as their bonds allow; the heavy atoms stay the same."""
    one, other = chance.randrange(graph.size), chance.randrange(graph.size)
    atoms = [graph.mol.GetAtomWithIdx(index) for index in (one, other)]
    numbers = [atom.GetAtomicNum() for atom in atoms]
    if numbers[0] == numbers[1] or any(atom.GetFormalCharge() for atom in atoms):
        return None
    edited = _copy(graph)
    edited.GetAtomWithIdx(one).SetAtomicNum(numbers[1])
    edited.GetAtomWithIdx(other).SetAtomicNum(numbers[0])
    return edited


def transform(graph: Graph, chance: random.Random) -> RWMol | None:
    """Apply one of the room's matched transformations of rings, linkers and groups."""
    from rdkit import Chem

    reactions = _reactions()
    for _ in range(8):
        products = chance.choice(reactions).RunReactants((graph.perceived,), maxProducts=8)
        if products:
            edited = Chem.RWMol(chance.choice(products)[0])
            if Chem.SanitizeMol(edited, catchErrors=True) != Chem.SanitizeFlags.SANITIZE_NONE:
                return None
            return edited
    return None


@cache
def _reactions() -> tuple[Any, ...]:
    from rdkit.Chem import rdChemReactions

    made = []
    for _, smarts in TRANSFORMATIONS:
        reaction = rdChemReactions.ReactionFromSmarts(smarts)
        reaction.Initialize()
        made.append(reaction)
    return tuple(made)


MUTATIONS: tuple[Mutation, ...] = (
    add_atom, insert_atom, delete_atom, change_element, change_bond, close_ring, open_ring, fuse_ring,
    change_saturation, delete_branch, move_branch, replace_branch, add_piece, swap_elements, transform,
)  # fmt: skip
"""All kinds of mutation."""
