"""The tools on files as researchers have them: faults are told with their lines, and stop nothing that can go on."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from agent.errors import RepairableToolError
from agent.tools.surrogates import check_table, predict_with_surrogate, train_surrogate
from agent.tools.surrogates.quality import outliers

CHAINS = [f"{'C' * n}{tail}" for n in range(1, 14) for tail in ("O", "N", "F", "Cl", "Br")]


def write(folder: Path, rows: list[tuple[object, ...]], header: str = "smiles,value") -> str:
    path = folder / "table.csv"
    path.write_text(header + "\n" + "\n".join(",".join(map(str, row)) for row in rows) + "\n", encoding="utf-8")
    return str(path)


def chains() -> list[tuple[object, ...]]:
    return [(smiles, round(0.5 * len(smiles) + (smiles[-1] == "O"), 3)) for smiles in CHAINS]


def kinds(path: str, target: str = "value") -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in check_table(path, target).data["findings"]:
        found.setdefault(one["kind"], []).append(one["text"])
    return found


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory):
    rows = chains()
    rows[10] = ("c1cc", 3.0)
    rows[20] = (rows[20][0], "not measured")
    return train_surrogate(write(tmp_path_factory.mktemp("data"), rows), "value", unit="eV")


def test_training_survives_broken_rows_and_tells_them(trained) -> None:
    assert trained.status == "ok"
    assert trained.data["rows"] == len(CHAINS) - 2
    assert any("line 12 'c1cc'" in one for one in trained.warnings)
    assert any("line 22 'not measured'" in one for one in trained.warnings)
    assert trained.data["comparison"]["stack"]["r2"] > 0.8
    assert {one.name: one.unit for one in trained.values}["rmse"] == "eV"
    assert [one.media_type for one in trained.artifacts] == ["application/json", "image/svg+xml"]
    assert trained.artifacts[1].content.count("<circle") == len(CHAINS) - 2
    assert trained.data["importance"][0]["rise"] > 0


def test_predictions_come_with_doubt_and_domain(trained, tmp_path: Path) -> None:
    asked = ["CCCCCCO", "OCCCCCC", "c1ccc2c(c1)[nH]c1ccccc12", "nonsense"]
    found = predict_with_surrogate(asked, model=trained.data["model"])
    assert [one.structure for one in found.candidates] == ["CCCCCCO", "c1ccc2c(c1)[nH]c1ccccc12"]
    first, second = found.candidates
    assert first.values[0].value == pytest.approx(4.5, abs=1.0)
    assert first.values[0].unit == "eV"
    assert (first.labels["domain"], second.labels["domain"]) == ("inside", "outside")
    assert (second.values[0].uncertainty or 0) > (first.values[0].uncertainty or 0) > 0
    assert found.data["unread"] == ["nonsense"]
    path = tmp_path / "surrogate.json"
    path.write_text(trained.artifacts[0].content, encoding="utf-8")
    again = predict_with_surrogate(asked, model_file=str(path), quantity="gap")
    assert again.candidates[0].values[0].name == "gap"
    assert again.candidates[0].values[0].value == pytest.approx(first.values[0].value, rel=1e-9)
    assert predict_with_surrogate(["nonsense"], model=trained.data["model"]).status == "empty"


def test_a_model_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RepairableToolError, match="exactly one"):
        predict_with_surrogate(["CCO"])
    path = tmp_path / "model.json"
    path.write_text(json.dumps({"weights": 1}), encoding="utf-8")
    with pytest.raises(RepairableToolError, match="no surrogate"):
        predict_with_surrogate(["CCO"], model_file=str(path))


def test_a_clean_table_has_no_serious_finding(tmp_path: Path) -> None:
    found = check_table(write(tmp_path, chains()))
    assert found.data["trainable"] is True
    assert found.data["distinct"] == len(CHAINS)
    assert not found.warnings


def test_mixed_units_are_told(tmp_path: Path) -> None:
    rows = [*chains(), ("CCOC", "5 nM"), ("CCOCC", "2 uM"), ("CCSC", 7.0), ("CSCC", 7000.0)]
    told = " ".join(kinds(write(tmp_path, rows))["units"])
    assert "nM (1)" in told and "uM (1)" in told
    assert "CCSC: 7 and 7000" in told
    rows = [(*row, "nM" if place % 2 else "uM") for place, row in enumerate(chains())]
    assert "several units" in kinds(write(tmp_path, rows, "smiles,value,units"))["units"][0]


def test_faults_repeats_outliers_copies_and_splits_are_told(tmp_path: Path) -> None:
    rows = [(s, v, 2 * float(str(v)) + 1, "train") for s, v in chains()]
    rows += [("OCC", 900.0, 1801, "test"), ("CCC(C)O", ">5", 3, "test"), ("not a smiles", 1.0, 3, "test")]
    found = kinds(write(tmp_path, rows, "smiles,value,copy,split"))
    assert any("bound" in one and "'>5'" in one for one in found["rows"])
    assert any("structure cannot be read" in one for one in found["rows"])
    assert any("disagree" in one for one in found["repeats"])
    assert "(900)" in found["outliers"][0]
    assert any("'copy'" in one for one in found["leakage"])
    assert any("several sides" in one and "CCO" in one for one in found["leakage"])


def test_values_over_decades_ask_for_logarithms(tmp_path: Path) -> None:
    rows = [(smiles, 10 ** (place % 6)) for place, smiles in enumerate(CHAINS)]
    assert "log10" in kinds(write(tmp_path, rows))["values"][0]
    rows[3] = (CHAINS[3], 0)
    with pytest.raises(RepairableToolError, match="line 5 has the value 0"):
        train_surrogate(write(tmp_path, rows), "value", scale="log10")


def test_what_cannot_be_trained_on_is_told_and_refused(tmp_path: Path) -> None:
    constant = write(tmp_path, [(smiles, 2.0) for smiles in CHAINS])
    assert check_table(constant, "value").data["trainable"] is False
    with pytest.raises(RepairableToolError, match="nothing to learn"):
        train_surrogate(constant, "value")
    few = write(tmp_path, chains()[:9])
    assert check_table(few, "value").data["trainable"] is False
    with pytest.raises(RepairableToolError, match="9 structures"):
        train_surrogate(few, "value")
    text = write(tmp_path, [(smiles, "high") for smiles in CHAINS])
    assert check_table(text, "value").data["usable"] == 0
    with pytest.raises(RepairableToolError, match="no number"):
        train_surrogate(text, "value")
    with pytest.raises(RepairableToolError, match="no column of structures"):
        check_table(write(tmp_path, [(1, 2)], "a,b"))
    with pytest.raises(RepairableToolError, match="no column 'other'"):
        check_table(write(tmp_path, chains()), "other")
    with pytest.raises(RepairableToolError, match="unit"):
        train_surrogate(write(tmp_path, chains()), "value", unit="florins")


def test_outliers_are_those_far_from_the_median() -> None:
    values = np.append(np.linspace(0, 1, 50), [100.0, -30.0])
    assert outliers(values).tolist() == [50, 51]
    assert not len(outliers(np.ones(5)))
