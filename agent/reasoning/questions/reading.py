"""Reading a question about sequences: its sequences and their names, enzymes, numbers, and what is asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.reasoning.questions import wording
from agent.reasoning.questions.lifting import lift, without_headers

LONGEST_OLIGO = 120
"""Bases up to which a sequence may be a primer or another synthetic oligonucleotide."""

# Three letters of genus and species, a strain, and a Roman numeral (Roberts et al., Nucleic Acids Res. 31 (2003) 1805);
# the numeral is sometimes typed as a digit (Nco1). A Korean particle may follow the name.
_ENZYME = re.compile(r"(?<![A-Za-z0-9])[A-Z][a-z]{2}(?:[A-Za-z0-9]*[IVX]+|[A-Z]?[1-5])(?![A-Za-z0-9])")
# What is on every bench is also typed in other letters, and with a blank before the numeral, as it once was printed.
_NAMES = (
    "AatII Acc65I AflII AgeI ApaI AscI AvrII BamHI BbsI BclI BglII BmtI BsaI BsiWI BsmBI BspQI BsrGI BstEII ClaI DpnI "
    "DraI EagI EcoRI EcoRV Esp3I FseI HaeIII HhaI HincII HindIII HinfI HpaI KasI KpnI MfeI MluI MscI MseI MspI NarI "
    "NcoI NdeI NheI NotI NruI NsiI PacI PmeI PstI PvuI PvuII RsaI SacI SacII SalI SapI SbfI ScaI SfiI SmaI SnaBI SpeI "
    "SphI SspI StuI SwaI TaqI XbaI XhoI XmaI"
)
_COMMON = _NAMES.split()
_BY_LETTERS = {name.casefold(): name for name in _COMMON}
_TYPED = (
    re.compile(rf"(?<![A-Za-z0-9])(?:{'|'.join(_COMMON)})(?![A-Za-z0-9])", re.IGNORECASE),
    # With blanks the letters have to be right: "not I" is no enzyme.
    re.compile(
        "(?<![A-Za-z0-9])(?:"
        + "|".join(re.sub(r"(?=[IVX]+$)", "[ -]?", f"{name[:3]}[ -]?{name[3:]}", count=1) for name in _COMMON)
        + ")(?![A-Za-z0-9])"
    ),
)
_NAME_BEFORE = re.compile(
    r"([A-Za-z][\w-]*\d[\w-]*|p[A-Z][\w-]+)\s*(?::|(?:with|has|having)(?: the)? sequence|has)?\s*['\"]?$"
)
_NUMBER = r"(\d[\d,]*)"
# What people write around the two primers of a pair.
_REVERSE = re.compile(r"\b(?:reverse|rev|rv|downstream|antisense|R)\b|역방향", re.IGNORECASE)
_PRIMER_LABEL = re.compile(
    rf"{_REVERSE.pattern}|\b(?:forward|fwd|fw|upstream|sense|primers?|pair|oligos?|with|F)\b|정방향|프라이머",
    re.IGNORECASE,
)


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

    @property
    def circular(self) -> bool:
        """Whether the molecule spoken of is a plasmid that was not opened."""
        if self.says(r"\bcircular\b|원형"):
            return not self.says(r"\bnot circular")
        return self.says(wording.CIRCULAR) and not self.says(wording.LINEAR)

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
    text = without_headers(question)
    found: list[Mentioned] = []
    words, last = "", 0
    for one in lift(text):
        name = _NAME_BEFORE.search(text[max(last, one.start - 80) : one.start])
        found.append(Mentioned(one.letters, name[1] if name else ""))
        words += f"{text[last : one.start]}<{len(found)}>"
        last = one.end
    words += text[last:]
    words = _typed(words)
    return Asked(words, tuple(found), tuple(choices or ()), enzymes(words))


def enzymes(words: str) -> tuple[str, ...]:
    """Names of restriction enzymes in a text, each once, in order."""
    return tuple(dict.fromkeys(_ENZYME.findall(_typed(words))))


def enzyme_list(choice: str) -> tuple[str, ...]:
    """A choice that is nothing but one or more enzymes; empty if it is anything else."""
    listed = _typed(re.sub(r"\b(?:both|only|alone)\b", "", choice)).strip().rstrip(".")
    parts = [part for part in re.split(r"\s*(?:,|\+|/|&|;|\band\b|와|과|및)\s*", listed) if part]
    return tuple(parts) if parts and all(_ENZYME.fullmatch(part) for part in parts) else ()


def _typed(words: str) -> str:
    """A text in which the common enzymes are spelled as they are printed today."""
    for shape in _TYPED:
        words = shape.sub(lambda match: _BY_LETTERS[re.sub(r"[ -]", "", match[0]).casefold()], words)
    return words


def sequences(choice: str) -> tuple[str, ...]:
    """The sequences that a choice holds."""
    return tuple(one.letters for one in lift(without_headers(choice)))


def pair(choice: str) -> tuple[str, str] | None:
    """A choice that is a pair of primers, forward first; ``None`` if it is anything else."""
    text = without_headers(choice)
    found = list(lift(text))
    if len(found) != 2:
        return None
    labels = [text[: found[0].start], text[found[0].end : found[1].start], text[found[1].end :]]
    rest = _PRIMER_LABEL.sub(" ", " ".join(labels))
    if re.search(r"[A-Za-z가-힣]{4,}", rest):
        return None
    first, second = found[0].letters, found[1].letters
    turned = _REVERSE.search(labels[0]) and not _REVERSE.search(labels[1])
    return (second, first) if turned else (first, second)


def numbers(choice: str) -> tuple[float, ...]:
    """The numbers of a choice."""
    return tuple(float(item) for item in re.findall(r"-?\d+(?:\.\d+)?", choice.replace(",", " ")))
