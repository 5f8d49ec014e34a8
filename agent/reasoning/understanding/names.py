"""Names of molecules in a goal: by the words around them, or as what is left when everyday words are gone."""

from __future__ import annotations

import re

from agent.reasoning.understanding import words
from agent.reasoning.understanding.molecules import MoleculeMention, role_before
from agent.reasoning.understanding.text import MASK, Interval

_NAME = (
    r"[A-Za-z0-9αβγδ(\[][\w()\[\],'αβγδ+-]*(?:\s+(?!(?:with|and|that|which|for|to|in|by|as|while|keep|using|has"
    r"|have|having|whose|under|below|above|at|but|or|of|from|is|are|on|the|a|an|into|so|than|without|via|plus|then"
    r"|including|more|less|predict|where|if|given|it|its|per|between)\b)"
    r"[A-Za-z0-9αβγδ(\[][\w()\[\],'αβγδ+-]*){0,3}"
)
_RELATIVES = (
    r"(?:analog(?:ue)?s?|derivatives?|congeners?|bioisosteres?|mimetics?|variants?|replacements?"
    r"|alternatives?|isosteres?|relatives?|mimics?|prodrugs?|follow[- ]?ups?|series)"
)

_SEED_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b{_RELATIVES}\s+(?:of|for|to)\s+(?:the\s+(?:drug|compound|molecule|lead|hit)\s+)?(?P<name>{_NAME})",
        rf"\b(?:start(?:ing|s)?|begin(?:ning)?|depart(?:ing)?|derived|designed)\s+(?:from|with)\s+(?:the\s+(?:drug"
        rf"|compound|molecule|lead|hit|structure of)\s+)?(?P<name>{_NAME})",
        rf"\b(?:based|modell?ed|built)\s+(?:up)?on\s+(?:the\s+)?(?:scaffold of |structure of "
        rf"|core of )?(?P<name>{_NAME})",
        rf"\b(?:similar|close|related|analogous|comparable|identical)\s+to\s+(?:the\s+(?:drug|compound"
        rf"|molecule)\s+)?(?P<name>{_NAME})",
        rf"\b(?:tanimoto|similarity)(?:[^.;\n]|\.\d){{0,40}}?\bto\s+(?P<name>{_NAME})",
        rf"\b(?:optimi[sz]ation|modification|improvement|redesign|analysis|description|characteri[sz]ation"
        rf"|diversification)\s+of\s+(?:the\s+)?(?P<name>{_NAME})",
        rf"\b(?:compare|comparing|comparison of)\s+(?:the\s+)?(?P<name>{_NAME})",
        rf"\b(?:like|resembl(?:e|es|ing))\s+(?P<name>{_NAME})",
        rf"\b(?:optimi[sz]e|optimi[sz]ing|improve|improving|modify|modifying|tweak|redesign|redesigning|replace"
        rf"|describe|characteri[sz]e|profile|analy[sz]e|assess|evaluate|derivati[sz]e)\s+(?:the\s+)?(?:(?:structure"
        rf"|molecule|drug|compound|properties|profile|solubility|safety|lipophilicity|toxicity"
        rf"|permeability)\s+)?(?:of\s+)?(?:the\s+)?(?P<name>{_NAME})",
        rf"\b(?:properties|profile|descriptors|solubility|toxicity|logp|drug-likeness|structure|admet|version"
        rf"|versions|form|scaffold|lipophilicity)\s+of\s+(?:the\s+)?(?P<name>{_NAME})",
        rf"\b(?:seed|lead|parent|hit|fragment(?: hit)?|starting (?:point|molecule|compound|material))\s*(?:is|:|=|of)"
        rf"\s*(?P<name>{_NAME})",
        r"(?<![\w-])(?P<name>[A-Za-z][\w-]{3,}?)-(?:like|based|type|derived|inspired|related)\b",
        rf"\b(?:these|those|following|compounds?|molecules?|drugs?|solvents?|pesticides?|pollutants?)\b[^:.;\n]{{0,60}}:\s*(?P<name>{_NAME})(?=\s*,)",
        rf"\b(?:from)\s+(?P<name>{_NAME})",
    )
)
_LEADING = re.compile(
    rf"(?P<name>(?:[A-Za-z0-9αβγδ][\w()\[\],'αβγδ-]*\s+){{0,2}}[A-Za-z0-9αβγδ][\w()\[\],'αβγδ-]*)[\s-]+{_RELATIVES}\b",
    re.IGNORECASE,
)
_KOREAN_RELATIVES = re.compile(
    r"(?P<name>[A-Za-z0-9가-힣()\[\],'-]+(?:\s[A-Za-z0-9()\[\],'-]+)?)(?:의)?\s*(?:유도체|유사체|유사\s*(?:화합물"
    r"|물질|분자)|아날로그|동족체|변형체|과 유사|와 유사|과 비슷|와 비슷"
    r"|보다|처럼|(?:와|과) 같은|같은|에서 (?:시작|출발)|으로부터|로부터|을 (?:기반|바탕|출발)|를 (?:기반|바탕|출발)"
    r"|을 (?:개선|최적화|변형|분석)|를 (?:개선|최적화|변형|분석))"
)
# "셀레콕시브에서 불소를 제거한 유사체", "아세트아미노펜의 간독성을 줄인 유도체": the name opens the clause.
_KOREAN_OPENS = re.compile(
    r"(?:^|[.,;\n]\s*)(?P<name>[A-Za-z0-9가-힣()\[\]'-]{2,}?)(?:에서|의|보다|을|를|와|과)\s(?=[^.\n]{0,60}?(?:유도체|유사체|유사\s*화합물|아날로그|후보|대체))"
)
_EVERYDAY = frozenset(words.EVERYDAY_WORDS.split())
_COUNTED = re.compile(r"\d+(?:개|종|가지|건)?\W?(?:를|을|의|만|은|는)?")
_PARTICLE = re.compile(r"(?<=[\w)가-힣])(?:의|을|를|은|는|이|가|과|와|으로|로|에서|보다|처럼)$")
_KOREAN_VERB = re.compile(r"(?:줘|요|다|까|해|고|며|면|록|게|지|한|된|할|는|던|여|어|인)$")
_EDGE = re.compile(rf"^[\s,({MASK}]+|[\s,.:{MASK}]+$")


def find_names(text: str) -> tuple[MoleculeMention, ...]:
    """Find words that the phrasing marks as names of molecules ("analogues of X", "X derivatives", "X 유도체").

    Args:
        text: Normalised goal text, with written molecules, files and sequences masked.

    Returns:
        Candidates, the likeliest first; several may overlap (``fatty acid amides`` and ``amides``), and the resolver
        takes the first that names something.
    """
    spans: list[tuple[int, int]] = []
    for pattern in _SEED_PATTERNS[:-1]:
        spans += [match.span("name") for match in pattern.finditer(text)]
    spans += [match.span("name") for pattern in (_LEADING, _KOREAN_RELATIVES) for match in pattern.finditer(text)]
    spans += [match.span("name") for match in _SEED_PATTERNS[-1].finditer(text)]
    opening = {match.span("name") for match in _KOREAN_OPENS.finditer(text)}
    spans += [span for span in opening if span not in spans]
    found: dict[Interval, MoleculeMention] = {}
    for start, end in spans:
        for low, high in _shorter(text, start, end):
            role = role_before(text, low)
            found.setdefault((low, high), MoleculeMention(low, high, text[low:high], "name", role))
    for start, _ in spans:
        for low, high in _listed_after(text, start):
            found.setdefault((low, high), MoleculeMention(low, high, text[low:high], "name", "seed", certain=False))
    return tuple(found.values())


def _listed_after(text: str, start: int) -> list[Interval]:
    """Names that continue a list of names ("aspirin, ibuprofen and methyl salicylate")."""
    word = r"(?<![A-Za-z])(?!(?:and|or|with|vs)\b)[A-Za-z0-9(][\w()\[\]'-]*(?:,\d[\w-]*)*"
    item = rf"{word}(?:\s(?!and\b|or\b|vs\b|with\b)[A-Za-z][\w'-]*){{0,2}}"
    listed = re.match(
        rf"{item}(?:\s*(?:,\s*(?:and|or)?|\band\b|\bor\b|&|\bvs\.?|\bwith\b|와|과)\s*{item})+", text[start:]
    )
    if listed is None:
        return []
    items = [(start + m.start(), start + m.end()) for m in re.finditer(item, listed[0])]
    found: list[Interval] = []
    for low, high in items[1:]:
        found.append((low, high))
        if " " in text[low:high]:  # "naproxen tell me": the name may be the first word alone
            found.append((low, low + text[low:high].index(" ")))
    return [
        span for span in found if span[1] - span[0] > 3 and text[span[0] : span[1]].split()[0].lower() not in _EVERYDAY
    ]


def find_other_words(text: str, known: tuple[Interval, ...]) -> tuple[MoleculeMention, ...]:
    """Remaining words that could name a molecule, for goals without telling phrasing ("soluble celecoxib, logP < 4").

    Args:
        text: Normalised goal text, masked as for `find_names`.
        known: Spans that already mean something else.

    Returns:
        Runs of words that are no everyday words, whole and then word by word; none is certain.
    """
    found: dict[Interval, MoleculeMention] = {}
    for run in re.finditer(r"[A-Za-z0-9(][\w()\[\],'-]*(?:[ ]+[A-Za-z0-9(][\w()\[\],'-]*)*", text):
        group: list[Interval] = []
        for match in (*re.finditer(r"[^ ]+", run[0]), None):
            span = (run.start() + match.start(), run.start() + match.end()) if match else (0, 0)
            word = text[span[0] : span[1]].rstrip(",")
            if match and _may_name(word) and not any(span[0] < end and start < span[1] for start, end in known):
                group.append((span[0], span[0] + len(word)))
                if not match[0].endswith(","):
                    continue
            if group and group[-1][1] - group[0][0] > 3:
                spans = [(group[0][0], group[-1][1]), *(group if len(group) > 1 else [])]
                for low, high in spans:
                    found.setdefault((low, high), MoleculeMention(low, high, text[low:high], "name", certain=False))
            group = []
    for match in re.finditer(r"[가-힣]{2,}", text):
        if any(match.start() < end and start < match.end() for start, end in known):
            continue
        for word in dict.fromkeys((_PARTICLE.sub("", match[0]), match[0])):
            if len(word) > 2 and word not in _EVERYDAY and not _KOREAN_VERB.search(match[0]):
                span = (match.start(), match.start() + len(word))
                found.setdefault(span, MoleculeMention(*span, word, "name", certain=False))
    return tuple(found.values())


def _may_name(word: str) -> bool:
    lower = word.lower()
    return (
        len(word) >= 4
        and any(c.isalpha() for c in word)
        and lower not in _EVERYDAY
        and not lower.endswith(("ing", "ly", "tion", "tions", "ity", "ness"))
    )


def _shorter(text: str, start: int, end: int) -> list[Interval]:
    """A span of words and the shorter ones inside it that could be the name: everyday words cannot stand at an edge."""
    parts = [(start + m.start(), start + m.end()) for m in re.finditer(r"\S+", text[start:end])]
    spans = []
    for size in range(len(parts), 0, -1):
        for first in range(len(parts) - size + 1):
            low, high = parts[first][0], parts[first + size - 1][1]
            inner = _EDGE.sub("", text[low:high])
            low += text[low:high].index(inner) if inner else 0
            high = low + len(inner)
            edges = (
                text[parts[first][0] : parts[first][1]],
                text[parts[first + size - 1][0] : parts[first + size - 1][1]],
            )
            if (
                len(inner) > 2
                and not _COUNTED.fullmatch(inner)
                and not any(_EDGE.sub("", edge).lower() in _EVERYDAY for edge in edges)
                and MASK not in inner
            ):
                spans.append((low, high))
                if particle := _PARTICLE.search(inner):
                    spans.append((low, low + particle.start()))
    return spans
