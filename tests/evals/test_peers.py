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
    assert len(times.ask) == 1 and times.ask[0] > 0


def test_the_peer_is_read_from_its_last_line_and_its_failure_is_told(notes: Path, monkeypatch, tmp_path: Path) -> None:
    script = tmp_path / "peer.py"
    told = {"build": 2.0, "ask": [0.5], "files": 3}
    script.write_text(
        f"import os\nassert 'LAB_API_KEY' not in os.environ\nprint('warming')\nprint('{json.dumps(told)}')"
    )
    monkeypatch.setenv("LAB_API_KEY", "secret")
    monkeypatch.setattr(documents, "_PEER", script)
    assert documents.peers(notes, ["x"], sys.executable) == documents.Times(2.0, 2.0, (0.5,))
    script.write_text("raise SystemExit('no paper-qa here')")
    with pytest.raises(InputError, match="no paper-qa here"):
        documents.peers(notes, ["x"], sys.executable)
    with pytest.raises(InputError, match="could not be run"):
        documents.peers(notes, ["x"], str(tmp_path / "none"))


def test_without_a_named_interpreter_nothing_is_compared(monkeypatch) -> None:
    monkeypatch.delenv(documents.INTERPRETER, raising=False)
    assert speed.against_paperqa(3, 1, 1) == {}
    monkeypatch.setenv(documents.INTERPRETER, "python-with-paperqa")
    monkeypatch.setattr(documents, "ours", lambda *_: documents.Times(3.0, 1.0, (0.1, 0.2, 0.3)))
    monkeypatch.setattr(documents, "peers", lambda *_: documents.Times(2.0, 2.0, (0.4, 0.4, 0.4)))
    assert speed.against_paperqa(3, 3, 1) == {
        "paper-qa: build": [(3.0, 2.0)], "paper-qa: build, words": [(1.0, 2.0)], "paper-qa: ask": [(0.2, 0.4)],
    }  # fmt: skip
