"""Whether a goal is refused: which words decide, and why.

The rule, by the level of what the text names:

* ``prohibited`` (schedule 1 agents, their last precursors, weapons by purpose): refused, unless the text says that it
  is about detection, treatment, protection, decontamination, destruction, control or history, and asks for no
  production, enhancement or acquisition.
* ``restricted`` (select-agent toxins and agents, explosives, a few controlled substances): refused where the text asks
  for production, enhancement, acquisition or new variants, or speaks of harm; otherwise it goes on with a notice.
* ``watched`` (industrial chemicals of schedules 2 and 3, the word "nitrogen mustard", viruses in circulation): refused
  where the text speaks of harm or weapons, or asks to defeat vaccines or treatment; otherwise it goes on with a notice.

A request to defeat detection, antidotes or treatment is refused at the first two levels, whatever else the text says.
A verb of production is linked to a name in the same sentence unless what is produced is protective: "synthesis of an
antidote against sarin" and "make sarin sensors" are not production of sarin; "synthesis of sarin to test antidotes" is.
The rule reads words. It cannot tell intent, and 'no match' is no statement of safety.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from agent.records import Record
from agent.tools.hazards.entries import Level, entries, groups, words
from agent.tools.hazards.names import Hit, find_names
from agent.tools.hazards.normalise import normalise

# How many words may stand between a verb of production and the name it is linked to.
_WORDS_BEFORE = 8
_WORDS_AFTER = 5

# The dot of an initial ("B. anthracis") ends no sentence.
_SENTENCE_END = re.compile(r"(?<!\b[a-z])[.!?;。]+(?=\s|$)|\n+")
_JOINED_BY_AND = re.compile(r"(?:\band\b|\bor\b|&|,|/|및|그리고)\s*$")
_COMPOUND_END = re.compile(r"\b(?:to|for|with|and|or|that|which|by|from|in|on|so|using|via)\b|[,;:]")
_COMPARISON = re.compile(r"\b(?:than|versus|vs|compared|unlike|instead)\b")


class GoalScreen(Record):
    """What the hazard screen says of a goal.

    Attributes:
        verdict: Whether the text names anything that the screen knows. 'no match' never means safe.
        refused: Whether the goal may not be worked on.
        reason: Why, in one or two sentences.
        covers: What the screen looked for.
        matches: What was found: the name, and the entry it belongs to.
    """

    verdict: Literal["match", "no match"]
    refused: bool
    reason: str
    covers: str
    matches: tuple[str, ...] = ()


def assess_goal(text: str) -> GoalScreen:
    """Screen a goal's words. Pure text: no worker and no chemistry library is needed.

    Structures written in the goal (SMILES, sequences) are not read here; `screen_candidates` screens those.

    Args:
        text: The goal as the researcher wrote it, in English or Korean.
    """
    plain = normalise(text)
    hits = find_names(plain)
    if not hits:
        return GoalScreen(
            verdict="no match",
            refused=False,
            reason="The goal names nothing that the screen knows.",
            covers=text_coverage(),
        )
    refused, reason = _judge(plain, hits)
    found = tuple(dict.fromkeys(f"{hit.name} ({hit.entry.id}: {hit.entry.title})" for hit in hits))
    return GoalScreen(
        verdict="match",
        refused=refused,
        reason=f"{reason} Found: {_listed(hits)}.",
        covers=text_coverage(),
        matches=found,
    )


@cache
def text_coverage() -> str:
    """What the screen of texts covers, in one sentence."""
    lists = "; ".join(groups())
    return (
        f"Names of {len(entries())} classes in English and Korean, CAS numbers, frequent misspellings and disguised "
        f"spellings: {lists}. It reads words only, knows no unlisted agent, and 'no match' does not mean safe; "
        "structures and sequences are screened separately."
    )


def _judge(text: str, hits: tuple[Hit, ...]) -> tuple[bool, str]:
    evades = _pattern("evasion").search(text)
    # Phrases that only look protective are blanked out, so that places in the text stay the same.
    cleared = _blank(_blank(text, _pattern("evasion")), _pattern("neutral"))
    protective = _pattern("protective").search(_blank_spans(cleared, hits)) is not None
    harmful = _pattern("harm").search(text)
    refusals: list[str] = []
    for hit in hits:
        level: Level = hit.entry.level
        if level == "watched":
            if evades and not protective:
                refusals.append(f"it asks to defeat protection or treatment ('{evades[0].strip()}') of {hit.name}")
            elif harmful and not protective:
                refusals.append(f"it names {hit.name} and speaks of harm or of a weapon ('{harmful[0].strip()}')")
            continue
        linked = _linked(cleared, hit, protective)
        if evades:
            refusals.append(f"it asks to defeat detection or treatment ('{evades[0].strip()}') of {hit.name}")
        elif linked:
            refusals.append(f"it asks for the production, enhancement or acquisition ('{linked}') of {hit.name}")
        elif level == "prohibited" and not protective:
            refusals.append(
                f"it is about {hit.name}, and says nothing of detection, treatment, protection, decontamination or "
                "destruction"
            )
        elif level == "restricted" and harmful and not protective:
            refusals.append(f"it names {hit.name} and speaks of harm ('{harmful[0].strip()}')")
    if refusals:
        return True, f"The goal is refused: {'; '.join(dict.fromkeys(refusals))}."
    if protective:
        return False, "The goal names a hazard in a protective context; work on production or enhancement is not done."
    return False, "The goal names a hazard; it asks for nothing that the screen refuses."


def _linked(text: str, hit: Hit, protective: bool) -> str:
    """The word that asks for making or worsening what a hit names; empty if there is none."""
    start, end = _sentence(text, hit)
    before, after = text[start : hit.start], text[hit.end : end]
    if _fought(before):
        return ""
    medical = hit.entry.level == "restricted" and _pattern("medical").search(text) is not None
    if not _protective_compound(after):
        for match in reversed(list(_making().finditer(before))):
            between = before[match.end() :]
            if len(between.split()) > _WORDS_BEFORE:
                break
            if not _blocks(between) and not (medical and _pattern("handling").fullmatch(match[0].strip())):
                return match[0].strip()
    for match in _making().finditer(after):
        between = after[: match.start()]
        if len(between.split()) > _WORDS_AFTER or _comes_from(between):
            break
        if medical and _pattern("handling").fullmatch(match[0].strip()):
            continue
        if not _pattern("protective").search(between) and not _governed(before, match):
            return match[0].strip()
    if not protective:
        # A later sentence may take the name up: "Sarin is a nerve agent. Synthesise it."
        for match in _making().finditer(text, end):
            rest = text[match.start() : match.end() + 30]
            if _pattern("pronouns").search(rest):
                return match[0].strip()
    return ""


def _fought(before: str) -> bool:
    """Whether the name is what something is meant to act against: "antibiotics against Yersinia pestis"."""
    return _pattern("fought").search(before[-60:].rstrip()) is not None


def _protective_compound(after: str) -> bool:
    """Whether the name only modifies a protective noun: "sarin detection", "ricin vaccine"."""
    head = " ".join(_COMPOUND_END.split(after, maxsplit=1)[0].split()[:4])
    return _pattern("protective").search(head) is not None


def _blocks(between: str) -> bool:
    """Whether a protective word between verb and name makes it the object: "synthesis of an antidote against"."""
    if _COMPARISON.search(between):
        return True
    return any(
        not _JOINED_BY_AND.search(between[: match.start()]) for match in _pattern("protective").finditer(between)
    )


def _comes_from(between: str) -> bool:
    # "sarin sensors to make ...": a purpose clause has another object.
    return re.search(r"(?<!how )\bto\b|\b(?:for|in order|so that|using)\b", between) is not None


def _governed(before: str, match: re.Match[str]) -> bool:
    """Whether what follows the name is itself being detected or prevented: "detect sarin production"."""
    near = " ".join(before.split()[-4:])
    return (
        re.match(r"produc|synthes|manufact|releas|precurs|dispers|합성|제조|생산", match[0]) is not None
        and _pattern("protective").search(near) is not None
    )


def _sentence(text: str, hit: Hit) -> tuple[int, int]:
    starts = [match.end() for match in _SENTENCE_END.finditer(text, 0, hit.start)]
    end = _SENTENCE_END.search(text, hit.end)
    return (starts[-1] if starts else 0), (end.start() if end else len(text))


def _blank(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda match: " " * len(match[0]), text)


def _blank_spans(text: str, hits: tuple[Hit, ...]) -> str:
    for hit in hits:
        text = text[: hit.start] + " " * (hit.end - hit.start) + text[hit.end :]
    return text


def _listed(hits: tuple[Hit, ...]) -> str:
    return ", ".join(dict.fromkeys(f"{hit.name} ({hit.entry.id})" for hit in hits))


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    return _compiled(words()[kind])


@cache
def _making() -> re.Pattern[str]:
    # Enhancement first: "more stable" is the better reason to give.
    return _compiled((*words()["enhancement"], *words()["production"]))


def _compiled(parts: tuple[str, ...]) -> re.Pattern[str]:
    # English words stand alone; Korean ones are parts of longer words.
    bounded = (
        part if re.match(r"[가-힣(]", part) and re.search(r"[가-힣]", part) else rf"\b(?:{part})\b" for part in parts
    )
    return re.compile("|".join(bounded))
