"""Wishes that are steps from the starting molecule: "logP lower by 2", "hERG risk lower than the parent's"."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from agent.reasoning.understanding.mentions import Mention
from agent.reasoning.understanding.text import MASK, Interval, overlaps
from agent.records import Constraint, Relation
from agent.units import print_value
from agent.vocabulary import by_key

_UP = r"higher|greater|larger|more|above|increas\w*|rais\w*|rise|gain|up"
_DOWN = r"lower\w*|smaller|fewer|less|below|drop\w*|reduc\w*|decreas\w*|cut|down"
_LEAST = r"(?:at least|minimum|≥|>=|>|about|around|by|of)"


def _way(number: int) -> str:
    return rf"(?:(?P<up{number}>{_UP})|(?P<down{number}>{_DOWN}))"


def _size(number: int) -> str:
    return (
        rf"(?:{_LEAST}\s+)*(?P<size{number}>\d+(?:\.\d+)?)\s*(?P<percent{number}>%|percent)?"
        rf"(?P<fold{number}>[- ]?fold\b|\s?x\b|\s?times\b)?(?:\s*(?:log )?units?\b)?"
    )


def _other(number: int) -> str:
    return (
        r"than\s+(?:that\s+of\s+|in\s+|for\s+)?(?:(?:the|its|our|my)\s+)?"
        rf"(?!or equal\b)(?P<other{number}>[A-Za-z가-힣][\w가-힣-]*(?:'s)?(?:\s+(?:molecule|compound|drug)\b)?)"
    )


_BEHIND = re.compile(
    rf"[\s{MASK}]*(?:(?:should|must|to|is|be|has to)\s+)*(?:"
    rf"{_size(1)}\s*{_way(1)}(?!\s+than\s+[\d.-])(?:\s+{_other(1)})?"
    rf"|{_way(2)}\s+{_other(2)}(?:\s+by\s+{_size(2)})?"
    rf"|{_way(3)}\s+(?:of|by)\s+{_size(3)}(?:\s+{_other(3)})?)",
    re.IGNORECASE,
)
"""Behind a quantity: "1 unit higher than X's", "lower than the parent's (by 0.2)", "drop by at least 2"."""

_AHEAD = re.compile(rf"{_way(4)}\s+(?:(?:the|its|in)\s+)*$", re.IGNORECASE)
_BY = re.compile(rf"(?:\s+of\s+[\w-]+)?\s+by\s+{_size(4)}(?!\s*(?:to|-)\s*\d)", re.IGNORECASE)
_WAYS = (1, 2, 3, 4)
"""Around one: "reduce the logP by 2"."""


@dataclass(frozen=True)
class Relative:
    """A bound that is a step from another molecule's value.

    Attributes:
        quantity: Of the vocabulary.
        way: Whether it has to be higher or lower there.
        step: How far at least, in the quantity's unit (0: any).
        factor: By which factor at least (1: none); of a logarithmic quantity it is a step.
        other: The molecule as the goal calls it; empty where it names none.
        text: The goal's words.
        span: Where they stand.
    """

    quantity: str
    way: Literal["higher", "lower"]
    step: float
    factor: float
    other: str
    text: str
    span: Interval

    def bound(self, value: float) -> Constraint:
        """The bound that this is, where the other molecule has the value."""
        known = by_key()[self.quantity]
        up = self.way == "higher"
        if known.unit == "log_molar" or self.quantity in ("logP", "logD", "Caco2"):
            end = value + (1 if up else -1) * (self.step + math.log10(self.factor))
        else:
            end = (value * self.factor if up else value / self.factor) + (1 if up else -1) * self.step
        low, high = known.bounds
        end = min(max(end, low if low is not None else -math.inf), high if high is not None else math.inf)
        relation: Relation = (">=" if up else "<=") if self.step or self.factor != 1 else (">" if up else "<")
        end = round(end, 4)
        return Constraint(
            quantity=self.quantity,
            relation=relation,
            low=end if up else None,
            high=None if up else end,
            unit=known.unit,
            text=self.text,
        )

    def told(self, value: float, bound: Constraint, other: str) -> str:
        """How the wish was read, as a note."""
        known = by_key()[self.quantity]
        end = bound.low if bound.low is not None else bound.high
        return (
            f"I read '{self.text}' as {known.title} {bound.relation} {print_value(end or 0.0, known.unit)}: "
            f"{other} has {print_value(round(value, 4), known.unit)}."
        )


def find_relative(text: str, mentions: Sequence[Mention]) -> tuple[Relative, ...]:
    """Find the bounds of a goal that are steps from another molecule.

    Args:
        text: Normalised text, identifiers masked.
        mentions: The quantities that it names.

    Returns:
        Each with its words; none where a plain value follows ("lower than 3").
    """
    found: list[Relative] = []
    for mention in mentions:
        known = mention.quantity
        if known.domain != "chemistry":
            continue
        groups: dict[str, str | None] | None = None
        start, end = mention.start, mention.end
        if match := _BEHIND.match(text, mention.end):
            groups, end = match.groupdict(), match.end()
        elif (ahead := _AHEAD.search(text[: mention.start])) and (by := _BY.match(text, mention.end)):
            groups = {**ahead.groupdict(), **by.groupdict()}
            start, end = ahead.start(), by.end()
        if groups is None or overlaps((start, end), [item.span for item in found]):
            continue
        up = any(groups.get(f"up{i}") for i in _WAYS)
        chosen = next((i for i in _WAYS if groups.get(f"size{i}")), None)
        size = float(groups[f"size{chosen}"] or 0) if chosen is not None else 0.0
        fold = chosen is not None and bool(groups.get(f"fold{chosen}"))
        percent = chosen is not None and bool(groups.get(f"percent{chosen}")) and known.unit != "percent"
        factor = size if fold and size > 0 else 1.0
        if percent and (up or size < 100):  # "20 % lower" is four fifths
            factor = 1 + size / 100 if up else 1 / (1 - size / 100)
        other = next((groups[f"other{i}"] for i in _WAYS[:3] if groups.get(f"other{i}")), "") or ""
        found.append(
            Relative(
                quantity=mention.key,
                way="higher" if up else "lower",
                step=0.0 if fold or percent else size,
                factor=factor,
                other=re.sub(r"'s$", "", other),
                text=text[start:end].strip(),
                span=(start, end),
            )
        )
    return tuple(found)
