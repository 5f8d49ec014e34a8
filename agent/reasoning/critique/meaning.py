"""Whether two hypotheses mean the same: by what they predict and for whom, and by their words where that is open."""

from __future__ import annotations

import math
import re
from collections import Counter

from agent.reasoning.hypotheses.knowledge import family
from agent.reasoning.hypotheses.prior import is_difference
from agent.reasoning.hypotheses.sample_groups import sides
from agent.reasoning.hypotheses.statistics import association
from agent.reasoning.hypotheses.table import Table
from agent.records import Hypothesis

OVERLAP = 0.5
"""Share of common subjects (Jaccard) from which two hypotheses are about the same candidates."""

LIKENESS = 0.8
"""Cosine of the words of two statements, figures and ids left out, from which they say the same."""

SAME_DRIVER = 0.95
"""Rank correlation from which two drivers cannot be told apart in a series."""

_SERIES = ("trend", "mechanism")
_WORD = re.compile(r"[^\W\d_]{2,}")
_COMMON = frozenset(
    _WORD.findall(
        "the and than that this with for from are has have its not between about into over per which others other one "
        "candidates candidate series measured estimate estimated prediction average lowest highest third"
    )
)


def same_meaning(one: Hypothesis, other: Hypothesis, table: Table) -> bool:
    """Whether two hypotheses would be refuted by the same result.

    They must predict the same property, in the same direction, of the same form (a difference or a level). Then they
    mean the same if they are about the same candidates, if they name the same driver (or drivers that this series
    cannot tell apart), or if their statements have nearly the same words and no subjects that differ.

    Args:
        one: A hypothesis.
        other: Another.
        table: The candidates, which tell whether two drivers vary apart.
    """
    if not same_prediction(one, other):
        return False
    if (groups := sides(one, table)) is not None and groups != sides(other, table):
        return False
    series = one.kind in _SERIES, other.kind in _SERIES
    if all(series):
        return _same_driver(one.driver, other.driver, table)
    if any(series) and "model" not in (one.kind, other.kind):
        return False  # a rule about a series and a claim about a group are refuted by different results
    shared = overlap(one, other)
    if not any(series) and shared >= OVERLAP and bool(one.subjects):
        return True
    return (shared > 0 and likeness(one, other) >= LIKENESS) or _same_words(one, other)


def same_prediction(one: Hypothesis, other: Hypothesis) -> bool:
    """Whether two predict the same property in the same direction, both as a difference or both as a level."""
    first, second = one.prediction, other.prediction
    return (
        family(first.quantity) == family(second.quantity)
        and _direction(first.relation) == _direction(second.relation)
        and is_difference(first) == is_difference(second)
    )


def overlap(one: Hypothesis, other: Hypothesis) -> float:
    """Share of the subjects that two have in common (Jaccard)."""
    first, second = set(one.subjects), set(other.subjects)
    return len(first & second) / len(first | second) if first | second else 0.0


def likeness(one: Hypothesis, other: Hypothesis) -> float:
    """Cosine of the words of two statements, in [0, 1]; figures, ids and common words are left out."""
    first, second = _words(one.statement.text), _words(other.statement.text)
    norm = math.sqrt(sum(n * n for n in first.values()) * sum(n * n for n in second.values()))
    return sum(count * second[word] for word, count in first.items()) / norm if norm else 0.0


def _same_words(one: Hypothesis, other: Hypothesis) -> bool:
    return not (one.subjects and other.subjects) and likeness(one, other) >= LIKENESS


def _direction(relation: str) -> str:
    return relation[0]


def _words(text: str) -> Counter[str]:
    return Counter(word for word in _WORD.findall(text.lower()) if word not in _COMMON)


def _same_driver(one: str, other: str, table: Table) -> bool:
    if one == other or (one and other and family(one) == family(other)):
        return True
    first, second = table.columns.get(one, {}), table.columns.get(other, {})
    shared = [c for c in first if c in second]
    x, y = [first[c] for c in shared], [second[c] for c in shared]
    if len(shared) < 4 or min(len(set(x)), len(set(y))) < 3:
        return False
    return abs(association(x, y).rho) >= SAME_DRIVER
