"""Goals that are questions with one answer: the rules of `agent.reasoning.questions` answer them, files included."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.reasoning.protocol import Context
from agent.reasoning.questions import wording
from agent.reasoning.questions.answering import Answer, answer_question
from agent.reasoning.questions.options import split_options
from agent.reasoning.understanding.files import FoundFile
from agent.records import Result

LONGEST = 200_000
"""Letters of a file's sequence up to which it is put into a question."""
_MOST_STEPS = 12
_ASKS = re.compile(r"[?？]|\b(?:which|what|how many|how long|count|choose)\b|몇|어느|무엇", re.IGNORECASE)
_DONE = "|".join(
    (wording.DIGEST, wording.FRAME, wording.AMPLIFIED, wording.ASSEMBLY, wording.GOLDEN_GATE, wording.EFFICIENCY)
)


@dataclass(frozen=True)
class Answered:
    """The answer to a question, in words, why it follows, and the calls that it rests on as tool and arguments."""

    text: str
    reason: str
    calls: tuple[tuple[str, Mapping[str, Any]], ...]

    def options(self) -> dict[str, Any]:
        """The answer among a brief's options."""
        return {"answer": self.text, "because": self.reason, "calls": [[tool, dict(args)] for tool, args in self.calls]}

    def notes(self) -> tuple[str, ...]:
        """The answer as a note of the brief."""
        return (f"Answer: {self.text}. {self.reason}",)


async def answer_goal(text: str, files: Sequence[FoundFile], context: Context) -> Answered | None:
    """Answer a goal that asks one thing of given sequences; ``None`` where no rule decides it.

    Args:
        text: The goal.
        files: Sequence files that it names; the sequence of each with a single one takes the place of its name.
        context: To call the tools.
    """
    question, choices = split_options(text)
    # What describes a sequence is in every plan; only what is done with it needs its own calls.
    if not _ASKS.search(text) or not (choices or re.search(_DONE, text, re.IGNORECASE)):
        return None
    for file in files:
        question = await _with_sequence(question, file, context)

    async def call(tool: str, arguments: dict[str, Any]) -> Result:
        return await context.call(tool, arguments)

    answer = await answer_question(question, choices or None, call)
    if not answer.computed:
        return None
    calls = {repr((used.tool, used.arguments)): (used.tool, used.arguments) for used in answer.evidence}
    return Answered(_worded(answer, choices), answer.reason, tuple(calls.values())[:_MOST_STEPS])


def _worded(answer: Answer, choices: tuple[str, ...]) -> str:
    if answer.choice is not None:
        return f"{chr(ord('A') + choices.index(answer.choice))}) {answer.choice}"
    return f"{answer.text} (no one choice follows)" if choices else answer.text


async def _with_sequence(question: str, file: FoundFile, context: Context) -> str:
    """A question in which a file's name is followed by its sequence."""
    result = await context.call("read_sequences", {"path": file.path})
    found = result.data.get("dna", [])
    if result.status != "ok" or len(found) != 1 or len(found[0]) > LONGEST:
        return question
    name = next((one for one in (file.path, file.path.rpartition("/")[2]) if one in question), "")
    shape = " (a circular plasmid)" if result.data["records"][0]["circular"] else ""
    told = f"{name}{shape} {found[0]}"
    return question.replace(name, told, 1) if name else f"{question}{told}"
