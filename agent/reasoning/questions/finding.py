"""What a rule found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """What a rule computed for a question.

    Attributes:
        text: The answer in words.
        agreeing: Indices of the choices that agree with it.
        reason: Which computation and which rule of biology led there.
    """

    text: str
    agreeing: tuple[int, ...]
    reason: str
