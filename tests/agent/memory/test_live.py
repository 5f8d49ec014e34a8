"""What a run is doing right now, for whoever watches."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from agent import events as ev
from agent.memory import live
from agent.memory.live import LIVE, LiveFile, read_live
from agent.records import Evidence, Usage


def test_progress_and_text_are_there_while_they_last(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(live, "INTERVAL", 0.0)
    with LiveFile(tmp_path) as file:
        assert read_live(tmp_path) is None  # nothing before the run's lock is held
        file.show(ev.RunStarted(run="r", goal="g"))
        file.show(ev.StepProgress(step="s1", fraction=0.5, message="half"))
        file.show(ev.ModelText(purpose="plan", text="One"))
        file.show(ev.ModelText(purpose="plan", text=" two"))
        seen = read_live(tmp_path)
        assert seen is not None and seen.alive and seen.pid == os.getpid()
        assert (seen.steps, seen.purpose, seen.text) == ({"s1": (0.5, "half")}, "plan", "One two")
        file.show(ev.ModelText(purpose="rank", text="Other"))
        file.show(ev.StepFinished(step="s1", evidence=Evidence(id="e1", step="s1", tool="t", status="ok", summary="")))
        seen = read_live(tmp_path)
        assert seen is not None and seen.steps == {} and seen.text == "Other"
        file.show(ev.ModelCalled(purpose="rank", model="m", usage=Usage()))
        seen = read_live(tmp_path)
        assert seen is not None and seen.text == ""
    assert list(tmp_path.iterdir()) == []


def test_the_file_stays_small_and_is_written_seldom(tmp_path: Path, monkeypatch) -> None:
    writes = 0
    with LiveFile(tmp_path) as file:
        write = file._write

        def counted() -> None:
            nonlocal writes
            writes += 1
            write()

        monkeypatch.setattr(file, "_write", counted)
        for number in range(5000):
            file.show(ev.StepProgress(step=f"s{number % 4}", fraction=0.1, message="m"))
            file.show(ev.ModelText(purpose="p", text="word "))
        assert writes < 200
        assert (tmp_path / LIVE).stat().st_size < live.TEXT + 1000


def test_a_shorter_state_covers_a_longer_one_in_the_same_file(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(live, "INTERVAL", 0.0)
    with LiveFile(tmp_path) as file:
        file.show(ev.ModelText(purpose="plan", text="word " * 200))
        inode = (tmp_path / LIVE).stat().st_ino
        file.show(ev.ModelCalled(purpose="plan", model="m", usage=Usage()))
        seen = read_live(tmp_path)
        assert seen is not None and seen.text == ""
        assert (tmp_path / LIVE).stat().st_ino == inode


def test_a_process_that_is_gone_is_not_alive(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from agent.memory.live import LiveFile
from agent import events as ev
LiveFile(Path({str(tmp_path)!r})).show(ev.RunStarted(run="r", goal="g"))
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    seen = read_live(tmp_path)
    assert seen is not None and not seen.alive


def test_a_damaged_file_says_nothing(tmp_path: Path) -> None:
    (tmp_path / LIVE).write_text('{"pid": 1, "st')
    assert read_live(tmp_path) is None


def test_a_disk_that_refuses_is_no_matter(tmp_path: Path) -> None:
    with LiveFile(tmp_path / "nowhere") as file:
        file.show(ev.RunStarted(run="r", goal="g"))
    assert not (tmp_path / "nowhere").exists()
