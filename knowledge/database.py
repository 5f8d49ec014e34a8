"""The database of passages and vectors: chromadb in the store's folder, or a chromadb server by its address.

In the folder one process writes and nobody else opens it. A server takes many clients, and holds what is too much for
one machine: the snapshots then carry no vectors, and a search asks the server for the nearest passages.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from knowledge.errors import StoreError

if TYPE_CHECKING:
    import numpy as np

    from knowledge.snapshot import Snapshot

NEAREST = 300
"""Passages that a server is asked for, and of the best by words whose vectors are fetched."""


class Database:
    """A collection of chromadb, opened when it is first used. Vectors are always ours: it has no embedding function.

    Args:
        folder: Where it is, without a server.
        server: Address of a server, or ''.
        collection: Its name.
    """

    def __init__(self, folder: Path, server: str = "", collection: str = "passages") -> None:
        self.server = server
        self._folder = folder
        self._name = collection
        self._client: Any = None
        self._collection: Any = None
        self._opening = threading.Lock()

    def exists(self) -> bool:
        """Whether there is anything to ask: a folder that was never written is not made for a question."""
        return bool(self.server) or self._folder.exists()

    def ask(self, method: str, **arguments: Any) -> Any:
        """Call a method of the collection.

        Raises:
            StoreError: The database fails, or the server cannot be reached.
        """
        try:
            return getattr(self._opened(), method)(**arguments)
        except Exception as error:  # chromadb's Rust core and its client raise many kinds
            remedy = (
                "Check that the server runs and the address is right."
                if self.server
                else "Check the disk's space and permissions, and ingest again: it goes on where it stopped."
            )
            raise StoreError(
                f"The store's database {self.server or self._folder} fails: {error}.", remedy=remedy
            ) from error

    def close(self) -> None:
        """Let go of a database in the folder; the connection to a server stays for searches."""
        if self._client is not None and not self.server:
            self._client.close()
            self._client = self._collection = None

    def cosines(self, snapshot: Snapshot, query: np.ndarray, lexical: np.ndarray) -> np.ndarray:
        """The cosines of the passages that matter: the nearest by the server, and the best by words.

        Args:
            snapshot: The passages that are searched.
            query: A unit vector.
            lexical: The passages' scores by words.

        Returns:
            Shape ``(passages,)``, float32; 0 for passages that are neither near nor among the best by words.
        """
        import numpy as np

        found = np.zeros(len(snapshot), dtype=np.float32)
        answer = self.ask(
            "query", query_embeddings=[query.tolist()], n_results=min(NEAREST, len(snapshot)), include=["distances"]
        )
        rows = snapshot.rows
        for passage, distance in zip(answer["ids"][0], answer["distances"][0], strict=True):
            if passage in rows:  # not one that is replaced or not committed yet
                found[rows[passage]] = 1.0 - distance
        best = np.argsort(-lexical)[:NEAREST]
        wanted = [snapshot.ids[row] for row in best if lexical[row] > 0 and found[row] == 0]
        if wanted:
            got = self.ask("get", ids=wanted, include=["embeddings"])
            for passage, vector in zip(got["ids"], got["embeddings"], strict=True):
                found[rows[passage]] = float(np.asarray(vector, dtype=np.float32) @ query)
        return found

    def _opened(self) -> Any:
        with self._opening:
            if self._collection is None:
                import chromadb

                settings = chromadb.Settings(anonymized_telemetry=False)
                if self.server:
                    at = urlsplit(self.server)
                    secure = at.scheme == "https"
                    port = at.port or (443 if secure else 8000)
                    self._client = chromadb.HttpClient(str(at.hostname), port, ssl=secure, settings=settings)
                else:
                    self._client = chromadb.PersistentClient(str(self._folder), settings=settings)
                self._collection = self._client.get_or_create_collection(
                    self._name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
                )
            return self._collection
