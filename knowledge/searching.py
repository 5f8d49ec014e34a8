"""Ranking passages: BM25 and cosine similarity, each on its own absolute scale, added.

The lexical score is BM25 divided by the most that the query could earn; the dense score is the cosine of the unit
vectors. Both are exact over all passages, lie in [0, 1] and mean the same in every query, so that no ranks and no
per-query extremes enter the fusion and a hit's score does not depend on how many hits were asked for.

The constants were chosen on the training queries of SciFact (see ``evals/scifact.py``): nDCG@10 changes by less than
.005 over k1 .6-1.2, b .5-.75 and a dense weight of .4-.6.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from knowledge.embedding import Embedder
from knowledge.errors import QueryError
from knowledge.filters import matches
from knowledge.lexical.tokens import tokenise
from knowledge.passages import sentence_spans
from knowledge.records import Hit
from knowledge.snapshot import Snapshot

if TYPE_CHECKING:
    import numpy as np

LONGEST_QUERY = 20_000
"""Characters of a query that are looked at; a longer one is refused."""


@dataclass(frozen=True)
class Ranking:
    """How the two scores are made and fused.

    Attributes:
        k1: BM25's saturation of term counts.
        b: BM25's length normalisation.
        dense_weight: Share of the cosine in the fused score; the lexical score has the rest.
        least_cosine: A passage that shares no term with the query is a hit only from this cosine on.
    """

    k1: float = 0.9
    b: float = 0.6
    dense_weight: float = 0.5
    least_cosine: float = 0.25


class Ranked(NamedTuple):
    """A passage's row in the snapshot and its fused score."""

    row: int
    score: float


def rank(
    snapshot: Snapshot,
    query: str,
    embedder: Embedder,
    *,
    count: int,
    where: Mapping[str, Any] | None = None,
    ranking: Ranking | None = None,
) -> list[Ranked]:
    """Rank the passages of a snapshot for a query.

    Args:
        snapshot: What is searched.
        query: Words or a sentence.
        embedder: The engine that made the snapshot's vectors.
        count: How many passages are wanted at most.
        where: A filter on documents; see `knowledge.filters`.
        ranking: The parameters of the ranking.

    Returns:
        The best passages, best first; ties in the order of the documents. Passages that have nothing to do with the
        query are left out, so there may be fewer.

    Raises:
        QueryError: The query is empty or too long, the count is below 1, or the filter cannot be used.
    """
    import numpy as np

    ranking = ranking or Ranking()
    if not query.strip():
        raise QueryError("The query is empty.", remedy="Say what to look for.")
    if len(query) > LONGEST_QUERY:
        raise QueryError(f"The query has {len(query):,} characters; {LONGEST_QUERY:,} are allowed.")
    if count < 1:
        raise QueryError(f"The count is {count}.", remedy="Ask for at least 1 hit.")
    if not len(snapshot):
        return []
    lexical = _lexical(snapshot, query, ranking)
    dense = np.clip(snapshot.vectors @ embedder.embed([query])[0], 0.0, 1.0)
    fused = (1 - ranking.dense_weight) * lexical + ranking.dense_weight * dense
    fused[(lexical == 0) & (dense < ranking.least_cosine)] = 0.0
    if where:
        admitted = np.asarray([matches(document, where) for document in snapshot.documents], dtype=bool)
        fused[~admitted[snapshot.owner]] = 0.0
    best = np.argpartition(-fused, count)[:count] if count < len(fused) else np.arange(len(fused))
    best = best[fused[best] > 0]
    best = best[np.lexsort((snapshot.start[best], snapshot.page[best], snapshot.owner[best], -fused[best]))]
    return [Ranked(int(row), float(fused[row])) for row in best]


def _lexical(snapshot: Snapshot, query: str, ranking: Ranking) -> np.ndarray:
    """BM25 as a share of the most that the query's known terms could earn."""
    postings = snapshot.postings
    terms = Counter(tokenise(query))
    most = sum(postings.idf(term) * times for term, times in terms.items())
    scores = postings.scores(terms, k1=ranking.k1, b=ranking.b)
    return scores / most if most > 0 else scores


def as_hit(snapshot: Snapshot, ranked: Ranked, query: str) -> Hit:
    """A ranked passage as a hit, with the sentence that is nearest to the query."""
    row = ranked.row
    text = snapshot.text(row)
    document = snapshot.documents[int(snapshot.owner[row])]
    page = int(snapshot.page[row])
    first, last = _nearest_sentence(snapshot, text, query)
    start = int(snapshot.start[row])
    return Hit(
        document=document.name,
        title=document.title,
        page=page if page > 0 else None,
        start=start,
        end=int(snapshot.end[row]),
        score=round(ranked.score, 6),
        text=text,
        passage=snapshot.ids[row],
        sentence=text[first:last],
        sentence_start=start + first,
    )


def _nearest_sentence(snapshot: Snapshot, text: str, query: str) -> tuple[int, int]:
    """The sentence that holds most of the query's rare terms; the first where none holds any."""
    wanted = set(tokenise(query))
    spans = sentence_spans(text) or [(0, len(text))]

    def weight(span: tuple[int, int]) -> float:
        return sum(snapshot.postings.idf(term) for term in wanted.intersection(tokenise(text[span[0] : span[1]])))

    return max(spans, key=weight)  # the first of equals
