"""Networks run from their weight files: damaged and foreign ones are refused, and the GPU's way gives the same."""

import pickle
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from agent.tools.molecules.admet_networks import UnknownNetwork, graphs_of, read_network


@pytest.fixture(scope="module")
def weights() -> Path:
    package = find_spec("admet_ai")
    if package is None or package.submodule_search_locations is None:
        pytest.skip("admet-ai is not installed")
    return sorted((Path(package.submodule_search_locations[0]) / "resources" / "models").glob("**/*.pt"))[0]


@pytest.fixture(scope="module")
def molecules():
    from rdkit import Chem

    return [Chem.MolFromSmiles(text) for text in ("CC(=O)Oc1ccccc1C(=O)O", "C", "C[N+](C)(C)CC=C", "F/C=C/Br")]


def test_tensors_give_what_arrays_give(weights, molecules):
    torch = pytest.importorskip("torch")
    network, graphs = read_network(weights), graphs_of(molecules)

    def place(array):
        return torch.from_numpy(array.copy())

    np.testing.assert_allclose(network.on(place)(graphs.on(place)), network(graphs), atol=1e-6)


def test_molecules_do_not_see_each_other(weights, molecules):
    network = read_network(weights)
    together = network(graphs_of(molecules))
    for row, mol in zip(together, molecules, strict=True):
        np.testing.assert_allclose(network(graphs_of([mol]))[0], row, atol=1e-6)


def test_a_damaged_file_is_refused(weights, tmp_path):
    broken = tmp_path / "broken.pt"
    broken.write_bytes(weights.read_bytes()[:-4000])
    with pytest.raises(UnknownNetwork, match=r"broken\.pt"):
        read_network(broken)


class _Harmful:
    def __reduce__(self):
        return exec, ("import sys; sys.modules['harm_was_done'] = sys",)


def test_nothing_in_a_file_is_executed(tmp_path):
    evil = tmp_path / "evil.pt"
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("evil/data.pkl", pickle.dumps({"hyper_parameters": _Harmful()}))
    with pytest.raises(UnknownNetwork):
        read_network(evil)
    assert "harm_was_done" not in sys.modules


def test_a_network_of_another_architecture_is_refused(weights, tmp_path, monkeypatch):
    monkeypatch.setattr("agent.tools.molecules.admet_networks.ATOM_FEATURES", 71)
    with pytest.raises(UnknownNetwork, match="d_v is 72"):
        read_network(weights)
