"""Choices that a question lists in its own text, each behind its letter."""

from __future__ import annotations

import re

_LETTER = re.compile(r"(?:(?<=\s)|^)\(?([A-H])[).:]\s+")


def split_options(text: str) -> tuple[str, tuple[str, ...]]:
    """A question without its choices, and the choices without their letters; none where fewer than two are lettered.

    Args:
        text: Such as ``How many? A) 1 B) 2``; letters run from A without a gap, before a bracket, a point or a colon.
    """
    marks = []
    for match in _LETTER.finditer(text):
        if match[1] == chr(ord("A") + len(marks)):
            marks.append(match)
    if len(marks) < 2:
        return text, ()
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    choices = tuple(text[mark.end() : end].strip().rstrip(",;") for mark, end in zip(marks, ends, strict=True))
    return text[: marks[0].start()].strip(), choices if all(choices) else ()
