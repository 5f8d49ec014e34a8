"""What a sentence says, as far as rules can see it: its terms, names, figures and direction."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from knowledge.answering.amounts import Figure, figures
from knowledge.lexical.tokens import tokenise

_NAME = re.compile(r"(?<![\w-])(?=[\w-]*(?:[A-Z]|\d))(?=[\w-]*[A-Za-z])[\w-]*[\w](?![\w-])")
_SENTENCE_START = re.compile(r"^\W*\w+")
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot|lacks?|lacked|lacking|absence|absent|fails?|failed|unable"
    r"|hardly|denied|excludes?)\b|n[’']t\b|않|없|아니|못하|못했",
    re.IGNORECASE,
)
_DOUBLE = re.compile(
    r"\bnot only\b|\bno (?:less|fewer|more) than\b|\bno later than\b|\bif not\b|\bwhether or not\b", re.I
)

# Directions that exclude each other, as word beginnings (stems differ between the noun and the verb).
_OPPOSED = (
    (("increas", "elevat", "rais", "rise", "higher", "greater", "more", "enhanc", "upregulat", "up-regulat", "gain",
      "improv", "larger", "증가", "높", "향상", "상승"),
     ("decreas", "reduc", "lower", "declin", "diminish", "less", "fewer", "downregulat", "down-regulat", "loss",
      "impair", "worsen", "smaller", "감소", "낮", "저하", "하락")),
    (("activat", "promot", "stimulat", "induc", "trigger", "facilitat", "촉진", "활성화", "유도"),
     ("inhibit", "suppress", "block", "repress", "inactivat", "prevent", "hinder", "attenuat", "억제", "차단", "저해")),
    (("soluble",), ("insoluble",)), (("stable",), ("unstable",)), (("toxic",), ("nontoxic", "non-toxic")),
    (("beneficial", "protect"), ("harmful", "detrimental")), (("positive",), ("negative",)),
    (("significant",), ("insignificant", "nonsignificant", "non-significant")), (("effective",), ("ineffective",)),
    (("necessary", "essential", "required"), ("unnecessary", "dispensable")), (("early", "earlier"), ("late", "later")),
    (("dependent",), ("independent",)), (("sensitive",), ("resistant", "insensitive")),
    (("exothermic",), ("endothermic",)), (("metallic",), ("insulating",)),
    (("permit", "허용"), ("prohibit", "forbid", "금지")),
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_][\w-]*")


@dataclass(frozen=True)
class Features:
    """What rules see in a sentence.

    Attributes:
        terms: Its index terms, without those that only give a direction.
        names: Words with digits or capitals (genes, formulas, abbreviations), as index terms.
        figures: Its numbers with units.
        negated: Whether it denies what it names (an odd number of negations).
        directions: For each pair of opposed directions that it uses: the pair's number, and how often either side.
    """

    terms: frozenset[str]
    names: frozenset[str]
    figures: tuple[Figure, ...]
    negated: bool
    directions: tuple[tuple[int, int, int], ...]


@lru_cache(maxsize=4096)
def features(text: str) -> Features:
    """Read a sentence by rules.

    Args:
        text: One sentence.
    """
    sides_used: dict[int, list[int]] = {}
    directing = set()
    for match in _WORD.finditer(text):
        word = match[0].lower()
        for number, side in _directions(word):
            sides_used.setdefault(number, [0, 0])[side] += 1
            directing.add(word)
    first = _SENTENCE_START.match(text)
    begins = first.end() if first else 0
    names = {
        term
        for match in _NAME.finditer(text)
        if match.end() > begins or any(c.isdigit() or c.isupper() for c in match[0][1:])
        for term in tokenise(match[0])[:1]
    }
    terms = set(tokenise(text)) - {term for word in directing for term in tokenise(word)}
    negations = len(_NEGATION.findall(_DOUBLE.sub(" ", text)))
    directions = tuple(
        (number, first_side, second_side) for number, (first_side, second_side) in sorted(sides_used.items())
    )
    return Features(frozenset(terms), frozenset(names), figures(text), negations % 2 == 1, directions)


@lru_cache(maxsize=16_384)
def _directions(word: str) -> tuple[tuple[int, int], ...]:
    """The pairs of opposed directions that a word belongs to, and on which side."""
    return tuple(
        (number, side)
        for number, sides in enumerate(_OPPOSED)
        for side, stems in enumerate(sides)
        if word.startswith(stems)
    )
