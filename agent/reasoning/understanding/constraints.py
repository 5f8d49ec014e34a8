"""Constraints of a goal: linked numbers as bounds in the vocabulary's units, checked against each other."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.errors import ConflictError
from agent.reasoning.understanding.clauses import Link
from agent.reasoning.understanding.quantities import TYPICAL_MASS, by_typical_mass, in_vocabulary_unit, misfit
from agent.records import Constraint, Objective
from agent.units import print_value
from agent.vocabulary import QuantityName, by_key

_RELATIVE = re.compile(
    r"\s*(?:(?:more|less|fewer|higher|lower|heavier|lighter|greater|smaller|longer|shorter)\s+than|above|below|over"
    r"|relative to|compared (?:to|with)|보다)\s+(?:that\s+of\s+)?(?:the\s+|its\s+"
    r"|our\s+)?(?P<to>[A-Za-z가-힣][\w가-힣-]*)",
    re.IGNORECASE,
)
_PREFERRED = re.compile(r"(?:preferably|ideally|if possible,?|optimally|가급적|되도록|가능하면)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Bounds:
    """What the linked numbers of a goal amount to."""

    constraints: tuple[Constraint, ...]
    objectives: tuple[Objective, ...]
    notes: tuple[str, ...]
    phrases: tuple[str, ...]
    """The wording of each constraint in few words, in the order of ``constraints``."""


def bounds_of(text: str, links: tuple[Link, ...]) -> Bounds:
    """Turn links into constraints, and into target objectives where a goal says "about".

    A single value without a comparator is exact for counts; for a measured quantity nothing is exactly 3.2, so it
    becomes a target. A bare similarity is a lower bound.

    Args:
        text: Normalised goal text, for the constraint's own words.
        links: Numbers with their properties.

    Returns:
        Constraints, target objectives, and what the reader should know.

    Raises:
        ConflictError: A bound lies outside the values that its quantity can take.
        InputError: A unit measures something else than its quantity.
    """
    constraints: list[Constraint] = []
    objectives: list[Objective] = []
    notes: list[str] = []
    phrases: list[str] = []
    for link in links:
        quantity, words = by_key()[link.key], text[link.start : link.end].strip()
        relation = link.tag.relation
        preferred = _PREFERRED.search(text[: link.tag.start])
        if against := _RELATIVE.match(text, link.end):
            told = text[link.start : against.end()].strip()
            notes.append(
                f"I did not use '{told}': a bound is a value, not a step from another molecule; write the value."
            )
            continue
        if relation == "unusable":
            notes.append(f"I did not use '{words}': a constraint can bound {quantity.title}, not leave a value out.")
            continue
        if link.mention is None:
            notes.append(f"I read '{words}' as {quantity.title}, by its unit.")
        low, high = (_value(link, number, quantity) for number in (link.tag.low, link.tag.high))
        if by_typical_mass(link.tag.unit, quantity):
            ends = " to ".join(print_value(end, quantity.unit) for end in dict.fromkeys((low, high)))
            notes.append(f"I read '{words}' as {ends}, for a molar mass of {TYPICAL_MASS:g} g/mol.")
        if preferred and relation in ("<", "<=", ">", ">="):
            direction = "minimise" if relation.startswith("<") else "maximise"
            words = text[preferred.start() : link.tag.end].strip()
            objectives.append(Objective(quantity=link.key, direction=direction, unit=quantity.unit, text=words))
            notes.append(f"I took '{words}' as a wish for {quantity.title}, not as a hard bound.")
            continue
        if relation == "bare":
            relation = ">=" if link.key == "similarity" else "==" if quantity.integer else "about"
        elif relation == "==" and not quantity.integer:
            relation = "about"
        if relation == "about":
            objectives.append(
                Objective(quantity=link.key, direction="target", target=low, unit=quantity.unit, text=words)
            )
            notes.append(
                f"I took '{words}' as a target for {quantity.title}, not as a hard bound; "
                "write a range if it has to be met."
            )
            continue
        made = Constraint(
            quantity=link.key,
            relation=relation,
            low=low if relation in (">", ">=", "==", "between") else None,
            high=high if relation in ("<", "<=", "==", "between") else None,
            unit=quantity.unit,
            text=words,
        )
        _refuse_impossible(made, quantity, link.phrase)
        constraints.append(made)
        phrases.append(link.phrase)
    return Bounds(tuple(constraints), tuple(objectives), tuple(notes), tuple(phrases))


def _value(link: Link, number: float, quantity: QuantityName) -> float:
    value = in_vocabulary_unit(number, link.tag.unit, quantity)
    if value is None:
        raise misfit(link.phrase, link.tag.unit or "", quantity)
    return round(value, 10)


def _refuse_impossible(made: Constraint, quantity: QuantityName, phrase: str) -> None:
    low, high = quantity.bounds
    too_high, too_low = False, False
    if made.low is not None and high is not None:
        too_high = made.low > high or (made.relation == ">" and made.low == high)
    if made.high is not None and low is not None:
        too_low = made.high < low or (made.relation == "<" and made.high == low)
    if too_high or too_low:
        raise ConflictError(
            f"'{phrase}' cannot be met: {quantity.title} lies {_range_in_words(quantity)}.",
            remedy="Change or drop that bound.",
        )


def _range_in_words(quantity: QuantityName) -> str:
    low, high = quantity.bounds
    if low is not None and high is not None:
        return f"between {print_value(low, quantity.unit)} and {print_value(high, quantity.unit)}"
    return f"at or above {print_value(low or 0, quantity.unit)}"


def refuse_contradictions(constraints: tuple[Constraint, ...], phrases: tuple[str, ...]) -> None:
    """Check that every quantity can meet all its bounds at once.

    Args:
        constraints: All hard bounds.
        phrases: The wording of each, in the same order.

    Raises:
        ConflictError: Two bounds leave no value; the message names both phrases.
    """
    for i, one in enumerate(constraints):
        for j in range(i + 1, len(constraints)):
            other = constraints[j]
            if one.quantity == other.quantity and not _compatible(one, other):
                raise ConflictError(
                    f"'{phrases[i]}' and '{phrases[j]}' contradict each other: "
                    f"no {by_key()[one.quantity].title} meets both.",
                    remedy="Change or drop one of the two.",
                )


def _compatible(one: Constraint, other: Constraint) -> bool:
    lows = [(c.low, c.relation == ">") for c in (one, other) if c.low is not None]
    highs = [(c.high, c.relation == "<") for c in (one, other) if c.high is not None]
    if not lows or not highs:
        return True
    low, high = max(value for value, _ in lows), min(value for value, _ in highs)
    open_low = any(value == low and is_open for value, is_open in lows)
    open_high = any(value == high and is_open for value, is_open in highs)
    if by_key()[one.quantity].integer:
        smallest = int(low) + 1 if open_low and float(low).is_integer() else -int(-low // 1)
        largest = int(high) - 1 if open_high and float(high).is_integer() else int(high // 1)
        return smallest <= largest
    return low < high or (low == high and not open_low and not open_high)
