"""Numbers of a text with their units, and whether two are the same amount (298 K and 25 °C, 0.8 nM and 800 pM)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

# Of each unit: what it is made of (kind and exponent), and its size in the kind's own unit.
_BASES: dict[str, tuple[dict[str, int], float]] = {
    "m": ({"length": 1}, 1.0), "Å": ({"length": 1}, 1e-10), "g": ({"mass": 1}, 1.0), "s": ({"time": 1}, 1.0),
    "min": ({"time": 1}, 60.0), "h": ({"time": 1}, 3600.0), "mol": ({"mol": 1}, 1.0), "L": ({"length": 3}, 1e-3),
    "M": ({"mol": 1, "length": -3}, 1e3), "K": ({"temperature": 1}, 1.0), "J": ({"energy": 1}, 1.0),
    "eV": ({"energy": 1}, 1.602e-19), "cal": ({"energy": 1}, 4.184), "Wh": ({"energy": 1}, 3600.0),
    "N": ({"force": 1}, 1.0), "W": ({"power": 1}, 1.0), "V": ({"voltage": 1}, 1.0), "A": ({"current": 1}, 1.0),
    "Ah": ({"current": 1, "time": 1}, 3600.0), "S": ({"conductance": 1}, 1.0), "Ω": ({"conductance": -1}, 1.0),
    "F": ({"capacitance": 1}, 1.0), "T": ({"field": 1}, 1.0), "Pa": ({"pressure": 1}, 1.0), "Hz": ({"time": -1}, 1.0),
    "bar": ({"pressure": 1}, 1e5), "atm": ({"pressure": 1}, 101_325.0), "Da": ({"molar mass": 1}, 1.0),
    "bp": ({"bases": 1}, 1.0), "%": ({"share": 1}, 1.0), "ppm": ({"share": 1}, 1e-4), "ppb": ({"share": 1}, 1e-7),
    "IU": ({"units": 1}, 1.0), "rpm": ({"turns": 1}, 1.0), "fold": ({"fold": 1}, 1.0), "cycle": ({"cycles": 1}, 1.0),
    "EUR": ({"money": 1}, 1.0), "USD": ({"money": 1}, 1.0),
}  # fmt: skip
_PREFIXES = {"f": 1e-15, "p": 1e-12, "n": 1e-9, "µ": 1e-6, "m": 1e-3, "c": 1e-2, "d": 0.1, "k": 1e3, "M": 1e6, "G": 1e9}
_UNPREFIXED = ("min", "h", "Å", "atm", "%", "ppm", "ppb", "IU", "rpm", "fold", "cycle", "EUR", "USD")
_WORDS = {
    "percent": "%", "second": "s", "sec": "s", "minute": "min", "hour": "h", "hr": "h", "time": "fold", "l": "L",
    "litre": "L", "liter": "L", "€": "EUR", "$": "USD", "ohm": "Ω", "degC": "°C", "℃": "°C",
    "회": "cycle", "배": "fold",
}  # fmt: skip
_LONG_TIMES = {
    "day": 86_400.0, "week": 604_800.0, "month": 2_629_800.0, "year": 31_557_600.0,
    "일": 86_400.0, "주": 604_800.0, "개월": 2_629_800.0, "년": 31_557_600.0, "시간": 3600.0, "분": 60.0, "초": 1.0,
}  # fmt: skip
_MINUS = "-−⁻–"
_PREFIXABLE = "|".join(sorted((re.escape(u) for u in _BASES if u not in _UNPREFIXED), key=len, reverse=True))
_ATOM = (
    rf"(?:(?:wt|mol|vol|at)\.?\s?%|%|percent\b|°\s?C|℃|deg\s?C\b|[fpnµμmcdkMG]?(?:{_PREFIXABLE}|l)(?![A-Za-z])"
    r"|(?:Å|EUR|USD|min|h|hr|sec|atm|ppm|ppb|IU|rpm|ohm)(?![A-Za-z])"
    r"|(?:시간|개월|분|초|일|주|년|회|배)|(?:days?|weeks?|months?|years?|hours?|minutes?|seconds?|times|cycles?|litres?|liters?)\b|fold\b)"
)
_POWER = rf"(?:\^?[{_MINUS}]?\d(?![\d.,]\d|\d)|[⁻]?[¹²³])"
_UNIT = rf"{_ATOM}{_POWER}?(?:\s?[/·]\s?\(?{_ATOM}{_POWER}?\)?|\s?·?{_ATOM}\^?[{_MINUS}](?:\d|[¹²³]))*"
_NUMBER = re.compile(
    rf"(?<![\w.,{_MINUS}])(?:10(?P<ten>\^[-−]?\d{{1,2}}|−\d{{1,2}}(?!\d)|⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}})"
    r"|(?P<value>[-−]?\d+(?:,\d{3})+(?:\.\d+)?|[-−]?\d+(?:\.\d+)?)"
    rf"(?:\s*[×x·]\s*10\s*\^?\s*(?P<power>[-−]?\d+|⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)|e(?P<exponent>[-−+]?\d+))?)"
    rf"(?:-(?=fold))?\s?(?P<unit>{_UNIT})?"
)
_WHOLE = re.compile(_UNIT)
_FACTOR = re.compile(rf"(?P<over>/)?[\s·(]*(?P<atom>{_ATOM})(?P<power>{_POWER})?")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−", "0123456789--")
ROOM = (288.0, 303.0)
"""What counts as room temperature, in kelvins."""
_ROOM_SAID = re.compile(r"\b(?:room|ambient) temperature\b|\bRT\b|실온|상온")


@dataclass(frozen=True)
class Figure:
    """A number of a text with its unit ('' for none) as written, and where it stands."""

    value: float
    unit: str
    start: int
    end: int


class Amount(NamedTuple):
    """A figure in the own units of its kind; figures of one dimension can be compared."""

    dimension: tuple[tuple[str, int], ...]
    value: float


def figures(text: str) -> tuple[Figure, ...]:
    """The numbers of a text with their units; digits inside names (IL-6, C60) are not numbers.

    Args:
        text: Any text.
    """
    found = []
    for match in _NUMBER.finditer(text):
        end = match.end("value")
        after, beyond = text[end : end + 1], text[end + 1 : end + 2]
        power = match["ten"] or match["power"] or match["exponent"]
        if not match["unit"] and not power and (after.isalpha() or (after in ("-", "–") and beyond.isalpha())):
            continue  # the 4 of 4-fluorophenyl
        value = float((match["value"] or "1").replace(",", "").replace("−", "-"))
        if power:
            value *= 10.0 ** max(-300, min(300, int(power.translate(_SUPERSCRIPTS).lstrip("^"))))
        unit = re.sub(r"\s+", " ", match["unit"] or "").strip()
        unit = unit.replace("percent", "%").replace("℃", "°C").replace("° C", "°C").replace("μ", "µ")
        found.append(Figure(value, unit, match.start(), match.end()))
    return tuple(found)


@lru_cache(maxsize=1024)
def _size(unit: str) -> tuple[tuple[tuple[str, int], ...], float]:
    """The dimension of a unit, and its size."""
    kinds: dict[str, int] = {}
    size, last = 1.0, 0
    for match in _FACTOR.finditer(unit):
        last = match.end()
        made, part = _atom(match["atom"])
        written = (match["power"] or "1").replace("^", "").replace("–", "-")
        power = int(written.translate(_SUPERSCRIPTS)) * (-1 if match["over"] else 1)
        size *= part**power
        for kind, exponent in made.items():
            kinds[kind] = kinds.get(kind, 0) + exponent * power
    if last < len(unit.rstrip(") ")):
        return ((unit, 1),), 1.0
    return tuple(sorted((kind, exponent) for kind, exponent in kinds.items() if exponent)), size


def _atom(written: str) -> tuple[dict[str, int], float]:
    name = written.replace("μ", "µ").strip()
    if name.endswith("%"):
        return _BASES["%"]
    singular = name[:-1] if len(name) > 2 and name.endswith("s") else name
    if singular in _LONG_TIMES:
        return {"time": 1}, _LONG_TIMES[singular]
    name = _WORDS.get(singular, _WORDS.get(name, singular if singular == "cycle" else name))
    if name in _BASES:
        return _BASES[name]
    rest = _WORDS.get(name[1:], name[1:])
    if name[:1] in _PREFIXES and rest in _BASES:
        made, size = _BASES[rest]
        return made, _PREFIXES[name[0]] * size
    return {name: 1}, 1.0


def amount(figure: Figure) -> Amount:
    """A figure in the own units of its kind: kelvins, metres, seconds, moles a cubic metre."""
    if figure.unit in ("°C", "deg C", "degC"):
        return Amount((("temperature", 1),), figure.value + 273.15)
    dimension, size = _size(figure.unit)
    return Amount(dimension, figure.value * size)


def amounts(text: str) -> tuple[Amount, ...]:
    """All figures of a text that have a unit; room temperature, where it is said, as 295 K."""
    said = [amount(figure) for figure in figures(text) if figure.unit]
    if _ROOM_SAID.search(text):
        said.append(Amount((("temperature", 1),), sum(ROOM) / 2))
    return tuple(said)


def dimension_of(unit: str) -> tuple[tuple[str, int], ...]:
    """The dimension of a unit."""
    return amount(Figure(1.0, unit, 0, 0)).dimension


def is_unit(word: str) -> bool:
    """Whether a word is a unit (nM, MPa), and no name."""
    return _WHOLE.fullmatch(word) is not None


def same(one: Amount, other: Amount) -> bool:
    """Whether two amounts are the same as people write them: to 1 %, temperatures to 1 K or both of a room."""
    if one.dimension != other.dimension:
        return False
    if one.dimension == (("temperature", 1),):
        both_room = all(ROOM[0] <= each.value <= ROOM[1] for each in (one, other))
        return both_room or abs(one.value - other.value) <= 1.0
    return math.isclose(one.value, other.value, rel_tol=0.01)
