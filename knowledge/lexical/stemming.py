"""The Porter stemmer: English words to stems, so that ``inhibits`` finds ``inhibition``.

Source: M. F. Porter, "An algorithm for suffix stripping", Program 14 (1980) 130-137, with the author's two later
amendments (``logi`` to ``log``, ``bli`` to ``ble``).
"""

from __future__ import annotations

import re
from functools import lru_cache

_CONSONANT = "(?:[^aeiouy]|(?<=[aeiou])y|^y)"
_VOWEL = "(?:[aeiou]|(?<=[^aeiou])y)"
_MEASURE = re.compile(f"{_VOWEL}+{_CONSONANT}+")
_HAS_VOWEL = re.compile(_VOWEL)
_DOUBLE = re.compile(r"([^aeiouy])\1$")
_SHORT = re.compile(f"{_CONSONANT}{_VOWEL}[^aeiouwxy]$")

_STEP_2 = (
    ("ational", "ate"), ("tional", "tion"), ("enci", "ence"), ("anci", "ance"), ("izer", "ize"), ("bli", "ble"),
    ("alli", "al"), ("entli", "ent"), ("eli", "e"), ("ousli", "ous"), ("ization", "ize"), ("ation", "ate"),
    ("ator", "ate"), ("alism", "al"), ("iveness", "ive"), ("fulness", "ful"), ("ousness", "ous"), ("aliti", "al"),
    ("iviti", "ive"), ("biliti", "ble"), ("logi", "log"),
)  # fmt: skip
_STEP_3 = (
    ("icate", "ic"), ("ative", ""), ("alize", "al"), ("iciti", "ic"), ("ical", "ic"), ("ful", ""), ("ness", ""),
)  # fmt: skip
_STEP_4 = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "sion", "tion", "ou", "ism",
    "ate", "iti", "ous", "ive", "ize",
)  # fmt: skip


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Reduce an English word to its stem.

    Args:
        word: Lower-case letters only.

    Returns:
        The stem; words of one or two letters are returned as they are.
    """
    if len(word) <= 2:
        return word
    word = _step_1(word)
    word = _replaced(word, _STEP_2, 0)
    word = _replaced(word, _STEP_3, 0)
    word = _step_4(word)
    return _step_5(word)


def _measure(stem_: str) -> int:
    return len(_MEASURE.findall(stem_))


def _step_1(word: str) -> str:
    if word.endswith(("sses", "ies")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    if word.endswith("eed"):
        if _measure(word[:-3]) > 0:
            word = word[:-1]
    else:
        for suffix in ("ed", "ing"):
            if word.endswith(suffix):
                rest = word[: -len(suffix)]
                if _HAS_VOWEL.search(rest):
                    word = _tidied(rest)
                break
    if word.endswith("y") and _HAS_VOWEL.search(word[:-1]):
        word = word[:-1] + "i"
    return word


def _tidied(word: str) -> str:
    """What ``-ed`` and ``-ing`` leave behind, made a word again."""
    if word.endswith(("at", "bl", "iz")):
        return word + "e"
    if _DOUBLE.search(word) and word[-1] not in "lsz":
        return word[:-1]
    if _measure(word) == 1 and _SHORT.search(word):
        return word + "e"
    return word


def _replaced(word: str, rules: tuple[tuple[str, str], ...], above: int) -> str:
    matching = max((rule for rule in rules if word.endswith(rule[0])), key=lambda rule: len(rule[0]), default=None)
    if matching is None:
        return word
    rest = word[: -len(matching[0])]
    return rest + matching[1] if _measure(rest) > above else word


def _step_4(word: str) -> str:
    matching = max((suffix for suffix in _STEP_4 if word.endswith(suffix)), key=len, default=None)
    if matching is None:
        return word
    rest = word[: -len(matching)]
    if matching in ("sion", "tion"):  # -ion goes where s or t stands before it
        rest = word[:-3]
    return rest if _measure(rest) > 1 else word


def _step_5(word: str) -> str:
    if word.endswith("e"):
        rest = word[:-1]
        measure = _measure(rest)
        if measure > 1 or (measure == 1 and not _SHORT.search(rest)):
            word = rest
    if word.endswith("ll") and _measure(word) > 1:
        word = word[:-1]
    return word
