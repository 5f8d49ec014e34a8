"""Ingestion killed by ``kill -9`` at any point is completed by the next one, with nothing lost or doubled."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from knowledge import Store, open_store
from knowledge.store import Writer

SCRIPT = Path(__file__).with_name("interrupted.py")
ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    for i in range(6):
        (folder / f"{i}.txt").write_text(
            "\n\n".join(f"Paper {i} says in paragraph {j} that compound {i * j} was stable." * 3 for j in range(9 + i))
        )
    return folder


def run(store: Path, library: Path, fatal: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(SCRIPT), str(store), str(library), str(fatal)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment(), check=False)


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}


def state(path: Path, engine) -> dict:
    """Everything that a store holds, in the database and in what a search reads."""
    store = open_store(path, embedder=engine)
    with store.writing() as writer:
        stored = stored_passages(writer)
    snapshot = store.snapshot
    seen = {
        passage: (snapshot.text(row), int(snapshot.page[row]), int(snapshot.start[row]), int(snapshot.owner[row]))
        for passage, row in snapshot.rows.items()
    }
    return {
        "documents": store.documents(),
        "database": stored,
        "snapshot": seen,
        "terms": dict(sorted((term, round(snapshot.postings.idf(term), 9)) for term in snapshot.postings.terms)),
        "hits": [(hit.passage, hit.score) for hit in store.search("compound 12 was stable in paragraph 3", 8)],
    }


def stored_passages(writer: Writer) -> dict[str, str]:
    got = writer._ask("get", include=["documents"])
    assert len(set(got["ids"])) == len(got["ids"])
    return dict(zip(got["ids"], got["documents"], strict=True))


def test_killed_at_many_points_one_after_another(tmp_path: Path, library: Path, engine) -> None:
    whole = run(tmp_path / "whole", library, 0)
    assert whole.returncode == 0, whole.stderr
    events, embedded = map(int, whole.stdout.split())
    expected = state(tmp_path / "whole", engine)
    assert len(expected["database"]) == len(expected["snapshot"]) == embedded

    broken = tmp_path / "broken"
    chosen = random.Random(7)
    for fatal in (3, *chosen.sample(range(4, events), 2), events - 2):
        died = run(broken, library, fatal)
        assert died.returncode in (-signal.SIGKILL, 0), died.stderr
        visible = {document.name for document in open_store(broken, embedder=engine).documents()}
        assert visible <= {str(path) for path in library.iterdir()}
    assert run(broken, library, 0).returncode == 0
    assert state(broken, engine) == expected


def test_killed_at_random_moments(tmp_path: Path, library: Path, engine) -> None:
    store = tmp_path / "store"
    chosen = random.Random(11)
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, str(SCRIPT), str(store), str(library), "0"],
            cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(chosen.uniform(0.8, 2.5))
        process.kill()
        process.wait()
    assert run(store, library, 0).returncode == 0
    clean = tmp_path / "clean"
    assert run(clean, library, 0).returncode == 0
    assert state(store, engine) == state(clean, engine)


def test_a_killed_change_leaves_one_version(tmp_path: Path, library: Path, engine) -> None:
    store = tmp_path / "store"
    assert run(store, library, 0).returncode == 0
    (library / "2.txt").write_text("Paper 2 was retracted.")
    for fatal in (4, 8):
        run(store, library, fatal)
        names = [document.name for document in open_store(store, embedder=engine).documents()]
        assert len(names) == len(set(names)) == 6
    assert run(store, library, 0).returncode == 0
    after = state(store, engine)
    assert sum(text.startswith("Paper 2") for text, *_ in after["snapshot"].values()) == 1
    assert set(after["database"]) == set(after["snapshot"])


def test_work_done_before_the_kill_is_not_done_again(tmp_path: Path, library: Path, engine) -> None:
    events, embedded = map(int, run(tmp_path / "whole", library, 0).stdout.split())
    run(tmp_path / "store", library, events - 3)
    again = run(tmp_path / "store", library, 0)
    assert int(again.stdout.split()[1]) < embedded / 2


def test_a_writer_closed_by_an_error_frees_the_store(store: Store) -> None:
    with pytest.raises(ZeroDivisionError), store.writing():
        raise ZeroDivisionError
    with store.writing() as writer:
        assert not writer.remove("nothing")
