"""Arrangements carried over from start molecules to what evolved from them.

The search works on flat structures. Where an atom or a double bond of a found molecule has the same surroundings as one
of a start molecule, nothing changed there, and it gets the arrangement that the start molecule has. Surroundings are
compared as far out as they agree; the nearest neighbours have to. Where they can be laid over each other in ways that
lead to different arrangements, or where start molecules differ, the arrangement is left open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rdkit.Chem import Atom, Bond, Mol

FARTHEST = 6
"""Bonds up to which surroundings are compared."""

_MATCHES = 200
"""Ways of laying surroundings over a molecule that are looked at."""

_Site = tuple[int, ...]
"""One atom (a stereocentre) or two (a double bond)."""


@dataclass(frozen=True)
class _Surroundings:
    """A stereocentre or double bond of a start molecule, with the atoms around it.

    Attributes:
        mol: The start molecule.
        site: Its atoms there.
        pattern: The part that is compared.
        places: The start molecule's atom for each atom of the pattern.
    """

    mol: Mol
    site: _Site
    pattern: Mol
    places: tuple[int, ...]


@dataclass
class Origins:
    """Start molecules whose arrangements are carried over.

    Args:
        mols: Start molecules, with whatever arrangements they define.
    """

    mols: Sequence[Mol]
    _by_radius: dict[int, list[_Surroundings]] = field(default_factory=dict, init=False)
    _known: dict[str, tuple[str, int]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        for mol in self.mols:
            for site in _defined(mol):
                for radius in range(1, FARTHEST + 1):
                    self._by_radius.setdefault(radius, []).append(_surroundings(mol, site, radius))

    def __bool__(self) -> bool:
        """Whether any arrangement is defined."""
        return bool(self._by_radius)

    def arranged(self, smiles: str) -> tuple[str, int]:
        """Carry the arrangements over to a molecule.

        Args:
            smiles: A molecule without arrangements.

        Returns:
            Its canonical SMILES with the arrangements that it keeps, and how many they are.
        """
        if smiles not in self._known:
            self._known[smiles] = self._arranged(smiles)
        return self._known[smiles]

    def _arranged(self, smiles: str) -> tuple[str, int]:
        from rdkit import Chem

        mol = Chem.MolFromSmiles(smiles)
        for whole in self.mols:
            if (found := _grown(whole, mol)) is not None:
                return found
        open_sites = set(_possible(mol))
        settled: list[tuple[_Site, Any, Any]] = []
        for radius in range(FARTHEST, 0, -1):
            verdicts: dict[_Site, set[tuple[Any, Any]]] = {}
            for around in self._by_radius.get(radius, []):
                for site, verdict in _verdicts(around, mol):
                    if site in open_sites:
                        verdicts.setdefault(site, set()).add(verdict)
            open_sites -= verdicts.keys()
            settled += [(site, *min(ways)) for site, ways in verdicts.items() if len(ways) == 1]
        for site, value, ends in settled:
            _arrange(mol, site, value, ends)
        return _written(mol)


def _defined(mol: Mol) -> list[_Site]:
    """The stereocentres and double bonds whose arrangement is defined."""
    from rdkit import Chem

    return [_site(mol, item) for item in _stereo(mol) if item.specified == Chem.StereoSpecified.Specified]


def _possible(mol: Mol) -> list[_Site]:
    return [_site(mol, item) for item in _stereo(mol)]


def _stereo(mol: Mol) -> list[Any]:
    from rdkit import Chem

    kinds = (Chem.StereoType.Atom_Tetrahedral, Chem.StereoType.Bond_Double)
    return [item for item in Chem.FindPotentialStereo(Chem.Mol(mol)) if item.type in kinds]


def _site(mol: Mol, item: Any) -> _Site:
    from rdkit import Chem

    if item.type == Chem.StereoType.Atom_Tetrahedral:
        return (item.centeredOn,)
    bond = mol.GetBondWithIdx(item.centeredOn)
    return tuple(sorted((bond.GetBeginAtomIdx(), bond.GetEndAtomIdx())))


def _surroundings(mol: Mol, site: _Site, radius: int) -> _Surroundings:
    from rdkit import Chem

    bonds = {bond for atom in site for bond in Chem.FindAtomEnvironmentOfRadiusN(mol, radius, atom, enforceSize=False)}
    places: dict[int, int] = {}
    pattern = Chem.PathToSubmol(mol, sorted(bonds), atomMap=places)
    inverse = {there: here for here, there in places.items()}
    return _Surroundings(mol, site, pattern, tuple(inverse[there] for there in range(len(inverse))))


def _verdicts(around: _Surroundings, mol: Mol) -> Iterator[tuple[_Site, tuple[Any, Any]]]:
    """Where the surroundings are in a molecule, and the arrangement that follows there."""
    matches = mol.GetSubstructMatches(around.pattern, uniquify=False, useChirality=False, maxMatches=_MATCHES)
    for match in matches:
        there = dict(zip(around.places, match, strict=True))
        site = tuple(sorted(there[atom] for atom in around.site))
        verdict = _carried(around.mol, around.site, mol, there)
        if verdict is not None:
            yield site, verdict


def _carried(origin: Mol, site: _Site, mol: Mol, there: dict[int, int]) -> tuple[Any, Any] | None:
    """What a stereocentre's tag or a double bond's arrangement becomes in another molecule.

    Returns:
        The tag and an empty tuple, or the arrangement and the two atoms that it refers to; ``None`` if the atom or bond
        differs there.
    """
    if len(site) == 1:
        return _tag(origin.GetAtomWithIdx(site[0]), mol.GetAtomWithIdx(there[site[0]]), there)
    return _arrangement(origin.GetBondBetweenAtoms(*site), mol, there)


def _tag(centre: Atom, other: Atom, there: dict[int, int]) -> tuple[Any, Any] | None:
    from rdkit import Chem

    if centre.GetTotalNumHs() != other.GetTotalNumHs() or centre.GetDegree() != other.GetDegree():
        return None
    expected = [there[atom.GetIdx()] for atom in centre.GetNeighbors()]
    order = [expected.index(atom.GetIdx()) for atom in other.GetNeighbors()]
    swaps = sum(order[a] > order[b] for a in range(len(order)) for b in range(a + 1, len(order)))
    tags = [Chem.ChiralType.CHI_TETRAHEDRAL_CW, Chem.ChiralType.CHI_TETRAHEDRAL_CCW]
    same = tags.index(centre.GetChiralTag())
    return int(tags[(same + swaps) % 2]), ()


def _arrangement(bond: Bond, mol: Mol, there: dict[int, int]) -> tuple[Any, Any] | None:
    from rdkit import Chem

    ends = [there[atom] for atom in (bond.GetBeginAtomIdx(), bond.GetEndAtomIdx())]
    for old, new in zip((bond.GetBeginAtom(), bond.GetEndAtom()), ends, strict=True):
        if old.GetDegree() != mol.GetAtomWithIdx(new).GetDegree():
            return None
    together = bond.GetStereo() in (Chem.BondStereo.STEREOZ, Chem.BondStereo.STEREOCIS)
    first, second = (there[atom] for atom in bond.GetStereoAtoms())
    # Written from the lower end, and from the lower neighbour of each end, so that equal arrangements compare equal.
    for end, partner, reference in ((ends[0], ends[1], first), (ends[1], ends[0], second)):
        others = [atom.GetIdx() for atom in mol.GetAtomWithIdx(end).GetNeighbors() if atom.GetIdx() != partner]
        together ^= min(others) != reference
        first, second = (min(others), second) if end == ends[0] else (first, min(others))
    stereo = Chem.BondStereo.STEREOCIS if together else Chem.BondStereo.STEREOTRANS
    return int(stereo), (first, second) if ends[0] < ends[1] else (second, first)


def _arrange(mol: Mol, site: _Site, value: int, ends: tuple[int, ...]) -> None:
    from rdkit import Chem

    if len(site) == 1:
        mol.GetAtomWithIdx(site[0]).SetChiralTag(Chem.ChiralType.values[value])
        return
    bond = mol.GetBondBetweenAtoms(*site)
    first, second = ends if bond.GetBeginAtomIdx() == site[0] else ends[::-1]
    bond.SetStereoAtoms(first, second)
    bond.SetStereo(Chem.BondStereo.values[value])


def _grown(whole: Mol, mol: Mol) -> tuple[str, int] | None:
    """A molecule that holds all of a start molecule, with its arrangements; ``None`` if it does not, or if different
    molecules come of the ways to lay the one over the other.
    """
    from rdkit import Chem

    sites = _defined(whole)
    if not sites:
        return None
    ways = set()
    for match in mol.GetSubstructMatches(whole, uniquify=False, useChirality=False, maxMatches=_MATCHES):
        copy = Chem.Mol(mol)
        for site in sites:
            verdict = _carried(whole, site, mol, dict(enumerate(match)))
            if verdict is not None:
                _arrange(copy, tuple(sorted(match[atom] for atom in site)), *verdict)
        ways.add(_written(copy))
    return ways.pop() if len(ways) == 1 else None


def _written(mol: Mol) -> tuple[str, int]:
    from rdkit import Chem

    # Bonds are written from the directions of their neighbours; the cleaning keeps what can be told apart at all.
    Chem.SetDoubleBondNeighborDirections(mol)
    Chem.AssignStereochemistry(mol, cleanIt=True, force=True)
    return Chem.MolToSmiles(mol), len(_defined(mol))
