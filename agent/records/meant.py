"""What it means: grounded text, hypotheses, experiments."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from agent.records.base import Novelty, Record, Relation
from agent.records.found import Citation


class Span(Record):
    """A figure inside a text, and where it comes from (``None``: unverified)."""

    start: int
    end: int
    source: str | None


class Text(Record):
    """Prose whose every figure is accounted for."""

    text: str
    spans: tuple[Span, ...] = ()

    @property
    def unverified(self) -> tuple[str, ...]:
        """The figures that nothing supports, as written."""
        return tuple(self.text[s.start : s.end] for s in self.spans if s.source is None)


class Prediction(Record):
    """What the hypothesis says will be measured: ``quantity relation value unit`` under ``condition``."""

    quantity: str
    relation: Relation
    value: float
    high: float | None = None
    unit: str = "1"
    condition: str = ""
    effect: float | None = None
    """Expected difference to the comparator, in ``unit``: what an experiment has to resolve."""
    spread: float | None = None
    """Expected standard deviation of one measurement, in ``unit``."""
    source: str = ""


class Support(Record):
    """One piece of evidence for or against: its id, what it shows, and its weight in [0, 1]."""

    source: str
    text: Text
    weight: float = Field(default=0.5, ge=0, le=1)


class Hypothesis(Record):
    """A falsifiable statement."""

    id: str
    statement: Text
    mechanism: Text
    prediction: Prediction
    refuted_by: str
    scope: str = ""
    kind: str = ""
    subjects: tuple[str, ...] = ()
    evidence_for: tuple[Support, ...] = ()
    evidence_against: tuple[Support, ...] = ()
    citations: tuple[Citation, ...] = ()
    novelty: Novelty = "unknown"
    novelty_basis: str = ""
    rank: int | None = None
    rating: float | None = None
    interval: tuple[float, float] | None = None


class Factor(Record):
    """What an experiment varies, and the levels it takes."""

    name: str
    levels: tuple[str, ...]
    unit: str = "1"


class Measurement(Record):
    """What is measured, with what, in which unit."""

    quantity: str
    method: str
    unit: str = "1"


class Experiment(Record):
    """The plan that tests a hypothesis."""

    id: str
    hypothesis: str
    title: str
    factors: tuple[Factor, ...]
    controls: tuple[str, ...]
    replicates: int = Field(gt=0)
    sample_size: int = Field(gt=0)
    power: float | None = None
    power_basis: str = ""
    procedure: tuple[Text, ...]
    measurements: tuple[Measurement, ...]
    decision_rule: Text
    hazards: tuple[str, ...]
    cost: str
    duration: str
    materials: tuple[str, ...] = ()
    protocol_file: str | None = None


class Verdict(Record):
    """The outcome of one comparison of two hypotheses: ``first``, ``second`` or ``tie``, on the stated criteria."""

    first: str
    second: str
    winner: Literal["first", "second", "tie"]
    reason: str = ""
    judge: str = ""
