"""Telling results to a run: kept once and for good, judged, and followed by the next plan."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from support.told_run import call_here, make_told_run, sheet

from agent.errors import ConflictError, InputError
from agent.memory.bundle import read_bundle
from agent.memory.ledger import LEDGER
from agent.memory.opinions import Opinion, record_opinion
from agent.session import Session
from agent.session.telling import history_of, keep
from agent.settings import load_settings

TESTS = Path(__file__).parents[2]
GOOD = {"x1-01": "-3.0", "x1-02": "-3.1", "x1-03": "-2.9", "x1-04": "-3.2"}
CONTROLS = {"x1-05": "-0.5", "x1-06": "-6.0"}


@pytest.fixture
async def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A session whose tools run in this process: starting workers is tested elsewhere."""
    settings = load_settings(out=tmp_path / "runs", home=tmp_path / "home", workers=1).settings
    async with Session(settings) as opened:
        monkeypatch.setattr(opened.toolbox, "call", call_here)
        yield opened


def written(folder: Path, values: dict[str, str], name: str = "filled.csv") -> Path:
    path = folder.parent / name
    path.write_text(sheet(values), encoding="utf-8")
    return path


async def test_results_are_judged_and_the_next_plans_follow(session, tmp_path):
    run = make_told_run(tmp_path / "runs")
    seen = []
    told = await session.tell(run, written(run, GOOD | CONTROLS), listen=lambda event: seen.append(event.kind))
    assert len(told.kept) == 6
    assert [(one.hypothesis, one.state) for one in told.beliefs] == [("h1", "supported")]
    assert [plan.id for plan in told.designed] == ["x4"]  # what follows from h1 comes before the next by rank
    assert seen == ["results_told", "beliefs_updated", "hypotheses_sharpened", "experiments_designed"]
    assert all("Measure" in step for step in told.next_steps)
    bundle = read_bundle(run)
    first = next(one for one in bundle.hypotheses if one.id == "h1")
    assert first.belief is not None and first.belief.posterior > 0.9
    assert [one.id for one in bundle.experiments] == ["x1", "x4"]
    sharper = next(one for one in bundle.hypotheses if one.id == "h4")
    assert (sharper.origin, sharper.belief, sharper.subjects) == ("h1", None, ("c1",))
    assert sharper.prediction.value > -4.0 and not sharper.statement.unverified
    rows = (run / "results.csv").read_text().splitlines()
    assert len(rows) == 7 and rows[1].startswith("x1,h1,x1-01,c1,c1,test,1,logS_ESOL,-3.0,log_molar")
    report = (run / "report.md").read_text()
    assert "**Follows from**: " in report and "Sharper than" in report
    assert "## Rounds of measurement" in report and "the hypothesis is supported" in report
    assert "<sup" not in report.split("## Rounds of measurement")[1].split("## Candidates")[0]  # nothing unverified
    crate = json.loads((run / "ro-crate-metadata.json").read_text())
    assert any(one["@id"] == "results.csv" for one in crate["@graph"])


async def test_an_undecided_one_gets_a_second_round_that_is_pooled(session, tmp_path):
    run = make_told_run(tmp_path / "runs", bound=-3.15)
    told = await session.tell(run, written(run, GOOD | CONTROLS))
    assert told.beliefs[0].state == "undecided"
    assert [plan.id for plan in told.designed] == ["x1r2"]
    second = told.designed[0]
    assert second.hypothesis == "h1" and second.decision == history_of(run).experiments[0].decision
    assert all(sample.id.startswith("x1r2-") for sample in second.samples)
    readings = {"positive": "-0.5", "negative": "-6.0", "blank": "-6.1", "vehicle": "-6.1"}
    values = {sample.id: readings.get(sample.role, f"{-2.9 + 0.01 * sample.order:.2f}") for sample in second.samples}
    told = await session.tell(run, written(run, values))
    belief = told.beliefs[0]
    assert (belief.state, belief.experiment) == ("supported", "x1r2")
    assert belief.results > 4


async def test_what_the_researcher_rejected_is_not_tested(session, tmp_path):
    run = make_told_run(tmp_path / "runs")
    record_opinion(run, Opinion(hypothesis="h2", verdict="rejected"))
    told = await session.tell(run, written(run, GOOD | CONTROLS))
    assert [plan.id for plan in told.designed] == ["x4"]
    record_opinion(run, Opinion(hypothesis="h4", verdict="rejected"))
    assert [plan.id for plan in (await session.tell(run, [])).designed] == []


async def test_half_a_sheet_waits_and_the_same_twice_is_known(session, tmp_path):
    run = make_told_run(tmp_path / "runs")
    half = dict(list(GOOD.items())[:2]) | {"x1-03": ""}
    told = await session.tell(run, written(run, half))
    assert told.blank == ("x1-03",) and told.beliefs[0].state == "undecided" and told.designed == ()
    before = (run / LEDGER).read_bytes()
    again = await session.tell(run, written(run, half))
    assert again.known == ("x1-01", "x1-02") and again.kept == () and again.beliefs == ()
    assert (run / LEDGER).read_bytes() == before
    told = await session.tell(run, ["x1-03=-2.9", "x1-04=failed", "x1-05=-0.5", "x1-06=-6"])
    assert "1 failed" in told.beliefs[0].reason.text


async def test_a_different_value_is_a_conflict_and_nothing_of_the_sheet_is_kept(session, tmp_path):
    run = make_told_run(tmp_path / "runs")
    await keep(run, ["x1-01=-3.0"])
    before = (run / LEDGER).read_bytes()
    with pytest.raises(ConflictError, match=r"x1-01 was told before with another result \(-3 log_molar; now -3.5"):
        await session.tell(run, written(run, {"x1-02": "-3", "x1-01": "-3.5"}))
    with pytest.raises(ConflictError, match="now failed"):
        await session.tell(run, ["x1-01=failed"])
    with pytest.raises(InputError, match="no sample 'x8-01'"):
        await session.tell(run, written(run, {"x1-02": "-3", "x8-01": "-3.5"}))
    assert (run / LEDGER).read_bytes() == before


async def test_a_kill_between_keeping_and_judging_is_made_good(session, tmp_path):
    run = make_told_run(tmp_path / "runs")
    await keep(run, written(run, GOOD | CONTROLS))
    assert history_of(run).updates == []
    with (run / LEDGER).open("ab") as file:
        file.write(b'{"kind": "beliefs_upd')  # torn by the kill
    told = await session.tell(run, [])
    assert told.kept == () and told.beliefs[0].state == "supported" and len(told.designed) == 1
    assert len(history_of(run).updates) == 1


async def test_resuming_a_finished_run_judges_what_was_only_kept(session, tmp_path):
    run = make_told_run(tmp_path / "runs")
    before = (run / LEDGER).read_bytes()
    assert (await session.carry_on(run)).exit_code == 0
    assert (run / LEDGER).read_bytes() == before
    await keep(run, written(run, GOOD | CONTROLS))
    seen = []
    outcome = await session.carry_on(run, listen=lambda event: seen.append(event.kind))
    assert outcome.exit_code == 0 and seen == ["beliefs_updated", "hypotheses_sharpened", "experiments_designed"]
    after = (run / LEDGER).read_bytes()
    await session.carry_on(run)
    assert (run / LEDGER).read_bytes() == after


async def test_two_at_once_in_one_process(session, tmp_path):
    run = make_told_run(tmp_path / "runs")
    one, other = written(run, GOOD, "one.csv"), written(run, CONTROLS, "other.csv")
    await asyncio.gather(session.tell(run, one), session.tell(run, other))
    history = history_of(run)
    assert len(history.results) == 6 and history.hypotheses[0].belief is not None
    assert history.hypotheses[0].belief.state == "supported"
    assert history.rounds_designed == [("x1",), ("x4",)]


def test_tellers_in_processes_of_their_own(tmp_path):
    run = make_told_run(tmp_path / "runs")
    halves = [dict(list(GOOD.items())[:3]), dict(list(GOOD.items())[2:]) | CONTROLS]
    command = [sys.executable, "-m", "support.teller", str(run)]
    tellers = [
        subprocess.Popen(
            [*command, str(written(run, half, f"{number}.csv"))], stdout=subprocess.PIPE, cwd=TESTS, text=True
        )
        for number, half in enumerate(halves)
    ]
    said = [json.loads(teller.communicate(timeout=60)[0]) for teller in tellers]
    assert sum(one["kept"] for one in said) == 6
    assert sum(one["known"] for one in said) == 1  # the sample that both told, with the same result
    assert sorted(one.sample for one in history_of(run).results) == [f"x1-{number:02d}" for number in range(1, 7)]


async def test_a_run_without_samples_cannot_be_told(session, tmp_path):
    run = make_told_run(tmp_path / "runs")
    lines = (run / LEDGER).read_bytes().splitlines(keepends=True)
    (run / LEDGER).write_bytes(b"".join(line for line in lines if b"experiments_designed" not in line))
    with pytest.raises(InputError, match="no experiment with samples"):
        await session.tell(run, ["x1-01=3"])
