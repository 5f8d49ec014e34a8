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
    found = list(dict.fromkeys(" ".join(phrase) for phrase in phrases if phrase))
    if not found:
        return ()
    listed = ", ".join(f"'{phrase}'" for phrase in found[:MOST])
    more = f" and {len(found) - MOST} more" if len(found) > MOST else ""
    return (f"No step of the plan uses these words: {listed}{more}.",)


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
