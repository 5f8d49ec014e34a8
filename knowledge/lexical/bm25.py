"""BM25 over passages, as arrays that can be kept on disk and mapped into memory.

The index holds, for every term, the passages that contain it and how often (a compressed sparse column matrix). The
weights are computed at query time, so that ``k1`` and ``b`` are settings of the search and not of the index, and a
passage can be added or taken away without touching the others.

Source: S. Robertson and H. Zaragoza, "The probabilistic relevance framework: BM25 and beyond", Foundations and Trends
in Information Retrieval 3 (2009) 333-389; the idf is the non-negative one of Lucene, ln(1 + (N - n + .5)/(n + .5)).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from knowledge.lexical.tokens import tokenise

if TYPE_CHECKING:
    import numpy as np

TITLE_WEIGHT = 1
"""How often a term of the title counts in each passage of the document."""


class TermCounts(NamedTuple):
    """Which terms a passage holds and how often."""

    counts: Mapping[str, int]
    length: int


def count_terms(text: str, title: str = "") -> TermCounts:
    """Count the terms of a passage, with the title of its document weighed in.

    Args:
        text: The passage.
        title: The document's title.
    """
    counts = Counter(tokenise(text))
    for term, times in Counter(tokenise(title)).items():
        counts[term] += TITLE_WEIGHT * times
    return TermCounts(counts, counts.total())


@dataclass(frozen=True)
class Postings:
    """The lexical index.

    Attributes:
        terms: Every term to its column.
        starts: Where each column's postings begin; one more entry than terms. Shape ``(t + 1,)``, int64.
        rows: Passage rows, column by column, ascending. Shape ``(n,)``, int32.
        counts: How often the term occurs in that passage. Shape ``(n,)``, uint16.
        lengths: Number of terms of each passage. Shape ``(passages,)``, int32.
    """

    terms: Mapping[str, int]
    starts: np.ndarray
    rows: np.ndarray
    counts: np.ndarray
    lengths: np.ndarray

    @cached_property
    def mean_length(self) -> float:
        """Mean number of terms of a passage."""
        return float(self.lengths.mean()) if len(self.lengths) else 1.0

    def idf(self, term: str) -> float:
        """Inverse document frequency of a term; 0 where no passage holds it."""
        import math

        column = self.terms.get(term)
        if column is None:
            return 0.0
        holding = int(self.starts[column + 1] - self.starts[column])
        return math.log(1 + (len(self.lengths) - holding + 0.5) / (holding + 0.5))

    def scores(self, query: Mapping[str, float], *, k1: float, b: float) -> np.ndarray:
        """BM25 of every passage for a weighted query.

        Args:
            query: Terms and their weights (1 for each occurrence in a plain query).
            k1: Saturation of the term count.
            b: Strength of the length normalisation in [0, 1].

        Returns:
            Scores, shape ``(passages,)``, float32; 0 where no term occurs.
        """
        import numpy as np

        total = np.zeros(len(self.lengths), dtype=np.float32)
        norm = k1 * (1 - b + b * np.asarray(self.lengths, dtype=np.float32) / self.mean_length)
        for term, weight in query.items():
            column = self.terms.get(term)
            if column is None:
                continue
            span = slice(int(self.starts[column]), int(self.starts[column + 1]))
            rows = self.rows[span]
            times = self.counts[span].astype(np.float32)
            total[rows] += np.float32(weight * self.idf(term)) * times / (times + norm[rows])
        return total


def build_postings(passages: Iterable[TermCounts]) -> Postings:
    """Index passages from nothing.

    Args:
        passages: The counted terms of each passage, in row order.
    """
    return extend_postings(None, (), passages)


def extend_postings(base: Postings | None, kept: Sequence[int], added: Iterable[TermCounts]) -> Postings:
    """Index the kept rows of an earlier index followed by new passages.

    Args:
        base: The earlier index, or ``None``.
        kept: Rows of ``base`` to keep, in their new order.
        added: The counted terms of the new passages.

    Returns:
        A new index; terms that no passage holds any more are dropped.
    """
    import numpy as np

    terms: dict[str, int] = dict(base.terms) if base is not None else {}
    columns: list[int] = []
    counts: list[int] = []
    sizes: list[int] = []
    lengths: list[int] = []
    for passage in added:
        for term, times in passage.counts.items():
            columns.append(terms.setdefault(term, len(terms)))
            counts.append(min(times, 65535))
        sizes.append(len(passage.counts))
        lengths.append(passage.length)

    all_rows = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes) + np.int32(len(kept))
    all_columns = np.asarray(columns, dtype=np.int64)
    all_counts = np.asarray(counts, dtype=np.uint16)
    all_lengths = np.asarray(lengths, dtype=np.int32)
    if base is not None and len(kept):
        new_row = np.full(len(base.lengths), -1, dtype=np.int32)
        new_row[np.asarray(kept)] = np.arange(len(kept), dtype=np.int32)
        moved = new_row[base.rows]
        stays = moved >= 0
        old_columns = np.repeat(np.arange(len(base.starts) - 1, dtype=np.int64), np.diff(base.starts))
        all_rows = np.concatenate([moved[stays], all_rows])
        all_columns = np.concatenate([old_columns[stays], all_columns])
        all_counts = np.concatenate([np.asarray(base.counts)[stays], all_counts])
        all_lengths = np.concatenate([np.asarray(base.lengths)[np.asarray(kept)], all_lengths])

    held = np.bincount(all_columns, minlength=len(terms))
    new_column = np.cumsum(held > 0) - 1
    order = np.lexsort((all_rows, all_columns))
    return Postings(
        terms={term: int(new_column[column]) for term, column in terms.items() if held[column]},
        starts=np.concatenate([[0], np.cumsum(held[held > 0])]).astype(np.int64),
        rows=all_rows[order],
        counts=all_counts[order],
        lengths=all_lengths,
    )
