"""What a route may begin with, and where each starting material comes from.

Five sources, in order: the user's own stock file; a short list of common reagents; the building blocks that the
``synspace`` package ships (Mcule's purchasable catalogue, 77,778 with rings and up to 15 heavy atoms); the compounds
with a CAS number that the ``chemicals`` package lists (some 76,000 of industry and research; drugs are left out, and
being listed is not being sold); and, if asked, the small in-stock filter of ``molbloom``, whose "yes" is wrong for
about 7 % of the molecules that are not in it. ZINC's stock leaves out what reacts readily, so that its filter is not
asked about acid and alkyl halides, boronic acids, epoxides, isocyanates, anhydrides and azides.
"""

from __future__ import annotations

import bz2
import io
import os
import pickle
import tempfile
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from agent.errors import RepairableToolError
from agent.tools.molecules.library.file import read_layout, read_part
from agent.tools.molecules.structures import quiet_rdkit, read_structure
from agent.tools.molecules.synthesis.common import COMMON
from agent.tools.molecules.synthesis.templates import data_file

if TYPE_CHECKING:
    from rdkit.Chem import Mol

Source = Literal["own stock", "common reagent", "building block", "listed chemical", "probably in stock"]

TOLD: dict[str, str] = {
    "own stock": "the stock file",
    "common reagent": "common laboratory reagents",
    "building block": "Mcule building blocks shipped with synspace",
    "listed chemical": "compounds with a CAS number in the chemicals package (known, not necessarily sold)",
    "probably in stock": "ZINC20 in-stock, small filter of molbloom (7 % false positives)",
}
"""What each source is, for the reader."""

FILTER_ATOMS = 18
"""Heavy atoms up to which the filter and the listed chemicals count: more would be most of the target."""

DRUG_ATOMS = 12
"""Heavy atoms beyond which a listed chemical that is a drug is no starting material."""

_REACTIVE = (
    "C(=O)[Cl,Br,I]", "[CX4;!$(C(F)F)][Cl,Br,I]", "B(O)O", "C1OC1", "N=C=[O,S]", "C(=O)OC(=O)", "N=[N+]=[N-]",
)  # fmt: skip
"""What ZINC's in-stock set leaves out: of listed chemicals with these groups its filter knows no more than chance."""


class Stock:
    """Everything that a route may begin with.

    Args:
        own: The user's molecules: canonical SMILES to name.
        in_stock_filter: Whether the probabilistic filter counts.
    """

    def __init__(self, own: dict[str, str] | None = None, *, in_stock_filter: bool = True) -> None:
        self._own = own or {}
        self._filter = in_stock_filter
        self._known: dict[str, tuple[Source, str] | None] = {}

    def find(self, smiles: str) -> tuple[Source, str] | None:
        """Where a molecule comes from, and its name if the source gives one; nothing if no source has it."""
        if smiles not in self._known:
            self._known[smiles] = self._look_up(smiles)
        return self._known[smiles]

    def _look_up(self, smiles: str) -> tuple[Source, str] | None:
        from agent.tools.molecules.references import chemical_by_inchikey, in_catalogue

        if smiles in self._own:
            return "own stock", self._own[smiles]
        if smiles in _common():
            return "common reagent", _common()[smiles]
        if smiles in building_blocks():
            return "building block", ""
        mol = _parsed(smiles)
        atoms = mol.GetNumHeavyAtoms()
        if atoms > FILTER_ATOMS:
            return None
        listed = chemical_by_inchikey(_key(mol))
        if listed and (atoms <= DRUG_ATOMS or _flat(mol) not in small_drugs()):
            return "listed chemical", listed.name
        if self._filter and not any(map(mol.HasSubstructMatch, _reactive())) and in_catalogue(smiles):
            return "probably in stock", ""
        return None


def read_stock(path: str) -> tuple[dict[str, str], list[str]]:
    """The user's stock: one SMILES a line (``.smi``) or a column of SMILES (``.csv``).

    Returns:
        Canonical SMILES to name, and what could not be read, as ``line 5: reason``.

    Raises:
        RepairableToolError: The file cannot be read, or holds no molecule.
    """
    place = Path(path)
    layout = read_layout(place)
    own: dict[str, str] = {}
    left_out: list[str] = []
    for number, smiles, name in read_part(place, layout, layout.begin, place.stat().st_size):
        try:
            own.setdefault(read_structure(smiles, argument="stock").smiles, name)
        except RepairableToolError as error:
            left_out.append(f"line {number + layout.first_line}: {error.message.removeprefix('stock: ')}")
    if not own:
        raise RepairableToolError(
            f"stock: '{path}' holds no molecule that can be read.", remedy="Give one SMILES a line, or a CSV file."
        )
    return own, left_out


@cache
def _common() -> dict[str, str]:
    from rdkit import Chem

    quiet_rdkit()
    return {Chem.CanonSmiles(smiles): name for name, smiles in COMMON.items()}


@cache
def building_blocks() -> frozenset[str]:
    """Canonical SMILES of the building blocks that ``synspace`` ships.

    Writing 108,888 stored molecules as SMILES takes some seconds, so the list is kept in the user's cache folder, by
    the versions that it depends on; where that cannot be written, it is made anew in each process.
    """
    kept = _cache_file()
    try:
        return frozenset(kept.read_text(encoding="ascii").split())
    except (OSError, UnicodeDecodeError):
        found = _from_package()
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=kept.parent, delete=False, encoding="ascii") as file:
            file.write("\n".join(sorted(found)))
        os.replace(file.name, kept)
    except OSError:
        pass  # a read-only home only costs the time again
    return found


@cache
def small_drugs() -> frozenset[str]:
    """The drugs of a starting material's size, as SMILES without stereochemistry."""
    from agent.tools.molecules.references import drugs

    quiet_rdkit()
    # letters of a SMILES are its heavy atoms and little more: most drugs need not be read
    texts = {drug.smiles for drug in drugs() if sum(map(str.isalpha, drug.smiles)) <= 2 * FILTER_ATOMS}
    mols = (_parsed(text) for text in texts)
    return frozenset(_flat(mol) for mol in mols if mol is not None and mol.GetNumHeavyAtoms() <= FILTER_ATOMS)


def _flat(mol: Mol) -> str:
    from rdkit import Chem

    return Chem.MolToSmiles(mol, isomericSmiles=False)


def _parsed(smiles: str) -> Mol:
    from rdkit import Chem

    return Chem.MolFromSmiles(smiles)


def _key(mol: Mol) -> str:
    from rdkit import Chem

    return Chem.MolToInchiKey(mol)


@cache
def _reactive() -> tuple[Mol, ...]:
    from rdkit import Chem

    return tuple(Chem.MolFromSmarts(one) for one in _REACTIVE)


def warm() -> None:
    """Load templates, building blocks and the listed chemicals ahead of need."""
    from agent.tools.molecules.references import chemical_by_inchikey
    from agent.tools.molecules.synthesis.templates import templates

    for template in templates():
        _ = template.forward, template.backward
    building_blocks()
    chemical_by_inchikey("")
    small_drugs()


def _cache_file() -> Path:
    from platformdirs import user_cache_path
    from rdkit import __version__

    return user_cache_path("gedanken") / f"building-blocks-{version('synspace')}-rdkit-{__version__}.txt"


class _Packed:
    """A stored molecule before RDKit reads it: the bytes that it was pickled from."""

    def __init__(self, packed: bytes) -> None:
        self.packed = packed


class _Reader(pickle.Unpickler):
    """Reads the package's file, which holds nothing but lists of molecules; anything else in it is refused."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("rdkit.Chem.rdchem", "Mol"):
            return _Packed
        raise pickle.UnpicklingError(f"the building blocks hold an unexpected {module}.{name}")


def _from_package() -> frozenset[str]:
    from rdkit import Chem

    quiet_rdkit()
    with bz2.open(data_file("blocks.pk.bz2")) as file:
        by_reaction = _Reader(io.BytesIO(file.read())).load()
    packed = {one.packed for roles in by_reaction.values() for blocks in roles for one in blocks}
    return frozenset(Chem.MolToSmiles(Chem.Mol(one)) for one in packed)
