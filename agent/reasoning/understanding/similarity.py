"""How near a goal is to example sentences: by the embedded model where it serves, else by shared letters."""

from __future__ import annotations

import hashlib
import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Protocol

from agent.reasoning.understanding.text import Language, normalise
from agent.tools.kept import kept_array

if TYPE_CHECKING:
    import numpy as np


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
    """Cosine of the embedding model that ships its weights (English; it reads Korean poorly).

    Examples are embedded once for a version of the model, and kept in the user's cache folder: all playbooks' take a
    second and a half.

    Args:
        embed: Gives each text's vector (n, dimension), of length 1.
        packages: The distributions that the vectors depend on; without them nothing is kept.
    """

    threshold = 0.30
    margin = 0.04

    def __init__(self, embed: Callable[[Sequence[str]], np.ndarray], packages: Sequence[str] = ()) -> None:
        self._embed = embed
        self._packages = tuple(packages)
        self._texts: dict[str, np.ndarray] = {}
        self._examples: dict[tuple[str, ...], np.ndarray] = {}

    def __call__(self, text: str, examples: Sequence[str]) -> list[float]:
        """Cosine similarity of the text to each example."""
        if text not in self._texts:
            self._texts = {text: self._embed([text])[0]}
        known = tuple(examples)
        if known not in self._examples:
            self._examples[known] = self._kept(known)
        return [float(x) for x in self._examples[known] @ self._texts[text]]

    def _kept(self, examples: tuple[str, ...]) -> np.ndarray:
        if not self._packages:
            return self._embed(examples)
        digest = hashlib.sha256("\0".join(examples).encode()).hexdigest()[:16]
        return kept_array(f"examples-{digest}", self._packages, lambda: self._embed(examples))


def nearness(language: Language) -> Nearness:
    """The measure that suits a language: the embedded model for English where it is installed, else letters."""
    embedded = _embedded() if language == "en" else None
    return embedded or LetterNearness()


@cache
def _embedded() -> EmbeddedNearness | None:
    """The embedded model, if the extra that holds it is installed and loads."""
    from knowledge.embedding import MODEL_PACKAGES, default_embedder
    from knowledge.errors import EngineUnavailable

    embedder = default_embedder()
    try:
        embedder.embed(["a goal"])
    except EngineUnavailable:
        return None
    return EmbeddedNearness(embedder.embed, MODEL_PACKAGES)


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
