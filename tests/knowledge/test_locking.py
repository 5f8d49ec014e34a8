import subprocess
import sys
import time
from pathlib import Path

import pytest

from knowledge import StoreError, StoreLocked, ingest, open_store

HOLD = """
import sys, time
from knowledge.locking import writer_lock
from pathlib import Path
with writer_lock(Path(sys.argv[1]), wait_seconds=5):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def hold():
    started = []

    def holding(folder: Path, seconds: float) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(folder), str(seconds)], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout is not None and process.stdout.readline() == "held\n"
        return process

    yield holding
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def test_the_second_writer_names_the_first_and_gives_up(hold, store, papers: Path, engine) -> None:
    holder = hold(store.path, 60)
    impatient = open_store(store.path, embedder=engine, wait_seconds=0.5)
    said: list[str] = []
    with pytest.raises(StoreLocked, match=f"process {holder.pid}"):
        ingest([papers], impatient, lambda fraction, message: said.append(message))
    assert len(said) == 1 and f"Waiting for process {holder.pid}" in said[0]
    assert impatient.search("celecoxib") == []  # readers need no lock


def test_the_second_writer_goes_on_when_the_first_ends(hold, store, papers: Path, engine) -> None:
    hold(store.path, 1.0)
    started = time.monotonic()
    report = ingest([papers], open_store(store.path, embedder=engine, wait_seconds=20))
    assert report.count("added") == 3
    assert time.monotonic() - started > 0.3


def test_a_killed_writer_holds_nothing(hold, store, papers: Path, engine) -> None:
    holder = hold(store.path, 60)
    holder.kill()
    holder.wait()
    assert ingest([papers], open_store(store.path, embedder=engine, wait_seconds=1)).count("added") == 3


def test_a_folder_that_cannot_be_written_is_told(store, papers: Path) -> None:
    (store.path / "write.lock").mkdir()
    with pytest.raises(StoreError, match="cannot be written"):
        ingest([papers], store)
