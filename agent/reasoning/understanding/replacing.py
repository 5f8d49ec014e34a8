"""Substitutions in crystals that a goal asks for: which element goes out, which come in, and how much."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.reasoning.understanding.elements import LIST, symbols_of
from agent.reasoning.understanding.text import Interval, later

_SAID = re.compile(r"substitut|exchang|swap|replac|alloy|dop(?:e|ing)|도핑|첨가|고용|치환|대체|교체", re.IGNORECASE)
"""A word that every wording of a substitution has."""

_BY_FOR = later(
    rf"\b(?:substitut|exchang|swap|replac|alloy)(?:e|es|ed|ing|ion|ion of|ement of)?\s+"
    rf"(?:some\s+(?:of\s+)?|part\s+of\s+)?(?:the\s+)?(?P<one>{LIST})"
    rf"(?:\s+(?:in|of)\s+[^.;]{{1,40}}?)??\s+(?P<way>for|by|with|on)\s+(?P<two>{LIST})"
)
_PASSIVE = later(
    rf"(?P<out>{LIST})(?:[- ]?(?:site|atoms|ions|cations))?(?:\s+(?:in|of)\s+[^.;,]{{1,30}}?)?"
    rf"\s+(?:is|are|was|were|be|being|gets?)\s+(?:partially\s+|partly\s+|fully\s+)?"
    rf"(?:replaced|substituted|exchanged)\s+(?:with|by|for)\s+(?P<new>{LIST})"
)
_AMOUNT = (
    r"(?:(?:about |up to )?\d+(?:\.\d+)?(?:\s*(?:-|to)\s*\d+(?:\.\d+)?)?\s*(?:at\.?|mol\.?|atom)?\s?%\s*(?:of\s+)?)?"
)
_DOPED = later(
    rf"\b(?:dop(?:e|es|ed|ing)|alloy(?:ed|ing)?)\s+(?:of\s+)?[^.;,]{{0,40}}?\b(?:with|by)\s+{_AMOUNT}(?P<new>{LIST})"
    rf"|(?P<listed>{LIST})[- ](?:doped|doping|substituted|substitution|alloyed)"
    rf"|(?P<after>{LIST})\s*(?:를|을|로|으로)?\s*(?:\d+(?:\.\d+)?\s?(?:at|mol)?\.?\s?%(?:만큼|씩)?\s*)?(?:도핑|첨가|고용)"
)
_KOREAN = later(
    rf"(?P<out>{LIST})\s*(?:의\s*일부)?\s*(?:을|를)?\s*(?:일부\s*|부분\s*)?(?P<new>{LIST})\s*(?:으로|로)\s*"
    rf"(?:일부\s*|부분\s*|부분적으로\s*)?(?:치환|대체|교체)"
)
_OPEN = later(
    rf"\b(?:replac(?:e|ing|ements?)|substitut(?:e|es|ing|ions?))(?:\s+(?:of|for))?"
    rf"\s+(?:the\s+|toxic\s+)?(?P<out>{LIST})\b"
    rf"|(?P<ko>{LIST})\s*(?:을|를)\s*(?:대체|치환)"
)
_SHARE = re.compile(
    r"(?P<low>\d+(?:\.\d+)?)\s*(?:(?:-|~|to|,|and|부터)\s*(?P<high>\d+(?:\.\d+)?)\s*)?"
    r"(?:at\.?\s?%|atom(?:ic)?\s?(?:%|percent)|mol\.?\s?%|%(?!\s*(?:yield|power)))"
)

USUAL: dict[str, tuple[str, ...]] = {
    "Pb": ("Sn", "Ge"), "Co": ("Mn", "Fe", "Ni"), "Cd": ("Zn", "Mg"), "Tl": ("K", "Rb"), "Hg": ("Zn", "Cd"),
    "As": ("P", "Sb"), "Cr": ("Fe", "Al"), "V": ("Ti", "Nb"), "Be": ("Mg", "Zn"), "In": ("Ga", "Al"),
    "Ge": ("Si", "Sn"), "Ga": ("Al", "In"), "Ni": ("Mn", "Fe"), "Li": ("Na",), "Mg": ("Fe", "Mn"), "Ba": ("Sr", "Ca"),
}  # fmt: skip
"""Elements of like charge and size that are tried first where a goal does not say what comes in."""


@dataclass(frozen=True)
class Replacing:
    """A substitution.

    Attributes:
        out: The element that goes out; empty: whichever fits.
        new: The elements that come in.
        fractions: Shares of the replaced element; empty: not said.
        assumed: Whether what comes in is our choice.
        spans: Where it is said; numbers inside belong to it.
        text: The words.
    """

    out: str
    new: tuple[str, ...]
    fractions: tuple[float, ...]
    assumed: bool
    spans: tuple[Interval, ...]
    text: str


def find_replacing(text: str) -> Replacing | None:
    """Find the substitution that a goal asks for.

    Args:
        text: Normalised goal text with identifiers masked.

    Returns:
        It, or ``None``.
    """
    found = _named(text) if _SAID.search(text) else None
    if found is None:
        return None
    out, new, assumed, span = found
    share = _SHARE.search(text)
    spans: list[Interval] = [span]
    fractions: tuple[float, ...] = ()
    if share and not re.match(r"\s*(?:rh\b|humidity|porosity)", text[share.end() :], re.IGNORECASE):
        percents = [float(share["low"]), *([float(share["high"])] if share["high"] else [])]
        fractions = tuple(p / 100 for p in percents if 0 < p <= 100)
        spans.append(share.span())
    return Replacing(out, new, fractions, assumed, tuple(spans), text[span[0] : span[1]].strip())


def _named(text: str) -> tuple[str, tuple[str, ...], bool, Interval] | None:
    if match := _BY_FOR().search(text):
        one, two = symbols_of(match["one"]), symbols_of(match["two"])
        out, new = (
            (two, one)
            if match["way"].lower() in ("for", "on") and not match[0].lower().startswith("replac")
            else (one, two)
        )
        if out and new:
            return out[0], new, False, match.span()
    if match := _PASSIVE().search(text):
        return symbols_of(match["out"])[0], symbols_of(match["new"]), False, match.span()
    if match := _KOREAN().search(text):
        return symbols_of(match["out"])[0], symbols_of(match["new"]), False, match.span()
    if match := _DOPED().search(text):
        new = symbols_of(match["new"] or match["listed"] or match["after"])
        if new:
            return "", new, False, match.span()
    if match := _OPEN().search(text):
        out = symbols_of(match["out"] or match["ko"])
        if out and (new := USUAL.get(out[0], ())):
            return out[0], new, True, match.span()
    return None
