"""Crystals that a goal names: formulas, chemical systems, and site lists of a prototype."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from agent.reasoning.understanding.elements import ELEMENTS, NAMES
from agent.reasoning.understanding.text import Interval

_ELEMENT = "(?:" + "|".join(sorted(ELEMENTS, key=len, reverse=True)) + ")"
_AMOUNT = r"(?:\d+(?:\.\d+)?)?"
_FORMULA = re.compile(
    rf"(?<![\w.\-/])(?P<formula>(?:{_ELEMENT}{_AMOUNT}"
    rf"|\((?:{_ELEMENT}{_AMOUNT})+\){_AMOUNT}){{2,12}})(?![A-Za-z\d(\[=#]|-[A-Za-z]|\.\d)"
)
_SYSTEM = re.compile(
    rf"(?<![\w-])(?P<system>{_ELEMENT}(?:\s?-\s?{_ELEMENT}){{1,5}})(?![\w-])(?P<word>\s*(?:chemical |ternary "
    rf"|quaternary |binary )?(?:system|space|계|시스템|화학계|oxides?|compounds?|phases?|compositions?))?"
)
_LISTED = re.compile(
    rf"(?:elements?|compounds? of|compositions? (?:of|from|with)|made (?:of|from)|containing|system of"
    rf"|원소)\s*:?\s*(?P<list>(?:(?:{_ELEMENT}|{'|'.join(NAMES)})\b(?:\s*(?:,|and|&|,\s*and|와|과)\s*)?){{2,6}})"
)
_MEMBER = rf"{_ELEMENT}(?![a-z])(?!\s*(?:=|:|is\b|in\b|∈))"
_SITE = re.compile(
    rf"\b(?P<site>[ABXMCDERTQ]|Ln|RE|TM)(?:['’]{{0,2}})\s*(?:=|:|is|in|∈)\s*[\[({{]?"
    rf"(?P<list>{_MEMBER}(?:\s*(?:,|/|or|and|\|)\s*(?:or |and )?{_MEMBER})*)"
)
_MIXED = re.compile(
    rf"(?<![\w.\-/])(?P<generic>(?:(?:Ln|RE|TM|{_ELEMENT}|[AMXREDTQ])(?:\d+(?:\.\d+)?)?){{2,6}})(?![A-Za-z\d(])"
)
_GENERIC = re.compile(r"(?<!\w)(?P<generic>[ABXM](?:\d?[ABXMCO]\d?){1,4}|A2BX6|ABX3|ABO3|AB2O4|MX2|ABX)(?!\w)")
# Pairs of capitals that are compounds; any other word in capitals without a digit is an acronym (CNS, PCR, HIV).
_ALL_CAPITALS = frozenset({"BN", "BP", "VN", "VC", "WC", "KF", "KI", "YN", "UC", "UN"})
_OXIDATION = re.compile(rf"{_ELEMENT}\((?:I{{1,3}}|IV|VI{{0,3}})\)")
"""An element in an oxidation state ("Cr(VI)"), which is no vanadium iodide."""
PROTOTYPES = {
    "perovskite": r"perovskites?|페로브스카이트|페롭스카이트", "rocksalt": r"rock[ -]?salts?|암염",
    "spinel": r"spinels?|스피넬",
    "zincblende": r"zinc[ -]?blende|sphalerite|섬아연석", "wurtzite": r"wurtzites?|우르자이트",
    "fluorite": r"fluorites?|형석",
    "rutile": r"rutiles?|루틸", "olivine": r"olivines?|올리빈", "layered": r"layered oxides?|층상",
    "antifluorite": r"anti[ -]?fluorites?",
    "diamond": r"diamond structure", "caesium chloride": r"c(?:a)?esium chloride structure",
    "garnet": r"garnets?|가넷",
}  # fmt: skip


@dataclass(frozen=True)
class Formula:
    """A composition that a goal names."""

    start: int
    end: int
    formula: str


@dataclass(frozen=True)
class Compositions:
    """The crystals of a goal.

    Attributes:
        formulas: Compositions, as written or filled in from site lists.
        systems: Sets of elements to enumerate compositions from.
        prototypes: Structure types that it names.
        spans: Where all that stands.
    """

    formulas: tuple[Formula, ...]
    systems: tuple[tuple[str, ...], ...]
    prototypes: tuple[str, ...]
    spans: tuple[Interval, ...]


def find_compositions(text: str) -> Compositions:
    """Find formulas, chemical systems, prototypes and site lists.

    Args:
        text: Normalised goal text, with SMILES, sequences and paths masked.

    Returns:
        What it names. ``CNS`` or ``PCR`` are words, not formulas: without a digit or a lower-case letter only
        well-known compounds count.
    """
    systems: list[tuple[str, ...]] = []
    spans: list[Interval] = []
    for match in _SYSTEM.finditer(text):
        elements: tuple[str, ...] = tuple(dict.fromkeys(re.findall(_ELEMENT, match["system"])))
        if match["word"] or len(elements) >= 3:
            systems.append(elements)
            spans.append(match.span("system"))
    for match in _LISTED.finditer(text):
        named = re.findall(rf"{'|'.join(NAMES)}|{_ELEMENT}", match["list"])
        listed = tuple(dict.fromkeys(str(NAMES.get(word, word)) for word in named))
        if len(listed) >= 2:
            systems.append(listed)
            spans.append(match.span("list"))
    formulas = [
        Formula(match.start(), match.end(), match["formula"])
        for match in _FORMULA.finditer(text)
        if _is_formula(match["formula"]) and not any(s <= match.start() < e for s, e in spans)
    ]
    filled = _fill_sites(text, spans)
    prototypes = tuple(name for name, pattern in PROTOTYPES.items() if re.search(pattern, text, re.IGNORECASE))
    seen: dict[str, Formula] = {}
    for formula in (*formulas, *filled):
        seen.setdefault(formula.formula, formula)
    spans += [(formula.start, formula.end) for formula in seen.values()]
    return Compositions(tuple(seen.values()), tuple(dict.fromkeys(systems)), prototypes, tuple(spans))


def _is_formula(word: str) -> bool:
    if len(set(re.findall(_ELEMENT, word))) < 2 or _OXIDATION.fullmatch(word):
        return False
    if any(c.islower() for c in word):
        return True
    # "C6H6" and "H2O" are molecules; capitals with digits count only with a typical crystal-former.
    if any(c.isdigit() for c in word):
        elements = set(re.findall(_ELEMENT, word))
        return not elements <= {"C", "H", "O", "N", "S", "P", "F", "I"} and "H" not in elements
    return word in _ALL_CAPITALS


def _fill_sites(text: str, spans: list[Interval]) -> list[Formula]:
    """Formulas from a general formula and its site lists ("ABX3 with A = Cs, B = Pb or Sn", "XNiSn (X = Ti, Zr)")."""
    sites: dict[str, tuple[str, ...]] = {}
    for match in _SITE.finditer(text):
        sites[match["site"]] = tuple(dict.fromkeys(re.findall(_ELEMENT, match["list"])))
        spans.append(match.span())
    if not sites:
        return []
    letters = "|".join(sorted(sites, key=len, reverse=True))
    for match in (*_GENERIC.finditer(text), *_MIXED.finditer(text)):
        if match.start() > 0 and any(start <= match.start() < end for start, end in spans):
            continue
        # Where every letter of a general formula has a list, each is a place; beside elements, a listed letter is one.
        parts = re.findall(rf"({letters}|{_ELEMENT}|[A-Z])(\d+(?:\.\d+)?)?", match["generic"])
        places = [symbol for symbol, _ in parts if symbol in sites]
        others = [symbol for symbol, _ in parts if symbol not in sites]
        if not places or any(symbol not in ELEMENTS for symbol in others):
            continue
        made = []
        distinct = list(dict.fromkeys(places))
        for chosen in itertools.product(*(sites[letter] for letter in distinct)):
            filling = dict(zip(distinct, chosen, strict=True))
            formula = "".join(f"{filling.get(symbol, symbol)}{amount}" for symbol, amount in parts)
            made.append(Formula(match.start(), match.end(), formula))
        return made
    return []
