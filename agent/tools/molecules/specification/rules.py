"""Rules on structures: groups to have and to avoid, element limits, and catalogues of structural alerts.

A rule is not only met or not: how far a molecule is from meeting it guides a search.

Sources: the catalogues are those in RDKit: PAINS (Baell and Holloway, J. Med. Chem. 2010, 53, 2719), BRENK (Brenk et
al., ChemMedChem 2008, 3, 435), NIH (Jadhav et al., J. Med. Chem. 2010, 53, 37; Doveston et al., Org. Biomol. Chem.
2015, 13, 859), ZINC (Irwin and Shoichet 2005), and ChEMBL's collection of industrial filters (BMS, Dundee, Glaxo,
Inpharmatica, LINT, MLSMR, SureChEMBL).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from agent.errors import RepairableToolError
from agent.tools.molecules.groups import group_name

if TYPE_CHECKING:
    from rdkit.Chem import Mol

CATALOGUES: dict[str, str] = {
    "PAINS": "PAINS", "BRENK": "BRENK", "NIH": "NIH", "ZINC": "ZINC", "BMS": "CHEMBL_BMS", "DUNDEE": "CHEMBL_Dundee",
    "GLAXO": "CHEMBL_Glaxo", "INPHARMATICA": "CHEMBL_Inpharmatica", "LINT": "CHEMBL_LINT", "MLSMR": "CHEMBL_MLSMR",
    "SURECHEMBL": "CHEMBL_SureChEMBL",
}  # fmt: skip
"""RDKit's names of the catalogues, by the name that the tools take."""

_LIMIT = re.compile(r"(?P<element>[A-Z][a-z]?)\s*(?:(?P<sign><=|>=|=|≤|≥)\s*(?P<count>\d{1,3}))?")


@dataclass(frozen=True)
class Pattern:
    """A substructure that is required or forbidden.

    Attributes:
        name: As it was asked for.
        query: The pattern.
        wanted: Whether it is required.
    """

    name: str
    query: Mol
    wanted: bool


@dataclass(frozen=True)
class Limit:
    """How many atoms of an element a molecule may have (hydrogens are not limited)."""

    element: str
    least: int
    most: int

    def __str__(self) -> str:
        """As people write it: ``F ≤ 3``."""
        if self.least == self.most:
            return f"{self.element} = {self.least}"
        return f"{self.element} ≤ {self.most}" if not self.least else f"{self.element} ≥ {self.least}"


@dataclass(frozen=True)
class Rules:
    """All rules on structures.

    Attributes:
        patterns: Substructures.
        allowed: Symbols of the elements that may occur, hydrogen aside; empty for any.
        limits: Counts of elements.
        catalogues: Names of the alert catalogues that nothing may match.
    """

    patterns: tuple[Pattern, ...] = ()
    allowed: frozenset[str] = frozenset()
    limits: tuple[Limit, ...] = ()
    catalogues: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether there is any rule."""
        return bool(self.patterns or self.allowed or self.limits or self.catalogues)

    def gaps(self, mol: Mol) -> dict[str, float]:
        """How far a molecule is from meeting each rule that it breaks.

        Args:
            mol: A sanitised molecule.

        Returns:
            By the rule's name: for a forbidden group, an alert or an element, how often it is there; for a required
            group 1 at least, and up to 2 the fewer of its kinds of atom the molecule has.
        """
        found: dict[str, float] = {}
        for pattern in self.patterns:
            if pattern.wanted and not mol.HasSubstructMatch(pattern.query):
                found[f"with {pattern.name}"] = 1.0 + _missing(mol, pattern.query)
            elif not pattern.wanted and (count := len(mol.GetSubstructMatches(pattern.query))):
                found[f"without {pattern.name}"] = float(min(count, 3))
        if self.allowed or self.limits:
            symbols = [mol.GetAtomWithIdx(index).GetSymbol() for index in range(mol.GetNumAtoms())]
            strange = sum(symbol not in self.allowed and symbol != "H" for symbol in symbols) if self.allowed else 0
            if strange:
                found[f"elements {', '.join(sorted(self.allowed))}"] = float(strange)
            for limit in self.limits:
                count = symbols.count(limit.element)
                if gap := max(limit.least - count, count - limit.most, 0):
                    found[str(limit)] = float(gap)
        for name in self.catalogues:
            if count := len(_catalogue(name).GetMatches(mol)):
                found[f"no {name} alert"] = float(min(count, 3))
        return found

    def met(self, mol: Mol) -> bool:
        """Whether a molecule meets every rule; quicker than its `gaps`."""
        for pattern in self.patterns:
            if mol.HasSubstructMatch(pattern.query) != pattern.wanted:
                return False
        if self.allowed or self.limits:
            symbols = [mol.GetAtomWithIdx(index).GetSymbol() for index in range(mol.GetNumAtoms())]
            if self.allowed and not {symbol for symbol in symbols if symbol != "H"} <= self.allowed:
                return False
            if any(not limit.least <= symbols.count(limit.element) <= limit.most for limit in self.limits):
                return False
        return not any(_catalogue(name).HasMatch(mol) for name in self.catalogues)

    @property
    def required(self) -> Rules:
        """The required groups alone: what edits rarely make, where all other rules are met by taking something away."""
        return Rules(tuple(pattern for pattern in self.patterns if pattern.wanted))

    def __str__(self) -> str:
        """The rules as people write them, in one line."""
        parts = [f"{'with' if item.wanted else 'without'} {item.name}" for item in self.patterns]
        parts += [f"elements {', '.join(sorted(self.allowed))}"] if self.allowed else []
        return "; ".join([*parts, *map(str, self.limits), *(f"no {name} alert" for name in self.catalogues)])


def read_rules(
    keep: Sequence[str] = (), avoid: Sequence[str] = (), elements: Sequence[str] = (), catalogues: Sequence[str] = ()
) -> Rules:
    """Read rules as the tools take them.

    Args:
        keep: Required groups, as SMARTS or names.
        avoid: Forbidden groups, as SMARTS or names.
        elements: Allowed elements (``C``, ``N``) and limits (``F<=3``, ``Cl=0``, ``S>=1``). With at least one bare
            symbol, elements that are not mentioned are forbidden; a limit mentions its element.
        catalogues: Keys of `CATALOGUES`, in any case.

    Raises:
        RepairableToolError: One cannot be read; the message says which.
    """
    from agent.tools.molecules.structures import read_pattern

    patterns = [Pattern(group_name(text), read_pattern(text, argument="keep"), True) for text in dict.fromkeys(keep)]
    patterns += [
        Pattern(group_name(text), read_pattern(text, argument="avoid"), False) for text in dict.fromkeys(avoid)
    ]
    allowed, limits = _elements(elements)
    names = [name.strip().upper() for name in dict.fromkeys(catalogues)]
    if unknown := [name for name in names if name not in CATALOGUES]:
        raise RepairableToolError(
            f"free_of: '{unknown[0]}' is no catalogue of alerts.", remedy=f"Choose from: {', '.join(CATALOGUES)}."
        )
    return Rules(tuple(patterns), allowed, limits, tuple(names))


def _elements(texts: Sequence[str]) -> tuple[frozenset[str], tuple[Limit, ...]]:
    from rdkit.Chem import GetPeriodicTable

    bare: set[str] = set()
    limits: list[Limit] = []
    for text in texts:
        match = _LIMIT.fullmatch(text.strip())
        try:
            known = match is not None and GetPeriodicTable().GetAtomicNumber(match["element"]) > 0
        except RuntimeError:
            known = False
        if match is None or not known:
            raise RepairableToolError(
                f"elements: '{text}' is neither an element nor a limit.", remedy="Write C, or a limit such as F<=3."
            )
        if match["sign"] is None:
            bare.add(match["element"])
            continue
        count = int(match["count"])
        least = 0 if match["sign"] in ("<=", "≤") else count
        most = 999 if match["sign"] in (">=", "≥") else count
        limits.append(Limit(match["element"], least, most))
    return (frozenset(bare | {limit.element for limit in limits}) if bare else frozenset()), tuple(limits)


def _missing(mol: Mol, query: Mol) -> float:
    """The share of a pattern's atoms, one by one, that no atom of the molecule matches."""
    alone = _single_atoms(query)
    return sum(not mol.HasSubstructMatch(atom) for atom in alone) / max(len(alone), 1)


_ATOMS: dict[int, tuple[Any, list[Any]]] = {}


def _single_atoms(query: Mol) -> list[Any]:
    """The pattern's atoms as patterns of their own (made once for each pattern)."""
    from rdkit import Chem

    kept = _ATOMS.get(id(query))
    if kept is None or kept[0] is not query:
        texts = [query.GetAtomWithIdx(index).GetSmarts() for index in range(query.GetNumAtoms())]
        atoms = [Chem.MolFromSmarts(text if text.startswith("[") else f"[{text}]") for text in texts]
        kept = _ATOMS[id(query)] = (query, [atom for atom in atoms if atom is not None])
    return kept[1]


@cache
def _catalogue(name: str) -> Any:
    from rdkit.Chem.FilterCatalog import FilterCatalog, FilterCatalogParams

    parameters = FilterCatalogParams()
    parameters.AddCatalog(getattr(FilterCatalogParams.FilterCatalogs, CATALOGUES[name]))
    return FilterCatalog(parameters)
