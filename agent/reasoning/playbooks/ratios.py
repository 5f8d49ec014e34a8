"""Reading the ratios of components that a formulation goal bounds ("a resin to pigment ratio of at least 2:1")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from agent.reasoning.understanding.text import later

_WORD = r"[A-Za-z가-힣][\w가-힣-]*"
_NO = (
    r"(?!(?:to|and|is|are|of|as|ratio|weight|mass|mixing|molar|mole|volume|below|above|over|under|at|no|not|less|more|up"
    r"|max|min|maximum|minimum|should|must|kept|stays?|staying|between|from|about)\b)"
)
_NAME = rf"{_WORD}(?:\s{_NO}{_WORD})?"
_MOST = r"at most|up to|no more than|not more than|less than|below|under|max(?:imum)?(?: of)?|<=?|≤"
_LEAST = r"at least|no less than|not less than|more than|above|over|min(?:imum)?(?: of)?|>=?|≥"
_NUMBER = r"\d+(?:\.\d+)?"
_SHARE = rf"{_NUMBER}(?:\s*:\s*{_NUMBER})?"
_BOUND = (
    rf"(?:\s*(?:of|is|are|=|should be|must be|kept|stays?|staying|be|that is|at)(?=[\s\d]))*\s*"
    rf"(?:(?:between|from)\s+(?P<least>{_SHARE})\s*(?:and|to|-|–)\s*(?P<most>{_SHARE})"
    rf"|(?P<side>{_MOST}|{_LEAST})?\s*(?P<value>{_NUMBER}(?:\s*(?::|to)\s*{_NUMBER})?))"
)
_KIND = r"(?P<kind>weight|mass|mixing|molar|mole|equivalents?|volume)?\s*"
_PATTERNS = (
    later(rf"(?P<a>{_NAME})\s*(?:\bto\b|-to-|:|/)\s*(?P<b>{_NAME})\s+{_KIND}ratio{_BOUND}"),
    later(
        rf"{_KIND}ratio\s+(?:of|between)\s+(?P<a>{_NAME})\s*(?:\bto\b|\band\b|\bover\b|:|/)\s*(?P<b>{_NAME}){_BOUND}",
    ),
    later(
        rf"(?P<a>{_WORD})\s*[:/]\s*(?P<b>{_WORD})(?P<kind>)(?=\s*(?:{_MOST}|{_LEAST}|=|between)){_BOUND}",
    ),
)
_TIMES = later(
    rf"(?:(?P<side>{_MOST}|{_LEAST})\s+)?(?P<times>twice|two times|three times|half|{_NUMBER}\s*(?:times|x))"
    rf"\s+as\s+much\s+(?P<a>{_NAME})\s+as\s+(?P<b>{_NAME})"
)
_FACTORS = {"twice": 2.0, "two times": 2.0, "three times": 3.0, "half": 0.5}
_ARTICLE = re.compile(r"^(?:.*\b(?:with|and|the|a|an|of|by)\s+)", re.IGNORECASE)


@dataclass(frozen=True)
class RatioWish:
    """A bound on the ratio of two components, and where the goal says so.

    Attributes:
        start: Where the words begin.
        end: Where they end.
        numerator: As the goal calls it.
        denominator: Likewise.
        low: The least ratio.
        high: The most.
        text: The goal's words.
        by_amount: Whether it is a ratio of moles or volumes, which fractions by mass do not tell.
    """

    start: int
    end: int
    numerator: str
    denominator: str
    low: float | None
    high: float | None
    text: str
    by_amount: bool = False


def find_ratios(text: str) -> tuple[RatioWish, ...]:
    """Find the ratios that a goal bounds.

    Args:
        text: Normalised goal text.

    Returns:
        Them in order, none that overlaps another.
    """
    found: list[RatioWish] = []
    for match in [*(m for pattern in _PATTERNS for m in pattern().finditer(text)), *_TIMES().finditer(text)]:
        name = _ARTICLE.sub("", match["a"])
        start = match.start("a") + len(match["a"]) - len(name) if match.start("a") == match.start() else match.start()
        if any(start < one.end and one.start < match.end() for one in found):
            continue
        low, high = _limits(match)
        kind = (match.groupdict().get("kind") or "").lower()
        other = _ARTICLE.sub("", match["b"])
        by_amount = kind.startswith(("mol", "equiv", "vol"))
        found.append(RatioWish(start, match.end(), name, other, low, high, text[start : match.end()], by_amount))
    return tuple(sorted(found, key=lambda one: one.start))


def as_ratios(wishes: Sequence[RatioWish], components: Sequence[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """The ratios as the tools take them, and what is to be said of those that cannot be used.

    Args:
        wishes: As found.
        components: Names of the components.
    """
    ratios, notes = [], []
    for wish in wishes:
        names = [_component(one, components) for one in (wish.numerator, wish.denominator)]
        if wish.by_amount:
            notes.append(f"I did not use '{wish.text}': fractions are by mass; give the ratio by mass.")
        elif None in names:
            unknown = wish.numerator if names[0] is None else wish.denominator
            notes.append(f"I did not use '{wish.text}': '{unknown}' is no component.")
        else:
            ratios.append({"numerator": names[0], "denominator": names[1], "low": wish.low, "high": wish.high})
    return ratios, notes


def _component(name: str, components: Sequence[str]) -> str | None:
    plain = name.strip().lower()
    for one in components:
        if one.lower() == plain:
            return one
    near = [one for one in components if plain in one.lower().split() or one.lower() in plain.split()]
    return near[0] if len(near) == 1 else None


def _limits(match: re.Match[str]) -> tuple[float | None, float | None]:
    given = match.groupdict()
    if given.get("least"):
        ends = sorted((_share(given["least"]), _share(given["most"])))
        return ends[0], ends[1]
    times = given.get("times")
    value = _share(given["value"]) if given.get("value") else _factor(times or "")
    side = given.get("side")
    if side is None:
        return value, value
    return (None, value) if re.fullmatch(_MOST, side, re.IGNORECASE) else (value, None)


def _share(text: str) -> float:
    """``3:2``, ``3 to 2`` or ``1.5`` as a number."""
    top, *rest = (float(one) for one in re.findall(_NUMBER, text))
    return top / rest[0] if rest and rest[0] else top


def _factor(text: str) -> float:
    plain = text.lower()
    return _FACTORS.get(plain) or float(re.findall(_NUMBER, plain)[0])
