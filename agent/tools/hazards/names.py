"""Finding the screen's names in normalised text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from agent.tools.hazards.entries import Ambiguous, Entry, entries
from agent.tools.hazards.normalise import disguised_words, normalise, one_edit_apart

# A single word this long is still recognised with one letter wrong; shorter ones would meet ordinary words.
_LONG_NAME = 9
_DISGUISED_NAME = 5
# How far to either side the context of an ambiguous name is read, in characters.
_CONTEXT = 70

_PIECES = re.compile(r"[a-z0-9]+|[가-힣]+|[α-ω]+")

_CAS = re.compile(r"\d{2,7}-\d{2}-\d")


@dataclass(frozen=True)
class Hit:
    """A name found: which entry, as the list writes it, and where in the normalised text."""

    entry: Entry
    name: str
    start: int
    end: int


@dataclass(frozen=True)
class _Names:
    pattern: re.Pattern[str]
    by_key: dict[str, tuple[Entry, str]]
    long_words: tuple[tuple[str, Entry, str], ...]
    ambiguous: tuple[tuple[re.Pattern[str], Ambiguous, Entry], ...]
    described: tuple[tuple[re.Pattern[str], Entry], ...]


def find_names(text: str) -> tuple[Hit, ...]:
    """The entries that a text names, in order of appearance; overlapping finds keep the longest.

    Args:
        text: Normalised text (`normalise`).
    """
    known = _names()
    found = [
        Hit(*known.by_key[key], match.start(), match.end())
        for match in known.pattern.finditer(text)
        if (key := _key_of(match[0], known.by_key))
    ]
    for word, start, end in disguised_words(text):
        if len(word) >= _DISGUISED_NAME and (key := _key_of(word, known.by_key)):
            found.append(Hit(*known.by_key[key], start, end))
    for match in re.finditer(rf"[a-z]{{{_LONG_NAME - 1},}}", text):
        found.extend(
            Hit(entry, name, match.start(), match.end())
            for key, entry, name in known.long_words
            if one_edit_apart(match[0], key) or one_edit_apart(match[0].removesuffix("s"), key)
        )
    for described, entry in known.described:
        found.extend(Hit(entry, match[0], match.start(), match.end()) for match in described.finditer(text) if match[0])
    for pattern, ambiguous, entry in known.ambiguous:
        found.extend(
            Hit(entry, ambiguous.name, match.start(), match.end())
            for match in pattern.finditer(text)
            if _meant(ambiguous, text, match)
        )
    return _longest(found)


def _meant(ambiguous: Ambiguous, text: str, match: re.Match[str]) -> bool:
    around = text[max(0, match.start() - _CONTEXT) : match.end() + _CONTEXT]
    if any(re.search(word, around) for word in ambiguous.unless):
        return False
    return any(re.search(word, around) for word in ambiguous.near)


def _longest(found: list[Hit]) -> tuple[Hit, ...]:
    kept: list[Hit] = []
    for hit in sorted(found, key=lambda h: (h.start - h.end, h.start)):
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return tuple(sorted(kept, key=lambda h: h.start))


def _key(name: str) -> str:
    return "".join(_PIECES.findall(name))


def _key_of(found: str, by_key: dict[str, tuple[Entry, str]]) -> str:
    key = _key(found)
    plural = (key, key.removesuffix("s"), key.removesuffix("es"))
    return next((form for form in plural if form in by_key), "")


@cache
def _names() -> _Names:
    by_key: dict[str, tuple[Entry, str]] = {}
    patterns: set[str] = set()
    for entry in entries():
        for name in (*entry.names, *entry.cas):
            plain = normalise(name)
            key = _key(plain)
            by_key.setdefault(key, (entry, name))
            patterns.add(_pattern(plain))
    # The longest first, so that "sarin gas" is not read as "sarin".
    ordered = sorted(patterns, key=lambda pattern: (-len(pattern), pattern))
    ambiguous = tuple(
        (re.compile(_pattern(normalise(item.name))), item, entry) for entry in entries() for item in entry.ambiguous
    )
    long_words = tuple(
        (key, entry, name)
        for key, (entry, name) in by_key.items()
        if len(key) >= _LONG_NAME and key.isascii() and key.isalpha() and " " not in name
    )
    described = tuple(
        (re.compile(text if re.match("[가-힣(]", text) and re.search("[가-힣]", text) else rf"\b(?:{text})"), entry)
        for entry in entries()
        for text in entry.patterns
    )
    return _Names(re.compile("|".join(ordered)), by_key, long_words, ambiguous, described)


def _pattern(plain: str) -> str:
    pieces = _PIECES.findall(plain)
    if _CAS.fullmatch(plain):
        # Strict: three numbers of a list are not a registry number.
        return r"(?<![\d-])" + r" ?- ?".join(pieces) + r"(?![\d-])"
    # Pieces may stand together or apart: "mustard-gas", "mustard gas", "mustardgas".
    body = r"[\W_]{0,5}".join(re.escape(piece) for piece in pieces)
    if re.match(r"[가-힣]", pieces[-1]):
        # A Korean word takes particles and compounds on its right; "사린다" is a verb.
        return rf"(?<![가-힣a-z0-9]){body}(?!다)"
    if pieces[-1].isdigit():
        return rf"(?<![a-z0-9]){body}(?![a-z0-9])(?!-\d)"
    return rf"(?<![a-z0-9]){body}(?:s|es)?(?![a-z0-9])"
