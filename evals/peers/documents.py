"""The knowledge store against paper-qa's own index: the same text files, built and asked on this machine.

The peer runs under an interpreter of its own that has paper-qa, named by ``GEDANKEN_PAPERQA``. It is given its cheapest
vectors (counts of tokens) and no model: it looks at words alone. Ours are told apart accordingly. Like for like are the
eight best passages by words; beside them stand the same with vectors of the embedding model, and whole answers, whose
sentences are ranked and compared with each other. ``words`` is what our ingestion takes without the embedding model,
after which the files are found by their words.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from agent.errors import InputError

if TYPE_CHECKING:
    import numpy as np

    from knowledge import Embedder

INTERPRETER = "GEDANKEN_PAPERQA"
_PEER = Path(__file__).with_name("paperqa_index.py")


PASSAGES = "passages by words"
"""The work that both programs do."""
_PASSAGES = 8


class Seconds(NamedTuple):
    """How long one question took: by the clock, and of the processor."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Times:
    """What one program took.

    Attributes:
        build: Seconds of reading all files into the index.
        words: The same without the embedding model.
        asked: For each kind of work, the seconds of every question.
        refused: Questions that the program could not take.
    """

    build: float
    words: float
    asked: Mapping[str, tuple[Seconds, ...]]
    refused: int = 0


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
    from knowledge.sentences import sentences

    engine = _Clocked(default_embedder())
    engine.embed(["warm"])
    with tempfile.TemporaryDirectory(prefix="speed-") as scratch:
        store = open_store(scratch, embedder=engine)
        engine.seconds = 0.0
        started = time.perf_counter()
        ingest([folder], store)
        build = time.perf_counter() - started
        words = build - engine.seconds
        work: dict[str, Callable[[str], object]] = {
            PASSAGES: lambda question: store.search(question, _PASSAGES, words_only=True),
            "passages": lambda question: store.search(question, _PASSAGES),
            "answer by words": lambda question: answer(store, question, words_only=True),
            "answer": lambda question: answer(store, question),
        }
        asked = {}
        for kind, ask in work.items():
            store = open_store(scratch, embedder=engine, readonly=True)  # one that remembers no question
            ask("Was the sample dried?")
            sentences.cache_clear()
            asked[kind] = tuple(_timed(ask, question) for question in questions)
    return Times(build, words, asked)


def _timed(ask: Callable[[str], object], question: str) -> Seconds:
    started, used = time.perf_counter(), time.process_time()
    ask(question)
    return Seconds(time.perf_counter() - started, time.process_time() - used)


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
    asked = {PASSAGES: tuple(Seconds(*one) for one in told["ask"])}
    return Times(told["build"], told["build"], asked, int(told["refused"]))


def _offline() -> dict[str, str]:
    """The environment without keys of services."""
    return {name: value for name, value in os.environ.items() if not name.endswith(("_API_KEY", "_TOKEN"))}
