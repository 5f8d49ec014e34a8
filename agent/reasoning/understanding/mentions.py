"""Where a goal names quantities of the vocabulary: the longest word wins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from agent.vocabulary import QUANTITIES, QuantityName, by_key

# Abbreviations that are everyday words or titles in any other case.
_EXACT_CASE = {
    "mr": "MR",
    "gc": "GC",
    "tm": r"(?:T[mM]|tm(?=\s*(?:of|is|around|about|near|between|=|:|~|\d)))",
    "hac": "HAC",
    "hia": "HIA",
    "eg": "E_?g",
}


@dataclass(frozen=True)
class Mention:
    """A word of the goal that names a quantity."""

    start: int
    end: int
    key: str

    @property
    def quantity(self) -> QuantityName:
        """The vocabulary's entry."""
        return by_key()[self.key]


def find_mentions(text: str) -> tuple[Mention, ...]:
    """Find the quantities that a text names.

    Args:
        text: Normalised text.

    Returns:
        Mentions in order, none inside another.
    """
    pattern, keys = _matcher()
    return tuple(
        Mention(match.start(), match.end(), keys[int((match.lastgroup or "q0")[1:])])
        for match in pattern.finditer(text)
    )


@cache
def _matcher() -> tuple[re.Pattern[str], list[str]]:
    """One pattern over all words, longest first, and the key of each of its groups."""
    words = sorted(
        ((word, quantity) for quantity in QUANTITIES for word in {*quantity.words, quantity.key.lower()}),
        key=lambda pair: (-len(pair[0]), pair[0]),
    )
    parts = [f"(?P<q{i}>{_as_pattern(word, quantity)})" for i, (word, quantity) in enumerate(words)]
    return re.compile("|".join(parts)), [quantity.key for _, quantity in words]


def _as_pattern(word: str, quantity: QuantityName) -> str:
    if re.search("[가-힣]", word):
        return re.escape(word).replace(r"\ ", r"\s*")
    if word in _EXACT_CASE:
        return rf"(?<![A-Za-z0-9]){_EXACT_CASE[word]}(?![A-Za-z0-9])"
    stem = re.escape(word).replace("_", r"[\s_-]").replace(r"\ ", r"[\s-]+").replace(r"\-", r"[\s-]?")
    if word[-1].isalpha() and len(word) > 3:
        # Counts are named in the singular too ("at least one ring").
        stem = (
            f"{stem[:-1]}s?" if word.endswith("s") and quantity.integer else f"{stem}{'' if word[-1] in 'sy' else 's?'}"
        )
    return rf"(?<![A-Za-z0-9])(?i:{stem})(?![A-Za-z0-9])"
