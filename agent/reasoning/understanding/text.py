"""Goal text made ready for reading: one spelling per character, every offset kept.

All readers of this package work on the same string, so that a span found by one can be quoted, masked or measured by
another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Literal

Language = Literal["en", "ko"]
Interval = tuple[int, int]

MASK = "\ufffc"
"""Stands for every character of a masked span: no letter, no digit, no space."""


def later(pattern: str) -> Callable[[], re.Pattern[str]]:
    """A pattern that is compiled when it is first asked for, without regard to case.

    For long lists of names that few goals need: compiling them all took a tenth of a process's start.
    """
    return cache(partial(re.compile, pattern, re.IGNORECASE))


# Each entry replaces one character by one character, so that offsets stay.
_ONE_SPELLING = str.maketrans(
    {
        "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "﹣": "-", "－": "-",
        "～": "~", "〜": "~", "∼": "~", "≃": "≈", "≅": "≈",
        "≦": "≤", "⩽": "≤", "≧": "≥", "⩾": "≥", "＜": "<", "＞": ">", "＝": "=",
        "\u212b": "Å", "μ": "µ", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u3000": " ",
        "（": "(", "）": ")", "，": ",", "：": ":", "；": ";", "％": "%", "。": ".",
        "’": "'", "‘": "'", "“": '"', "”": '"',
        **{chr(ord("０") + digit): str(digit) for digit in range(10)},
        **{chr(ord("₀") + digit): str(digit) for digit in range(10)},
    }
)  # fmt: skip

_ABBREVIATIONS = (
    r"(?:approx|max|min|ca|vs|e\.g|i\.e|mol|wt|at|rot|equiv|est|calc|sol|avg|temp|conc|incl|excl|resp|no|\b[A-Z])"
)
# A dot ends a sentence before a space or the end, unless it closes an abbreviation ("approx. 3", "E. coli").
_BOUNDARY = re.compile(rf"[;\n|]|[!?](?=\s|$)|\.(?=\s|$)(?<!{MASK}\.)")
_CLOSES_ABBREVIATION = re.compile(rf"(?i:\b{_ABBREVIATIONS})\.$|(?:^|[\s(])[A-Z]\.$")


def normalise(text: str) -> str:
    """The goal with one spelling per character (dashes, comparison signs, Å, µ, full-width digits).

    Args:
        text: As the researcher wrote it.

    Returns:
        Text whose offsets are those of the NFC form of the input.
    """
    return unicodedata.normalize("NFC", text).translate(_ONE_SPELLING)


def language_of(text: str) -> Language:
    """Korean if at least a fifth of the letters are Hangul: names and symbols stay Latin in Korean goals."""
    letters = [c for c in text if c.isalpha()]
    hangul = sum("가" <= c <= "힣" for c in letters)
    return "ko" if letters and hangul >= 0.2 * len(letters) else "en"


def mask(text: str, spans: Iterable[Interval]) -> str:
    """The text with every character of the spans replaced by `MASK`; its length stays."""
    characters = list(text)
    for start, end in spans:
        characters[start:end] = MASK * (end - start)
    return "".join(characters)


def boundaries(text: str) -> tuple[int, ...]:
    """Offsets at which a sentence or list item ends: no number belongs to a word on the other side."""
    return tuple(
        match.start()
        for match in _BOUNDARY.finditer(text)
        if match[0] != "." or not _CLOSES_ABBREVIATION.search(text[max(0, match.start() - 8) : match.end()])
    )


def overlaps(one: Interval, spans: Iterable[Interval]) -> bool:
    """Whether an interval shares a character with any of the spans."""
    return any(one[0] < end and start < one[1] for start, end in spans)
