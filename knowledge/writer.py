"""The one writer of a store: what it adds, commits, publishes and sweeps out. A kill at any point loses nothing."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

from knowledge.catalogue import Catalogue, Entry
from knowledge.database import Database
from knowledge.embedding import Embedder
from knowledge.errors import StoreError
from knowledge.records import Passage
from knowledge.snapshot import Snapshot, StoredPassage, build_snapshot, current_generation

_SLICE = 2000  # rows that go to or come from the database at once
_FEWEST_UNSEEN, _MOST_UNSEEN = 20_000, 100_000  # passages after which it is published: what is new is held in memory
_SHARE_UNSEEN = 0.2  # of what is published; between the two, so that copying the whole does not come ever more often
_PUBLISH_EVERY = 20.0  # seconds of writing after which a long ingestion shows what it has


class Written(Protocol):
    """What a writer writes to: the store, as far as it concerns the writer."""

    path: Path
    embedder: Embedder
    database: Database
    dimension: int

    @property
    def snapshot(self) -> Snapshot:
        """What readers see now."""
        ...

    def adopt(self, snapshot: Snapshot) -> None:
        """Show readers another state."""
        ...


class Writer:
    """The one writer of a store; made by `Store.writing`, used by one thread.

    Args:
        store: The store, whose lock is held.

    Attributes:
        embedder: The embedding engine.
        catalogue: The documents.
        recovering: Whether the writer before was killed.
    """

    def __init__(self, store: Written) -> None:
        self._store = store
        self.embedder = store.embedder
        self.catalogue = Catalogue(store.path / "catalogue.sqlite")
        self._killed = self.recovering = self.catalogue.unfinished
        self._stale: list[str] = []
        self._published_at = time.monotonic()
        self._publishing_took = 0.0
        self._unseen = self._shown = 0
        self.catalogue.mark(writing=True)

    def held(self, passages: Sequence[str]) -> set[str]:
        """Which of these passages the store holds already, with their vectors."""
        found: set[str] = set()
        if not self._store.database.exists():  # a first ingestion need not wait for the database to load
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
        self._unseen += len(passages)
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
        self._unseen += len(waiting)
        self.publish_if_due()

    def publish_if_due(self) -> None:
        """Publish when the last time is long enough ago, measured by what it costs, or when much has come."""
        due = max(_PUBLISH_EVERY, 20 * self._publishing_took)
        shown = min(_MOST_UNSEEN, max(_FEWEST_UNSEEN, _SHARE_UNSEEN * self._shown))
        if self._unseen >= shown or time.monotonic() - self._published_at > due:
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
            self._shown = len(snapshot)
            self.catalogue.forget_waiting(arrived)
        self._unseen = 0
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
            self._store.database.close()

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
        found: set[str] = set()

        try:
            generation = current_generation(self._store.path)
        except StoreError:
            generation = int(time.time())  # past every number that a lost counter can have had
        snapshot = build_snapshot(
            base,
            [(entry.document, entry.passages) for entry in entries],
            self._arriving(missing, found),
            dimension=self._store.dimension,
            generation=generation + 1,
            version=self.catalogue.version,
            scratch=self._store.path,
        )
        if len(found) < len(set(missing)):  # the database lost rows: their documents have to be read again
            lost = set(missing) - found
            self.catalogue.remove([entry.document.name for entry in entries if lost.intersection(entry.passages)])
            return self._derived(base, arrived)
        return snapshot

    def _arriving(self, missing: Sequence[str], found: set[str]) -> Iterator[StoredPassage]:
        """The passages that a snapshot lacks, some at a time; those that there are go into ``found``."""
        import numpy as np

        nowhere = np.zeros(self.embedder.dimension, dtype=np.float32)
        for i in range(0, len(missing), _SLICE):
            part = missing[i : i + _SLICE]
            waiting = self.catalogue.waiting_among(part)
            there = {p.id: StoredPassage(p.id, p.text, p.page, p.start, p.end, nowhere) for p in waiting.values()}
            there |= {one.id: one for one in self._stored([passage for passage in part if passage not in there])}
            found.update(there)
            yield from (there[passage] for passage in part if passage in there)

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
        if self._killed and self._store.database.exists():
            self._stale = [passage for passage in self._ask("get", include=[])["ids"] if passage not in listed]
        if self._killed:
            waiting = {passage.id for _, passage in self.catalogue.waiting(-1)}
            self.catalogue.forget_waiting(waiting - listed)
        self.catalogue.forget_waiting(self._stale)
        if self._store.database.exists():
            for i in range(0, len(self._stale), _SLICE):
                self._ask("delete", ids=self._stale[i : i + _SLICE])

    def _ask(self, method: str, **arguments: Any) -> Any:
        return self._store.database.ask(method, **arguments)
