"""The records: every word of the design as a frozen value.

Records are plain data (JSON in, JSON out), so that they can be checkpointed, sent to workers, written into bundles
and shown by any face. A record that does not fit is refused with the field's name; unknown fields are errors.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

BUNDLE_VERSION = 1
"""Version of the bundle's layout; a newer one is refused with a clear error."""

Status = Literal["ok", "empty", "error"]
CandidateKind = Literal["molecule", "crystal", "sequence", "strain", "recipe"]
Relation = Literal["<", "<=", ">", ">=", "==", "between"]
Novelty = Literal["novel", "known", "unknown"]
RunStatus = Literal["running", "finished", "stopped", "failed", "waiting"]
StepStatus = Literal["pending", "running", "ok", "empty", "error", "skipped", "cancelled"]


def now() -> str:
    """The present moment in ISO 8601, UTC, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class Record(BaseModel):
    """A frozen record that refuses unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", ser_json_inf_nan="constants")

    def plain(self) -> dict[str, Any]:
        """The record as JSON-compatible plain data."""
        return self.model_dump(mode="json")


# --- what was asked -------------------------------------------------------------------------------------------------


class Limits(Record):
    """What a run may spend; a run stops between steps when one is reached."""

    seconds: float | None = Field(default=None, gt=0)
    tool_calls: int | None = Field(default=None, gt=0)
    tokens: int | None = Field(default=None, gt=0)
    cost_usd: float | None = Field(default=None, ge=0)


class Goal(Record):
    """What the researcher asked."""

    text: str
    attachments: tuple[str, ...] = ()
    limits: Limits = Limits()
    seed: int = 0


class Constraint(Record):
    """A bound on a quantity that every candidate has to meet.

    ``quantity`` is a key of `agent.vocabulary`; ``low`` and ``high`` are in ``unit``. ``<`` and ``<=`` use ``high``,
    ``>`` and ``>=`` use ``low``, ``==`` sets both to the same value.
    """

    quantity: str
    relation: Relation
    low: float | None = None
    high: float | None = None
    unit: str = "1"
    text: str = ""

    def admits(self, value: float) -> bool:
        """Whether a value, in this constraint's unit, meets the bound."""
        if self.relation == "<":
            return self.high is not None and value < self.high
        if self.relation == ">":
            return self.low is not None and value > self.low
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


class Objective(Record):
    """A quantity to push: up, down, or to a target."""

    quantity: str
    direction: Literal["maximise", "minimise", "target"]
    target: float | None = None
    unit: str = "1"
    text: str = ""


class Entity(Record):
    """Something the goal names, resolved or not.

    ``kind`` says what it is, ``text`` how the goal wrote it, ``value`` what it stands for (SMILES, SMARTS, formula,
    path, sequence), ``role`` what it is for, and ``source`` where the value comes from (``goal`` when written there,
    else the name of the data set that resolved it).
    """

    kind: Literal["molecule", "substructure", "composition", "structure_file", "sequence", "file", "organism", "gene"]
    text: str
    value: str = ""
    role: Literal["seed", "keep", "avoid", "reference", "input", "target"] = "seed"
    source: str = "goal"


class Question(Record):
    """Something missing that only the researcher can supply."""

    key: str
    text: str
    choices: tuple[str, ...] = ()
    default: str | None = None


class Brief(Record):
    """A goal understood."""

    goal: str
    domain: Literal["chemistry", "materials", "biology", "general"]
    playbook: str
    language: Literal["en", "ko"] = "en"
    objectives: tuple[Objective, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    entities: tuple[Entity, ...] = ()
    wanted: int | None = None
    options: dict[str, Any] = {}
    missing: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()


# --- what is done ---------------------------------------------------------------------------------------------------


class Step(Record):
    """One tool call of a plan.

    Arguments may point to the outcome of an earlier step: a string ``${s1.data.smiles}`` is replaced, before the call,
    by that part of step ``s1``'s result. Such a step has ``s1`` among its needs.
    """

    id: str = Field(pattern=r"^s\d+$")
    tool: str
    arguments: dict[str, Any] = {}
    needs: tuple[str, ...] = ()
    why: str = ""
    optional: bool = False
    """An optional step that fails or is empty does not stop the steps that need it; they see nothing from it."""


class Plan(Record):
    """A directed acyclic graph of steps."""

    steps: tuple[Step, ...]
    rationale: str = ""


class StepState(Record):
    """Where a step stands: what ``plan.json`` shows beside it."""

    status: StepStatus = "pending"
    seconds: float | None = None
    cached: bool = False
    message: str = ""


# --- what was found -------------------------------------------------------------------------------------------------


class Value(Record):
    """A named number that a tool measured."""

    name: str
    value: float
    unit: str = "1"
    uncertainty: float | None = None


class Quantity(Value):
    """A value and where it comes from: an evidence id (``e3``), a passage id, or ``goal``."""

    source: str


class Citation(Record):
    """A place in a document: how a statement points to it. Offsets are characters in the page's text."""

    document: str
    passage: str
    page: int | None = None
    start: int = 0
    end: int = 0
    quote: str = ""


class ArtifactContent(Record):
    """A file that a tool made, still in memory: text only (CIF, SVG, CSV, SDF, JSON)."""

    name: str
    media_type: str
    content: str
    title: str = ""


class Artifact(Record):
    """A file of the bundle, named by content."""

    name: str
    path: str
    media_type: str
    sha256: str
    title: str = ""


class CandidateDraft(Record):
    """A candidate as a tool returns it. ``structure`` is canonical for its kind, so that drafts of two tools meet."""

    kind: CandidateKind
    structure: str
    name: str = ""
    values: tuple[Value, ...] = ()
    labels: dict[str, str] = {}
    feasible: bool | None = None
    reason: str = ""
    withheld: bool = False


class ErrorInfo(Record):
    """Why a tool could not do it."""

    kind: str
    message: str
    remedy: str = ""
    repairable: bool = False


class Result(Record):
    """The envelope that every tool call ends in.

    ``ok`` has found something; ``empty`` looked and found nothing; ``error`` could not look. ``data`` is plain JSON for
    later steps; ``values`` are the headline numbers; ``candidates`` are merged into the run's table by structure.
    """

    status: Status
    summary: str
    values: tuple[Value, ...] = ()
    data: dict[str, Any] = {}
    candidates: tuple[CandidateDraft, ...] = ()
    artifacts: tuple[ArtifactContent, ...] = ()
    citations: tuple[Citation, ...] = ()
    warnings: tuple[str, ...] = ()
    error: ErrorInfo | None = None


class Evidence(Record):
    """What one step brought. Its id is the step's with another letter: step ``s3`` brings ``e3``."""

    id: str
    step: str
    tool: str
    status: Status
    summary: str
    values: tuple[Value, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    citations: tuple[Citation, ...] = ()
    warnings: tuple[str, ...] = ()
    error: ErrorInfo | None = None
    payload: str = ""
    """Bundle path of the whole result as JSON."""
    seconds: float = 0.0
    cached: bool = False
    fingerprint: str = ""


class Candidate(Record):
    """One molecule, crystal, sequence, strain or recipe under consideration."""

    id: str
    kind: CandidateKind
    structure: str
    name: str = ""
    quantities: dict[str, Quantity] = {}
    labels: dict[str, str] = {}
    feasible: bool | None = None
    reason: str = ""
    rank: int | None = None
    score: float | None = None
    withheld: bool = False


# --- what it means --------------------------------------------------------------------------------------------------


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


class Review(Record):
    """What a reasoner makes of the evidence so far: enough, or further steps."""

    enough: bool
    notes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


class Usage(Record):
    """What a run has spent."""

    seconds: float = 0.0
    tool_calls: int = 0
    cached_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float = 0.0

    def plus(self, other: Usage) -> Usage:
        """The two together."""
        return Usage(**{name: getattr(self, name) + getattr(other, name) for name in Usage.model_fields})


class RunInfo(Record):
    """The head of a bundle: ``run.json``."""

    bundle_version: int = BUNDLE_VERSION
    id: str
    goal: Goal
    brief: Brief | None = None
    status: RunStatus = "running"
    reasoner: str = "playbook"
    model: str | None = None
    seed: int = 0
    offline: bool = True
    started: str = Field(default_factory=now)
    finished: str | None = None
    versions: dict[str, str] = {}
    budget_spent: Usage = Usage()
    question: Question | None = None
    error: str | None = None
    notes: tuple[str, ...] = ()
    """What the reader has to know: fallbacks, sources not searched, limits reached."""
