"""Reading figures out of prose: decimals, signs, powers of ten, thousands, ranges, percentages, ±, and their units."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.errors import InputError
from agent.reasoning.grounding.masks import opaque
from agent.units import parse_unit

_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_MINUS = "-−–"
_POWER = r"10(?:\^\{?[+\-−]?\d+\}?|\*\*[+\-−]?\d+|[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[−-]\d+(?![\d.]))"

_NUMBER = re.compile(
    rf"""
    (?P<digits>
        \d{{1,3}}(?:,\d{{3}})+(?![\d,])(?:\.\d+)?            # 12,000
      | \d{{1,3}}(?:[\u202f\u2009]\d{{3}})+(?!\d)(?:\.\d+)?  # 12 000 with narrow spaces
      | \d+\.\d+ | \.\d+ | \d+
    )
    (?P<exponent>
        [eE][+\-−]?\d+(?![A-Za-z\d])
      | \s?[×x·*]\s?{_POWER}
    )?
    """,
    re.VERBOSE,
)
_LONE_POWER = re.compile(r"10(?:\^\{?[+\-−]?\d+\}?|[⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)")

_UNIT_WORDS = (
    "g kg mg µg μg ug ng Da kDa mol mmol µmol μmol umol nmol pmol M mM µM μM uM nM pM L mL µL μL uL nL l ml K eV meV "
    "keV GPa MPa kPa Pa bar mbar atm Å angstrom nm µm μm um mm cm s ms min h hour hours minute minutes second seconds "
    "day days week weeks bp aa V mV mA W mW J kJ kcal Hz kHz MHz ppm ppb % percent °C ℃ degC ° kb residues "
    "log_molar log(mol/L) Å2 Å3 Å² Å³ K/min rpm"
)
_UNITS = frozenset(_UNIT_WORDS.split())
_UNIT = re.compile(
    r"[\s\u00a0\u202f]?-?([%°℃A-Za-zµμÅΩ](?:[\w/·^*²³⁻¹%µμÅ]|\((?=[^\s)]*\)[^\s]*)[^\s)]*\)|[−-](?=\d))*)"
)
_TIMES = re.compile(r"\s?-?(?:fold|times|x|×|way|well|point|hour|day|min)\b")
_ATTACHED_WORD = re.compile(r"[A-Za-zµμÅ]+")


@dataclass(frozen=True)
class Figure:
    """A figure as written.

    Attributes:
        start: First character (the sign included).
        end: One past the last character of the number (its unit is not part of it).
        value: What it says.
        step: The size of the last digit shown: a value supports the figure if it rounds to it.
        unit: The unit that follows, as `agent.units` reads it, or ``None``.
        after_plus_minus: Whether it states an uncertainty.
    """

    start: int
    end: int
    value: float
    step: float
    unit: str | None = None
    after_plus_minus: bool = False

    def shows(self, value: float) -> bool:
        """Whether a value rounds to this figure at the digits shown."""
        return abs(value - self.value) <= 0.5 * self.step * (1 + 1e-9) + 1e-12 * abs(value)


def figures(text: str) -> list[Figure]:
    """Find the figures of a text.

    Args:
        text: Prose, in which identifiers, structures, citations, dates and list ordinals carry digits too.

    Returns:
        The figures, in order, without overlaps.
    """
    hidden = opaque(text)
    found: list[Figure] = []
    position = 0
    while position < len(text):
        match = _NUMBER.search(text, position)
        if match is None:
            break
        figure = None if _hidden(match, hidden) else _figure(text, match)
        if figure is not None:
            found.append(figure)
        position = match.end("digits") if figure is None else max(figure.end, match.end())
    return found


def _hidden(match: re.Match[str], hidden: list[tuple[int, int]]) -> bool:
    return any(start <= match.start() < end for start, end in hidden)


def _figure(text: str, match: re.Match[str]) -> Figure | None:
    start, end = match.span()
    digits = match["digits"]
    if digits.startswith(".") and start and (text[start - 1].isalnum() or text[start - 1] == "."):
        return None
    decimal = "." in digits
    sign, start = _sign(text, start)
    if not _free_before(text, start, end, decimal) or not _free_after(text, end):
        return None
    mantissa = float(re.sub(r"[,\u202f\u2009]", "", digits))
    step = 10.0 ** -len(digits.partition(".")[2]) if decimal else 1.0
    power = _LONE_POWER.match(text, match.start())
    if match["exponent"]:
        scale = 10.0 ** _exponent(match["exponent"])
        mantissa, step = mantissa * scale, step * scale
    elif power and power.end() > end:
        end = power.end()
        mantissa = 10.0 ** _exponent(power[0])
        step = mantissa
    return Figure(start, end, sign * mantissa, step, unit_after(text, end), _after_plus_minus(text, start))


def _exponent(text: str) -> int:
    plain = text.translate(_SUPERSCRIPT).replace("−", "-")
    after = re.split(r"[eE]|(?<=10)\^?\{?|10\*\*", plain.strip(), maxsplit=1)[-1]
    return int(re.sub(r"[^\d+\-]", "", after.removeprefix("**").removeprefix("^")))


def _sign(text: str, start: int) -> tuple[float, int]:
    """The sign before a number: a dash counts when nothing it could join stands before it."""
    if start == 0 or text[start - 1] not in _MINUS + "+":
        return 1.0, start
    before = text[start - 2] if start >= 2 else " "
    if not (before.isspace() or before in "([{=<>≤≥~≈,;:/±|"):
        return 1.0, start
    if text[start - 1] == "–" and re.search(r"\d\s*$", text[: start - 1]):
        return 1.0, start
    return (1.0 if text[start - 1] == "+" else -1.0), start - 1


def _free_before(text: str, start: int, end: int, decimal: bool) -> bool:
    """Whether the digits stand on their own, and are no part of an identifier such as ``COX-2``, ``c5`` or ``sp3``."""
    if start == 0:
        return True
    before = text[start - 1]
    if before.isalpha() or before == "_":
        word = re.search(r"[^\W\d]+$", text[:start])
        return decimal and not (word and word[0].lower() == "v")
    if before in "^*" or (before in _MINUS and text[start - 2 : start - 1] in ("^", "*")):  # a unit's exponent
        return False
    if before in ")]}" and start >= 2:
        return False
    if before == "." and start >= 2 and text[start - 2].isalnum():
        return False
    if before in _MINUS and start >= 2 and (text[start - 2].isalpha() or text[start - 2] in ")]'′"):
        return decimal or unit_after(text, end) in ("percent", "degC", "degree")
    return True


def _free_after(text: str, end: int) -> bool:
    """Whether letters that follow directly are a unit or a multiple, and not the rest of an identifier."""
    word = _ATTACHED_WORD.match(text, end)
    if word is None:
        return not text.startswith("_", end)
    return _TIMES.match(text, end) is not None or unit_after(text, end) is not None or word[0] in ("k", "percent")


def unit_after(text: str, end: int) -> str | None:
    """The unit that follows a number, if what follows is one.

    Args:
        text: The prose.
        end: One past the number's last character.

    Returns:
        A unit that `agent.units.parse_unit` reads, or ``None``. English words that happen to be units in some
        system (``in``, ``a``, ``as``) are words.
    """
    match = _UNIT.match(text, end)
    if match is None:
        return None
    written = match[1].rstrip(".,;:")
    for candidate in (written, re.split(r"[−-]", written)[0]):
        known = candidate in _UNITS or ("/" in candidate and candidate.split("/")[0] in _UNITS)
        if not known:
            continue
        spelled = {"°C": "degC", "℃": "degC", "%": "percent", "°": "degree", "l": "L", "ml": "mL"}.get(
            candidate, candidate
        )
        try:
            parse_unit(spelled)
        except InputError:
            continue
        return spelled
    return None


def _after_plus_minus(text: str, start: int) -> bool:
    return bool(re.search(r"(?:±|\+/-|\+/−)\s*$", text[max(0, start - 6) : start]))
