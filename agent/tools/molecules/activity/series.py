"""What a set of molecules is made of: clusters, scaffolds, and R-groups on a common core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agent.tools.molecules.structures import quiet_rdkit

if TYPE_CHECKING:
    from rdkit.Chem import Mol

CLUSTER_DISTANCE = 0.4
"""Tanimoto distance (Morgan radius 2) to a cluster's centre."""

LEAST_CORE = 6
"""Heavy atoms of the smallest core."""


@dataclass(frozen=True)
class Scaffold:
    """A scaffold of the tree.

    Attributes:
        smiles: The ring system with its linkers.
        count: Molecules that hold it.
        parents: Smaller scaffolds directly beneath it.
    """

    smiles: str
    count: int
    parents: tuple[str, ...]


def clusters(mols: Sequence[Mol]) -> list[tuple[int, ...]]:
    """Clusters of molecules (places, the centre first), the largest first.

    Source:
        D. Butina, J. Chem. Inf. Comput. Sci. 1999, 39, 747.
    """
    from rdkit.Chem import rdFingerprintGenerator
    from rdkit.DataStructs import BulkTanimotoSimilarity
    from rdkit.ML.Cluster import Butina

    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)
    bits = [generator.GetFingerprint(mol) for mol in mols]
    distances = [1 - one for place in range(1, len(bits)) for one in BulkTanimotoSimilarity(bits[place], bits[:place])]
    found = Butina.ClusterData(distances, len(bits), CLUSTER_DISTANCE, isDistData=True, reordering=True)
    return sorted((tuple(one) for one in found), key=lambda one: (-len(one), one))


def scaffold_tree(mols: Sequence[Mol]) -> list[Scaffold]:
    """Scaffolds of the molecules and their smaller parents, the most common first, the larger first among equals.

    Source:
        A. Schuffenhauer et al., J. Chem. Inf. Model. 2007, 47, 47; F. Kruger et al., ibid. 2020, 60, 3331 (networks).
    """
    from rdkit import Chem
    from rdkit.Chem.Scaffolds import rdScaffoldNetwork

    quiet_rdkit()
    settings = rdScaffoldNetwork.ScaffoldNetworkParams()
    settings.includeGenericScaffolds = False
    settings.includeScaffoldsWithAttachments = False
    settings.flattenChirality = True
    settings.collectMolCounts = True
    ringed = [mol for mol in mols if mol.GetRingInfo().NumRings()]
    if not ringed:
        return []
    network = rdScaffoldNetwork.CreateScaffoldNetwork(ringed, settings)
    nodes = list(network.nodes)
    parents: dict[int, set[str]] = {place: set() for place in range(len(nodes))}
    for edge in network.edges:
        if edge.type == rdScaffoldNetwork.EdgeType.Fragment:
            parents[edge.beginIdx].add(nodes[edge.endIdx])
    whole = {Chem.MolToSmiles(mol, isomericSmiles=False) for mol in ringed}
    frames = {
        edge.endIdx
        for edge in network.edges
        if edge.type in (rdScaffoldNetwork.EdgeType.Initialize, rdScaffoldNetwork.EdgeType.Fragment)
    }
    kept = [place for place in range(len(nodes)) if place in frames or nodes[place] not in whole]
    found = [Scaffold(nodes[place], network.molCounts[place], tuple(sorted(parents[place] - whole))) for place in kept]
    sizes = {one.smiles: Chem.MolFromSmiles(one.smiles).GetNumHeavyAtoms() for one in found}
    return sorted(found, key=lambda one: (-one.count, -sizes[one.smiles], one.smiles))


def common_core(mols: Sequence[Mol], tree: Sequence[Scaffold]) -> str:
    """The scaffold to decompose on: the one that covers most atoms over all molecules (count times size).

    Returns:
        Its SMILES, or empty if no scaffold of at least `LEAST_CORE` atoms is in two molecules.
    """
    from rdkit import Chem

    def covered(one: Scaffold) -> int:
        return one.count * Chem.MolFromSmiles(one.smiles).GetNumHeavyAtoms()

    fit = [one for one in tree if one.count > 1 and Chem.MolFromSmiles(one.smiles).GetNumHeavyAtoms() >= LEAST_CORE]
    return max(fit, key=lambda one: (covered(one), one.smiles)).smiles if fit else ""


def r_groups(mols: Sequence[Mol], core: str) -> tuple[list[dict[str, str]], list[int]]:
    """The R-groups of the molecules on a core.

    Args:
        mols: The molecules.
        core: SMILES or SMARTS.

    Returns:
        One row for each molecule that holds the core (``Core``, ``R1``, ...), and the places of those molecules.
    """
    from rdkit import Chem
    from rdkit.Chem import rdRGroupDecomposition

    quiet_rdkit()
    pattern = Chem.MolFromSmiles(core) or Chem.MolFromSmarts(core)
    settings = rdRGroupDecomposition.RGroupDecompositionParameters()
    settings.removeHydrogensPostMatch = True
    settings.removeAllHydrogenRGroups = True
    settings.onlyMatchAtRGroups = False
    rows, unmatched = rdRGroupDecomposition.RGroupDecompose([pattern], list(mols), asSmiles=True, options=settings)
    gone = set(unmatched)
    return list(rows), [place for place in range(len(mols)) if place not in gone]
