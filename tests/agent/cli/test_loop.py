"""``gedanken tell`` and ``gedanken loop`` as a person or a script calls them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.told_run import make_told_run, sheet

GOOD = {"x1-01": "-3.0", "x1-02": "-3.1", "x1-03": "-2.9", "x1-04": "-3.2", "x1-05": "-0.5", "x1-06": "-6.0"}


@pytest.fixture
def lab(tmp_path: Path):
    """A run that waits for results, and a way to call commands on it."""
    run = make_told_run(tmp_path / "runs")

    def command(*words: str) -> tuple[int, dict, str]:
        options = ["--out", str(tmp_path / "runs"), "--home", str(tmp_path / "home"), "--json"]
        done = subprocess.run(
            [sys.executable, "-m", "agent.cli", *words, *options], capture_output=True, text=True, cwd=tmp_path
        )
        return done.returncode, json.loads(done.stdout.splitlines()[-1]), done.stderr

    return run, command


def test_telling_a_sheet(lab, tmp_path):
    run, command = lab
    (tmp_path / "filled.csv").write_text(sheet(GOOD))
    code, said, _ = command("tell", "last", "filled.csv")
    assert code == 0 and len(said["kept"]) == 6 and said["run"] == run.name
    belief = said["beliefs"][0]
    assert (belief["hypothesis"], belief["state"]) == ("h1", "supported") and "by the rule" in belief["reason"]
    assert said["designed"] == ["x4"] and "x4" in said["next"][0]  # the sharper hypothesis that follows from h1
    kept = {one["id"]: one["belief"] for one in json.loads((run / "hypotheses.json").read_text())}
    assert kept["h1"]["state"] == "supported" and kept["h2"] is None
    assert Path(said["report"]).is_file()
    code, said, _ = command("tell", "last", "filled.csv")
    assert code == 0 and said["kept"] == [] and len(said["known"]) == 6


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["x1-01=3,1"], "decimal comma"),
        (["x7-01=3"], "no sample 'x7-01'"),
        (["none.csv"], "cannot be read"),
    ],
)
def test_what_does_not_fit_is_refused_with_code_2(lab, words, message):
    _, command = lab
    code, said, shown = command("tell", "last", *words)
    assert code == 2 and message in said["error"] and message in shown


def test_a_loop_without_a_laboratory_stops_for_results(lab):
    run, command = lab
    code, said, _ = command("loop", "last", "--rounds", "2")
    assert code == 3 and said["ending"] == "waiting" and said["open"] == ["x1"]
    assert (said["run"], said["status"]) == (run.name, "finished")


def test_a_loop_on_the_simulated_laboratory(lab):
    _, command = lab
    code, said, shown = command("loop", "last", "--rounds", "1", "--simulate", "--seed", "4", "--failures", "0")
    assert code == 0 and said["ending"] in ("rounds", "decided") and said["results"] == 6
    assert "round 1: " in shown and "h1 " in shown
    assert len(said["supported"]) + len(said["refuted"]) + len(said["undecided"]) == 1


def test_true_values_need_the_laboratory(lab):
    _, command = lab
    code, said, _ = command("loop", "last", "--truth", "values.csv")
    assert code == 2 and "--simulate" in said["error"]
