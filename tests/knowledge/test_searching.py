"""Diversity, joined neighbours, waiting vectors and languages in the ranking."""

from pathlib import Path

import numpy as np
import pytest

from knowledge import MiniLM, Page, Parsed, Ranking, Store, add_documents, open_store
from knowledge.records import Hit
from knowledge.searching import cosines, joined, rank


def _hit(start: int, end: int, document: str = "d", page: int | None = 1, score: float = 0.5) -> Hit:
    text = "".join(chr(97 + i % 26) for i in range(start, end))
    return Hit(document, document, page, start, end, score, text, f"{document}{start}", text[:3], start)


def test_overlapping_passages_become_one_with_exact_text() -> None:
    (one,) = joined([_hit(100, 200, score=0.9), _hit(180, 260), _hit(20, 110)])
    assert (one.start, one.end, one.score, one.passage) == (20, 260, 0.9, "d100")
    assert one.text == _hit(20, 260).text
    assert one.text[one.sentence_start - one.start :].startswith(one.sentence)


def test_passages_of_other_pages_or_far_away_stay_apart() -> None:
    hits = [_hit(0, 50), _hit(0, 50, page=2), _hit(0, 50, document="e"), _hit(90, 120)]
    assert joined(hits) == hits


def test_a_bridge_joins_two_hits() -> None:
    (one,) = joined([_hit(0, 50, score=0.9), _hit(90, 120), _hit(40, 100)])
    assert (one.start, one.end, one.score) == (0, 120, 0.9)


def test_a_store_joins_neighbours_of_a_real_page(store: Store, engine) -> None:
    text = " ".join(f"Zeolite number {i} was calcined at {400 + i} degrees under argon." for i in range(60))
    add_documents([("long", Parsed((Page(text, 1),)))], store)
    apart = store.search("zeolite calcined argon", 10)
    together = open_store(store.path, embedder=engine, ranking=Ranking(join=True)).search("zeolite calcined argon", 10)
    assert len(together) < len(apart)
    for hit in together:
        assert len(hit.text) == hit.end - hit.start
        assert text[hit.start : hit.end].split() == hit.text.split()


def test_diversity_prefers_another_subject_over_a_copy(store: Store, engine) -> None:
    copies = [(f"copy{i}", Parsed((Page(f"Zeolites adsorb water vapour well, sample {i}."),))) for i in range(4)]
    other = ("other", Parsed((Page("Water uptake of zeolites depends on silicon content and cations."),)))
    add_documents([*copies, other], store)
    plain = [hit.document for hit in store.search("zeolites adsorb water", 2)]
    diverse = open_store(store.path, embedder=engine, ranking=Ranking(diversity=0.5))
    assert "other" not in plain
    assert "other" in {hit.document for hit in diverse.search("zeolites adsorb water", 2)}


def test_passages_without_vectors_are_found_by_their_words(store: Store, engine) -> None:
    from dataclasses import replace

    add_documents([("a", Parsed((Page("Zeolites adsorb water."),))), ("b", Parsed((Page("Iron rusts."),)))], store)
    snapshot = store.snapshot
    vectors = np.array(snapshot.vectors)
    vectors[0] = 0
    waiting = replace(snapshot, vectors=vectors)
    assert waiting.waiting.tolist() == [0] and snapshot.waiting.tolist() == []
    first = rank(waiting, "zeolites water", lambda query: engine.embed([query])[0], count=2)[0]
    assert first.row == 0 and first.score > 0.4


@pytest.mark.parametrize("kind", [np.float32, np.float16])
def test_cosines_do_not_depend_on_the_blocks(kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.searching._BLOCK", 7)
    rng = np.random.default_rng(0)
    vectors = rng.standard_normal((40, 5)).astype(kind)
    query = rng.standard_normal(5).astype(np.float32)
    assert np.allclose(cosines(vectors, query), vectors.astype(np.float64) @ query, atol=1e-2)


def test_a_korean_question_is_not_asked_of_an_english_engine(tmp_path: Path) -> None:
    class Spy(MiniLM):
        def embed(self, texts):
            return np.ones((len(texts), self.dimension), dtype=np.float32) / self.dimension**0.5

    store = open_store(tmp_path, embedder=Spy())
    add_documents([("a", Parsed((Page("용해도를 개선한다."),))), ("b", Parsed((Page("밴드갭은 좁다."),)))], store)
    assert [hit.document for hit in store.search("용해도 개선")] == ["a"]
