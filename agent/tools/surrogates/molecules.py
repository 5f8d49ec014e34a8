"""Features of molecules: counted fingerprints for kernels and trees, and RDKit's descriptors.

Source: the MinMax kernel on counts of L. Ralaivola et al., "Graph kernels for chemical informatics", Neural Networks 18
(2005) 1093; circular fingerprints of D. Rogers and M. Hahn, J. Chem. Inf. Model. 50 (2010) 742; atom pairs and
topological torsions as RDKit counts them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from agent.errors import RepairableToolError

if TYPE_CHECKING:
    from rdkit.Chem import Mol
    from scipy.sparse import csr_matrix

FAMILIES = ("circular 2", "circular 3", "functional 2", "atom pairs", "torsions")
"""Kinds of counted fingerprints."""

COLUMNS = 2**20
"""Columns that the keys and count levels of a family are folded to."""

LEVELS = 8
"""Highest count that is told apart."""

_GREATEST = 1e6


def read_molecule(smiles: str) -> Mol:
    """The molecule of a SMILES string, without the counter ions of a salt.

    Raises:
        RepairableToolError: It cannot be read, names no atom, or holds no carbon.
    """
    from rdkit import Chem, rdBase

    with rdBase.BlockLogs():
        found = Chem.MolFromSmiles(smiles.strip()) if smiles.strip() else None
    if found is None or found.GetNumAtoms() == 0:
        raise RepairableToolError(
            f"'{smiles}' is not a SMILES string.", remedy="Check brackets, ring closures and valences."
        )
    if not any(found.GetAtomWithIdx(place).GetAtomicNum() == 6 for place in range(found.GetNumAtoms())):
        raise RepairableToolError(f"'{smiles}' holds no carbon.", remedy="Give organic molecules.")
    parts = Chem.GetMolFrags(found, asMols=True)
    return max(parts, key=lambda one: (one.GetNumHeavyAtoms(), Chem.MolToSmiles(one))) if len(parts) > 1 else found


def canonical_smiles(smiles: str) -> str:
    """One spelling for all SMILES of a molecule (its largest fragment).

    Raises:
        RepairableToolError: It cannot be read.
    """
    from rdkit import Chem

    return Chem.MolToSmiles(read_molecule(smiles))


def fingerprints(mols: Sequence[Mol]) -> dict[str, csr_matrix]:
    """Counted fingerprints as zeros and ones: a key counted c times sets c columns.

    The scalar product of two rows is then the sum of the lesser counts, which is what the MinMax kernel needs.

    Returns:
        For each of ``FAMILIES`` a matrix of shape (n, ``COLUMNS``).
    """
    return {family: _levels(generator, mols) for family, generator in zip(FAMILIES, _generators(), strict=True)}


def minmax(left: csr_matrix, right: csr_matrix) -> np.ndarray:
    """The MinMax kernel (Tanimoto's similarity on counts), shape (rows of left, rows of right), 0 to 1."""
    shared = (left @ right.T).toarray()
    total = np.asarray(left.sum(axis=1)).reshape(-1, 1) + np.asarray(right.sum(axis=1)).reshape(1, -1) - shared
    return shared / np.maximum(total, 1)


def folded_counts(bits: csr_matrix, width: int = 1024) -> np.ndarray:
    """Counts of the keys, folded to fewer columns, shape (n, width)."""
    from scipy.sparse import csr_matrix

    folded = csr_matrix((bits.data, bits.indices % width, bits.indptr), shape=(len(bits.indptr) - 1, width))
    return np.asarray(folded.todense(), dtype=np.float32)


def descriptor_names() -> list[str]:
    """Names of the columns of `descriptors`."""
    return [name for name, _ in _descriptor_functions()]


def descriptors(mols: Sequence[Mol]) -> np.ndarray:
    """RDKit's 2D descriptors, shape (n, ``len(descriptor_names())``).

    What cannot be computed is 0, what is very large is cut off.
    """
    functions = _descriptor_functions()
    table = np.zeros((len(mols), len(functions)))
    for row, mol in zip(table, mols, strict=True):
        for place, (_, function) in enumerate(functions):
            try:
                row[place] = function(mol)
            except (ValueError, RuntimeError, ZeroDivisionError):
                row[place] = 0.0
    return np.clip(np.nan_to_num(table, nan=0.0, posinf=_GREATEST, neginf=-_GREATEST), -_GREATEST, _GREATEST)


@cache
def _descriptor_functions() -> list[tuple[str, Any]]:
    from rdkit.Chem import Descriptors

    # The information content `Ipc` grows without bound with the size of a molecule; its average is kept.
    return [(name, function) for name, function in Descriptors.descList if name != "Ipc"]


@cache
def _generators() -> tuple[Any, ...]:
    from rdkit.Chem import rdFingerprintGenerator as made

    functional = made.GetMorganFeatureAtomInvGen()
    return (
        made.GetMorganGenerator(radius=2, includeChirality=True),
        made.GetMorganGenerator(radius=3, includeChirality=True),
        made.GetMorganGenerator(radius=2, atomInvariantsGenerator=functional),
        made.GetAtomPairGenerator(maxDistance=10),
        made.GetTopologicalTorsionGenerator(),
    )


def _levels(generator: Any, mols: Sequence[Mol]) -> csr_matrix:
    from scipy.sparse import csr_matrix

    rows: list[int] = []
    columns: list[int] = []
    for row, mol in enumerate(mols):
        for key, count in generator.GetSparseCountFingerprint(mol).GetNonzeroElements().items():
            # Knuth's multiplicative hash spreads keys that differ little; another prime parts the levels.
            taken = {(key * 2654435761 + level * 320214121) % COLUMNS for level in range(min(count, LEVELS))}
            rows += [row] * len(taken)
            columns += taken
    matrix = csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=(len(mols), COLUMNS))
    matrix.data[:] = 1  # two keys that share a column count once
    return matrix
