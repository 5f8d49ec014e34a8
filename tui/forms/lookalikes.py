"""Characters that are not what they look like: invisible ones, and letters of one script that pass for another's.

A SMILES with a Cyrillic ``С`` or a name with a zero-width space looks right and is read as something else. Letters are
flagged where they stand in a word with Latin letters or digits; words wholly in another script are left alone.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

# Letters that most fonts draw like the Latin one (Unicode Technical Standard 39, the single-letter cases in use).
_CYRILLIC = "АВЕЅІЈКМНОРСТУХаеіјорсѕухԁһԛԝ"
_GREEK = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανρ"
_LATIN = dict(zip(_CYRILLIC + _GREEK, "ABESIJKMHOPCTYXaeijopcsyxdhqwABEZHIKMNOPTYXoavp", strict=True))
_WORD = re.compile(r"[^\s,;()\[\]{}\"'=#@+\-/\\.:]+")


class Flag(NamedTuple):
    """One character to look at twice.

    Attributes:
        at: Its place in the text.
        character: The character.
        why: What it is, in words.
    """

    at: int
    character: str
    why: str


def flags(text: str) -> tuple[Flag, ...]:
    """Every character that is invisible, or stands for another that it is not."""
    found = [
        Flag(at, character, f"invisible {_name(character)}")
        for at, character in enumerate(text)
        if (unicodedata.category(character) in ("Cf", "Cc", "Co", "Cn") and character not in "\n\t\r")
        or character in "\u00a0\u2007\u202f\u3000\u115f\u1160\u3164\u2800"
    ]
    for match in _WORD.finditer(text):
        word = match[0]
        latin = any(character.isascii() and character.isalnum() for character in word)
        for offset, character in enumerate(word):
            at = match.start() + offset
            if latin and character in _LATIN:
                found.append(Flag(at, character, f"{_name(character)}, not the letter {_LATIN[character]}"))
            elif "\uff01" <= character <= "\uff5e":
                found.append(Flag(at, character, f"{_name(character)}, not {unicodedata.normalize('NFKC', character)}"))
    return tuple(sorted(found))


def describe(text: str) -> str:
    """What to look at twice in a text, in one line; empty if nothing."""
    found = flags(text)
    told = "; ".join(f"character {flag.at + 1}: {flag.why}" for flag in found[:3])
    return told + (f"; and {len(found) - 3} more" if len(found) > 3 else "")


def _name(character: str) -> str:
    return f"U+{ord(character):04X} {unicodedata.name(character, 'unnamed').lower()}"
