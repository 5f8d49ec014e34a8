"""Which columns of a table a goal names, and which of them it wants explained."""

from __future__ import annotations

import re

from agent.reasoning.understanding.elements import NAMES

_SEPARATORS = re.compile(r"[\s_/()\[\]{}%,.;:-]+")
_UNIT_WORDS = """
m cm mm km um nm g t ha pct kg mg ug l ml ppm ppb wt vol mol mmol umol permil percent c k degc s h d yr ka ma
pa kpa mpa gpa v mv ev us ms na mg/l ug/l meq ntu psu ca molmol mah ma a cm2 cm3 n gf hz db at x
"""
_UNITS = frozenset(_UNIT_WORDS.split())
_EMPTY = """
mean total value values content level levels amount sample samples test number average measured initial final rate
ratio time data type with from after before high
"""
_EMPTY_WORDS = frozenset(_EMPTY.split())
"""Words of columns' names that say too little to stand for a column."""

_SHORT: tuple[tuple[str, str], ...] = (
    (r"(?:vickers |micro|nano)?hardness|hard(?:er|est)|vickers\w*", r"hv|hrc|hrb|hb|hk|hit"),
    (r"band ?gaps?", r"eg|gap|bandgap"),
    (r"(?:power conversion )?efficienc\w+", r"pce"),
    (r"capacit(?:y|ies)", r"q|cap"),
    (r"coulombic efficiency", r"ce"),
    (r"yield strength", r"ys|rp0|sigma y"),
    (r"(?:ultimate )?tensile strength", r"uts|rm"),
    (r"surface area", r"bet|ssa|sbet"),
    (r"organic carbon", r"soc|toc|doc"),
    (r"dissolved oxygen", r"do"),
    (r"turbidity", r"ntu"),
    (r"conductivity", r"ec|sigma"),
    (r"temperature", r"t|temp"),
    (r"overpotential", r"eta|eta10"),
    (r"open[- ]circuit voltage", r"voc"),
    (r"fill factor", r"ff"),
    (r"nitrates?", r"no3"),
    (r"nitrites?", r"no2"),
    (r"ammoni(?:um|a)", r"nh4|nh3|tan"),
    (r"phosphates?", r"po4|srp"),
    (r"sul(?:ph|f)ates?", r"so4"),
    (r"chlorides?", r"cl"),
    (r"(?:bi)?carbonates?", r"hco3|co3"),
    (r"salinity", r"sal"),
)
"""What goals call a quantity, and how tables shorten it."""


def mentioned(text: str, columns: list[str]) -> list[str]:
    """The columns that a text names, by their name without its unit, in the order of the text."""
    plain = f" {_SEPARATORS.sub(' ', _spelt(text))} "
    found: list[tuple[int, str]] = []
    for column in columns:
        words = [word for word in _SEPARATORS.split(_spelt(column)) if word]
        for size in range(len(words), 0, -1):
            stem = " ".join(words[:size])
            if size < len(words) and words[size] not in _UNITS:
                continue
            if len(stem) == 1 and not re.search(rf"(?<![\w-]){re.escape(column[0])}(?![\w'-])", text):
                continue  # a single letter is a name in its own case alone ("U", not the u of "can u")
            match = re.search(rf"(?<![a-z0-9]){re.escape(stem)}s?(?![a-z0-9])", plain)
            if match:
                found.append((match.start(), column))
                break
    held = {column for _, column in found}
    found += _by_short_name(plain, [column for column in columns if column not in held])
    held = {column for _, column in found}
    found += _by_one_word(plain, columns, held)
    return [column for _, column in sorted(found)]


def mention_spans(text: str, columns: list[str]) -> list[tuple[str, int, int]]:
    """Every place where a text names a column: by its name, shortened or spelt out, or by a telling word.

    Args:
        text: The goal's text.
        columns: Names of columns.

    Returns:
        Column, start and end in the text, in its order; the longest name wins where several begin in one place.
    """
    words = {column: [word for word in _SEPARATORS.split(column) if word] for column in columns}
    empty = _EMPTY_WORDS | _UNITS
    telling = {column: {w for w in own if len(w) > 3 and w.lower() not in empty} for column, own in words.items()}
    found: list[tuple[int, int, str]] = []
    for column, own in words.items():
        stems = [own[:size] for size in range(len(own), 0, -1) if size == len(own) or own[size].lower() in _UNITS]
        patterns = [(r"[\s_/.-]*".join(map(re.escape, stem)), sum(map(len, stem)) < 3) for stem in stems]
        first = own[0].lower() if own else ""
        patterns += [(long, False) for long, short in _SHORT if re.fullmatch(rf"(?:{short})\d*", first)]
        if own and (alone := re.match(r"[A-Za-z]+(?=\d)", own[0])):  # HV of HV0.3
            patterns.append((alone[0], True))
        others = {w.lower() for other, more in telling.items() if other != column for w in more}
        patterns += [(re.escape(word), False) for word in telling[column] if word.lower() not in others]
        for pattern, cased in patterns:
            flags = 0 if cased else re.IGNORECASE
            for match in re.finditer(rf"(?<![A-Za-z0-9])(?:{pattern})s?(?![A-Za-z0-9])", text, flags):
                found.append((match.start(), match.end(), column))
    found.sort(key=lambda one: (one[0], -one[1]))
    kept: list[tuple[int, int, str]] = []
    for one in found:
        if not kept or one[0] >= kept[-1][1]:
            kept.append(one)
    return [(column, start, end) for start, end, column in kept]


def _by_short_name(plain: str, columns: list[str]) -> list[tuple[int, str]]:
    """Columns whose name shortens a quantity that the text spells out ("hardness": HV0.3)."""
    found = []
    for column in columns:
        first = next((word for word in _SEPARATORS.split(_spelt(column)) if word), "")
        for words, short in _SHORT:
            match = re.search(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])", plain)
            if match and re.fullmatch(rf"(?:{short})\d*", first):
                found.append((match.start(), column))
                break
    return found


def _by_one_word(plain: str, columns: list[str], held: set[str]) -> list[tuple[int, str]]:
    """Columns of which the text has one telling word that no other column has ("capacity": discharge capacity)."""
    words = {
        column: {word for word in _SEPARATORS.split(_spelt(column)) if len(word) > 3} - _EMPTY_WORDS - _UNITS
        for column in columns
    }
    found = []
    for column, own in words.items():
        others = set().union(*(more for other, more in words.items() if other != column))
        spots = [
            match.start()
            for word in own - others
            if column not in held and (match := re.search(rf"(?<![a-z0-9]){re.escape(word)}s?(?![a-z0-9])", plain))
        ]
        if spots:
            found.append((min(spots), column))
    return found


_ELEMENT_NAMES = sorted((name for name in NAMES if name.isascii() and name != "lead"), key=len, reverse=True)


def _spelt(text: str) -> str:
    text = re.sub(
        rf"\b(?:{'|'.join(_ELEMENT_NAMES)})\b", lambda match: f"{match[0]} {NAMES[match[0].lower()]}", text, flags=re.I
    )
    return (
        text.lower().replace("δ", "d").replace("¹⁸", "18").replace("¹³", "13").replace("‰", "permil").replace("µ", "u")
    )


_EXPLAINED = re.compile(
    r"(?:controls?|drives?|influences?|affects?|explains?|governs?|determines?|behind|causes?|좌우)\s+(?:the\s+)?"
    r"(?:(?:variations?|variability|scatter|changes?|differences?|spread|level|amount|concentration)\s+(?:of|in)\s+)?"
    r"(?:(?:the|total|dissolved|measured)\s+)*(?P<what>[\w/]+(?:\s[\w/]+)?)"
    r"|(?P<passive>[\w/]+)\s+(?:is\s+|are\s+)?(?:controlled|driven|explained|governed|caused|determined|influenced)\b"
    r"|\b(?:is|are|does|do)\s+(?:the\s+)?(?P<subject>[\w/]+(?:\s[\w/]+)?)(?:\s+(?:in|of|from)\s[\w\s]{1,25}?)?\s+(?:content\s+|concentrations?\s+)?(?:controlled|driven|depend\w*|follow|explained)",
    re.IGNORECASE,
)


_CAUSES = re.compile(
    r"\b(?:correct|control|adjust|account)\w* for\s+(?:the\s+)?(?P<for>[\w/]+(?:\s[\w/]+)?)|"
    r"\b(?:controlled|driven|explained|governed|caused|determined"
    r"|influenced) by\s+(?:the\s+)?(?P<what>[\w/]+(?:\s[\w/]+)?)"
    r"|\b(?:depends?|follows?) (?:on\s+)?(?:the\s+)?(?P<other>[\w/]+)"
    r"|\b(?:against|as a function of|over|after|during|along|per)\s+(?:the\s+)?(?:\d[\d.]*\s+)?(?P<along>[\w/]+)",
    re.IGNORECASE,
)


_DESCRIBED = re.compile(
    r"(?P<what>[\w/]+(?:\s[\w/]+)?)\s+(?:has|have|contains?|with)\s+(?:some\s+|a few\s+|many\s+)?"
    r"(?:non-?\s?detects?|nds?\b|missing|gaps|values below|blanks?\b|censored)",
    re.IGNORECASE,
)
"""What is only said of a column ("Pb has nondetects"), which asks nothing of it."""


def outcomes_of(text: str, asked: list[str]) -> list[str]:
    """The columns to be explained: those that the wording calls the effect, else all that are named."""
    causes = {
        column
        for match in _CAUSES.finditer(_spelt(text))
        for column in mentioned(match["for"] or match["what"] or match["other"] or match["along"], asked)
    }
    told = {column for match in _DESCRIBED.finditer(_spelt(text)) for column in mentioned(match["what"], asked)}
    if told and not (asked := [column for column in asked if column not in told]):
        return []
    asked = [column for column in asked if column not in causes] or asked
    for match in _EXPLAINED.finditer(_spelt(text)):
        words = match["what"] or match["passive"] or match["subject"] or ""
        if named := mentioned(words, asked):
            others = [column for column in asked if column not in named]
            # "does Mg/Ca agree?": a column that is asked about besides is an outcome too, unless it is the cause.
            return [*named, *(one for one in others if re.search(r"agree|also|as well", text, re.IGNORECASE))][:4]
    return asked[:4]
