"""Reading a question about sequences: its sequences and their names, enzymes, numbers, and what is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

SHORTEST = 10
"""Letters A, C, G, T, U or N in a row from which a word is a sequence: no word of a question is that long."""
LONGEST_OLIGO = 120
"""Bases up to which a sequence may be a primer or another synthetic oligonucleotide."""

_SEQUENCE = re.compile(rf"(?<![A-Za-z0-9])(?:[ACGTUN]{{{SHORTEST},}}|[acgtun]{{{SHORTEST},}})(?![A-Za-z0-9])")
# Three letters of genus and species, a strain, and a Roman numeral (Roberts et al., Nucleic Acids Res. 31 (2003) 1805);
# the numeral is sometimes typed as a digit (Nco1).
_ENZYME = re.compile(r"\b[A-Z][a-z]{2}(?:[A-Za-z0-9]*[IVX]+|[A-Z]?[1-5])\b")
_NAME_BEFORE = re.compile(
    r"([A-Za-z][\w-]*\d[\w-]*|p[A-Z][\w-]+)\s*(?::|(?:with|has|having)(?: the)? sequence|has)?\s*['\"]?$"
)
_NUMBER = r"(\d[\d,]*)"


@dataclass(frozen=True)
class Mentioned:
    """A sequence of the question: its letters in upper case (U as T), and the name given right before it, if any."""

    letters: str
    name: str = ""

    @property
    def is_oligo(self) -> bool:
        """Whether it is short enough for a primer."""
        return len(self.letters) <= LONGEST_OLIGO


@dataclass(frozen=True)
class Asked:
    """A question taken apart.

    Attributes:
        words: The question with each sequence replaced by ``<number>``, numbers from 1.
        sequences: Its sequences in order.
        choices: The answers to choose from, as given.
        enzymes: Restriction enzymes that the question (not its choices) names, in order.
    """

    words: str
    sequences: tuple[Mentioned, ...]
    choices: tuple[str, ...]
    enzymes: tuple[str, ...]

    @property
    def last(self) -> str:
        """The last sentence that asks: what is wanted, when the ones before it only tell."""
        sentences = [part.strip() for part in re.split(r"(?<=[.?!])\s+", self.words) if part.strip()]
        asking = [sentence for sentence in sentences if sentence.endswith("?")]
        return (asking or sentences or [""])[-1]

    @property
    def oligos(self) -> tuple[str, ...]:
        """The sequences that may be primers."""
        return tuple(one.letters for one in self.sequences if one.is_oligo)

    @property
    def longer(self) -> tuple[Mentioned, ...]:
        """The sequences too long for primers."""
        return tuple(one for one in self.sequences if not one.is_oligo)

    def says(self, pattern: str) -> bool:
        """Whether the question's words match, whatever their case."""
        return re.search(pattern, self.words, re.IGNORECASE) is not None

    def number(self, pattern: str) -> int | None:
        """The first number (``#`` in the pattern) in the question's words."""
        found = re.search(pattern.replace("#", _NUMBER), self.words, re.IGNORECASE)
        return int(found[1].replace(",", "")) if found else None


def read(question: str, choices: Sequence[str] | None) -> Asked:
    """Take a question apart.

    Args:
        question: As asked.
        choices: The answers to choose from.
    """
    sequences: list[Mentioned] = []

    def keep(match: re.Match[str]) -> str:
        name = _NAME_BEFORE.search(question[max(0, match.start() - 80) : match.start()])
        sequences.append(Mentioned(clean(match[0]), name[1] if name else ""))
        return f"<{len(sequences)}>"

    words = _SEQUENCE.sub(keep, question)
    return Asked(words, tuple(sequences), tuple(choices or ()), enzymes(words))


def enzymes(words: str) -> tuple[str, ...]:
    """Names of restriction enzymes in a text, each once, in order."""
    return tuple(dict.fromkeys(_ENZYME.findall(words)))


def enzyme_list(choice: str) -> tuple[str, ...]:
    """A choice that is nothing but one or more enzymes; empty if it is anything else."""
    parts = [part for part in re.split(r"\s*(?:,|\+|/|\band\b)\s*", choice.strip().rstrip(".")) if part]
    return tuple(parts) if parts and all(_ENZYME.fullmatch(part) for part in parts) else ()


def sequences(choice: str) -> tuple[str, ...]:
    """The sequences that a choice holds."""
    return tuple(clean(match[0]) for match in _SEQUENCE.finditer(choice))


def pair(choice: str) -> tuple[str, str] | None:
    """A choice that is a pair of primers, forward first; ``None`` if it is anything else."""
    found = sequences(choice)
    rest = _SEQUENCE.sub("", choice)
    return (found[0], found[1]) if len(found) == 2 and not re.search(r"[A-Za-z]{4,}", rest) else None


def numbers(choice: str) -> tuple[float, ...]:
    """The numbers of a choice."""
    return tuple(float(item) for item in re.findall(r"-?\d+(?:\.\d+)?", choice.replace(",", " ")))


def clean(letters: str) -> str:
    """Upper case, with T for U."""
    return letters.upper().replace("U", "T")
