"""What it means: grounded text, hypotheses, experiments."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from agent.records.base import BeliefState, Novelty, Record, Relation
from agent.records.found import Artifact, Citation


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


class Critique(Record):
    """What speaks against a hypothesis before it is tested, and what came of saying so.

    Attributes:
        counterargument: The strongest one.
        alternatives: Other explanations of the same evidence.
        confounders: What varies along with the supposed cause.
        outcome: What the critique led to.
        change: What was changed, merged or why it was dropped; empty if it was kept as it was.
        judge: Who criticised: ``rules``, or the model's name.
    """

    counterargument: Text
    alternatives: tuple[Text, ...] = ()
    confounders: tuple[str, ...] = ()
    outcome: Literal["kept", "sharpened", "merged", "dropped"] = "kept"
    change: str = ""
    judge: str = "rules"


class Belief(Record):
    """What measured results make of a hypothesis, by the rule that was fixed before they were measured.

    Attributes:
        hypothesis: Its id.
        state: The verdict.
        prior: Probability of being true before these results.
        posterior: And after.
        log10_bayes_factor: Evidence for it against its denial, as a decimal logarithm.
        reason: The rule applied to the numbers; every figure has its source.
        experiment: Whose results decided.
        results: How many of them counted.
    """

    hypothesis: str
    state: BeliefState
    prior: float = Field(ge=0, le=1)
    posterior: float = Field(ge=0, le=1)
    log10_bayes_factor: float | None = None
    reason: Text
    experiment: str = ""
    results: int = Field(default=0, ge=0)


class Hypothesis(Record):
    """A falsifiable statement."""

    id: str
    statement: Text
    mechanism: Text
    prediction: Prediction
    refuted_by: str
    scope: str = ""
    kind: str = ""
    driver: str = ""
    """Quantity that is said to move the predicted one; empty where the statement names none."""
    subjects: tuple[str, ...] = ()
    evidence_for: tuple[Support, ...] = ()
    evidence_against: tuple[Support, ...] = ()
    citations: tuple[Citation, ...] = ()
    novelty: Novelty = "unknown"
    novelty_basis: str = ""
    prior: float | None = Field(default=None, ge=0, le=1)
    """Probability of being true before any experiment, and in ``prior_basis`` what it rests on."""
    prior_basis: str = ""
    cost: str = ""
    """What it costs to test, in words with an estimate; ``risk`` says what may go wrong or do harm in testing it."""
    risk: str = ""
    critique: Critique | None = None
    merged_from: tuple[str, ...] = ()
    """Statements of duplicates that were merged into this one."""
    origin: str = ""
    """Id of the supported hypothesis that this one follows from: tightened, or carried over to another candidate."""
    belief: Belief | None = None
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


class Sample(Record):
    """One independently prepared sample (or control) of an experiment: the unit that is measured and told.

    Attributes:
        id: Unique in the run: ``x1-07``.
        code: What the person who measures sees.
        arm: The group it belongs to.
        item: The candidate, level or control that it is.
        role: What it is there for.
        replicate: Its number within the item, from 1.
        block: Block (day, plate or run), from 1.
        order: Place in the randomised order of measurement, from 1.
        plate: Plate, from 1.
        well: Well such as ``B03``; empty where no plate is used.
        expected: Where a control of known value should read, lower and upper end in the decision's unit; ``None``
            where no range is known.
        expected_source: Where that range comes from.
    """

    id: str
    code: str
    arm: str
    item: str
    role: Literal["test", "comparator", "positive", "negative", "vehicle", "blank"]
    replicate: int = Field(default=1, ge=1)
    block: int = Field(default=1, ge=1)
    order: int = Field(default=1, ge=1)
    plate: int = Field(default=1, ge=1)
    well: str = ""
    expected: tuple[float, float] | None = None
    expected_source: str = ""


class Decision(Record):
    """The decision rule in a form that a program can apply; ``Experiment.decision_rule`` says the same in words.

    Attributes:
        compares: A ``level`` of one arm with the predicted value, or the ``difference`` of two arms' means with it.
        arms: The tested arm, and for a difference the comparator.
        quantity: What is measured.
        unit: In which unit.
        relation: As predicted.
        value: As predicted (lower bound if ``between``).
        high: Upper bound if ``between``.
        alpha: Two-sided level of the confidence interval that decides.
        spread: Expected standard deviation of one measurement, if it is known beforehand.
    """

    compares: Literal["level", "difference"]
    arms: tuple[str, ...]
    quantity: str
    unit: str
    relation: Relation
    value: float
    high: float | None = None
    alpha: float = Field(default=0.05, gt=0, lt=1)
    spread: float | None = None


class Measured(Record):
    """One result that came back from the bench: of a sample, or with no value if it failed."""

    experiment: str
    sample: str
    quantity: str
    value: float | None = None
    unit: str = "1"
    failed: bool = False
    note: str = ""


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
    design: tuple[Text, ...] = ()
    """Randomisation, blinding, blocking, and the layout of plates, in sentences."""
    samples: tuple[Sample, ...] = ()
    decision: Decision | None = None
    stopping_rule: Text | None = None
    waste: tuple[str, ...] = ()
    protocol_file: str | None = None
    """Bundle path of the machine protocol; ``protocol_check`` says what came of simulating it."""
    protocol_check: str = ""
    files: tuple[Artifact, ...] = ()
    """Worksheet, layout, protocols and result template in the bundle."""


class Verdict(Record):
    """The outcome of one comparison of two hypotheses: ``first``, ``second`` or ``tie``, on the stated criteria."""

    first: str
    second: str
    winner: Literal["first", "second", "tie"]
    reason: str = ""
    judge: str = ""
