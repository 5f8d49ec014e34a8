"""Synthetic accessibility: how easily a molecule is made, judged by how common its fragments are and how complex it is.

The contributions of 705,292 fragments come with RDKit, as a pickle that takes half a second to open and 70 MB to hold.
They are kept sorted in a mapped file, and a molecule's fragments are looked up all at once.
"""

from __future__ import annotations

import gzip
import math
import pickle
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.tools.kept import kept_array

if TYPE_CHECKING:
    import numpy as np
    from rdkit.Chem import Mol

UNSEEN = -4.0
"""Contribution of a fragment that is not in the table."""
RAREST, COMMONEST = -4.0, 2.5
"""The raw score between these bounds is spread over the scale of 1 to 10."""
LARGE_RING = 8
"""A ring of more atoms than this is a macrocycle."""


def synthetic_accessibility(mol: Mol, stereocentres: float) -> float:
    """The score of Ertl and Schuffenhauer, with the correction for symmetry that RDKit's version has.

    Args:
        mol: A sanitised molecule of at least one atom.
        stereocentres: How many stereocentres it has, assigned or not.

    Returns:
        Between 1 (easy) and 10 (hard).

    Source:
        P. Ertl and A. Schuffenhauer, "Estimation of synthetic accessibility score of drug-like molecules based on
        molecular complexity and fragment contributions", J. Cheminf. 1 (2009) 8.
    """
    import numpy as np
    from rdkit.Chem import rdMolDescriptors

    atoms = mol.GetNumAtoms()
    fragments = _morgan().GetSparseCountFingerprint(mol).GetNonzeroElements()
    number = len(fragments)
    wanted = np.fromiter(fragments.keys(), np.float64, number)
    counts = np.fromiter(fragments.values(), np.float64, number)
    known, contributions = _contributions()
    places = np.searchsorted(known[:-1], wanted)
    commonness = np.where(known[places] == wanted, contributions[places], UNSEEN) @ counts / counts.sum()
    # One macrocycle or several weigh the same, as in RDKit; the paper lets each weigh.
    macrocycle = any(len(ring) > LARGE_RING for ring in mol.GetRingInfo().AtomRings())
    complexity = (
        atoms**1.005
        - atoms
        + math.log10(stereocentres + 1)
        + math.log10(rdMolDescriptors.CalcNumSpiroAtoms(mol) + 1)
        + math.log10(rdMolDescriptors.CalcNumBridgeheadAtoms(mol) + 1)
        + macrocycle * math.log10(2)
    )
    symmetry = math.log(atoms / number) / 2 if atoms > number else 0.0
    raw = float(commonness) - complexity + symmetry
    score = 11 - 9 * (raw - RAREST + 1) / (COMMONEST - RAREST)
    if score > 8:
        score = 8 + math.log(score - 8)
    return min(10.0, max(1.0, score))


@cache
def _contributions() -> np.ndarray:
    """Fragments in rising order of their hash, and what each contributes (2, n)."""
    return kept_array("fragment-contributions", ["rdkit"], _read_contributions)


def _read_contributions() -> np.ndarray:
    import numpy as np
    from rdkit.Contrib.SA_Score import sascorer

    with gzip.open(Path(sascorer.__file__).with_name("fpscores.pkl.gz")) as file:
        rows: list[list[Any]] = pickle.load(
            file
        )  # a file of the installed package: each row a contribution, then hashes
    hashes = np.array([one for row in rows for one in row[1:]], dtype=np.float64)
    contributions = np.repeat([float(row[0]) for row in rows], [len(row) - 1 for row in rows])
    order = np.argsort(hashes)
    return np.stack([hashes[order], contributions[order]])


@cache
def _morgan() -> Any:
    from rdkit.Chem.rdFingerprintGenerator import GetMorganGenerator

    return GetMorganGenerator(radius=2)
