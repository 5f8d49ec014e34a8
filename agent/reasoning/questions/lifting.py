"""Lifting nucleic acids out of a question, however they are written: in blocks, lines, FASTA, with 5' and 3' marks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SHORTEST = 10
"""Letters A, C, G, T, U or N in a row from which a word is a sequence: no word of a question is that long."""

_PIECE = re.compile(r"(?<![A-Za-z0-9_])[ACGTUNacgtun]+(?![A-Za-z0-9_])")
_BETWEEN = re.compile(r"\s+(?:\d+\s+)?")
_HEADER = re.compile(r"(?m)^[ \t]*>[ \t]*([^\s|]+)[^\n]*\n")
# Blocks of a sequence are ten bases, or codons, as databases and people print them; its lines are longer.
_LONGEST_BLOCK, _SHORTEST_LINE = 12, 30
# A short last block that is also a word, inside a sentence, is the word.
_WORDS = frozenset({"a", "an", "at", "act", "can", "cat", "cut", "gut", "nut", "tag", "tan"})
_BEFORE = re.compile(r"([53])\s*(?:['’′´`]|[- ]?prime\b)?\s*[-–—]?\s*$")
_AFTER = re.compile(r"\s*[-–—]?\s*([53])\s*(?:['’′´`]|[- ]?prime\b)")


@dataclass(frozen=True)
class Lifted:
    """A sequence in a text: where it stands with its marks, and its letters, 5' to 3', in upper case with T for U."""

    start: int
    end: int
    letters: str


def without_headers(text: str) -> str:
    """A text in which FASTA headers are only the names that they begin with, each before its sequence."""
    return _HEADER.sub(lambda match: f"{match[1]}:\n", text)


def lift(text: str) -> Iterator[Lifted]:
    """The sequences of a text, in order.

    Args:
        text: A question or a choice, without FASTA headers (see `without_headers`).
    """
    pieces = list(_PIECE.finditer(text))
    index = 0
    while index < len(pieces):
        count = _joined(text, pieces, index)
        letters = "".join(piece[0] for piece in pieces[index : index + count])
        if len(letters) >= SHORTEST and (count > 1 or len(pieces[index][0]) >= SHORTEST):
            yield _marked(text, pieces[index].start(), pieces[index + count - 1].end(), letters)
        index += count


def clean(letters: str) -> str:
    """Upper case, with T for U."""
    return letters.upper().replace("U", "T")


def _joined(text: str, pieces: Sequence[re.Match[str]], first: int) -> int:
    """How many pieces from the first on are blocks or lines of one sequence: all of one length, the last not longer."""
    size = len(pieces[first][0])
    if size < 3:
        return 1
    count, lines = 1, False
    while first + count < len(pieces):
        piece, gap = pieces[first + count], text[pieces[first + count - 1].end() : pieces[first + count].start()]
        if not _BETWEEN.fullmatch(gap) or len(piece[0]) > size:
            break
        if len(piece[0]) < size and _is_word(text, piece, pieces[first][0]):
            break
        lines = lines or "\n" in gap
        count += 1
        if len(piece[0]) < size:
            break
    if count == 1:
        return 1
    whole = sum(len(piece[0]) == size for piece in pieces[first : first + count])
    blocks = size <= _LONGEST_BLOCK and (whole >= 3 or size == 10)
    return count if blocks or (lines and size >= _SHORTEST_LINE) else 1


def _is_word(text: str, piece: re.Match[str], first: str) -> bool:
    """Whether a short last piece is a word of the sentence, not the end of the sequence."""
    if piece[0].isupper() != first.isupper() and piece[0].islower() != first.islower():
        return True
    return piece[0] in _WORDS and re.match(r" [A-Za-z0-9]", text[piece.end() : piece.end() + 2]) is not None


def _marked(text: str, start: int, end: int, letters: str) -> Lifted:
    """Take in the marks of the ends; a strand written from 3' to 5' is turned round."""
    before, after = _BEFORE.search(text[max(0, start - 12) : start]), _AFTER.match(text[end : end + 12])
    if before and after and before[1] != after[1]:
        turned = before[1] == "3"
        start, end = start - (min(12, start) - before.start()), end + after.end()
        return Lifted(start, end, clean(letters[::-1] if turned else letters))
    return Lifted(start, end, clean(letters))
