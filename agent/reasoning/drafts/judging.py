"""Verdicts and procedures as a model gives them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from agent.reasoning.comparison import WEIGHTS
from agent.reasoning.drafts.base import Draft, Sentence, Short
from agent.reasoning.grounding import Grounder, figures
from agent.reasoning.grounding.templates import called
from agent.reasoning.protocol import RunView
from agent.records import Citation, Experiment, Hypothesis, Verdict

MOST_ACTIONS = 20
"""Steps of a procedure."""


_CRITERIA = {
    "information": "how much the outcome would teach, whichever way it goes, and about how many candidates",
    "support": "how far the evidence for it outweighs the evidence against it, confounders included",
    "testability": "how probably, and with how little work, a test would show it false if it is false",
    "value": "how much the outcome bears on what the goal asks for",
    "novelty": "whether it goes beyond what is known",
}


def criteria_lines() -> str:
    """The criteria on which the program itself compares, in words, the weightiest first."""
    ordered = sorted(WEIGHTS, key=lambda name: -WEIGHTS[name])
    return "\n".join(f"- {name}: {_CRITERIA[name]}" for name in ordered)


class VerdictDraft(Draft):
    """Which of two hypotheses, in the order shown, deserves the next experiment."""

    winner: Literal["first", "second", "tie"]
    criterion: Short = ""
    reason: Sentence = ""


class ProcedureDraft(Draft):
    """The steps of a procedure, reworded."""

    steps: Annotated[tuple[Sentence, ...], Field(min_length=1, max_length=MOST_ACTIONS)]


def verdict_of(first: str, second: str, draft: VerdictDraft, judge: str) -> Verdict:
    """One asking as a verdict.

    Args:
        first: Id of the hypothesis that was shown first.
        second: Id of the other.
        draft: The answer.
        judge: Who judged.
    """
    return Verdict(first=first, second=second, winner=draft.winner, reason=_reason(draft), judge=judge)


def _reason(verdict: VerdictDraft) -> str:
    """The reason, without figures: a verdict's reason has no spans in which a figure could show its source."""
    if verdict.reason and not figures(verdict.reason) and "{{" not in verdict.reason:
        return verdict.reason
    return f"Decided by: {verdict.criterion}." if verdict.criterion and not figures(verdict.criterion) else ""


def reworded(base: Experiment, draft: ProcedureDraft, view: RunView) -> Experiment:
    """The playbook's experiment with the model's procedure; all but the procedure stays.

    Args:
        base: The playbook's design. Its own figures may be repeated; they keep their sources.
        draft: The model's steps.
        view: The run, whose values may be referred to.
    """
    grounder = Grounder(
        view.quantities(),
        view.goal.text,
        (*view.citations(), *_settled(base)),
        {candidate.id: called(candidate.name, candidate.id) for candidate in view.candidates},
    )
    return base.model_copy(update={"procedure": tuple(grounder.read(step) for step in draft.steps)})


def _settled(base: Experiment) -> tuple[Citation, ...]:
    """The figures that a design has settled, each as a passage that a procedure may repeat."""
    counts = f"{base.replicates} replicates, {base.sample_size} samples"
    settled = [Citation(document="", passage="method:design", quote=counts)]
    for text in (*base.procedure, base.decision_rule):
        for figure in figures(text.text):
            source = next((s.source for s in text.spans if s.start <= figure.start < s.end), None)
            if source is not None:
                quote = f"{text.text[figure.start : figure.end]} {figure.unit or ''}".strip()
                settled.append(Citation(document="", passage=source, quote=quote))
    return tuple(settled)


def told(hypothesis: Hypothesis) -> str:
    """A hypothesis as a judge reads it."""
    prediction = hypothesis.prediction
    lines = [
        hypothesis.statement.text,
        f"Mechanism: {hypothesis.mechanism.text}",
        f"Refuted if: {hypothesis.refuted_by}",
        f"Condition: {prediction.condition or 'none'}",
        *(f"For ({one.source}): {one.text.text}" for one in hypothesis.evidence_for),
        *(f"Against ({one.source}): {one.text.text}" for one in hypothesis.evidence_against),
        f"Novelty: {hypothesis.novelty}",
    ]
    if hypothesis.critique is not None:
        lines.append(f"Strongest argument against it: {hypothesis.critique.counterargument.text}")
        lines += [f"Another explanation: {one.text}" for one in hypothesis.critique.alternatives]
        lines += [f"Confounder: {one}" for one in hypothesis.critique.confounders]
    return "\n".join(lines)
