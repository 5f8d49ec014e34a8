"""Extractive answers: the sentences of the documents that answer a question, ranked, each with its place.

A sentence is scored by the share of the question's terms that it holds, each weighed by its rarity (a term that no
document has counts as the rarest), and by the score of its passage; a question for an amount favours sentences with a
figure. Where the documents probably hold no answer (`knowledge.answering.judging`), or no sentence says what the
question demands (`knowledge.answering.demands`: the quantity, the names, the conditions), it is "not found", with what
was nearest and what that does not say. "Found" means that sentences on just this are there; whether they settle the
question is for the reader, who sees them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from knowledge.answering.amounts import figures
from knowledge.answering.clauses import clause_before
from knowledge.answering.contradiction import amounts_differ, disagreement
from knowledge.answering.demands import Asked, Setting, asked_of, unmet
from knowledge.answering.features import features
from knowledge.answering.judging import Signs, chance, stands_out
from knowledge.lexical.tokens import tokenise
from knowledge.sentences import covered, row_in_words, sentences, terms_of

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
_YES_OR_NO = re.compile(
    r"^\s*(?:whether|if|is|are|was|were|does|do|did|can|could|has|have|will|should)\s", re.IGNORECASE
)
_ON_IT = 0.7  # share of a question's weighed terms from which a statement takes a side on it
_REFERENCE = re.compile(r"^\W*(?:\d+\W+)?[A-Z][\w'’-]+,\s(?:[A-Z]\.[\s-]?)+")  # 12. Kim, S.
_HEADING_COSTS = 0.15  # what a short line without a stop or a figure is worth less than a sentence
_CARRIED = 0.6  # what a term counts that stands in the sentences before or in the title, beside one of the sentence
_BEFORE = 2  # sentences before one that it may take up ("In ethanol it is ...")


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
        head: The head of the table that it is a row of; '' elsewhere.
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
    head: str = ""

    @property
    def said(self) -> str:
        """The statement on one line; of a table's row each value with its column's name and unit."""
        return row_in_words(self.text, self.head) if self.head else " ".join(self.text.split())


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
        lacking: What the question names and none of the statements says; where nothing was found, what the nearest
            one does not say.
    """

    question: str
    found: bool
    statements: tuple[Statement, ...]
    nearest: tuple[Statement, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    score: float = 0.0
    lacking: tuple[str, ...] = ()

    @property
    def doubtful(self) -> bool:
        """Whether an answer is given that is likelier to be on the subject only."""
        return self.found and self.score < DOUBTFUL

    @property
    def reservation(self) -> str:
        """What of the question is not said, as a sentence; '' where nothing is missing."""
        if not self.lacking:
            return ""
        named = " or ".join(f"“{name}”" for name in self.lacking)
        return f"None of these sentences says {named}." if self.found else f"The nearest does not say {named}."


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
    asked = asked_of(question)
    candidates = _candidates(snapshot, hits, weights, known, asked, amount=bool(_AMOUNT.search(question)))
    answering = [item for item in candidates if not (asked.exact and item.lacking)]
    chosen = _distinct([one for one in answering if (one.covered if asked.exact else one.own) >= LEAST_COVERED], count)
    if any(item.own >= SETTLED for item in answering):
        likely = max(likely, DOUBTFUL)
    if not chosen or likely < LEAST_CHANCE:
        near = _distinct(candidates, 3)
        unsaid = near[0].lacking if near and likely >= LEAST_CHANCE else ()
        return Answer(question, False, (), tuple(one.statement for one in near), (), likely, unsaid)
    kept = [one for one in chosen if one.score >= 0.5 * chosen[0].score]
    placed = tuple(_with_clause(snapshot, one.statement) for one in kept)
    disagreeing = disagreements(placed, asked) or _denials(question, kept)
    unsaid = tuple(name for name in kept[0].lacking if all(name in one.lacking for one in kept))
    return Answer(question, True, placed, (), disagreeing, likely, unsaid)


def term_weights(snapshot: Snapshot, question: str) -> dict[str, float]:
    """The terms of a question, each with 1 and its rarity; one that no passage holds counts as the rarest."""
    most = snapshot.postings.idf_unseen
    return {term: 1 + (snapshot.postings.idf(term) or most) for term in dict.fromkeys(tokenise(question))}


class _Candidate(NamedTuple):
    """A sentence that may answer.

    Attributes:
        score: How well it does.
        own: Share of the question's weighed terms that it holds.
        covered: The same with those that it takes up from before, which count less.
        lacking: What the question demands and it does not say.
        terms: Its terms.
        statement: The sentence with its place.
    """

    score: float
    own: float
    covered: float
    lacking: tuple[str, ...]
    terms: frozenset[str]
    statement: Statement


def _candidates(
    snapshot: Snapshot,
    hits: Sequence[Hit],
    weights: Mapping[str, float],
    known: float,
    asked: Asked,
    *,
    amount: bool,
) -> list[_Candidate]:
    """The sentences of the hits, best first; where a property is asked for, those that leave least unsaid."""
    total = sum(weights.values())
    found: list[_Candidate] = []
    for hit in hits:
        pieces = sentences(hit.text)
        met = any(covered(weights, sentence.terms) for sentence in pieces)
        passage_score = min(1.0, hit.score * (0.5 + 0.5 * known)) if met else 0.5 * hit.score
        title = frozenset(tokenise(hit.title))
        before = title
        for number, (start, end, terms, head) in enumerate(pieces):
            text = hit.text[start:end]
            earlier = [one for one in pieces[max(0, number - _BEFORE) : number] if not (head and one.head)]
            near = title.union(*(one.terms for one in earlier))
            prior = before | terms
            if not head:  # what another row of a table names is not this one's subject
                before = prior
            if (_HEADINGS.match(text) and len(text.split()) < 4) or _is_title(text, hit.title, exact=asked.exact):
                continue
            statement = _statement(hit, text, start, head)
            own = covered(weights, terms) / total
            share = own + _CARRIED * (covered(weights, terms | near) / total - own)
            said = statement.said
            setting = Setting(
                said, terms, near, prior, hit.text[earlier[0].start : earlier[-1].end] if earlier else "",
                (*(hit.text[one.start : one.end] for one in reversed(pieces[:number])), hit.title),
                partial(_document_holds, snapshot, hit),
            )  # fmt: skip
            lacking = tuple(demand.said for demand in unmet(asked.demands, setting))
            score = 0.55 * share + 0.35 * passage_score + 0.1 * (not amount or bool(figures(said)))
            score -= _HEADING_COSTS * (not head and _is_heading(text))
            statement = replace(statement, score=round(score, 4))
            found.append(_Candidate(score, own, share, lacking, terms, statement))
    return sorted(found, key=lambda item: (len(item.lacking) if asked.exact else 0, -item.score))


def _document_holds(snapshot: Snapshot, hit: Hit, terms: frozenset[str]) -> bool:
    """Whether a hit's document has each of some terms in another passage; one that follows in this was not meant."""
    import numpy as np

    row = snapshot.rows.get(hit.passage)
    posts = snapshot.postings
    columns = [posts.terms.get(term) for term in terms]
    if row is None or None in columns or terms <= terms_of(hit.text):
        return False
    holding = [posts.rows[int(posts.starts[c]) : int(posts.starts[c + 1])] for c in columns if c is not None]
    return all(bool(np.any(snapshot.owner[rows] == snapshot.owner[row])) for rows in holding)


def _is_title(text: str, title: str, *, exact: bool) -> bool:
    """Whether a sentence is the document's title, or a heading where a quantity is asked for.

    A long title may state what was found, and so is kept where it may answer.
    """
    words = text.strip("# ").casefold().split()
    if exact and (text.startswith("#") or _holds_title(words, title)):
        return True
    return len(words) < 6 and words == title.casefold().split()


def _is_heading(text: str) -> bool:
    """Whether a sentence only names something: a heading, or an entry of a list of references."""
    if _REFERENCE.match(text):
        return True
    return len(text.split()) < 9 and text.rstrip()[-1:] not in ".!?。" and not figures(text)


def _holds_title(words: Sequence[str], title: str) -> bool:
    """Whether a title makes up most of some words: with a running head or the authors around it."""
    named = title.casefold().split()
    return len(named) > 1 and " ".join(named) in " ".join(words) and 2 * len(named) >= len(words)


def _statement(hit: Hit, sentence: str, start: int, head: str) -> Statement:
    place = hit.start + start
    return Statement(
        text=sentence, document=hit.document, title=hit.title, page=hit.page, start=place, end=place + len(sentence),
        passage=hit.passage, score=0.0, context=hit.text, head=head,
    )  # fmt: skip


def _distinct(ranked: Sequence[_Candidate], count: int) -> list[_Candidate]:
    """The best sentences, none twice (overlapping passages repeat sentences, and copies of a paper too)."""
    chosen: list[_Candidate] = []
    for item in ranked:
        alike = [one for one in chosen if _alike(item.terms, one.terms)]
        if any(not disagreement(one.statement.said, item.statement.said) for one in alike):
            continue
        chosen.append(item)
        if len(chosen) == count:
            break
    return chosen


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= 0.85 * max(1, len(one | other))


def _with_clause(snapshot: Snapshot, statement: Statement) -> Statement:
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


def disagreements(statements: Sequence[Statement], asked: Asked) -> tuple[Disagreement, ...]:
    """The pairs of statements that contradict each other.

    Args:
        statements: Of one answer.
        asked: What the question demands; figures of the quantity that it asks for are compared across documents.
    """
    quantity = next((one.quantity for one in asked.demands if one.kind == "quantity"), None)
    wanted = quantity.dimensions if quantity is not None else frozenset()
    terms = frozenset(term for one in asked.demands for way in one.ways[:1] for term in way)
    found: list[Disagreement] = []
    for i, one in enumerate(statements):
        for j, other in enumerate(statements[i + 1 :], i + 1):
            reason = disagreement(one.said, other.said)
            if not reason and one.document != other.document:
                reason = amounts_differ(one.said, other.said, wanted, terms)
            if reason:
                found.append(Disagreement(i, j, reason))
    return tuple(found)


def _denials(question: str, kept: Sequence[_Candidate]) -> tuple[Disagreement, ...]:
    """Of a question for yes or no: the best statement, and the best one of another document that denies it."""
    if not _YES_OR_NO.match(question):
        return ()
    on_it = [number for number, one in enumerate(kept) if one.covered >= _ON_IT and not one.lacking]
    for i in on_it:
        for j in on_it:
            one, other = kept[i].statement, kept[j].statement
            if i < j and one.document != other.document and features(one.said).negated != features(other.said).negated:
                return (Disagreement(i, j, "one denies what the other states, perhaps under other conditions"),)
    return ()
