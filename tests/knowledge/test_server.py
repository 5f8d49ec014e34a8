"""A store whose passages and vectors are at a real chromadb server."""

import contextlib
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge import StoreError, StoreMismatch, ingest, open_store

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = Path(sys.executable).parent / "chroma"
    if not program.exists() and shutil.which("chroma") is None:
        pytest.skip("LOUD: chromadb's server program 'chroma' is not installed: the server store is NOT tested")
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(program), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            for _ in range(300):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def test_the_same_hits_as_from_a_folder(papers: Path, tmp_path: Path, engine, address: str) -> None:
    here = open_store(tmp_path / "here", embedder=engine)
    there = open_store(tmp_path / "there", embedder=engine, server=address)
    for store in (here, there):
        assert ingest([papers], store).count("added") == 3
    assert not (tmp_path / "there" / "chroma").exists()
    assert there.snapshot.vectors.shape == (len(here.snapshot), 0)
    for query in ("celecoxib solubility", "band gap of the iodide", "Km of lactase"):
        ours = [(hit.passage, pytest.approx(hit.score, abs=1e-5)) for hit in here.search(query, 5)]
        assert [(hit.passage, hit.score) for hit in there.search(query, 5)] == ours


def test_a_second_client_finds_replaced_and_removed_documents(
    papers: Path, tmp_path: Path, engine, address: str
) -> None:
    store = open_store(tmp_path / "store", embedder=engine, server=address)
    ingest([papers], store)
    (papers / "celecoxib.txt").write_text("Rofecoxib was withdrawn in 2004.")
    assert ingest([papers], store).count("replaced") == 1
    reader = open_store(tmp_path / "store", embedder=engine, readonly=True)
    assert "Rofecoxib" in reader.search("rofecoxib withdrawn")[0].text
    assert all("Celecoxib" not in hit.text for hit in reader.search("celecoxib", 10))
    assert store.remove(str(papers / "celecoxib.txt"))
    assert all("Rofecoxib" not in hit.text for hit in reader.search("rofecoxib", 10))


def test_two_stores_share_a_server_and_the_place_is_remembered(
    papers: Path, tmp_path: Path, engine, address: str
) -> None:
    first, second = (open_store(tmp_path / name, embedder=engine, server=address) for name in ("a", "b"))
    ingest([papers / "celecoxib.txt"], first)
    ingest([papers / "perovskite.md"], second)
    assert {hit.document for hit in second.search("celecoxib band gap", 5)} == {str(papers / "perovskite.md")}
    with pytest.raises(StoreMismatch, match="keeps its vectors at"):
        open_store(tmp_path / "a", embedder=engine, server="http://127.0.0.1:9")


def test_a_server_that_is_gone_is_said(papers: Path, tmp_path: Path, engine) -> None:
    store = open_store(tmp_path / "store", embedder=engine, server="http://127.0.0.1:9")
    with pytest.raises(StoreError, match=r"http://127\.0\.0\.1:9 fails"):
        ingest([papers], store)
