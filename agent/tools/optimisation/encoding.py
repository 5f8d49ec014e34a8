"""Points as numbers: every factor scaled to about one, molecules placed by their fingerprints.

A factor becomes a block of columns, and the surrogate has one length-scale a block. A number is scaled by its bounds;
plain categories stand at the corners of a simplex with edges of length one; molecules stand where the distances between
them are the Soergel distances (one minus Tanimoto) of their Morgan count fingerprints. A conditional factor that a
point leaves out has a place of its own.

Source: Rogers, Hahn, "Extended-connectivity fingerprints" (2010); Gower, "Some distance properties of latent root and
vector methods used in multivariate analysis" (1966), for placing points by their distances.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from agent.errors import RepairableToolError
from agent.tools.optimisation.parameters import Categorical, Component, Continuous, Discrete, Mixture, Parameter, Point
from agent.tools.optimisation.space import Space

FINGERPRINT_RADIUS = 2
FINGERPRINT_BITS = 2048


def encode(space: Space, points: Sequence[Point]) -> list[np.ndarray]:
    """The blocks of some points, one array of shape (points, width) a factor.

    Raises:
        RepairableToolError: A SMILES cannot be read.
    """
    blocks: list[np.ndarray] = []
    for one in space.parameters:
        for name in one.names:
            present = np.asarray([name in point for point in points], dtype=bool)
            values = [point[name] for point in points if name in point]
            blocks.append(_block(one, name, values) if present.all() else _conditional(one, name, values, present))
    return blocks


def _block(parameter: Parameter, name: str, values: Sequence[float | str]) -> np.ndarray:
    """The block of one factor that every point has, shape (points, width)."""
    if isinstance(parameter, Categorical):
        rows = {value: row for row, value in enumerate(parameter.values)}
        return category_coordinates(parameter)[[rows[str(value)] for value in values]]
    factor = parameter
    if isinstance(parameter, Mixture):
        factor = next(part for part in parameter.components if part.name == name)
    assert not isinstance(factor, Mixture)
    return _scaled([float(value) for value in values], factor)


def _conditional(parameter: Parameter, name: str, values: Sequence[float | str], present: np.ndarray) -> np.ndarray:
    """The block of a factor that some points leave out: they all stand at one place, as far from every setting.

    A number that is there stands on a quarter of a circle around that place (Swersky, Duvenaud, Snoek, Hutter,
    Osborne, "Raiders of the lost architecture: kernels for Bayesian optimization in conditional parameter spaces",
    2014); a category keeps its place, and the absent ones have a column of their own.
    """
    given = _block(parameter, name, values) if len(values) else np.zeros((0, 1))
    if isinstance(parameter, Categorical):
        block = np.zeros((len(present), given.shape[1] + 1))
        block[present, :-1] = given - given.mean(axis=0) if len(given) else given
        block[~present, -1] = np.sqrt(0.5)
        return block
    block = np.zeros((len(present), 2))
    angle = given[:, 0] * np.pi / 2
    block[present] = np.column_stack([np.sin(angle), np.cos(angle)])
    return block


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
