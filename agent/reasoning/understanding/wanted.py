"""How many results a goal asks for ("20 analogues", "five candidates", "후보 20개")."""

from __future__ import annotations

import re

from agent.reasoning.understanding.mentions import Mention
from agent.reasoning.understanding.numbers import NumberTag
from agent.reasoning.understanding.text import MASK

_NOUN = (
    r"(?:analog(?:ue)?s?|candidates?|molecules?|compounds?|cmpds?|cpds?|derivatives?|ligands?|inhibitors?|proposals?|suggestions?"
    r"|designs?|hits?|leads?|options?|ideas?|variants?|examples?|compositions?|materials?|perovskites?|oxides?"
    r"|crystals?|recipes?|formulations?"
    r"|phases?|guides?|sgRNAs?|gRNAs?|siRNAs?|oligos?|bioisosteres?|drugs?|primer pairs?|primers?|replacements?"
    r"|alternatives?)"
)
_FOLLOWS = re.compile(
    rf"\s*(?:[\w-]+\s+or\s+(?=[\w-]+\s))?(?:(?!(?:and|or|with|for|from|of|to|in)\b)[\w{MASK}-]+,?\s+){{0,4}}?{_NOUN}(?![\w-])",
    re.I,
)
_LENGTH = re.compile(
    r"\d\s?-?(?:bp|nt|aa|bases?|base[ -]?pairs?|nucleotides?|amino[ -]acids?|residues|codons|mers?|염기쌍?)$"
)
_ASKED = re.compile(r"\b(?:give|list|show|suggest|propose|return|want|need)(?:\s+me)?\s*$", re.IGNORECASE)
_OF_THEM = re.compile(r"\s*(?:of (?:them|these|those|each)|in total|altogether|pieces)\b", re.IGNORECASE)
_LEADS = re.compile(r"(?:\b(?:top|best|first)|상위)\s*$", re.IGNORECASE)
_HYPOTHESES = re.compile(r"\s*(?:[\w-]+\s+){0,2}?hypothes[ei]s\b|\s*(?:개의?\s*)?가설", re.IGNORECASE)
_KOREAN_NOUN = "후보(?:물질)?|유도체|유사체|분자|화합물|물질|조성|구조체?|아날로그|약물|재료|소재|배합|레시피"
_KOREAN_LEADS = re.compile(rf"(?:{_KOREAN_NOUN}|것)(?:을|를|은|는)?\s*(?:최소|적어도|약|최대)?\s*$")
_KOREAN_FOLLOWS = re.compile(
    rf"\s*(?:개|종|가지|건)?\s*(?:이상)?\s*(?:의\s*)?(?:[가-힣]+\s+){{0,2}}?(?:{_KOREAN_NOUN})"
)
_DESCRIBES = re.compile(
    r"\s*(?:개|종|가지)?\s*(?:(?:이상|이하|미만|초과|이내)(?:인|의|이면서|이고|이며)|인\s|이고|이며)"
)
_COUNTER_AND_VERB = re.compile(
    r"\s*(?:를|을|만|정도)?\s*(?:이상\s*)?(?:설계|제안|추천|찾|생성|만들|골라|뽑|보여|알려)|\s*(?:만|정도(?:만)?)\s*(?:$|[.,!?\n])"
)


def find_wanted(
    text: str, tags: tuple[NumberTag, ...], mentions: tuple[Mention, ...]
) -> tuple[int | None, dict[str, int], tuple[NumberTag, ...]]:
    """Find how many results are wanted.

    Args:
        text: Normalised text with identifiers masked.
        tags: Its numbers.
        mentions: Its properties: a number that counts donors counts no candidates.

    Returns:
        The count or ``None``, other counts by name (``hypotheses``), and the tags that these have used.
    """
    wanted: int | None = None
    others: dict[str, int] = {}
    used: list[NumberTag] = []
    for tag in tags:
        if not float(tag.low).is_integer() or tag.low < 1 or tag.unit not in (None, "count"):
            continue
        if _LENGTH.search(text[tag.start : tag.inner]):  # "the first 300 bp"
            continue
        if _HYPOTHESES.match(text, tag.inner):
            others["hypotheses"] = int(tag.high)
            used.append(tag)
        elif _counts_results(text, tag, mentions):
            if wanted is None:
                wanted = int(tag.high)
            used.append(tag)
    return wanted, others, tuple(used)


def _counts_results(text: str, tag: NumberTag, mentions: tuple[Mention, ...]) -> bool:
    ahead = text[max(0, tag.start - 20) : tag.start]
    if _OF_THEM.match(text, tag.inner):
        return True
    if _ASKED.search(ahead) and re.match(r"\s*(?:please\s*)?(?:$|[.,;!?])", text[tag.inner :]):
        return True
    if _LEADS.search(ahead) or _KOREAN_LEADS.search(ahead):
        return True
    for pattern in (_FOLLOWS, _KOREAN_FOLLOWS):
        # "500 이상인 유도체", "최대 3개인 유사체": a bound that describes them, not how many there are.
        if pattern is _KOREAN_FOLLOWS and _DESCRIBES.match(text, tag.inner):
            continue
        match = pattern.match(text, tag.inner)
        if match and not any(tag.inner <= mention.start < match.end() for mention in mentions):
            return pattern is _FOLLOWS or not _belongs_to_property(text, tag, mentions)
    counted = tag.unit == "count" and _COUNTER_AND_VERB.match(text, max(tag.inner, tag.end))
    return bool(counted) and not _belongs_to_property(text, tag, mentions)


def _belongs_to_property(text: str, tag: NumberTag, mentions: tuple[Mention, ...]) -> bool:
    """Whether the number stands right behind a property ("수소결합 주개 3개 이하인 유도체")."""
    return any(
        mention.end <= tag.start and re.fullmatch(r"\s*(?:수)?(?:은|는|이|가)?\s*", text[mention.end : tag.start])
        for mention in mentions
    )
