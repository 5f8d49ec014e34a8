"""The comparison with paper-qa: our side measured, the peer's by an interpreter that may not be there."""

import json
import sys
from pathlib import Path

import pytest

from agent.errors import InputError
from evals import speed
from evals.peers import documents


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    for number in range(3):
        (folder / f"n{number}.txt").write_text(f"Sample {number} melted at {130 + number} degrees and was weighed.")
    return folder


def test_our_times_tell_the_embedding_model_apart(notes: Path) -> None:
    times = documents.ours(notes, ["At what temperature did sample 2 melt?"])
    assert 0 < times.words < times.build
    assert set(times.asked) == {documents.PASSAGES, "passages", "answer by words", "answer"}
    assert all(len(asked) == 1 and asked[0].wall > 0 for asked in times.asked.values())


def test_the_peer_is_read_from_its_last_line_and_its_failure_is_told(notes: Path, monkeypatch, tmp_path: Path) -> None:
    script = tmp_path / "peer.py"
    told = {"build": 2.0, "ask": [[0.5, 0.25]], "files": 3, "refused": 1}
    script.write_text(
        f"import os\nassert 'LAB_API_KEY' not in os.environ\nprint('warming')\nprint('{json.dumps(told)}')"
    )
    monkeypatch.setenv("LAB_API_KEY", "secret")
    monkeypatch.setattr(documents, "_PEER", script)
    assert documents.peers(notes, ["x"], sys.executable) == documents.Times(
        2.0, 2.0, {documents.PASSAGES: (documents.Seconds(0.5, 0.25),)}, 1
    )
    script.write_text("raise SystemExit('no paper-qa here')")
    with pytest.raises(InputError, match="no paper-qa here"):
        documents.peers(notes, ["x"], sys.executable)
    with pytest.raises(InputError, match="could not be run"):
        documents.peers(notes, ["x"], str(tmp_path / "none"))


def test_without_a_named_interpreter_nothing_is_compared(monkeypatch) -> None:
    monkeypatch.delenv(documents.INTERPRETER, raising=False)
    assert speed.against_paperqa(3, 1, 1) == {}
    monkeypatch.setenv(documents.INTERPRETER, "python-with-paperqa")

    def asked(*walls: float) -> dict[str, tuple[documents.Seconds, ...]]:
        return {documents.PASSAGES: tuple(documents.Seconds(wall, wall) for wall in walls)}

    monkeypatch.setattr(documents, "ours", lambda *_: documents.Times(3.0, 1.0, asked(0.1, 0.2, 0.3)))
    monkeypatch.setattr(documents, "peers", lambda *_: documents.Times(2.0, 2.0, asked(0.4, 0.4, 0.4)))
    assert speed.against_paperqa(3, 3, 1) == {
        "paper-qa: build": [(3.0, 2.0)], "paper-qa: build, words": [(1.0, 2.0)],
        "paper-qa: passages by words": [(0.2, 0.4)],
    }  # fmt: skip
