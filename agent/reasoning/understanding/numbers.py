"""Tagging: every number of a goal with its unit and what is said of it, before anything is linked to a property."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from agent.reasoning.understanding import lexicon
from agent.reasoning.understanding.lexicon import Bound

NUMBER_WORDS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "a dozen": 12, "dozen": 12,
}  # fmt: skip
_KOREAN_WORDS = {
    "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
    "열두": 12, "열다섯": 15, "스무": 20, "서른": 30, "쉰": 50, "백": 100,
}  # fmt: skip

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:[eE][-+]?\d+)?|(?<!\.)\.\d+"
_NUMBER = re.compile(
    # A figure that belongs to a name (COX-2, CYP3A4, 1,2-dichloro, 2D) is not a number.
    rf"(?<![A-Za-zα-ωΑ-Ω\d_\ufffc])(?<!(?<!\.)\.)(?<![A-Za-z]-)(?P<sign>(?<![\w)\]%²³°.-])[-+])?(?P<digits>{_DIGITS})"
    r"(?P<tail>(?:,\d+)*'?-(?=[A-Za-z(\[]))?"
    rf"|\b(?P<word>{'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))})\b(?!-[a-z])"
    rf"|(?<![가-힣])(?P<korean>{'|'.join(sorted(_KOREAN_WORDS, key=len, reverse=True))})(?=\s?(?:개|종|가지|건))",
    re.IGNORECASE,
)
_STUCK_LETTERS = re.compile(r"[A-Za-z_\ufffc]")

_OPENS_RANGE = re.compile(
    r"(?P<not>(?:not|n't|never|outside)\s+(?:be\s+)?)?(?:(?:lie|lies|lying|fall|falls|stay|kept)\s+)?"
    r"(?P<open>between|from|(?:with)?in (?:the |a )?(?:range|interval|window)(?: of| from| between|:)?"
    r"|rang(?:e|es|ing)(?: of| from| between|:)?|within|in)\s*[\[(]?\s*$",
    re.IGNORECASE,
)
_JOINS = re.compile(r"\s*(?:(?P<dash>-|~|\.\.\.?|to|through|up to|에서|부터|사이)|(?P<and>and|&|,|와|과))\s*", re.I)
_CLOSES_KOREAN = re.compile(r"\s*(?:의\s*)?(?:사이|범위|까지)")
_PLUS_MINUS = re.compile(r"\s*(?:±|\+\s?/\s?-|\+-|plus or minus)\s*", re.IGNORECASE)
_WITHIN = re.compile(r"within\s*(?:±\s*)?$", re.IGNORECASE)
_OF = re.compile(r"\s+of\s+(?:the\s+)?", re.IGNORECASE)


@dataclass(frozen=True)
class NumberTag:
    """A number, or a range, with its unit and comparator.

    Attributes:
        start: Offset of the first character, comparator included.
        end: Offset after the last character, unit and comparator included.
        inner: Offset after the unit: where a word that the number counts would follow.
        relation: What is said of it; ``bare`` if nothing is.
        low: Lower figure of a range, or the figure itself.
        high: Upper figure of a range, or the figure itself.
        unit: Its unit as `agent.units` reads it, ``None`` if none is written.
        odd: A word or sign after it that looks like a unit and is not known.
        in_words: Whether it is written in letters ("two").
        flipped: Whether its property stands on the right of a comparison sign ("2 < logP").
    """

    start: int
    end: int
    inner: int
    relation: Bound
    low: float
    high: float
    unit: str | None = None
    odd: str | None = None
    in_words: bool = False
    flipped: bool = False


@dataclass(frozen=True)
class _Figure:
    start: int
    end: int
    value: float
    inner: int
    unit: str | None
    odd: str | None
    in_words: bool


def tag_numbers(text: str) -> tuple[NumberTag, ...]:
    """Tag every number of a text.

    Args:
        text: Normalised text, with identifiers (SMILES, sequences, paths, property names) masked.

    Returns:
        The tags in order; they do not overlap.
    """
    figures = _figures(text)
    tags: list[NumberTag] = []
    index, floor = 0, 0
    while index < len(figures):
        figure = figures[index]
        following = figures[index + 1] if index + 1 < len(figures) else None
        pair = _pair(text, figure, following, floor) if following else None
        tag = pair or _single(text, figure, floor)
        index += 2 if pair else 1
        floor = tag.end
        tags.append(tag)
    return tuple(tags)


def _figures(text: str) -> list[_Figure]:
    found: list[_Figure] = []
    for match in _NUMBER.finditer(text):
        if match["tail"] or (found and match.start() < found[-1].inner):  # a locant, the exponent of a unit
            continue
        if match["word"] or match["korean"]:
            word = (match["word"] or match["korean"]).lower()
            value, in_words = float(NUMBER_WORDS.get(word, _KOREAN_WORDS.get(word, 0))), True
        else:
            value, in_words = float((match["sign"] or "") + match["digits"].replace(",", "")), False
        unit = lexicon.unit_at(text, match.end())
        inner = unit[0] if unit else match.end()
        odd = None
        if unit is None:
            if not in_words and _STUCK_LETTERS.match(text, match.end()):
                strange = lexicon.odd_unit_at(text, match.end())
                if strange is None:  # "2D", "10x": part of a name
                    continue
            strange = lexicon.odd_unit_at(text, match.end())
            odd = strange["odd"] if strange and not in_words else None
            if odd and strange and lexicon.is_compound_unit(odd):  # "kg/mol": not usual here, but a unit all the same
                unit, inner, odd = (strange.end(), odd), strange.end(), None
        found.append(_Figure(match.start(), match.end(), value, inner, unit[1] if unit else None, odd, in_words))
    return found


def _pair(text: str, one: _Figure, two: _Figure, floor: int) -> NumberTag | None:
    """The two figures as one range, tolerance or neighbourhood; ``None`` if they are two numbers."""
    gap = text[one.inner : two.start]
    opened = _OPENS_RANGE.search(text, max(floor, one.start - 60), one.start)
    start = opened.start() if opened else one.start
    if _PLUS_MINUS.fullmatch(gap):
        return _tolerance(text, one, two, floor)
    within = _WITHIN.search(text, max(floor, one.start - 20), one.start)
    if within and _OF.fullmatch(gap):
        return replace(_tolerance(text, two, one, floor), start=within.start(), end=two.inner, inner=two.inner)
    joined = _JOINS.fullmatch(gap)
    if joined is None:
        return None
    closes = _CLOSES_KOREAN.match(text, two.inner)
    if joined["and"] and not (opened and opened["open"].lower() != "from") and not closes:
        return None
    if joined["and"] == "," and opened and "[" not in opened[0] and "(" not in opened[0]:
        return None
    if lexicon.after(text, two.inner) and "이" in text[two.inner : two.inner + 3] and not joined["dash"]:
        return None
    end = closes.end() if closes else two.inner
    if text[end : end + 1] in ("]", ")") and opened and opened[0].rstrip().endswith(("[", "(")):
        end += 1
    low, high = sorted((one.value, two.value))
    return NumberTag(
        start=start,
        end=end,
        inner=two.inner,
        relation="unusable" if opened and opened["not"] else "between",
        low=low,
        high=high,
        unit=two.unit or one.unit,
        odd=two.odd,
        in_words=one.in_words and two.in_words,
    )


def _tolerance(text: str, centre: _Figure, width: _Figure, floor: int) -> NumberTag:
    relative = width.unit == "percent" and centre.unit != "percent"
    reach = abs(centre.value) * width.value / 100 if relative else width.value
    comparator = lexicon.before(text[floor : centre.start])
    start = floor + comparator[0] if comparator and comparator[1] in ("==", "about") else centre.start
    return NumberTag(
        start=start,
        end=max(centre.inner, width.inner),
        inner=max(centre.inner, width.inner),
        relation="between",
        low=centre.value - reach,
        high=centre.value + reach,
        unit=centre.unit or (None if relative else width.unit),
        odd=None if relative else (width.odd if width.end > centre.end else centre.odd),
    )


def _single(text: str, figure: _Figure, floor: int) -> NumberTag:
    tag = NumberTag(
        start=figure.start,
        end=figure.inner,
        inner=figure.inner,
        relation="bare",
        low=figure.value,
        high=figure.value,
        unit=figure.unit,
        odd=figure.odd,
        in_words=figure.in_words,
    )
    flipped = lexicon.SYMBOL_AFTER.match(text, figure.inner)
    if flipped:
        said = lexicon.before(f"{flipped['symbol']}")
        relation = lexicon.FLIPPED[said[1]] if said else "bare"
        return replace(tag, relation=relation, end=flipped.end(), flipped=True)
    if comparator := lexicon.before(text[floor : figure.start]):
        tag = replace(tag, start=floor + comparator[0], relation=comparator[1])
    # "at most 3 or fewer" says one thing twice; "약 400 이하" is a bound.
    if tag.relation in ("bare", "about") and (behind := comparator_after(text, figure.inner)):
        tag = replace(tag, end=behind[0], relation=behind[1], odd=None)
    return tag


def comparator_after(text: str, at: int) -> tuple[int, Bound] | None:
    """A comparator that follows a number and is not the start of the next ("3 donors at most 5 acceptors")."""
    behind = lexicon.after(text, at)
    if behind is None:
        return None
    opens_the_next = re.match(r"\s*[am]", text[at:], re.IGNORECASE)  # "at most", "max", which also stand in front
    if opens_the_next and re.match(r"\s*(?:of\s*)?[-+]?\d", text[behind[0] :]):
        return None
    return behind
