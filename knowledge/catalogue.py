"""The catalogue of documents: an SQLite table whose rows are the commit points of ingestion.

A document exists when, and only when, its row does: the row lists the passages that belong to it. Passages that no row
lists are invisible, whatever a killed process left behind.

A passage whose vector is not there yet waits in a table beside: it is searched by its words until the vector follows.
Once the vector is in the database the passage is marked as arrived, and it leaves the table when a snapshot shows it.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from knowledge.errors import StoreError
from knowledge.records import Document, Passage

_MANY = 500  # values of one SQL statement


@dataclass(frozen=True)
class Entry:
    """A document and the ids of its passages, in reading order."""

    document: Document
    passages: tuple[str, ...]


class Catalogue:
    """The documents of a store. Used by the one writer alone.

    Args:
        path: The database file; made when missing.

    Raises:
        StoreError: It cannot be opened, or is damaged.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._guarded():
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS documents (row INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL,"
                " sha256 TEXT NOT NULL, document TEXT NOT NULL, passages TEXT NOT NULL)"
            )
            self._db.execute("CREATE INDEX IF NOT EXISTS by_content ON documents (sha256)")
            self._db.execute("CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL)")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS waiting (passage TEXT PRIMARY KEY, arrived INTEGER NOT NULL, title TEXT"
                " NOT NULL, text TEXT NOT NULL, page INTEGER, first INTEGER NOT NULL, past INTEGER NOT NULL,"
                " place INTEGER NOT NULL)"
            )

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def get(self, name: str) -> Entry | None:
        """The document of that name."""
        return next(iter(self._entries("WHERE name = ?", name)), None)

    def with_content(self, sha256: str) -> Entry | None:
        """A document made from that content, whatever its name."""
        return next(iter(self._entries("WHERE sha256 = ? ORDER BY row LIMIT 1", sha256)), None)

    def entries(self) -> list[Entry]:
        """All documents, in the order in which they were first added."""
        return self._entries("ORDER BY row")

    def put(self, entries: list[Entry], waiting: Sequence[tuple[str, Passage]] = ()) -> None:
        """Commit documents, replacing those of the same names, all or none.

        Args:
            entries: The documents.
            waiting: Those of their passages whose vectors follow later, each with its document's title.
        """
        with self._transaction():
            self._db.executemany(
                "INSERT OR IGNORE INTO waiting VALUES (?, 0, ?, ?, ?, ?, ?, ?)",
                [(p.id, title, p.text, p.page, p.start, p.end, p.index) for title, p in waiting],
            )
            self._db.executemany(
                "INSERT INTO documents (name, sha256, document, passages) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256, document = excluded.document,"
                " passages = excluded.passages",
                [
                    (
                        entry.document.name,
                        entry.document.sha256,
                        json.dumps(asdict(entry.document), ensure_ascii=False),
                        " ".join(entry.passages),
                    )
                    for entry in entries
                ],
            )

    def remove(self, names: list[str]) -> None:
        """Remove documents, all or none."""
        with self._transaction():
            self._db.executemany("DELETE FROM documents WHERE name = ?", [(name,) for name in names])

    def waiting(self, count: int) -> list[tuple[str, Passage]]:
        """Passages whose vectors are still to be made, with their documents' titles, oldest first."""
        return self._waiting("WHERE arrived = 0 ORDER BY rowid LIMIT ?", count)

    def waiting_count(self) -> int:
        """How many passages have no vector yet."""
        with self._guarded():
            return self._db.execute("SELECT COUNT(*) FROM waiting WHERE arrived = 0").fetchone()[0]

    def waiting_among(self, passages: Sequence[str]) -> dict[str, Passage]:
        """Which of these passages have no vector yet."""
        found: dict[str, Passage] = {}
        for i in range(0, len(passages), _MANY):
            part = passages[i : i + _MANY]
            marks = ", ".join("?" * len(part))
            found |= {p.id: p for _, p in self._waiting(f"WHERE arrived = 0 AND passage IN ({marks})", *part)}
        return found

    def mark_arrived(self, passages: Sequence[str]) -> None:
        """Note that vectors are in the database that no snapshot shows yet."""
        with self._transaction():
            self._db.executemany("UPDATE waiting SET arrived = 1 WHERE passage = ?", [(p,) for p in passages])

    def arrived(self) -> set[str]:
        """Passages whose vectors came since a snapshot was published with them."""
        with self._guarded():
            return {row[0] for row in self._db.execute("SELECT passage FROM waiting WHERE arrived = 1")}

    def forget_waiting(self, passages: Iterable[str]) -> None:
        """Take passages out of the table: their vectors are shown, or no document lists them any more."""
        with self._guarded():
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("DELETE FROM waiting WHERE passage = ?", [(p,) for p in passages])
            self._db.execute("COMMIT")

    def _waiting(self, clause: str, *parameters: Any) -> list[tuple[str, Passage]]:
        with self._guarded():
            rows = self._db.execute(
                f"SELECT title, passage, text, page, first, past, place FROM waiting {clause}", parameters
            ).fetchall()
        return [(title, Passage(*values)) for title, *values in rows]

    @property
    def version(self) -> int:
        """Counts the changes made so far."""
        return self._counter("version")

    @property
    def unfinished(self) -> bool:
        """Whether a writer began and has not ended: it is at work, or was killed."""
        return bool(self._counter("writing"))

    def mark(self, *, writing: bool) -> None:
        """Note that a writer begins or ends."""
        with self._guarded():
            self._db.execute("INSERT OR REPLACE INTO counters VALUES ('writing', ?)", (int(writing),))

    def _counter(self, name: str) -> int:
        with self._guarded():
            row = self._db.execute("SELECT value FROM counters WHERE name = ?", (name,)).fetchone()
        return row[0] if row else 0

    @contextlib.contextmanager
    def _transaction(self):
        with self._guarded():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute(
                    "INSERT INTO counters VALUES ('version', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1"
                )
                self._db.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise

    def _entries(self, clause: str, *parameters: Any) -> list[Entry]:
        with self._guarded():
            rows = self._db.execute(f"SELECT document, passages FROM documents {clause}", parameters).fetchall()
        return [Entry(as_document(json.loads(document)), tuple(passages.split())) for document, passages in rows]

    @contextlib.contextmanager
    def _guarded(self):
        try:
            yield
        except sqlite3.Error as error:
            raise StoreError(
                f"The store's catalogue {self._path} fails: {error}.",
                remedy="Check that the disk has space and the folder can be written.",
            ) from error


def as_document(plain: dict[str, Any]) -> Document:
    """A document from plain data."""
    return Document(**{**plain, "authors": tuple(plain["authors"])})
