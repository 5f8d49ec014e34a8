"""Extractive answers: the sentences of the documents that answer a question, ranked, each with its place.

A sentence is scored by the share of the question's terms that it holds, each weighed by its rarity (a term that no
document has counts as the rarest), and by the score of its passage; a question for an amount favours sentences with a
figure. Where the documents probably hold no answer (`knowledge.answering.judging`) it is "not found", with what was
nearest. "Found" means that passages on just this are there; whether they settle the question is for the reader, who
sees the sentences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from knowledge.answering.clauses import clause_before
from knowledge.answering.contradiction import disagreement
from knowledge.answering.features import figures
from knowledge.answering.judging import Signs, chance, stands_out
from knowledge.lexical.tokens import tokenise
from knowledge.sentences import covered, sentences, terms_of

if TYPE_CHECKING:
    from knowledge.records import Hit
    from knowledge.snapshot import Snapshot
    from knowledge.store import Store

LEAST_CHANCE = 0.36
"""Least chance that the documents hold the answer, for one to be given."""
DOUBTFUL = 0.5
"""Below this chance an answer is given with a warning that it may only be near the question."""
SETTLED = 0.85
"""A sentence that holds this share of the question's weighed terms answers it, whatever stands beside it."""
LEAST_COVERED = 0.25
"""Least share of the question's weighed terms in the best sentence."""
_WIDE = 100  # passages whose scores are compared
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
        score: The chance that the documents hold an answer, as calibrated in `knowledge.answering.judging`.
    """

    question: str
    found: bool
    statements: tuple[Statement, ...]
    nearest: tuple[Statement, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    score: float = 0.0

    @property
    def doubtful(self) -> bool:
        """Whether an answer is given that is likelier to be on the subject only."""
        return self.found and self.score < DOUBTFUL


def answer(
    store: Store, question: str, count: int = 5, where: Mapping[str, Any] | None = None, *, words_only: bool = False
) -> Answer:
    """Answer a question with sentences of the store's documents.

    Args:
        store: An open store.
        question: In plain words.
        count: How many sentences at most.
        where: A filter on documents; see `knowledge.filters`.
        words_only: Look at the words alone; the embedding engine is then neither loaded nor asked.

    Raises:
        QueryError: The question is empty or too long, or the filter cannot be used.
    """
    by_meaning = not words_only and store.by_meaning(question)
    snapshot, hits, ranked = store.look(question, _DEPTH, where, words_only=words_only, wide=_WIDE)
    weights = term_weights(snapshot, question)
    if not ranked or not weights:
        return Answer(question, False, ())
    total = sum(weights.values())
    known = sum(weight for term, weight in weights.items() if snapshot.postings.idf(term) > 0) / total
    signs = Signs(
        ranked[0].score,
        stands_out(
            [one.score for one in ranked],
            [int(snapshot.owner[one.row]) for one in ranked],
            documents=len(snapshot.documents),
            complete=len(ranked) < _WIDE,
        ),
        max(covered(weights, terms_of(hit.text) | frozenset(tokenise(hit.title))) for hit in hits) / total,
        known,
    )
    likely = chance(signs, by_meaning=by_meaning)
    candidates = _candidates(hits, weights, known, amount=bool(_AMOUNT.search(question)))
    chosen = _distinct([item for item in candidates if item.covered >= LEAST_COVERED], count)
    if any(item.covered >= SETTLED for item in candidates):
        likely = max(likely, DOUBTFUL)
    if not chosen or likely < LEAST_CHANCE:
        return Answer(question, False, (), tuple(_distinct(candidates, 3)), (), likely)
    kept = [one for one in chosen if one.score >= 0.5 * chosen[0].score]
    placed = tuple(_with_clause(snapshot, one) for one in kept)
    return Answer(question, True, placed, (), _disagreements(placed), likely)


def term_weights(snapshot: Snapshot, question: str) -> dict[str, float]:
    """The terms of a question, each with 1 and its rarity; one that no passage holds counts as the rarest."""
    most = snapshot.postings.idf_unseen
    return {term: 1 + (snapshot.postings.idf(term) or most) for term in dict.fromkeys(tokenise(question))}


class _Candidate(NamedTuple):
    """A sentence that may answer: how well, and the share of the question's weighed terms that it holds."""

    score: float
    covered: float
    terms: frozenset[str]
    statement: Statement


def _candidates(hits: Sequence[Hit], weights: Mapping[str, float], known: float, *, amount: bool) -> list[_Candidate]:
    """The sentences of the hits, best first."""
    total = sum(weights.values())
    found: list[_Candidate] = []
    for hit in hits:
        met = any(covered(weights, sentence.terms) for sentence in sentences(hit.text))
        passage_score = min(1.0, hit.score * (0.5 + 0.5 * known)) if met else 0.5 * hit.score
        for start, end, terms in sentences(hit.text):
            text = hit.text[start:end]
            if (_HEADINGS.match(text) and len(text.split()) < 4) or _is_title(text, hit.title):
                continue
            share = covered(weights, terms) / total
            score = 0.55 * share + 0.35 * passage_score + 0.1 * (not amount or bool(figures(text)))
            found.append(_Candidate(score, share, terms, _statement(hit, text, start, score)))
    return sorted(found, key=lambda item: -item.score)


def _is_title(text: str, title: str) -> bool:
    """Whether a sentence is the document's short title; a longer one may state what it found."""
    words = text.strip("# ").casefold().split()
    return len(words) < 6 and words == title.casefold().split()


def _statement(hit: Hit, sentence: str, start: int, score: float) -> Statement:
    place = hit.start + start
    return Statement(
        text=sentence, document=hit.document, title=hit.title, page=hit.page, start=place, end=place + len(sentence),
        passage=hit.passage, score=round(score, 4), context=hit.text,
    )  # fmt: skip


def _distinct(ranked: Sequence[_Candidate], count: int) -> list[Statement]:
    """The best sentences, none twice (overlapping passages repeat sentences, and copies of a paper too)."""
    chosen: list[_Candidate] = []
    for item in ranked:
        alike = [one for one in chosen if _alike(item.terms, one.terms)]
        if any(not disagreement(one.statement.text, item.statement.text) for one in alike):
            continue
        chosen.append(item)
        if len(chosen) == count:
            break
    return [item.statement for item in chosen]


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
