"""Ranking passages: BM25 and cosine similarity, each on its own absolute scale, added.

The lexical score is BM25 divided by the most that the query could earn; the dense score is the cosine of the unit
vectors. Both are exact over all passages, lie in [0, 1] and mean the same in every query, so that no ranks and no
per-query extremes enter the fusion and a hit's score does not depend on how many hits were asked for.

The constants were chosen on the training queries of SciFact (see ``evals/scifact.py``): nDCG@10 changes by less than
.005 over k1 .6-1.2, b .5-.75 and a dense weight of .4-.6.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from knowledge.embedding import Embedder
from knowledge.engines import WordsOnly
from knowledge.errors import QueryError
from knowledge.filters import matches
from knowledge.lexical.tokens import tokenise
from knowledge.records import Hit
from knowledge.sentences import covered, sentences
from knowledge.snapshot import Snapshot

if TYPE_CHECKING:
    import numpy as np

LONGEST_QUERY = 20_000
"""Characters of a query that are looked at; a longer one is refused."""
_GAP = 4  # characters of white space between passages that follow each other
_BLOCK = 65_536  # rows of half-precision vectors that are widened at once


@dataclass(frozen=True)
class Ranking:
    """How the two scores are made and fused.

    Attributes:
        k1: BM25's saturation of term counts.
        b: BM25's length normalisation.
        dense_weight: Share of the cosine in the fused score; the lexical score has the rest.
        least_cosine: A passage that shares no term with the query is a hit only from this cosine on.
        diversity: How much a hit's likeness to the hits before it counts against it, in [0, 1); 0 ranks by relevance
            alone. Hits are then in the order of their choice, and their scores need not fall.
        join: Whether hits of one page that overlap or touch become one.
    """

    k1: float = 0.9
    b: float = 0.6
    dense_weight: float = 0.5
    least_cosine: float = 0.25
    diversity: float = 0.0
    join: bool = False


class Ranked(NamedTuple):
    """A passage's row in the snapshot and its fused score."""

    row: int
    score: float


def rank(
    snapshot: Snapshot,
    query: str,
    vector: Callable[[str], np.ndarray] | None,
    *,
    count: int,
    where: Mapping[str, Any] | None = None,
    ranking: Ranking | None = None,
    nearest: Callable[[np.ndarray, np.ndarray], np.ndarray] | None = None,
) -> list[Ranked]:
    """Rank the passages of a snapshot for a query.

    Args:
        snapshot: What is searched.
        query: Words or a sentence.
        vector: Gives the query's vector, by the engine that made the snapshot's; ``None`` to rank by words alone.
        count: How many passages are wanted at most.
        where: A filter on documents; see `knowledge.filters`.
        ranking: The parameters of the ranking.
        nearest: Gives every passage's cosine from the query's vector and the scores by words, where the snapshot holds
            no vectors.

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
    meant = vector(query) if vector is not None else None
    if meant is not None and meant.any():
        found = nearest(meant, lexical) if nearest is not None else cosines(snapshot.vectors, meant)
        dense = np.clip(found, 0.0, 1.0)
    else:
        ranking = replace(ranking, dense_weight=0.0)
        dense = np.zeros(len(snapshot), dtype=np.float32)
    fused = (1 - ranking.dense_weight) * lexical + ranking.dense_weight * dense
    fused[(lexical == 0) & (dense < ranking.least_cosine)] = 0.0
    waiting = snapshot.waiting
    fused[waiting] = lexical[waiting]  # found by their words alone until their vectors are there
    if where:
        admitted = np.asarray([matches(document, where) for document in snapshot.documents], dtype=bool)
        fused[~admitted[snapshot.owner]] = 0.0
    wanted = count if ranking.diversity == 0 else max(count, min(4 * count, count + 60))
    best = np.argpartition(-fused, wanted)[:wanted] if wanted < len(fused) else np.arange(len(fused))
    best = best[fused[best] > 0]
    best = best[np.lexsort((snapshot.start[best], snapshot.page[best], snapshot.owner[best], -fused[best]))]
    if ranking.diversity > 0 and snapshot.vectors.shape[1]:
        best = best[_diverse(snapshot.vectors[best], fused[best], count, ranking.diversity)]
    return [Ranked(int(row), float(fused[row])) for row in best]


def speaks(embedder: Embedder, query: str) -> bool:
    """Whether an engine can be asked for the query's vector: it is at hand, and knows the query's language."""
    if isinstance(embedder, WordsOnly):
        return False
    return not (getattr(embedder, "languages", ()) == ("en",) and _east_asian(query))


def query_vector(embedder: Embedder, query: str) -> np.ndarray:
    """The vector of a query, by the engine's own way with questions where it has one."""
    embed_query = getattr(embedder, "embed_query", None)
    return embed_query(query) if embed_query is not None else embedder.embed([query])[0]


def _east_asian(query: str) -> bool:
    """Whether most letters of a query are Hangul, kana or Chinese characters."""
    letters = [c for c in query if c.isalpha()]
    return sum(c >= "\u3040" for c in letters) > len(letters) / 2


def cosines(vectors: np.ndarray, query: np.ndarray) -> np.ndarray:
    """The cosine of every passage with the query, block by block.

    Vectors that are mapped from disk are read once through, and no copy of all of them is made.

    Args:
        vectors: Unit vectors, shape ``(passages, dimension)``, float32 or float16.
        query: A unit vector, shape ``(dimension,)``.

    Returns:
        Shape ``(passages,)``, float32.
    """
    import numpy as np

    query = query.astype(np.float32)
    if vectors.dtype == np.float32:
        return np.asarray(vectors) @ query
    found = np.empty(len(vectors), dtype=np.float32)
    for start in range(0, len(vectors), _BLOCK):
        found[start : start + _BLOCK] = vectors[start : start + _BLOCK].astype(np.float32) @ query
    return found


def _diverse(vectors: np.ndarray, scores: np.ndarray, count: int, diversity: float) -> list[int]:
    """The places of the passages that are relevant and unlike those before them.

    Source: J. Carbonell and J. Goldstein, "The use of MMR, diversity-based reranking", SIGIR 1998, 335-336.
    """
    import numpy as np

    vectors = np.asarray(vectors, dtype=np.float32)
    chosen: list[int] = []
    likest = np.zeros(len(scores), dtype=np.float32)
    left = np.ones(len(scores), dtype=bool)
    while len(chosen) < min(count, len(scores)):
        worth = np.where(left, (1 - diversity) * scores - diversity * likest, -np.inf)
        place = int(worth.argmax())
        chosen.append(place)
        left[place] = False
        likest = np.maximum(likest, vectors @ vectors[place])
    return chosen


def _lexical(snapshot: Snapshot, query: str, ranking: Ranking) -> np.ndarray:
    """BM25 as a share of the most that the query's known terms could earn."""
    postings = snapshot.postings
    terms = Counter(tokenise(query))
    most = sum(postings.idf(term) * times for term, times in terms.items())
    scores = postings.scores(terms, k1=ranking.k1, b=ranking.b)
    return scores / most if most > 0 else scores


def as_hits(snapshot: Snapshot, ranked: Sequence[Ranked], query: str) -> list[Hit]:
    """Ranked passages as hits, each with the sentence that is nearest to the query."""
    weights = {term: snapshot.postings.idf(term) for term in dict.fromkeys(tokenise(query))}
    return [_as_hit(snapshot, item, weights) for item in ranked]


def _as_hit(snapshot: Snapshot, ranked: Ranked, weights: Mapping[str, float]) -> Hit:
    row = ranked.row
    text = snapshot.text(row)
    document = snapshot.documents[int(snapshot.owner[row])]
    page = int(snapshot.page[row])
    first, last = _nearest_sentence(text, weights)
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


def joined(hits: Sequence[Hit]) -> list[Hit]:
    """Make one hit of those that overlap or touch on one page; it keeps the better one's rank, score and sentence.

    Args:
        hits: Hits, best first.

    Returns:
        Fewer or as many hits. The text of a joined one runs from the first to the last character, with a space for
        each character of white space between two passages.
    """
    found: list[Hit] = []
    for hit in hits:
        meeting = [one for one in found if _touching(one, hit)]
        if not meeting:
            found.append(hit)
            continue
        best = meeting[0]
        whole = best
        for other in (*meeting[1:], hit):
            whole = _union(whole, other)
        found = [whole if one is best else one for one in found if one is best or one not in meeting]
    return found


def _touching(one: Hit, other: Hit) -> bool:
    same = (one.document, one.page) == (other.document, other.page)
    return same and other.start <= one.end + _GAP and one.start <= other.end + _GAP


def _union(best: Hit, other: Hit) -> Hit:
    first, last = sorted((best, other), key=lambda hit: (hit.start, hit.end))
    if last.end <= first.end:
        text, end = first.text, first.end
    else:
        gap = " " * max(0, last.start - first.end)
        text, end = first.text + gap + last.text[max(0, first.end - last.start) :], last.end
    return replace(best, start=first.start, end=end, text=text)


def _nearest_sentence(text: str, weights: Mapping[str, float]) -> tuple[int, int]:
    """The sentence that holds most of the query's rare terms; the first where none holds any."""
    best = max(sentences(text), key=lambda sentence: covered(weights, sentence.terms))  # the first of equals
    return best.start, best.end
