"""The knowledge store: documents in, cited passages out.

On disk a store is a folder::

    store.json        format and embedding engine: what made this store
    chroma/           chromadb: passages with text, place and vector (or at a server: `knowledge.database`)
    catalogue.sqlite  the documents; a row here is what makes a document exist
    snapshots/<n>/    arrays for searching, derived from the two
    CURRENT           the number of the current snapshot: the store's generation

One process writes at a time (`knowledge.locking`). A writer either adds passages with their vectors to chromadb and
then commits the document's row, or commits the row with its passages waiting in the catalogue (found by their words,
with zeros for a vector) and adds the vectors afterwards; then it publishes a snapshot. Killed anywhere in between it
leaves nothing that a search must not see, and the next ingestion finds what was already embedded and goes on. Readers
map the snapshot and never open chromadb, whose index does not bear a second process.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from knowledge.database import Database
from knowledge.embedding import Embedder, default_embedder
from knowledge.engines import WordsOnly, engine_of
from knowledge.errors import EngineUnavailable, StoreError, StoreMismatch
from knowledge.locking import writer_lock
from knowledge.records import Document, Hit, StoreStats
from knowledge.searching import Ranked, Ranking, as_hits, joined, query_vector, rank, speaks
from knowledge.snapshot import Snapshot, current_generation, load_snapshot, publish
from knowledge.writer import Writer

FORMAT = 1
"""Version of the folder's layout; a newer one is refused."""


def open_store(
    path: Path | str,
    *,
    embedder: Embedder | None = None,
    readonly: bool = False,
    wait_seconds: float = 60.0,
    ranking: Ranking | None = None,
    server: str = "",
) -> Store:
    """Open a store, making it when it is not there.

    Args:
        path: Its folder.
        embedder: The embedding engine, loaded when it is first needed; by default the one that made the store, or
            the packaged one for a new store. A store made by a server's engine is searched by its words alone unless
            that engine is given.
        readonly: Refuse to write, and to make a store that is not there.
        wait_seconds: How long a write waits for another writer.
        ranking: Parameters of the search.
        server: Address of a chromadb server that holds the passages and vectors of a new store, such as
            ``http://HOST:8000``; an existing store remembers its own.

    Raises:
        StoreMismatch: The store was made by another engine, or by a newer version.
        StoreError: The folder cannot be used.
    """
    folder = Path(path).expanduser()
    about = folder / "store.json"
    engine = embedder or (_maker(about) if about.exists() else None) or default_embedder()
    try:
        if not about.exists():
            if readonly:
                raise StoreError(f"There is no knowledge store in {folder}.", remedy="Ingest some documents first.")
            folder.mkdir(parents=True, exist_ok=True)
            draft = about.with_name(f"store.json.{os.getpid()}.partial")
            note = {"format": FORMAT, "engine": engine.name, "dimension": engine.dimension}
            if server:
                note |= {"server": server.rstrip("/"), "collection": f"passages-{uuid.uuid4().hex[:12]}"}
            draft.write_text(json.dumps(note))
            os.replace(draft, about)
        made = json.loads(about.read_text())
        found, name, dimension = int(made["format"]), str(made["engine"]), int(made["dimension"])
        database = Database(folder / "chroma", str(made.get("server", "")), str(made.get("collection", "passages")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise StoreError(
            f"{folder} cannot be used as a knowledge store: {reason}.", remedy="Name another folder."
        ) from error
    if found > FORMAT:
        raise StoreMismatch(
            f"The store {folder} has format {found}; this version knows {FORMAT}.", remedy="Update Gedanken."
        )
    if name != engine.name:
        raise StoreMismatch(
            f"The store {folder} was made with the embedding engine '{name}', not '{engine.name}'.",
            remedy="Open it with that engine, or ingest the documents into a new store.",
        )
    if server and database.server != server.rstrip("/"):
        raise StoreMismatch(
            f"The store {folder} keeps its vectors {'at ' + database.server if database.server else 'in its folder'}.",
            remedy="Open it without naming a server, or ingest the documents into a new store.",
        )
    return Store(
        folder, engine, database, dimension,
        readonly=readonly, wait_seconds=wait_seconds, ranking=ranking or Ranking(),
    )  # fmt: skip


def _maker(about: Path) -> Embedder | None:
    """The engine that made a store; ``None`` where its note cannot be read, which is said later."""
    try:
        made = json.loads(about.read_text())
        return engine_of(str(made["engine"]), int(made["dimension"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


class Found(NamedTuple):
    """A search: the snapshot that was searched, the hits, and all passages that were ranked, best first."""

    snapshot: Snapshot
    hits: list[Hit]
    ranked: list[Ranked]


class Store:
    """An open knowledge store; made by `open_store`. Its methods may be called from several threads.

    Attributes:
        path: The folder.
        embedder: The embedding engine.
        database: Where the passages and vectors are.
        dimension: Length of the vectors that the snapshots hold; 0 where a server holds them.
    """

    def __init__(
        self,
        path: Path,
        embedder: Embedder,
        database: Database,
        dimension: int,
        *,
        readonly: bool,
        wait_seconds: float,
        ranking: Ranking,
    ) -> None:
        self.path = path
        self.embedder = embedder
        self.database = database
        self.dimension = 0 if database.server else dimension
        self._readonly = readonly
        self._wait_seconds = wait_seconds
        self._ranking = ranking
        self._vector = lru_cache(maxsize=64)(partial(query_vector, embedder))  # what is searched is then asked
        self._snapshot: Snapshot | None = None
        self._loading = threading.Lock()

    @property
    def snapshot(self) -> Snapshot:
        """What a search sees now; read anew when another process has published."""
        with self._loading:
            if self._snapshot is None or self._snapshot.generation != current_generation(self.path):
                self._snapshot = load_snapshot(self.path, dimension=self.dimension)
            return self._snapshot

    @property
    def generation(self) -> int:
        """Counts the published states; part of the identity of anything derived from a search."""
        return current_generation(self.path)

    def search(
        self, query: str, count: int = 8, where: Mapping[str, Any] | None = None, *, words_only: bool = False
    ) -> list[Hit]:
        """Find the passages that answer a query.

        Args:
            query: Words or a sentence, in English or (by its words) in Korean.
            count: How many at most.
            where: A filter on documents, such as ``{"year": {"$gte": 2020}}``; see `knowledge.filters`.
            words_only: Rank by BM25 alone; the embedding engine is then neither loaded nor asked.

        Returns:
            Hits, best first; none where nothing has to do with the query.

        Raises:
            QueryError: The query or the filter cannot be used.
            EngineUnavailable: The embedding engine is not installed.
            StoreError: The store cannot be read.
        """
        return self.look(query, count, where, words_only=words_only).hits

    def look(
        self,
        query: str,
        count: int,
        where: Mapping[str, Any] | None = None,
        *,
        words_only: bool = False,
        wide: int = 0,
    ) -> Found:
        """Search, and keep what the hits were chosen from.

        Args:
            query: As in `search`.
            count: How many hits at most.
            where: As in `search`.
            words_only: As in `search`.
            wide: How many passages are ranked, where these are more than the hits.
        """
        snapshot = self.snapshot
        ranked = self._rank(snapshot, query, max(count, wide), where, words_only)
        hits = as_hits(snapshot, ranked[:count], query)
        return Found(snapshot, joined(hits) if self._ranking.join else hits, ranked)

    def search_documents(
        self, query: str, count: int = 10, where: Mapping[str, Any] | None = None
    ) -> list[tuple[Document, float]]:
        """Rank whole documents by their best passage.

        Args:
            query: As in `search`.
            count: How many documents at most.
            where: As in `search`.

        Returns:
            Documents with the scores of their best passages, best first.
        """
        snapshot = self.snapshot
        wanted = 4 * count
        while True:
            ranked = self._rank(snapshot, query, wanted, where)
            best: dict[int, float] = {}
            for item in ranked:
                best.setdefault(int(snapshot.owner[item.row]), item.score)
            if len(best) >= count or len(ranked) < wanted:
                return [(snapshot.documents[row], score) for row, score in list(best.items())[:count]]
            wanted *= 2

    def by_meaning(self, query: str) -> bool:
        """Whether a search compares vectors: not where the engine is out of reach, or does not know the language."""
        return speaks(self.embedder, query)

    def _rank(
        self, snapshot: Snapshot, query: str, count: int, where: Mapping[str, Any] | None, words_only: bool = False
    ) -> list[Ranked]:
        nearest = partial(self.database.cosines, snapshot) if self.database.server else None
        vector = self._vector if not words_only and self.by_meaning(query) else None
        return rank(snapshot, query, vector, count=count, where=where, ranking=self._ranking, nearest=nearest)

    def documents(self) -> tuple[Document, ...]:
        """The documents, in the order in which they were first added."""
        return self.snapshot.documents

    def stats(self) -> StoreStats:
        """The size of the store and what made it."""
        snapshot = self.snapshot
        formats: dict[str, int] = {}
        for document in snapshot.documents:
            formats[document.format] = formats.get(document.format, 0) + 1
        size = sum(file.stat().st_size for file in self.path.rglob("*") if file.is_file())
        return StoreStats(
            path=str(self.path),
            documents=len(snapshot.documents),
            passages=len(snapshot),
            engine=self.embedder.name,
            dimension=self.embedder.dimension,
            generation=snapshot.generation,
            bytes_on_disk=size,
            formats=formats,
        )

    def remove(self, document: str, *, on_wait: Callable[[str], None] | None = None) -> bool:
        """Remove a document and its passages.

        Args:
            document: Its name, as `documents` gives it.
            on_wait: Called with a sentence when another writer has to finish first.

        Returns:
            Whether there was such a document.

        Raises:
            StoreLocked: Another writer did not finish in time.
        """
        with self.writing(on_wait=on_wait) as writer:
            return writer.remove(document)

    @contextlib.contextmanager
    def writing(self, *, on_wait: Callable[[str], None] | None = None) -> Iterator[Writer]:
        """Hold the store for writing; what was written is published at the end.

        Args:
            on_wait: Called with a sentence when another writer has to finish first.

        Raises:
            StoreLocked: Another writer did not finish in time.
            StoreError: The store is read-only here, or cannot be written.
        """
        if self._readonly:
            raise StoreError(f"The store {self.path} was opened for reading only.")
        if isinstance(self.embedder, WordsOnly):
            raise EngineUnavailable(
                f"The store {self.path} was made by the engine '{self.embedder.name}', which is not configured here.",
                remedy="Set embedder and embedding_url as they were.",
            )
        with writer_lock(self.path, wait_seconds=self._wait_seconds, on_wait=on_wait):
            writer = Writer(self)
            try:
                yield writer
            finally:
                writer.close()

    def adopt(self, snapshot: Snapshot) -> None:
        """Publish a snapshot and search it from now on (for the writer)."""
        publish(snapshot, self.path)
        with self._loading:
            self._snapshot = None
