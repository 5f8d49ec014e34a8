"""Edits: every single change of a molecule that the vocabulary of replacements allows, each with its name.

Three kinds: swapping a substituent at its attachment point, a transformation of a ring or linker, and cutting a small
part off. Enumerating is cheap (substructure matches only); the changed molecule is built when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from agent.tools.molecules.structures import quiet_rdkit
from agent.tools.molecules.substituents import ANCHORS, FAMILIES, SUBSTITUENTS
from agent.tools.molecules.transformations import TRANSFORMATIONS

if TYPE_CHECKING:
    from rdkit.Chem import Mol

LARGEST_CUT = 10
"""Heavy atoms of the largest part that a truncation removes."""

CUT = "cut off"
"""How the name of a truncation begins."""


@dataclass(frozen=True)
class Edit:
    """One possible change.

    Attributes:
        change: Its name, as people write it: ``aryl CH3 → OCH3``.
        build: Gives a SMILES of the changed molecule, or ``None`` if it is not a valid one.
    """

    change: str
    build: Callable[[], str | None]


def edits(mol: Mol) -> Iterator[Edit]:
    """Every single change of a molecule.

    Args:
        mol: A sanitised molecule without explicit hydrogens.

    Yields:
        The edits in a fixed order. Equivalent positions give the same SMILES more than once.
    """
    quiet_rdkit()
    yield from _swaps(mol)
    yield from _transformed(mol)
    yield from _cuts(mol)


def substituents(mol: Mol) -> frozenset[tuple[str, str]]:
    """The substituents that a molecule has, as pairs of the anchor's word and the substituent's name."""
    return frozenset((site.word, site.name) for site in _sites(mol))


def shortened(changes: tuple[str, ...], own: frozenset[tuple[str, str]]) -> tuple[str, ...]:
    """Join swaps that follow each other at one place: ``aryl H → F`` and ``aryl F → CN`` are ``aryl H → CN``.

    Two swaps are joined if the later one replaces a group that the seed does not have and that one earlier swap
    brought.

    Args:
        changes: The names of successive changes of the seed.
        own: The seed's `substituents`.

    Returns:
        The names, as few as tell the same.
    """
    told: list[str] = []
    for change in changes:
        word, source, target = _read_swap(change)
        brought = [place for place, name in enumerate(told) if source and _read_swap(name)[::2] == (word, source)]
        if len(brought) != 1 or (word, source) in own:
            told.append(change)
            continue
        first = _read_swap(told[brought[0]])[1]
        if first == target:
            del told[brought[0]]
        else:
            told[brought[0]] = f"{word} {first} → {target}"
    return tuple(told)


def _read_swap(change: str) -> tuple[str, str, str]:
    """The anchor, source and target in the name of a substituent swap; empty strings for another kind of change."""
    for word in ANCHORS:
        source, arrow, target = change.removeprefix(f"{word} ").partition(" → ")
        known = all(name == "H" or name in SUBSTITUENTS for name in (source, target))
        if arrow and change.startswith(f"{word} ") and known:
            return word, source, target
    return "", "", ""


# --- substituent swaps ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Site:
    """Where a substituent sits: its anchor's word and index, its own name, and its atoms."""

    word: str
    anchor: int
    name: str
    atoms: tuple[int, ...]


@cache
def _site_patterns() -> dict[tuple[str, str], Any]:
    from rdkit import Chem

    wanted = {(word, source) for family in FAMILIES for word in family.anchors for source in family.sources}
    patterns = {}
    for word, source in sorted(wanted):
        anchor = ANCHORS[word]
        smarts = f"{anchor[:-1]};!H0]" if source == "H" else f"{anchor}-!@{SUBSTITUENTS[source].smarts}"
        patterns[word, source] = Chem.MolFromSmarts(smarts)
    return patterns


@cache
def _targets(word: str, source: str) -> tuple[str, ...]:
    """What a substituent may become on an anchor, in the order of the families, each once."""
    found: dict[str, None] = {}
    for family in FAMILIES:
        if word in family.anchors and source in family.sources:
            found |= dict.fromkeys(target for target in family.targets if target != source)
    return tuple(found)


@cache
def _fragment(name: str) -> Any:
    from rdkit import Chem

    return Chem.MolFromSmiles(SUBSTITUENTS[name].smiles)


def _sites(mol: Mol) -> Iterator[_Site]:
    for (word, source), pattern in _site_patterns().items():
        for match in mol.GetSubstructMatches(pattern):
            if source == "H" and word == "alkyl" and mol.GetAtomWithIdx(match[0]).GetTotalNumHs() == 3:
                continue  # a methyl group is exchanged as a whole
            yield _Site(word, match[0], source, tuple(match[1:]))


def _swaps(mol: Mol) -> Iterator[Edit]:
    for site in _sites(mol):
        for target in _targets(site.word, site.name):
            yield Edit(f"{site.word} {site.name} → {target}", partial(_swap, mol, site, target))


def _swap(mol: Mol, site: _Site, target: str) -> str | None:
    from rdkit import Chem

    edited = Chem.RWMol(mol)
    anchor = edited.GetAtomWithIdx(site.anchor)
    if site.name == "H" and anchor.GetNumExplicitHs():
        anchor.SetNumExplicitHs(anchor.GetNumExplicitHs() - 1)
    if target == "H":
        _add_hydrogen(anchor)
    else:
        attached = edited.GetNumAtoms()
        edited.InsertMol(_fragment(target))
        edited.AddBond(site.anchor, attached, Chem.BondType.SINGLE)
        new = edited.GetAtomWithIdx(attached)
        if new.GetNumExplicitHs():
            new.SetNumExplicitHs(new.GetNumExplicitHs() - 1)
    _remove(edited, site.atoms)
    return _finished(edited)


# --- transformations ------------------------------------------------------------------------------------------------


@cache
def _reactions() -> tuple[tuple[str, Any], ...]:
    from rdkit.Chem import rdChemReactions

    quiet_rdkit()
    made = []
    for name, smarts in TRANSFORMATIONS:
        reaction = rdChemReactions.ReactionFromSmarts(smarts)
        reaction.Initialize()
        made.append((name, reaction))
    return tuple(made)


def _transformed(mol: Mol) -> Iterator[Edit]:
    for name, reaction in _reactions():
        for products in reaction.RunReactants((mol,), maxProducts=40):
            yield Edit(name, partial(_finished, products[0]))


# --- truncations ----------------------------------------------------------------------------------------------------


def _cuts(mol: Mol) -> Iterator[Edit]:
    from rdkit import Chem

    heavy = mol.GetNumHeavyAtoms()
    for bond in mol.GetBonds():
        if bond.IsInRing() or bond.GetBondType() != Chem.BondType.SINGLE:
            continue
        begin, end = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
        for kept, lost in ((begin, end), (end, begin)):
            part = _side(mol, lost, kept)
            if not 2 <= len(part) <= min(LARGEST_CUT, heavy // 2) or mol.GetAtomWithIdx(kept).GetAtomicNum() not in (
                6,
                7,
            ):
                continue
            piece = Chem.MolFragmentToSmiles(mol, sorted(part))
            yield Edit(f"{CUT} {piece}", partial(_cut, mol, kept, tuple(part)))


def _side(mol: Mol, start: int, barred: int) -> set[int]:
    """The atoms on one side of a bond that is in no ring."""
    seen, stack = {start}, [start]
    while stack:
        for neighbour in mol.GetAtomWithIdx(stack.pop()).GetNeighbors():
            index = neighbour.GetIdx()
            if index != barred and index not in seen:
                seen.add(index)
                stack.append(index)
    return seen


def _cut(mol: Mol, kept: int, lost: tuple[int, ...]) -> str | None:
    from rdkit import Chem

    edited = Chem.RWMol(mol)
    anchor = edited.GetAtomWithIdx(kept)
    _add_hydrogen(anchor)
    _remove(edited, lost)
    return _finished(edited)


# --- building -------------------------------------------------------------------------------------------------------


def _add_hydrogen(anchor: Any) -> None:
    """A hydrogen for the neighbour that an atom loses, where its hydrogens are counted and not implied."""
    if anchor.GetNoImplicit() or (anchor.GetIsAromatic() and anchor.GetAtomicNum() == 7):
        anchor.SetNumExplicitHs(anchor.GetNumExplicitHs() + 1)


def _remove(edited: Any, atoms: tuple[int, ...]) -> None:
    edited.BeginBatchEdit()
    for index in atoms:
        edited.RemoveAtom(index)
    edited.CommitBatchEdit()


def _finished(edited: Any) -> str | None:
    """A SMILES of a changed molecule, or ``None`` if it is not one whole valid molecule with all electrons paired."""
    from rdkit import Chem
    from rdkit.Chem import Descriptors

    try:
        Chem.SanitizeMol(edited)
    except Chem.MolSanitizeException:
        return None
    if Descriptors.NumRadicalElectrons(edited):
        return None
    smiles = Chem.MolToSmiles(edited)
    return smiles if smiles and "." not in smiles else None
