"""Marked molecules: reading attachment points (``[*:1]``), joining parts at them, and cutting scaffolds out.

An attachment point is a dummy atom with a map number and one single bond. Joining two removes both dummies and binds
their neighbours; stereocentres keep their arrangement, because RDKit's joining preserves the order of neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING

from agent.errors import RepairableToolError
from agent.tools.molecules.structures import quiet_rdkit

if TYPE_CHECKING:
    from rdkit.Chem import Mol


def read_marked(text: str, *, argument: str, marks: int | None = None) -> Mol:
    """Read a molecule with attachment points.

    Args:
        text: SMILES with ``[*:1]``, ``[*:2]``...; ``[R1]`` and a single bare ``*`` are understood.
        argument: The tool's argument, for the message.
        marks: How many points it must have (``None``: at least one).

    Returns:
        The molecule, its dummies carrying map numbers from 1.

    Raises:
        RepairableToolError: It cannot be read, or its points are not what is wanted.
    """
    from rdkit import Chem

    quiet_rdkit()
    written = re.sub(r"\[R(\d+)\]", r"[*:\1]", text.strip())
    bare = re.findall(r"(?<!\[)\*(?!:)", written)
    if bare and "[*:" not in written:
        numbers = iter(range(1, len(bare) + 1))
        written = re.sub(r"(?<!\[)\*(?!:)", lambda _: f"[*:{next(numbers)}]", written)
    mol = Chem.MolFromSmiles(written)
    if mol is None:
        raise RepairableToolError(f"{argument}: '{text}' is not a valid SMILES.", remedy="Mark points as in [*:1]CCO.")
    points = attachment_points(mol)
    if not points or (marks is not None and len(points) != marks):
        wanted = "an attachment point" if marks is None else f"{marks} attachment point{'s' if marks > 1 else ''}"
        raise RepairableToolError(
            f"{argument}: '{text}' has {len(points)} of them; it needs {wanted}.", remedy="Write [*:1], [*:2]."
        )
    for atom in mol.GetAtoms():
        if atom.GetAtomicNum():
            atom.SetAtomMapNum(0)
    if any(mol.GetAtomWithIdx(index).GetDegree() != 1 for index in points.values()):
        raise RepairableToolError(
            f"{argument}: an attachment point of '{text}' does not have one bond.", remedy="Write it as a substituent."
        )
    return mol


def attachment_points(mol: Mol) -> dict[int, int]:
    """The dummy atoms of a molecule: map number to atom."""
    return {
        atom.GetAtomMapNum() or atom.GetIsotope(): atom.GetIdx() for atom in mol.GetAtoms() if atom.GetAtomicNum() == 0
    }


def joined(core: Mol, parts: Sequence[tuple[int, Mol]]) -> Mol | None:
    """Bind parts, each with one attachment point, to a core.

    Args:
        core: The core.
        parts: For each the core's map number, and the part.

    Returns:
        The product; ``None`` if it is not a valid molecule.
    """
    from rdkit import Chem

    whole = Chem.Mol(core)
    fresh = 1000
    parameters = Chem.MolzipParams()
    parameters.label = Chem.MolzipLabel.AtomMapNumber
    points = attachment_points(whole)
    for number, part in parts:
        fresh += 1
        copy = Chem.Mol(part)
        (place,) = attachment_points(copy).values()
        copy.GetAtomWithIdx(place).SetAtomMapNum(fresh)
        whole.GetAtomWithIdx(points[number]).SetAtomMapNum(fresh)
        whole = Chem.CombineMols(whole, copy)
        points = {key: index for key, index in points.items() if key != number}
    try:
        made = Chem.molzip(whole, parameters)
        Chem.SanitizeMol(made)
    except (ValueError, RuntimeError):
        return None
    return Chem.RemoveHs(made)


def fillings(numbers: Sequence[int], choices: Mapping[int, Sequence[Mol]]) -> Iterator[tuple[tuple[int, Mol], ...]]:
    """Every way to fill the points of a core, those that change the last point first."""
    for chosen in product(*(choices[number] for number in numbers)):
        yield tuple(zip(numbers, chosen, strict=True))
