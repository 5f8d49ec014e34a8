"""Cutting a page into passages: whole sentences, about 256 tokens, a little overlap, exact offsets.

A passage never crosses a page, so that a citation is always one page and one pair of character offsets into that page's
text. Lengths are counted by `estimate_tokens`, which needs no tokenizer: passages do not depend on the embedding
engine, and the same file gives the same passages on every machine.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence

from knowledge.records import Page, Passage

TARGET_TOKENS = 240
"""Where a passage is closed, in estimated tokens. With its title in front it fills a window of 256."""
OVERLAP_TOKENS = 40
"""How much of a passage's end the next one repeats, in whole sentences."""
SHORTEST_TOKENS = 24
"""A last passage shorter than this joins the one before."""

# Words before a full stop that does not end a sentence (lower case, without the stop).
_ABBREVIATIONS = frozenset({
    "al", "approx", "ca", "cf", "co", "corp", "dept", "dr", "ed", "eds", "eg", "eq", "eqs", "et", "etc", "ex",
    "exp", "ext", "fig", "figs", "i.e", "e.g", "ie", "inc", "jr", "ltd", "max", "min", "mr", "mrs", "ms", "no",
    "nos", "p", "pp", "prof", "ref", "refs", "resp", "sec", "sp", "spp", "sr", "st", "subsp", "suppl", "tab",
    "temp", "var", "viz", "vol", "vs", "wt",
})  # fmt: skip
_BOUNDARY = re.compile(
    r"(?P<stop>[.!?]+[\"'”’)\]]*)(?=\s+[\"'“‘(\[]*(?:[A-Z0-9À-ÖØ-Þ가-힣α-ωΑ-Ω①-⑳]|[a-z]{1,9}-?\d))"  # a new beginning
    r"|(?P<wide>[。！？]+)"  # East Asian stops need no space
    r"|(?P<break>\n\s*\n)"  # a blank line
)
# A single capital that begins a name ("J. Smith", "and E. Coli"), not one that ends a phrase ("vitamin C", "mg/L").
_INITIAL = re.compile(r"(?:^|[.,;(]\s*|\b[A-Z]\w+\s|\b(?:by|and|in|of)\s)[A-Z]$")
_LAST_WORD = re.compile(r"([\w.]+)$")
_WORD = re.compile(r"[A-Za-z]+|\d+|[가-힣]+|[^\sA-Za-z\d가-힣]")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Find the sentences of a text.

    Stops after abbreviations (``et al.``, ``Fig.``), after single capitals (``E. coli``) and inside numbers
    (``0.5 mM``) do not end a sentence; a blank line always does.

    Args:
        text: Plain text.

    Returns:
        Spans ``(start, end)`` in characters, in order, without surrounding white space; they do not overlap.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _BOUNDARY.finditer(text):
        if match["stop"] == "." and _is_abbreviation(text, match.start()):
            continue
        _append(spans, text, start, match.end())
        start = match.end()
    _append(spans, text, start, len(text))
    return spans


def _is_abbreviation(text: str, stop: int) -> bool:
    before = text[max(0, stop - 40) : stop]
    if _INITIAL.search(before):
        return True
    word = _LAST_WORD.search(before)
    return word is not None and (word[1].lower() in _ABBREVIATIONS or word[1].lower().strip(".") in _ABBREVIATIONS)


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        spans.append((start, end))


def estimate_tokens(text: str) -> int:
    """Estimate how many word pieces a text makes.

    Frequent English words are one piece; long and rare words (chemical names) are cut about every five letters, digits
    about every third, Hangul by syllable.

    Args:
        text: Plain text.

    Returns:
        The estimated count, within about a tenth of BERT's word pieces on English scientific text.
    """
    count = 0
    for match in _WORD.finditer(text):
        word = match[0]
        if word[0].isdigit():
            count += (len(word) + 2) // 3
        elif "가" <= word[0] <= "힣":
            count += len(word)
        elif len(word) <= 7:
            count += 1
        else:
            count += (len(word) + 2) // 5
    return count


def split_pages(document: str, pages: Sequence[Page]) -> list[Passage]:
    """Cut a document's pages into passages.

    Args:
        document: Identity of the document; part of every passage's id.
        pages: The pages' texts, in order.

    Returns:
        Passages in reading order. ``start`` and ``end`` are character offsets into the page's text, so that
        ``page.text[start:end] == passage.text``.
    """
    passages: list[Passage] = []
    for page in pages:
        for start, end in _windows(page.text):
            text = page.text[start:end]
            passages.append(
                Passage(
                    id=passage_id(document, page.number, start, text),
                    text=text,
                    page=page.number,
                    start=start,
                    end=end,
                    index=len(passages),
                )
            )
    return passages


def passage_id(document: str, page: int | None, start: int, text: str) -> str:
    """The id of a passage: a hash of where it stands and what it says (32 hex digits)."""
    return hashlib.sha256(f"{document}\0{page}\0{start}\0{text}".encode()).hexdigest()[:32]


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Spans of passages in one page's text."""
    pieces = [piece for span in sentence_spans(text) for piece in _bounded(text, *span)]
    if not pieces:
        return
    sizes = [estimate_tokens(text[start:end]) for start, end in pieces]
    first = 0
    while True:
        last, total = first, 0
        while last < len(pieces) and (last == first or total + sizes[last] <= TARGET_TOKENS):
            total += sizes[last]
            last += 1
        if last < len(pieces) and sum(sizes[last:]) < SHORTEST_TOKENS:
            last = len(pieces)
        yield pieces[first][0], pieces[last - 1][1]
        if last == len(pieces):
            return
        back, repeated = last, 0
        while back - 1 > first and repeated + sizes[back - 1] <= OVERLAP_TOKENS:
            back -= 1
            repeated += sizes[back]
        first = back


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A sentence too long for one passage (a table, a list), cut between lines or at white space; others whole."""
    if estimate_tokens(text[start:end]) <= TARGET_TOKENS:
        yield start, end
        return
    here, used = start, 0
    for first, past in _units(text, start, end):
        cost = estimate_tokens(text[first:past])
        if used and used + cost > TARGET_TOKENS:
            yield here, _rstrip(text, here, first)
            here, used = first, 0
        used += cost
    yield here, end


def _units(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Lines that fit into a passage, and the words of those that do not; a run without spaces is cut hard."""
    for line in re.finditer(r"[^\n]*\S[^\n]*", text[start:end]):
        if estimate_tokens(line[0]) <= TARGET_TOKENS:
            yield start + line.start(), start + line.end()
            continue
        for run in re.finditer(r"\S{1,400}", line[0]):
            yield start + line.start() + run.start(), start + line.start() + run.end()


def _rstrip(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end
