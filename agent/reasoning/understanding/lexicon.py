"""The words of bounds: comparators in English and Korean, and units as people write them."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from agent.errors import InputError
from agent.records import Relation
from agent.units import parse_unit

Bound = Relation | Literal["about", "bare", "unusable"]
"""What an expression says of its number: a relation, nearness, nothing, or something no constraint can hold."""

FLIPPED: dict[str, Relation] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "=="}
"""The same statement read from the other side (``2 < logP``)."""

NEGATED: dict[str, Relation] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}
"""What "not" makes of a relation ("no more than")."""

_CORE: tuple[tuple[Relation | Literal["about"], str], ...] = (
    # "or equal" forms come first, so that the longest wording wins.
    ("<=", r"(?:less|lower|smaller|fewer) than or equal to|(?:below|under) or equal to|≤|<=|=<"),
    (">=", r"(?:greater|more|higher|larger) than or equal to|(?:above|over) or equal to|≥|>=|=>"),
    ("<=", r"at (?:the )?most|up to|(?:an? )?(?:maximum|max\.?|maximal|upper (?:limit|bound))(?: value)?(?: of|:)?"),
    ("<=", r"limited to|capped at|restricted to|as (?:high|large|many) as|not to exceed"),
    (">=", r"at (?:the )?(?:very )?least|(?:an? )?(?:minimum|min\.?|minimal|lower (?:limit|bound))(?: value)?(?: of"
           r"|:)?"),
    (">=", r"upwards? of|starting (?:at|from)|as (?:low|few|small) as"),
    ("<", r"(?:less|fewer|lower|smaller|shorter|lighter) than|below|under|beneath|<"),
    (">", r"(?:more|greater|higher|larger|bigger|longer|heavier|better) than|above|over|beyond|exceed(?:s|ing)?"
          r"|surpass(?:es|ing)?|>"),
    ("about", r"about|around|approximately|approx\.?|roughly|nearly|near|close to|circa|ca\.?|~|≈|약|대략"),
    ("==", r"exactly|precisely|equal to|equals?|==?|정확히"),
    ("<=", r"최대(?:로)?"),
    (">=", r"최소(?:한)?|적어도"),
)  # fmt: skip

_NOT = (
    r"(?:(?:must|should|may|can|do|does|shall|will|is|are)\s*(?:not|n't)|cannot|can't|don't|doesn't|mustn't|shouldn't"
    r"|isn't|not|never|no|without)"
)
_BETWEEN_NOT_AND_WORD = r"\s+(?:(?:be|go|get|have|fall|drop|rise|climb|any|ever|to|at|of|a|value|values)\s+){0,3}"

BEFORE = re.compile(
    rf"(?:(?<![A-Za-z])|(?=[<>=≤≥~≈]))(?P<not>{_NOT}{_BETWEEN_NOT_AND_WORD})?"
    rf"(?:{'|'.join(f'(?P<b{i}>{pattern})' for i, (_, pattern) in enumerate(_CORE))})"
    r"\s*(?:an?\s+|the\s+|value\s+|values\s+|of\s+)*$",
    re.IGNORECASE,
)
"""A comparator that ends where a number begins."""

UNUSABLE_BEFORE = re.compile(r"(?:≠|!=|<>|not equal to|other than|except|n't equal)\s*$", re.IGNORECASE)
"""Exclusions of a single value, which a constraint cannot hold."""

_AFTER: tuple[tuple[Bound, str], ...] = (
    ("<=", r"\s*(?:(?:,\s*)?(?:or|and) (?:less|lower|fewer|below|under|smaller|shorter)\b|at (?:the )?most\b"
           r"|max(?:imum|\.)?(?![A-Za-z])|at maximum\b)"),
    (">=", r"\s*(?:(?:,\s*)?(?:or|and) (?:more|greater|higher|above|over|better|larger|up|upwards?|longer)\b"
           r"|at (?:the )?(?:very )?least\b|min(?:imum|\.)?(?![A-Za-z])|at minimum\b|\+(?![\d/-]))"),
    ("about", r"\s*or so\b"),
    ("<=", r"\s*(?:을|를|은|는|이|가)?\s*(?:이하|이내|넘지\s*(?:않|못|말|마|아)|초과하지\s*(?:않|못|말|마|아))"),
    ("<=", r"\s*보다\s*(?:크지|높지|많지|무겁지|길지)\s*(?:않|못|말)"),
    (">=", r"\s*보다\s*(?:작지|낮지|적지|가볍지|짧지)\s*(?:않|못|말)"),
    (">=", r"\s*(?:은|는|이|가)?\s*이상"),
    ("<", r"\s*(?:미만|보다\s*(?:더\s*)?(?:작|낮|적|가벼|가볍|짧|아래))"),
    (">", r"\s*(?:초과|(?:을|를)?\s*(?:넘|초과)|보다\s*(?:더\s*)?(?:크|큰|커|높|많|무거|무겁|길|긴|위))"),
    ("about", r"\s*(?:정도|내외|안팎|근처|쯤|가량)"),
    ("<=", r"\s*까지"),
    (">=", r"\s*부터"),
)  # fmt: skip

AFTER = re.compile("|".join(f"(?P<a{i}>{pattern})" for i, (_, pattern) in enumerate(_AFTER)), re.IGNORECASE)
"""A comparator that begins where a number (with its unit) ends."""

SYMBOL_AFTER = re.compile(r"\s*(?P<symbol><=|>=|=<|=>|≤|≥|<|>)(?=\s*[^\s\d.<>=+-])")
"""A comparison sign between a number and the word on its right (``2 < logP``)."""


def before(text: str) -> tuple[int, Bound] | None:
    """The comparator at the end of a text.

    Args:
        text: What stands before a number.

    Returns:
        Where the comparator starts and what it says; ``None`` if there is none.
    """
    window = max(0, len(text) - 60)
    if unusable := UNUSABLE_BEFORE.search(text, window):
        return unusable.start(), "unusable"
    match = BEFORE.search(text, window)
    if match is None:
        return None
    index = next(i for i in range(len(_CORE)) if match[f"b{i}"])
    relation: Bound = _CORE[index][0]
    if match["not"]:
        relation = NEGATED.get(relation, "unusable")
    return match.start(), relation


def after(text: str, at: int) -> tuple[int, Bound] | None:
    """The comparator that starts at an offset.

    Returns:
        Where the comparator ends and what it says; ``None`` if there is none.
    """
    match = AFTER.match(text, at)
    if match is None:
        return None
    index = next(i for i in range(len(_AFTER)) if match[f"a{i}"])
    return match.end(), _AFTER[index][0]


COUNTED = "count"
"""Unit of things that are counted (bases, residues, items): a pure number for counts, wrong for anything else."""

THOUSANDS = "kilocount"
"""Thousands of things that are counted (kb)."""

_UNITS: tuple[tuple[str, str], ...] = (
    ("g/mol", r"g\s?/\s?mol|g\s?[·*]?\s?mol(?:\^|\*\*)?-1|g\s?[·*]?\s?mol⁻¹|daltons?|Da|amu|달톤"),
    ("kilodalton", r"kDa|kilodaltons?"),
    ("angstrom**2", r"(?:Å|A|Ang|angstroms?)\s?(?:²|\^2|\*\*2|2)|square angstroms?|angstroms? squared"),
    ("angstrom**3", r"(?:Å|A|Ang|angstroms?)\s?(?:³|\^3|\*\*3|3)|cubic angstroms?"),
    ("eV/atom", r"eV\s?/\s?atom|eV per atom"),
    ("meV/atom", r"meV\s?/\s?atom|meV per atom"),
    ("eV/angstrom", r"eV\s?/\s?(?:Å|A|angstrom)"),
    ("kJ/mol", r"kJ\s?/\s?mol"),
    ("kcal/mol", r"kcal\s?/\s?mol"),
    ("angstrom", r"Å|angstroms?|옹스트롬"),
    ("g/cm**3", r"g\s?/\s?(?:cm\s?(?:³|\^3|\*\*3|3)|cc|mL|ml)|g\s?[·*]?\s?cm(?:\^|\*\*)?(?:-3|⁻³)"),
    ("kg/m**3", r"kg\s?/\s?m\s?(?:³|\^3|\*\*3|3)"),
    ("mg/mL", r"mg\s?/\s?m[Ll]"),
    ("mg/L", r"mg\s?/\s?[Ll]"),
    ("µg/mL", r"[µu]g\s?/\s?m[Ll]"),
    ("g/L", r"g\s?/\s?[Ll]"),
    ("log_molar", r"log\s?\(?mol/L\)?|logM|log M"),
    ("mol/L", r"mol\s?/\s?[Ll]"),
    ("1", r"log units?"),
    ("meV", r"meV"),
    ("eV", r"eV|electron ?volts?"),
    ("gigapascal", r"GPa|gigapascals?"),
    ("megapascal", r"MPa"),
    ("kilopascal", r"kPa"),
    ("pascal", r"Pa"),
    ("megabar", r"Mbar|megabars?"),
    ("kilobar", r"kbar|kilobars?"),
    ("bar", r"bar"),
    ("volt", r"V|volts?|볼트"),
    ("mA*hour/g", r"mA\s?h\s?/\s?g|mA\s?h\s?[·*]?\s?g(?:\^|\*\*)?(?:-1|⁻¹)"),
    ("nM", r"nM|nanomolar"),
    ("µM", r"[µu]M|micromolar"),
    ("mM", r"mM|millimolar"),
    ("pM", r"pM"),
    ("degC", r"°\s?C|℃|degC|degrees? C(?:elsius)?|celsius|C|섭씨|도(?=\s|이|에|$|[,.])"),
    ("degF", r"°\s?F"),
    ("kelvin", r"K|kelvins?"),
    ("degree", r"°|degrees?"),
    ("percent", r"%|percent|per cent|퍼센트|프로"),
    ("hour", r"hours?|hrs?|h|시간"),
    ("minute", r"minutes?|mins|분(?!자|율|석)"),
    ("second", r"seconds?|secs?|s|초(?!과)"),
    ("day", r"days?|일(?=\s|이|$)"),
    (THOUSANDS, r"kbp|kb|kilobases?"),
    (COUNTED, r"bp|base[ -]?pairs?|nucleotides?|nt|bases|amino[ -]acids?|aa|residues|codons|mers?|염기쌍?|아미노산"),
    ("nanometer", r"nm"),
    ("micrometer", r"µm"),
    ("millimeter", r"mm"),
    ("molar", r"M"),
    (COUNTED, r"개|종류?|가지|건"),
)  # fmt: skip

_UNIT = re.compile(
    r"(?P<space>\s?-?)(?:"
    + "|".join(f"(?P<u{i}>{pattern})" for i, (_, pattern) in enumerate(_UNITS))
    + r")(?![A-Za-z0-9/^]|-[A-Za-z])"
)
_ODD_UNIT = re.compile(r"\s?(?P<odd>[^\W\d_]*[/^·²³⁻°][\w/^·²³⁻¹-]*|[A-Za-z]{3,})")


def unit_at(text: str, at: int) -> tuple[int, str] | None:
    """The unit that starts at an offset, after at most one space.

    Returns:
        Where it ends and its spelling for `agent.units` (or `COUNTED`, `THOUSANDS`); ``None`` if there is none.
    """
    match = _UNIT.match(text, at)
    if match is None:
        return None
    if match["space"] == "-" and match.end() - at < 3:  # "3-C" is a locant, "20-mer" a length
        return None
    return match.end(), _UNITS[next(i for i in range(len(_UNITS)) if match[f"u{i}"])][0]


@cache
def is_compound_unit(text: str) -> bool:
    """Whether something written behind a number is a quotient or power of units that `agent.units` knows.

    A plain word is none, though a unit of that name may exist ("rings", "drops").
    """
    if not re.search(r"[/^·²³⁻]", text):
        return False
    try:
        parse_unit(text)
    except InputError:
        return False
    return True


def odd_unit_at(text: str, at: int) -> re.Match[str] | None:
    """Something after a number that looks like a unit and is none of the known spellings (group ``odd``)."""
    return _ODD_UNIT.match(text, at)
