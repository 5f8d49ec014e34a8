"""A run's history: the ledger's events folded into what is known now. Every face and the bundle render this."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from agent import events as ev
from agent.records import (
    Brief,
    Candidate,
    Evidence,
    Experiment,
    Hypothesis,
    Measured,
    Plan,
    Question,
    Review,
    RunStatus,
    Step,
    StepState,
    Usage,
    Verdict,
)

APPROVAL = "approve"
"""Key of the question that shows a plan before it runs."""


def agrees(answer: Any) -> bool:
    """Whether an answer lets a plan run: a word for yes, or changes of the plan that do not refuse it."""
    if isinstance(answer, dict):
        return bool(answer.get("approve", True))
    return str(answer).strip().lower().startswith(("y", "예", "네", "true"))


@dataclass
class History:
    """What the events so far amount to. `apply` takes them one at a time, in order; repeated ones change nothing."""

    run: str = ""
    goal: str = ""
    phase: str = ""
    status: RunStatus = "running"
    reason: str = ""
    screened: ev.GoalScreened | None = None
    brief: Brief | None = None
    recalled: list[ev.Recalled] = field(default_factory=list)
    steps: dict[str, Step] = field(default_factory=dict)
    rationale: str = ""
    rounds: int = 0
    states: dict[str, StepState] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)
    reviews: list[Review] = field(default_factory=list)
    candidates: tuple[Candidate, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    criticised: bool = False
    dropped: tuple[Hypothesis, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    experiments: tuple[Experiment, ...] = ()
    rounds_designed: list[tuple[str, ...]] = field(default_factory=list)
    """Ids of the plans that were made at a time: the first round, then what followed from its results."""
    results: list[Measured] = field(default_factory=list)
    updates: list[ev.BeliefsUpdated] = field(default_factory=list)
    notices: list[ev.Notice] = field(default_factory=list)
    question: Question | None = None
    answers: dict[str, str] = field(default_factory=dict)
    approved: frozenset[str] = frozenset()
    """Steps that the researcher has seen and agreed to."""
    usage: Usage = field(default_factory=Usage)
    _said: set[str] = field(default_factory=set, repr=False)

    @property
    def plan(self) -> Plan:
        """All steps so far, in the order they were planned."""
        return Plan(steps=tuple(self.steps.values()), rationale=self.rationale)

    def apply(self, event: ev.Event) -> None:
        """Take one event into account."""
        match event:
            case ev.RunStarted():
                self.run, self.goal, self.status = event.run, event.goal, "running"
            case ev.PhaseStarted():
                self.phase = event.phase
            case ev.GoalScreened():
                self.screened = event
            case ev.GoalUnderstood():
                self.brief = event.brief
            case ev.Recalled():
                self.recalled.append(event)
            case ev.PlanMade():
                self._plan(event)
            case ev.StepStarted():
                self._state(event.step, status="running")
            case ev.StepProgress():
                self._state(event.step, status="running", message=f"{event.fraction:.0%} {event.message}".strip())
            case ev.StepFinished():
                found = event.evidence
                self.evidence[found.id] = found
                # Steps end in any order; their evidence is read in the plan's.
                self.evidence = dict(sorted(self.evidence.items(), key=lambda item: int(item[0][1:])))
                self._state(
                    event.step,
                    status=found.status,
                    seconds=found.seconds,
                    cached=found.cached,
                    message=found.summary,
                )
            case ev.StepSkipped():
                self._state(event.step, status="skipped", message=event.reason)
            case ev.Reviewed():
                self.reviews.append(event.review)
            case ev.QuestionAsked():
                self.question = event.question
                self.answers.pop(event.question.key, None)  # asked again, because the answer did not help
            case ev.QuestionAnswered():
                self.answers[event.key] = event.answer
                self.question = None
                if event.key == APPROVAL and agrees(event.answer):
                    self.approved = frozenset(self.steps)
            case ev.CandidatesRanked():
                self.candidates = event.candidates
            case ev.HypothesesMade():
                self.hypotheses = event.hypotheses
            case ev.HypothesesCriticised():
                self.hypotheses, self.dropped, self.criticised = event.hypotheses, event.dropped, True
            case ev.HypothesesSharpened():
                known = {one.id for one in self.hypotheses}
                self.hypotheses += tuple(one for one in event.hypotheses if one.id not in known)
            case ev.HypothesesRanked():
                self.hypotheses, self.verdicts = event.hypotheses, event.verdicts
            case ev.ExperimentsDesigned():
                self._design(event.experiments)
            case ev.ResultsTold():
                self.results.extend(event.results)
            case ev.BeliefsUpdated():
                self._believe(event)
            case ev.ModelCalled():
                self.usage = self.usage.plus(event.usage)
            case ev.Notice():
                if event.text not in self._said:
                    self._said.add(event.text)
                    self.notices.append(event)
            case ev.RunEnded():
                self.status, self.reason, self.usage = event.status, event.reason, event.usage
            case ev.ModelText():
                pass

    def _plan(self, event: ev.PlanMade) -> None:
        if {step.id for step in event.plan.steps} == set(self.steps):  # a plan of the same steps gives a new order
            self.steps = {}
        for step in event.plan.steps:
            self.steps[step.id] = step
            self.states.setdefault(step.id, StepState())
        self.rationale = event.plan.rationale or self.rationale
        self.rounds = max(self.rounds, event.round)

    def _design(self, experiments: tuple[Experiment, ...]) -> None:
        """Take plans in; one of the same id is replaced, so that an earlier round's plans stay."""
        plans = {plan.id: plan for plan in self.experiments} | {plan.id: plan for plan in experiments}
        self.experiments = tuple(plans.values())
        # Files are added to plans later: those say them again, and are no round of their own.
        known = {name for made in self.rounds_designed for name in made}
        if fresh := tuple(plan.id for plan in experiments if plan.id not in known):
            self.rounds_designed.append(fresh)

    def _believe(self, event: ev.BeliefsUpdated) -> None:
        self.updates.append(event)
        beliefs = {belief.hypothesis: belief for belief in event.beliefs}
        self.hypotheses = tuple(
            one.model_copy(update={"belief": beliefs[one.id]}) if one.id in beliefs else one for one in self.hypotheses
        )

    def _state(self, step: str, **changes: object) -> None:
        self.states[step] = self.states.get(step, StepState()).model_copy(update=changes)


def fold(events: Iterable[ev.Event]) -> History:
    """The history that a sequence of events amounts to."""
    history = History()
    for event in events:
        history.apply(event)
    return history
