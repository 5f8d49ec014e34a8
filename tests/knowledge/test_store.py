import json
from pathlib import Path

import pytest

from knowledge import (
    Metadata,
    Page,
    Parsed,
    QueryError,
    Ranking,
    Store,
    StoreError,
    StoreMismatch,
    add_documents,
    ingest,
    open_store,
)


def test_a_hit_says_where_it_stands(papers: Path, store: Store) -> None:
    ingest([papers], store)
    hit = store.search("band gap of methylammonium lead iodide", 3)[0]
    assert hit.document == str(papers / "perovskite.md")
    assert hit.title == "Lead halide perovskites"
    assert hit.sentence == "Methylammonium lead iodide has a band gap of 1.55 eV."
    page = (papers / "perovskite.md").read_text()
    assert page[hit.start : hit.end] == hit.text
    assert page[hit.sentence_start :].startswith(hit.sentence)
    assert 0 < hit.score <= 1


def test_hits_are_ranked_and_counted(papers: Path, store: Store) -> None:
    ingest([papers], store)
    hits = store.search("celecoxib solubility band gap lactose", 10)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert [hit.passage for hit in store.search("celecoxib solubility band gap lactose", 2)] == [
        hit.passage for hit in hits[:2]
    ]


def test_a_query_about_nothing_here_finds_nothing(store: Store) -> None:
    add_documents([("a", Parsed((Page("Zeolites adsorb water."),)))], store)
    hits = store.search("zzz qqq", 5, None)
    assert all(hit.score >= 0.125 for hit in hits)  # half of the least cosine: no term is shared
    strict = open_store(store.path, embedder=store.embedder, ranking=Ranking(least_cosine=0.99))
    assert strict.search("zzz qqq", 5) == []
    assert len(strict.search("zeolites", 5)) == 1


def test_an_empty_store_answers(store: Store) -> None:
    assert store.search("anything") == []
    assert store.documents() == ()
    assert store.search_documents("anything") == []
    stats = store.stats()
    assert (stats.documents, stats.passages, stats.generation) == (0, 0, 0)


@pytest.mark.parametrize(("query", "count"), [("", 3), ("  \n", 3), ("x", 0), ("x" * 30_000, 3)])
def test_an_unusable_query_is_refused(papers: Path, store: Store, query: str, count: int) -> None:
    ingest([papers], store)
    with pytest.raises(QueryError):
        store.search(query, count)


def test_filters(store: Store) -> None:
    text = "Zeolites adsorb water."
    add_documents(
        [
            ("old.txt", Parsed((Page(text),), Metadata("Old", ("A. Kim",), 1999), "pdf")),
            ("/deep/new.txt", Parsed((Page(text),), Metadata("New", ("B. Lee",), 2021, "10.1/x", venue="J. Zeol."))),
        ],
        store,
    )

    def found(where: dict) -> set[str]:
        return {hit.title for hit in store.search("zeolites", 5, where)}

    assert found({"year": {"$gte": 2000}}) == {"New"}
    assert found({"year": {"$lt": 2000}, "format": "pdf"}) == {"Old"}
    assert found({"authors": "kim"}) == {"Old"}
    assert found({"document": "new.txt"}) == found({"document": "/deep/*"}) == found({"doi": "10.1/x"}) == {"New"}
    assert found({"title": {"$in": ["Old", "New"]}}) == {"Old", "New"}
    assert found({"venue": "J. Zeol."}) == {"New"}
    assert found({"venue": "", "licence": ""}) == {"Old"}
    assert found({"year": 1900}) == set()
    for wrong in ({"colour": "red"}, {"year": {"$like": 3}}, {"year": {"$gt": "x"}}):
        with pytest.raises(QueryError):
            store.search("zeolites", 5, wrong)


def test_documents_are_ranked_by_their_best_passage(store: Store) -> None:
    sentence = "Zeolite {} was calcined at 500 degrees and weighed in a sealed vessel under argon before use."
    long = "\n\n".join(sentence.format(i) for i in range(80))
    add_documents([("long", Parsed((Page(long),))), ("short", Parsed((Page("One zeolite only."),)))], store)
    ranked = store.search_documents("calcined zeolite", 2)
    assert {document.name for document, _ in ranked} == {"long", "short"}
    assert len(store.documents()) == 2 and store.stats().passages > 5


def test_removing_a_document(papers: Path, store: Store) -> None:
    ingest([papers], store)
    name = str(papers / "celecoxib.txt")
    assert store.remove(name)
    assert not store.remove(name)
    assert name not in {hit.document for hit in store.search("celecoxib", 10)}
    assert ingest([papers], store).count("added") == 1
    assert len(store.documents()) == 3


def test_a_reader_sees_what_another_process_published(papers: Path, store: Store, engine) -> None:
    reader = open_store(store.path, embedder=engine, readonly=True)
    assert reader.search("celecoxib") == []
    ingest([papers], store)
    assert reader.search("celecoxib")[0].document.endswith("celecoxib.txt")
    assert reader.generation == 1
    with pytest.raises(StoreError, match="reading only"):
        ingest([papers], reader)


def test_an_engine_is_never_mixed(store: Store, engine) -> None:
    engine.name = "another-engine"
    with pytest.raises(StoreMismatch, match=r"word-hash-32.*another-engine"):
        open_store(store.path, embedder=engine)


def test_a_newer_format_and_a_foreign_folder_are_refused(store: Store, engine, tmp_path: Path) -> None:
    about = store.path / "store.json"
    about.write_text(json.dumps({**json.loads(about.read_text()), "format": 99}))
    with pytest.raises(StoreMismatch, match="format 99"):
        open_store(store.path, embedder=engine)
    about.write_text("not json")
    with pytest.raises(StoreError, match="cannot be used"):
        open_store(store.path, embedder=engine)
    with pytest.raises(StoreError, match="There is no knowledge store"):
        open_store(tmp_path / "none", embedder=engine, readonly=True)
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be used"):
        open_store(tmp_path / "file", embedder=engine)


def test_a_lost_or_damaged_snapshot_is_made_anew(papers: Path, store: Store, engine) -> None:
    ingest([papers], store)
    expected = store.search("celecoxib solubility", 5)
    folder = next((store.path / "snapshots").iterdir())
    (folder / "documents.json").write_text("{")
    damaged = open_store(store.path, embedder=engine)
    with pytest.raises(StoreError, match="damaged"):
        damaged.search("celecoxib")
    assert ingest([papers], damaged).count("unchanged") == 3
    assert damaged.search("celecoxib solubility", 5) == expected
    (store.path / "CURRENT").write_text("nonsense")
    assert ingest([papers], open_store(store.path, embedder=engine)).embedded == 0
    assert store.search("celecoxib solubility", 5) == expected


def test_rows_that_the_database_lost_are_read_again(papers: Path, store: Store, engine) -> None:
    import shutil

    ingest([papers], store)
    shutil.rmtree(store.path / "chroma")
    shutil.rmtree(store.path / "snapshots")
    other = open_store(store.path, embedder=engine)
    ingest([], other)  # finds that the passages are gone, and forgets the documents
    assert other.documents() == ()
    assert ingest([papers], other).count("added") == 3
    assert len(other.search("celecoxib")) >= 1


def test_korean_documents_are_found_by_their_words(store: Store) -> None:
    add_documents(
        [
            ("a", Parsed((Page("셀레콕시브의 수용해도는 매우 낮다. 유사체의 용해도를 개선한다."),))),
            ("b", Parsed((Page("페로브스카이트의 밴드갭은 1.55 eV이다."),))),
        ],
        store,
    )
    assert store.search("용해도 개선", 1)[0].document == "a"
    assert store.search("밴드갭", 1)[0].document == "b"
