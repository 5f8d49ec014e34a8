"""Ranking again with the researcher's verdicts, on runs that a real session has carried through."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.science import ScriptedReasoner, small_catalogue

from agent import events as ev
from agent.errors import InputError, StorageError
from agent.memory.bundle import read_bundle
from agent.memory.history import fold
from agent.memory.ledger import read_ledger
from agent.memory.opinions import Opinion, record_opinion
from agent.memory.runs import read_info, run_lock
from agent.records import Goal, Step
from agent.session import Session
from agent.settings import load_settings

TESTS = Path(__file__).parents[1]


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setenv("PYTHONPATH", str(TESTS))
    settings = load_settings(out=tmp_path / "runs", home=tmp_path / "home", workers=1).settings
    reasoner = ScriptedReasoner([Step(id="s1", tool="square", arguments={"x": 3})])
    return Session(settings, tools=small_catalogue(), reasoner=reasoner)


def history_of(folder: Path):
    return fold(read_ledger(folder / "ledger.jsonl"))


async def test_the_researcher_s_verdicts_change_the_ranks_of_a_finished_run_and_are_recorded(session):
    async with session:
        bundle = (await session.run(Goal(text="squares"))).bundle
        before = [one.id for one in history_of(bundle).hypotheses]
        assert before == ["h3", "h2", "h1"]
        record_opinion(bundle, Opinion(hypothesis="h1", verdict="accepted", note="seen at the bench"))
        record_opinion(bundle, Opinion(hypothesis="h3", verdict="rejected"))
        assert session.rerank(bundle).info.status == "finished"
    history = history_of(bundle)
    assert [one.id for one in history.hypotheses] == ["h1", "h2", "h3"]
    assert sum(one.judge == "researcher" for one in history.verdicts) == 3
    assert [one.rank for one in read_bundle(bundle).hypotheses] == [1, 2, 3]
    page = (bundle / "report.html").read_text(encoding="utf-8")
    assert "Researcher: accepted" in page and "seen at the bench" in page
    assert "seen at the bench" in (bundle / "report.md").read_text(encoding="utf-8")


async def test_ranking_again_without_news_writes_no_event_and_a_change_of_mind_replaces_the_earlier_one(session):
    async with session:
        bundle = (await session.run(Goal(text="squares"))).bundle
        record_opinion(bundle, Opinion(hypothesis="h1", verdict="accepted"))
        session.rerank(bundle)
        events = list(read_ledger(bundle / "ledger.jsonl"))
        session.rerank(bundle)
        assert list(read_ledger(bundle / "ledger.jsonl")) == events
        record_opinion(bundle, Opinion(hypothesis="h1", verdict="open"))
        session.rerank(bundle)
    history = history_of(bundle)
    assert [one.id for one in history.hypotheses] == ["h3", "h2", "h1"]
    assert not [one for one in history.verdicts if one.judge == "researcher"]


async def test_a_new_run_counts_earlier_opinions_on_the_same_statements(session):
    async with session:
        first = (await session.run(Goal(text="squares"))).bundle
        record_opinion(first, Opinion(hypothesis="h1", verdict="accepted"))
        second = (await session.run(Goal(text="squares"))).bundle
    history = history_of(second)
    assert history.hypotheses[0].id == "h1"
    assert any(one.judge == "researcher" and "accepted" in one.reason for one in history.verdicts)


async def test_a_run_without_ranked_hypotheses_and_one_that_is_held_are_refused(session):
    async with session:
        bundle = (await session.run(Goal(text="squares"))).bundle
        begun = session.begin(Goal(text="other"))
        with pytest.raises(InputError, match="no ranked hypotheses"):
            session.rerank(begun)
        with run_lock(bundle), pytest.raises(StorageError):
            session.rerank(bundle)
        assert read_info(begun).status == "running"


async def test_the_critique_comes_before_the_ranking_and_dropped_hypotheses_are_kept(session, monkeypatch):
    from agent.reasoning.protocol import Criticised

    async def critique(hypotheses, view):
        return Criticised(hypotheses[1:], hypotheses[:1])

    monkeypatch.setattr(session._own_reasoner, "critique", critique)
    async with session:
        bundle = (await session.run(Goal(text="squares"))).bundle
    kinds = [event.kind for event in read_ledger(bundle / "ledger.jsonl")]
    order = ["hypotheses_made", "hypotheses_criticised", "hypotheses_ranked"]
    assert [kind for kind in kinds if kind in order] == order
    history = history_of(bundle)
    assert [one.id for one in history.dropped] == ["h1"]
    assert "Dropped by the critique" in (bundle / "report.html").read_text(encoding="utf-8")
    assert "Dropped by the critique" in (bundle / "report.md").read_text(encoding="utf-8")
    phases = [event.phase for event in read_ledger(bundle / "ledger.jsonl") if isinstance(event, ev.PhaseStarted)]
    assert phases.index("hypothesise") < phases.index("critique") < phases.index("rank")
