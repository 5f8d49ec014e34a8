"""The one writer of a store: what it adds, commits, publishes and sweeps out. A kill at any point loses nothing."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from knowledge.catalogue import Catalogue, Entry
from knowledge.errors import StoreError
from knowledge.records import Passage
from knowledge.snapshot import Snapshot, StoredPassage, build_snapshot, current_generation

if TYPE_CHECKING:
    from knowledge.store import Store

_SLICE = 2000  # rows that go to or come from the database at once
_MOST_UNSEEN = 20_000  # passages after which it is published: each that is new takes some 20 kB of memory then
_PUBLISH_EVERY = 20.0  # seconds of writing after which a long ingestion shows what it has


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
        self._published_at = time.monotonic()
        self._publishing_took = 0.0
        self._unseen = 0
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
        if self._unseen >= _MOST_UNSEEN or time.monotonic() - self._published_at > due:
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
            dimension=self._store.dimension,
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
