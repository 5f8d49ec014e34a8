"""The knowledge store: documents in, cited passages out.

On disk a store is a folder::

    store.json        format and embedding engine: what made this store
    chroma/           chromadb: every passage with its text, place and vector
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
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from knowledge.catalogue import Catalogue, Entry
from knowledge.embedding import Embedder, default_embedder
from knowledge.engines import WordsOnly, engine_of
from knowledge.errors import EngineUnavailable, StoreError, StoreMismatch
from knowledge.locking import writer_lock
from knowledge.records import Document, Hit, Passage, StoreStats
from knowledge.searching import Ranked, Ranking, as_hit, joined, rank
from knowledge.snapshot import Snapshot, StoredPassage, build_snapshot, current_generation, load_snapshot, publish

FORMAT = 1
"""Version of the folder's layout; a newer one is refused."""
_SLICE = 2000  # rows that go to or come from chromadb at once
_PUBLISH_EVERY = 20.0  # seconds of writing after which a long ingestion shows what it has


def open_store(
    path: Path | str,
    *,
    embedder: Embedder | None = None,
    readonly: bool = False,
    wait_seconds: float = 60.0,
    ranking: Ranking | None = None,
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
            partial = about.with_name(f"store.json.{os.getpid()}.partial")
            partial.write_text(json.dumps({"format": FORMAT, "engine": engine.name, "dimension": engine.dimension}))
            os.replace(partial, about)
        made = json.loads(about.read_text())
        found, name = int(made["format"]), str(made["engine"])
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
    return Store(folder, engine, readonly=readonly, wait_seconds=wait_seconds, ranking=ranking or Ranking())


def _maker(about: Path) -> Embedder | None:
    """The engine that made a store; ``None`` where its note cannot be read, which is said later."""
    try:
        made = json.loads(about.read_text())
        return engine_of(str(made["engine"]), int(made["dimension"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


class Store:
    """An open knowledge store; made by `open_store`. Its methods may be called from several threads.

    Attributes:
        path: The folder.
        embedder: The embedding engine.
    """

    def __init__(
        self, path: Path, embedder: Embedder, *, readonly: bool, wait_seconds: float, ranking: Ranking
    ) -> None:
        self.path = path
        self.embedder = embedder
        self._readonly = readonly
        self._wait_seconds = wait_seconds
        self._ranking = ranking
        self._snapshot: Snapshot | None = None
        self._loading = threading.Lock()

    @property
    def snapshot(self) -> Snapshot:
        """What a search sees now; read anew when another process has published."""
        with self._loading:
            if self._snapshot is None or self._snapshot.generation != current_generation(self.path):
                self._snapshot = load_snapshot(self.path, dimension=self.embedder.dimension)
            return self._snapshot

    @property
    def generation(self) -> int:
        """Counts the published states; part of the identity of anything derived from a search."""
        return current_generation(self.path)

    def search(self, query: str, count: int = 8, where: Mapping[str, Any] | None = None) -> list[Hit]:
        """Find the passages that answer a query.

        Args:
            query: Words or a sentence, in English or (by its words) in Korean.
            count: How many at most.
            where: A filter on documents, such as ``{"year": {"$gte": 2020}}``; see `knowledge.filters`.

        Returns:
            Hits, best first; none where nothing has to do with the query.

        Raises:
            QueryError: The query or the filter cannot be used.
            EngineUnavailable: The embedding engine is not installed.
            StoreError: The store cannot be read.
        """
        snapshot = self.snapshot
        ranked = self._rank(snapshot, query, count, where)
        hits = [as_hit(snapshot, item, query) for item in ranked]
        return joined(hits) if self._ranking.join else hits

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

    def _rank(self, snapshot: Snapshot, query: str, count: int, where: Mapping[str, Any] | None) -> list[Ranked]:
        return rank(snapshot, query, self.embedder, count=count, where=where, ranking=self._ranking)

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


class Writer:
    """The one writer of a store; made by `Store.writing`, used by one thread.

    Args:
        store: The store, whose lock is held.

    Attributes:
        embedder: The embedding engine.
        catalogue: The documents.
        recovering: Whether the writer before was killed.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.embedder = store.embedder
        self.catalogue = Catalogue(store.path / "catalogue.sqlite")
        self._killed = self.recovering = self.catalogue.unfinished
        self._stale: list[str] = []
        self._client: Any = None
        self._collection: Any = None
        self._published_at = time.monotonic()
        self._publishing_took = 0.0
        self.catalogue.mark(writing=True)

    def held(self, passages: Sequence[str]) -> set[str]:
        """Which of these passages the store holds already, with their vectors."""
        found: set[str] = set()
        if not (self._store.path / "chroma").exists():  # a first ingestion need not wait for the database to load
            return found
        for i in range(0, len(passages), _SLICE):
            found.update(self._ask("get", ids=list(passages[i : i + _SLICE]), include=[])["ids"])
        return found

    def add_passages(self, passages: Sequence[Passage], vectors: Any) -> None:
        """Write passages and their vectors; they stay invisible until their document is committed.

        Args:
            passages: The passages.
            vectors: Unit vectors, shape ``(len(passages), dimension)``.
        """
        for i in range(0, len(passages), _SLICE):
            part = passages[i : i + _SLICE]
            self._ask(
                "upsert",
                ids=[passage.id for passage in part],
                embeddings=vectors[i : i + _SLICE],
                documents=[passage.text for passage in part],
                metadatas=[{"page": p.page or -1, "start": p.start, "end": p.end, "index": p.index} for p in part],
            )
        if self.catalogue.waiting_among([passage.id for passage in passages]):
            self.catalogue.mark_arrived([passage.id for passage in passages])

    def commit(self, entries: Sequence[Entry], waiting: Sequence[tuple[str, Passage]] = ()) -> None:
        """Make documents exist, replacing those of the same names.

        Args:
            entries: The documents.
            waiting: Those of their passages that were not added yet, with their documents' titles: they are found by
                their words until `add_passages` brings their vectors. All others must have been added.
        """
        for entry in entries:
            earlier = self.catalogue.get(entry.document.name)
            if earlier is not None:
                self._stale.extend(set(earlier.passages) - set(entry.passages))
        self.catalogue.put(list(entries), waiting)
        self.publish_if_due()

    def publish_if_due(self) -> None:
        """Publish when the last time is long enough ago, measured by what it costs."""
        due = max(_PUBLISH_EVERY, 20 * self._publishing_took)
        if time.monotonic() - self._published_at > due:
            self.publish()

    def remove(self, name: str) -> bool:
        """Remove a document; see `Store.remove`."""
        earlier = self.catalogue.get(name)
        if earlier is None:
            return False
        self.catalogue.remove([name])
        self._stale.extend(earlier.passages)
        return True

    def publish(self) -> None:
        """Show readers what is committed. Changes nothing where they see it already."""
        started = time.monotonic()
        base = self._base()
        if base is None or base.version != self.catalogue.version:
            arrived = self.catalogue.arrived()
            snapshot = self._derived(base, arrived)
            self._store.adopt(snapshot)
            self.catalogue.forget_waiting(arrived)
        self._published_at = time.monotonic()
        self._publishing_took = self._published_at - started

    def close(self) -> None:
        """Publish, sweep out passages that no document lists, and let go of the databases."""
        try:
            self.publish()
            self._sweep()
            self.catalogue.mark(writing=False)
        finally:
            self.catalogue.close()
            if self._client is not None:
                self._client.close()

    def _base(self) -> Snapshot | None:
        try:
            return self._store.snapshot
        except StoreError:  # damaged or lost: it is made anew from the database
            return None

    def _derived(self, base: Snapshot | None, arrived: set[str]) -> Snapshot:
        """The snapshot of what is committed.

        Args:
            base: What readers see now.
            arrived: Passages that it may show without their vectors, which are in the database now.
        """
        entries = self.catalogue.entries()
        known = base.rows if base is not None else {}
        missing = [p for entry in entries for p in entry.passages if p not in known or p in arrived]
        waiting = self.catalogue.waiting_among(missing)
        nowhere = [0.0] * self.embedder.dimension
        added = [StoredPassage(p.id, p.text, p.page, p.start, p.end, nowhere) for p in waiting.values()]
        added.extend(self._stored([passage for passage in missing if passage not in waiting]))
        found = {passage.id for passage in added}
        if len(found) < len(missing):  # the database lost rows: their documents have to be read again
            lost = {passage for passage in missing if passage not in found}
            damaged = [entry.document.name for entry in entries if lost.intersection(entry.passages)]
            self.catalogue.remove(damaged)
            return self._derived(base, arrived)
        try:
            generation = current_generation(self._store.path)
        except StoreError:
            generation = int(time.time())  # past every number that a lost counter can have had
        return build_snapshot(
            base,
            [(entry.document, entry.passages) for entry in entries],
            added,
            dimension=self.embedder.dimension,
            generation=generation + 1,
            version=self.catalogue.version,
            scratch=self._store.path,
        )

    def _stored(self, passages: Sequence[str]) -> Iterable[StoredPassage]:
        for i in range(0, len(passages), _SLICE):
            part = list(passages[i : i + _SLICE])
            got = self._ask("get", ids=part, include=["documents", "metadatas", "embeddings"])
            for passage, text, place, vector in zip(
                got["ids"], got["documents"], got["metadatas"], got["embeddings"], strict=True
            ):
                page = int(place["page"])
                yield StoredPassage(
                    passage, text, page if page > 0 else None, int(place["start"]), int(place["end"]), vector
                )

    def _sweep(self) -> None:
        """Delete passages that were replaced or removed and, after a killed writer, all that no document lists."""
        listed = {p for entry in self.catalogue.entries() for p in entry.passages} if self._killed else set()
        if self._killed and (self._store.path / "chroma").exists():
            self._stale = [passage for passage in self._ask("get", include=[])["ids"] if passage not in listed]
        if self._killed:
            waiting = {passage.id for _, passage in self.catalogue.waiting(-1)}
            self.catalogue.forget_waiting(waiting - listed)
        self.catalogue.forget_waiting(self._stale)
        if (self._store.path / "chroma").exists():
            for i in range(0, len(self._stale), _SLICE):
                self._ask("delete", ids=self._stale[i : i + _SLICE])

    def _ask(self, method: str, **arguments: Any) -> Any:
        """Call a method of the chromadb collection. Vectors are always ours: it has no embedding function."""
        try:
            if self._collection is None:
                import chromadb

                self._client = chromadb.PersistentClient(
                    str(self._store.path / "chroma"), settings=chromadb.Settings(anonymized_telemetry=False)
                )
                self._collection = self._client.get_or_create_collection(
                    "passages", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
                )
            return getattr(self._collection, method)(**arguments)
        except Exception as error:  # chromadb's Rust core raises many kinds
            raise StoreError(
                f"The store's database {self._store.path / 'chroma'} fails: {error}.",
                remedy="Check the disk's space and permissions, and ingest again: it goes on where it stopped.",
            ) from error
