"""Words of a goal that no part of its brief takes up: what was not understood is told, not passed over."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from agent.reasoning.understanding import words
from agent.reasoning.understanding.elements import NAMES
from agent.reasoning.understanding.numbers import NUMBER_WORDS
from agent.reasoning.understanding.parts import GoalParts
from agent.reasoning.understanding.text import MASK, Interval, mask, overlaps
from agent.records import Constraint, Entity, Objective

MOST = 5
"""Phrases that one note names at most."""

_TOKEN = re.compile(rf"[A-Za-z][A-Za-z0-9'/+-]*|[^\sA-Za-z{MASK}]")
_KNOWN = frozenset(
    " ".join((words.EVERYDAY_WORDS, words.FILLER_WORDS, words.NOT_UNIT_WORDS, words.ASKING_WORDS)).lower().split()
)


def unheard(
    parts: GoalParts,
    entities: Sequence[Entity],
    bounds: Iterable[Constraint | Objective],
    options: object,
    notes: Sequence[str],
    trade: Sequence[re.Pattern[str]] = (),
) -> tuple[str, ...]:
    """The phrases of a goal that nothing has used: a note that names them, or none.

    Args:
        parts: The goal as read.
        entities: What of it was resolved.
        bounds: The bounds and wishes that were taken up.
        options: Settings of the plan; a word that stands in one is used.
        notes: Notes of the brief; a phrase that one quotes is told already.
        trade: The words of the chosen playbook's trade ("primers", "perovskites"), which its plan serves.
    """
    spans: list[Interval] = [(mention.start, mention.end) for mention in parts.mentions]
    spans += parts.compositions.spans
    quoted = [text for note in notes for text in re.findall(r"'([^']{3,})'", note)]
    texts = [entity.text for entity in entities] + [item.text for item in bounds] + quoted
    for text in dict.fromkeys(text for text in texts if text):
        spans += [match.span() for match in re.finditer(re.escape(text), parts.bare, re.IGNORECASE)]
    spans += [match.span() for pattern in trade for match in pattern.finditer(parts.bare)]
    taken = [options, [entity.value for entity in entities]]
    used = json.dumps(taken, default=str, ensure_ascii=False).lower() + " ".join(notes).lower()
    bare = mask(parts.bare, spans)
    phrases: list[list[str]] = [[]]
    for match in _TOKEN.finditer(bare):
        word = match[0]
        if _says_nothing(word, used) or overlaps(match.span(), spans):
            phrases.append([])
        else:
            phrases[-1].append(word)
    told = _unkept_korean(parts, texts, used)
    found = list(dict.fromkeys(" ".join(phrase) for phrase in phrases if phrase))
    if not found:
        return told
    listed = ", ".join(f"'{phrase}'" for phrase in found[:MOST])
    more = f" and {len(found) - MOST} more" if len(found) > MOST else ""
    return (*told, f"No step of the plan uses these words: {listed}{more}.")


_KOREAN_WISH = re.compile(
    r"(?P<what>(?:[가-힣A-Za-z0-9()\[\],'-]+\s+)?[가-힣A-Za-z0-9()\[\],'-]*?[가-힣A-Za-z0-9)\]])"
    r"(?:을|를|은|는|이|가|만|도)?\s*(?:반드시\s*|꼭\s*|그대로\s*|모두\s*)?"
    r"(?P<wish>그대로|유지|보존|고정|남기|남겨|제외|배제|제거|빼|피하|피해)"
)
_WHOLE = frozenset(
    ("골격", "코어", "고리", "구조", "부분", "모이어티", "단위", "작용기", "그룹", "기", "원소", "물질", "성분")
)


def _unkept_korean(parts: GoalParts, texts: Sequence[str], used: str) -> tuple[str, ...]:
    """A note for every thing that a Korean goal wants kept or left out and that the plan has not taken up.

    Korean has no rule by which a word that was not understood could be told from a verb's ending; what stands before a
    wish to keep or to avoid is always meant, so that at least this is never passed over in silence.
    """
    notes = []
    for match in _KOREAN_WISH.finditer(parts.bare):
        if MASK in match["what"]:
            continue
        *before, last = match["what"].split()
        # The word before belongs to the wish where it is of a list ("A와 B는 제외") or names what a core is of.
        named = [word for word in before if re.search(r"(?:와|과|,|및)$", word) or last in _WHOLE]
        for word in (*named, last):
            plain = re.sub(r"(?:기?와|기?과|,|을|를|은|는|이|가|의|만|도|인)$", "", word)
            heard = any(plain in text or text in plain for text in texts if text) or plain.lower() in used
            if plain and plain not in _WHOLE and not heard:
                notes.append(
                    f"'{plain}': 이 말에 해당하는 구조나 물질을 알아보지 못해 '{match['wish']}' 조건을 계획에 반영하지 "
                    "못했습니다. 이름 대신 SMILES, SMARTS 또는 화학식으로 적어 주세요."
                )
    return tuple(dict.fromkeys(notes))


def _says_nothing(word: str, used: str) -> bool:
    """Whether a word is no content of its own, or stands in the plan."""
    plain = word.lower().strip("'-/+")
    stems = {plain, plain.rstrip("s"), re.sub(r"(?:ing|ed|es|d)$", "", plain), re.sub(r"(?:ing|ed)$", "e", plain)}
    if len(plain) < 3 or stems & _KNOWN or plain in NUMBER_WORDS:
        return True
    if "-" in plain or "/" in plain:
        return all(_says_nothing(part, used) for part in re.split(r"[-/]", plain))
    if (symbol := NAMES.get(plain)) and f'"{symbol.lower()}' in used:
        return True
    return bool(re.search(rf"(?<![a-z]){re.escape(plain.rstrip('s'))}", used))
