"""``gedanken eval`` as a user meets it: the JSON contract by a real process, and what is missing said clearly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent.errors import InputError
from evals.catalogue import SUITES, find_suite
from evals.commands import list_suites, run_suites

CONTRACT = {"suite", "score", "scores", "unscored", "n", "seconds", "environment"}
NAMES = {"goals", "scifact", "pmo", "xrd", "seqqa", "cloning", "speed"}


def gedanken(*arguments: str, bench: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GEDANKEN")}
    code = f"import sys; sys.argv = ['gedanken', *{list(arguments)!r}]; from agent.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment | ({"GEDANKEN_BENCH": str(bench)} if bench else {}),
    )


def test_run_keeps_the_json_contract(labbench: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    done = gedanken("eval", "run", "seqqa", "--json", "--save", str(kept), bench=labbench)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert set(result) >= CONTRACT
    assert (result["suite"], result["n"], result["unscored"]) == ("seqqa", 4, 1)
    assert result["score"] == result["scores"]["accuracy"] == 0.5
    assert result["environment"]["python"]
    assert json.loads(kept.read_text())["seqqa"]["score"] == 0.5
    again = gedanken("eval", "run", "seqqa", "--bench", str(labbench), "--compare", str(kept))
    assert "(as before: 0.5 on 20" in again.stdout
    assert "drift" not in json.loads(kept.read_text())["seqqa"]  # it may become what others are compared with


@pytest.mark.parametrize("suite", ["seqqa", "cloning", "xrd"])
def test_a_missing_folder_is_named(suite: str, tmp_path: Path) -> None:
    without = gedanken("eval", "run", suite)
    assert without.returncode == 2
    assert "--bench" in without.stderr
    empty = gedanken("eval", "run", suite, "--bench", str(tmp_path))
    assert empty.returncode == 2
    assert str(tmp_path) in empty.stderr.replace("\n", "")


def test_every_suite_of_the_design_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert list_suites(as_json=True) == 0
    listed = json.loads(capsys.readouterr().out)["suites"]
    assert {row["suite"] for row in listed} >= NAMES
    assert all(row["title"] and row["metric"] for row in listed)
    assert {row["suite"] for row in listed if row["baseline"]} >= {"seqqa", "goals", "speed"}
    assert list_suites(as_json=False) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in NAMES)
    assert all(f"over {row['baseline']['n']} cases" in shown for row in listed if row["baseline"])


def test_an_unknown_suite_is_corrected() -> None:
    with pytest.raises(InputError, match="seqqa"):
        find_suite("seqa", None)


def test_every_suite_can_be_loaded() -> None:
    from importlib import import_module

    for suite in SUITES:
        module, _, function = suite.where.partition(":")
        assert callable(getattr(import_module(module), function))


def test_a_suite_without_a_score_fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from evals import labbench as module
    from evals.suite import Scores

    monkeypatch.setattr(module, "evaluate", lambda options, tag: Scores(None, {}, 0, 3, {"no reason": 3}))
    monkeypatch.setattr("evals.commands.find_suite", lambda name, bench: next(s for s in SUITES if s.name == name))
    assert run_suites(["seqqa"]) == 1
    shown = capsys.readouterr().out
    assert "unscored" in shown
    assert "unscored 3 times: no reason" in shown
