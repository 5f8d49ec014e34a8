"""Written answers: a model words what passages say, and every sentence is checked against the passages that it cites.

The model gets the passages and nothing else, each with a number; a sentence without a valid number, or one that its
passages do not carry (`knowledge.answering.check_support`), is kept and marked as unsupported. What a passage says is
data: it goes into the prompt fenced, and nothing that it says can start a tool.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from agent.models import ChatModel, OnCall, system, user
from agent.reasoning.prompts import data_block, render
from agent.records import Record

if TYPE_CHECKING:
    from knowledge import Embedder, Hit

MOST_SENTENCES = 12
_SYSTEM = "You answer questions for researchers from the passages that you are given, and cite them."


class CitedSentence(Record):
    """One sentence of the model, with the numbers of the passages that it cites, from 1."""

    text: str = Field(max_length=800)
    passages: tuple[int, ...] = Field(max_length=8)


class Draft(Record):
    """The model's answer; no sentences where the passages do not answer."""

    sentences: tuple[CitedSentence, ...] = Field(max_length=MOST_SENTENCES)


@dataclass(frozen=True)
class WrittenSentence:
    """A sentence of the answer, what it cites, and the verdict on it.

    Attributes:
        text: The sentence.
        citations: The passages that it cites.
        supported: Whether they carry it.
        reason: Why not; '' where they do.
    """

    text: str
    citations: tuple[Hit, ...]
    supported: bool
    reason: str = ""


async def write_answer(
    model: ChatModel,
    question: str,
    hits: Sequence[Hit],
    *,
    weight: Callable[[str], float] | None = None,
    embedder: Embedder | None = None,
    on_call: OnCall | None = None,
) -> tuple[WrittenSentence, ...]:
    """Have a model word an answer, and check every sentence of it.

    Args:
        model: The model; it is asked once, with repairs.
        question: As the researcher asked it.
        hits: The passages that it may use, best first.
        weight: Rarity of a term in the documents, for the check.
        embedder: Compares meanings in the check where words differ.
        on_call: Hears of every request that was paid for.

    Returns:
        The sentences, supported or not; none where the model finds no answer in the passages.

    Raises:
        ModelError: The model cannot be used, or answers nothing usable.
        BudgetSpent: The remaining tokens or money would not cover it.
    """
    from knowledge.answering import check_support

    told = "\n\n".join(
        data_block(f"passage {number}, of {hit.title or hit.document}", hit.text) for number, hit in enumerate(hits, 1)
    )
    prompt = render("answer", question=question, passages=told)
    draft = await model.ask_for(Draft, [system(_SYSTEM), user(prompt)], purpose="answer", on_call=on_call)
    written = []
    for sentence in draft.record.sentences:
        cited = tuple(hits[number - 1] for number in dict.fromkeys(sentence.passages) if 1 <= number <= len(hits))
        texts = [f"{hit.title}\n{hit.text}" for hit in cited]
        verdict = check_support(sentence.text, texts, weight=weight, embedder=embedder)
        written.append(WrittenSentence(sentence.text, cited, verdict.supported, verdict.reason))
    return tuple(written)
