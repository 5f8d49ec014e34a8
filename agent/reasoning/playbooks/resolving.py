"""Resolving the molecules of a goal: SMILES checked, names looked up, and a question where nothing is found."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.errors import InputError, TerminalToolError
from agent.reasoning.protocol import Context
from agent.reasoning.understanding import GoalParts
from agent.reasoning.understanding.molecules import MoleculeMention, find_written_molecules
from agent.reasoning.understanding.names import find_names, find_other_words
from agent.reasoning.understanding.text import Interval, normalise, overlaps
from agent.records import Entity, Question, Result
from agent.tools.molecules.groups import substructure_pattern

SEED = "seed"
"""Key of the question for a starting molecule."""

_NO_SEED = re.compile(
    r"(?:none|nothing|no(?: seed)?|from (?:nothing|scratch)|any(?:thing)?|없음|없어요?|처음부터)\.?", re.I
)

_COMPARES = re.compile(r"\bcompar\w+|\bversus\b|\bvs\b|\bwhich\b|비교|중\s|어느|차이", re.IGNORECASE)
"""Words of a goal that is about all the molecules that it names, not about the first."""

ONE_DESCRIBED = re.compile(
    r"\W*(?:please\s+)?(?:(?:compute|calculate|predict|estimate|report|list|show(?: me)?|give me|tell me|describe"
    r"|what are|what is)\s+)?(?:the\s+)?(?:\w+\s+){0,2}?(?:propert(?:y|ies)|descriptors|profile)\s+of\s+"
    r"(?!(?:the|an?|this|that|these|those|my|our|your|some|all|any|each|every)\b)[A-Za-z][\w()\[\],'-]{2,}(?:\s[\w-]+)?\W*"
    r"|[A-Za-z가-힣][\w가-힣-]+의\s?(?:\S+\s)?(?:물성|특성|성질)[을를]?\s?(?:계산|예측|알려|보여)\S*(?:\s?(?:줘|주세요))?\W*",
    re.IGNORECASE,
)
"""A goal that is nothing but the wish to know the properties of one thing, which has a name."""

MAX_TRIES = 14
"""How many words of a goal are looked up as names at most."""


@dataclass(frozen=True)
class Resolved:
    """The molecules of a goal, the question if there are none, and what the reader should know.

    ``none_named`` is set where the goal names no molecule at all, known or unknown, or the answer says that there is
    none to start from.
    """

    entities: tuple[Entity, ...] = ()
    missing: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()
    none_named: bool = False


async def resolve_molecules(parts: GoalParts, context: Context) -> Resolved:
    """Resolve the molecules that a goal names.

    SMILES and InChI come first, then names that the phrasing marks, then any remaining word that the reference sets
    know. If the only molecule is one to be similar to, it is where the design starts.

    Args:
        parts: The goal as read.
        context: To call ``resolve_molecule``, and for the answer to an earlier question.

    Returns:
        Molecule entities with canonical SMILES, or a question.

    Raises:
        InputError: A SMILES or InChI cannot be read.
        TerminalToolError: The look-up itself failed.
    """
    entities = [entity for mention in parts.molecules if (entity := await _written(mention, context))]
    known: list[Interval] = [(mention.start, mention.end) for mention in parts.molecules]
    unknown: dict[str, Result] = {}
    tried: dict[str, Result] = {}
    named = find_names(parts.bare)
    groups = tuple(mention for mention in named if substructure_pattern(mention.text))
    if not any(entity.role == "seed" for entity in entities):
        found, unknown = await _named(
            tuple(mention for mention in named if mention not in groups), context, known, tried
        )
        entities += found
    if not entities:
        taken = [(mention.start, mention.end) for mention in (*parts.mentions, *groups)]
        others = find_other_words(parts.bare, tuple(taken))
        groups += tuple(mention for mention in others if substructure_pattern(mention.text))
        found, _ = await _named(tuple(one for one in others if one not in groups), context, known, tried)
        entities = found if _COMPARES.search(parts.bare) else found[:1]
    if not entities and not parts.groups:  # a group to keep or avoid is no starting point; "analogues of indole" is
        entities, _ = await _named(groups, context, known, tried)
    if not entities and (answer := context.answers.get(SEED)):
        if _NO_SEED.fullmatch(answer.strip()):
            return Resolved(none_named=True)
        entity, why = await _answered(answer, context)
        if entity is None:
            return Resolved(missing=(_question(parts, why),))
        entities = [entity]
    if not entities:
        missing = (_question(parts, _unknown_in_words(parts, unknown)),)
        return Resolved(missing=missing, none_named=not unknown)
    if not any(entity.role == "seed" for entity in entities):
        entities[0] = entities[0].model_copy(update={"role": "seed"})
    notes = tuple(
        f"I read '{entity.text}' as {entity.value} ({entity.source})." for entity in entities if entity.source != "goal"
    )
    return Resolved(tuple(_once(entities)), notes=notes)


async def _written(mention: MoleculeMention, context: Context) -> Entity | None:
    result = await context.call("resolve_molecule", {"molecule": mention.text})
    if result.status == "ok":
        return _entity(mention, result, source="goal")
    if not mention.certain:
        return None
    kind = "SMILES" if mention.notation == "smiles" else "InChI"
    told = result.error.message if result.error else result.summary
    remedy = result.error.remedy if result.error else None
    raise InputError(
        f"The {kind} '{mention.text}' cannot be read: {told}",
        remedy=f"{remedy or 'Correct it.'} Or give the molecule's name.",
    )


async def _named(
    mentions: tuple[MoleculeMention, ...], context: Context, known: list[Interval], tried: dict[str, Result]
) -> tuple[list[Entity], dict[str, Result]]:
    """Look up candidate names; words inside a name that was found are not looked up again."""
    found: list[tuple[int, Entity]] = []
    unknown: list[MoleculeMention] = []
    for mention in mentions:
        span = (mention.start, mention.end)
        if overlaps(span, known):
            continue
        key = mention.text.lower()
        if key not in tried:
            if len(tried) >= MAX_TRIES:
                break
            tried[key] = await context.call("resolve_molecule", {"molecule": mention.text})
        result = tried[key]
        if result.status == "ok" and (mention.certain or _is_a_name(mention.text, result)):
            known.append(span)
            found.append((mention.start, _entity(mention, result, source="")))
        elif result.status == "error" and result.error and not result.error.repairable:
            raise TerminalToolError(
                f"'{mention.text}' could not be looked up: {result.error.message}", remedy=result.error.remedy
            )
        elif mention.certain:
            unknown.append(mention)
    spans = [(start, start + len(entity.text)) for start, entity in found]
    names = {m.text: tried[m.text.lower()] for m in unknown if not overlaps((m.start, m.end), spans)}
    return [entity for _, entity in sorted(found, key=lambda pair: pair[0])], names


def _is_a_name(text: str, result: Result) -> bool:
    """Whether a word that no phrasing marks is meant as a molecule: large sets of compounds hold everyday words too."""
    if "drug" in str(result.data.get("source", "")).lower():
        return True
    return " " in text or len(text) >= 9 or any(c.isdigit() for c in text)


async def answered(answer: str, context: Context) -> tuple[Entity, ...]:
    """The molecules that an answer lists by name, SMILES or InChI; those that cannot be told are left out."""
    pieces = dict.fromkeys(piece.strip() for piece in re.split(r"[;\n]|,\s", answer) if piece.strip())
    found = [(await _answered(piece, context))[0] for piece in pieces]
    return tuple(entity for entity in found if entity is not None)


async def _answered(answer: str, context: Context) -> tuple[Entity | None, str]:
    text = normalise(answer).strip()
    written = find_written_molecules(text)
    choices = [*(mention.text for mention in written), text]
    why = ""
    for choice in dict.fromkeys(choices):
        result = await context.call("resolve_molecule", {"molecule": choice})
        if result.status == "ok":
            mention = MoleculeMention(0, len(choice), choice, "name")
            return _entity(mention, result, source="answer"), ""
        why = result.error.message if result.error else result.summary
    return None, why


def _entity(mention: MoleculeMention, result: Result, *, source: str) -> Entity:
    return Entity(
        kind="molecule",
        text=mention.text,
        value=str(result.data["smiles"]),
        role=mention.role,
        source=source or str(result.data.get("source") or "resolve_molecule"),
    )


def _once(entities: list[Entity]) -> list[Entity]:
    return list({entity.value: entity for entity in reversed(entities)}.values())[::-1]


def _unknown_in_words(parts: GoalParts, unknown: dict[str, Result]) -> str:
    if not unknown:
        return ""
    name = min(unknown, key=lambda word: (len(word.split()), -len(word)))
    error = unknown[name].error
    if error is not None and error.message.startswith("molecule '"):  # the name is known, and what it means not handled
        return error.message if error.message.endswith(".") else f"{error.message}."
    near = [str(other) for other in unknown[name].data.get("similar", [])]
    name = re.sub(r"(?<=[가-힣]{2})(?:의|을|를|은|는|과|와|에서)$", "", name)
    hint = parts.say(f" Did you mean {' or '.join(near)}?", f" 혹시 {', '.join(near)}?") if near else ""
    return parts.say(f"I do not know a molecule called '{name}'.", f"'{name}'(이)라는 분자를 찾지 못했습니다.") + hint


def _question(parts: GoalParts, why: str) -> Question:
    if why and ONE_DESCRIBED.fullmatch(parts.bare):  # whose properties are asked for is named already
        which = parts.say(
            "Give its SMILES, or another name of it. (Of a material or a sequence, attach the file.)",
            "SMILES나 다른 이름을 적어 주세요. (재료나 서열이면 파일을 첨부해 주세요.)",
        )
        return Question(key=SEED, text=f"{why} {which}")
    text = parts.say(
        "Which molecule should I start from? Give a name or a SMILES, for instance 'celecoxib' or "
        "'CC(=O)Oc1ccccc1C(=O)O', or say 'none' to design from nothing.",
        "어떤 분자에서 시작할까요? 이름이나 SMILES를 적어 주세요. 예: 'celecoxib' 또는 'CC(=O)Oc1ccccc1C(=O)O'. "
        "처음부터 설계하려면 '없음'이라고 답해 주세요.",
    )
    return Question(key=SEED, text=f"{why} {text}".strip())
