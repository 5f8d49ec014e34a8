"""Korean words to terms: by morphemes where kiwipiepy is installed, else by pairs of syllables.

The analyser (extra ``ko``) takes 100 MB on disk and half a gigabyte of memory: it is loaded with the first Hangul that
is read. The pairs are always among the terms: a store that was indexed without the analyser can be searched with it,
and the other way round.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any

_using = threading.Lock()
_KEPT = ("NN", "VV", "VA", "XR", "SL", "MAG")
"""Nouns, stems of verbs and adjectives, roots, foreign words, adverbs: what carries a topic."""


def korean_terms(run: str) -> Iterator[str]:
    """The terms of a run of Hangul: its pairs of syllables and, where the analyser is there, its morphemes.

    Args:
        run: Letters without spaces: a word with its particles.
    """
    yield from bigrams(run)
    for morpheme in morphemes(run):
        if len(morpheme) > 2:  # a morpheme of two syllables is a pair already
            yield morpheme


def bigrams(run: str) -> Iterator[str]:
    """Pairs of neighbouring letters; a single letter is its own term."""
    if len(run) == 1:
        yield run
    for i in range(len(run) - 1):
        yield run[i : i + 2]


@lru_cache(maxsize=100_000)
def morphemes(run: str) -> tuple[str, ...]:
    """The morphemes of a run that carry a topic, without particles and endings; none without the analyser."""
    analyse = _analyser()
    if analyse is None:
        return ()
    with _using:
        found = analyse(run)
    return tuple(token.form for token in found if token.tag.startswith(_KEPT) and len(token.form) > 1)


@cache
def _analyser() -> Callable[[str], Any] | None:
    try:
        from kiwipiepy import Kiwi  # type: ignore[import-not-found]
    except ImportError:
        return None
    return Kiwi(num_workers=1).tokenize
