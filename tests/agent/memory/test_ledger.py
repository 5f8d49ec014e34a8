"""The ledger: what was appended is there, whatever happened to the process or the disk."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent import events as ev
from agent.errors import StorageError
from agent.memory.files.disk import disk_error
from agent.memory.ledger import Ledger, read_ledger


def test_events_come_back_in_order_and_transient_ones_are_not_kept(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    said = [ev.Notice(text="one"), ev.PhaseStarted(phase="plan"), ev.Notice(text="한글 and ±")]
    for event in said:
        ledger.append(event)
    ledger.append(ev.StepProgress(step="s1", fraction=0.5))
    ledger.append(ev.ModelText(purpose="plan", text="thinking"))
    assert list(ledger.events()) == said


def test_a_torn_last_line_is_left_out_and_then_written_over(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.append(ev.Notice(text="whole"))
    with ledger.path.open("ab") as file:
        file.write(b'{"kind": "notice", "te')
    assert [event.text for event in read_ledger(ledger.path) if isinstance(event, ev.Notice)] == ["whole"]
    again = Ledger(tmp_path)
    again.append(ev.Notice(text="after the kill"))
    assert [event.text for event in again.events() if isinstance(event, ev.Notice)] == ["whole", "after the kill"]


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(min_value=0, max_value=400))
def test_a_ledger_cut_anywhere_reads_as_a_beginning_of_itself(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("run")
    ledger = Ledger(folder)
    said = [ev.Notice(at="2026-01-01", text=f"event {number}") for number in range(6)]
    for event in said:
        ledger.append(event)
    data = ledger.path.read_bytes()
    ledger.path.write_bytes(data[:cut])
    left = list(read_ledger(ledger.path))
    assert left == said[: len(left)]
    assert len(left) == data[:cut].count(b"\n")


def test_a_damaged_line_in_the_middle_is_an_error_that_names_it(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    ledger.append(ev.Notice(text="one"))
    ledger.path.write_bytes(b'{"kind": "from the future"}\n' + ledger.path.read_bytes())
    with pytest.raises(StorageError, match=r"Line 1 of .*ledger\.jsonl is not an event of this version"):
        list(read_ledger(ledger.path))


@pytest.mark.parametrize(
    ("number", "way_out"),
    [(errno.ENOSPC, "free some space"), (errno.EROFS, "--out"), (errno.EACCES, "--out"), (errno.EIO, "Check the disk")],
)
def test_a_refusing_disk_is_one_clear_error(tmp_path: Path, number: int, way_out: str) -> None:
    error = disk_error("the ledger", tmp_path, OSError(number, "it refuses"))
    assert str(tmp_path) in str(error)
    assert way_out in error.remedy


def test_a_full_disk_stops_appending_with_that_error() -> None:
    ledger = Ledger(Path("/dev"))
    ledger.path = Path("/dev/full")
    with pytest.raises(StorageError, match="The disk is full"):
        ledger.append(ev.Notice(text="nowhere to go"))
