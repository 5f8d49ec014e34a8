"""The records: every word of the design as a frozen value.

Records are plain data (JSON in, JSON out), so that they can be checkpointed, sent to workers, written into bundles
and shown by any face. A record that does not fit is refused with the field's name; unknown fields are errors.
"""

from agent.records.asked import Brief, Constraint, Entity, Goal, Limits, Objective, Question
from agent.records.base import (
    BUNDLE_VERSION,
    CandidateKind,
    Novelty,
    Record,
    Relation,
    RunStatus,
    Status,
    StepStatus,
    now,
)
from agent.records.done import Plan, Step, StepState
from agent.records.found import (
    Artifact,
    ArtifactContent,
    Candidate,
    CandidateDraft,
    Citation,
    ErrorInfo,
    Evidence,
    Quantity,
    Result,
    Value,
)
from agent.records.meant import Experiment, Factor, Hypothesis, Measurement, Prediction, Span, Support, Text, Verdict
from agent.records.run import Review, RunInfo, Usage

__all__ = [
    "BUNDLE_VERSION",
    "Artifact",
    "ArtifactContent",
    "Brief",
    "Candidate",
    "CandidateDraft",
    "CandidateKind",
    "Citation",
    "Constraint",
    "Entity",
    "ErrorInfo",
    "Evidence",
    "Experiment",
    "Factor",
    "Goal",
    "Hypothesis",
    "Limits",
    "Measurement",
    "Novelty",
    "Objective",
    "Plan",
    "Prediction",
    "Quantity",
    "Question",
    "Record",
    "Relation",
    "Result",
    "Review",
    "RunInfo",
    "RunStatus",
    "Span",
    "Status",
    "Step",
    "StepState",
    "StepStatus",
    "Support",
    "Text",
    "Usage",
    "Value",
    "Verdict",
    "now",
]
