"""The three activity classifiers of PMO, evaluated with numpy from exported weights.

- ``drd2`` (dopamine receptor D2): a support vector machine with a Gaussian kernel on folded counts of feature-based
  circular fingerprints of radius 3 (M. Olivecrona et al., J. Cheminf. 2017, 9, 48); its decision value becomes a
  probability by Platt's sigmoid, taken through libsvm's pairwise coupling (T.-F. Wu, C.-J. Lin, R. C. Weng, J. Mach.
  Learn. Res. 2004, 5, 975) to the tolerance at which libsvm stops, so that it equals the published model's.
- ``gsk3b``, ``jnk3`` (glycogen synthase kinase 3 beta, c-Jun N-terminal kinase 3): random forests on circular
  fingerprints of radius 2 as 2048 bits (Y. Li, L. Zhang, Z. Liu, J. Cheminf. 2018, 10, 33): the mean of the trees'
  leaf probabilities.

The weights are read from the bench folder; none are part of this project.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from rdkit.Chem import Mol

BITS = 2048
"""Length of the fingerprints that all three were trained on."""

FILES = {"drd2": "drd2_svc.npz", "gsk3b": "gsk3b_rf.npz", "jnk3": "jnk3_rf.npz"}
"""Where the weights of each are, below the folder."""

_COUPLING_ROUNDS = 100
_COUPLING_TOLERANCE = 0.005 / 2
_LEAST = 1e-7


def classifier(name: str, folder: Path) -> Callable[[Mol], float]:
    """Load a classifier.

    Args:
        name: ``drd2``, ``gsk3b`` or ``jnk3``.
        folder: The folder with the exported weights.

    Returns:
        The probability of activity of a molecule, 0 to 1.

    Raises:
        InputError: The weights are not there.
    """
    path = folder / FILES[name]
    if not path.is_file():
        raise InputError(f"The weights of the oracle '{name}' are missing: {path}.", remedy="Name the bench folder.")
    return _support_vectors(path) if name == "drd2" else _forest(path)


@cache
def _support_vectors(path: Path) -> Callable[[Mol], float]:
    import numpy as np
    from rdkit.Chem import rdFingerprintGenerator as generators

    with np.load(path, allow_pickle=False) as file:
        weights = dict(file)
    rows = np.repeat(np.arange(len(weights["indptr"]) - 1), np.diff(weights["indptr"]))
    vectors = np.zeros((len(weights["indptr"]) - 1, BITS), dtype=np.float32)
    vectors[rows, weights["indices"]] = weights["data"]
    squares = (vectors**2).sum(axis=1)
    slope, offset = float(weights["probA"][0]), float(weights["probB"][0])
    generator = generators.GetMorganGenerator(
        radius=3, countSimulation=False, atomInvariantsGenerator=generators.GetMorganFeatureAtomInvGen()
    )

    def probability(mol: Mol) -> float:
        counts = np.zeros(BITS, dtype=np.float32)
        for place, number in generator.GetSparseCountFingerprint(mol).GetNonzeroElements().items():
            counts[place % BITS] += number
        distances = np.maximum(squares + counts @ counts - 2 * (vectors @ counts), 0)
        kernel = np.exp(-float(weights["gamma"]) * distances).astype(np.float64)
        decision = float(kernel @ weights["dual_coef"] + weights["intercept"][0])
        return _coupled(1 / (1 + math.exp(slope * decision + offset)))

    return probability


def _coupled(first: float) -> float:
    """The second class's probability by pairwise coupling of two classes, given the first's pairwise estimate.

    Minimises the quadratic form of Wu, Lin and Weng (their second method) by coordinate descent from equal
    probabilities. For two classes the exact solution is the estimate itself; the iteration is kept because libsvm
    stops it at a tolerance, which moves the third digit.
    """
    first = min(max(first, _LEAST), 1 - _LEAST)
    pair = (first, 1 - first)
    form = ((pair[1] ** 2, -pair[0] * pair[1]), (-pair[0] * pair[1], pair[0] ** 2))
    share = [0.5, 0.5]
    for _ in range(_COUPLING_ROUNDS):
        slopes = [form[i][0] * share[0] + form[i][1] * share[1] for i in (0, 1)]
        energy = share[0] * slopes[0] + share[1] * slopes[1]
        if max(abs(slope - energy) for slope in slopes) < _COUPLING_TOLERANCE:
            break
        for i in (0, 1):
            step = (energy - slopes[i]) / form[i][i]
            share[i] += step
            scale = 1 + step
            energy = (energy + step * (step * form[i][i] + 2 * slopes[i])) / scale**2
            for k in (0, 1):
                slopes[k] = (slopes[k] + step * form[i][k]) / scale
                share[k] /= scale
    return share[1]


@cache
def _forest(path: Path) -> Callable[[Mol], float]:
    import numpy as np
    from rdkit.Chem import rdFingerprintGenerator as generators

    with np.load(path, allow_pickle=False) as file:
        trees: dict[str, Any] = dict(file)
    roots = trees["offset"][:-1]
    sizes = np.diff(trees["offset"])
    starts = np.repeat(roots, sizes)
    # Children are numbered within their tree: once, to places in the whole forest. A leaf leads to itself.
    here = np.arange(len(starts))
    leaf = trees["left"] < 0
    left: np.ndarray = np.where(leaf, here, trees["left"] + starts)
    right: np.ndarray = np.where(leaf, here, trees["right"] + starts)
    feature: np.ndarray = np.where(leaf, 0, trees["feature"])
    generator = generators.GetMorganGenerator(radius=2, fpSize=BITS)

    def probability(mol: Mol) -> float:
        bits = generator.GetFingerprintAsNumPy(mol) > 0
        nodes = roots
        while True:
            following = np.where(bits[feature[nodes]], right[nodes], left[nodes])
            if (following == nodes).all():
                return float(trees["p1"][nodes].mean())
            nodes = following

    return probability
