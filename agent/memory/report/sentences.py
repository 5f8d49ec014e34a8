"""What tools and rules say in English, in the report's language: known sentences by template, all others as they are.

Tools, playbooks and their notes speak English only. Their sentences are templates with values, so that the report can
word the commonest of them again in the reader's language: a value is copied letter by letter, and what no template
knows stays English. The ledger and the evidence keep the original.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files

from agent.memory.history import History

_FOLDER = files("agent.memory.report") / "languages" / "sentences"
_SLOT = re.compile(r"\\\{(\w+)\\\}")


@cache
def templates(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The sentences of a language: how the English is recognised, and what is said instead; none without a file."""
    place = _FOLDER / f"{language}.toml"
    if not place.is_file():
        return ()
    rows = tomllib.loads(place.read_text(encoding="utf-8"))["sentence"]
    return tuple((_recognised(row["en"]), row["local"]) for row in rows)


def _recognised(sentence: str) -> re.Pattern[str]:
    """A pattern for an English template: at the start of a text or behind a sentence, up to the end of one.

    The slot ``n`` is a number; any other takes whatever stands there.
    """
    slots = {"n": r"[\d,.]+"}
    body = _SLOT.sub(lambda slot: f"(?P<{slot[1]}>{slots.get(slot[1], '.+?')})", re.escape(sentence))
    return re.compile(rf"(?:^|(?<=[.;!?]\s)){body}(?=\s|$)")


def reworded(text: str, language: str) -> str:
    """A text with its known sentences in another language.

    Args:
        text: English.
        language: As in ``ko``.
    """
    for pattern, local in templates(language):
        text = pattern.sub(lambda match, local=local: local.format(**match.groupdict()), text)
    return text


def in_language(history: History, language: str) -> History:
    """A run whose notes, reasons and summaries are worded in another language, as far as they are known.

    Hypotheses stay as they are: their figures are bound to places in the text.

    Args:
        history: The run; it is not changed.
        language: Of the report.
    """
    if not templates(language):
        return history

    def local(text: str) -> str:
        return reworded(text, language)

    brief = history.brief
    return replace(
        history,
        brief=brief.model_copy(update={"notes": tuple(map(local, brief.notes))}) if brief else None,
        recalled=[one.model_copy(update={"summary": local(one.summary)}) for one in history.recalled],
        steps={key: one.model_copy(update={"why": local(one.why)}) for key, one in history.steps.items()},
        rationale=local(history.rationale),
        evidence={key: one.model_copy(update={"summary": local(one.summary)}) for key, one in history.evidence.items()},
        reviews=[one.model_copy(update={"notes": tuple(map(local, one.notes))}) for one in history.reviews],
        notices=[one.model_copy(update={"text": local(one.text)}) for one in history.notices],
    )
