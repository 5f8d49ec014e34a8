"""What a goal says of experiments to be planned: factors with their settings, sizes of groups, plates, dilutions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from agent.reasoning.understanding.text import Interval, overlaps

_NUMBER = r"\d+(?:\.\d+)?"
_UNIT = r"(?:mol|wt|vol|at)\.?\s?-?%|[%°]\s?[CFK]?|℃|[A-Za-zµμ][\w·/^µμ%²³⁻-]{0,11}|도|시간|분|초"
_DASH = r"\s*(?:-|~|\.\.|to|에서|부터)\s*"
_RANGE = re.compile(
    rf"(?<![\w.-])(?P<low>{_NUMBER})\s*(?P<lower_unit>{_UNIT})??{_DASH}(?P<high>{_NUMBER})"
    rf"\s?(?P<unit>{_UNIT})?(?![\d.]*\d)"
)
_ITEM = r"[A-Za-z0-9가-힣](?:[\w가-힣+\-·./]*[\w가-힣+])?(?:\([^()]*\)[\w-]*)?(?: [A-Za-z][\w-]*)?"
_SEPARATOR = r"\s*(?:,|;|/|\bor\b|\band\b|\bvs\b\.?)\s*(?:or |and )?"
_LISTED = re.compile(
    rf"(?P<name>[A-Za-z가-힣][\w가-힣-]*(?: [A-Za-z가-힣][\w가-힣-]*){{0,2}})\s*"
    rf"(?:\(\s*(?P<items>{_ITEM}(?:{_SEPARATOR}{_ITEM})+)\s*\)"
    rf"|(?::\s|=\s?)\s*(?P<loose>{_ITEM}(?:{_SEPARATOR}{_ITEM}(?!\s*[\d(]))+))",
)
_LEVELS = re.compile(
    rf"(?P<name>[A-Za-z가-힣][\w가-힣-]*(?: [A-Za-z가-힣][\w가-힣-]*){{0,2}})\s*[(:=]?\s*"
    rf"(?P<values>{_NUMBER}(?:\s*(?:,|/|\bor\b|\band\b|및|또는)\s*(?:or "
    rf"|and )?{_NUMBER}){{2,7}})\s?(?P<unit>{_UNIT})?(?!\d)"
)
_EITHER = re.compile(
    r"(?P<name>[A-Za-z][\w-]*(?: [A-Za-z][\w-]*){0,2})\s*[(:=]?\s*(?P<items>yes\s?/\s?no|on\s?/\s?off|with\s?/"
    r"\s?without|present\s?/\s?absent|yes or no|with or without)\b",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(
    r"(?P<name>[A-Za-z가-힣][\w가-힣/-]*(?::[A-Za-z]\w*)?(?: [A-Za-z가-힣][\w가-힣/-]*){0,3})\s*[(\[:=]?\s*$"
)
_RATIO = re.compile(
    r"(?P<parts>[A-Z][A-Za-z0-9]*(?:\s*[/:]\s*[A-Z][A-Za-z0-9]*){1,5})\s+(?:molar |mass |weight |atomic )?"
    r"(?:ratios?|compositions?|stoichiometr\w+|비율|비)\b"
)
_PLACE = re.compile(r"(?:^|\s)(?:at|for|during|under|between|from|in)\s*$", re.IGNORECASE)
_BY_UNIT = {
    "temperature": ("°C", "° C", "℃", "K", "C", "°F", "도"),
    "time": ("min", "h", "s", "hours", "minutes", "hr", "시간", "분", "초"),
    "pressure": ("bar", "MPa", "kPa", "atm", "psi"),
    "speed": ("rpm",),
    "concentration": ("M", "mM", "µM", "uM", "g/L", "mg/L"),
}
"""What a range is of that follows "at" or "for", by its unit."""

_IN_ENGLISH = {"도": "°C", "시간": "h", "분": "min", "초": "s"}
_PROPORTION = re.compile(
    r"(?P<of>[A-Za-z][\w-]*)\s*[:/]\s*(?P<to>[A-Za-z][\w-]*)\s+(?:molar |mass )?ratio\s*(?:of|from|between|:|=)?\s*"
    rf"(?P<a>{_NUMBER})\s*:\s*(?P<b>{_NUMBER})\s*(?:to|-|and)\s*(?P<c>{_NUMBER})\s*:\s*(?P<d>{_NUMBER})",
    re.IGNORECASE,
)
_NOT_NAMES = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "of",
        "over",
        "for",
        "with",
        "in",
        "at",
        "by",
        "from",
        "between",
        "to",
        "on",
        "as",
        "vary",
        "varying",
        "varied",
        "change",
        "changing",
        "optimise",
        "optimize",
        "optimising",
        "optimizing",
        "screen",
        "test",
        "use",
        "using",
        "try",
        "within",
        "is",
        "are",
        "be",
        "range",
        "ranges",
        "factors",
        "factor",
        "variables",
        "variable",
        "parameters",
        "conditions",
        "goal",
        "we",
        "can",
        "set",
        "where",
        "plus",
        "yield",
        "effect",
        "effects",
        "influence",
        "study",
        "explore",
        "only",
        "을",
        "를",
        "은",
        "는",
        "이",
        "가",
        "와",
        "과",
        "및",
    ]
)
_RESULTS = re.compile(
    r"\b(?P<name>yield|conversion|selectivity|conductivity|purity|titre|titer|growth(?: rate)?|activity|efficiency"
    r"|capacity|hardness|viscosity|strength|productivity|biomass|ee|enantiomeric excess|cost|waste|impurit(?:y|ies)"
    r"|roughness|particle size|surface area|stability|crystallinity|thickness|grain size|adsorption|removal"
    r"|recovery|fluorescence|absorbance|signal)\b"
    r"|(?P<korean>수율|전환율|선택도|전도도|순도|수득률|활성|효율|용량|경도|점도|강도|생산성|흡착량|제거율|회수율)",
    re.IGNORECASE,
)
_DOWN = re.compile(r"(?:minimi[sz]\w*|reduc\w*|lower\w*|least|decreas\w*|최소|낮추|줄)", re.IGNORECASE)
_KOREAN = {
    "온도": "temperature", "시간": "time", "농도": "concentration", "압력": "pressure", "촉매": "catalyst",
    "용매": "solvent", "염기": "base", "유속": "flow_rate", "교반 속도": "stirring_rate", "수율": "yield",
    "전환율": "conversion", "선택도": "selectivity", "전도도": "conductivity", "순도": "purity", "활성": "activity",
    "효율": "efficiency", "용량": "capacity", "강도": "strength", "점도": "viscosity", "경도": "hardness",
    "촉매량": "catalyst_amount", "반응 온도": "temperature", "반응 시간": "time", "생산성": "productivity",
}  # fmt: skip


@dataclass(frozen=True)
class Factors:
    """What an experiment may vary, in the words of the space of a campaign.

    Attributes:
        parameters: Factors as plain records: continuous with ``low``, ``high`` and ``unit``, categorical with
            ``values``, mixture with ``components``.
        response: What is measured, and which way it is to go.
        spans: Where the goal gives the settings.
    """

    parameters: tuple[dict[str, Any], ...]
    response: tuple[str, str]
    spans: tuple[Interval, ...]


def find_factors(text: str) -> Factors:
    """Factors with a range ("temperature 60-110 °C"), a list ("base (K2CO3, Cs2CO3)") or a ratio ("Cu/Zn/Al ratios").

    Args:
        text: Normalised goal text.
    """
    found: list[tuple[int, dict[str, Any]]] = []
    spans: list[Interval] = []
    for match in _RANGE.finditer(text):
        low, high = float(match["low"]), float(match["high"])
        named = _NAME_BEFORE.search(text, max(0, match.start() - 50), match.start())
        unit = (match["unit"] or match["lower_unit"] or "1").strip()
        unit = "1" if unit.lower() in _NOT_NAMES else _IN_ENGLISH.get(unit, unit)
        by_unit = next((name for name, units in _BY_UNIT.items() if unit in units), "")
        name = _named(named["name"]) if named and not (by_unit and _PLACE.search(named["name"])) else by_unit
        if not name or low >= high:
            continue
        found.append((match.start(), {"kind": "continuous", "name": name, "low": low, "high": high, "unit": unit}))
        spans.append(match.span())
    for match in _LEVELS.finditer(text):
        values = [float(value) for value in re.findall(_NUMBER, match["values"])]
        name, unit = _named(match["name"]), (match["unit"] or "1").strip()
        unit = "1" if unit.lower() in _NOT_NAMES else _IN_ENGLISH.get(unit, unit)
        if name and len(set(values)) == len(values) and not overlaps(match.span("values"), spans):
            found.append((match.start(), {"kind": "discrete", "name": name, "values": values, "unit": unit}))
            spans.append(match.span())
    for match in _EITHER.finditer(text):
        name = _named(match["name"])
        items = [item.strip() for item in re.split(r"/|\bor\b", match["items"])]
        if name and not overlaps(match.span(), spans):
            found.append((match.start(), {"kind": "categorical", "name": name, "values": items}))
            spans.append(match.span())
    for match in _LISTED.finditer(text):
        where = "items" if match["items"] else "loose"
        items = [item.strip(" .") for item in re.split(_SEPARATOR, match[where])]
        items = [item for item in dict.fromkeys(items) if item and item.lower() not in _NOT_NAMES]
        name = _named(match["name"])
        if len(items) < 2 or not name or all(re.fullmatch(r"[\d.]+", item) for item in items):
            continue
        if any(start < match.end() and match.start(where) < end for start, end in spans):
            continue
        found.append((match.start(), {"kind": "categorical", "name": name, "values": items}))
        counted = re.search(r"\d+\s+(?=[\w ]*$)", text[max(0, match.start() - 6) : match.start()])
        spans.append((match.start() - len(counted[0]) if counted else match.start(), match.end(where)))
    for match in _PROPORTION.finditer(text):
        ends = sorted(float(match[a]) / float(match[b]) for a, b in (("a", "b"), ("c", "d")) if float(match[b]))
        if len(ends) == 2 and ends[0] < ends[1]:
            name = _named(f"{match['of']} per {match['to']}")
            low, high = (float(f"{end:.4g}") for end in ends)
            found.append((match.start(), {"kind": "continuous", "name": name, "low": low, "high": high, "unit": "1"}))
            spans.append(match.span())
    for match in _RATIO.finditer(text):
        parts = [re.sub(r"\W", "", part) for part in re.split(r"[/:]", match["parts"])]
        parts = [{"name": part, "low": 0.05, "high": 1 - 0.05 * (len(parts) - 1)} for part in parts]
        found.append((match.start(), {"kind": "mixture", "name": "ratio", "components": parts}))
        spans.append(match.span())
    kept: dict[str, dict[str, Any]] = {}
    for _, one in sorted(found, key=lambda pair: pair[0]):
        kept.setdefault(one["name"], one)
    return Factors(tuple(kept.values()), _response(text), tuple(spans))


def _named(words: str) -> str:
    """A factor's name in the letters that a space takes; empty where the words are no name."""
    parts = words.split()
    while parts and parts[0].lower() in _NOT_NAMES:
        parts.pop(0)
    while parts and parts[-1].lower() in _NOT_NAMES:
        parts.pop()
    cut = next((i for i in range(len(parts) - 1, -1, -1) if parts[i].lower() in _NOT_NAMES), -1)
    parts = parts[cut + 1 :]
    plain = re.sub(r"(?<=[가-힣])(?:은|는|이|가|을|를)$", "", " ".join(parts))
    plain = _KOREAN.get(plain) or _KOREAN.get(plain.split()[-1] if plain else "", plain)
    name = re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_")
    return name if re.match(r"[A-Za-z]", name) and len(name) <= 40 else ""


def _response(text: str) -> tuple[str, str]:
    match = _RESULTS.search(text)
    if match is None:
        return "response", "maximise"
    name = _KOREAN.get(match["korean"], "response") if match["korean"] else match["name"].lower().replace(" ", "_")
    around = text[max(0, match.start() - 25) : match.end() + 12]
    return name, "minimise" if _DOWN.search(around) else "maximise"


@dataclass(frozen=True)
class Size:
    """What a goal says of the size of an experiment.

    Attributes:
        arguments: Of the tool that sizes it, as far as they are given.
        spans: Where they stand.
        units: The units of effect and spread, as written.
        mean: What a relative effect is a share of, where the goal states it; the effect is in its unit then.
    """

    arguments: dict[str, Any]
    spans: tuple[Interval, ...]
    units: tuple[str, str]
    mean: float | None = None


_VALUE = rf"(?P<value>{_NUMBER})\s?(?P<unit>%|[A-Za-zµ][A-Za-z0-9_/µ.^-]{{0,9}})?"
_IS = r"\s*(?:is|are|of|=|:|was|around|about|~|≈|가|이|은|는)?\s*(?:about |around |an? )?"
_SPREAD = re.compile(
    rf"(?:\bs\.?d\.?|\bstd(?:ev|\.? ?dev(?:iation)?)?|standard deviation|\bσ|\bsigma|\bspread"
    rf"|표준\s?편차){_IS}{_VALUE}",
    re.I,
)
_AROUND = re.compile(
    rf"(?P<mean>{_NUMBER})\s?(?P<unit>%|[A-Za-zµ][A-Za-z0-9_/µ.^-]{{0,9}})?\s*(?:±|\+/-|\+-|plus or minus)\s*"
    rf"(?P<value>{_NUMBER})\s?(?P<unit2>%|[A-Za-zµ][A-Za-z0-9_/µ.^-]{{0,9}})?"
)
"""A mean with its standard deviation, which a relative effect ("a 10 % rise") is of."""

_D = re.compile(rf"(?:cohen'?s d|effect size|효과\s?크기){_IS}(?P<value>{_NUMBER})", re.I)
_EFFECT = re.compile(
    r"(?:detect\w*|find\w*|resolve|see|show)\s+(?:an?\s+|the\s+)?(?:mean\s+|true\s+)?"
    rf"(?:(?:difference|effect|change|drop|increase|decrease|rise|shift|reduction|improvement"
    rf"|gain)s?\s*(?:in [\w -]{{1,30}}?)?(?:of|by)?\s*)?{_VALUE}"
    rf"|(?:mean )?(?:difference|effect|change|drop|increase|decrease|reduction|shift)(?: (?:in|of"
    rf"|between) (?:the )?[\w ]{{1,25}}?)??(?:{_IS}|\s+(?:of|by)\s+)(?P<value2>{_NUMBER})\s?(?P<unit2>%"
    rf"|[A-Za-zµ][A-Za-z0-9_/µ.^-]{{0,9}})?"
    rf"|(?:평균\s*)?(?:차이|효과|변화|감소|증가)(?:가|를|는|로)?\s*(?:약\s*|최소\s*)?(?P<value3>{_NUMBER})"
    rf"\s?(?P<unit3>%|[A-Za-zµ][A-Za-z0-9_/µ.^-]{{0,9}})?"
    rf"|(?P<value4>{_NUMBER})\s?(?P<unit4>%|[A-Za-zµ][A-Za-z0-9_/µ^-]{{0,9}})?\s*(?:의\s*)?(?:difference|effect|change|drop|increase|decrease|차이|변화|감소|증가)",
    re.I,
)
_POWER = re.compile(
    rf"(?P<value>{_NUMBER})\s?(?P<unit>%)?\s*(?:statistical )?power\b|\bpower{_IS}(?P<value2>{_NUMBER})\s?(?P<unit2>%)?"
    rf"|검정력(?:이|을|은)?\s*(?P<value3>{_NUMBER})\s?(?P<unit3>%)?",
    re.I,
)
_ALPHA = re.compile(
    rf"(?:\balpha|\bα|significance(?: level)?|\bp\s?<|유의\s?수준){_IS}(?P<value>{_NUMBER})\s?(?P<unit>%)?", re.I
)
_GROUPS = re.compile(
    r"(?P<value>\d+|two|three|four|five|six|두|세|네|다섯)\s*(?:개\s*)?(?:treatment |independent )?(?:groups|arms|그룹"
    r"|군)\b",
    re.I,
)
_WORDS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "두": 2, "세": 3, "네": 4, "다섯": 5}


def find_size(text: str) -> Size:
    """Effect, spread, power, significance and number of groups, as far as a goal gives them.

    Args:
        text: Normalised goal text.
    """
    arguments: dict[str, Any] = {}
    spans: list[Interval] = []
    units, mean = ["", ""], None
    if match := _D.search(text):
        arguments |= {"effect": float(match["value"]), "spread": 1.0}
        spans.append(match.span())
    for place, (name, pattern) in enumerate((("spread", _SPREAD), ("effect", _EFFECT))):
        for match in pattern.finditer(text):
            if name not in arguments and not any(s < match.end() and match.start() < e for s, e in spans):
                value, unit = _first(match)
                arguments[name] = value
                units[1 - place] = unit
                spans.append(match.span())
    if match := _AROUND.search(text):
        if "spread" not in arguments:
            arguments["spread"] = float(match["value"])
            units[1] = (match["unit2"] or match["unit"] or "").rstrip(".")
            spans.append(match.span())
        if units[0] == "%" and "effect" in arguments:
            # In a share of the mean; where the mean is in percent too, a change of that many points would exceed it.
            mean = float(match["mean"])
            arguments["effect"] = float(f"{arguments['effect'] / 100 * mean:.6g}")
            units[0] = units[1]
    for name, pattern in (("power", _POWER), ("alpha", _ALPHA)):
        if match := pattern.search(text):
            value, unit = _first(match)
            arguments[name] = value / 100 if unit == "%" or value > 1 else value
            spans.append(match.span())
    if match := _GROUPS.search(text):
        arguments["groups"] = count_of(match["value"])
        spans.append(match.span())
    if re.search(r"one[- ](?:sided|tailed)|단측", text, re.I):
        arguments["two_sided"] = False
    return Size(arguments, tuple(spans), (units[0], units[1]), mean)


def count_of(word: str) -> int:
    """A count that is written in figures or as a word."""
    return _WORDS.get(word.lower()) or int(word)


def _first(match: re.Match[str]) -> tuple[float, str]:
    """The value of whichever wording matched, and its unit."""
    found = match.groupdict()
    number = next(key for key in found if key.startswith("value") and found[key])
    return float(found[number]), (found.get(number.replace("value", "unit")) or "").rstrip(".")


PLANNED = (
    _RESULTS,
    _POWER,
    _ALPHA,
    _GROUPS,
    re.compile(
        r"\b(?:standard deviation|sd|stdev|groups?|arms?|treatments?|mean|averages?|factors?|levels?|significan\w+"
        r"|commercial\w*|building blocks?)\b",
        re.IGNORECASE,
    ),
)
"""The words of sizes and factors, which a plan of experiments serves."""
