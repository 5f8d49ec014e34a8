import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from agent.errors import InputError
from evals.scifact import CachedEmbedder, evaluate, measures, retrieval
from evals.suite import Options


class LetterEngine:
    name = "letters-26"
    dimension = 26

    def __init__(self) -> None:
        self.calls = 0

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self.calls += len(texts)
        counts = np.asarray([[text.lower().count(chr(97 + i)) for i in range(26)] for text in texts], dtype=np.float32)
        return counts / np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1e-9)


@pytest.fixture
def bench(tmp_path: Path) -> Path:
    folder = tmp_path / "bench" / "scifact"
    folder.mkdir(parents=True)
    subjects = ["zeolite", "insulin", "graphene", "aspirin", "perovskite", "lactase"]
    corpus = [
        {"id": str(i), "title": f"On {name}", "text": f"The {name} was studied. It is {name}."}
        for i, name in enumerate(subjects)
    ]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, corpus)))
    queries = [{"_id": f"q{i}", "text": f"What is known of {name}?"} for i, name in enumerate(subjects[:4])]
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries[:2])))
    (folder / "queries-held-back.jsonl").write_text("\n".join(map(json.dumps, queries[2:])) + "\n")
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq0\t0\t1\nq1\t1\t1\n")
    (folder / "qrels-held-back.tsv").write_text("query-id\tcorpus-id\tscore\nq2\t2\t1\nq3\tmissing\t1\n")
    return tmp_path / "bench"


def test_every_file_of_the_kind_is_scored(bench: Path, tmp_path: Path) -> None:
    engine = LetterEngine()
    found = retrieval(bench, cache=tmp_path / "cache", embedder=engine)
    assert found["score"] == found["scores"]["ndcg@10"] == 1.0
    assert (found["n"], found["unscored"]) == (3, 1)
    embedded = engine.calls
    again = retrieval(bench / "scifact", cache=tmp_path / "cache", embedder=engine, limit=2)
    assert again["n"] == 2
    assert engine.calls == embedded  # the vectors were remembered


def test_the_suite_reports_scores_and_what_is_missing(
    bench: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("evals.scifact.default_embedder", LetterEngine)
    monkeypatch.setattr("evals.scifact.default_cache", lambda: tmp_path / "cache")
    told: list[str] = []
    scores = evaluate(Options(bench=bench, tell=told.append))
    assert (scores.score, scores.n, scores.unscored) == (1.0, 3, 1)
    assert scores.intervals["ndcg@10"] == (1.0, 1.0)
    assert told
    (bench / "scifact" / "corpus.jsonl").unlink()
    with pytest.raises(InputError, match="corpus"):
        evaluate(Options(bench=bench))
    with pytest.raises(InputError, match="bench folder"):
        evaluate(Options())


def test_a_bad_line_is_named(bench: Path) -> None:
    with (bench / "scifact" / "queries.jsonl").open("a") as file:
        file.write("\nnot json\n")
    with pytest.raises(ValueError, match=r"queries\.jsonl, line 3"):
        retrieval(bench)


def test_measures_follow_their_definitions() -> None:
    got = measures(["x", "a", "y", "b"], {"a": 1, "b": 2, "c": 0})
    ideal = 2 + 1 / math.log2(3)
    assert got["ndcg@10"] == pytest.approx((1 / math.log2(3) + 2 / math.log2(5)) / ideal)
    assert (got["recall@100"], got["mrr@10"]) == (1.0, 0.5)
    assert measures([], {"a": 1}) == {"ndcg@10": 0.0, "recall@100": 0.0, "recall@10": 0.0, "mrr@10": 0.0}


def test_measures_agree_with_scikit_learn() -> None:
    from sklearn.metrics import ndcg_score

    drawn = np.random.default_rng(3)
    for _ in range(20):
        grades = drawn.integers(0, 3, 30)
        grades[0] = 1
        order = drawn.permutation(30)
        ours = measures([str(i) for i in order], {str(i): int(grade) for i, grade in enumerate(grades)})["ndcg@10"]
        scores = np.empty(30)
        scores[order] = np.arange(30, 0, -1)
        assert ours == pytest.approx(ndcg_score([grades], [scores], k=10))


def test_remembered_vectors_are_the_engine_s_own(tmp_path: Path) -> None:
    engine = LetterEngine()
    first = CachedEmbedder(engine, tmp_path)
    made = first.embed(["one", "two", "one"])
    first.save()
    second = CachedEmbedder(engine, tmp_path)
    assert np.array_equal(second.embed(["two", "one"]), made[[1, 0]])
    assert engine.calls == 3
    assert (second.name, second.dimension) == ("letters-26", 26)
