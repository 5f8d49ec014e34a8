"""Extractive answers: the sentences of the documents that answer a question, ranked, each with its place.

A sentence is scored by the share of the question's terms that it holds, each weighed by its rarity (a term that no
document has counts as the rarest), and by the score of its passage; a question for an amount favours sentences with a
figure. Where even the best passage stays below `FOUND` the answer is "not found", with what was nearest.

`FOUND` was chosen on SciFact's training claims (every fourth) and 16 questions from other fields: at 0.40, 19 % of the
claims whose abstract is there are missed; with the abstract taken away 59 % are still answered, with abstracts on the
same subject; of the questions from other fields 1 in 16 is answered. "Found" means that passages on the subject are
there; whether they settle the question is for the reader, who sees the sentences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from knowledge.answering.clauses import clause_before
from knowledge.answering.contradiction import disagreement
from knowledge.answering.features import figures
from knowledge.lexical.tokens import tokenise
from knowledge.passages import sentence_spans

if TYPE_CHECKING:
    from knowledge.records import Hit
    from knowledge.snapshot import Snapshot
    from knowledge.store import Store

FOUND = 0.4
"""Least score of the best passage for an answer; unknown terms of the question weigh against it."""
SETTLED = 0.75
"""A sentence that holds this share of the question's weighed terms answers it, whatever the score of its passage."""
LEAST_COVERED = 0.25
"""Least share of the question's weighed terms in the best sentence."""
_DEPTH = 12  # passages whose sentences are looked at
_LOOK_BACK = 40  # passages before a sentence in which the heading of its clause is looked for
_AMOUNT = re.compile(
    r"\b(?:how (?:much|many|large|high|low|long|strong|fast|often)|what (?:is|was|are|were) the|at what|which value"
    r"|temperature|IC50|yield|concentration|dose)\b|얼마|몇", re.IGNORECASE
)  # fmt: skip
_HEADINGS = re.compile(r"^[^.!?。]{0,80}$")


@dataclass(frozen=True)
class Statement:
    """A sentence that answers, and where it stands.

    Attributes:
        text: The sentence as the document has it.
        document: Name of the document.
        title: Its title.
        page: Page number, or ``None``.
        start: First character in the page's text.
        end: One past its last character.
        passage: Id of the passage.
        score: How well it answers, in [0, 1].
        clause: Number of the clause that it belongs to, in regulations; '' elsewhere.
        context: The passage around it.
    """

    text: str
    document: str
    title: str
    page: int | None
    start: int
    end: int
    passage: str
    score: float
    clause: str = ""
    context: str = ""


@dataclass(frozen=True)
class Disagreement:
    """Two statements, by their places in the answer from 0, that say different things, and how."""

    first: int
    second: int
    reason: str


@dataclass(frozen=True)
class Answer:
    """What the documents say on a question.

    Attributes:
        question: As asked.
        found: Whether the documents hold passages on it.
        statements: The sentences that answer, best first; none where nothing was found.
        nearest: What came nearest where nothing was found.
        disagreements: Statements that contradict each other.
        score: The best passage's score, with unknown terms of the question weighing against it.
    """

    question: str
    found: bool
    statements: tuple[Statement, ...]
    nearest: tuple[Statement, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    score: float = 0.0


def answer(store: Store, question: str, count: int = 5, where: Mapping[str, Any] | None = None) -> Answer:
    """Answer a question with sentences of the store's documents.

    Args:
        store: An open store.
        question: In plain words.
        count: How many sentences at most.
        where: A filter on documents; see `knowledge.filters`.

    Raises:
        QueryError: The question is empty or too long, or the filter cannot be used.
    """
    hits = store.search(question, _DEPTH, where)
    snapshot = store.snapshot
    weights = term_weights(snapshot, question)
    if not hits or not weights:
        return Answer(question, False, ())
    total = sum(weights.values())
    known = sum(weight for term, weight in weights.items() if snapshot.postings.idf(term) > 0)
    honest = [_honest(hit, weights, known / total) for hit in hits]
    wants_figure = bool(_AMOUNT.search(question))
    ranked: list[tuple[float, float, Statement]] = []
    for hit, passage_score in zip(hits, honest, strict=True):
        for start, end in sentence_spans(hit.text):
            sentence = hit.text[start:end]
            covered = sum(weights[t] for t in set(tokenise(sentence)) & weights.keys()) / total
            if _HEADINGS.match(sentence) and len(sentence.split()) < 4:
                continue
            score = 0.55 * covered + 0.35 * passage_score + 0.1 * (not wants_figure or bool(figures(sentence)))
            ranked.append((score, covered, _statement(hit, sentence, start, score)))
    ranked.sort(key=lambda item: -item[0])
    best = max(honest)
    chosen = _distinct([item for item in ranked if item[1] >= LEAST_COVERED], count)
    settled = any(covered >= SETTLED for _, covered, _ in ranked)
    if not chosen or (best < FOUND and not settled):
        nearest = _distinct(ranked, 3)
        return Answer(question, False, (), tuple(nearest), (), best)
    kept = [one for one in chosen if one.score >= 0.5 * chosen[0].score]
    placed = tuple(_with_clause(snapshot, one) for one in kept)
    return Answer(question, True, placed, (), _disagreements(placed), best)


def term_weights(snapshot: Snapshot, question: str) -> dict[str, float]:
    """The terms of a question, each with 1 and its rarity; one that no passage holds counts as the rarest."""
    most = snapshot.postings.idf_unseen
    return {term: 1 + (snapshot.postings.idf(term) or most) for term in dict.fromkeys(tokenise(question))}


def _honest(hit: Hit, weights: Mapping[str, float], known: float) -> float:
    """A hit's score, in which terms that no document holds weigh against it."""
    held = sum(weights[t] for t in set(tokenise(f"{hit.title}\n{hit.text}")) & weights.keys()) / sum(weights.values())
    return min(1.0, hit.score * (0.5 + 0.5 * known)) if held else 0.5 * hit.score


def _statement(hit: Hit, sentence: str, start: int, score: float) -> Statement:
    place = hit.start + start
    return Statement(
        text=sentence, document=hit.document, title=hit.title, page=hit.page, start=place, end=place + len(sentence),
        passage=hit.passage, score=round(score, 4), context=hit.text,
    )  # fmt: skip


def _distinct(ranked: list[tuple[float, float, Statement]], count: int) -> list[Statement]:
    """The best sentences, none twice (overlapping passages repeat sentences, and copies of a paper too)."""
    chosen: list[Statement] = []
    seen: list[frozenset[str]] = []
    for _, _, statement in ranked:
        terms = frozenset(tokenise(statement.text))
        alike = [one for one, other in zip(chosen, seen, strict=True) if _alike(terms, other)]
        if any(not disagreement(one.text, statement.text) for one in alike):
            continue
        chosen.append(statement)
        seen.append(terms)
        if len(chosen) == count:
            break
    return chosen


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= 0.85 * max(1, len(one | other))


def _with_clause(snapshot: Snapshot, statement: Statement) -> Statement:
    from dataclasses import replace

    row = snapshot.rows.get(statement.passage)
    if row is None:
        return statement
    before, offset = preceding_text(snapshot, row, statement.start - int(snapshot.start[row]))
    return replace(statement, clause=clause_before(before, offset))


def preceding_text(snapshot: Snapshot, row: int, offset: int) -> tuple[str, int]:
    """The document's text up to a position in a passage, without the repeats of overlapping passages.

    Returns:
        The text, which ends with the whole passage, and the position in it.
    """
    import numpy as np

    rows = np.flatnonzero(np.asarray(snapshot.owner) == snapshot.owner[row])
    order = rows[np.lexsort((snapshot.start[rows], snapshot.page[rows]))].tolist()
    place = order.index(row)
    text, until = "", {}
    for other in order[max(0, place - _LOOK_BACK) : place + 1]:
        page, start = int(snapshot.page[other]), int(snapshot.start[other])
        piece = snapshot.text(other)
        skipped = max(0, until.get(page, start) - start)
        if other == row:
            return text + piece[skipped:], len(text) + max(0, offset - skipped)
        gap = "\n" if start >= until.get(page, start) else ""
        text += piece[skipped:] + gap
        until[page] = start + len(piece)
    return text, offset


def _disagreements(statements: tuple[Statement, ...]) -> tuple[Disagreement, ...]:
    found = []
    for i, one in enumerate(statements):
        for j in range(i + 1, len(statements)):
            if reason := disagreement(one.text, statements[j].text):
                found.append(Disagreement(i, j, reason))
    return tuple(found)
