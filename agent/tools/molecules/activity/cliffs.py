"""Activity cliffs: pairs of much alike molecules with very different activities, by two definitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from rdkit.Chem import Mol

ALIKE = 0.9
"""Similarity from which two molecules count as alike, in at least one of three measures."""

TENFOLD = 1.0
"""Difference of activity (decades) from which a pair of alike molecules is a cliff."""

LEAST_DISTANCE = 0.01
"""Distance that stands for 0 in SALI, so that molecules with one fingerprint keep a finite index."""


@dataclass(frozen=True)
class Cliff:
    """A pair with a steep change.

    Attributes:
        first: Place of the one.
        second: Place of the other.
        similarity: Tanimoto similarity (Morgan radius 2, 1024 bits).
        difference: Activity of the second less that of the first.
        sali: Structure-activity landscape index: difference over distance.
        alike: By which measures the pair is alike: ``substructure``, ``scaffold``, ``SMILES``; empty: not a cliff by
            that definition.
    """

    first: int
    second: int
    similarity: float
    difference: float
    sali: float
    alike: tuple[str, ...]


def activity_cliffs(
    mols: Sequence[Mol], smiles: Sequence[str], values: Sequence[float], steep: int = 50
) -> tuple[list[Cliff], list[Cliff]]:
    """The cliffs of a series.

    Args:
        mols: The molecules.
        smiles: Their canonical SMILES.
        values: Their activities, in decades.
        steep: How many pairs of the highest SALI are returned.

    Returns:
        Pairs that are alike and differ tenfold or more, the largest difference first; and the pairs of the highest
        SALI, the steepest first.

    Source:
        R. Guha, J. H. Van Drie, J. Chem. Inf. Model. 2008, 48, 646 (SALI); D. van Tilborg et al., J. Chem. Inf.
        Model. 2022, 62, 5938 (MoleculeACE: alike by substructure, scaffold or SMILES).
    """
    from rdkit.Chem import rdFingerprintGenerator
    from rdkit.Chem.Scaffolds import MurckoScaffold
    from rdkit.DataStructs import BulkTanimotoSimilarity

    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=1024)
    whole = [generator.GetFingerprint(mol) for mol in mols]
    frames = [generator.GetFingerprint(MurckoScaffold.GetScaffoldForMol(mol)) for mol in mols]
    activity = np.asarray(values, dtype=float)
    cliffs: list[Cliff] = []
    steepest: list[Cliff] = []
    for first in range(len(mols) - 1):
        others = range(first + 1, len(mols))
        near = np.array(BulkTanimotoSimilarity(whole[first], whole[first + 1 :]))
        frame = np.array(BulkTanimotoSimilarity(frames[first], frames[first + 1 :]))
        differences = activity[first + 1 :] - activity[first]
        sali = np.abs(differences) / np.maximum(1 - near, LEAST_DISTANCE)
        top = set(np.argsort(-sali, kind="stable")[:steep].tolist())
        for offset, second in enumerate(others):
            tenfold = abs(differences[offset]) >= TENFOLD
            if not tenfold and offset not in top:
                continue
            alike = ()
            if tenfold:
                alike = _alike(near[offset], frame[offset], frames[first], smiles[first], smiles[second])
            cliff = Cliff(first, second, float(near[offset]), float(differences[offset]), float(sali[offset]), alike)
            if alike:
                cliffs.append(cliff)
            if offset in top:
                steepest.append(cliff)
        steepest = sorted(steepest, key=lambda one: (-one.sali, one.first, one.second))[:steep]
    return sorted(cliffs, key=lambda one: (-abs(one.difference), one.first, one.second)), steepest


def _alike(near: float, frame: float, bits, first: str, second: str) -> tuple[str, ...]:
    found = ["substructure"] if near >= ALIKE else []
    if frame >= ALIKE and bits.GetNumOnBits():  # two molecules without rings share no scaffold
        found.append("scaffold")
    if smiles_similarity(first, second) >= ALIKE:
        found.append("SMILES")
    return tuple(found)


def smiles_similarity(first: str, second: str) -> float:
    """One less the Levenshtein distance over the longer length; 0 as soon as it cannot reach `ALIKE`."""
    longest = max(len(first), len(second))
    allowed = int((1 - ALIKE) * longest + 1e-9)
    if abs(len(first) - len(second)) > allowed:
        return 0.0
    if max((Counter(first) - Counter(second)).total(), (Counter(second) - Counter(first)).total()) > allowed:
        return 0.0
    row = list(range(len(second) + 1))
    for place, letter in enumerate(first, start=1):
        last, row[0] = row[0], place
        for column, other in enumerate(second, start=1):
            last, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, last + (letter != other))
        if min(row) > allowed:
            return 0.0
    return 1 - row[-1] / longest
