"""The loop: a simulated laboratory, the whole campaign unattended, its report, and the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from agent.campaign.folder import CampaignFolder
from agent.campaign.laboratory import Laboratory, reaction, reaction_space, table_response
from agent.campaign.records import Campaign, Proposal
from agent.campaign.report import report
from agent.campaign.simulation import simulate
from agent.errors import InputError
from agent.records import Result
from agent.tools.optimisation import suggest_experiments
from agent.tools.optimisation.candidates import candidate_points
from agent.tools.optimisation.space import Continuous, Space, Target


async def call(name: str, arguments: Mapping[str, Any]) -> Result:
    assert name == "suggest_experiments"
    return suggest_experiments(**{**arguments, "space": Space.model_validate(arguments["space"])})


def gedanken(folder: Path, *words: str, code: int = 0) -> dict[str, Any]:
    command = [sys.executable, "-m", "agent.cli", "campaign", *words, "--folder", str(folder / "kept"), "--json"]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert shown.returncode == code, shown.stderr
    return json.loads(shown.stdout.splitlines()[-1])


async def test_a_campaign_reaches_its_target_unattended(tmp_path: Path) -> None:
    campaign = Campaign(name="demo", space=reaction_space(), batch=4, margin=1.0)
    folder = CampaignFolder.create(tmp_path, campaign)
    laboratory = Laboratory(reaction, noise=1.0, failures=0.1, delay=1, seed=3)
    state = await simulate(folder, laboratory, call, most=80)
    assert state.reached
    assert len(state.told) <= 60
    text = report(state)
    assert "# Campaign demo" in text and "Stop: the target is reached." in text
    assert f"### Round {state.round}" in text
    assert state.best is not None and f"experiment {state.best.experiment}" in text
    assert text.count("- **") == len(state.proposals)


async def test_the_same_seed_gives_the_same_campaign(tmp_path: Path) -> None:
    runs = []
    for name in ("one", "two"):
        folder = CampaignFolder.create(tmp_path, Campaign(name=name, space=reaction_space(), batch=3))
        state = await simulate(folder, Laboratory(reaction, noise=1.0, failures=0.2, seed=1), call, most=12)
        runs.append([(one.experiment, one.point, one.outcomes) for one in state.told])
    assert runs[0] == runs[1] and len(runs[0]) >= 6


async def test_stopping_is_advised_when_nothing_better_is_left(tmp_path: Path) -> None:
    space = Space(parameters=(Continuous(name="x", low=0, high=1),), objectives=(Target(name="y"),))
    folder = CampaignFolder.create(tmp_path, Campaign(name="flat", space=space, batch=2, margin=0.1))
    laboratory = Laboratory(lambda point: {"y": -((float(point["x"]) - 0.4) ** 2)})
    state = await simulate(folder, laboratory, call, most=60)
    assert len(state.told) < 40
    assert state.chance is not None and state.chance < 0.05
    assert state.advice.startswith("Stop")


def test_the_laboratory_is_noisy_late_and_fallible_as_told() -> None:
    laboratory = Laboratory(lambda _: {"y": 10.0}, noise=2.0, failures=0.3, delay=2, seed=0)
    laboratory.begin([Proposal(experiment=i, round=1, point={"x": 0.0}, reason="spread") for i in range(1, 601)])
    turns = [laboratory.turn() for _ in range(4)]
    assert [len(turn) > 100 for turn in turns] == [True, True, True, False]
    told = [one for turn in turns for one in turn]
    assert len(told) == 600
    assert sum(one.failed for one in told) == pytest.approx(180, abs=40)
    values = [one.outcomes["y"] for one in told if not one.failed]
    mean = sum(values) / len(values)
    assert mean == pytest.approx(10, abs=0.4)
    assert (sum((one - mean) ** 2 for one in values) / len(values)) ** 0.5 == pytest.approx(2, abs=0.3)
    with pytest.raises(InputError, match="cannot be"):
        Laboratory(reaction, failures=1.0)


def test_the_reaction_follows_its_rate_law() -> None:
    from scipy.integrate import solve_ivp

    point = {"temperature": 90.0, "time": 60.0, "loading": 2.0, "ligand": "PPh3"}
    kelvin, gas = 363.15, 8.314462618e-3
    first = 4e9 * 2.0 * 2.718281828459045 ** (-82 / (gas * kelvin))
    second = 4e12 * 2.718281828459045 ** (-113 / (gas * kelvin))
    solved = solve_ivp(
        lambda _, c: [-first * c[0], first * c[0] - second * c[1]], (0, 60), [1.0, 0.0], rtol=1e-9, atol=1e-12
    )
    assert reaction(point)["yield"] == pytest.approx(100 * solved.y[1, -1], rel=1e-5)
    assert all(0 <= reaction(one)["yield"] <= 100 for one in candidate_points(reaction_space(), limit=200))


def test_a_table_answers_with_its_nearest_row(tmp_path: Path) -> None:
    space = Space(parameters=(Continuous(name="x", low=0, high=10),), objectives=(Target(name="y"),))
    path = tmp_path / "table.csv"
    path.write_text("x,y\n0,1\n5,2\n10,3\n")
    assert table_response(path, space)({"x": 6.0}) == {"y": 2.0}
    path.write_text("x,z\n0,1\n")
    with pytest.raises(InputError, match="lacks: y"):
        table_response(path, space)


def test_the_command_line_carries_a_campaign(tmp_path: Path) -> None:
    space = tmp_path / "space.toml"
    space.write_text(
        'batch = 2\n[[parameters]]\nkind = "continuous"\nname = "t"\nlow = 0\nhigh = 10\nunit = "min"\n'
        '[[objectives]]\nname = "y"\ngoal = "minimise"\nunit = "percent"\n'
    )
    gedanken(tmp_path, "new", "c", "--space", str(space))
    first = gedanken(tmp_path, "next", "c")
    assert [one["experiment"] for one in first["experiments"]] == [1, 2]
    sheet = Path(first["sheet"])
    lines = sheet.read_text().splitlines()
    sheet.write_text("\n".join([lines[0], lines[1].replace(",,,", ",5.5,,"), lines[2]]) + "\n")
    told = gedanken(tmp_path, "tell", "c", str(sheet))
    assert (told["kept"], told["blank"]) == ([1], [2])
    told = gedanken(tmp_path, "tell", "c", "experiment=2", "failed=yes")
    assert told["kept"] == [2]
    status = gedanken(tmp_path, "status", "c")
    assert (status["results"], status["failed"], status["open"]) == (2, 1, [])
    assert status["best"]["experiment"] == 1
    assert "5.5" in Path(gedanken(tmp_path, "report", "c")["report"]).read_text()
    wrong = gedanken(tmp_path, "tell", "c", "experiment=7", "y=1", code=2)
    assert "There is no experiment 7" in wrong["error"]


def test_the_command_line_simulates_a_whole_campaign(tmp_path: Path) -> None:
    done = gedanken(tmp_path, "simulate", "demo", "--seed", "1")
    assert done["reached"] and done["best"]["outcomes"]["yield"] >= 96
    assert Path(done["report"]).read_text().startswith("# Campaign demo")
