"""Gaining a group: every place of a molecule where a substituent that holds the group may stand for a hydrogen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from agent.tools.molecules.edits import Edit
from agent.tools.molecules.substituents import ANCHORS, SUBSTITUENTS

if TYPE_CHECKING:
    from rdkit.Chem import Mol

_CAPS = {"alkyl": "C", "aryl": "c1ccccc1"}


def gains(mol: Mol, lacking: Sequence[Mol]) -> Iterator[Edit]:
    """Every single change that brings a group which the molecule lacks.

    Args:
        mol: A sanitised molecule without explicit hydrogens.
        lacking: Patterns of the groups.

    Yields:
        Edits that put a substituent in the place of a hydrogen, named as swaps are (``aryl H → CO2H``); none where no
        substituent of the room holds the group. Stereocentres keep their hydrogen.
    """
    for pattern in lacking:
        for word, name in _carriers(pattern):
            for (place,) in mol.GetSubstructMatches(_anchor(word)):
                atom = mol.GetAtomWithIdx(place)
                if atom.GetTotalNumHs() and not int(atom.GetChiralTag()):
                    yield Edit(f"{word} H → {name}", partial(_attached, mol, place, SUBSTITUENTS[name].smiles))


def _carriers(pattern: Mol) -> list[tuple[str, str]]:
    """The substituents that hold a group, each with the kind of carbon on which they do."""
    from rdkit import Chem

    found = []
    for word, cap in _CAPS.items():
        if Chem.MolFromSmiles(cap).HasSubstructMatch(pattern):
            continue
        for name, group in SUBSTITUENTS.items():
            whole = Chem.MolFromSmiles(f"{cap}{group.smiles}") if group.smiles else None
            if whole is not None and whole.HasSubstructMatch(pattern):
                found.append((word, name))
    return found


@cache
def _anchor(word: str) -> Any:
    from rdkit import Chem

    return Chem.MolFromSmarts(ANCHORS[word])


def _attached(mol: Mol, place: int, smiles: str) -> str | None:
    from rdkit import Chem

    whole = Chem.RWMol(Chem.CombineMols(mol, Chem.MolFromSmiles(smiles)))
    whole.AddBond(place, mol.GetNumAtoms(), Chem.BondType.SINGLE)
    atom = whole.GetAtomWithIdx(place)
    atom.SetNumExplicitHs(max(atom.GetNumExplicitHs() - 1, 0))
    if Chem.SanitizeMol(whole, catchErrors=True) != Chem.SanitizeFlags.SANITIZE_NONE:
        return None
    return Chem.MolToSmiles(whole)
