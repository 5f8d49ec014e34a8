"""The suite of assays: which rows are learned from, what is averaged, what is shown beside."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from agent.errors import InputError
from agent.tools.surrogates.model import Prediction
from evals import moleculeace
from evals.suite import Options

HEADER = "smiles,exp_mean [nM],y,cliff_mol,split,y [pEC50/pKi]\n"


class Mean:
    """A predictor that says the mean of what it was trained on, and always 'within one'."""

    def __init__(self, values: list[float]) -> None:
        self.mean = math.fsum(values) / len(values)

    def predict(self, structures: list[str]) -> list[Prediction]:
        return [Prediction(self.mean, 1, self.mean - 1, self.mean + 1, 1, "C", True) for _ in structures]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "moleculeace"
    folder.mkdir()
    train = "".join(f"{'C' * n}O,1,-1,1,train,{n}\n" for n in (1, 2, 3))
    (folder / "A.csv").write_text(HEADER + train + "CCN,1,-1,1,test,3\nCCCN,1,-1,0,test,2\n")
    (folder / "B.csv").write_text(HEADER + train + "CCN,1,-1,0,test,6\nwrong(,1,-1,0,test,2\n")
    (folder / "published_rmse_by_method.csv").write_text(",RF,Other\nA,0.5,0.4\nB,0.7,\n")
    seen: list[tuple[list[str], list[float], str]] = []

    def train_mean(data):
        seen.append((list(data.structures), list(data.values), data.kind))
        assert not any(one.endswith("N") for one in data.structures), "a test row was learned from"
        return None, Mean(list(data.values))

    monkeypatch.setattr("agent.tools.surrogates.model.train", train_mean)
    return tmp_path


def test_assays_are_averaged_and_cliffs_told_apart(bench: Path) -> None:
    found = moleculeace.evaluate(Options(bench=bench, workers=1))
    # The mean of the training rows is 2: assay A errs by -1 and 0, B by -4.
    assert found.scores["A"] == pytest.approx(math.sqrt(0.5))
    assert found.scores["B"] == pytest.approx(4)
    assert found.score == pytest.approx((math.sqrt(0.5) + 4) / 2)
    assert found.scores["rmse of cliffs"] == pytest.approx(1)
    assert found.scores["share inside 90 % intervals"] == pytest.approx(2 / 3)
    assert found.n == 3
    assert (found.unscored, found.why_unscored) == (1, {"a test molecule cannot be read": 1})
    low, high = found.intervals["rmse"]
    assert low <= found.score <= high


def test_published_figures_are_those_of_the_same_assays(bench: Path) -> None:
    found = moleculeace.evaluate(Options(bench=bench, workers=1))
    assert found.scores["published, same assays: RF"] == pytest.approx(0.6)
    assert "published, same assays: Other" not in found.scores
    only = moleculeace.evaluate(Options(bench=bench, workers=1, limit=1))
    assert only.scores["published, same assays: Other"] == pytest.approx(0.4)
    assert only.score == pytest.approx(math.sqrt(0.5))


def test_an_assay_that_cannot_be_learned_is_unscored(bench: Path) -> None:
    (bench / "moleculeace" / "C.csv").write_text(HEADER + "CCO,1,-1,0,train,2\nxx,1,-1,0,test,2\n")
    found = moleculeace.evaluate(Options(bench=bench, workers=1))
    assert "C" not in found.scores
    assert found.why_unscored["an assay has no test row that can be read"] == 1


def test_a_folder_without_assays_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="smiles, y and split"):
        moleculeace.evaluate(Options(bench=tmp_path))
