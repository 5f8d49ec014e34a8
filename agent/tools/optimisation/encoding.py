"""Points as numbers: every factor scaled to about one, molecules placed by their fingerprints.

A factor becomes a block of columns, and the surrogate has one length-scale a block. A number is scaled by its bounds;
plain categories stand at the corners of a simplex with edges of length one; molecules stand where the distances between
them are the Soergel distances (one minus Tanimoto) of their Morgan count fingerprints.

Source: Rogers, Hahn, "Extended-connectivity fingerprints" (2010); Gower, "Some distance properties of latent root and
vector methods used in multivariate analysis" (1966), for placing points by their distances.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agent.errors import RepairableToolError
from agent.tools.optimisation.space import Categorical, Component, Continuous, Discrete, Mixture, Point, Space

FINGERPRINT_RADIUS = 2
FINGERPRINT_BITS = 2048


def encode(space: Space, points: Sequence[Point]) -> list[np.ndarray]:
    """The blocks of some points, one array of shape (points, width) a factor.

    Raises:
        RepairableToolError: A SMILES cannot be read.
    """
    blocks: list[np.ndarray] = []
    for one in space.parameters:
        if isinstance(one, Categorical):
            rows = {value: row for row, value in enumerate(one.values)}
            chosen = [rows[str(point[one.name])] for point in points]
            blocks.append(category_coordinates(one)[chosen])
        elif isinstance(one, Mixture):
            for part in one.components:
                blocks.append(_scaled([float(point[part.name]) for point in points], part))
        else:
            blocks.append(_scaled([float(point[one.name]) for point in points], one))
    return blocks


def category_coordinates(parameter: Categorical) -> np.ndarray:
    """Where each category stands, shape (categories, width).

    Raises:
        RepairableToolError: A SMILES cannot be read.
    """
    if parameter.structures:
        return molecule_coordinates([parameter.structures[value] for value in parameter.values], parameter.name)
    if parameter.descriptors:
        table = np.asarray([parameter.descriptors[value] for value in parameter.values], dtype=float)
        spread = np.ptp(table, axis=0)
        return (table - table.min(axis=0)) / np.where(spread > 0, spread, 1.0) / np.sqrt(table.shape[1])
    return np.eye(len(parameter.values)) / np.sqrt(2)


def molecule_coordinates(smiles: Sequence[str], name: str) -> np.ndarray:
    """Place molecules so that their squared distances are one minus the Tanimoto similarity.

    Args:
        smiles: The molecules.
        name: The factor that they belong to, for the error.

    Returns:
        Shape (molecules, molecules).

    Raises:
        RepairableToolError: A SMILES cannot be read.
    """
    from rdkit import Chem, rdBase
    from rdkit.Chem import rdFingerprintGenerator

    maker = rdFingerprintGenerator.GetMorganGenerator(
        radius=FINGERPRINT_RADIUS, fpSize=FINGERPRINT_BITS, countSimulation=True
    )
    rows = []
    with rdBase.BlockLogs():
        for one in smiles:
            molecule = Chem.MolFromSmiles(one)
            if molecule is None:
                raise RepairableToolError(
                    f"The structure '{one}' of the factor '{name}' is no readable SMILES.", remedy="Mend that SMILES."
                )
            rows.append(maker.GetFingerprintAsNumPy(molecule).astype(float))
    prints = np.stack(rows)
    shared, sizes = prints @ prints.T, prints.sum(axis=1)
    either = sizes[:, None] + sizes[None, :] - shared
    distances = 1 - np.divide(shared, either, out=np.ones_like(shared), where=either > 0)
    centre = np.eye(len(prints)) - 1 / len(prints)
    values, vectors = np.linalg.eigh(-0.5 * centre @ distances @ centre)
    return vectors * np.sqrt(np.clip(values, 0, None))


def _scaled(values: Sequence[float], factor: Continuous | Discrete | Component) -> np.ndarray:
    low, high = (min(factor.values), max(factor.values)) if isinstance(factor, Discrete) else (factor.low, factor.high)
    column = np.asarray(values, dtype=float)
    if not isinstance(factor, Component) and factor.log:
        column, low, high = np.log(column), np.log(low), np.log(high)
    return ((column - low) / (high - low if high > low else 1.0))[:, None]
