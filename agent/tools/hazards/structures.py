"""Comparing molecules with the screen's structures and patterns (RDKit)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from agent.errors import TerminalToolError
from agent.tools.hazards.entries import Entry, entries

if TYPE_CHECKING:
    from rdkit.Chem import Mol

# A substructure search of this many matches tells "at least three" apart from "two".
_MOST_MATCHES = 50


@dataclass(frozen=True)
class StructureMatch:
    """What a molecule matched: the entry, and the listed member that it is, if it is one."""

    entry: Entry
    member: str = ""

    @property
    def text(self) -> str:
        """The match in words."""
        name = f" ({self.member})" if self.member else ""
        return f"{self.entry.id}: {self.entry.title}{name}"


@dataclass(frozen=True)
class MoleculeScreen:
    """A molecule's canonical SMILES and what it matched, the most severe list first."""

    smiles: str
    matches: tuple[StructureMatch, ...]


@dataclass(frozen=True)
class _Query:
    entry: Entry
    counted: tuple[Any, ...]
    single: tuple[Any, ...]
    members: dict[str, str]
    excepted: frozenset[str]
    skeletons: tuple[tuple[str, Any], ...]


def screen_molecule(smiles: str) -> MoleculeScreen | None:
    """Compare one molecule, every part of a salt or mixture included, with the screen.

    Stereochemistry, isotopes, charges from protonation and counter-ions are ignored, so that a salt or a labelled or
    enantiopure form matches as the listed chemical does.

    Args:
        smiles: The molecule.

    Returns:
        Its canonical SMILES and matches; ``None`` if the SMILES cannot be read.
    """
    from rdkit import Chem, rdBase

    with rdBase.BlockLogs():
        whole = Chem.MolFromSmiles(smiles.strip()) if smiles.strip() else None
        if whole is None or whole.GetNumAtoms() == 0:
            return None
        parts = {Chem.MolToSmiles(plain): plain for plain in map(_plain, Chem.GetMolFrags(whole, asMols=True))}
        found: dict[str, StructureMatch] = {}
        for identity, plain in parts.items():
            others = (part for other, part in parts.items() if other != identity)
            accompanies = any(part.GetNumHeavyAtoms() >= plain.GetNumHeavyAtoms() for part in others)
            for query in _queries():
                if query.entry.largest_part_only and accompanies:
                    continue
                if query.entry.id not in found and (match := _match(query, plain, identity)):
                    found[query.entry.id] = match
    return MoleculeScreen(Chem.MolToSmiles(whole), _ordered(found))


def _ordered(found: dict[str, StructureMatch]) -> tuple[StructureMatch, ...]:
    """Listed members first, then in the order of the lists; what only sweeps up the rest goes where others match."""
    order = [entry.id for entry in entries()]
    ordered = sorted(found.values(), key=lambda match: (not match.member, order.index(match.entry.id)))
    others = tuple(match for match in ordered if not match.entry.residual)
    return others or tuple(ordered)


def _match(query: _Query, plain: Mol, identity: str) -> StructureMatch | None:
    if identity in query.excepted:
        return None
    if identity in query.members:
        return StructureMatch(query.entry, query.members[identity])
    for name, skeleton in query.skeletons:
        if plain.HasSubstructMatch(skeleton):
            return StructureMatch(query.entry, name)
    for pattern in query.counted:
        if len(plain.GetSubstructMatches(pattern, maxMatches=_MOST_MATCHES)) >= query.entry.at_least:
            return StructureMatch(query.entry)
    if any(plain.HasSubstructMatch(pattern) for pattern in query.single):
        return StructureMatch(query.entry)
    return None


def _plain(part: Mol) -> Mol:
    """A molecule without stereochemistry, isotopes, explicit hydrogens and protonation charges."""
    from rdkit import Chem
    from rdkit.Chem.MolStandardize import rdMolStandardize

    plain = Chem.Mol(part)
    for atom in plain.GetAtoms():
        atom.SetIsotope(0)
        atom.SetAtomMapNum(0)
    Chem.RemoveStereochemistry(plain)
    plain = Chem.RemoveHs(plain)
    return rdMolStandardize.Uncharger().uncharge(plain)


@cache
def _queries() -> tuple[_Query, ...]:
    from rdkit import rdBase

    with rdBase.BlockLogs():
        return tuple(
            _Query(
                entry=entry,
                counted=tuple(_pattern(entry, text) for text in entry.smarts),
                single=tuple(_pattern(entry, text) for text in entry.also),
                members={_identity(entry, smiles): name for name, smiles in entry.structures.items()},
                excepted=frozenset(_identity(entry, smiles) for smiles in entry.excepted.values()),
                skeletons=tuple((name, _skeleton(entry, smiles)) for name, smiles in entry.skeletons.items()),
            )
            for entry in entries()
            if entry.by_structure
        )


def _pattern(entry: Entry, smarts: str) -> Mol:
    from rdkit import Chem

    pattern = Chem.MolFromSmarts(smarts)
    if pattern is None:
        raise TerminalToolError(f"The hazard screen's entry {entry.id} has a pattern that cannot be read: {smarts}")
    return pattern


def _read(entry: Entry, smiles: str) -> Mol:
    from rdkit import Chem

    molecule = Chem.MolFromSmiles(smiles)
    if molecule is None:
        raise TerminalToolError(f"The hazard screen's entry {entry.id} has a structure that cannot be read: {smiles}")
    return molecule


def _identity(entry: Entry, smiles: str) -> str:
    from rdkit import Chem

    return Chem.MolToSmiles(_plain(_read(entry, smiles)))


def _skeleton(entry: Entry, smiles: str) -> Mol:
    """The molecule as a query of atoms and connections: bond orders and charges are left open (tautomers match)."""
    from rdkit import Chem

    parameters = Chem.AdjustQueryParameters.NoAdjustments()
    parameters.makeBondsGeneric = True
    return Chem.AdjustQueryProperties(_read(entry, smiles), parameters)
