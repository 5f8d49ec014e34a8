"""What was found: values, artifacts, evidence, candidates."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from agent.records.base import CandidateKind, Record, Status


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
    labels: dict[str, str] = Field(default_factory=dict)
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
    data: dict[str, Any] = Field(default_factory=dict)
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
    quantities: dict[str, Quantity] = Field(default_factory=dict)
    labels: dict[str, str] = Field(default_factory=dict)
    feasible: bool | None = None
    reason: str = ""
    rank: int | None = None
    score: float | None = None
    withheld: bool = False
