"""The clause parser's second half: each tagged number is linked to the nearest property that it can be a value of.

Linking works inside a sentence or list item. Nearness is counted in words that carry meaning; a comma, a conjunction,
another number or another property in between makes a pair less likely, and a property in front of its number is
preferred to one behind it. A property serves several numbers only when the wording says so ("above 2 and below 4").
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace

from agent.errors import InputError
from agent.reasoning.understanding import lexicon, words
from agent.reasoning.understanding.mentions import Mention
from agent.reasoning.understanding.numbers import NumberTag, comparator_after
from agent.reasoning.understanding.quantities import in_vocabulary_unit, misfit, within_bounds
from agent.reasoning.understanding.text import boundaries

ADJACENT = 1.0
"""Cost up to which a number without a comparator belongs to a property."""

NEAR = 10.0
"""Cost up to which a number with a comparator does."""

_FILLER = frozenset(words.FILLER_WORDS.split())
_CONJUNCTION = re.compile(
    r"(?:and|or|but|while|whereas|plus|also|yet|그리고|또는|및|이고|이며|이면서|면서|동시에|이자|하고)",
    re.IGNORECASE,
)
_ADVERBS = frozenset(("preferably", "ideally", "also", "still", "not", "then", "better", "가급적", "되도록"))
_TOKEN = re.compile(r"[\w.'%]+|[^\w\s]")
_COORDINATES = re.compile(r"\s*(?:,\s*)?(?:(?:and|or|&|/|와|과|및|,)\s*)?(?:the\s+|its\s+)?", re.IGNORECASE)
_CONDITION = re.compile(r"\s+at\s+", re.IGNORECASE)
_BOTH = re.compile(r"\s*(?:,|/|&|(?:,\s*)?and|와|과|및)\s*(?:the\s+|its\s+)?", re.IGNORECASE)
_LIMIT_VERB = re.compile(r"(?:limit|cap|restrict)(?:ing|s)?\s+(?:the\s+|its\s+)?$", re.IGNORECASE)
_CAP_NOUN = re.compile(r"\b(?:limit|cap|ceiling|cutoff|cut-off|upper bound)\b|상한", re.IGNORECASE)
_FLOOR_NOUN = re.compile(r"\b(?:floor|lower bound|at least)\b|하한", re.IGNORECASE)
_RESPECTIVELY = re.compile(r"\brespectively\b|각각", re.IGNORECASE)
_UNIT_ALONE = {"g/mol": "mass", "angstrom**2": "TPSA", "g/cm**3": "density", "gigapascal": "bulk_modulus"}


@dataclass(frozen=True)
class Link:
    """A number and the property that it is a value of.

    Attributes:
        tag: The number.
        mention: Where the property is named; ``None`` if its unit alone says what it is.
        key: The property.
        start: Offset where the whole statement starts.
        end: Offset where it ends.
        phrase: The statement in few words, for messages.
    """

    tag: NumberTag
    mention: Mention | None
    key: str
    start: int
    end: int
    phrase: str


def link_numbers(
    text: str, tags: tuple[NumberTag, ...], mentions: tuple[Mention, ...]
) -> tuple[tuple[Link, ...], tuple[NumberTag, ...]]:
    """Link tagged numbers to properties.

    Args:
        text: Normalised text.
        tags: Its numbers, without those that mean something else (a wanted count).
        mentions: Its properties.

    Returns:
        The links in order, and the numbers that belong to no property.

    Raises:
        InputError: A number beside a property has a unit that is unknown or measures something else.
    """
    breaks = boundaries(text)
    links: list[Link] = []
    for segment_tags, segment_mentions in _segments(breaks, tags, mentions, len(text)):
        links += _link_segment(text, segment_tags, segment_mentions)
    linked = {link.tag.start for link in links}
    return tuple(sorted(links, key=lambda link: link.tag.start)), tuple(t for t in tags if t.start not in linked)


def _segments(
    breaks: tuple[int, ...], tags: tuple[NumberTag, ...], mentions: tuple[Mention, ...], length: int
) -> list[tuple[list[NumberTag], list[Mention]]]:
    edges = [0, *breaks, length + 1]
    return [
        ([t for t in tags if low <= t.start < high], [m for m in mentions if low <= m.start < high])
        for low, high in itertools.pairwise(edges)
    ]


def _link_segment(text: str, tags: list[NumberTag], mentions: list[Mention]) -> list[Link]:
    if in_turn := _respectively(text, tags, mentions):
        return in_turn
    links: dict[int, Link] = {}
    used: set[int] = set()
    pairs = sorted(
        (
            (_cost(text, tag, mention, tags, mentions), i, j)
            for i, tag in enumerate(tags)
            for j, mention in enumerate(mentions)
        ),
    )
    for cost, i, j in pairs:
        tag, mention = tags[i], mentions[j]
        if i in links or j in used or cost > NEAR:
            continue
        tag = _dressed(text, tag, mention, cost)
        if cost > (ADJACENT if tag.relation in ("bare", "about") else NEAR):
            continue
        if not _fits(text, tag, mention, cost):
            continue
        links[i] = _link(text, tag, mention)
        used.add(j)
    for i, tag in enumerate(tags):
        if i not in links and (link := _shared(text, i, tag, tags, links, mentions, used)):
            links[i] = link
    found = [links[i] for i in sorted(links)]
    found += [extra for link in list(found) for extra in _also_for(text, link, mentions, used)]
    found += [
        _link_by_unit(text, tag)
        for i, tag in enumerate(tags)
        if i not in links and tag.unit in _UNIT_ALONE and tag.relation not in ("bare", "unusable")
    ]
    return found


def _cost(text: str, tag: NumberTag, mention: Mention, tags: list[NumberTag], mentions: list[Mention]) -> float:
    in_front = mention.end <= tag.start
    if not in_front and mention.start < tag.end and mention.start < tag.inner:
        return float("inf")
    gap = (mention.end, tag.start) if in_front else (tag.end, mention.start)
    if gap[0] > gap[1]:
        gap = (tag.inner, mention.start)
    cost = 0.0 if in_front != tag.flipped else 0.5 if not tag.flipped else 4.0
    for token in _TOKEN.findall(text[gap[0] : gap[1]]):
        if token in ",/&" or _CONJUNCTION.fullmatch(token):
            cost += 3.0 if in_front else NEAR  # "150-250 and GC": what a number counts stands right behind it
        elif token[0].isalnum() and token.lower() not in _FILLER:
            cost += 1.0
    inside = [other for other in (*tags, *mentions) if other is not tag and gap[0] <= other.start < gap[1]]
    cost += 6.0 * len(inside)
    value = in_vocabulary_unit(tag.low, tag.unit, mention.quantity) if _same_spelling(tag, mention) else tag.low
    if value is not None and not within_bounds(value, mention.quantity):
        cost += 4.0
    if not in_front and not mention.quantity.integer and tag.unit is None and cost >= 0.5:
        cost += 0.5
    return cost


def _same_spelling(tag: NumberTag, mention: Mention) -> bool:
    """Whether the conversion needs no unit algebra (which loads a library)."""
    return tag.unit in (None, "percent", mention.quantity.unit)


def _dressed(text: str, tag: NumberTag, mention: Mention, cost: float) -> NumberTag:
    """A bare number with the comparator that stands on the property's other side or between the two."""
    if tag.relation != "bare":
        return tag
    if mention.end <= tag.start:
        between = text[mention.end : tag.start]
        if _LIMIT_VERB.search(text[: mention.start]) or _CAP_NOUN.search(between):
            return replace(tag, relation="<=")
        if _FLOOR_NOUN.search(between):
            return replace(tag, relation=">=")
        ahead = lexicon.before(text[: mention.start])
        if ahead and ahead[1] in ("<=", ">=", "<", ">"):
            return replace(tag, relation=ahead[1])
        return tag
    behind = comparator_after(text, mention.end)
    if behind and behind[1] != "about" and cost <= ADJACENT:
        return replace(tag, relation=behind[1], end=behind[0])
    return tag


def _fits(text: str, tag: NumberTag, mention: Mention, cost: float) -> bool:
    """Whether the number's unit suits the property.

    Raises:
        InputError: The two belong together by their place, and the unit is wrong or unknown.
    """
    quantity = mention.quantity
    if tag.odd and tag.unit is None and _is_a_unit(text, tag, quantity.unit):
        written = f"{text[min(tag.start, mention.start) : tag.inner].strip()} {tag.odd}"
        raise InputError(
            f"The unit '{tag.odd}' in '{written}' is unknown.",
            remedy=f"Give {quantity.title} in {quantity.unit}." if quantity.unit != "1" else "Leave the unit out.",
        )
    if in_vocabulary_unit(tag.low if tag.low > 0 else 1.0, tag.unit, quantity) is not None:
        return True
    if _CONDITION.fullmatch(text[mention.end : tag.start]):  # "the extinction coefficient at 280 nm"
        return False
    if cost < ADJACENT and tag.unit not in (None, lexicon.COUNTED, "1"):
        start, end = min(tag.start, mention.start), max(tag.end, mention.end)
        raise misfit(text[start:end], tag.unit or "", quantity)
    return False


_NOT_UNITS = frozenset(words.NOT_UNIT_WORDS.split())


def _is_a_unit(text: str, tag: NumberTag, expected: str) -> bool:
    """Whether the word after a number can only be meant as its unit."""
    odd = tag.odd or ""
    if not odd.isalpha():
        return True
    if expected == "1" or odd.lower() in _NOT_UNITS or odd.lower().endswith(("ly", "ing")):
        return False
    rest = text[text.index(odd, tag.inner) + len(odd) :]
    return bool(re.match(r"\s*(?:$|[,.;)!?]|(?:and|or|but|with|while)\b)", rest))


def _link(text: str, tag: NumberTag, mention: Mention) -> Link:
    start, end = min(tag.start, mention.start), max(tag.end, mention.end)
    ahead = lexicon.before(text[: mention.start]) if mention.end <= tag.start else None
    if ahead and ahead[1] == tag.relation and lexicon.before(text[: tag.start]) is None:
        start = ahead[0]
    return Link(tag, mention, mention.key, start, end, text[start:end].strip())


def _shared(
    text: str,
    index: int,
    tag: NumberTag,
    tags: list[NumberTag],
    links: dict[int, Link],
    mentions: list[Mention],
    used: set[int],
) -> Link | None:
    """A further bound on a neighbour's property ("logP above 2 and below 4", "above 2 but below 5 rings")."""
    if tag.relation in ("bare", "unusable"):
        return None
    earlier, later = links.get(index - 1), links.get(index + 1)
    choices: list[Mention] = []
    if earlier and earlier.mention:
        mention = earlier.mention
        behind = max(earlier.tag.end, mention.end if mention.start < tag.start else 0)
        gap = text[behind : tag.start]
        jumps = any(j not in used and behind <= other.start < tag.start for j, other in enumerate(mentions))
        if not jumps and all(_joins_bounds(word) for word in re.findall(r"\w+", gap)):
            # After a comma, a property that follows is nearer in sense than one that came before.
            belongs_ahead = "," in gap and later and later.mention and later.mention.start > tag.end
            choices = [] if belongs_ahead else [mention]
    if not choices and later and later.mention and later.mention.start > tag.end:
        between = text[tag.end : tags[index + 1].start].strip()
        choices = [later.mention] if _CONJUNCTION.fullmatch(between) else []
    if not choices or not _fits(text, tag, choices[0], NEAR):
        return None
    mention = choices[0]
    if tag.relation in ("==", "about"):  # a quantity that has a bound is not "about 3" besides
        return None
    if not mention.quantity.integer and tag.unit is None and _counts_a_thing(text, tag):
        return None
    start, end = min(tag.start, mention.start), max(tag.end, mention.end)
    named = text[mention.start : mention.end]
    return Link(tag, mention, mention.key, start, end, f"{named} {text[tag.start : tag.end].strip()}")


def _counts_a_thing(text: str, tag: NumberTag) -> bool:
    """Whether a word right behind a number is what it counts ("exactly one basic nitrogen")."""
    behind = re.match(r"\s*([A-Za-z][\w-]*)", text[max(tag.end, tag.inner) :])
    return behind is not None and not _joins_bounds(behind[1]) and behind[1].lower() not in _NOT_UNITS


def _joins_bounds(word: str) -> bool:
    """Whether a word may stand between two bounds on one property."""
    return word.lower() in _FILLER or bool(_CONJUNCTION.fullmatch(word)) or word.lower() in _ADVERBS


def _also_for(text: str, link: Link, mentions: list[Mention], used: set[int]) -> list[Link]:
    """The same bound for the properties listed in front of the linked one ("HBD and HBA at most 5")."""
    if link.mention is None or link.mention.start > link.tag.start:
        return []
    found: list[Link] = []
    index = mentions.index(link.mention)
    while index > 0:
        other, nearer = mentions[index - 1], mentions[index]
        if index - 1 in used or not _BOTH.fullmatch(text[other.end : nearer.start]):
            break
        if in_vocabulary_unit(link.tag.low, link.tag.unit, other.quantity) is None:
            break
        if other.quantity.unit != nearer.quantity.unit:  # "better Caco-2, MW under 450"
            break
        used.add(index - 1)
        phrase = f"{text[other.start : other.end]} {text[link.tag.start : link.tag.end].strip()}"
        found.append(Link(link.tag, other, other.key, other.start, link.end, phrase))
        index -= 1
    return found


def _link_by_unit(text: str, tag: NumberTag) -> Link:
    phrase = text[tag.start : tag.end].strip()
    return Link(tag, None, _UNIT_ALONE[tag.unit or ""], tag.start, tag.end, phrase)


def _respectively(text: str, tags: list[NumberTag], mentions: list[Mention]) -> list[Link]:
    """Numbers and properties paired in the order given, where the wording says "respectively"."""
    if len(tags) < 2 or len(tags) != len(mentions) or mentions[-1].end > tags[0].start:
        return []
    segment = text[mentions[0].start : tags[-1].end + 20]
    if not _RESPECTIVELY.search(segment):
        return []
    links = []
    relation = tags[0].relation
    for tag, mention in zip(tags, mentions, strict=True):
        relation = relation if tag.relation == "bare" else tag.relation
        phrase = f"{text[mention.start : mention.end]} {text[tag.start : tag.end].strip()}"
        links.append(Link(replace(tag, relation=relation), mention, mention.key, mention.start, tag.end, phrase))
    return links


def carry_comparators(text: str, tags: tuple[NumberTag, ...], mentions: tuple[Mention, ...]) -> tuple[NumberTag, ...]:
    """Give bare numbers of a list the comparator that opens it ("at most 3 donors, 5 acceptors and 6 rotors").

    Args:
        text: Normalised text.
        tags: Its numbers.
        mentions: Its properties.

    Returns:
        The tags, with comparators carried over.
    """
    after_number = {
        i: next((m for m in mentions if m.start >= tag.inner and not text[tag.inner : m.start].strip()), None)
        for i, tag in enumerate(tags)
    }
    carried = list(tags)
    for i in range(1, len(tags)):
        earlier, mention = carried[i - 1], after_number[i - 1]
        if (
            tags[i].relation == "bare"
            and tags[i].high != 0  # "at most one ring and zero charge"
            and earlier.relation in ("<", "<=", ">", ">=")
            and earlier.end == earlier.inner
            and mention is not None
            and after_number[i] is not None
            and _COORDINATES.fullmatch(text[mention.end : tags[i].start])
            and comparator_after(text, after_number[i].end) is None  # type: ignore[union-attr]
        ):
            carried[i] = replace(tags[i], relation=earlier.relation)
    return tuple(carried)
