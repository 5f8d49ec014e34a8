"""BM25 over passages, as arrays that can be kept on disk and mapped into memory.

The index holds, for every term, the passages that contain it and how often (a compressed sparse column matrix). The
weights are computed at query time, so that ``k1`` and ``b`` are settings of the search and not of the index, and a
passage can be added or taken away without touching the others.

Source: S. Robertson and H. Zaragoza, "The probabilistic relevance framework: BM25 and beyond", Foundations and Trends
in Information Retrieval 3 (2009) 333-389; the idf is the non-negative one of Lucene, ln(1 + (N - n + .5)/(n + .5)).
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from knowledge.lexical.tokens import tokenise

if TYPE_CHECKING:
    import numpy as np

TITLE_WEIGHT = 1
"""How often a term of the title counts in each passage of the document."""


_AT_ONCE = 4_000_000  # postings that are moved at once

Room = Callable[[tuple[int, ...], Any], "np.ndarray"]
"""Makes an array of a shape and type: in memory, or in a file where it would be large."""


def in_memory(shape: tuple[int, ...], kind: Any) -> np.ndarray:
    """An array in memory, with nothing in it yet."""
    import numpy as np

    return np.empty(shape, dtype=kind)


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

    @property
    def idf_unseen(self) -> float:
        """The idf that a term in no passage would have: the most that a term can weigh."""
        import math

        return math.log(1 + (len(self.lengths) + 0.5) / 0.5)

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


def extend_postings(
    base: Postings | None, kept: Sequence[int] | np.ndarray, added: Iterable[TermCounts], room: Room = in_memory
) -> Postings:
    """Index the kept rows of an earlier index followed by new passages.

    Args:
        base: The earlier index, or ``None``.
        kept: Rows of ``base`` to keep, in their new order.
        added: The counted terms of the new passages.
        room: Where the arrays are put.

    Returns:
        A new index; terms that no passage holds any more are dropped.
    """
    import numpy as np

    terms: dict[str, int] = dict(base.terms) if base is not None else {}
    columns, counts = array("i"), array("H")
    sizes, lengths = array("i"), array("i")
    for passage in added:
        for term, times in passage.counts.items():
            columns.append(terms.setdefault(term, len(terms)))
            counts.append(min(times, 65535))
        sizes.append(len(passage.counts))
        lengths.append(passage.length)

    new_rows = np.repeat(np.arange(len(sizes), dtype=np.int32), sizes) + np.int32(len(kept))
    new_columns = np.asarray(columns, dtype=np.int32)
    new_counts = np.asarray(counts, dtype=np.uint16)
    new_lengths = np.asarray(lengths, dtype=np.int32)
    order = np.argsort(new_columns, kind="stable")  # the rows ascend already
    fresh = _Part(np.bincount(new_columns, minlength=len(terms)), new_rows[order], new_counts[order])
    if base is None or not len(kept):
        return _joined(terms, None, fresh, new_lengths, room)
    kept_rows = np.asarray(kept)
    held = np.zeros(len(terms), dtype=np.int64)
    if len(kept_rows) == len(base.lengths) and bool((kept_rows == np.arange(len(kept_rows))).all()):
        held[: len(base.starts) - 1] = np.diff(base.starts)
        old = _Part(held, base.rows, base.counts)
    else:
        new_row = np.full(len(base.lengths), -1, dtype=np.int32)
        new_row[kept_rows] = np.arange(len(kept_rows), dtype=np.int32)
        moved = new_row[base.rows]
        stays = moved >= 0
        old_columns = np.repeat(np.arange(len(base.starts) - 1, dtype=np.int32), np.diff(base.starts))[stays]
        moved, stayed = moved[stays], np.asarray(base.counts)[stays]
        held += np.bincount(old_columns, minlength=len(terms))
        if bool((np.diff(kept_rows) < 0).any()):
            order = np.lexsort((moved, old_columns))
            moved, stayed = moved[order], stayed[order]
        old = _Part(held, moved, stayed)
    return _joined(terms, old, fresh, np.concatenate([np.asarray(base.lengths)[kept_rows], new_lengths]), room)


class _Part(NamedTuple):
    """Postings in column order: how many each column has, their rows and counts."""

    held: np.ndarray
    rows: np.ndarray
    counts: np.ndarray


def _joined(terms: dict[str, int], old: _Part | None, new: _Part, lengths: np.ndarray, room: Room) -> Postings:
    """Two parts as one: in each column the old rows, which are lower, and then the new ones."""
    import numpy as np

    before = old.held if old is not None else np.zeros(len(terms), dtype=np.int64)
    total = before + new.held
    starts = np.concatenate([[0], np.cumsum(total)]).astype(np.int64)
    rows, counts = room((int(starts[-1]),), np.int32), room((int(starts[-1]),), np.uint16)
    for part, shift in ((old, np.zeros(len(terms), dtype=np.int64)), (new, before)):
        if part is None:
            continue
        ends = np.cumsum(part.held)
        offset = starts[:-1] + shift - (ends - part.held)  # from a place in the part to its place in the whole
        first = 0
        while first < len(terms):  # some columns at a time, so that the places need little room
            begin = int(ends[first] - part.held[first])
            last = max(first + 1, int(np.searchsorted(ends, begin + _AT_ONCE, side="right")))
            past = int(ends[last - 1])
            places = np.arange(begin, past) + np.repeat(offset[first:last], part.held[first:last])
            rows[places], counts[places] = part.rows[begin:past], part.counts[begin:past]
            first = last
    used = total > 0
    new_column = np.cumsum(used) - 1
    return Postings(
        terms={term: int(new_column[column]) for term, column in terms.items() if used[column]},
        starts=np.concatenate([[0], starts[1:][used]]),
        rows=rows,
        counts=counts,
        lengths=lengths,
    )
