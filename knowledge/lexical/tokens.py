"""Terms for the lexical index: what a chemist or biologist means by a word stays one word.

Chemical names, formulas, gene symbols and hyphenated terms become one term for the whole (hyphens and brackets
dropped, so that ``IL-6`` meets ``IL6``) and one for each part. Greek letters are spelt out (``TNF-α`` meets
``TNF-alpha``). English words are stemmed; anything with a digit or an inner capital is kept as it is. East Asian runs
become character bigrams, which need no dictionary, and Hangul its morphemes too where an analyser is installed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from knowledge.lexical.korean import bigrams, korean_terms
from knowledge.lexical.stemming import stem

STOPWORDS = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "been", "being", "but", "by", "can", "could", "did", "do", "does",
    "for", "from", "had", "has", "have", "having", "he", "her", "him", "his", "how", "i", "if", "in", "into",
    "is", "it", "its", "may", "might", "more", "most", "must", "no", "nor", "not", "of", "off", "on", "or", "our",
    "s", "same", "she", "should", "so", "some", "such", "than", "that", "the", "their", "them", "then", "there",
    "these", "they", "this", "those", "through", "to", "too", "under", "until", "up", "upon", "very", "was", "we",
    "were", "what", "when", "where", "whether", "which", "while", "who", "whom", "why", "will", "with", "would", "you",
    "your", "yours", "via", "per", "among", "between", "during", "within", "without", "both", "each", "other",
    "also",
})  # fmt: skip
"""English function words: they carry no topic. Words in capitals are spared (the gene ``WAS``)."""

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta",
    "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma",
    "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−⁻"), "-")
_CJK = "가-힣぀-ヿ㐀-䶿一-鿿"
_LATIN = rf"[^\W_{_CJK}]"
# A compound: runs of letters and digits joined by a hyphen, plus, prime or bracket with no space, or by a comma or dot
# between digits or single letters (2,4-dinitrophenol; N,N-dimethyl). Numbers (0.5; 1,000) come first.
_COMPOUND = re.compile(
    rf"(?P<number>(?<!\w)\d+(?:,\d{{3}})*(?:\.\d+)?(?![\w-]|[,.(\[]\w))"
    rf"|{_LATIN}+(?:(?:['’′]?[-+:·]|['’′](?=[-,\d])|[)\]}}]-?|-?[(\[{{](?={_LATIN})|(?<=\b{_LATIN})[,.](?={_LATIN}\b)"
    rf"|(?<=\d)[,.](?=\d)){_LATIN}+)*"
    rf"|[{_CJK}]+"
)
_PART = re.compile(rf"{_LATIN}+")
_HANGUL = re.compile("[가-힣]+$")
_EAST_ASIAN = re.compile(f"[{_CJK}]")
_LETTERS = re.compile(r"[a-z]+$")
_REMEMBERED = 40  # letters of the longest word whose terms are remembered


def tokenise(text: str) -> list[str]:
    """The index terms of a text, in order, repeated as often as they occur.

    Args:
        text: A passage, a title or a query.

    Returns:
        Lower-case terms. A compound gives its whole first and then its parts.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    found: list[str] = []
    for word in text.split():  # no compound has white space in it
        found += _remembered(word) if len(word) <= _REMEMBERED and word.isascii() else _terms(word)
    return found


@lru_cache(maxsize=65_536)
def _remembered(word: str) -> tuple[str, ...]:
    """The terms of a word; most words of a text have been met before."""
    return tuple(_terms(word))


def _terms(text: str) -> Iterator[str]:
    for match in _COMPOUND.finditer(text):
        word = match[0]
        if match["number"]:
            yield word.replace(",", "")
            continue
        if _EAST_ASIAN.match(word):
            yield from korean_terms(word) if _HANGUL.match(word) else bigrams(word)
            continue
        parts = _PART.findall(word)
        if len(parts) > 1:
            whole = "".join(parts)
            if not whole.isdigit():
                yield _spelt(whole).lower()
        for part in parts:
            if term := _term(part, alone=len(parts) == 1):
                yield term


def _term(part: str, *, alone: bool) -> str:
    lower = _spelt(part).lower()
    if lower in STOPWORDS and not (alone and len(part) > 1 and part.isupper()):
        return ""
    if len(lower) == 1 and not alone:
        return ""  # the N of N,N-dimethyl says nothing by itself
    if _LETTERS.match(lower) and not _inner_capital(part):
        return stem(lower)
    return lower


def _inner_capital(part: str) -> bool:
    """``NaCl`` and ``mRNA``, but not ``Sodium`` nor a heading in capitals."""
    return part != part.lower() and not part[1:].islower() and not part.isupper()


def _spelt(word: str) -> str:
    if word.isascii():
        return word
    return "".join(_GREEK.get(c.lower(), c) for c in word)
