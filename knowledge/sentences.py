"""The sentences of a passage with their terms, remembered: a search and the answer made of it look at the same ones.

A row of a table is a sentence of its own; what its cells are is said by the table's first row, its head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from functools import lru_cache
from typing import NamedTuple

from knowledge.lexical.tokens import tokenise
from knowledge.passages import sentence_spans

_LINE = re.compile(r"[^\n]+")
_RULE = re.compile(r"\|[\s|:-]+\|?")
_ENDED = re.compile(r"[^,;:(-]\n+\s*[^a-z\s]")  # what follows begins anew
_SHORT = 0.75  # of the longest line: a line shorter than this is not wrapped, but ended
_UNIT = re.compile(r"^(?P<name>.*?)\s*[(\[/]\s*(?P<unit>[^()\[\]]+?)[)\]]?$")


class Sentence(NamedTuple):
    """A sentence of a text.

    Attributes:
        start: Its first character.
        end: One past its last character.
        terms: Its terms; of a table's row those of the head too.
        head: The head of the table that it is a row of; '' elsewhere.
    """

    start: int
    end: int
    terms: frozenset[str]
    head: str = ""


@lru_cache(maxsize=2048)
def sentences(text: str) -> tuple[Sentence, ...]:
    """Find the sentences of a passage and their terms.

    Args:
        text: The passage.

    Returns:
        Sentences and rows of tables, in order; the whole text as one where no end of a sentence is found.
    """
    found: list[Sentence] = []
    full = max((len(line) for line in text.splitlines() if not line.startswith("|")), default=0)
    for start, end in sentence_spans(text) or [(0, len(text))]:
        if "|" in text[start:end]:
            found += _with_rows(text, start, end)
        else:
            found += (_sentence(text, first, past) for first, past in _without_heading(text, start, end, full))
    return tuple(found)


def _sentence(text: str, start: int, end: int) -> Sentence:
    return Sentence(start, end, frozenset(tokenise(text[start:end])))


def _without_heading(text: str, start: int, end: int, full: int) -> Iterator[tuple[int, int]]:
    """A span cut after its short lines: headings, and items of lists, that no full stop ends."""
    for line in _LINE.finditer(text, start, end):
        if len(line[0]) < _SHORT * full and _ENDED.match(text, line.end() - 1, end):
            yield start, line.end()
            start = line.end() + 1
    yield start, end


def _with_rows(text: str, start: int, end: int) -> Iterator[Sentence]:
    """A span in which a table may stand, as its rows and the text between them."""
    head, prose = "", -1
    lines = [(start + line.start(), start + line.end()) for line in _LINE.finditer(text[start:end])]
    for first, past in lines:
        row = text[first:past]
        if not row.startswith("|"):
            prose = first if prose < 0 else prose
            head = ""
            continue
        if prose >= 0:
            yield _sentence(text, prose, first - 1)
            prose = -1
        if _RULE.fullmatch(row):
            continue
        yield Sentence(first, past, frozenset(tokenise(f"{head} {row}")), head)
        if not head and _is_head(row):
            head = row
    if prose >= 0:
        yield _sentence(text, prose, end)


def cells(row: str) -> list[str]:
    """The cells of a table's row as it stands in a text."""
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def _is_head(row: str) -> bool:
    """Whether most cells of a row are words."""
    numbers = sum(bool(re.match(r"[<>≤≥~±]?\s*[-−]?\d", cell)) for cell in cells(row))
    return 2 * numbers < len(cells(row))


def row_in_words(row: str, head: str) -> str:
    """A row of a table as a sentence: each value after its column's name, and before its unit.

    Args:
        row: ``| celecoxib | 52 |``.
        head: ``| compound | IC50 (nM) |``; '' for a row without a head.

    Returns:
        Such as ``celecoxib: IC50 52 nM``; the row itself where the two do not fit.
    """
    values, names = cells(row), cells(head)
    if not head or len(values) != len(names) or len(values) < 2:
        return " ".join(row.split())
    told = []
    for name, value in zip(names[1:], values[1:], strict=True):
        parts = _UNIT.match(name)
        if value:
            told.append(f"{parts['name']} {value} {parts['unit']}".strip() if parts else f"{name} {value}".strip())
    return f"{values[0]}: {'; '.join(told)}"


def terms_of(text: str) -> frozenset[str]:
    """The terms of a passage."""
    return frozenset().union(*(sentence.terms for sentence in sentences(text)))


def covered(weights: Mapping[str, float], terms: Set[str]) -> float:
    """The weight of the wanted terms that are among some terms; summed in their order, so that equals stay equal."""
    return sum(weight for term, weight in weights.items() if term in terms)
