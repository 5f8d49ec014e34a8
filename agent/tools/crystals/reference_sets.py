"""What installed packages know of crystals: published structures, and compositions that have a name.

Three sets, all small against a database of structures: the table of minerals of this room, the AFLOW prototypes that
pymatgen ships (each the structure of a real compound), and the compounds without carbon-hydrogen chemistry in the table
of identifiers that ``chemicals`` ships (compositions only).
"""

from __future__ import annotations

import gzip
import io
import json
import re
import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache, partial
from math import gcd
from typing import TYPE_CHECKING, Any, NamedTuple

from agent.tools.crystals.mineral_table import MINERALS, Mineral
from agent.tools.crystals.minerals import mineral_crystal

if TYPE_CHECKING:
    from pymatgen.core import Structure

MINERAL_TABLE = "common minerals (table of published refinements)"
AFLOW = "AFLOW prototypes (pymatgen)"
COMPOSITIONS = "inorganic compositions among 60,000 compounds (chemicals)"
NOT_SEARCHED = "ICSD, COD, the Materials Project and the literature"
_PART = re.compile(r"([A-Z][a-z]?)(\d*)")

Composition = tuple[tuple[str, int], ...]
"""Elements with their numbers in the reduced formula, in alphabetical order."""


class KnownCrystal(NamedTuple):
    """A published structure: its name, the set that has it, and the structure."""

    name: str
    source: str
    structure: Structure


def reduced(counts: dict[str, int]) -> Composition:
    """The reduced composition of whole numbers of atoms.

    Args:
        counts: Atoms of each element; zeros are left out.
    """
    kept = {element: number for element, number in counts.items() if number > 0}
    common = gcd(*kept.values()) if kept else 1
    return tuple(sorted((element, number // common) for element, number in kept.items()))


def published(composition: Composition) -> tuple[KnownCrystal, ...]:
    """The ordered published structures of a composition, minerals first."""
    return tuple(one for make in _published().get(composition, ()) if (one := make()).structure.is_ordered)


def published_compositions() -> tuple[Composition, ...]:
    """The compositions of which a structure is published."""
    return tuple(_published())


@cache
def _published() -> dict[Composition, list[Callable[[], KnownCrystal]]]:
    """Ways to make the published structures by composition: making all of them takes seconds."""
    found: dict[Composition, list[Callable[[], KnownCrystal]]] = {}
    for mineral in MINERALS:
        counts: Counter[str] = Counter()
        for element, number in _PART.findall(mineral.formula):
            counts[element] += int(number or 1)
        found.setdefault(reduced(counts), []).append(partial(_mineral, mineral))
    for entry in _aflow():
        species = [one["species"] for one in entry["snl"]["sites"]]
        if all(len(one) == 1 and one[0]["occu"] == 1 for one in species):
            composition = reduced(Counter(one[0]["element"] for one in species))
            found.setdefault(composition, []).append(partial(_prototype, entry))
    return found


def composition_of(structure: Structure) -> Composition:
    """The reduced composition of an ordered structure."""
    return reduced(Counter(site.specie.symbol for site in structure))


@cache
def _mineral(mineral: Mineral) -> KnownCrystal:
    return KnownCrystal(mineral.name, MINERAL_TABLE, mineral_crystal(mineral).structure)


def _prototype(entry: Mapping[str, Any]) -> KnownCrystal:
    from pymatgen.core import Structure

    tags = entry["tags"]
    named = tags.get("mineral") or tags.get("strukturbericht") or tags["aflow"]
    structure = Structure.from_dict({key: entry["snl"][key] for key in ("lattice", "sites")} | {"charge": None})
    return KnownCrystal(f"{structure.composition.reduced_formula} ({named})", AFLOW, structure)


def _aflow() -> list[dict[str, Any]]:
    """Source: M. J. Mehl et al., "The AFLOW library of crystallographic prototypes", Comput. Mater. Sci. 136, S1."""
    from importlib.resources import files

    packed = files("pymatgen.analysis").joinpath("prototypes").joinpath("aflow_prototypes.json.gz").read_bytes()
    with gzip.open(io.BytesIO(packed), "rt", encoding="utf-8") as file:
        return json.load(file)


@cache
def named_compositions() -> dict[Composition, str]:
    """Compositions of compounds that hold no hydrocarbon part, with the name of the first compound that has it."""
    from chemicals.identifiers import get_pubchem_db

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the table's reader leaves files to the garbage collector
        database = get_pubchem_db()
        database.finish_loading()
    found: dict[Composition, str] = {}
    for one in database.CAS_index.values():
        counts: Counter[str] = Counter()
        for element, number in _PART.findall(one.formula):
            counts[element] += int(number or 1)
        if len(counts) > 1 and not {"C", "H"} <= counts.keys():
            found.setdefault(reduced(counts), one.common_name)
    return found
