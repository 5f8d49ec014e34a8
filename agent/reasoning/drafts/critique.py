"""A critique as a model gives it, and what is taken of it.

A model's words join what the rules found; they do not replace it. It may propose merges, which are made only where the
two predict the same by structure, and it may propose to drop a hypothesis: one of its own kind is dropped, one that a
rule over the table found stays, and the objection is shown.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field

from agent.errors import InputError
from agent.reasoning.critique.evolving import join as merged
from agent.reasoning.critique.meaning import likeness, overlap, same_prediction
from agent.reasoning.drafts.base import Draft, Sentence, Short
from agent.reasoning.grounding import Grounder, join
from agent.reasoning.protocol import Criticised, RunView
from agent.records import Critique, Hypothesis, Text

LIKE = 0.5
"""Likeness of words from which a merge that a model proposes is believed where the subjects differ."""


class ObjectionDraft(Draft):
    """What the model holds against one hypothesis."""

    hypothesis: Short
    counterargument: Sentence
    alternatives: Annotated[tuple[Sentence, ...], Field(max_length=2)] = ()
    confounders: Annotated[tuple[Sentence, ...], Field(max_length=2)] = ()
    drop: bool = False
    reason: Sentence = ""


class MergeDraft(Draft):
    """Two hypotheses that the model takes for one."""

    first: Short
    second: Short


class CritiqueDraft(Draft):
    """A model's critique of all hypotheses."""

    objections: Annotated[tuple[ObjectionDraft, ...], Field(max_length=20)]
    merges: Annotated[tuple[MergeDraft, ...], Field(max_length=10)] = ()


def check_critique(draft: CritiqueDraft, ids: Iterable[str]) -> None:
    """Refuse a critique of what does not exist, or one that leaves a hypothesis out.

    Raises:
        InputError: Which ids are unknown or missing.
    """
    known = set(ids)
    named = {one.hypothesis for one in draft.objections}
    pairs = {name for one in draft.merges for name in (one.first, one.second)}
    wrong = [f"there is no hypothesis '{name}'" for name in sorted((named | pairs) - known)]
    wrong += [f"hypothesis {name} is not criticised" for name in sorted(known - named)]
    wrong += [f"{one.first} cannot be merged with itself" for one in draft.merges if one.first == one.second]
    if wrong:
        raise InputError("; ".join(wrong))


def apply_critique(base: Criticised, draft: CritiqueDraft, view: RunView, judge: str) -> tuple[Criticised, list[str]]:
    """The rules' critique with what the model adds.

    Args:
        base: What the rules made of the hypotheses.
        draft: The model's critique of those that stayed.
        view: The run, whose values may be referred to; other figures are marked as unverified.
        judge: Who criticised.

    Returns:
        The hypotheses, and one sentence for everything that was not taken.
    """
    grounder, notices = Grounder.of(view), []
    objections = {one.hypothesis: one for one in draft.objections}
    found = {one.id: _objected(one, objections[one.id], grounder, judge) for one in base.hypotheses}
    for pair in draft.merges:
        first, second = found.get(pair.first), found.get(pair.second)
        if first is None or second is None:
            continue  # merged already
        if not _mergeable(first, second):
            notices.append(f"The model takes {first.id} and {second.id} for one; they predict different things.")
            continue
        together, told = merged(first, second)
        assert together.critique is not None
        change = f"{together.critique.change} {told}".strip()
        critique = together.critique.model_copy(update={"outcome": "merged", "change": change})
        del found[first.id], found[second.id]
        found[together.id] = together.model_copy(update={"critique": critique})
    dropped = list(base.dropped)
    for objection in draft.objections:
        one = found.get(objection.hypothesis)
        if not objection.drop or one is None:
            continue
        if one.kind != "model" or len(found) == 1:
            notices.append(f"The model would drop {one.id}, which evidence of the table supports; it stays.")
            continue
        assert one.critique is not None
        reason = _plain(objection.reason) or "The model holds that no experiment on it is worth its cost."
        critique = one.critique.model_copy(update={"outcome": "dropped", "change": reason})
        dropped.append(found.pop(one.id).model_copy(update={"critique": critique}))
    order = [one.id for one in base.hypotheses]
    return Criticised(tuple(found[name] for name in order if name in found), tuple(dropped)), notices


def _objected(hypothesis: Hypothesis, draft: ObjectionDraft, grounder: Grounder, judge: str) -> Hypothesis:
    own = hypothesis.critique or Critique(counterargument=Text(text=""))
    said = [text for text in (own.counterargument, grounder.read(_closed(draft.counterargument))) if text.text]
    others = (*own.alternatives, *(grounder.read(_closed(text)) for text in draft.alternatives))
    return hypothesis.model_copy(
        update={
            "critique": own.model_copy(
                update={
                    "counterargument": join(said),
                    "alternatives": tuple({text.text: text for text in others if text.text}.values()),
                    "confounders": (*own.confounders, *(text for one in draft.confounders if (text := _plain(one)))),
                    "judge": f"{own.judge} and {judge}",
                }
            )
        }
    )


def _mergeable(one: Hypothesis, other: Hypothesis) -> bool:
    """Whether two predict the same by structure, and are about the same candidates or say nearly the same."""
    near = overlap(one, other) >= 0.5 or (one.driver and one.driver == other.driver)
    return same_prediction(one, other) and bool(near or likeness(one, other) >= LIKE)


def _plain(text: str) -> str:
    """A sentence without figures: it is kept where no span could show a figure's source."""
    from agent.reasoning.grounding import figures

    return "" if figures(text) or "{{" in text else text.strip()


def _closed(text: str) -> str:
    text = text.strip()
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."
