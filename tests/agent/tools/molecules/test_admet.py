"""ADMET estimates: the package's own predictor gives the same numbers, and nothing is lost on the way."""

import logging
import socket

import pytest

from agent.errors import RepairableToolError
from agent.tools.molecules.admet import estimate_admet
from agent.tools.molecules.admet_model import ENDPOINTS, WEAK, estimate
from agent.vocabulary import QUANTITIES, by_key

BOUNDED = {key for key, endpoint in ENDPOINTS.items() if endpoint.low is not None}
CELECOXIB = "Cc1ccc(-c2cc(C(F)(F)F)nn2-c2ccc(S(N)(=O)=O)cc2)cc1"
ASPIRIN = "CC(=O)Oc1ccccc1C(=O)O"
CAFFEINE = "Cn1c(=O)c2c(ncn2C)n(C)c1=O"


def test_every_admet_quantity_of_the_vocabulary_is_estimated_in_its_unit():
    wanted = {quantity.key: quantity.unit for quantity in QUANTITIES if quantity.engine == "admet"}
    assert {key: endpoint.unit for key, endpoint in ENDPOINTS.items()} == wanted
    assert set(WEAK) <= set(ENDPOINTS)


def test_an_unknown_endpoint_is_refused_before_anything_is_loaded():
    with pytest.raises(RepairableToolError, match="colour"):
        estimate_admet([ASPIRIN], ["hERG", "colour"])


@pytest.mark.slow
def test_a_list_gives_what_single_calls_give_and_keeps_places(monkeypatch, capfd):
    def refuse(*_arguments, **_options):
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    pytest.importorskip("admet_ai")
    result = estimate_admet([ASPIRIN, "not a molecule(", CELECOXIB, CAFFEINE, ASPIRIN])
    assert [row["index"] for row in result.data["rows"]] == [0, 2, 3, 4]
    assert result.data["invalid"][0]["index"] == 1
    single = estimate_admet([CELECOXIB], ["hERG", "logD"])
    for key in ("hERG", "logD"):
        assert single.data["rows"][0][key] == pytest.approx(result.data["rows"][1][key], abs=1e-5)
    assert len(result.candidates) == 3
    assert capfd.readouterr() == ("", "")
    known = by_key()
    assert any("half_life was left out" in warning for warning in result.warnings)
    for draft in result.candidates:
        for value in draft.values:
            low, high = known[value.name].bounds
            assert value.unit == known[value.name].unit
            assert value.uncertainty is not None and value.uncertainty >= 0
            assert (low is None or value.value >= low) and (high is None or value.value <= high)


@pytest.mark.slow
def test_no_molecule_of_a_batch_and_one_more_is_lost():
    pytest.importorskip("admet_ai")
    assert len(estimate_admet(["C" * length for length in range(1, 66)], ["hERG"]).data["rows"]) == 65


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # the package's own predictor, asked here as the reference, warns of its innards
def test_estimates_are_those_of_the_packages_own_predictor(monkeypatch):
    reference = pytest.importorskip("admet_ai")
    from rdkit import Chem

    smiles = [ASPIRIN, CELECOXIB, CAFFEINE]
    model = reference.ADMETModel(include_physchem=False, drugbank_path=None, num_workers=0)
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)  # its trainer announces the hardware
    expected = model.predict(smiles)
    found = estimate([Chem.MolFromSmiles(text) for text in smiles], list(ENDPOINTS))
    for text, row in zip(smiles, found, strict=True):
        for key, endpoint in ENDPOINTS.items():
            raw = float(expected.loc[text, endpoint.task])
            if key in row:
                assert row[key].value == pytest.approx(raw, abs=max(1e-4, row[key].spread if key in BOUNDED else 0))
            else:
                assert key in BOUNDED and raw < 0
    assert "half_life" not in found[0]  # the model says -20 hours for aspirin
