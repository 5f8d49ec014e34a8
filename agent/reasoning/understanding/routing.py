"""Choosing a playbook: rules first, then the nearest examples, and a question when the margin is small."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from agent.reasoning.understanding.parts import GoalParts
from agent.reasoning.understanding.similarity import Nearness, nearness
from agent.records import Question

CLEAR = 2.0
"""Rule score, and lead over the next playbook, from which rules alone decide."""

BEST_EXAMPLES = 3
"""A playbook is as near as the mean of its nearest examples."""

KEY = "playbook"
"""Key of the question which playbook is meant."""

# What people ask of such an assistant that no playbook plans, in the words of the answer, and what does it instead.
_NOT_YET: tuple[tuple[str, str], ...] = (
    (r"retrosynthe\w+|synthe(?:sis|tic) routes?|합성 경로", "synthesis routes (the tool plan_synthesis does)"),
    (r"metabolic model|flux balance|knock-?outs?|genome-scale|strain design|대사 모델", "metabolic models"),
    (r"bayesian optimi[sz]ation|self-driving|closed[ -]loop|베이지안", "campaigns (`gedanken campaign` does)"),
    (r"molecular dynamics|\bMD simulation|분자동역학", "molecular dynamics"),
    (r"clinical trial|임상시험", "clinical trials"),
    (
        r"^\W*(?:please\s+)?(?:measure|run (?:the|an?) (?:assay|experiment|measurement|synthesis|sample)"
        r"|titrate|weigh)\b"
        r"|\b(?:measure|synthesi[sz]e|test) (?:it|this|them) for me\b|(?:측정|합성)해\s?(?:줘|주세요)\W*$",
        "work in the laboratory: Gedanken computes and plans, and people or robots measure (name the molecule or "
        "material to have an experiment planned)",
    ),
    (r"protein (?:structure|fold\w*) prediction|alphafold|folding of", "protein structure prediction"),
)


class Destination(Protocol):
    """What routing has to know of a playbook."""

    name: str
    title: str
    examples: tuple[str, ...]

    def signals(self, parts: GoalParts) -> float:
        """How strongly the goal's own content points here: 0 for nothing, 2 or more for a clear sign.

        Below 0, it lacks what the playbook works on: examples do not count then.
        """
        ...


@dataclass(frozen=True)
class Route:
    """Where a goal goes.

    Attributes:
        name: The playbook, or ``None`` if the researcher has to say.
        how: What decided: ``answer``, ``rules``, ``examples``.
        ranking: Playbooks with their scores, best first.
        question: What to ask where nothing is clear.
        notes: Wishes that this version does not serve.
    """

    name: str | None
    how: str
    ranking: tuple[tuple[str, float], ...]
    question: Question | None = None
    notes: tuple[str, ...] = ()


def route(
    parts: GoalParts, playbooks: Sequence[Destination], answer: str | None = None, near: Nearness | None = None
) -> Route:
    """Choose a playbook for a goal.

    Args:
        parts: The goal as read.
        playbooks: Where it may go.
        answer: What the researcher answered when asked.
        near: The measure of nearness; by default the one that suits the goal's language.

    Returns:
        The choice; without one, the question to ask.
    """
    beyond = tuple(what for pattern, what in _NOT_YET if re.search(pattern, parts.text, re.IGNORECASE))
    notes = tuple(f"No playbook plans {what}; I left that part of the goal out." for what in beyond)
    if answer and (chosen := _named(answer, playbooks)):
        return Route(chosen, "answer", ((chosen, 1.0),), notes=notes)
    rules = _ranked([(book.name, book.signals(parts)) for book in playbooks])
    lead = rules[0][1] - (rules[1][1] if len(rules) > 1 else 0.0)
    if rules[0][1] >= CLEAR and lead >= CLEAR and not (beyond and rules[0][1] < 2 * CLEAR):
        return Route(rules[0][0], "rules", tuple(rules), notes=notes)
    if beyond:
        return Route(None, "question", tuple(rules), _question(parts, playbooks, beyond))
    measure = near or nearness(parts.language)
    scores = {book.name: _mean_of_best(measure(parts.text, book.examples)) for book in playbooks}
    scale = measure.margin / CLEAR  # a rule point weighs half a margin
    by_rules = dict(rules)
    ranking = _ranked([(name, score + scale * by_rules[name]) for name, score in scores.items()])
    lead = ranking[0][1] - (ranking[1][1] if len(ranking) > 1 else 0.0)
    if ranking[0][1] >= measure.threshold and lead >= measure.margin:
        return Route(ranking[0][0], "examples", tuple(ranking), notes=notes)
    return Route(None, "question", tuple(ranking), _question(parts, playbooks, beyond))


def _ranked(scores: list[tuple[str, float]]) -> list[tuple[str, float]]:
    return sorted(scores, key=lambda pair: -pair[1])


def _mean_of_best(similarities: list[float]) -> float:
    best = sorted(similarities, reverse=True)[:BEST_EXAMPLES]
    return sum(best) / len(best) if best else 0.0


def _named(answer: str, playbooks: Sequence[Destination]) -> str | None:
    wanted = answer.strip().lower()
    for number, book in enumerate(playbooks, start=1):
        if wanted in (book.name, book.title.lower(), str(number)) or book.name.startswith(wanted):
            return book.name
    return None


def _question(parts: GoalParts, playbooks: Sequence[Destination], beyond: tuple[str, ...]) -> Question:
    listed = "; ".join(f"{book.name}: {book.title}" for book in playbooks)
    refused = f"No playbook plans {', '.join(beyond)}. " if beyond else ""
    refused_ko = f"{', '.join(beyond)} 작업을 위한 플레이북이 없습니다. " if beyond else ""
    text = parts.say(
        f"{refused}I am not sure what to do with this goal. This version can do the following: {listed}. "
        "Which one is meant? (Or state the goal in other words.)",
        f"{refused_ko}이 목표를 어떻게 다룰지 확실하지 않습니다. 이 버전이 할 수 있는 일: {listed}. "
        "어느 것입니까? (또는 목표를 다른 말로 적어 주세요.)",
    )
    return Question(key=KEY, text=text, choices=tuple(book.name for book in playbooks))
