"""Runs on disk: made, found again, locked, and refused when they come from a newer version."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.errors import InputError, StorageError
from agent.memory.runs import (
    create_run,
    find_run,
    new_run_id,
    read_info,
    run_folders,
    run_lock,
    write_info,
)
from agent.records import BUNDLE_VERSION, Goal, RunInfo


def make(out: Path, identity: str, **changes) -> Path:
    return create_run(out, RunInfo(id=identity, goal=Goal(text="a goal"), **changes))


def test_a_run_is_there_from_its_first_moment(tmp_path: Path) -> None:
    folder = make(tmp_path, "r1")
    assert read_info(folder).status == "running"
    assert json.loads((folder / "run.json").read_text())["goal"]["text"] == "a goal"


def test_run_ids_sort_by_time_and_say_what_they_are_about() -> None:
    first, second = new_run_id("Find NaCl's band gap!"), new_run_id("한글 목표")
    assert first[:22] < second[:22]
    assert first.endswith("-find-nacl-s-band-gap")


def test_a_run_is_found_by_path_id_beginning_or_as_the_last(tmp_path: Path) -> None:
    one, two = make(tmp_path, "20260101-one"), make(tmp_path, "20260102-two")
    assert find_run(tmp_path, "20260101-one") == one
    assert find_run(tmp_path, "20260102") == two
    assert find_run(tmp_path, str(one)) == one
    assert find_run(tmp_path, "last") == two
    assert run_folders(tmp_path) == [one, two]


def test_a_name_that_fits_none_or_several_is_refused_with_what_there_is(tmp_path: Path) -> None:
    make(tmp_path, "20260101-one")
    make(tmp_path, "20260102-two")
    with pytest.raises(InputError, match="fits 2 runs: 20260101-one, 20260102-two"):
        find_run(tmp_path, "2026")
    with pytest.raises(InputError, match="The newest is 20260102-two"):
        find_run(tmp_path, "elsewhere")


def test_a_bundle_from_a_newer_version_is_refused_by_both_versions(tmp_path: Path) -> None:
    folder = make(tmp_path, "r1")
    plain = json.loads((folder / "run.json").read_text()) | {"bundle_version": BUNDLE_VERSION + 1, "later": True}
    (folder / "run.json").write_text(json.dumps(plain))
    with pytest.raises(InputError, match=f"newer Gedanken .bundle version {BUNDLE_VERSION + 1}"):
        read_info(folder)


@pytest.mark.parametrize(
    ("text", "complaint"), [("{", "damaged"), ("[]", "does not fit"), ('{"id": 3}', "does not fit")]
)
def test_a_damaged_head_is_one_clear_error(tmp_path: Path, text: str, complaint: str) -> None:
    folder = make(tmp_path, "r1")
    (folder / "run.json").write_text(text)
    with pytest.raises(InputError, match=complaint):
        read_info(folder)


def test_one_process_at_a_time_carries_a_run_on(tmp_path: Path) -> None:
    folder = make(tmp_path, "r1")
    with (
        run_lock(folder),
        pytest.raises(StorageError, match="Another process is carrying on the run r1"),
        run_lock(folder),
    ):
        pass
    with run_lock(folder):
        pass


def test_the_head_is_replaced_whole(tmp_path: Path) -> None:
    folder = make(tmp_path, "r1")
    write_info(folder, read_info(folder).model_copy(update={"status": "finished"}))
    assert read_info(folder).status == "finished"
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="the run's folder"):
        make(tmp_path / "file", "r1")
