"""Hypotheses and experiments as the report shows them: predictions as equations, ratings as bars, lines said once."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace

from agent import vocabulary
from agent.memory.history import History
from agent.memory.opinions import Opinion
from agent.memory.report.prose import Anchors, Prose, Segment, anchor, fill
from agent.memory.report.wished import RELATIONS
from agent.records import Hypothesis, Prediction
from agent.units import print_unit, print_value


@dataclass(frozen=True)
class Bar:
    """A rating on the scale of all ratings of the run: positions in percent."""

    low: float
    high: float
    at: float


@dataclass(frozen=True)
class HypothesisItem:
    """A hypothesis with its prediction as an equation and its rating as a bar."""

    record: Hypothesis
    anchor: str
    equation: Prose
    details: tuple[Prose, ...]
    bar: Bar | None
    passages: tuple[int, ...]
    opinion: Opinion | None = None
    criticised: Prose = ()


@dataclass(frozen=True)
class DroppedItem:
    """A hypothesis that the critique dropped, and why."""

    record: Hypothesis
    anchor: str
    reason: Prose


def print_prediction(prediction: Prediction) -> tuple[str, str, str]:
    """A prediction's quantity, relation and value with its unit, as an equation is read."""
    title = vocabulary.title(prediction.quantity)
    if prediction.relation == "between" and prediction.high is not None:
        value = f"{print_value(prediction.value)} … {print_value(prediction.high, prediction.unit)}"
        return title, "∈", value
    relation = RELATIONS.get(prediction.relation, prediction.relation)
    return title, relation, print_value(prediction.value, prediction.unit)


def hypothesis_items(
    history: History, anchors: Anchors, opinions: Mapping[str, Opinion] | None = None
) -> tuple[HypothesisItem, ...]:
    """The hypotheses of a run by rank, their ratings on one scale, with what the researcher said of them."""
    ordered = sorted(history.hypotheses, key=lambda one: float("inf") if one.rank is None else one.rank)
    ends = [end for one in ordered for end in (one.interval or (one.rating,)) if end is not None and math.isfinite(end)]
    low, high = min(ends, default=0.0), max(ends, default=1.0)

    def place(rating: float) -> float:
        return round(50.0 if high == low else 100 * (rating - low) / (high - low), 2)

    return tuple(
        HypothesisItem(
            record=one,
            anchor=anchor(one.id),
            equation=_equation(one.prediction, anchors),
            details=_details(one.prediction, anchors),
            bar=_bar(one, place),
            passages=tuple(dict.fromkeys(anchors.number(citation.passage) for citation in one.citations)),
            opinion=(opinions or {}).get(one.id),
            criticised=_criticised(one, anchors),
        )
        for one in ordered
    )


def dropped_items(history: History, anchors: Anchors) -> tuple[DroppedItem, ...]:
    """The hypotheses that the critique dropped, in the order they were made."""
    return tuple(
        DroppedItem(one, anchor(one.id), anchors.prose(one.critique.change if one.critique else ""))
        for one in history.dropped
    )


def _criticised(hypothesis: Hypothesis, anchors: Anchors) -> Prose:
    """What the critique changed, if it changed anything."""
    critique = hypothesis.critique
    return anchors.prose(critique.change) if critique is not None and critique.change else ()


def _bar(hypothesis: Hypothesis, place: Callable[[float], float]) -> Bar | None:
    if hypothesis.rating is None or not math.isfinite(hypothesis.rating):
        return None
    low, high = hypothesis.interval or (hypothesis.rating, hypothesis.rating)
    if not (math.isfinite(low) and math.isfinite(high)):
        low = high = hypothesis.rating
    return Bar(low=place(low), high=place(high), at=place(hypothesis.rating))


def _equation(prediction: Prediction, anchors: Anchors) -> Prose:
    quantity, relation, value = print_prediction(prediction)
    href = anchors.href(prediction.source)
    note = anchors.words.figure_from.format(source=anchors.label(prediction.source)) if href else ""
    figure = Segment(value, href, "figure", note)
    return fill("{quantity} {relation} {value}", quantity=quantity, relation=relation, value=figure)


def _details(prediction: Prediction, anchors: Anchors) -> tuple[Prose, ...]:
    t = anchors.words
    parts = [prediction.condition]
    if prediction.effect is not None:
        parts.append(t.effect.format(value=print_value(prediction.effect, prediction.unit)))
    if prediction.spread is not None:
        parts.append(t.spread.format(value=print_value(prediction.spread, prediction.unit)))
    return tuple(anchors.prose(part) for part in parts if part)


def print_prior(prior: float) -> str:
    """A prior to the digits that a rule of this kind deserves."""
    return f"{prior:.2f}"


def print_rating(rating: float) -> str:
    """A rating to the digits that its interval deserves, on whatever scale it was made."""
    return f"{rating:.0f}" if abs(rating) >= 100 else f"{rating:.2f}"


def print_power(power: float | None, t: SimpleNamespace) -> str:
    """A power, or that it was not computed."""
    return t.not_computed if power is None or not math.isfinite(power) else f"{power:.2f}"


def merged(lines: Iterable[str]) -> tuple[str, ...]:
    """Lines that say the same of several candidates (``c1: ...``, ``c2: ...``), said once (``c1, c2: ...``)."""
    subjects: dict[str, list[str]] = {}
    for line in lines:
        match = re.fullmatch(r"(c\d+): (.+)", line, re.DOTALL)
        subjects.setdefault(match[2] if match else line, []).extend([match[1]] if match else [])
    return tuple(f"{', '.join(ids)}: {rest}" if ids else rest for rest, ids in subjects.items())


def unit_of(unit: str) -> str:
    """A unit in a table cell; a dash for a pure number."""
    return print_unit(unit) or "–"
