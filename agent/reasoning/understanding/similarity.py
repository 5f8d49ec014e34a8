"""How near a goal is to example sentences: by the embedded model where it serves, else by shared letters."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Protocol

from agent.reasoning.understanding.text import Language, normalise


class Nearness(Protocol):
    """Similarities of a text to examples, and what counts as near on that scale."""

    threshold: float
    margin: float

    def __call__(self, text: str, examples: Sequence[str]) -> list[float]:
        """Cosine similarity of the text to each example."""
        ...


class LetterNearness:
    """Cosine of TF-IDF weights over character 2- to 4-grams: needs no model, and treats Korean like English."""

    threshold = 0.20
    margin = 0.05

    def __call__(self, text: str, examples: Sequence[str]) -> list[float]:
        """Cosine similarity of the text to each example."""
        grams = [_grams(example) for example in examples]
        seen = Counter(gram for counts in grams for gram in counts)
        weight = {gram: math.log((1 + len(grams)) / (1 + count)) + 1 for gram, count in seen.items()}
        rare = math.log(1 + len(grams)) + 1
        asked = {gram: count * weight.get(gram, rare) for gram, count in _grams(text).items()}
        return [_cosine(asked, {gram: count * weight[gram] for gram, count in counts.items()}) for counts in grams]


class EmbeddedNearness:
    """Cosine of the embedding model that ships its weights (English; it reads Korean poorly)."""

    threshold = 0.30
    margin = 0.04

    def __init__(self, embed: Callable[[Sequence[str]], Iterable[Iterable[float]]]) -> None:
        self._embed = embed
        self._known: dict[str, list[float]] = {}

    def __call__(self, text: str, examples: Sequence[str]) -> list[float]:
        """Cosine similarity of the text to each example."""
        new = [example for example in dict.fromkeys((*examples, text)) if example not in self._known]
        if new:
            vectors = self._embed(new)
            self._known |= {word: [float(x) for x in vector] for word, vector in zip(new, vectors, strict=True)}
        asked = self._known[text]
        return [_dot_cosine(asked, self._known[example]) for example in examples]


def nearness(language: Language) -> Nearness:
    """The measure that suits a language: the embedded model for English where it is installed, else letters."""
    embedded = _embedded() if language == "en" else None
    return embedded or LetterNearness()


@cache
def _embedded() -> EmbeddedNearness | None:
    """The embedded model, if the extra that holds it is installed and loads."""
    from knowledge.embedding import default_embedder
    from knowledge.errors import EngineUnavailable

    measure = EmbeddedNearness(default_embedder().embed)
    try:
        measure("a goal", ["an example"])
    except EngineUnavailable:
        return None
    return measure


def _grams(text: str) -> Counter[str]:
    words = re.findall(r"[a-z가-힣]+", normalise(text).lower())
    return Counter(
        padded[i : i + size]
        for word in words
        for padded in (f" {word} ",)
        for size in (2, 3, 4)
        for i in range(len(padded) - size + 1)
    )


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    norm = math.sqrt(sum(v * v for v in one.values()) * sum(v * v for v in other.values()))
    return sum(value * other.get(gram, 0.0) for gram, value in one.items()) / norm if norm else 0.0


def _dot_cosine(one: Sequence[float], other: Sequence[float]) -> float:
    norm = math.sqrt(sum(v * v for v in one) * sum(v * v for v in other))
    return sum(a * b for a, b in zip(one, other, strict=True)) / norm if norm else 0.0
