"""Reading crystals: a CIF or POSCAR file, or the text of one, with one clear complaint where that fails."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agent.errors import RepairableToolError

if TYPE_CHECKING:
    from pymatgen.core import Structure

MOST_ATOMS = 2000
"""Cells above this are proteins or supercells: symmetry and neighbour searches would take minutes."""

MOST_ATOMS_POTENTIAL = 400
"""Cells above this do not fit the memory of a desktop together with the potential's angle graph."""

_SAID_ELSEWHERE = (
    "Issues encountered while parsing CIF",  # rounded coordinates and settings: normal in published files
    "fractional coordinates rounded",  # the same, from the site parser
    "No structure parsed for section",  # blocks of text beside the structure; having none at all is our own error
    "No Pauling electronegativity",  # noble gases; the spread leaves them out
    "CrystalNN: cannot locate an appropriate radius",  # falls back on atomic radii, as our docstring says
    "No oxidation states specified on sites",  # the same: neighbours are found from geometry when states are unknown
    "Set OLD_ERROR_HANDLING to false",  # spglib on its own error API, called by pymatgen
    "dict interface is deprecated",  # spglib's data set, accessed by pymatgen
    "Converting a tensor with requires_grad=True to a scalar",  # CHGNet reads a volume for its value alone
    "Site labels are not unique",  # in CIFs that we write: labels carry nothing that the symbols do not say
    "We strongly encourage explicit `encoding`",  # monty, on files that pymatgen opens itself
)
"""Warnings of pymatgen, spglib and CHGNet that say nothing about the user's structure, or what we say ourselves."""


@contextmanager
def known_warnings() -> Iterator[None]:
    """Silence the warnings of these libraries that are understood (`_SAID_ELSEWHERE`); others come through."""
    with warnings.catch_warnings():
        for message in _SAID_ELSEWHERE:
            warnings.filterwarnings("ignore", message=f".*{re.escape(message)}")
        yield


@dataclass(frozen=True)
class Crystal:
    """A structure and the key by which the run's table knows it.

    Attributes:
        key: ``formula [prototype or file stem]``.
        structure: pymatgen's structure, as read (no standardisation).
        notes: What the parser had to assume, for instance a missing symmetry.
    """

    key: str
    structure: Structure
    notes: tuple[str, ...] = ()

    @property
    def formula(self) -> str:
        """The reduced formula."""
        return self.structure.composition.reduced_formula

    @property
    def stem(self) -> str:
        """The key as a file name."""
        return re.sub(r"[^A-Za-z0-9.+-]+", "_", self.key).strip("_")


def read_crystal(source: str, *, most: int = MOST_ATOMS, ordered: bool = False) -> Crystal:
    """Read a crystal.

    Args:
        source: Path of a CIF or POSCAR file, or the text of one.
        most: Refuse cells with more atoms.
        ordered: Refuse partial occupancies.

    Raises:
        RepairableToolError: The file is missing, is no structure, is too large, or is disordered where that is refused.
    """
    text, where, stem = _text_of(source)
    structure, notes = _parse(text, where)
    shown = structure.composition.reduced_formula
    name = _block_name(text) if _is_cif(text) else ""
    prototype = name.partition(":")[2].replace("~", " ")
    crystal = Crystal(f"{shown} [{prototype or stem or _space_group_name(structure)}]", structure, notes)
    if len(structure) > most:
        raise RepairableToolError(
            f"{where} has {len(structure)} sites in its cell; the limit here is {most}.",
            remedy="Give the primitive cell, or a smaller supercell.",
        )
    if ordered and not structure.is_ordered:
        raise RepairableToolError(
            f"{where} ({shown}) has partial occupancies: its atoms are disordered over sites.",
            remedy="Give an ordered structure (for instance an ordered supercell with the same composition).",
        )
    return crystal


def read_crystals(sources: Iterable[str], *, most: int = MOST_ATOMS, ordered: bool = False) -> list[Crystal]:
    """Read several crystals; two that would share a key are told apart by a number.

    Raises:
        RepairableToolError: The list is empty, or one cannot be read; the message says which.
    """
    crystals: list[Crystal] = []
    taken: dict[str, int] = {}
    for source in sources:
        crystal = read_crystal(source, most=most, ordered=ordered)
        taken[crystal.key] = taken.get(crystal.key, 0) + 1
        if taken[crystal.key] > 1:
            crystal = Crystal(f"{crystal.key[:-1]} #{taken[crystal.key]}]", crystal.structure, crystal.notes)
        crystals.append(crystal)
    if not crystals:
        raise RepairableToolError("No structure was given.", remedy="Give at least one CIF file or CIF text.")
    return crystals


def cif_text(crystal: Crystal) -> str:
    """The crystal as CIF, named so that `read_crystal` finds the same key again.

    Its symmetry is written where it brings all atoms back. Atoms that are nearly, and not quite, in symmetric places
    (a relaxation that has not converged) can have operations that do not fit them: they are written one by one.
    """
    from pymatgen.io.cif import CifWriter

    plain = crystal.structure.copy()
    plain.remove_oxidation_states()
    for name in list(plain.site_properties):
        plain.remove_site_property(name)
    with known_warnings():
        written = str(CifWriter(plain, symprec=0.01 if plain.is_ordered else None))
        if not _brings_back(written, plain):
            written = str(CifWriter(plain))
    label = crystal.key.partition(" [")[2].removesuffix("]").replace(" ", "~")  # a block name has no blanks
    return re.sub(r"^data_.*$", lambda _: f"data_{crystal.formula}:{label}", written, count=1, flags=re.MULTILINE)


def _brings_back(written: str, structure: Structure) -> bool:
    """Whether a CIF holds the atoms of a structure, in the same volume."""
    from pymatgen.io.cif import CifParser

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of what is looked for here
        try:
            (read,) = CifParser.from_str(written).parse_structures(primitive=False)
        except ValueError:
            return False
    same = read.composition.reduced_formula == structure.composition.reduced_formula
    return same and abs(read.density / structure.density - 1) < 1e-3


def space_group(structure: Structure, *, tolerance: float = 0.01) -> tuple[str, int]:
    """Symbol and number of the space group by spglib.

    Args:
        structure: Any structure.
        tolerance: How far atoms may be from their symmetric places, in Å.

    Returns:
        For instance ``("Fm-3m", 225)``; ``("unknown", 0)`` where spglib finds none (atoms on top of each other).
    """
    from pymatgen.symmetry.analyzer import SpacegroupAnalyzer, SymmetryUndeterminedError

    with known_warnings():
        try:
            found = SpacegroupAnalyzer(structure, symprec=tolerance)
            return found.get_space_group_symbol(), found.get_space_group_number()
        except SymmetryUndeterminedError:
            return "unknown", 0


def _space_group_name(structure: Structure) -> str:
    return space_group(structure)[0]


def _text_of(source: str) -> tuple[str, str, str]:
    """The text of a structure, how to call it in messages, and the stem of its file."""
    if "\n" in source.strip():
        return source, f"The structure text beginning '{source.strip().splitlines()[0][:40]}'", ""
    if not source.strip():
        raise RepairableToolError(
            "The structure is an empty text.", remedy="Give the path of a CIF or POSCAR file, or CIF text."
        )
    path = Path(source.strip()).expanduser()
    try:
        return path.read_text(encoding="utf-8", errors="replace"), f"The file '{source}'", path.stem
    except OSError as error:
        raise RepairableToolError(
            f"The structure file '{source}' cannot be read ({error.strerror or error}).",
            remedy="Give the path of an existing CIF or POSCAR file, or the text of one.",
        ) from error


def _is_cif(text: str) -> bool:
    return "_cell_length_a" in text


def _block_name(text: str) -> str:
    found = re.search(r"^data_(\S+)", text, flags=re.MULTILINE)
    return found[1] if found else ""


def _parse(text: str, where: str) -> tuple[Structure, tuple[str, ...]]:
    """The structure, and what the parser warns of that is not among the known warnings."""
    from pymatgen.core import Structure
    from pymatgen.io.cif import CifParser
    from pymatgen.io.vasp import Poscar

    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            with known_warnings():
                if _is_cif(text):
                    # Published occupancies add up to 1 within rounding.
                    parser = CifParser.from_str(text, occupancy_tolerance=1.02)
                    found = parser.parse_structures(primitive=False)[0]
                else:
                    found = Poscar.from_str(text).structure
        notes = dict.fromkeys(str(warning.message).splitlines()[0] for warning in caught)
        return Structure.from_sites(found.sites), tuple(notes)
    except Exception as error:  # the parsers raise a dozen kinds of error on malformed text
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise RepairableToolError(
            f"{where} is not a readable CIF or POSCAR ({reason[:160]}).",
            remedy="Give a CIF with cell, symmetry and atom sites, or a POSCAR.",
        ) from error
