"""The Gaussian process against the textbook formulas and scikit-learn; kernels against RDKit."""

from __future__ import annotations

import numpy as np
import pytest
from rdkit import Chem, DataStructs
from rdkit.Chem import rdFingerprintGenerator

from agent.tools.molecules.evolution.features import features, packed, unpacked
from agent.tools.molecules.evolution.surrogate import ADDITIVE, Pool, Setting, Surrogate, choose_setting, grams

SMILES = (
    "CCO", "CCCO", "CCCCO", "c1ccccc1", "Cc1ccccc1", "CCc1ccccc1", "c1ccncc1", "Cc1ccncc1", "CC(=O)O", "CCC(=O)O",
    "CC(=O)N", "CCN", "CCCN", "c1ccc2ccccc2c1", "C1CCCCC1", "CC1CCCCC1", "OC1CCCCC1", "NC1CCCCC1", "CC(C)O", "CC(C)N",
    "Oc1ccccc1", "Nc1ccccc1", "Clc1ccccc1", "Fc1ccccc1", "COc1ccccc1", "CCOC", "CCOCC", "CS(C)=O", "CSC", "CC#N",
)  # fmt: skip
MOLS = [Chem.MolFromSmiles(smiles) for smiles in SMILES]
SETTING = Setting(weights=(0.35, 0.35, 0.3), noise=0.01, mean=10.0, amplitude=4.0)
LINEAR = Setting(weights=(0.25, 0.25, 0.25, 0.25), noise=0.01, mean=10.0, amplitude=4.0)


def _values():
    return np.array([mol.GetNumAtoms() + 0.3 * mol.GetRingInfo().NumRings() for mol in MOLS])


def test_the_tanimoto_kernel_is_the_min_max_coefficient_of_counts():
    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2)
    counts = [generator.GetSparseCountFingerprint(mol) for mol in MOLS]
    expected = [[DataStructs.TanimotoSimilarity(a, b) for b in counts] for a in counts]
    points = features(MOLS)
    # Folding to 2048 bits joins a few features of different molecules: small differences remain.
    assert grams(points, points)[0] == pytest.approx(np.array(expected), abs=0.1)


def test_kernels_are_positive_definite_with_ones_on_the_diagonal():
    points = features(MOLS)
    *bounded, linear = grams(points, points)
    for gram in bounded:
        assert np.diag(gram) == pytest.approx(np.ones(len(MOLS)))
        assert np.linalg.eigvalsh(gram).min() > -1e-8
    assert linear == pytest.approx(points.bits[0] @ points.bits[0].T / 75)


@pytest.mark.parametrize("setting", [SETTING, LINEAR])
def test_posterior_in_blocks_equals_the_textbook(setting):
    points, values = features(MOLS), _values()
    surrogate = Surrogate(setting, 60)
    for rows in (slice(0, 7), slice(7, 8), slice(8, 20)):
        surrogate.extend(points[rows], values[rows])
    mean, deviation = surrogate.judge(surrogate.project(points[20:]), surrogate.prior(points[20:]))
    kernel = np.tensordot(setting.weights, grams(points, points)[: len(setting.weights)], axes=1)
    inverse = np.linalg.inv(kernel[:20, :20] + (setting.noise + 1e-9) * np.eye(20))
    across = kernel[20:, :20]
    assert mean == pytest.approx(setting.mean + across @ inverse @ (values[:20] - setting.mean), abs=1e-6)
    explained = np.einsum("ij,jk,ik->i", across, inverse, across)
    variance = setting.amplitude * (np.diag(kernel)[20:] - explained)
    assert deviation == pytest.approx(np.sqrt(np.maximum(variance, 0)), abs=1e-5)


def test_posterior_equals_scikit_learns():
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF

    from agent.tools.molecules.evolution.surrogate import LENGTH

    points, values = features(MOLS), _values()
    setting = Setting(weights=(0.0, 0.0, 1.0), noise=0.1, mean=0.0, amplitude=1.0)
    surrogate = Surrogate(setting, 60)
    surrogate.extend(points[:20], values[:20])
    found = surrogate.judge(surrogate.project(points[20:]))
    reference = GaussianProcessRegressor(kernel=RBF(LENGTH), alpha=0.1, optimizer=None)
    reference.fit(points.descriptors[:20], values[:20])
    expected = reference.predict(points.descriptors[20:], return_std=True)
    assert found[0] == pytest.approx(expected[0], abs=1e-5)
    assert found[1] == pytest.approx(expected[1], abs=1e-5)


@pytest.mark.parametrize("setting", [SETTING, LINEAR])
def test_a_pool_follows_the_surrogate(setting):
    points, values = features(MOLS), _values()
    surrogate = Surrogate(setting, 60)
    surrogate.extend(points[:5], values[:5])
    pool = Pool(surrogate, width=4)
    pool.add(points[20:25])
    pool.follow(*surrogate.extend(points[5:12], values[5:12]))
    pool.add(points[25:])
    pool.follow(*surrogate.extend(points[12:15], values[12:15]))
    kept = np.array([8, 1, 3])
    pool.keep(kept)
    pool.add(points[[19]])
    left = np.array([*(20 + kept), 19])
    fresh = surrogate.judge(surrogate.project(points[left]), surrogate.prior(points[left]))
    assert len(pool) == 4
    assert (pool.points().bits == points[left].bits).all()
    assert pool.judge()[0] == pytest.approx(fresh[0])
    assert pool.judge()[1] == pytest.approx(fresh[1])


def test_the_setting_follows_the_data():
    points, values = features(MOLS), _values()
    setting = choose_setting(points, values)
    assert setting.noise <= 0.01, "these values are exact"
    assert sum(setting.weights) == pytest.approx(1)
    noise = np.random.default_rng(0).normal(size=len(MOLS))
    assert choose_setting(points, noise).noise == 0.1
    additive = features(MOLS).bits[0].sum(axis=1) + features(MOLS).bits[0][:, :200].sum(axis=1)
    assert choose_setting(points, additive, ADDITIVE).weights in ADDITIVE
    shifted = choose_setting(points, 3 * values + 5)
    assert shifted.mean == pytest.approx(3 * setting.mean + 5)
    assert shifted.amplitude == pytest.approx(9 * setting.amplitude)


def test_features_are_stored_without_loss():
    points = features(MOLS)
    again = unpacked([packed(points[[row]]) for row in range(len(points))])
    assert (again.bits == points.bits).all()
    assert (again.sizes == points.sizes).all()
    assert (again.descriptors == points.descriptors).all()
