"""What the researcher says of hypotheses."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import StorageError
from agent.memory.opinions import OPINIONS, Opinion, read_opinions, record_opinion


def test_the_latest_word_counts_and_all_are_kept(tmp_path: Path) -> None:
    record_opinion(tmp_path, Opinion(hypothesis="h1", verdict="accepted"))
    record_opinion(tmp_path, Opinion(hypothesis="h2", verdict="open", note="ask 김"))
    record_opinion(tmp_path, Opinion(hypothesis="h1", verdict="rejected", note="measured"))
    with (tmp_path / OPINIONS).open("ab") as file:
        file.write(b'{"hypothesis":"h2","ver')
    latest = read_opinions(tmp_path)
    assert latest["h1"].verdict == "rejected" and latest["h2"].note == "ask 김"
    assert len((tmp_path / OPINIONS).read_bytes().splitlines()) == 4


def test_none_is_none(tmp_path: Path) -> None:
    assert read_opinions(tmp_path) == {}


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageError):
        record_opinion(tmp_path / "gone", Opinion(hypothesis="h1", verdict="accepted"))
