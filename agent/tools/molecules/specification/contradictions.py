"""Specifications that no molecule can meet, found before anything is searched: counts that follow from each other.

Every rule here is a theorem of molecular graphs, so that a contradiction is proven: a ring has three atoms or more, an
aromatic one five, no heavy atom is lighter than boron, and a part that has to stay brings its atoms and rings with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from agent.tools.molecules.requirements import Bound
from agent.vocabulary import title

if TYPE_CHECKING:
    from rdkit.Chem import Mol

LIGHTEST = 10.8
"""No heavy atom of an organic molecule weighs less (boron, g/mol)."""

_UNDECIDED = re.compile(r"[,!*;$]")
_DEPENDS = re.compile(r"[HXDvxRr!$]|\bh\d")
"""What of a pattern may change when the rest of the molecule is put around a part."""


def contradiction(bounds: Iterable[Bound], keep: Mapping[str, Mol], avoid: Mapping[str, Mol]) -> str:
    """Why no molecule can meet a specification.

    Args:
        bounds: On computed quantities.
        keep: Substructures that have to be there, by name.
        avoid: Substructures that must not be there, by name.

    Returns:
        What contradicts what, as a clause; empty where nothing is proven.
    """
    for kept, part in keep.items():
        for name, pattern in avoid.items():
            if _brings(part, pattern):
                return f"'{kept}', which is to be kept, contains '{name}', which is to be avoided"
    lows: dict[str, tuple[float, str]] = {}
    highs: dict[str, tuple[float, str]] = {}
    for bound in bounds:
        limit = bound.constraint
        if limit.low is not None:
            _raise(lows, bound.key, limit.low, str(bound))
        if limit.high is not None and (bound.key not in highs or limit.high < highs[bound.key][0]):
            highs[bound.key] = (limit.high, str(bound))
    for name, part in keep.items():
        for key, value in _counts(part).items():
            _raise(lows, key, value, f"'{name}', which is to be kept, has at least {value:g} {title(key)}")
    _follow(lows)
    for key, (low, why) in lows.items():
        if key in highs and low > highs[key][0]:
            return f"{why}, and {highs[key][1]} is asked for"
    return ""


def _raise(lows: dict[str, tuple[float, str]], key: str, value: float, why: str) -> None:
    if key not in lows or value > lows[key][0]:
        lows[key] = (value, why)


def _follow(lows: dict[str, tuple[float, str]]) -> None:
    """Add the lower bounds that follow from others."""
    for source in ("aromatic_rings", "aliphatic_rings", "heterocycles"):
        if source in lows:
            value, why = lows[source]
            _raise(lows, "rings", value, f"{why}, which are rings")
    if {"aromatic_rings", "aliphatic_rings"} <= lows.keys():
        (aromatic, first), (aliphatic, second) = lows["aromatic_rings"], lows["aliphatic_rings"]
        _raise(lows, "rings", aromatic + aliphatic, f"{first} with {second} makes {aromatic + aliphatic:g} rings")
    needed = {
        "rings": lambda n: max(3, n) if n >= 1 else 0,  # cages share nearly all atoms
        "aromatic_rings": lambda n: 4 + n if n >= 1 else 0,
        "heteroatoms": lambda n: n,
        "HBA": lambda n: n,
        "rotatable_bonds": lambda n: n + 3 if n >= 1 else 0,
    }
    for key, atoms in needed.items():
        if key in lows:
            value, why = lows[key]
            _raise(lows, "heavy_atoms", atoms(value), f"{why}, which takes at least {atoms(value):g} heavy atoms")
    if "heavy_atoms" in lows:
        value, why = lows["heavy_atoms"]
        _raise(lows, "mass", LIGHTEST * value, f"{why}, which weighs more than {LIGHTEST * value:.0f} g/mol")


def _counts(part: Mol) -> dict[str, float]:
    """What every molecule with a part has at least: heavy atoms, mass, rings."""
    from rdkit import Chem

    table = Chem.GetPeriodicTable()
    atoms = [part.GetAtomWithIdx(index) for index in range(part.GetNumAtoms())]
    heavy = [atom for atom in atoms if atom.GetAtomicNum() != 1]
    mass = 0.0
    for atom in heavy:
        plain = atom.GetAtomicNum() > 0 and not _UNDECIDED.search(atom.GetSmarts())
        mass += table.GetAtomicWeight(atom.GetAtomicNum()) if plain else LIGHTEST
    pieces = len(Chem.GetMolFrags(part))
    rings = part.GetNumBonds() - part.GetNumAtoms() + pieces
    return {"heavy_atoms": float(len(heavy)), "mass": round(mass, 1), "rings": float(rings)}


def _brings(part: Mol, pattern: Mol) -> bool:
    """Whether a part has a pattern in itself, whatever stands around it."""
    from rdkit import Chem

    if _DEPENDS.search(Chem.MolToSmarts(pattern)):
        return False
    if any(_UNDECIDED.search(part.GetAtomWithIdx(index).GetSmarts()) for index in range(part.GetNumAtoms())):
        return False
    return bool(part.HasSubstructMatch(pattern))
