"""The knowledge store against paper-qa's own index: the same text files, built and asked on this machine.

The peer runs under an interpreter of its own that has paper-qa, named by ``GEDANKEN_PAPERQA``. It is given its cheapest
vectors (counts of tokens) and no model; ours are made by the embedding model. The model's time is therefore told apart:
``words`` is what our ingestion takes without it, after which the files are found by their words.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from agent.errors import InputError

if TYPE_CHECKING:
    import numpy as np

    from knowledge import Embedder

INTERPRETER = "GEDANKEN_PAPERQA"
_PEER = Path(__file__).with_name("paperqa_index.py")


@dataclass(frozen=True)
class Times:
    """Seconds of one program.

    Attributes:
        build: Of reading all files into the index.
        words: The same without the embedding model.
        ask: Of every question.
    """

    build: float
    words: float
    ask: tuple[float, ...]


class _Clocked:
    """An embedding engine whose time is taken."""

    def __init__(self, engine: Embedder) -> None:
        self._engine = engine
        self.name, self.dimension = engine.name, engine.dimension
        self.seconds = 0.0

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of texts, as the engine makes them."""
        started = time.perf_counter()
        found = self._engine.embed(texts)
        self.seconds += time.perf_counter() - started
        return found


def ours(folder: Path, questions: Sequence[str]) -> Times:
    """Ingest a folder into a fresh store and answer questions from it, without a model.

    Args:
        folder: Text files.
        questions: Asked one after another; an answer is quoted sentences with their places.
    """
    from knowledge import default_embedder, ingest, open_store
    from knowledge.answering import answer

    engine = _Clocked(default_embedder())
    engine.embed(["warm"])
    with tempfile.TemporaryDirectory(prefix="speed-") as scratch:
        store = open_store(scratch, embedder=engine)
        engine.seconds = 0.0
        started = time.perf_counter()
        ingest([folder], store)
        build = time.perf_counter() - started
        words = build - engine.seconds
        answer(store, questions[0])
        asked = []
        for question in questions:
            started = time.perf_counter()
            answer(store, question)
            asked.append(time.perf_counter() - started)
    return Times(build, words, tuple(asked))


def peers(folder: Path, questions: Sequence[str], interpreter: str) -> Times:
    """The same with paper-qa's index, in a process of its own; its start and imports are not counted.

    Args:
        folder: Text files.
        questions: Asked one after another.
        interpreter: A Python that has paper-qa.

    Raises:
        InputError: It cannot be run.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as asked:
        json.dump(list(questions), asked)
        asked.flush()
        command = [interpreter, str(_PEER), str(folder), asked.name]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=True, env=_offline())
        except (OSError, subprocess.CalledProcessError) as error:
            said = str(getattr(error, "stderr", "") or error).strip().splitlines()[-1:]
            raise InputError(
                f"{INTERPRETER}: paper-qa could not be run by {interpreter}: {' '.join(said)}",
                remedy="Name a Python that has paper-qa, or unset it.",
            ) from error
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return Times(told["build"], told["build"], tuple(told["ask"]))


def _offline() -> dict[str, str]:
    """The environment without keys of services."""
    return {name: value for name, value in os.environ.items() if not name.endswith(("_API_KEY", "_TOKEN"))}
