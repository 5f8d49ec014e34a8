"""Reading structures: SMILES and InChI in, one clean parent molecule out, or an error that says what is wrong.

RDKit is loaded inside the functions. Its messages go to a Python logger of our own instead of the process's standard
error, and what it says about a bad structure becomes part of the error that the caller sees.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from agent.errors import RepairableToolError

if TYPE_CHECKING:
    from rdkit.Chem import Mol

MAX_ATOMS = 500
"""Heavy atoms of the largest molecule that the room accepts; descriptors and alerts are meant for small molecules."""

MAX_TEXT = 4000
"""Characters of the longest structure text that is read at all."""

# Elements of drug-like organic chemistry and its common salts. What is neither here nor in `_COUNTER_IONS` is a metal
# or metalloid, for which the descriptors of this room have no parameters.
_ORGANIC = frozenset({1, 5, 6, 7, 8, 9, 14, 15, 16, 17, 34, 35, 53})
_COUNTER_IONS = frozenset({3, 11, 12, 13, 19, 20, 25, 26, 30, 37, 38, 47, 55, 56, 83})


# A SMILES without any of these (the last begins an extension) has one part, and only atoms of the organic subset with
# the hydrogens that they lack.
_SPECIAL = frozenset("[*.|")


@dataclass(frozen=True)
class Structure:
    """A molecule that was read.

    Attributes:
        mol: The sanitised RDKit molecule (parent fragment, no explicit hydrogens).
        smiles: Its canonical isomeric SMILES.
        warnings: What was changed on reading (a salt stripped, a charge neutralised).
    """

    mol: Mol
    smiles: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Unreadable:
    """An entry of a list that could not be read: its place, its text, and why."""

    index: int
    text: str
    error: str

    def plain(self) -> dict[str, object]:
        """The entry as JSON-compatible data."""
        return {"index": self.index, "smiles": self.text, "error": self.error}


class _Messages(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(re.sub(r"^\[[\d:]+\]\s*", "", record.getMessage().strip("\n"), flags=re.MULTILINE))


@cache
def quiet_rdkit() -> None:
    """Send RDKit's messages to the Python logger ``rdkit`` and nowhere else (once a process)."""
    from rdkit import rdBase

    rdBase.LogToPythonLogger()
    logger = logging.getLogger("rdkit")
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
    logger.addHandler(logging.NullHandler())
    logger.propagate = False


@contextmanager
def _messages() -> Iterator[list[str]]:
    quiet_rdkit()
    handler = _Messages()
    logger = logging.getLogger("rdkit")
    logger.addHandler(handler)
    try:
        yield handler.lines
    finally:
        logger.removeHandler(handler)


def read_structure(text: str, *, argument: str = "smiles") -> Structure:
    """Read one structure and keep its parent.

    A salt or mixture is reduced to its largest carbon-containing part, which is neutralised if the others carried its
    counter-charge; a warning says what was left out.

    Args:
        text: SMILES, or InChI (starting with ``InChI=``).
        argument: The name of the tool's argument, for the message.

    Returns:
        The parent molecule, its canonical SMILES, and warnings.

    Raises:
        RepairableToolError: The text is empty, too long, not parsable (the message says where), or describes something
            that this room does not handle: a metal complex, a radical, isotope labels, a query atom, or more than
            `MAX_ATOMS` heavy atoms.
    """
    from rdkit import Chem

    mol, warnings = read_mol(text, argument=argument)
    return Structure(mol, Chem.MolToSmiles(mol), warnings)


def read_mol(text: str, *, argument: str = "smiles") -> tuple[Mol, tuple[str, ...]]:
    """Read one structure as `read_structure` does, without writing it down.

    Returns:
        The parent molecule and the warnings.

    Raises:
        RepairableToolError: As `read_structure`.
    """
    quiet_rdkit()
    given = text.strip()
    shown = given if len(given) <= 80 else given[:77] + "..."
    if not given:
        raise RepairableToolError(f"{argument}: the structure is empty.", remedy="Give a SMILES such as CCO.")
    if len(given) > MAX_TEXT:
        raise RepairableToolError(
            f"{argument}: the structure '{shown}' is {len(given)} characters long; the limit is {MAX_TEXT}.",
            remedy="Give a small molecule.",
        )
    mol, smiles_given = _parse(given), not given.startswith("InChI=")
    if mol is None or (mol.GetNumAtoms() == 0):
        with _messages() as lines:
            _parse(given)  # once more, to hear what is wrong: listening costs more than reading what is right
        raise RepairableToolError(
            f"{argument}: '{shown}' is not a valid {'SMILES' if smiles_given else 'InChI'}: "
            f"{_what_rdkit_said(given, lines)}.",
            remedy="Check brackets, ring closures, aromatic lower case and valences.",
        )
    warnings: tuple[str, ...] = ()
    if not smiles_given or not _SPECIAL.isdisjoint(given):
        _refuse_unsupported(mol, shown, argument)
        mol, warnings = _parent(mol, shown, argument)
    if "@" in given and (lost := _lost_marks(given, mol)):
        warnings += (f"'{shown}' marks stereochemistry at {lost} where there is none; the mark was dropped",)
    if not mol.GetNumHeavyAtoms():
        raise RepairableToolError(
            f"{argument}: '{shown}' holds hydrogen alone, for which nothing is computed here.",
            remedy="Give a molecule with heavy atoms.",
        )
    if mol.GetNumHeavyAtoms() > MAX_ATOMS:
        raise RepairableToolError(
            f"{argument}: '{shown}' has {mol.GetNumHeavyAtoms()} heavy atoms; the limit is {MAX_ATOMS}.",
            remedy="Give a small molecule, or the sequence tools a biopolymer.",
        )
    return mol, warnings


def _lost_marks(given: str, mol: Mol) -> str:
    """How many atoms a SMILES marks as stereocentres that are none, in words; empty if all are (or parts are gone)."""
    if "." in given or "|" in given:
        return ""
    marked = len(re.findall(r"@+", given))
    lost = marked - sum(bool(atom.GetChiralTag()) for atom in map(mol.GetAtomWithIdx, range(mol.GetNumAtoms())))
    return "" if lost <= 0 else "an atom" if lost == 1 else f"{lost} atoms"


def _parse(given: str) -> Mol | None:
    from rdkit import Chem

    return Chem.MolFromInchi(given) if given.startswith("InChI=") else Chem.MolFromSmiles(given)


def read_structures(
    texts: Iterable[str], *, argument: str = "smiles"
) -> tuple[list[tuple[int, Structure]], list[Unreadable]]:
    """Read a list of structures, keeping the place of each.

    Args:
        texts: SMILES or InChI.
        argument: The name of the tool's argument, for the messages.

    Returns:
        The readable ones with their index in ``texts``, and the others with what is wrong with them.

    Raises:
        RepairableToolError: The list is empty, or none of it can be read.
    """
    good: list[tuple[int, Structure]] = []
    bad: list[Unreadable] = []
    for index, text in enumerate(texts):
        try:
            good.append((index, read_structure(text, argument=f"{argument}[{index}]")))
        except RepairableToolError as error:
            bad.append(Unreadable(index, text, error.message))
    if not good and not bad:
        raise RepairableToolError(f"{argument}: the list is empty.", remedy="Give at least one SMILES.")
    if not good:
        more = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
        raise RepairableToolError(bad[0].error + more, remedy="Give at least one valid SMILES.")
    return good, bad


def reading_warnings(good: Iterable[tuple[int, Structure]], bad: Iterable[Unreadable]) -> tuple[str, ...]:
    """What the caller has to know about a list that was read: salts stripped, entries left out."""
    changed = [f"entry {index}: {warning}" for index, item in good for warning in item.warnings]
    return (*changed, *(f"left out: {item.error}" for item in bad))


def inchikey(mol: Mol) -> str:
    """The standard InChIKey, or an empty string where InChI cannot describe the molecule."""
    from rdkit import Chem

    quiet_rdkit()
    return Chem.MolToInchiKey(mol)


def formula(mol: Mol) -> str:
    """The molecular formula in Hill order."""
    from rdkit.Chem import rdMolDescriptors

    return rdMolDescriptors.CalcMolFormula(mol)


def read_pattern(text: str, *, argument: str) -> Mol:
    """Read a substructure pattern: a SMARTS, or the name of a group of `groups.GROUPS`.

    Raises:
        RepairableToolError: It is neither.
    """
    from rdkit import Chem

    from agent.tools.molecules.groups import substructure_pattern

    smarts = substructure_pattern(text) or text.strip()
    with _messages() as lines:
        pattern = Chem.MolFromSmarts(smarts) if smarts else None
    if pattern is None or pattern.GetNumAtoms() == 0:
        raise RepairableToolError(
            f"{argument}: '{text}' is neither a valid SMARTS nor the name of a known group"
            f"{': ' + lines[0] if lines else ''}.",
            remedy="Give a SMARTS such as S(=O)(=O)N, or a name such as sulfonamide.",
        )
    return pattern


def _what_rdkit_said(text: str, lines: list[str]) -> str:
    """The heart of RDKit's complaint, with the position in the text where it gives one."""
    joined = " | ".join(line for raw in lines for line in raw.splitlines())
    said = [part.strip() for part in joined.split(" | ")]
    what = next((part for part in said if part and "Failed parsing" not in part and "check for" not in part), "")
    what = what.removeprefix("SMILES Parse Error: ").split(" while parsing")[0].split(" for input")[0].rstrip(":. ")
    where = next((part.split("position")[1].strip(" :") for part in said if "around position" in part), "")
    if not what:
        return "RDKit cannot read it"
    if where.isdigit():
        place = max(int(where) - 1, 0)
        return f"{what}, near character {place + 1} ('{text[max(place - 3, 0) : place + 4]}')"
    return what


def _refuse_unsupported(mol: Mol, shown: str, argument: str) -> None:
    for atom in map(mol.GetAtomWithIdx, range(mol.GetNumAtoms())):
        number, symbol = atom.GetAtomicNum(), atom.GetSymbol()
        if number == 0:
            raise RepairableToolError(
                f"{argument}: '{shown}' has a query or dummy atom (number {atom.GetIdx() + 1}).",
                remedy="Give a complete molecule without * or R groups.",
            )
        if number not in _ORGANIC and not (number in _COUNTER_IONS and atom.GetDegree() == 0):
            raise RepairableToolError(
                f"{argument}: '{shown}' contains {symbol}; metal and metalloid compounds are not handled here.",
                remedy="Give an organic molecule, or the crystal tools a solid.",
            )
        if atom.GetIsotope():
            raise RepairableToolError(
                f"{argument}: '{shown}' carries an isotope label ({atom.GetIsotope()}{symbol}).",
                remedy="Give it without isotope labels: the descriptors do not depend on them.",
            )
        if atom.GetNumRadicalElectrons():
            raise RepairableToolError(
                f"{argument}: '{shown}' has an unpaired electron on {symbol} (atom {atom.GetIdx() + 1}).",
                remedy="Give a closed-shell molecule; check hydrogens in square brackets.",
            )


def _parent(mol: Mol, shown: str, argument: str) -> tuple[Mol, tuple[str, ...]]:
    from rdkit import Chem

    if any(mol.GetAtomWithIdx(index).GetAtomicNum() == 1 for index in range(mol.GetNumAtoms())):
        mol = Chem.RemoveHs(mol)
    if len(Chem.GetMolFrags(mol)) == 1:
        return mol, ()
    fragments = Chem.GetMolFrags(mol, asMols=True)

    def size(fragment: Mol) -> tuple[bool, int, str]:
        carbon = any(atom.GetAtomicNum() == 6 for atom in fragment.GetAtoms())
        return carbon, fragment.GetNumHeavyAtoms(), Chem.MolToSmiles(fragment)

    ranked = sorted(fragments, key=size, reverse=True)
    if not size(ranked[0])[0]:
        raise RepairableToolError(
            f"{argument}: '{shown}' is an inorganic salt or mixture; none of its parts contains carbon.",
            remedy="Give an organic molecule.",
        )
    parent = ranked[0]
    left = [Chem.MolToSmiles(fragment) for fragment in ranked[1:]]
    warnings = [
        f"'{shown}' has several parts; the parent {Chem.MolToSmiles(parent)} was kept, left out: {', '.join(left)}"
    ]
    if Chem.GetFormalCharge(parent):
        neutral = _neutral(parent)
        if Chem.GetFormalCharge(neutral) != Chem.GetFormalCharge(parent):
            parent = neutral
            warnings.append(f"its charge was neutralised to {Chem.MolToSmiles(parent)}")
    return parent, tuple(warnings)


def _neutral(mol: Mol) -> Mol:
    from rdkit.Chem.MolStandardize import rdMolStandardize

    return rdMolStandardize.Uncharger().uncharge(mol)


def scaffold(mol: Mol) -> str:
    """The Bemis-Murcko scaffold as canonical SMILES; empty for a molecule without rings.

    Source:
        Bemis and Murcko, J. Med. Chem. 1996, 39, 2887.
    """
    from rdkit import Chem

    if not mol.GetRingInfo().NumRings():
        return ""
    return Chem.MolToSmiles(Chem.MurckoDecompose(mol))
