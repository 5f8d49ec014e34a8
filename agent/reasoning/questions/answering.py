"""From a question to an answer: the first rule that knows the kind of question computes; nothing is guessed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from agent.reasoning.questions import amplification, assemblies, choosing, digestion, inserts, protocols, reading_frames
from agent.reasoning.questions.calls import Call, Desk, NotComputable, Used
from agent.reasoning.questions.finding import Finding
from agent.reasoning.questions.reading import Asked, read

Rule = Callable[[Asked, Desk], Awaitable[Finding | None]]

RULES: tuple[Rule, ...] = (
    *choosing.RULES,
    *assemblies.RULES,
    *protocols.RULES,
    *inserts.RULES,
    *amplification.RULES,
    *reading_frames.RULES,
    *digestion.RULES,
)
"""Tried in this order; each returns ``None`` for a question that is not of its kind."""


@dataclass(frozen=True)
class Answer:
    """What was found out.

    Attributes:
        choice: The choice, as given; ``None`` to abstain.
        text: The answer in words, or why there is none.
        evidence: The tool calls that it rests on.
        reason: How the choice follows, or what stands in the way.
        computed: Whether a rule knew the kind of question and computed something.
    """

    choice: str | None
    text: str
    evidence: tuple[Used, ...]
    reason: str
    computed: bool = False


async def answer_question(question: str, choices: Sequence[str] | None, call: Call) -> Answer:
    """Answer a question about sequences by computing it.

    Args:
        question: The question as asked, with its sequences.
        choices: The answers to choose from; ``None`` for an open question.
        call: Calls a tool; see `agent.reasoning.questions.calls.Call`.

    Returns:
        The choice that agrees with the computation, if there is exactly one; else no choice, with the reason.
    """
    asked, desk = read(question, choices), Desk(call)
    for rule in RULES:
        try:
            finding = await rule(asked, desk)
        except NotComputable as error:
            return Answer(None, "It cannot be computed.", tuple(desk.used), str(error))
        if finding is not None:
            return _choose(asked, desk, finding)
    return Answer(None, "No rule knows this kind of question.", tuple(desk.used), "the kind of question is not known")


def _choose(asked: Asked, desk: Desk, finding: Finding) -> Answer:
    used = tuple(desk.used)
    if not asked.choices:
        return Answer(None, finding.text, used, finding.reason, True)
    if len(finding.agreeing) == 1:
        return Answer(asked.choices[finding.agreeing[0]], finding.text, used, finding.reason, True)
    if not finding.agreeing:
        return Answer(None, finding.text, used, f"No choice agrees: {finding.reason}", True)
    letters = ", ".join(chr(ord("A") + index) for index in finding.agreeing)
    return Answer(None, finding.text, used, f"The choices {letters} all agree: {finding.reason}", True)
