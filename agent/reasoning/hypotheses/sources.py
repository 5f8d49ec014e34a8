"""Findings that join sources: transfer from a known analogue, two estimates that disagree, what passages state."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.reasoning.experiments.methods import outcome
from agent.reasoning.grounding.matching import named_quantity
from agent.reasoning.hypotheses.findings import Trend, wanted_directions
from agent.reasoning.hypotheses.knowledge import MODEL_ERRORS, RELATIVE_TOLERANCE, SAME_PROPERTY, family
from agent.reasoning.hypotheses.table import Table, in_unit
from agent.records import Brief, Citation


@dataclass(frozen=True)
class Transfer:
    """The best candidate keeps the reference's frame and is estimated to improve on it (``better``: up or down)."""

    outcome: str
    subject: str
    value: float
    reference_value: float
    reference_source: str
    better: str


@dataclass(frozen=True)
class Estimate:
    """The best candidate's outcome lies where the estimate puts it, within the estimate's error."""

    outcome: str
    subject: str
    value: float
    tolerance: float


@dataclass(frozen=True)
class Disagreement:
    """Two estimates of one property disagree about one candidate by more than their errors."""

    first: str
    second: str
    subject: str
    values: tuple[float, float]
    members: tuple[str, ...]


@dataclass(frozen=True)
class Stated:
    """A passage states that one quantity moves another (``sign``), and the table has both."""

    outcome: str
    driver: str
    sign: int
    citation: Citation
    sentence: str
    trend: Trend
    contradicts: bool


def transfers(table: Table, brief: Brief, wanted: list[str]) -> list[Transfer]:
    """Outcomes in which the best candidate is estimated to be better than the reference."""
    best, reference = table.best, table.reference
    if best is None or reference is None:
        return []
    directions = wanted_directions(table, brief)
    found = []
    for name in wanted:
        quantity = reference.quantities.get(name)
        known = in_unit(quantity, table.unit(name)) if quantity else None
        value = table.columns[name].get(best.id)
        if quantity is None or known is None or value is None or name not in directions:
            continue
        better = 1.0 if directions[name] == "maximise" else -1.0
        method = outcome(name)
        if method and better * (value - known) >= method.spread:
            found.append(Transfer(name, best.id, value, known, quantity.source, "above" if better > 0 else "below"))
    # One finding a property: the first is what the goal names.
    return list({family(item.outcome): item for item in reversed(found)}.values())[::-1]


def estimates(table: Table, wanted: list[str]) -> list[Estimate]:
    """The best candidate's outcomes whose estimates have a known error."""
    best = table.best or (table.candidates[0] if table.candidates and table.candidates[0].rank is None else None)
    if best is None:
        return []
    found: dict[str, Estimate] = {}
    for name in wanted:
        value = table.columns[name].get(best.id)
        error = MODEL_ERRORS.get(name)
        share = RELATIVE_TOLERANCE.get(name)
        if value is None or (error is None and share is None):
            continue
        tolerance = abs(value) * share if share is not None else error.value if error is not None else 0.0
        found.setdefault(family(name), Estimate(name, best.id, value, tolerance))
    return list(found.values())


def disagreements(table: Table) -> list[Disagreement]:
    """The candidate about which two estimates of one property disagree most, if by more than both errors together."""
    found = []
    for one, other in SAME_PROPERTY:
        if one not in table.columns or other not in table.columns:
            continue
        members = tuple(c for c in table.columns[one] if c in table.columns[other])
        if not members:
            continue
        gaps = {c: abs(table.columns[one][c] - table.columns[other][c]) for c in members}
        subject = max(members, key=lambda c: (gaps[c], c))
        errors = [MODEL_ERRORS[name].value for name in (one, other)]
        if gaps[subject] > (errors[0] ** 2 + errors[1] ** 2) ** 0.5:
            values = (table.columns[one][subject], table.columns[other][subject])
            found.append(Disagreement(one, other, subject, values, members))
    return found


_CLAUSE = re.compile(r"(?<=[.!?;])\s+|\n{2,}")
_UP = r"(?:increas|rais|improv|enhanc|boost|elevat|promot|favou?r)\w*"
_DOWN = r"(?:decreas|reduc|lower|diminish|worsen|suppress|impair|limit)\w*"
_VERB = re.compile(rf"\b(?:(?P<up>{_UP})|(?P<down>{_DOWN}))\b", re.IGNORECASE)
_CORRELATES = re.compile(r"\b(?P<way>negativ|invers|positiv)\w*\s+(?:correlat|associat|relat)\w*", re.IGNORECASE)
_LOW_SUBJECT = re.compile(
    r"\b(?:low(?:er)?|less|small(?:er)?|reduc\w+|decreas\w+|fewer|lowering|reducing)\b", re.IGNORECASE
)
_NEGATED = re.compile(r"\b(?:not|no|never|neither|without|fail\w*|cannot)\b", re.IGNORECASE)


def statements(citations: tuple[Citation, ...], trends: list[Trend]) -> list[Stated]:
    """Sentences of passages that state how one quantity moves another, where the table has tested that pair.

    Only plain sentences are read (``a higher logP lowers the solubility``, ``X correlates inversely with Y``); a
    negated sentence is left alone.

    Args:
        citations: Passages with quotes.
        trends: Every trend tested, whether or not it stood up.

    Returns:
        The statements, with whether the table goes the other way.
    """
    by_pair = {(trend.outcome, trend.driver): trend for trend in trends}
    found: dict[tuple[str, str, str], Stated] = {}
    for citation in citations:
        for sentence in _CLAUSE.split(citation.quote):
            for (name, driver), trend in by_pair.items():
                sign = stated_sign(sentence, name, driver)
                if sign:
                    against = sign * trend.rho < 0 and not trend.low <= 0 <= trend.high
                    key = (family(name), driver, citation.passage)
                    stated = Stated(name, driver, sign, citation, " ".join(sentence.split()), trend, against)
                    found.setdefault(key, stated)
    return list(found.values())


def stated_sign(sentence: str, name: str, driver: str) -> int:
    """The sign that a sentence gives to the effect of a driver on an outcome; 0 if it says nothing plain."""
    if _NEGATED.search(sentence):
        return 0
    match = _CORRELATES.search(sentence)
    if match:
        before, after = sentence[: match.start()], sentence[match.end() :]
        pair = {*_keys(before, name, driver), *_keys(after, name, driver)}
        return (1 if match["way"].lower() == "positiv" else -1) if pair == {name, driver} else 0
    match = _VERB.search(sentence)
    while match:
        before, after = sentence[: match.start()], sentence[match.end() :]
        if driver in _keys(before, name, driver) and name in _keys(after, name, driver):
            sign = 1 if match["up"] else -1
            return -sign if _LOW_SUBJECT.search(before) else sign
        match = _VERB.search(sentence, match.end())
    return 0


def _keys(part: str, name: str, driver: str) -> set[str]:
    """Which of the two quantities a part of a sentence names: the outcome by its property, the driver by its key."""
    found: set[str] = set()
    rest = part
    while rest:
        keys, ends = named_quantity(rest)
        if ends < 0:
            break
        if driver in keys:
            found.add(driver)
        elif any(family(key) == family(name) for key in keys):
            found.add(name)
        rest = rest[: ends - 1]
    return found
