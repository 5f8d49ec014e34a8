"""Building blocks: given or from a file, sorted by the part that they can take in a reaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import RepairableToolError
from agent.tools.molecules.enumeration.reactions import REACTIONS
from agent.tools.molecules.structures import quiet_rdkit, read_structure
from agent.units import counted

if TYPE_CHECKING:
    from rdkit.Chem import Mol


@dataclass(frozen=True)
class Block:
    """A building block with its name (its SMILES, if the file gives none)."""

    name: str
    mol: Mol


@dataclass
class Reactants:
    """A reaction and the blocks for each part in it.

    Attributes:
        name: The reaction's.
        reaction: Its RDKit form.
        first: Blocks that can be the first reactant.
        second: Blocks that can be the second.
        warnings: What the reader should know.
        data: Blocks that were left out: unreadable (with the reason) and unfit (without the group).
    """

    name: str
    reaction: Any
    first: list[Block] = field(default_factory=list)
    second: list[Block] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)


def reactants(text: str, first: Sequence[str], second: Sequence[str], path: str) -> Reactants:
    """Read a reaction and its building blocks (see the tool for the arguments).

    Raises:
        RepairableToolError: The reaction or the file cannot be read, or no block fits one of its parts.
    """
    name, reaction = _reaction(text)
    found = Reactants(name, reaction)
    bad: list[dict[str, object]] = []
    unfit: list[str] = []
    filed = list(_filed(path, bad)) if path else []
    if first and list(first) == list(second):  # one list for both parts: each block serves where it fits, as in a file
        filed = list(_given(first, "first", bad))
        first = second = ()
    for part, given, blocks in ((0, first, found.first), (1, second, found.second)):
        pattern = reaction.GetReactantTemplate(part)
        offered = list(_given(given, ("first", "second")[part], bad)) if given else filed
        fitting = [block for block in offered if block.mol.HasSubstructMatch(pattern)]
        blocks += fitting
        if given:
            unfit += [block.name for block in offered if not block.mol.HasSubstructMatch(pattern)]
        if not blocks:
            raise RepairableToolError(
                f"{('first', 'second')[part]}: none of {len(offered)} building blocks has the group that {name} needs.",
                remedy="Give blocks with the reacting group, or another reaction.",
            )
    if filed:
        used = {id(block) for block in (*found.first, *found.second)}
        unfit += [block.name for block in filed if id(block) not in used]
    if bad:
        shown = "; ".join(f"{item['where']}: {item['error']}" for item in bad[:3])
        found.warnings.append(f"{counted(len(bad), 'building block')} could not be read, left out: {shown}")
    if unfit:
        found.warnings.append(
            f"{counted(len(unfit), 'building block')} without the reacting group: {', '.join(unfit[:3])}"
        )
    found.data = {"unreadable": bad, "unfit": unfit}
    return found


def _reaction(text: str) -> tuple[str, Any]:
    from rdkit.Chem import rdChemReactions

    quiet_rdkit()
    known = {name.lower(): name for name in REACTIONS}
    name = known.get(text.strip().lower(), "")
    smarts = REACTIONS[name] if name else text.strip()
    try:
        reaction = rdChemReactions.ReactionFromSmarts(smarts) if ">>" in smarts else None
    except ValueError:
        reaction = None
    if reaction is None or reaction.GetNumReactantTemplates() != 2 or reaction.GetNumProductTemplates() != 1:
        raise RepairableToolError(
            f"reaction: '{text}' is neither a known reaction nor SMARTS of two reactants and one product.",
            remedy=f"Give SMARTS such as A.B>>C, or one of: {', '.join(REACTIONS)}.",
        )
    reaction.Initialize()
    return name or text.strip(), reaction


def _given(texts: Sequence[str], argument: str, bad: list[dict[str, object]]) -> Iterator[Block]:
    for index, text in enumerate(texts):
        try:
            item = read_structure(text, argument=argument)
        except RepairableToolError as error:
            bad.append({"where": f"{argument} {index + 1}", "smiles": text, "error": error.message})
            continue
        yield Block(item.smiles, item.mol)


def _filed(path: str, bad: list[dict[str, object]]) -> Iterator[Block]:
    from agent.tools.molecules.library.file import read_layout

    layout = read_layout(Path(path))
    lines = Path(path).read_text(encoding="utf-8-sig", errors="replace").splitlines()
    for number, line in enumerate(lines, start=1):
        if number < layout.first_line or not line.strip():
            continue
        cells = line.split(layout.delimiter) if layout.delimiter else line.split(maxsplit=1)
        smiles = cells[layout.smiles].strip() if layout.smiles < len(cells) else ""
        name = cells[layout.name].strip() if 0 <= layout.name < len(cells) else ""
        try:
            item = read_structure(smiles, argument="building_blocks")
        except RepairableToolError as error:
            bad.append({"where": f"line {number}", "smiles": smiles, "error": error.message})
            continue
        yield Block(name or item.smiles, item.mol)
