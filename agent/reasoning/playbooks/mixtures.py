"""Reading a formulation goal: the components with their ranges, and the responses that the lab measures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from agent.reasoning.understanding.text import later
from agent.records import Constraint, Objective

PRESENT = 0.05
"""Fraction that every component keeps at least where the goal gives no range."""

_WORD = r"[A-Za-z가-힣][\w가-힣/-]*"
_NO = (
    r"(?!(?:and|or|to|from|between|of|with|at|in|for|plus|that|which|whose|using|is|are|as|gives?|should|can|may|must"
    r"|will|do|does|so|on|by|into|has|have)\b)"
)
_NAME = rf"{_WORD}(?:\s{_NO}{_WORD})?"
_PERCENT = r"(?:%|percent|퍼센트|wt)"
_RANGE = rf"(\d+(?:\.\d+)?)\s*%?\s*(?:-|–|~|to|and|에서)\s*(\d+(?:\.\d+)?)\s*{_PERCENT}"
_NAMED_FIRST = later(rf"({_NAME})\s*(?:[:(]\s*)?(?:between\s+|from\s+|at\s+)?{_RANGE}")
_BOUND_FIRST = later(rf"{_RANGE}\s*(?:%\s*)?(?:of\s+)?({_NAME})")
_MOST = r"(?:at most|up to|no more than|not more than|less than|below|under|max(?:imum)?(?: of)?|<=?|≤)"
_LEAST = r"(?:at least|no less than|more than|above|over|min(?:imum)?(?: of)?|>=?|≥)"
_ONE_SIDED = later(
    rf"(?P<side>{_MOST}|{_LEAST})\s*(?P<value>\d+(?:\.\d+)?)\s*{_PERCENT}\s*(?:of\s+)?(?P<name>{_NAME})"
    rf"|(?P<name2>{_NAME})\s*(?:is\s+|:\s*)?(?P<side2>{_MOST}|{_LEAST})\s*(?P<value2>\d+(?:\.\d+)?)\s*{_PERCENT}"
)
_FREE = re.compile(
    rf"^\s*\)?\s*(?:,\s*)?(?:(?:and|plus|the rest|balance)\s+|및\s*|와\s*|과\s*|,\s*)({_WORD})", re.IGNORECASE
)
_LISTED = later(
    rf"\b(?:from|of|with|using|containing|comprising)\s+(?:an?\s+|the\s+)?"
    rf"(?P<names>{_NAME}(?:\s*,\s*(?!and\b|or\b){_NAME})*\s*,?\s+(?:and|plus|to)\s+(?:an?\s+|the\s+)?{_NAME})"
    rf"(?!\s*(?:\d|above|below|over|under|at least|at most))"
)
_KOREAN_LISTED = re.compile(r"(?P<names>[가-힣\w-]+(?:\s*,\s*[가-힣\w-]+)+)(?:으로|로)\s*(?:이루어진|된|만든|구성된)?")
_NO_NAME = frozenset({"with", "of", "and", "or", "the", "a", "an", "from", "at", "use", "contains", "containing"})
_LEADING = re.compile(r"^(?:.*\b(?:of|with|from|and|the|a|an)\s+)", re.IGNORECASE)
_KOREAN_PARTICLE = re.compile(r"(?:으로|로|와|과|은|는|이|가|을|를|의)$")

RESPONSES = re.compile(
    r"\b(?:(?:pencil|shore(?: [ad])?|scratch|surface|vickers|k[oö]nig|persoz|pendulum)[ -])?hardness"
    r"|\bgloss\b|\bviscosity|\badhesion(?: strength)?"
    r"|\b(?:peel|lap[ -]shear|shear|tensile|bond|flexural|compressive|impact|green|tear|cohesive|adhesive)[ -]strength"
    r"|\b(?:young'?s |storage |elastic |flexural )?modulus|\belongation(?: at break)?|\btoughness"
    r"|\b(?:softening|melting|flash) point"
    r"|\b(?:drying|curing?|gel|open|tack[ -]free) time|\bpot life|\bshelf life|\bstability"
    r"|\bglass transition(?: temperature)?"
    r"|\b(?:scratch|chemical|water|solvent|corrosion|abrasion|heat|impact|weather|stain|fire|wear) resistance"
    r"|\bopacity|\bhiding power|\btransparency|\btransmittance|\bhaze\b|\bcolou?r (?:difference|strength)|\bdensity"
    r"|\b(?:thermal |electrical |ionic )?conductivity|\bsurface tension|\bcontact angle|\bfoam height|\bflexibility"
    r"|\btack\b|\bshrinkage|\bwater uptake|\bswelling|\byield (?:stress|point)|\bparticle size|\bcost\b"
    r"|연필 ?경도|경도|광택|점도|부착력|접착력|(?:접착|인장|박리|전단|굴곡|압축) ?강도|탄성률|연신율|신율"
    r"|(?:건조|경화|겔) ?시간|내스크래치성|내수성|내화학성|내열성|내마모성|내식성"
    r"|투명도|투과율|은폐력|밀도|수축률|원가",
    re.IGNORECASE,
)
"""What is measured on coatings, adhesives, resins and slurries, where no table names its columns."""

_IDIOMS: tuple[tuple[str, str, Literal["maximise", "minimise"]], ...] = (
    (r"\bhard(?:er|est)\b|단단한", "hardness", "maximise"),
    (r"\bsoft(?:er|est)\b", "hardness", "minimise"),
    (r"\bgloss(?:ier|iest|y)\b", "gloss", "maximise"),
    (r"\bdr(?:y|ies) (?:faster|quicker|more quickly)\b|\bfast(?:er)?[- ]drying\b|빨리 마르", "drying time", "minimise"),
    (r"\bcures? (?:faster|quicker)\b|\bfast(?:er)?[- ]curing\b", "cure time", "minimise"),
    (r"\bstrong(?:er|est) bond\b|\bbonds? (?:stronger|better)\b", "bond strength", "maximise"),
    (r"\b(?:less viscous|flows? better)\b", "viscosity", "minimise"),
    (r"\bmore viscous\b", "viscosity", "maximise"),
    (r"\b(?:more flexible|tougher)\b", "elongation", "maximise"),
    (r"\bcheap(?:er|est)?\b|\blow[- ]cost\b|저렴", "cost", "minimise"),
)
_UP = (
    r"maximi[sz]\w*|improv\w*|increas\w*|rais\w*|enhanc\w*|boost\w*|high(?:er|est)?|great(?:er|est)?|best|good"
    r"|strong(?:er|est)?|more|most"
)
_DOWN = r"minimi[sz]\w*|reduc\w*|low(?:er|est)?|decreas\w*|least|less|small(?:er|est)?|short(?:er|est)?|cut\w*"
_LINK = r"(?:\s+(?:the|its|their|our|my|for|in|of|possible))*(?:\s+(?!(?:and|or|while|but|with|at)\b)[a-z]{4,14})?\s+$"
_AHEAD = re.compile(rf"\b(?:(?P<down>{_DOWN})|(?P<up>{_UP})){_LINK}", re.IGNORECASE)
_BEHIND = re.compile(
    r"^\s*(?:(?:is|should be|must be|as)\s+)*(?:(?P<down>low|minimi[sz]ed|reduced|lowered|small|short)|(?P<up>high"
    r"|maximi[sz]ed|improved|raised|increased|large))"
    r"|^\s*(?:도|을|를|은|는|이|가)?\s*(?:더\s*|최대한\s*|가장\s*)?(?:(?P<kdown>낮|줄|최소|감소|적)|(?P<kup>높|최대|향상|증가|개선|큰|좋))",
    re.IGNORECASE,
)
_NUMBER = r"(-?\d+(?:\.\d+)?)"
_TO_BE = (
    r"(?:\s*\([^)]*\))?\s*(?:(?:value|index|rating|is|are|of|should|must|be|to|stays?|kept|has|in|measured|at)\s+"
    r"|[:=]\s*|도|이|가|을|를|은|는)*\s*"
)
_ABOVE = re.compile(
    rf"^{_TO_BE}(?:above|over|at least|more than|greater than|exceed(?:s|ing)?|higher than|no less than|beyond|>=?|≥)"
    rf"\s*{_NUMBER}"
    rf"|^{_TO_BE}{_NUMBER}\s*[^\s,.;]{{0,8}}?\s*(?:or (?:more|higher|above)|이상|초과|넘)",
    re.IGNORECASE,
)
_BELOW = re.compile(
    rf"^{_TO_BE}(?:below|under|at most|less than|lower than|no more than|not more than|up to|<=?|≤)\s*{_NUMBER}"
    rf"|^{_TO_BE}{_NUMBER}\s*[^\s,.;]{{0,8}}?\s*(?:or (?:less|lower|below)|이하|미만)",
    re.IGNORECASE,
)
_BETWEEN = re.compile(
    rf"^{_TO_BE}(?:between|from)?\s*{_NUMBER}\s*[^\s\d]{{0,6}}\s*(?:and|to|-|~|에서)\s*{_NUMBER}", re.IGNORECASE
)
_BEFORE = re.compile(
    r"(?:(?P<least>above|over|at least|more than|beyond|>=?|≥)|(?:below|under|at most|less than|<=?|≤))"
    r"\s*(?P<value>-?\d+(?:\.\d+)?)\s*$",
    re.IGNORECASE,
)
"""A bound in front of the name that serves as its unit ("> 600 HV")."""

_EXACTLY = re.compile(rf"^{_TO_BE}(?P<near>about|around|near|close to|≈)?\s*(?P<value>-?\d+(?:\.\d+)?)", re.IGNORECASE)
_GENERIC = later(
    rf"\b(?P<name>{_NO}{_NAME})(?=\s+(?:(?:value|index|rating|of|is|that is)\s+)*(?:above|below|over|under|at least"
    r"|at most|exceeding|no (?:less|more) than)\s*-?\d+(?:\.\d+)?(?!\.?\d|\s*(?:%|percent|wt|recipes|formulations)))"
)
_TARGET = re.compile(r"\b(?:target|hit|reach|aim)\w*\b", re.IGNORECASE)


@dataclass(frozen=True)
class Response:
    """A quantity that the lab measures on its recipes, and what the goal wants of it.

    Attributes:
        name: As the goal or the table calls it.
        text: The goal's words.
        low: The least value wanted, in the lab's own unit.
        high: The most.
        direction: Which way it is to go; empty where the goal does not say.
        target: The value to hit.
    """

    name: str
    text: str
    low: float | None = None
    high: float | None = None
    direction: Literal["maximise", "minimise", "target", ""] = ""
    target: float | None = None

    def constraint(self) -> Constraint | None:
        """The bound on it, if there is one."""
        if self.low is None and self.high is None:
            return None
        both = self.low is not None and self.high is not None
        relation = "between" if both else ">=" if self.high is None else "<="
        return Constraint(quantity=self.name, relation=relation, low=self.low, high=self.high, text=self.text)

    def objective(self) -> Objective:
        """Where it is to go: as the goal says, else away from its bound, else up."""
        if self.target is not None:
            return Objective(quantity=self.name, direction="target", target=self.target, text=self.text)
        if self.low is not None and self.high is not None and not self.direction:
            middle = (self.low + self.high) / 2
            return Objective(quantity=self.name, direction="target", target=middle, text=self.text)
        way = self.direction or ("minimise" if self.low is None and self.high is not None else "maximise")
        return Objective(quantity=self.name, direction="minimise" if way == "minimise" else "maximise", text=self.text)


def read_ingredients(text: str) -> tuple[list[dict[str, Any]], bool]:
    """Components with the bounds of their fractions, in the order of the text.

    Args:
        text: Normalised goal text.

    Returns:
        Components, and whether the goal gives a range for any; without ranges every component is to be present.
    """
    found: list[tuple[int, int, str, float, float]] = []

    def add(start: int, end: int, name: str, low: float, high: float) -> None:
        label = _KOREAN_PARTICLE.sub("", _LEADING.sub("", name).strip())
        if not label or label.lower().split()[-1] in _NO_NAME or RESPONSES.fullmatch(label):
            return
        if any(first < end and start < last for first, last, *_ in found) or not 0 <= low <= high <= 100:
            return
        found.append((start, end, label, low / 100, high / 100))

    for pattern, name, low, high in ((_NAMED_FIRST, 1, 2, 3), (_BOUND_FIRST, 3, 1, 2)):
        for match in pattern().finditer(text):
            add(match.start(), match.end(), match[name], float(match[low]), float(match[high]))
    for match in _ONE_SIDED().finditer(text):
        side, name = match["side"] or match["side2"], match["name"] or match["name2"]
        value = float(match["value"] or match["value2"])
        most = re.fullmatch(_MOST, side, re.IGNORECASE)
        add(match.start(), match.end(), name, *((0.0, value) if most else (value, 100.0)))
    found.sort()
    listed = [{"name": name, "low": low, "high": high} for _, _, name, low, high in found]
    if found and (free := _FREE.match(text[found[-1][1] :])):
        name = _KOREAN_PARTICLE.sub("", free[1])
        taken = {one["name"].lower() for one in listed} | _NO_NAME
        if name.lower() not in taken and not RESPONSES.fullmatch(name):
            listed.append({"name": name, "low": 0.0, "high": 1.0})
    if listed:
        return listed, True
    names = _plain_list(text)
    most = round(1.0 - PRESENT * (len(names) - 1), 6)
    return [{"name": name, "low": PRESENT, "high": most} for name in names], False


def _plain_list(text: str) -> list[str]:
    """Components that the goal lists without ranges: ``from resin, hardener and filler``."""
    for match in [*_LISTED().finditer(text), *_KOREAN_LISTED.finditer(text)]:
        parts = re.split(r"\s*,\s*(?:and\s+|plus\s+)?|\s+(?:and|plus|to)\s+", match["names"])
        names = [re.sub(r"^(?:an?|the|some)\s+", "", part.strip(), flags=re.IGNORECASE) for part in parts]
        good = [name for name in names if name and not RESPONSES.search(name) and name.lower() not in _NO_NAME]
        if len(good) >= 2 and len(good) == len(names) and len({name.lower() for name in good}) == len(good):
            return good
    return []


def read_responses(text: str, header: Sequence[str] = (), components: Sequence[str] = ()) -> list[Response]:
    """What the goal wants of measured quantities.

    Args:
        text: Normalised goal text with file names masked.
        header: Columns of the attached table; without one, the usual responses of formulations are known.
        components: Names that are components, and so no responses.

    Returns:
        One a quantity: those with a direction first, then those with a bound, then those that are only named.
    """
    taken = {name.strip().lower() for name in components}
    found: dict[str, Response] = {}
    columns = [one.strip() for one in header if one.strip() and one.strip().lower() not in taken]
    for name, start, end in _places(text, columns) if header else _usual(text):
        one = wanted(text, name, start, end)
        earlier = found.get(name)
        if earlier is None or _weight(one) > _weight(earlier):
            found[name] = one
    for pattern, said, direction in _IDIOMS:
        if (match := re.search(pattern, text, re.IGNORECASE)) is None:
            continue
        name = next((one for one in columns if said in _bare(one)), None) if header else said
        if name is not None and name not in found:
            found[name] = Response(name, match[0], direction=direction)
    return sorted(found.values(), key=lambda one: -_weight(one))


def _bare(column: str) -> str:
    """A column's name without the unit in brackets, as prose writes it."""
    return re.split(r"\s*[(\[]", column.lower())[0].replace("_", " ").strip()


def _places(text: str, columns: Sequence[str]) -> list[tuple[str, int, int]]:
    """Where the goal names a column, the longer names first."""
    plain = text.lower().replace("_", " ")
    found: list[tuple[str, int, int]] = []
    for column in sorted(columns, key=lambda one: -len(_bare(one))):
        for match in re.finditer(rf"(?<![\w가-힣]){re.escape(_bare(column))}(?![A-Za-z0-9_])", plain):
            if not any(first < match.end() and match.start() < last for _, first, last in found):
                found.append((column, match.start(), match.end()))
    return sorted(found, key=lambda one: one[1])


def _usual(text: str) -> list[tuple[str, int, int]]:
    """The usual responses that the goal names, and whatever else it bounds by a number without a percent sign."""
    found = [(re.sub(r"\s+", " ", match[0]).lower(), *match.span()) for match in RESPONSES.finditer(text)]
    for match in _GENERIC().finditer(text):
        name = _LEADING.sub("", match["name"]).strip().lower()
        if name and not any(first < match.end() and match.start() < last for _, first, last in found):
            found.append((name, match.end("name") - len(name), match.end("name")))
    return sorted(found, key=lambda one: one[1])


def wanted(text: str, name: str, start: int, end: int) -> Response:
    """What the words around a response's name say of it."""
    ahead, behind = text[max(0, start - 40) : start], text[end : end + 60]
    said = _AHEAD.search(ahead)
    first = start - len(ahead) + said.start() if said else start
    for pattern, sides in ((_BETWEEN, "both"), (_ABOVE, "low"), (_BELOW, "high")):
        if match := pattern.match(behind):
            numbers = [float(one) for one in match.groups() if one is not None]
            words = text[first : end + match.end()].strip()
            if sides == "both":
                return Response(name, words, low=min(numbers), high=max(numbers))
            way = "" if said is None else "minimise" if said["down"] else "maximise"
            return Response(
                name,
                words,
                low=numbers[0] if sides == "low" else None,
                high=numbers[0] if sides == "high" else None,
                direction=way,
            )
    if match := _BEFORE.search(ahead):
        value = float(match["value"])
        low, high = (value, None) if match["least"] else (None, value)
        return Response(name, text[start - len(ahead) + match.start() : end], low=low, high=high)
    if (match := _EXACTLY.match(behind)) and (match["near"] or _TARGET.search(ahead)):
        words = text[first : end + match.end()].strip()
        return Response(name, words, direction="target", target=float(match["value"]))
    if said:
        return Response(name, text[first:end].strip(), direction="minimise" if said["down"] else "maximise")
    if match := _BEHIND.match(behind):
        down = match["down"] or match["kdown"]
        return Response(name, text[start : end + match.end()].strip(), direction="minimise" if down else "maximise")
    return Response(name, text[start:end])


def _weight(one: Response) -> int:
    bounded = one.low is not None or one.high is not None
    return 2 * bool(one.direction or one.target is not None) + bounded
