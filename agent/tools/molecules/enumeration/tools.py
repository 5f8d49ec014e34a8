"""The tools that enumerate: groups on a core, libraries from reactions, linkers, and other scaffolds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.errors import RepairableToolError
from agent.records import Constraint, Objective, Result
from agent.tools import FilePath, tool

if TYPE_CHECKING:
    from agent.tools.molecules.enumeration.making import Asked

MOST_BUILT = 200_000
"""Combinations that one call builds at most; of more, an even random choice is taken, and said."""

MOST = 2000
"""Molecules that one call returns at most."""


@tool("chemistry", engines=("rdkit",), seconds=300)
def enumerate_r_groups(
    core: str,
    groups: list[list[str]] = [],
    constraints: list[Constraint] = [],
    objectives: list[Objective] = [],
    keep: list[str] = [],
    avoid: list[str] = [],
    count: int = 200,
    random_seed: int = 0,
) -> Result:
    """Enumerate groups on a marked core: every combination, filtered by bounds on computed properties.

    The core's defined stereocentres are kept. Whether they can be made is not
    asked.

    Args:
        core: SMILES with attachment points [*:1], [*:2], ...
        groups: For each point, in order of its number, the groups: names of common substituents (methoxy, CF3), or
            SMILES with one attachment point (``[*:1]OC``) or bound by their first atom (``OC``). None: the room's
            substituents at every point. ``H`` leaves the point open.
        constraints: Bounds on quantities that RDKit computes; ``similarity`` is not among them here.
        objectives: What ranks those that meet everything; none: drug-likeness (QED) and ease of synthesis.
        keep: Substructures that every molecule must have, as SMARTS or group names.
        avoid: Substructures that no molecule may have, as SMARTS or group names.
        count: How many molecules are wanted at most, 1 to 2000.
        random_seed: Which combinations are taken when there are more than can be built.

    Returns:
        Data: smiles, combinations (possible), built, qualified, failures (by constraint), nearest (when none qualify).
        Candidates with all descriptors and the labels R1, R2, ..., scaffold.

    Source:
        RDKit's molzip; the substituents are this project's own list.
    """
    from agent.tools.molecules.enumeration.core import attachment_points, read_marked
    from agent.tools.molecules.enumeration.groups import read_groups
    from agent.tools.molecules.enumeration.making import Combinations, finish

    asked = _asked(constraints, objectives, keep, avoid)
    frame = read_marked(core, argument="core")
    numbers = sorted(attachment_points(frame))
    if groups and len(groups) != len(numbers):
        raise RepairableToolError(
            f"groups: {len(groups)} lists for {len(numbers)} attachment points.", remedy="Give one list a point."
        )
    lists = [read_groups(texts) for texts in groups] if groups else [read_groups(())] * len(numbers)
    work = Combinations(frame, numbers, lists, random_seed, MOST_BUILT)
    return finish(work, asked, _wanted(count), f"groups on {core}")


@tool("chemistry", engines=("rdkit",), seconds=300)
def enumerate_library(
    reaction: str,
    first: list[str] = [],
    second: list[str] = [],
    building_blocks: FilePath = "",
    constraints: list[Constraint] = [],
    objectives: list[Objective] = [],
    keep: list[str] = [],
    avoid: list[str] = [],
    count: int = 200,
    random_seed: int = 0,
) -> Result:
    """Enumerate the products of a reaction of two building blocks, filtered by bounds on computed properties.

    Blocks that lack the reacting group are left out and counted; of a block that could react at several places, every
    product is taken. Whether a reaction works on a pair is not judged.

    Args:
        reaction: The name of a reaction (amide coupling, Suzuki coupling, reductive amination, SNAr, ...), or reaction
            SMARTS/SMIRKS of two reactants and one product.
        first: SMILES of the first reactants; empty: from the file.
        second: SMILES of the second reactants; empty: from the file. The same list as the first: each block is used
            wherever its groups fit.
        building_blocks: A file of SMILES, one a line with a name behind it, or CSV with a column smiles; each block is
            used wherever its groups fit.
        constraints: Bounds on quantities that RDKit computes.
        objectives: What ranks those that meet everything; none: drug-likeness (QED) and ease of synthesis.
        keep: Substructures that every molecule must have, as SMARTS or group names.
        avoid: Substructures that no molecule may have, as SMARTS or group names.
        count: How many products are wanted at most, 1 to 2000.
        random_seed: Which pairs are taken when there are more than can be built.

    Returns:
        Data: smiles, combinations (pairs), built, qualified, failures, nearest, unreadable (blocks that could not be
        read, with the reason), unfit (blocks without the group). Candidates with all descriptors and the labels
        reaction, first, second.

    Source:
        Reaction patterns of this project; RDKit applies them.
    """
    from agent.tools.molecules.enumeration.blocks import reactants
    from agent.tools.molecules.enumeration.making import Pairs, finish

    asked = _asked(constraints, objectives, keep, avoid)
    found = reactants(reaction, first, second, building_blocks)
    work = Pairs(found, random_seed, MOST_BUILT)
    return finish(
        work,
        asked,
        _wanted(count),
        f"products of {reaction}",
        found.warnings,
        found.data,
    )


@tool("chemistry", engines=("rdkit",), seconds=300)
def design_linkers(
    first: str,
    second: str,
    linkers: list[str] = [],
    constraints: list[Constraint] = [],
    objectives: list[Objective] = [],
    keep: list[str] = [],
    avoid: list[str] = [],
    least: int = 0,
    most: int = 12,
    count: int = 100,
) -> Result:
    """Join two fragments by linkers of a given length, filtered by bounds on computed properties.

    Linkers are common ones (alkyl, ether, amine, amide, sulfonamide, urea, rings) and pairs of them. Both directions of
    an unsymmetric linker are made. The fit into a binding site is not judged.

    Args:
        first: The first fragment as SMILES with one attachment point, such as [*:1]c1ccccc1.
        second: The second fragment, likewise.
        linkers: Linkers as SMILES with [*:1] and [*:2]; none: the room's.
        constraints: Bounds on quantities that RDKit computes.
        least: Fewest atoms on the shortest way from one fragment to the other.
        most: Most atoms on it.
        objectives: What ranks those that meet everything; none: drug-likeness (QED) and ease of synthesis.
        keep: Substructures that every molecule must have, as SMARTS or group names.
        avoid: Substructures that no molecule may have, as SMARTS or group names.
        count: How many molecules are wanted at most, 1 to 2000.

    Returns:
        Data: smiles, combinations, built, qualified, failures, nearest. Candidates with all descriptors and the labels
        linker, linker_atoms.

    Source:
        The linkers are this project's own list; RDKit's molzip joins.
    """
    from agent.tools.molecules.enumeration.core import read_marked
    from agent.tools.molecules.enumeration.making import Linked, finish

    asked = _asked(constraints, objectives, keep, avoid)
    ends = (read_marked(first, argument="first", marks=1), read_marked(second, argument="second", marks=1))
    if not 0 <= least <= most:
        raise RepairableToolError(f"least: {least} to {most} atoms is no length.", remedy="Give 0 <= least <= most.")
    given = [read_marked(text, argument="linkers", marks=2) for text in linkers]
    work = Linked(ends, given, least, most)
    return finish(work, asked, _wanted(count), f"linkers between {first} and {second}")


@tool("chemistry", engines=("rdkit",), seconds=300)
def hop_scaffolds(
    smiles: str,
    constraints: list[Constraint] = [],
    objectives: list[Objective] = [],
    keep: list[str] = [],
    avoid: list[str] = [],
    least_shape: float = 0.0,
    count: int = 50,
    random_seed: int = 0,
) -> Result:
    """Replace the central scaffold of a molecule by others that carry the same groups: scaffold hopping.

    Ring systems of approved drugs that installed packages ship, and the room's rings, take the place of each ring
    system of the molecule that holds two or three groups; the groups stay, with their stereocentres. Results are ranked
    by likeness in shape and pharmacophore (USRCAT on one conformer each) to the molecule; binding is not judged.

    Args:
        smiles: The molecule.
        constraints: Bounds on quantities that RDKit computes.
        least_shape: Least likeness in shape, 0 to 1.
        objectives: What ranks those that meet everything; none: the likeness in shape.
        keep: Substructures that every molecule must have, as SMARTS or group names.
        avoid: Substructures that no molecule may have, as SMARTS or group names.
        count: How many molecules are wanted at most, 1 to 500.
        random_seed: Which of many equally good replacements are tried first.

    Returns:
        Data: smiles (the most alike in shape first), combinations, built, qualified, failures, nearest. Candidates with
        all descriptors, similarity, shape_similarity and the labels scaffold, replaced, ring system (what
        stands in its place).

    Source:
        Scaffolds: Bemis and Murcko, J. Med. Chem. 1996, 39, 2887. Shape: Schreyer and Blundell, J. Cheminf. 2012, 4,
        27.
    """
    from agent.tools.molecules.enumeration.hopping import Hops
    from agent.tools.molecules.enumeration.making import finish
    from agent.tools.molecules.structures import read_structure

    if not 0 <= least_shape <= 1:
        raise RepairableToolError(f"least_shape: {least_shape:g} is no likeness.", remedy="Give a number from 0 to 1.")
    asked = _asked(constraints, objectives, keep, avoid)
    item = read_structure(smiles)
    work = Hops(item.mol, least_shape, random_seed)
    return finish(
        work,
        asked,
        min(_wanted(count), 500),
        f"other scaffolds of {item.smiles}",
        item.warnings,
    )


def _asked(constraints: list[Constraint], objectives: list[Objective], keep: list[str], avoid: list[str]) -> Asked:
    from agent.tools.molecules.enumeration.making import Asked
    from agent.tools.molecules.requirements import read_requirements
    from agent.tools.molecules.specification.rules import read_rules

    return Asked(
        read_requirements(constraints, objectives, also=("shape_similarity",)), read_rules(keep=keep, avoid=avoid)
    )


def _wanted(count: int) -> int:
    if not 1 <= count <= MOST:
        raise RepairableToolError(f"count: {count} molecules cannot be asked for.", remedy=f"Ask for 1 to {MOST}.")
    return count
