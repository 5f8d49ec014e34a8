"""Fixtures of the knowledge tests: a quick engine that stands in for the model, and a store that uses it."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from knowledge import Store, open_store


class WordHashEngine:
    """A small deterministic engine: each word adds a random direction of its own."""

    name = "word-hash-32"
    dimension = 32

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self.texts.extend(texts)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
                vectors[row] += np.random.default_rng(seed).standard_normal(self.dimension)
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


@pytest.fixture
def engine() -> WordHashEngine:
    return WordHashEngine()


@pytest.fixture
def store(tmp_path: Path, engine: WordHashEngine) -> Store:
    return open_store(tmp_path / "store", embedder=engine)


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "celecoxib.txt").write_text(
        "Celecoxib inhibits COX-2 with an IC50 of 40 nM. Its aqueous solubility is 5 mg/L at 25 °C. "
        "The sulfonamide binds a side pocket of the enzyme."
    )
    (folder / "perovskite.md").write_text(
        "# Lead halide perovskites\n\nMethylammonium lead iodide has a band gap of 1.55 eV. "
        "Its lattice softens above 330 K.\n"
    )
    (folder / "enzyme.html").write_text(
        "<html><head><title>Lactase kinetics</title></head><body><p>Lactase hydrolyses lactose "
        "with a Km of 2.5 mM.</p></body></html>"
    )
    return folder
