"""Reading groups for attachment points: names, SMILES with a point, or SMILES bound by their first atom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.errors import RepairableToolError
from agent.tools.molecules.enumeration.core import read_marked
from agent.tools.molecules.substituents import SUBSTITUENTS

if TYPE_CHECKING:
    from rdkit.Chem import Mol

HYDROGEN = "H"

_NAMES: dict[str, str] = {
    "methyl": "C", "ethyl": "CC", "isopropyl": "C(C)C", "tert-butyl": "C(C)(C)C", "cyclopropyl": "C1CC1",
    "methoxy": "OC", "ethoxy": "OCC", "hydroxy": "O", "hydroxyl": "O", "amino": "N", "methylamino": "NC",
    "dimethylamino": "N(C)C", "fluoro": "F", "chloro": "Cl", "bromo": "Br", "cyano": "C#N", "nitro": "[N+](=O)[O-]",
    "trifluoromethyl": "C(F)(F)F", "cf3": "C(F)(F)F", "ocf3": "OC(F)(F)F", "trifluoromethoxy": "OC(F)(F)F",
    "carboxyl": "C(=O)O", "carboxamide": "C(=O)N", "acetyl": "C(C)=O", "acetamido": "NC(C)=O",
    "methylsulfonyl": "S(C)(=O)=O", "sulfamoyl": "S(N)(=O)=O", "phenyl": "c1ccccc1", "benzyl": "Cc1ccccc1",
    "me": "C", "et": "CC", "ipr": "C(C)C", "tbu": "C(C)(C)C", "ph": "c1ccccc1", "bn": "Cc1ccccc1", "ome": "OC",
    "oet": "OCC", "oh": "O", "nh2": "N", "nhme": "NC", "nme2": "N(C)C", "cn": "C#N", "no2": "[N+](=O)[O-]",
    "fluorine": "F", "chlorine": "Cl", "bromine": "Br", "iodo": "I", "hydroxymethyl": "CO",
    "morpholino": "N1CCOCC1", "piperidino": "N1CCCCC1", "pyrrolidino": "N1CCCC1", "piperazinyl": "N1CCNCC1",
}  # fmt: skip


@dataclass(frozen=True)
class Group:
    """A group with its name (as given) and the molecule with one attachment point."""

    name: str
    mol: Mol


def read_groups(texts: Sequence[str]) -> tuple[Group, ...]:
    """Read groups.

    Args:
        texts: Names, or SMILES; none: the room's substituents and hydrogen.

    Raises:
        RepairableToolError: One is neither a known name nor a SMILES.
    """
    if not texts:
        names = [(name, item.smiles) for name, item in SUBSTITUENTS.items() if item.smiles]
        return (_group(HYDROGEN, "[H][*:1]"), *(_group(name, _bound(smiles)) for name, smiles in names))
    return tuple(_group(text.strip(), _smiles_of(text.strip())) for text in dict.fromkeys(texts))


def known_group(text: str) -> bool:
    """Whether a word is a group that can be read: a known name, or written as SMILES by its shape alone."""
    name = text.strip()
    return (
        name.lower() in _NAMES
        or name.lower() in ("h", "hydrogen")
        or name in SUBSTITUENTS
        or (
            re.fullmatch(r"(?:Cl|Br|[BCNOPSFI]|[cnos](?=[\d(]|[cnos]*\d)|\[[^\[\]\s]+\]|[cnos0-9()=#*+@-])+", name)
            is not None
            and re.match(r"[A-Z\[*c]", name) is not None
        )
    )


def _smiles_of(text: str) -> str:
    if text.lower() in ("h", "hydrogen"):
        return "[H][*:1]"
    if text in SUBSTITUENTS and SUBSTITUENTS[text].smiles:
        return _bound(SUBSTITUENTS[text].smiles)
    if text.lower() in _NAMES:
        return _bound(_NAMES[text.lower()])
    return text if "*" in text or "[R" in text else _bound(text)


def _bound(smiles: str) -> str:
    """The group bound by its first atom."""
    return f"[*:1]{smiles}"


def _group(name: str, smiles: str) -> Group:
    try:
        return Group(name, read_marked(smiles, argument="groups", marks=1))
    except RepairableToolError as error:
        raise RepairableToolError(
            f"groups: '{name}' is neither a known group nor a SMILES with one attachment point.",
            remedy="Give a name such as methoxy, or SMILES such as [*:1]OC.",
        ) from error
