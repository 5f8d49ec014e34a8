"""The suites of tables with folds: names, rows and folds that belong together, errors averaged over folds."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from agent.errors import InputError
from agent.tools.surrogates.model import Prediction
from evals import matbench
from evals.catalogue import find_suite
from evals.suite import Options

FORMULAS = ("NaCl", "KCl", "LiF", "MgO", "CaO", "FeO")


class Mean:
    def __init__(self, values: list[float]) -> None:
        self.mean = sum(values) / len(values)

    def predict(self, structures: list[str]) -> list[Prediction]:
        return [Prediction(self.mean, 1, self.mean - 1, self.mean + 1, 1, "C", True) for _ in structures]


def folds(name: str) -> dict[str, dict[str, list[str]]]:
    ids = [f"mb-{name}-{n:03d}" for n in range(1, 7)]
    return {f"fold_{f}": {"train": [i for i in ids if i not in ids[f::2]], "test": ids[f::2]} for f in range(2)}


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "matbench"
    folder.mkdir()
    table = {"matbench_steels": folds("steels"), "matbench_expt_gap": folds("gap"), "matbench_glass": folds("glass")}
    (folder / "official_folds.json.gz").write_bytes(gzip.compress(json.dumps(table).encode()))
    for name, values in (("steels_yield", range(6)), ("glass", ("True", "False", "True", "True", "False", "True"))):
        rows = "\n".join(f"{formula},{value}" for formula, value in zip(FORMULAS, values, strict=True))
        (folder / f"{name}.csv").write_text(f"formula,target\n{rows}\n")
    monkeypatch.setattr("agent.tools.surrogates.model.train", lambda data: (None, Mean(list(data.values))))
    return tmp_path


def test_the_headline_is_the_mean_over_the_folds(bench: Path) -> None:
    found = find_suite("matbench-steels", bench).evaluate(Options(bench=bench, workers=1))
    # Fold 0 tests 0, 2, 4 against the mean 3 of the others; fold 1 tests 1, 3, 5 against 2.
    assert found.scores["fold 0"] == pytest.approx((3 + 1 + 1) / 3)
    assert found.scores["fold 1"] == pytest.approx((1 + 1 + 3) / 3)
    assert found.score == pytest.approx(5 / 3)
    assert found.n == 6
    assert found.intervals["mae"][0] <= found.score <= found.intervals["mae"][1]
    assert find_suite("matbench-steels", bench).evaluate(Options(bench=bench, workers=1, limit=1)).n == 3


def test_a_suite_exists_for_every_table_with_folds(bench: Path) -> None:
    suite = find_suite("matbench-glass", bench)
    assert suite.higher_is_better
    assert suite.evaluate(Options(bench=bench, workers=1)).scores["area under curve"] == 0.5
    with pytest.raises(InputError, match="no suite 'matbench-wood'"):
        find_suite("matbench-wood", bench)
    with pytest.raises(InputError):
        find_suite("matbench-gap", bench).evaluate(Options(bench=bench, workers=1))


def test_formulas_that_cannot_be_read_are_unscored(bench: Path) -> None:
    path = bench / "matbench" / "steels_yield.csv"
    path.write_text(path.read_text().replace("NaCl", "Nothing9"))
    found = matbench.evaluate(Options(bench=bench, workers=1), "steels")
    assert (found.n, found.unscored) == (5, 1)


def test_rows_that_do_not_fit_the_folds_are_refused(bench: Path) -> None:
    path = bench / "matbench" / "steels_yield.csv"
    path.write_text(path.read_text() + "NaF,3\n")
    with pytest.raises(InputError, match="7 rows"):
        matbench.read_table(bench / "matbench", "steels")
