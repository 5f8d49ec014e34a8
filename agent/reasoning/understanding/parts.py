"""Reading a goal: everything that its words alone say, before any tool is called and any playbook is chosen."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from agent.reasoning.understanding.clauses import carry_comparators, link_numbers
from agent.reasoning.understanding.compositions import Compositions, find_compositions
from agent.reasoning.understanding.constraints import bounds_of, refuse_contradictions
from agent.reasoning.understanding.files import FoundFile, column_words, find_files
from agent.reasoning.understanding.mentions import Mention, find_mentions
from agent.reasoning.understanding.molecules import MoleculeMention, find_written_molecules
from agent.reasoning.understanding.numbers import NumberTag, tag_numbers
from agent.reasoning.understanding.objectives import find_objectives
from agent.reasoning.understanding.presets import find_presets
from agent.reasoning.understanding.relative import Relative, find_relative
from agent.reasoning.understanding.replacing import find_replacing
from agent.reasoning.understanding.sequences import (
    RawSequence,
    find_enzymes,
    find_organisms,
    find_sequences,
    reads_as_chain,
)
from agent.reasoning.understanding.substructures import find_group_wishes, find_smarts, spans_of
from agent.reasoning.understanding.text import Interval, Language, language_of, mask, normalise
from agent.reasoning.understanding.wanted import find_wanted
from agent.records import Constraint, Entity, Goal, Objective
from agent.vocabulary import by_key

_PAINS_AWAY = re.compile(
    r"(?:avoid(?:ing)?|no|without|excluding?|free of|remove|zero|filter(?:ing)?(?: out)?)\s+(?:any\s+|all\s+)?"
    r"(?P<what>pains|structural alerts|alerts)"
    r"|(?:check|screen|flag|triage|test|look)\w*\s+(?:[\w,]+\s+){0,4}?(?:for|against)\s+(?:any\s+)?(?:[\w,]+\s+(?:or|and|&)\s+)?"
    r"(?:pains|structural alerts|alerts)|(?P<ko>PAINS)\s*(?:를|을)?\s*(?:제외|피하|배제|없)",
    re.IGNORECASE,
)
_NONE_OF = re.compile(r"\b(?:no|without(?: any)?|zero)\s+$", re.IGNORECASE)
_PH = r"(?:(?:at\s+)?pH\s*(?:of|=|:)?\s*)"
_ACIDITY = re.compile(
    rf"(?:(?<=logD)|(?<=log D))(?:\s?\(\s*{_PH}?\d+(?:\.\d+)?\s*\)|[\s_,@]?7\.4(?![\d.]))"
    rf"|{_PH}\d+(?:\.\d+)?(?:\s*(?:,|and|or|to|-|/|&|,\s*and)\s*(?:pH\s*)?\d{{1,2}}\.\d+(?!\s*[A-Za-zµ%]*/))*",
    re.IGNORECASE,
)
"""A pH: "pH 7.4", "pH 1.2, 4.5 and 6.8", and that of a logD ("logD(7.4)", "logD7.4")."""

_RATIO = re.compile(
    r"(?<![\d.:])\d+(?:\.\d+)?(?:\s?:\s?\d+(?:\.\d+)?)+(?:\s*(?:to|-|and)\s*\d+(?:\.\d+)?(?:\s?:\s?\d+(?:\.\d+)?)+)?"
)
_ISOTOPE = re.compile(
    r"(?<![\w.])(?<!at )(?<!below )(?<!above )(?:2H|3H|13C|14C|15N|1[78]O|34S|10Be|26Al|40K|[34][069]Ar|8[67]Sr"
    r"|90Sr|87Rb|137Cs|131I"
    r"|14[37]Nd|147Sm|20[4678]Pb|210Pb|23[0258](?:U|Th|Pu))\b"
)
_COUNTED_THING = re.compile(
    r"\s*[\w-]+(?:\s+(?!(?:and|or|but|with|for|in|on|at|to|from|of|that|which|is|are)\b)[\w-]+)?"
)
_STEP = re.compile(
    r"\d+(?:\.\d+)?(?:\s*(?:-|–|~|to)\s*\d+(?:\.\d+)?)?\s*(?:°\s?C?|℃|degrees?(?:\s+C\w*)?)\s*"
    r"(?:(?:higher|lower|hotter|cooler|warmer)\b|(?:above|below)\s+(?:the|that|those|its|their)\b)"
    r"|\d+(?:\s*[-~]\s*\d+)?\s*(?:도|°C|℃)\s*(?:정도\s*)?(?:더\s*)?(?:높|낮)\w*",
    re.IGNORECASE,
)
_LIST_NUMBER = re.compile(r"(?m)^\s*\(?\d+[.)](?=\s)")


@dataclass(frozen=True)
class GoalParts:
    """What a goal's words say, as a playbook takes it up.

    Attributes:
        goal: As asked.
        text: Its text with one spelling per character; all offsets refer to it.
        bare: The text with identifiers (paths, SMILES, sequences) masked.
        language: ``en`` or ``ko``.
        constraints: Hard bounds, named rules included.
        objectives: What to push; targets included.
        wanted: How many results are asked for.
        counts: Other counts by name (``hypotheses``).
        files: Files named or attached.
        molecules: SMILES and InChI.
        sequences: Sequences written out.
        compositions: Formulas, systems and prototypes.
        groups: Substructures to keep or avoid.
        organisms: Pairs of scientific name and the goal's word.
        enzymes: Restriction enzymes.
        mentions: Where quantities are named.
        relatives: Bounds that are steps from another molecule's value.
        numbers_left: Numbers that belong to no quantity; a playbook may claim them, the rest becomes notes.
        notes: What the reader should know.
    """

    goal: Goal
    text: str
    bare: str
    language: Language
    constraints: tuple[Constraint, ...] = ()
    objectives: tuple[Objective, ...] = ()
    wanted: int | None = None
    counts: tuple[tuple[str, int], ...] = ()
    files: tuple[FoundFile, ...] = ()
    molecules: tuple[MoleculeMention, ...] = ()
    sequences: tuple[RawSequence, ...] = ()
    compositions: Compositions = field(default_factory=lambda: Compositions((), (), (), ()))
    groups: tuple[Entity, ...] = ()
    organisms: tuple[tuple[str, str], ...] = ()
    enzymes: tuple[str, ...] = ()
    mentions: tuple[Mention, ...] = ()
    relatives: tuple[Relative, ...] = ()
    numbers_left: tuple[NumberTag, ...] = ()
    notes: tuple[str, ...] = ()

    def say(self, english: str, korean: str) -> str:
        """The wording for the goal's language."""
        return korean if self.language == "ko" else english


def read_goal(goal: Goal) -> GoalParts:
    """Read a goal.

    Args:
        goal: As asked.

    Returns:
        Its parts.

    Raises:
        ConflictError: Two of its wishes contradict each other.
        InputError: A unit is unknown, or a file is missing.
    """
    text = normalise(goal.text)
    files = find_files(text, goal.attachments)
    without_files = mask(text, [item.span for item in files if item.span])
    sequences = find_sequences(without_files)
    plain = mask(without_files, [(item.start, item.end) for item in sequences])
    patterns = find_smarts(plain)
    plain = mask(plain, spans_of(patterns))
    molecules = find_written_molecules(plain)
    bare = mask(plain, [(item.start, item.end) for item in molecules])
    compositions = find_compositions(bare)
    groups = (*find_group_wishes(bare), *patterns)
    presets = find_presets(bare)
    replacing = find_replacing(bare)  # "10 % of the Ti": a share of atoms is no value of a property
    acidities = tuple(_ACIDITY.finditer(bare))

    readable = mask(
        bare,
        (
            *presets.spans,
            *(replacing.spans[1:] if replacing else ()),
            *(match.span() for match in acidities),
            *(match.span() for pattern in (_RATIO, _ISOTOPE, _STEP) for match in pattern.finditer(bare)),
            *(match.span() for match in _LIST_NUMBER.finditer(bare)),
        ),
    )
    mentions = tuple(
        mention
        for mention in find_mentions(readable)
        if not any(wish.start < mention.end and mention.start < wish.end for wish in groups)
        or (mention.start, mention.end) in spans_of(groups)  # "aromatic rings" can be counted, or kept
    )
    own = column_words(files)  # what a table of the lab's own measures is no quantity that is computed
    mentions = tuple(m for m in mentions if not any(_words(readable[m.start : m.end]) <= one for one in own))
    relatives = tuple(replace(item, text=text[slice(*item.span)].strip()) for item in find_relative(readable, mentions))
    steps = [item.span for item in relatives]
    numeric = mask(readable, [*_digits_in(readable, mentions), *steps])
    tags = tag_numbers(numeric)
    wanted, counts, used = find_wanted(numeric, tags, mentions)
    tags = carry_comparators(numeric, tuple(tag for tag in tags if tag not in used), mentions)
    links, left = link_numbers(numeric, tags, mentions)
    bounds = bounds_of(text, links)
    none_of = _counts_of_none(numeric, mentions, tuple(link.mention for link in links))
    counted = {(link.mention.start, link.mention.end) for link in links if link.mention}
    constraints = (*bounds.constraints, *none_of, *presets.constraints)
    refuse_contradictions(constraints, (*bounds.phrases, *(bound.text for bound in none_of), *presets.phrases))
    wishes = find_objectives(readable, mentions, (*((tag.start, tag.end) for tag in tags), *steps))
    objectives = {item.quantity: item for item in (*wishes.objectives, *bounds.objectives)}
    return GoalParts(
        goal=goal,
        text=text,
        bare=bare,
        language=language_of(goal.text),
        constraints=_without_repeats(constraints),
        objectives=tuple(
            item for item in objectives.values() if not any(bound.quantity == item.quantity for bound in none_of)
        ),
        wanted=wanted,
        counts=tuple(counts.items()),
        files=files,
        molecules=molecules,
        sequences=sequences,
        compositions=compositions,
        groups=tuple(wish.entity for wish in groups if (wish.start, wish.end) not in counted),
        organisms=find_organisms(bare),
        enzymes=find_enzymes(bare),
        mentions=mentions,
        relatives=relatives,
        numbers_left=left,
        notes=(
            *presets.notes,
            *bounds.notes,
            *wishes.notes,
            *_acidity_notes(acidities, mentions),
            *_chain_notes(molecules),
            *_step_notes(bare),
        ),
    )


def notes_on_unused(
    parts: GoalParts, claimed: tuple[NumberTag, ...] = (), told: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """A note for every number of the goal that nothing has used.

    Args:
        parts: The goal as read.
        claimed: Numbers that the playbook has taken up.
        told: Its notes; a ratio that one of them names is taken up.
    """
    notes = []
    for match in _RATIO.finditer(parts.bare):
        if not any(match[0] in note for note in told):
            notes.append(f"I did not use the ratio '{match[0]}': no step takes it.")
    for tag in parts.numbers_left:
        if tag in claimed or (tag.in_words and tag.relation == "bare" and tag.unit is None):
            continue
        words = parts.text[tag.start : tag.end].strip()
        follows = _COUNTED_THING.match(parts.bare[tag.end :])
        words += follows[0] if follows and tag.unit is None and tag.relation != "between" else ""
        notes.append(f"I did not use '{words}': it belongs to no quantity that I know.")
    return tuple(notes)


def _digits_in(text: str, mentions: tuple[Mention, ...]) -> list[Interval]:
    """Figures inside the names of quantities (CYP3A4, LD50, Caco-2)."""
    return [
        (mention.start + match.start(), mention.start + match.end())
        for mention in mentions
        for match in re.finditer(r"\d+", text[mention.start : mention.end])
    ]


def _counts_of_none(
    text: str, mentions: tuple[Mention, ...], linked: tuple[Mention | None, ...]
) -> tuple[Constraint, ...]:
    """Counts that have to be zero ("no PAINS alerts", "without stereocentres", "PAINS 제외")."""
    found = []
    for mention in mentions:
        if mention in linked or not by_key()[mention.key].integer or mention.key in ("formal_charge", "length"):
            continue
        start = None
        if ahead := _NONE_OF.search(text[: mention.start]):
            start = ahead.start()
        for match in _PAINS_AWAY.finditer(text):
            if match.start() <= mention.start < match.end():
                start = match.start()
        if start is not None:
            end = max(mention.end, start + 1)
            found.append(
                Constraint(quantity=mention.key, relation="<=", high=0, unit="1", text=text[start:end].strip())
            )
    return tuple(found)


def _acidity_notes(acidities: tuple[re.Match[str], ...], mentions: tuple[Mention, ...]) -> tuple[str, ...]:
    estimated = any(mention.key == "logD" for mention in mentions)
    others = [match for match in acidities if not (estimated and re.findall(r"\d+(?:\.\d+)?", match[0]) == ["7.4"])]
    why = "logD is estimated at pH 7.4 only" if estimated else "nothing here depends on the acidity"
    return tuple(f"I did not use '{match[0].strip()}': {why}." for match in others)


def _step_notes(text: str) -> tuple[str, ...]:
    """Notes on differences of temperature: no step of a plan compares two temperatures."""
    return tuple(f"I did not use '{match[0]}': it is a step from another value." for match in _STEP.finditer(text))


def _chain_notes(molecules: tuple[MoleculeMention, ...]) -> tuple[str, ...]:
    """What could be bases as well, and is read as a molecule."""
    return tuple(
        f"I read '{item.text if len(item.text) < 24 else item.text[:20] + '...'}' ({len(item.text)} letters) as a "
        "molecule in SMILES, not as DNA; write 'the DNA sequence' in front of it if bases are meant."
        for item in molecules
        if len(item.text) >= 10 and reads_as_chain(item.text)
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+|[가-힣]+", text.lower()))


def _without_repeats(constraints: tuple[Constraint, ...]) -> tuple[Constraint, ...]:
    kept: dict[tuple[object, ...], Constraint] = {}
    for bound in constraints:
        kept.setdefault((bound.quantity, bound.relation, bound.low, bound.high), bound)
    return tuple(kept.values())
