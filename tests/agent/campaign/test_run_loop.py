"""The loop of a run: rounds on the simulated instruments, waiting for people, and kills at any point."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.killable_loop import laboratory, loop
from support.told_run import make_told_run
from support.trials import decision, experiment

from agent.campaign.instruments import Instruments
from agent.campaign.robot import missing
from agent.campaign.truth import Truth, read_truth
from agent.errors import InputError
from agent.memory.ledger import LEDGER
from agent.reasoning.hypotheses.table import Table
from agent.session.sheets import parse_sheet
from agent.session.telling import history_of
from agent.tools.robots.records import Labware, Liquid, Protocol, Read, Transfer

TESTS = Path(__file__).parents[2]


def outcome(run: Path):
    """What a loop amounts to, apart from when its pieces were told."""
    history = history_of(run)
    results = sorted((one.sample, one.value, one.failed) for one in history.results)
    beliefs = {one.id: one.belief for one in history.hypotheses}
    return results, beliefs, sorted(plan.id for plan in history.experiments)


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> Path:
    """A run whose loop went to its end in one go."""
    folder = tmp_path_factory.mktemp("whole")
    run = make_told_run(folder / "runs")
    subprocess.run([sys.executable, "-m", "support.killable_loop", run, folder / "home"], cwd=TESTS, check=True)
    return run


def test_the_loop_closes(finished):
    history = history_of(finished)
    assert len(history.rounds_designed) >= 2  # plans of a further round followed from the first results
    decided = [one for one in history.hypotheses if one.belief and one.belief.state in ("supported", "refuted")]
    assert decided
    told = {one.sample for one in history.results}
    measured = {plan.id for plan in history.experiments if any(sample.id in told for sample in plan.samples)}
    assert measured >= {"x1", "x4"}  # h4 follows from h1
    sheets = sorted((finished / "results").glob("round-1-sheet-*.csv"))
    assert len(sheets) > 1  # readings came late
    assert "## Rounds of measurement" in (finished / "report.md").read_text()


@pytest.mark.parametrize("lines", [1, 3])
def test_a_kill_at_any_point_changes_nothing(finished, tmp_path, lines):
    run = make_told_run(tmp_path / "runs")
    command = [sys.executable, "-m", "support.killable_loop", run, tmp_path / "home"]
    begun = len((run / LEDGER).read_bytes().splitlines())
    process = subprocess.Popen(command, cwd=TESTS, start_new_session=True)
    until = time.monotonic() + 180
    while len((run / LEDGER).read_bytes().splitlines()) < begun + lines and time.monotonic() < until:
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    subprocess.run(command, cwd=TESTS, check=True, timeout=400)
    assert outcome(run) == outcome(finished)


async def test_the_target_ends_it(finished, tmp_path):
    run = tmp_path / "runs" / finished.name
    shutil.copytree(finished, run)
    known = history_of(run).hypotheses
    supported = sum(bool(one.belief and one.belief.state == "supported" and not one.origin) for one in known)
    ended = await loop(run, tmp_path / "home", target=supported)
    assert (ended.ending, ended.exit_code) == ("target", 0)
    assert len(ended.count("supported")) >= supported > 0


async def test_without_a_laboratory_it_waits_for_results(tmp_path):
    run = make_told_run(tmp_path / "runs")
    ended = await loop(run, tmp_path / "home", laboratory=None)
    assert (ended.ending, ended.exit_code, [plan.id for plan in ended.open]) == ("waiting", 3, ["x1"])


async def test_rounds_are_limited(tmp_path):
    run = make_told_run(tmp_path / "runs")
    ended = await loop(run, tmp_path / "home", rounds=1)
    assert ended.ending in ("rounds", "decided") and ended.rounds == 2


def truth_of(run: Path, **more) -> Truth:
    history = history_of(run)
    return Truth(Table(history.candidates, None), {one.id: one for one in history.hypotheses}, seed=1, **more)


def read_back(sheets: list[str], plan) -> dict[str, float | None]:
    """Values by sample; ``None`` for failed ones."""
    return {one.sample: one.value for text in sheets for one in parse_sheet(text, "sheet", [plan]).results}


def reading(values: dict[str, float | None], sample: str) -> float:
    value = values[sample]
    assert value is not None
    return value


def sheets_of(bench: Instruments, plan) -> list[str]:
    bench.begin(plan, [sample.id for sample in plan.samples])
    found = []
    while bench.busy:
        found.append(bench.turn())
    return [sheet for sheet in found if sheet]


def test_instruments_fill_in_sheets_that_are_read_back(tmp_path):
    run = make_told_run(tmp_path / "runs")
    plan = history_of(run).experiments[0]
    bench = Instruments(truth_of(run), noise=0, drift=0, failures=0, delay=3, seed=5)
    values = read_back(sheets_of(bench, plan), plan)
    assert set(values) == {sample.id for sample in plan.samples}
    assert len({values[f"x1-0{number}"] for number in range(1, 5)}) == 1  # one item, no noise
    assert reading(values, "x1-05") > reading(values, "x1-01") > reading(values, "x1-06")  # positive, sample, negative
    again = Instruments(truth_of(run), noise=0, drift=0, failures=0, delay=3, seed=5)
    assert sheets_of(again, plan) == sheets_of(
        Instruments(truth_of(run), noise=0, drift=0, failures=0, delay=3, seed=5), plan
    )


def test_failures_and_faults_show(tmp_path):
    run = make_told_run(tmp_path / "runs")
    plan = experiment(decision(arms=("c1",)), 50, controls=True)
    lost = Instruments(truth_of(run), failures=0.5, delay=0)
    assert 10 < sum(value is None for value in read_back(sheets_of(lost, plan), plan).values()) < 42
    dead = Instruments(truth_of(run), failures=0, faults=0.999, delay=0)
    values = read_back(sheets_of(dead, plan), plan)
    assert abs(reading(values, "x1-51") - reading(values, "x1-52")) < 0.2  # the controls cannot be told apart
    with pytest.raises(InputError, match="cannot be"):
        Instruments(truth_of(run), failures=1.0)


def test_hidden_values_lie_near_the_estimates_and_known_ones_are_taken(tmp_path):
    run = make_told_run(tmp_path / "runs")
    history = history_of(run)
    plan = history.experiments[0]
    estimate = history.candidates[0].quantities["logS_ESOL"].value
    table = Table(history.candidates, None)
    drawn = [Truth(table, {}, seed=seed).value(plan, plan.samples[0]) for seed in range(200)]
    hidden = [value for value in drawn if value is not None]
    mean = sum(hidden) / len(hidden)
    spread = (sum((value - mean) ** 2 for value in hidden) / len(hidden)) ** 0.5
    assert mean == pytest.approx(estimate, abs=0.2) and spread == pytest.approx(0.8, abs=0.15)  # ESOL's published error
    path = tmp_path / "truth.csv"
    path.write_text("item,logS_ESOL\nc1,-2.5\nc2,\n")
    known = truth_of(run, known=read_truth(path))
    assert known.value(plan, plan.samples[0]) == -2.5
    path.write_text("item,logS_ESOL\nc1,high\n")
    with pytest.raises(InputError, match="row 2, column 'logS_ESOL': 'high' is no number"):
        read_truth(path)
    path.write_text("name,logS_ESOL\nc1,1\n")
    with pytest.raises(InputError, match="no column 'item'"):
        read_truth(path)


def test_the_laboratory_of_the_tests_is_repeatable(tmp_path):
    run = make_told_run(tmp_path / "runs")
    history = history_of(run)
    plan = history.experiments[0]
    assert sheets_of(laboratory(history), plan) == sheets_of(laboratory(history), plan)


def pipetted(plan, forgotten: str = "") -> Protocol:
    """A protocol that brings every sample but one from its stock to its well."""
    stocks = {item: f"stocks:A{place:02d}" for place, item in enumerate(sorted({one.item for one in plan.samples}), 1)}
    return Protocol(
        title="deal",
        labware=(Labware(id="stocks", kind="tubes-24", slot=1), Labware(id="plate", kind="plate-96", slot=2)),
        liquids=tuple(Liquid(place=place, name=item, volume_ul=1000) for item, place in stocks.items()),
        steps=(
            *(
                Transfer(source=stocks[one.item], target=f"plate:{one.well}", volume_ul=10)
                for one in plan.samples
                if one.id != forgotten
            ),
            Read(labware="plate", quantity="solubility", instrument="reader"),
        ),
    )


def test_the_robot_follows_the_protocol(tmp_path):
    run = make_told_run(tmp_path / "runs")
    plan = history_of(run).experiments[0]
    placed = tuple(one.model_copy(update={"well": f"B{number:02d}"}) for number, one in enumerate(plan.samples, 2))
    plan = plan.model_copy(update={"samples": placed})
    assert missing(plan, [pipetted(plan)]) == frozenset() == missing(plan, [])
    assert missing(plan, [pipetted(plan, "x1-02")]) == {"x1-02"}
    dry = pipetted(plan).model_copy(update={"liquids": pipetted(plan).liquids[1:]})
    assert missing(plan, [dry]) == {one.id for one in plan.samples if one.item == "c1"}  # its stock is not on the deck
    bench = Instruments(truth_of(run), failures=0, delay=0, protocols=lambda _: [pipetted(plan, "x1-02")])
    assert [name for name, value in read_back(sheets_of(bench, plan), plan).items() if value is None] == ["x1-02"]
