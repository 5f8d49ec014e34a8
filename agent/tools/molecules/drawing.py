"""The tool that draws molecules: one clean SVG each, laid out like a reference, with what differs from it marked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from agent.records import ArtifactContent, Result, Value
from agent.tools import ok, progress, tool
from agent.units import counted

if TYPE_CHECKING:
    from rdkit.Chem import Mol

WIDTH, HEIGHT = 320, 240
"""Size of a drawing in pixels; as SVG it scales."""

_MARK = (0.99, 0.80, 0.45)
_PALETTE = {9: (0.13, 0.55, 0.13), 16: (0.65, 0.47, 0.0), 17: (0.0, 0.5, 0.2), 15: (0.75, 0.4, 0.0)}
"""Darker colours for the elements that RDKit draws too pale for a light page, by atomic number."""

_MATCH_SECONDS = 1


@tool("chemistry", engines=("rdkit",))
def draw_molecules(smiles: list[str], reference: str = "") -> Result:
    """Draw molecules as SVG, with the part that differs from a reference molecule highlighted.

    The background is transparent; black bonds and coloured heteroatoms are made for light pages. With a reference, the
    common part is laid out as in the reference, so that a row of analogues can be compared at a glance.

    Args:
        smiles: The molecules.
        reference: The molecule to compare with, as SMILES; empty for plain drawings.

    Returns:
        One SVG artifact a molecule, titled with its canonical SMILES. Data: drawings (smiles, changed_atoms), invalid.

    Source:
        RDKit's depiction; the common part is the maximum common substructure by topology and bond order.
    """
    from agent.tools.molecules.structures import inchikey, read_structure, read_structures, reading_warnings

    good, bad = read_structures(smiles)
    model = _laid_out(read_structure(reference, argument="reference").mol) if reference.strip() else None
    drawings, artifacts = [], {}
    for place, (index, item) in enumerate(good):
        if item.smiles not in artifacts:
            changed = _compare(item.mol, model) if model is not None else []
            artifacts[item.smiles] = ArtifactContent(
                name=f"{inchikey(item.mol) or f'molecule-{index}'}.svg",
                media_type="image/svg+xml",
                content=_svg(item.mol, changed, item.smiles),
                title=item.smiles,
            )
            drawings.append({"index": index, "smiles": item.smiles, "changed_atoms": changed})
        progress((place + 1) / len(good), f"{place + 1} of {len(good)} drawings")
    return ok(
        f"{counted(len(artifacts), 'drawing')}{' with the changes highlighted' if model is not None else ''}.",
        values=(Value(name="drawings", value=len(artifacts)),),
        data={"drawings": drawings, "invalid": [item.plain() for item in bad]},
        artifacts=artifacts.values(),
        warnings=reading_warnings(good, bad),
    )


def plain_svg(mol: Mol, title: str, width: int = WIDTH, height: int = HEIGHT) -> str:
    """One molecule as SVG in the style of this room, nothing highlighted."""
    return _svg(mol, [], title, width, height)


def compared_svgs(first: Mol, second: Mol, first_title: str, second_title: str) -> tuple[str, str]:
    """Two molecules laid out alike, what differs highlighted in each; as the inner parts of two drawings."""
    from rdkit import Chem

    model, other = _laid_out(Chem.Mol(first)), Chem.Mol(second)
    changed = _compare(other, model)
    back = _compare(Chem.Mol(first), other)
    drawings = (_svg(model, back, first_title), _svg(other, changed, second_title))
    left, right = (one.split("</title>", 1)[1].rsplit("</svg>", 1)[0] for one in drawings)
    return left, right


def _laid_out(mol: Mol) -> Mol:
    from rdkit.Chem import rdDepictor

    rdDepictor.SetPreferCoordGen(False)
    rdDepictor.Compute2DCoords(mol)
    rdDepictor.StraightenDepiction(mol)
    return mol


def _compare(mol: Mol, reference: Mol) -> list[int]:
    """Lay a molecule out like the reference and give the atoms that differ from it.

    Atoms are matched by the maximum common substructure with any element but the same bond orders. An atom differs if
    it has no partner, if its partner is another element or differs in charge or in hydrogens on a heteroatom, or if
    its partner holds something that is gone.
    """
    from rdkit import Chem
    from rdkit.Chem import rdDepictor, rdFMCS
    from rdkit.Geometry import Point2D

    found = rdFMCS.FindMCS(
        [mol, reference],
        timeout=_MATCH_SECONDS,
        atomCompare=rdFMCS.AtomCompare.CompareAny,
        bondCompare=rdFMCS.BondCompare.CompareOrderExact,
        ringMatchesRingOnly=True,
        completeRingsOnly=True,
    )
    pattern = Chem.MolFromSmarts(found.smartsString) if found.numAtoms > 2 else None
    if pattern is None:  # nothing in common: all of it differs
        _laid_out(mol)
        return [atom.GetIdx() for atom in mol.GetAtoms()]
    pairs = _best_pairs(mol, reference, pattern)
    places = reference.GetConformer()
    fixed = {
        mine: Point2D(places.GetAtomPosition(theirs).x, places.GetAtomPosition(theirs).y)
        for mine, theirs in pairs.items()
    }
    rdDepictor.Compute2DCoords(mol, coordMap=fixed)
    shared = set(pairs.values())
    changed = []
    for atom in mol.GetAtoms():
        partner = reference.GetAtomWithIdx(pairs[atom.GetIdx()]) if atom.GetIdx() in pairs else None
        if partner is None or _differ(atom, partner) or any(n.GetIdx() not in shared for n in partner.GetNeighbors()):
            changed.append(atom.GetIdx())
    return changed


def _best_pairs(mol: Mol, reference: Mol, pattern: Mol) -> dict[int, int]:
    """Of the ways to lay the common part on both molecules, the one with the fewest differing atoms."""
    theirs = reference.GetSubstructMatch(pattern)
    mine = min(
        mol.GetSubstructMatches(pattern, uniquify=False, maxMatches=200),
        key=lambda match: sum(
            _differ(mol.GetAtomWithIdx(one), reference.GetAtomWithIdx(other))
            for one, other in zip(match, theirs, strict=True)
        ),
    )
    return dict(zip(mine, theirs, strict=True))


def _differ(one, other) -> bool:
    if one.GetAtomicNum() != other.GetAtomicNum() or one.GetFormalCharge() != other.GetFormalCharge():
        return True
    return one.GetAtomicNum() != 6 and one.GetTotalNumHs() != other.GetTotalNumHs()


def _svg(mol: Mol, changed: list[int], title: str, width: int = WIDTH, height: int = HEIGHT) -> str:
    from rdkit.Chem.Draw import rdMolDraw2D

    if not mol.GetNumConformers():
        _laid_out(mol)
    canvas = rdMolDraw2D.MolDraw2DSVG(width, height)
    options = canvas.drawOptions()
    options.clearBackground = False
    options.padding = 0.06
    options.bondLineWidth = 1.6
    options.fixedBondLength = 26
    options.addStereoAnnotation = True
    options.setHighlightColour(_MARK)
    options.updateAtomPalette(_PALETTE)
    marked = set(changed)
    bonds = [b.GetIdx() for b in mol.GetBonds() if {b.GetBeginAtomIdx(), b.GetEndAtomIdx()} <= marked]
    rdMolDraw2D.PrepareAndDrawMolecule(canvas, mol, highlightAtoms=changed, highlightBonds=bonds)
    canvas.FinishDrawing()
    return _cleaned(canvas.GetDrawingText(), title)


def _cleaned(svg: str, title: str) -> str:
    """The SVG without XML declaration, comments and RDKit's own namespace, with a title for screen readers."""
    from xml.sax.saxutils import escape

    svg = re.sub(r"<\?xml.*?\?>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r"\s+xmlns:(?:rdkit|xlink)='[^']*'|\s+xml:space='[^']*'", "", svg).strip()
    head, rest = svg.split(">", 1)
    return f"{head} role='img'><title>{escape(title)}</title>{rest}\n"
