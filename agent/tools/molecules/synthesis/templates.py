"""Reaction templates, readable in both directions: backwards to propose precursors, forwards to check them.

The published set is the 58 reactions that the ``synspace`` package ships; beside it stand `transforms.TRANSFORMS`. A
product pattern that forms a ring is written with Kekulé bonds in the set; backwards its ring bonds and atoms are
matched by element alone, so that aromatic products are found, and the forward check settles what is meant.
"""

from __future__ import annotations

import importlib.util
import json
import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from agent.errors import EngineMissing
from agent.tools.molecules.structures import quiet_rdkit
from agent.tools.molecules.synthesis.transforms import TRANSFORMS

if TYPE_CHECKING:
    from rdkit.Chem import Mol
    from rdkit.Chem.rdChemReactions import ChemicalReaction

PUBLISHED = "Hartenfeller et al. 2011"
TEXTBOOK = "textbook transformation"

# Halogens that a set leaves open are read as bromine (chlorine at sulfonyl groups, which the set writes out itself).
_OPEN_HALOGEN = re.compile(r"\[(?:Cl,Br,I|Br,I|\*;#17,#35,#53(?:,OH1)?|\*;Br,I;\$\(\*c1ccccc1\))\]")
_ACTIVATING_FLUORINE = re.compile(r"\[Cl,F\]")
_OPEN_OXYGEN = re.compile(r"\[#8;H1,\$\(O-\[CH3\]\)(?:,\$\(O-\[CH2\]-\[CH3\]\))?\]|\[O;D1,H1\]")


@dataclass(frozen=True)
class Template:
    """One reaction.

    Attributes:
        name: What chemists call it.
        origin: `PUBLISHED` or `TEXTBOOK`.
        forwards: Reaction SMARTS, reactants to product.
        backwards: Reaction SMARTS, product to precursors.
    """

    name: str
    origin: str
    forwards: str
    backwards: str

    @cached_property
    def forward(self) -> ChemicalReaction:
        """The reaction as RDKit runs it forwards."""
        return _reaction(self.forwards)

    @cached_property
    def backward(self) -> ChemicalReaction:
        """The reaction as RDKit runs it backwards, its ring patterns loosened."""
        return _reaction(self.backwards, loosen=True)


@cache
def templates() -> tuple[Template, ...]:
    """Every template, the published ones first.

    Raises:
        EngineMissing: ``synspace`` is not installed.
    """
    published = json.loads(data_file("rxns.json").read_text(encoding="utf-8"))
    found = []
    for name, smarts in published.items():
        reactants, product = smarts.split(">>")
        product = product.replace("]@2", "]:2")  # a ring bond of no order could not be made
        plain = re.sub(r"[_-]+", " ", name).replace("chinoline", "quinoline").strip()
        found.append(Template(plain, PUBLISHED, f"{reactants}>>{product}", f"{product}>>{_definite(reactants)}"))
    for name, backwards in TRANSFORMS.items():
        product, precursors = backwards.split(">>")
        found.append(Template(name, TEXTBOOK, f"{precursors}>>{product}", f"{product}>>{_definite(precursors)}"))
    return tuple(found)


def data_file(name: str) -> Path:
    """A data file of the ``synspace`` package, found without importing it.

    Raises:
        EngineMissing: It is not installed.
    """
    spec = importlib.util.find_spec("synspace")
    places = list(spec.submodule_search_locations or ()) if spec else []
    path = Path(places[0], "rxn_data", name) if places else None
    if path is None or not path.is_file():
        raise EngineMissing(
            "Synthesis planning needs the reaction templates and building blocks of the package 'synspace'.",
            remedy="Install the 'molecules' extra: pip install 'gedanken[molecules]'.",
        )
    return path


def _definite(reactants: str) -> str:
    """Reactant patterns with the atoms that a set leaves open decided, so that they can be made."""
    text = _OPEN_HALOGEN.sub("Br", reactants)
    text = _ACTIVATING_FLUORINE.sub("F", text)
    return _OPEN_OXYGEN.sub("[OH]", text)


def _reaction(smarts: str, *, loosen: bool = False) -> ChemicalReaction:
    from rdkit import Chem
    from rdkit.Chem import rdChemReactions

    quiet_rdkit()
    reaction = rdChemReactions.ReactionFromSmarts(smarts)
    if loosen:
        loose = rdChemReactions.ChemicalReaction()
        # copies: RDKit frees a reaction's own templates with it
        for place in range(reaction.GetNumReactantTemplates()):
            loose.AddReactantTemplate(_loosened(Chem.Mol(reaction.GetReactantTemplate(place))))
        for place in range(reaction.GetNumProductTemplates()):
            loose.AddProductTemplate(Chem.Mol(reaction.GetProductTemplate(place)))
        reaction = loose
    reaction.Initialize()
    return reaction


def _loosened(pattern: Mol) -> Mol:
    """A pattern whose ring atoms are matched by element, and whose ring bonds by being there."""
    from rdkit import Chem

    Chem.FastFindRings(pattern)
    rings = pattern.GetRingInfo()
    loose = Chem.RWMol(pattern)
    for atom in pattern.GetAtoms():
        if rings.NumAtomRings(atom.GetIdx()) and atom.GetAtomicNum():
            number = atom.GetAtomMapNum()
            mapped = f":{number}" if number else ""
            loose.ReplaceAtom(atom.GetIdx(), Chem.AtomFromSmarts(f"[#{atom.GetAtomicNum()}{mapped}]"))
    for bond in pattern.GetBonds():
        if rings.NumBondRings(bond.GetIdx()):
            loose.ReplaceBond(bond.GetIdx(), Chem.BondFromSmarts("~"))
    return loose.GetMol()
