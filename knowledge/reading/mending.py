"""Mending text that comes out of a page layout: ligatures, soft hyphens, words cut at the line's end, wrapped lines."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence

_LIGATURES = str.maketrans(
    {
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
        "\u00a0": " ",
        "\u200b": None,
        "\u00ad": None,
    }
)
# PDFium writes U+FFFE or U+0002 for the hyphen that it found at a line's end.
_LINE_HYPHEN = re.compile(r"[\ufffe\x02]\s*\n?\s*|(?<=\w)[-‐]\s*\n\s*(?=\w)")
_CUT_WORD = re.compile(r"([^\W\d_]+)\x01([^\W\d_]+)")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_CONTROLS = re.compile(r"[\x00\x03-\x08\x0b\x0e-\x1f\x7f]")


def mend_pages(pages: Sequence[str]) -> list[str]:
    """Mend the pages of one document together, since a word that is cut on one page is often whole on another.

    A word cut at a line's end is joined as the rest of the document writes it: with its hyphen if only that form occurs
    (``dose-dependent``), without it otherwise (``inhibi-`` ``tion``). A hyphen before a capital or a digit is kept.

    Args:
        pages: The pages' texts as extracted, lines ended by ``\\n`` or ``\\r\\n``.

    Returns:
        The mended pages, one string each.
    """
    texts = [_CONTROLS.sub("", page.replace("\r\n", "\n").replace("\r", "\n").translate(_LIGATURES)) for page in pages]
    known = {word.lower() for text in texts for word in _WORD.findall(text)}
    return [_unwrap(_join_cut_words(text, known)) for text in texts]


def _join_cut_words(text: str, known: set[str]) -> str:
    marked = _LINE_HYPHEN.sub("\x01", text)

    def joined(match: re.Match[str]) -> str:
        left, right = match[1], match[2]
        hyphenated = f"{left}-{right}"
        if right[0].isupper() or (hyphenated.lower() in known and (left + right).lower() not in known):
            return hyphenated
        return left + right

    previous = ""
    while previous != marked:  # a word cut twice
        previous, marked = marked, _CUT_WORD.sub(joined, marked)
    return marked.replace("\x01", "-")


def _unwrap(text: str) -> str:
    """Lines of a paragraph become one line; short lines (headings, paragraphs' ends) and rows of tables keep theirs."""
    lines = [line.strip() for line in text.split("\n")]
    lengths = [len(line) for line in lines if len(line) > 20]
    full = 0.75 * statistics.median(lengths) if lengths else 0
    mended: list[str] = []
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        mended.append(line)
        flows = len(line) >= full > 0 and after and "|" not in (line[:1], after[:1])
        mended.append(" " if flows else "\n")
    return re.sub(r"[ \t]+", " ", re.sub(r" *\n *", "\n", "".join(mended))).strip()
