"""Following a ledger: whole lines only, torn ends, cut ends, and how a run stands."""

from __future__ import annotations

import json
import os
from pathlib import Path

from agent import events as ev
from agent.memory.history import fold
from agent.memory.ledger import LEDGER, Ledger, read_ledger
from agent.memory.live import LIVE, process_start
from agent.records import Evidence
from tui.runs.follow import Follower, LedgerTail, RunModel


def notice(text: str) -> bytes:
    return ev.Notice(text=text).model_dump_json().encode() + b"\n"


def test_a_growing_ledger_is_read_once_and_a_torn_line_waits(tmp_path: Path) -> None:
    path = tmp_path / LEDGER
    tail = LedgerTail(path)
    assert tail.read() == ([], False)
    path.write_bytes(notice("one") + notice("two")[:20])
    assert [event.text for event in tail.read()[0]] == ["one"]  # type: ignore[union-attr]
    assert tail.read() == ([], False)
    path.write_bytes(notice("one") + notice("two") + notice("three"))
    assert [event.text for event in tail.read()[0]] == ["two", "three"]  # type: ignore[union-attr]


def test_a_torn_end_that_was_cut_off_and_written_over_is_read_right(tmp_path: Path) -> None:
    path = tmp_path / LEDGER
    tail = LedgerTail(path)
    path.write_bytes(notice("one") + b'{"kind":"notice","text":"lost fore')
    assert len(tail.read()[0]) == 1
    Ledger(tmp_path).append(ev.Notice(text="a longer line than the torn one was, by far"))
    assert [event.text[:8] for event in tail.read()[0]] == ["a longer"]  # type: ignore[union-attr]
    assert tail.unreadable == 0


def test_lines_that_are_no_events_are_counted(tmp_path: Path) -> None:
    (tmp_path / LEDGER).write_bytes(b'{"kind":"from_the_future"}\n' + notice("one"))
    batch = Follower(tmp_path).poll()
    assert len(batch.events) == 1 and batch.trouble.startswith("1 of 2 ledger lines")


def test_a_ledger_larger_than_a_chunk_is_read_in_pieces(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("tui.runs.follow.CHUNK", 500)
    (tmp_path / LEDGER).write_bytes(b"".join(notice(f"note {number}") for number in range(100)))
    follower, texts, more = Follower(tmp_path), [], True
    while more:
        batch = follower.poll()
        more = batch.more
        texts += [event.text for event in batch.events]  # type: ignore[union-attr]
    assert texts == [f"note {number}" for number in range(100)]


def test_the_model_says_what_the_history_says(finished: Path) -> None:
    model = RunModel(finished)
    model.take(Follower(finished).poll())
    assert model.history == fold(read_ledger(finished / LEDGER))
    assert model.status == "finished" and model.goal.startswith("Find soluble")


def test_a_running_run_without_a_process_is_interrupted(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.append(ev.RunStarted(run="r", goal="g"))
    ledger.append(ev.StepStarted(step="s1", tool="t"))
    model = RunModel(tmp_path)
    model.take(Follower(tmp_path).poll())
    assert model.status == "interrupted"
    plain = {
        "pid": os.getpid(),
        "born": process_start(os.getpid()),
        "steps": {"s1": [0.25, "a quarter"]},
        "purpose": "",
        "text": "",
    }
    (tmp_path / LIVE).write_text(json.dumps(plain))
    assert model.take(Follower(tmp_path).poll())
    assert model.status == "running" and model.progress("s1") == (0.25, "a quarter")
    (tmp_path / LIVE).write_text(json.dumps({**plain, "born": 1.0}))  # the process id belongs to another process now
    model.take(Follower(tmp_path).poll())
    assert model.status == "interrupted"


def test_a_deleted_folder_keeps_what_was_read(finished: Path) -> None:
    follower, model = Follower(finished), RunModel(finished)
    model.take(follower.poll())
    follower.folder = finished / "gone"
    assert model.take(follower.poll())
    assert model.status == "deleted" and model.history.candidates


def test_a_step_that_was_only_finished_gets_its_time(tmp_path: Path) -> None:
    found = Evidence(id="e1", step="s1", tool="t", status="ok", summary="", seconds=3.0)
    Ledger(tmp_path).append(ev.StepFinished(at="2026-01-02T03:04:05.000+00:00", step="s1", evidence=found))
    model = RunModel(tmp_path)
    model.take(Follower(tmp_path).poll())
    assert model.ended["s1"] - model.started["s1"] == 3.0
