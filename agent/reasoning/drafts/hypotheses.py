"""Hypotheses as a model proposes them: figures grounded, evidence that exists, a prediction that can fail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from agent.errors import InputError
from agent.reasoning.critique.meaning import likeness, overlap, same_prediction
from agent.reasoning.drafts.base import Draft, Paragraph, Sentence, Short
from agent.reasoning.experiments.methods import METHODS
from agent.reasoning.grounding import Grounder, join
from agent.reasoning.hypotheses.prior import with_prior
from agent.reasoning.protocol import RunView
from agent.records import Citation, Hypothesis, Prediction, Relation, Support, Text
from agent.units import compatible, convert, parse_unit, print_value
from agent.vocabulary import by_key, title

MOST = 4
"""Hypotheses that a model may propose in one run."""

_RELATIONS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "==": "equal to"}
_OPPOSITE = {"<": "at or above", "<=": "above", ">": "at or below", ">=": "below", "==": "different from"}


class PredictionDraft(Draft):
    """What the model says will be measured."""

    quantity: Short
    relation: Relation
    value: float
    high: float | None = None
    unit: Short = "1"
    condition: Sentence = ""


class SupportDraft(Draft):
    """A piece of evidence that the model names, and what it shows."""

    source: Short
    text: Sentence
    weight: Annotated[float, Field(ge=0, le=1)] = 0.5


class HypothesisDraft(Draft):
    """A hypothesis that the model proposes. There is no field in which it could ask for a tool."""

    statement: Sentence
    mechanism: Paragraph
    prediction: PredictionDraft
    subjects: Annotated[tuple[Short, ...], Field(max_length=20)] = ()
    evidence_for: Annotated[tuple[SupportDraft, ...], Field(min_length=1, max_length=6)]
    evidence_against: Annotated[tuple[SupportDraft, ...], Field(min_length=1, max_length=6)]
    citations: Annotated[tuple[Short, ...], Field(max_length=8)] = ()


class HypothesesDraft(Draft):
    """What a model makes of the evidence."""

    hypotheses: Annotated[tuple[HypothesisDraft, ...], Field(max_length=MOST)]


def check_hypotheses(draft: HypothesesDraft) -> None:
    """Refuse predictions that no measurement could decide.

    Raises:
        InputError: One complaint for every prediction with an unknown unit, a missing bound or an impossible value.
    """
    wrong = [
        f"hypothesis {number}: {complaint}"
        for number, hypothesis in enumerate(draft.hypotheses, start=1)
        if (complaint := _complaint(hypothesis.prediction))
    ]
    if wrong:
        raise InputError("; ".join(wrong))


def _complaint(prediction: PredictionDraft) -> str:
    try:
        parse_unit(prediction.unit)
    except InputError as error:
        return str(error)
    if prediction.relation == "between" and (prediction.high is None or prediction.high <= prediction.value):
        return "'between' needs `value` below `high`"
    known = by_key().get(prediction.quantity)
    if known is None:
        return ""
    if not compatible(prediction.unit, known.unit):
        return f"{prediction.quantity} is measured in {known.unit}, not in {prediction.unit}"
    value = convert(prediction.value, prediction.unit, known.unit)
    low, high = known.bounds
    if (low is not None and value < low) or (high is not None and value > high):
        return f"{prediction.quantity} cannot be {value:g}"
    return ""


@dataclass
class Reader:
    """Turns the drafts of one run into hypotheses, and collects what had to be left out.

    Attributes:
        view: The run.
        own: The playbook's hypotheses, which the drafts join.
        notices: One sentence for everything that was left out.
    """

    view: RunView
    own: tuple[Hypothesis, ...]
    notices: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Gather what drafts may refer to."""
        self._grounder = Grounder.of(self.view)
        self._passages = {citation.passage: citation for citation in self.view.citations()}
        self._candidates = {candidate.id for candidate in self.view.candidates}

    def merged(self, drafts: Iterable[HypothesisDraft]) -> tuple[Hypothesis, ...]:
        """The playbook's hypotheses, then those of the model that hold and say something else."""
        found = list(self.own)
        for draft in drafts:
            made = self._hypothesis(draft, f"h{len(found) + 1}")
            if made is None:
                continue
            if twin := next((other for other in found if _same(made, other)), None):
                self.notices.append(f"A hypothesis of the model says the same as {twin.id} and was left out.")
                continue
            found.append(with_prior(made, self.view))
        return tuple(found)

    def _hypothesis(self, draft: HypothesisDraft, identifier: str) -> Hypothesis | None:
        subjects = tuple(dict.fromkeys(s for s in draft.subjects if self._known(s, self._candidates, "candidate")))
        prediction = self._prediction(draft.prediction)
        told = self._grounder.read(_told(prediction, subjects))
        for_it = self._supports(draft.evidence_for)
        against = self._supports(draft.evidence_against) or self._borrowed(prediction, subjects)
        if not for_it or not against:
            side = "for" if not for_it else "against"
            self.notices.append(f"A hypothesis of the model was left out: no evidence {side} it exists in this run.")
            return None
        return Hypothesis(
            id=identifier,
            statement=join([self._grounder.read(_closed(draft.statement)), told]),
            mechanism=self._grounder.read(draft.mechanism),
            prediction=prediction.model_copy(update={"source": _source(told)}),
            refuted_by=_refutation(prediction),
            scope=f"the {len(subjects)} candidates named" if subjects else "the candidates of this run",
            kind="model",
            subjects=subjects,
            evidence_for=for_it,
            evidence_against=against,
            citations=self._citations(draft.citations),
            novelty="unknown",
            novelty_basis="Proposed by a model; no prior work was searched for this statement.",
        )

    def _prediction(self, draft: PredictionDraft) -> Prediction:
        """The prediction in the vocabulary's unit, with the spread of the method that measures it.

        A condition whose figures nothing supports is left out.
        """
        known = by_key().get(draft.quantity)
        unit = known.unit if known else draft.unit
        method = METHODS.get(draft.quantity)
        condition = self._grounder.read(draft.condition)
        if condition.unverified:
            self.notices.append(f"The condition of a model's prediction was left out: '{draft.condition}'.")
            condition = Text(text="")
        return Prediction(
            quantity=draft.quantity,
            relation=draft.relation,
            value=convert(draft.value, draft.unit, unit),
            high=None if draft.high is None else convert(draft.high, draft.unit, unit),
            unit=unit,
            condition=condition.text,
            spread=method.spread if method and method.unit == unit else None,
        )

    def _supports(self, drafts: Sequence[SupportDraft]) -> tuple[Support, ...]:
        return tuple(
            Support(source=draft.source, text=self._grounder.read(draft.text), weight=draft.weight)
            for draft in drafts
            if self._known(draft.source, {*self.view.evidence, *self._passages}, "evidence")
        )

    def _citations(self, ids: Sequence[str]) -> tuple[Citation, ...]:
        known = [i for i in dict.fromkeys(ids) if self._known(i, self._passages, "passage")]
        return tuple(self._passages[identifier] for identifier in known)

    def _known(self, identifier: str, known: Iterable[str], what: str) -> bool:
        if identifier in known:
            return True
        self.notices.append(f"The model cited {what} '{identifier}', which does not exist; it was left out.")
        return False

    def _borrowed(self, prediction: Prediction, subjects: Sequence[str]) -> tuple[Support, ...]:
        """What the playbook holds against the same quantity or candidates, which tells against this one as well."""
        for other in self.own:
            if other.prediction.quantity == prediction.quantity or set(other.subjects) & set(subjects):
                return other.evidence_against
        return ()


def _told(prediction: Prediction, subjects: Sequence[str]) -> str:
    """The prediction as a sentence, so that its numbers are accounted for like all others."""
    value = print_value(prediction.value, prediction.unit)
    if prediction.relation == "between" and prediction.high is not None:
        bound = f"between {value} and {print_value(prediction.high, prediction.unit)}"
    else:
        bound = f"{_RELATIONS[prediction.relation]} {value}"
    of = f" of {', '.join(subjects)}" if subjects else ""
    return f"Prediction: the measured {title(prediction.quantity)}{of} is {bound}."


def _refutation(prediction: Prediction) -> str:
    value = print_value(prediction.value, prediction.unit)
    if prediction.relation == "between" and prediction.high is not None:
        return f"The measured value lies outside {value} to {print_value(prediction.high, prediction.unit)}."
    return f"The measured value is {_OPPOSITE[prediction.relation]} {value}."


def _source(told: Text) -> str:
    """Where the predicted value comes from; ``model`` if nothing in the run or the goal states it."""
    if not told.spans or told.unverified:
        return "model"
    return told.spans[0].source or "model"


def _closed(statement: str) -> str:
    statement = statement.strip()
    return statement if statement.endswith((".", "!", "?")) else f"{statement}."


def _same(one: Hypothesis, other: Hypothesis) -> bool:
    """Whether two hypotheses say the same, or predict the same of the same candidates.

    The critique merges what means the same; what a model only repeats is left out before that.
    """
    if one.statement.text.lower() == other.statement.text.lower():
        return True
    same_subjects = set(one.subjects) == set(other.subjects)
    return same_prediction(one, other) and (same_subjects or (overlap(one, other) > 0 and likeness(one, other) > 0.9))
