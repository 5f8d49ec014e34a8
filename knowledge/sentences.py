"""The sentences of a passage with their terms, remembered: a search and the answer made of it look at the same ones."""

from __future__ import annotations

from collections.abc import Mapping, Set
from functools import lru_cache
from typing import NamedTuple

from knowledge.lexical.tokens import tokenise
from knowledge.passages import sentence_spans


class Sentence(NamedTuple):
    """A sentence of a text: its first character, one past its last, and its terms."""

    start: int
    end: int
    terms: frozenset[str]


@lru_cache(maxsize=2048)
def sentences(text: str) -> tuple[Sentence, ...]:
    """Find the sentences of a passage and their terms.

    Args:
        text: The passage.

    Returns:
        Sentences in order; the whole text as one where no end of a sentence is found.
    """
    spans = sentence_spans(text) or [(0, len(text))]
    return tuple(Sentence(start, end, frozenset(tokenise(text[start:end]))) for start, end in spans)


def terms_of(text: str) -> frozenset[str]:
    """The terms of a passage."""
    return frozenset().union(*(sentence.terms for sentence in sentences(text)))


def covered(weights: Mapping[str, float], terms: Set[str]) -> float:
    """The weight of the wanted terms that are among some terms; summed in their order, so that equals stay equal."""
    return sum(weight for term, weight in weights.items() if term in terms)
