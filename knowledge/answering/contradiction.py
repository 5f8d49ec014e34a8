"""Whether two sentences disagree: by negation, by opposed directions, or by their figures.

Only sentences on closely the same subject are compared: everything else that they name has to agree. The rules are
meant to be right when they speak (few false alarms), and do not see every disagreement.
"""

from __future__ import annotations

import re
from collections.abc import Set

from knowledge.answering.amounts import Amount, Figure, amount, figures, same
from knowledge.answering.features import Features, features
from knowledge.lexical.tokens import tokenise

SAME_SUBJECT = 0.6
"""Least share of the shorter sentence's terms that the other has, for the two to be on one subject."""
_ALIKE = 0.85  # share of the longer sentence's terms from which two sentences are versions of each other
_BOUND = re.compile(r"[<>≤≥]")  # "IC50 > 10 µM" is no figure to compare
_FAR_APART = 1.25  # figures of one quantity that differ by more than this factor disagree


def disagreement(first: str, second: str) -> str:
    """Why two sentences disagree.

    Args:
        first: A sentence.
        second: Another.

    Returns:
        The reason in words; '' where no disagreement is seen.
    """
    one, other = features(first), features(second)
    common = one.terms & other.terms
    shorter = min(len(one.terms), len(other.terms))
    if len(common) < 3 or len(common) < SAME_SUBJECT * shorter or not _same_names(one, other):
        return ""
    turned = _turned(one, other, alike=len(common) >= _ALIKE * max(len(one.terms), len(other.terms)))
    if one.negated != other.negated and not turned:
        return "one denies what the other states"
    if turned and one.negated == other.negated:
        return "they state opposite directions"
    if one.negated == other.negated and len(common) >= 0.75 * shorter:
        return _figures_differ(one, other)
    return ""


def _turned(one: Features, other: Features, *, alike: bool) -> bool:
    """Whether a direction of one sentence is the opposite of the other's.

    Sentences with several directions are compared only where they are otherwise alike: elsewhere it cannot be told
    which direction belongs to what.
    """
    theirs = {number: (up, down) for number, up, down in other.directions}
    shared = [((up, down), theirs[number]) for number, up, down in one.directions if number in theirs]
    if alike:
        return any((a[0] > b[0] and a[1] < b[1]) or (a[0] < b[0] and a[1] > b[1]) for a, b in shared)
    clear = [(a, b) for a, b in shared if 0 in a and 0 in b]
    return bool(clear) and len(clear) == len(shared) and all(bool(a[0]) != bool(b[0]) for a, b in clear)


def _same_names(one: Features, other: Features) -> bool:
    """Whether the names of the one that has fewer are all in the other: different genes are different subjects."""
    fewer, more = sorted((one.names, other.names), key=len)
    figured = {term for term in fewer if not term.replace(".", "").isdigit()}
    return figured <= more | (one.terms & other.terms)


def _figures_differ(one: Features, other: Features) -> str:
    units = {figure.unit for figure in one.figures} & {figure.unit for figure in other.figures} - {""}
    for unit in sorted(units):
        here = [figure.value for figure in one.figures if figure.unit == unit]
        there = [figure.value for figure in other.figures if figure.unit == unit]
        if len(here) == len(there) == 1:
            low, high = sorted((here[0], there[0]))
            if (low <= 0 < high) or (low > 0 and high / low > _FAR_APART):
                return f"their figures differ: {here[0]:g} and {there[0]:g} {unit}"
    return ""


def amounts_differ(
    first: str, second: str, wanted: Set[tuple[tuple[str, int], ...]], terms: Set[str] = frozenset()
) -> str:
    """Why two statements of one quantity disagree; '' where they agree, or hold under different conditions.

    Args:
        first: A statement that gives the quantity.
        second: Another, of the same thing.
        wanted: Dimensions of the quantity's units.
        terms: Of what is asked: of a statement with several figures, the clause that holds most of them is meant.
    """
    one, other = _stated(first, wanted, terms), _stated(second, wanted, terms)
    if one is None or other is None:
        return ""
    here, there = amount(one), amount(other)
    low, high = sorted((abs(here.value), abs(there.value)))
    if here.dimension != there.dimension or (low > 0 and high / low <= _FAR_APART and here.value * there.value > 0):
        return ""
    if high == low or _elsewhere(_conditions(first, wanted), _conditions(second, wanted)):
        return ""
    return f"their figures differ: {one.value:g} {one.unit} and {other.value:g} {other.unit}"


def _stated(text: str, wanted: Set[tuple[tuple[str, int], ...]], terms: Set[str]) -> Figure | None:
    """The one figure of a quantity in a statement; ``None`` where it cannot be told which it is."""
    clauses = [(part, [one for one in figures(part) if amount(one).dimension in wanted]) for part in text.split(";")]
    clauses = [(part, found) for part, found in clauses if found and not _BOUND.search(part)]
    if len(clauses) > 1:
        held = [len(terms & set(tokenise(part))) for part, _ in clauses]
        clauses = [clauses[held.index(max(held))]] if held.count(max(held)) == 1 else []
    return clauses[0][1][0] if clauses and len(clauses[0][1]) == 1 else None


def _conditions(text: str, wanted: Set[tuple[tuple[str, int], ...]]) -> list[Amount]:
    return [amount(one) for one in figures(text) if one.unit and amount(one).dimension not in wanted]


def _elsewhere(here: list[Amount], there: list[Amount]) -> bool:
    """Whether two statements hold at different temperatures, pressures, times or doses."""
    shared = {one.dimension for one in here} & {one.dimension for one in there}
    return any(
        not any(same(one, other) for one in here for other in there if one.dimension == other.dimension == dimension)
        for dimension in shared
    )
