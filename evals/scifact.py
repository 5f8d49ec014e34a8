"""SciFact retrieval (BEIR protocol): how well the knowledge store finds the abstract that bears on a claim.

Every abstract becomes a document of a temporary store, through the same reading, embedding and ranking as a lab's own
papers; every claim is a query. Nothing of the data is kept, except the passages' vectors, which are cached by content
hash in a folder so that a second run is quick.

Source: D. Wadden et al., "Fact or fiction: verifying scientific claims", EMNLP 2020; N. Thakur et al., "BEIR", NeurIPS
Datasets and Benchmarks 2021.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
import os
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import InputError
from evals.suite import Options, Scores
from knowledge import Embedder, KnowledgeError, Metadata, Page, Parsed, add_documents, default_embedder, open_store
from knowledge.searching import Ranking

if TYPE_CHECKING:
    import numpy as np

DEPTH = 100
"""How many documents are ranked for every query."""
Progress = Callable[[float, str], None]


UNJUDGED = "no judged document of the query is in the corpus"


def evaluate(options: Options) -> Scores:
    """The suite ``scifact``: nDCG@10 of the store's own retrieval.

    Args:
        options: The bench folder, and how many queries at most.

    Raises:
        InputError: The data are missing or cannot be read.
    """
    if options.bench is None:
        raise InputError("The suite scifact needs a bench folder.", remedy="Name it with --bench or GEDANKEN_BENCH.")
    told = [-1]

    def tell(fraction: float, message: str) -> None:
        if int(20 * fraction) > told[0]:
            told[0] = int(20 * fraction)
            options.tell(f"{fraction:.0%} {message}")

    try:
        found = retrieval(options.bench, limit=options.limit, on_progress=tell)
    except (OSError, ValueError) as error:
        raise InputError(str(error)) from error
    except KnowledgeError as error:
        raise InputError(error.message, remedy=error.remedy) from error
    return Scores(
        score=found["score"],
        scores=found["scores"],
        n=found["n"],
        unscored=found["unscored"],
        why_unscored={UNJUDGED: found["unscored"]} if found["unscored"] else {},
        intervals={"ndcg@10": found["interval"]} if found["interval"] else {},
    )


def retrieval(
    bench: Path,
    *,
    limit: int | None = None,
    cache: Path | None = None,
    embedder: Embedder | None = None,
    ranking: Ranking | None = None,
    on_progress: Progress | None = None,
) -> dict[str, Any]:
    """Measure retrieval on every query of the folder that has a judgement.

    Args:
        bench: The bench folder, or its ``scifact`` folder: every ``*corpus*.jsonl`` (id, title, text),
            ``*queries*.jsonl`` (id, text) and ``*qrels*.tsv`` (query, document, grade) in it is read.
        limit: Use only so many queries, evenly spaced, to have a quick estimate.
        cache: Folder for the vectors; by default one in the system's temporary folder.
        embedder: The embedding engine; by default the packaged one.
        ranking: Parameters of the ranking; by default the store's own.
        on_progress: Called with the share that is done and a message.

    Returns:
        ``score`` (nDCG@10; ``None`` without a query), ``scores``, ``interval`` (95 % bootstrap interval of the score),
        ``n`` (queries that were scored) and ``unscored`` (queries whose judged documents are not in the corpus).

    Raises:
        FileNotFoundError: A kind of file is missing; the message names it.
        ValueError: A line cannot be read; the message names it.
    """
    report = on_progress or (lambda fraction, message: None)
    folder = bench / "scifact" if (bench / "scifact").is_dir() else bench
    corpus = _jsonl(folder, "corpus")
    queries = _jsonl(folder, "queries")
    judged = _judgements(folder)
    wanted = [query for query in queries if query in judged]
    scorable = [query for query in wanted if any(document in corpus for document in judged[query])]
    chosen = scorable[:: max(1, len(scorable) // limit)][:limit] if limit else scorable
    engine = CachedEmbedder(embedder or default_embedder(), cache or default_cache())
    items = (
        (identity, Parsed((Page(record["text"]),), Metadata(record.get("title", ""))))
        for identity, record in corpus.items()
    )
    per_query: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="scifact-") as scratch:
        store = open_store(scratch, embedder=engine, ranking=ranking)
        add_documents(items, store, lambda fraction, message: report(0.8 * fraction, message))
        for done, query in enumerate(chosen):
            found = [document.name for document, _ in store.search_documents(queries[query]["text"], DEPTH)]
            per_query.append(measures(found, judged[query]))
            report(0.8 + 0.2 * done / len(chosen), f"{done} queries")
    engine.save()
    means = {name: statistics.fmean(one[name] for one in per_query) for name in MEASURES} if per_query else {}
    return {
        "score": means.get("ndcg@10"),
        "scores": means,
        "interval": _interval([one["ndcg@10"] for one in per_query]),
        "n": len(per_query),
        "unscored": len(wanted) - len(scorable),
    }


MEASURES = ("ndcg@10", "recall@100", "recall@10", "mrr@10")


def measures(found: Sequence[str], judged: Mapping[str, int]) -> dict[str, float]:
    """The measures of one ranked list.

    Args:
        found: Document ids, best first.
        judged: Grades of the judged documents; those above 0 are relevant.

    Returns:
        nDCG@10 with linear gains and a log2 discount (as trec_eval computes it), recall@100, recall@10 and the
        reciprocal rank of the first relevant document among ten.
    """
    relevant = {document: grade for document, grade in judged.items() if grade > 0}

    def gain(grades: Sequence[int]) -> float:
        return sum(grade / math.log2(place + 2) for place, grade in enumerate(grades[:10]))

    ideal = gain(sorted(relevant.values(), reverse=True))
    first = next((place for place, document in enumerate(found[:10], 1) if document in relevant), 0)
    return {
        "ndcg@10": gain([relevant.get(document, 0) for document in found[:10]]) / ideal if ideal else 0.0,
        "recall@100": len(relevant.keys() & set(found[:100])) / len(relevant) if relevant else 0.0,
        "recall@10": len(relevant.keys() & set(found[:10])) / len(relevant) if relevant else 0.0,
        "mrr@10": 1 / first if first else 0.0,
    }


def _interval(values: Sequence[float], resamples: int = 1000) -> tuple[float, float] | None:
    """95 % percentile bootstrap interval of a mean."""
    import numpy as np

    if len(values) < 2:
        return None
    drawn = np.random.default_rng(0).choice(np.asarray(values), size=(resamples, len(values)))
    low, high = np.percentile(drawn.mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


class CachedEmbedder:
    """An engine that remembers the vectors it made, on disk, by the hash of the text.

    Args:
        engine: The engine that makes what is not remembered.
        folder: Where vectors are kept, one file an engine.
    """

    def __init__(self, engine: Embedder, folder: Path) -> None:
        self._engine = engine
        self._path = folder / f"{hashlib.sha256(engine.name.encode()).hexdigest()[:12]}.npz"
        self._known: dict[str, np.ndarray] | None = None
        self._fresh = 0

    @property
    def name(self) -> str:
        """The engine's own name: the vectors are the same."""
        return self._engine.name

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._engine.dimension

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        """Embed texts, those not seen before by the engine; see `knowledge.Embedder`."""
        import numpy as np

        known = self._load()
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        missing = [i for i, key in enumerate(keys) if key not in known]
        if missing:
            made = self._engine.embed([texts[i] for i in missing])
            known.update({keys[i]: vector for i, vector in zip(missing, made, strict=True)})
            self._fresh += len(missing)
            if self._fresh >= 500:
                self.save()
        return np.asarray([known[key] for key in keys], dtype=np.float32).reshape(len(keys), self.dimension)

    def save(self) -> None:
        """Write what was made since the last time."""
        import numpy as np

        if self._known and self._fresh:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            partial = self._path.with_name(f"{self._path.stem}.{os.getpid()}.partial.npz")
            np.savez(partial, keys=np.asarray(list(self._known)), vectors=np.stack(list(self._known.values())))
            os.replace(partial, self._path)
            self._fresh = 0

    def _load(self) -> dict[str, np.ndarray]:
        import numpy as np

        if self._known is None:
            self._known = {}
            if self._path.exists():
                with np.load(self._path) as kept:
                    self._known = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))
        return self._known


def default_cache() -> Path:
    """Where vectors are remembered when nobody names a folder."""
    return Path(tempfile.gettempdir()) / "gedanken-evals" / "vectors"


def _files(folder: Path, kind: str, suffix: str) -> list[Path]:
    found = sorted(folder.glob(f"**/*{kind}*{suffix}"))
    if not found:
        raise FileNotFoundError(f"{folder} holds no {kind}*{suffix}: it is not a SciFact folder.")
    return found


def _jsonl(folder: Path, kind: str) -> dict[str, dict[str, Any]]:
    """Records by id, from every file of a kind; BEIR writes ``_id``, others ``id``."""
    records: dict[str, dict[str, Any]] = {}
    for path in _files(folder, kind, ".jsonl"):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                records[str(record["_id"] if "_id" in record else record["id"])] = {
                    **record,
                    "text": str(record["text"]),
                }
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(
                    f"{path}, line {number}: it is no {kind} record with id and text ({error})."
                ) from error
    return records


def _judgements(folder: Path) -> dict[str, dict[str, int]]:
    """Grades by query and document."""
    judged: dict[str, dict[str, int]] = {}
    for path in _files(folder, "qrels", ".tsv"):
        for query, document, grade in _rows(path):
            judged.setdefault(query, {})[document] = grade
    return judged


def _rows(path: Path) -> Iterator[tuple[str, str, int]]:
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.reader(file, delimiter="\t"), 1):
            if not row or (number == 1 and not row[-1].lstrip("-").isdigit()):
                continue  # the header
            try:
                yield row[0], row[-2], int(row[-1])
            except (IndexError, ValueError) as error:
                raise ValueError(f"{path}, line {number}: it is no judgement (query, document, grade).") from error
