"""Append-only lists: torn lines are cut off and never read, and heads of newer versions are refused."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import InputError
from agent.memory.files.lines import CHUNK, append_lines, read_head, whole_lines

LINES = st.lists(st.binary(max_size=40).filter(lambda one: b"\n" not in one), max_size=6)


@given(LINES, st.binary(min_size=1, max_size=60).filter(lambda one: b"\n" not in one), LINES)
def test_a_torn_line_is_cut_off_before_the_next(before: list[bytes], torn: bytes, after: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.jsonl"
        append_lines(path, before)
        with path.open("ab") as file:
            file.write(torn)
        assert [line for _, line in whole_lines(path)] == before
        append_lines(path, after)
        assert [line for _, line in whole_lines(path)] == before + after


def test_a_torn_line_longer_than_a_chunk_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "list.jsonl"
    path.write_bytes(b"whole\n" + b"x" * (3 * CHUNK))
    append_lines(path, [b"next"])
    assert path.read_bytes() == b"whole\nnext\n"
    path.write_bytes(b"y" * (2 * CHUNK))
    append_lines(path, [b"first"])
    assert list(whole_lines(path)) == [(1, b"first")]


def test_a_head_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    path = tmp_path / "head.json"
    path.write_text('{"version": 3}')
    with pytest.raises(InputError, match="newer Gedanken"):
        read_head(path, "version", 2, "Mend it.")
    assert read_head(path, "version", 3, "Mend it.") == {"version": 3}
    for damaged in ('{"version"', "[1]"):
        path.write_text(damaged)
        with pytest.raises(InputError, match="is damaged"):
            read_head(path, "version", 3, "Mend it.")
