"""Normalisation of text, so that a name is found however it is written.

Case, width, accents, invisible characters, look-alike letters of other alphabets, digits for letters ("s4rin") and
letters spelled apart ("s a r i n") are undone. Misspellings of long names are met by edit distance one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Cyrillic and Greek letters that look like Latin ones.
_LOOK_ALIKES = str.maketrans("авекмнорстухіјѕгѵһαεικνορτυχ", "abekmhopctyxijsrvhaeikvoptux")

# Digits and signs that stand for letters; 1 and ! can be either of two.
_FOR_LETTERS = {"0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s", "+": "t", "|": "l"}

_TOKEN = re.compile(r"[a-z0-9@$+|!]+")
_SPELLED_APART = re.compile(r"(?<![a-z0-9])[a-z0-9@$!|](?:([\s.\-_*/,])[a-z0-9@$!|])(?:\1[a-z0-9@$!|]){2,}(?![a-z0-9])")
_LATIN = re.compile(r"[a-z]")


def normalise(text: str) -> str:
    """Text in the one form that names are looked up in: NFKC, case-folded, without accents and invisible characters.

    Args:
        text: Anything a person or a model wrote.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(_without_accents(c) for c in folded if unicodedata.category(c) != "Cf")
    kept = re.sub(r"[‐-―−]", "-", kept)
    kept = "".join(word.translate(_LOOK_ALIKES) if _LATIN.search(word) else word for word in re.split(r"(\s+)", kept))
    return re.sub(r"[^\S\n]+", " ", kept)


def _without_accents(character: str) -> str:
    if "\u0250" > character > "\x7f":
        return "".join(c for c in unicodedata.normalize("NFD", character) if not unicodedata.combining(c))
    return "" if unicodedata.category(character) == "Mn" else character


def disguised_words(text: str) -> Iterator[tuple[str, int, int]]:
    """Words hidden behind digits, signs or separated letters, with their places in the normalised text.

    Args:
        text: Normalised text.

    Yields:
        A plain word that the text may mean, and where it stands.
    """
    for match in _SPELLED_APART.finditer(text):
        joined = re.sub(r"[\s.\-_*/,]", "", match[0])
        for word in _letters(joined):
            yield word, match.start(), match.end()
    for match in _TOKEN.finditer(text):
        token = match[0]
        if _LATIN.search(token) and not token.isalpha():
            for word in _letters(token):
                yield word, match.start(), match.end()


def _letters(token: str) -> set[str]:
    plain = "".join(_FOR_LETTERS.get(c, c) for c in token)
    return {plain.replace("1", letter).replace("!", letter) for letter in "il"}


def one_edit_apart(first: str, second: str) -> bool:
    """Whether two words differ by at most one insertion, deletion, substitution or swap of neighbours."""
    if first == second:
        return True
    if len(first) > len(second):
        first, second = second, first
    if len(second) - len(first) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), len(first))
    if len(first) < len(second):
        return first[at:] == second[at + 1 :]
    if first[at + 1 :] == second[at + 1 :]:
        return True
    swapped = first[:at] + first[at + 1 : at + 2] + first[at : at + 1] + first[at + 2 :]
    return swapped == second
