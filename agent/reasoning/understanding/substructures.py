"""Substructure wishes: groups to keep and groups to avoid, called by name ("keep the sulfonamide", "니트로기 제외")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from agent.reasoning.understanding.text import Interval, boundaries, overlaps
from agent.records import Entity
from agent.tools.molecules.groups import substructure_pattern

Role = Literal["keep", "avoid"]

_AVOID = (
    r"avoid(?:s|ing)?|without|never|(?:with )?neither|nor|(?:but )?not (?:an?|any)"
    r"|excluding|exclude[sd]?|no|not (?:contain|contains|have|include|be)(?:ing)?"
    r"|(?:must|should|do|does|can)(?:n't| not) (?:contain|have|include)|free (?:of|from)|devoid of|lack(?:s|ing)?"
    r"|remov(?:e|es|ing)|replac(?:e|es|ing)|get rid of|eliminat(?:e|es|ing)|lose|omit(?:ting)?|drop(?:ping)?"
    r"|(?:replacements?|(?:bio)?isosteres?|substitutes?) (?:for|of)|instead of|rather than|swap(?:ping)?(?: out)?|w/o"
)
_KEEP = (
    r"keep(?:s|ing)?|retain(?:s|ed|ing)?|preserv(?:e|es|ed|ing)|maintain(?:s|ing)?|conserv(?:e|es|ed|ing)"
    r"|contain(?:s|ing)?"
    r"|includ(?:e|es|ing)|must have|should have|has to have|bear(?:s|ing)?|possess(?:es|ing)?|featur(?:e|es|ing)"
    r"|carry(?:ing)?"
    r"|still ha(?:ve|s)|replaced (?:by|with)|I need|needs?|at least one"
    r"|w/(?!o)|hold(?:ing)? on to|leave|leaving|don't touch|with|having|fix(?:ed)?|based on"
)
_HELD = (
    r"(?:do not|don't|never|not|without)\s+(?:chang|touch|alter|modif|los|remov|replac|drop|swap|break|disturb)"
    r"(?:e|es|ed|ing|y|ying|ping)?"
)
_CUE = re.compile(
    rf"(?<![A-Za-z])(?:(?P<held>{_HELD})|(?P<avoid>{_AVOID})|(?P<keep>{_KEEP}))(?![A-Za-z])", re.IGNORECASE
)
_MUST = r"(?:must|should|shall|has to|have to|needs to|need to|is to|are to|will|can)"
_BEHIND = re.compile(
    rf"(?:\s+(?:group|ring|moiety|substituent|function)s?)?(?:-(?=free)|\s+)"
    rf"(?:(?P<avoid>free\b(?!\s+(?:amine|acid|base|hydroxyl))|(?:{_MUST}\s+(?:not\s+(?:be\s+(?:present|there|included)|remain|stay|appear)|go\b|disappear"
    rf"|be\s+(?:removed|replaced|avoided|excluded|eliminated|dropped))"
    rf"|(?:is|are)\s+(?:not\s+(?:allowed|wanted|acceptable|tolerated)|forbidden|unwanted|removed|replaced|excluded)))"
    rf"|(?P<keep>(?:{_MUST}\s+)?(?:also\s+)?(?:be\s+|is\s+|are\s+)?(?:stays?|staying|remains?|remaining|kept|retained"
    rf"|preserved|conserved|required|mandatory|needed|untouched|unchanged|intact|fixed|there to stay)"
    rf"|{_MUST}\s+not\s+be\s+(?:removed|changed|replaced|lost|touched|modified|altered|dropped)))\b",
    re.IGNORECASE,
)
_KOREAN_CUE = re.compile(
    r"\s*(?:(?:작용기|그룹|고리|기|골격|코어|구조|부분|모이어티|단위)\s*){0,2}(?:을|를|은|는|이|가|만|도)?\s*"
    r"(?:반드시\s*|꼭\s*|그대로\s*|모두\s*)?"
    r"(?:(?P<avoid>없|미포함|제외|제거|피하|피해|배제|빼|쓰지|사용하지|넣지|포함하지\s*않|포함되지\s*않|금지|들어가지\s*않)"
    r"|(?P<keep>유지|보존|포함|있는|가진|갖|남기|남겨|그대로|고정))"
)
_WITH_AFTER_REPLACE = re.compile(r"\b(?:with|by|for)\b", re.IGNORECASE)
_HAVING = re.compile(r"with|having|contain(?:s|ing)?|bearing|carrying|includ(?:es|ing)", re.IGNORECASE)
_ANY = re.compile(
    r"\s*(?:(?:anything|everything|any|all|compounds?|molecules?|analogues?|structures?|candidates?|ones?|those|that"
    r"|which)\s+)+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z0-9β][A-Za-z0-9β'-]*|[가-힣]+")
_PARTICLE = re.compile(
    r"(?:작용기|그룹|고리)?(?:을|를|은|는|이|가|과|와|의|도|나|이나|만|기를|기가|기는|기와|기|기도)$"
)
_PROCESS = re.compile(
    r"[\s-]+(?:bond\s+)?(?:coupling|formation|hydrolysis|cleavage|glucuronid\w*|transfer\w*|exchange|synthes\w+|reduction"
    r"|oxidation|metabol\w*|solvents?|buffers?)\b",
    re.IGNORECASE,
)
"""What makes the name of a group the name of a process ("our amide coupling", "acyl glucuronides")."""

_GROUP_WORDS = frozenset(("group", "groups", "ring", "rings", "moiety", "moieties", "substituent", "function"))
_REACH = 70
"""How many characters a cue reaches: a list of groups, no further."""


@dataclass(frozen=True)
class GroupWish:
    """A named group that a goal wants kept or avoided, and where it says so."""

    start: int
    end: int
    entity: Entity


@dataclass(frozen=True)
class _Group:
    start: int
    end: int
    smarts: str


def find_group_wishes(text: str) -> tuple[GroupWish, ...]:
    """Find the groups that a goal wants kept or avoided.

    Args:
        text: Normalised goal text, with identifiers masked.

    Returns:
        Substructure entities with their SMARTS, roles ``keep`` and ``avoid``; a group without either word is no wish.
    """
    wishes: list[GroupWish] = []
    for group in _groups(text):
        role = None if _PROCESS.match(text, group.end) else _role(text, group)
        if role:
            words = text[group.start : group.end]
            entity = Entity(kind="substructure", text=words, value=group.smarts, role=role, source="named groups")
            if all((w.entity.value, w.entity.role) != (entity.value, role) for w in wishes):
                wishes.append(GroupWish(group.start, group.end, entity))
    return tuple(wishes)


_PART_NAME = re.compile(
    r"\s+(?:the\s+|its\s+|an?\s+|our\s+|intact\s+|whole\s+)*"
    r"(?P<name>(?:\d+(?:,\d+)*'?-)?[A-Za-z][\w,\[\]()-]*?(?:ine|ole|one|ane|ene|yl|ide|ate|oxy|ino|ium|al|an|in)s?"
    r"(?:\s+(?:acid|oxide|dioxide))?)\b(?!\s+(?:analog|deriv))"
)
_FIRM_CUE = re.compile(
    r"(?<![A-Za-z])(?:(?P<avoid>avoid(?:ing)?|without|away from|get rid of|remov(?:e|ing)|replac(?:e|ing)|no)"
    r"|(?P<keep>keep(?:ing)?|retain(?:ing)?|preserv(?:e|ing)|maintain(?:ing)?|conserv(?:e|ing)))(?![A-Za-z])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class PartName:
    """The name of a part that no table of groups holds, which a set of compounds may know."""

    start: int
    end: int
    text: str
    role: Role


def find_part_names(text: str, known: tuple[Interval, ...] = ()) -> tuple[PartName, ...]:
    """Names of parts to keep or avoid that are no named groups ("keep the benzofuran", "away from the phthalazinone").

    Args:
        text: Normalised goal text, with identifiers masked.
        known: Spans that mean something else (named groups, quantities).
    """
    found = []
    for cue in _FIRM_CUE.finditer(text):
        match = _PART_NAME.match(text, cue.end())
        if match and len(match["name"]) > 5 and not overlaps(match.span("name"), known):
            role: Role = "avoid" if cue["avoid"] else "keep"
            found.append(PartName(match.start("name"), match.end("name"), match["name"], role))
    return tuple(found)


def find_smarts(text: str) -> tuple[GroupWish, ...]:
    """Patterns that a goal writes out after the word SMARTS ("avoid SMARTS [N+](=O)[O-]")."""
    found = []
    for match in re.finditer(r"SMARTS\s*[:=]?\s*[\"'`]?(?P<smarts>[^\s\"'`]+)", text):
        smarts = match["smarts"].rstrip(",.;")
        role = _role(text, _Group(match.start(), match.end(), smarts)) or "keep"
        entity = Entity(kind="substructure", text=smarts, value=smarts, role=role)
        found.append(GroupWish(match.start(), match.start("smarts") + len(smarts), entity))
    return tuple(found)


def _groups(text: str) -> list[_Group]:
    words = list(_WORD.finditer(text))
    found: list[_Group] = []
    index = 0
    while index < len(words):
        for size in (3, 2, 1):
            chosen = words[index : index + size]
            if len(chosen) == size and (group := _named(text, chosen)):
                found.append(group)
                index += size
                break
        else:
            index += 1
    return found


def _named(text: str, words: list[re.Match[str]]) -> _Group | None:
    start, end = words[0].start(), words[-1].end()
    between = text[start:end]
    if not re.fullmatch(r"[\w β'-]+", between) or words[0][0].lower() in _GROUP_WORDS:
        return None
    stem = _PARTICLE.sub("", between)
    free = re.sub(r"-free$", "", between, flags=re.IGNORECASE)
    for name in dict.fromkeys((between, between.replace("-", " "), stem, free)):
        if len(name) > 1 and (smarts := substructure_pattern(name)):
            return _Group(start, start + len(name), smarts)
    return None


def _role(text: str, group: _Group) -> Role | None:
    behind = _KOREAN_CUE.match(text, group.end) or _listed_korean_cue(text, group)
    if behind:
        return "avoid" if behind["avoid"] else "keep"
    if after := _BEHIND.match(text, group.end):
        return "avoid" if after["avoid"] else "keep"
    edges = [edge for edge in boundaries(text) if edge < group.start]
    low = max([0, group.start - _REACH, *(edge + 1 for edge in edges)])
    cues = list(_CUE.finditer(text, low, group.start))
    if not cues:
        return None
    cue = cues[-1]
    if len(cues) > 1 and _WITH_AFTER_REPLACE.fullmatch(cue[0]) and re.match(r"replac|swap", cues[-2][0], re.IGNORECASE):
        return "keep"
    if len(cues) > 1 and cues[-2]["avoid"] and _HAVING.fullmatch(cue[0]):
        between = text[cues[-2].end() : cue.start()]
        return "avoid" if _ANY.fullmatch(between) else "keep"  # "exclude anything with a nitro group"
    return "avoid" if cue["avoid"] else "keep"


def _listed_korean_cue(text: str, group: _Group) -> re.Match[str] | None:
    """The cue behind a list: "니트로기와 아자이드를 제외"."""
    match = re.match(
        r"\s*(?:기)?(?:과|와|,|및|나|이나|또는)\s*[가-힣A-Za-z]+?(?=(?:기)?(?:을|를|은|는|이|가)?\s)", text[group.end :]
    )
    return _KOREAN_CUE.match(text, group.end + match.end()) if match else None


def spans_of(wishes: tuple[GroupWish, ...]) -> tuple[Interval, ...]:
    """Where the wishes are named."""
    return tuple((wish.start, wish.end) for wish in wishes)
