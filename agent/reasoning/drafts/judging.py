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
    "support": "how far the evidence for it outweighs the evidence against it",
    "value": "how much the outcome bears on what the goal asks for",
    "testability": "how clearly, and with how little work, an experiment could show it false",
    "information": "how much the outcome would teach, whichever way it goes",
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


def agreed(first: str, second: str, forward: VerdictDraft, backward: VerdictDraft, judge: str) -> Verdict:
    """The verdict of two askings in opposite orders: what they agree on, else a tie.

    Args:
        first: Id of the hypothesis shown first in the first asking.
        second: Id of the other.
        forward: The verdict with ``first`` shown first.
        backward: The verdict with ``second`` shown first.
        judge: Who judged.
    """
    turned = {"first": "second", "second": "first", "tie": "tie"}[backward.winner]
    if forward.winner != turned:
        return Verdict(
            first=first,
            second=second,
            winner="tie",
            reason="The model's answer depends on the order in which the two are shown.",
            judge=judge,
        )
    return Verdict(first=first, second=second, winner=forward.winner, reason=_reason(forward), judge=judge)


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
    return "\n".join(lines)
