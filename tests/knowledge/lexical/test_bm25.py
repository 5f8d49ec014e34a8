import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.lexical.bm25 import Postings, TermCounts, build_postings, count_terms, extend_postings

documents = st.lists(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 5), max_size=6), max_size=12)


def counted(document: dict[str, int]) -> TermCounts:
    return TermCounts(document, sum(document.values()))


def plain_bm25(collection: list[dict[str, int]], query: dict[str, float], k1: float, b: float) -> list[float]:
    """The formula of Robertson and Zaragoza with Lucene's idf, written out."""
    lengths = [sum(document.values()) for document in collection]
    mean = sum(lengths) / len(lengths)
    scores = []
    for document, length in zip(collection, lengths, strict=True):
        total = 0.0
        for term, weight in query.items():
            holding = sum(term in other for other in collection)
            if term in document:
                idf = math.log(1 + (len(collection) - holding + 0.5) / (holding + 0.5))
                times = document[term]
                total += weight * idf * times / (times + k1 * (1 - b + b * length / mean))
        scores.append(total)
    return scores


@given(
    documents.filter(lambda docs: any(docs)), st.dictionaries(st.sampled_from("abcdz"), st.floats(0.1, 3), min_size=1)
)
def test_scores_follow_the_formula(collection: list[dict[str, int]], query: dict[str, float]) -> None:
    got = build_postings(map(counted, collection)).scores(query, k1=0.9, b=0.6)
    assert got == pytest.approx(plain_bm25(collection, query, 0.9, 0.6), rel=1e-4, abs=1e-6)


@settings(deadline=None)
@given(documents, documents, st.data())
def test_extending_equals_building_anew(first: list, second: list, data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.sampled_from(range(len(first))), unique=True)) if first else []
    grown = extend_postings(build_postings(map(counted, first)), kept, map(counted, second))
    anew = build_postings(map(counted, [first[row] for row in kept] + second))
    assert set(grown.terms) == set(anew.terms)
    assert by_term(grown) == by_term(anew)
    assert grown.lengths.tolist() == anew.lengths.tolist()


def by_term(postings: Postings) -> dict[str, list[tuple[int, int]]]:
    spans = {
        term: slice(postings.starts[column], postings.starts[column + 1]) for term, column in postings.terms.items()
    }
    return {
        term: list(zip(postings.rows[span].tolist(), postings.counts[span].tolist(), strict=True))
        for term, span in spans.items()
    }


def test_columns_are_in_the_order_of_the_terms() -> None:
    postings = build_postings(map(counted, [{"a": 1}, {"b": 2, "a": 1}]))
    smaller = extend_postings(postings, [1], map(counted, [{"c": 1}]))
    assert list(smaller.terms.values()) == list(range(len(smaller.terms)))
    assert np.all(np.diff(smaller.starts) > 0)


def test_the_title_counts_in_every_passage() -> None:
    assert count_terms("It binds.", "Celecoxib").counts["celecoxib"] >= 1
