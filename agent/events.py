"""Events: what happened in a run, as a closed typed union.

The ledger is the append-only list of them, and the only source of a run's history: every face renders it, `resume`
reads it, the bundle's other files are derived from it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from agent.records import (
    Belief,
    Brief,
    Candidate,
    Evidence,
    Experiment,
    Hypothesis,
    Measured,
    Plan,
    Question,
    Record,
    Review,
    RunStatus,
    Usage,
    Verdict,
    now,
)


class BaseEvent(Record):
    """What all events share: when it happened. The ledger's line number is its order."""

    at: str = Field(default_factory=now)


class RunStarted(BaseEvent):
    """A run began, or began again after a stop."""

    kind: Literal["run_started"] = "run_started"
    run: str
    goal: str
    resumed: bool = False


class PhaseStarted(BaseEvent):
    """The graph entered a phase (``interpret``, ``plan``, ``hypothesise``, ...)."""

    kind: Literal["phase_started"] = "phase_started"
    phase: str


class GoalScreened(BaseEvent):
    """The hazard screen looked at the goal: ``match``, ``no match`` or ``not screened``."""

    kind: Literal["goal_screened"] = "goal_screened"
    verdict: Literal["match", "no match", "not screened"]
    reason: str
    covers: str
    refused: bool = False


class GoalUnderstood(BaseEvent):
    """The goal became a brief."""

    kind: Literal["goal_understood"] = "goal_understood"
    brief: Brief


class Recalled(BaseEvent):
    """What the lab already knows that bears on the goal."""

    kind: Literal["recalled"] = "recalled"
    summary: str
    sources: tuple[str, ...] = ()


class PlanMade(BaseEvent):
    """A plan was made, or extended in a review."""

    kind: Literal["plan_made"] = "plan_made"
    plan: Plan
    round: int = 0


class StepStarted(BaseEvent):
    """A step began."""

    kind: Literal["step_started"] = "step_started"
    step: str
    tool: str


class StepProgress(BaseEvent):
    """A step reports how far it is. Progress is shown, and not kept in the ledger."""

    kind: Literal["step_progress"] = "step_progress"
    step: str
    fraction: float
    message: str = ""


class StepFinished(BaseEvent):
    """A step ended and brought evidence; its candidates are merged into the run's table."""

    kind: Literal["step_finished"] = "step_finished"
    step: str
    evidence: Evidence


class StepSkipped(BaseEvent):
    """A step did not run, because a step that it needs failed or a limit was reached."""

    kind: Literal["step_skipped"] = "step_skipped"
    step: str
    reason: str


class Reviewed(BaseEvent):
    """The evidence so far was reviewed."""

    kind: Literal["reviewed"] = "reviewed"
    review: Review


class QuestionAsked(BaseEvent):
    """The run waits for an answer."""

    kind: Literal["question_asked"] = "question_asked"
    question: Question


class QuestionAnswered(BaseEvent):
    """The researcher answered."""

    kind: Literal["question_answered"] = "question_answered"
    key: str
    answer: Any


class CandidatesRanked(BaseEvent):
    """The candidates, ranked, as they stand at the end of the run."""

    kind: Literal["candidates_ranked"] = "candidates_ranked"
    candidates: tuple[Candidate, ...]


class HypothesesMade(BaseEvent):
    """Hypotheses were generated (before ranking)."""

    kind: Literal["hypotheses_made"] = "hypotheses_made"
    hypotheses: tuple[Hypothesis, ...]


class HypothesesRanked(BaseEvent):
    """The hypotheses were compared pairwise and rated."""

    kind: Literal["hypotheses_ranked"] = "hypotheses_ranked"
    hypotheses: tuple[Hypothesis, ...]
    verdicts: tuple[Verdict, ...]


class ExperimentsDesigned(BaseEvent):
    """Experiment plans were made."""

    kind: Literal["experiments_designed"] = "experiments_designed"
    experiments: tuple[Experiment, ...]


class HypothesesCriticised(BaseEvent):
    """The hypotheses after the critique: kept, sharpened, merged; and those that were dropped, with the reason."""

    kind: Literal["hypotheses_criticised"] = "hypotheses_criticised"
    hypotheses: tuple[Hypothesis, ...]
    dropped: tuple[Hypothesis, ...] = ()


class HypothesesSharpened(BaseEvent):
    """Hypotheses that follow from supported ones were added; all earlier ones stay."""

    kind: Literal["hypotheses_sharpened"] = "hypotheses_sharpened"
    hypotheses: tuple[Hypothesis, ...]


class ResultsTold(BaseEvent):
    """Measured results came in for experiments of the run."""

    kind: Literal["results_told"] = "results_told"
    results: tuple[Measured, ...]
    source: str = ""


class BeliefsUpdated(BaseEvent):
    """The decision rules were applied to the results so far, and what is planned next follows from them."""

    kind: Literal["beliefs_updated"] = "beliefs_updated"
    beliefs: tuple[Belief, ...]
    next_steps: tuple[str, ...] = ()


class ModelCalled(BaseEvent):
    """A chat model was asked: what for, and what it cost."""

    kind: Literal["model_called"] = "model_called"
    purpose: str
    model: str
    usage: Usage
    repaired: int = 0


class ModelText(BaseEvent):
    """A piece of streamed model text. Shown, and not kept in the ledger."""

    kind: Literal["model_text"] = "model_text"
    purpose: str
    text: str


class Notice(BaseEvent):
    """Something the reader has to know: a fallback, a source not searched, a limit."""

    kind: Literal["notice"] = "notice"
    level: Literal["info", "warning", "error"] = "info"
    text: str


class RunEnded(BaseEvent):
    """The run ended, for now or for good."""

    kind: Literal["run_ended"] = "run_ended"
    status: RunStatus
    reason: str = ""
    usage: Usage = Usage()


Event = Annotated[
    RunStarted
    | PhaseStarted
    | GoalScreened
    | GoalUnderstood
    | Recalled
    | PlanMade
    | StepStarted
    | StepProgress
    | StepFinished
    | StepSkipped
    | Reviewed
    | QuestionAsked
    | QuestionAnswered
    | CandidatesRanked
    | HypothesesMade
    | HypothesesRanked
    | HypothesesCriticised
    | HypothesesSharpened
    | ExperimentsDesigned
    | ResultsTold
    | BeliefsUpdated
    | ModelCalled
    | ModelText
    | Notice
    | RunEnded,
    Field(discriminator="kind"),
]

EVENT: TypeAdapter[Event] = TypeAdapter(Event)
"""Reads and checks an event from plain data."""

TRANSIENT = (StepProgress, ModelText)
"""Events that are shown while they happen and not kept."""

Listener = Callable[[Event], None]
"""Sees every event of a run as it happens."""
