"""The errors of the knowledge store.

::

    KnowledgeError            says what is wrong, with which input, and what to do
    ├── ReadingError          one file cannot be read as a document
    ├── QueryError            a query or a filter cannot be used
    ├── EngineUnavailable     the embedding engine is not installed, or cannot be loaded
    ├── ConnectorError        a public database cannot be asked, or did not answer
    ├── BundleError           a bundle of knowledge is truncated, altered or does not fit
    └── StoreError            the store on disk fails
        ├── StoreLocked       another process writes, and did not finish in time
        └── StoreMismatch     the store was made by another engine or a newer version

Foreign exceptions (chromadb, onnxruntime, pypdfium2, the file system) are mapped into this tree where they enter.
"""

from __future__ import annotations


class KnowledgeError(Exception):
    """Base of every error that the store raises on purpose.

    Args:
        message: What is wrong, naming the input.
        remedy: What to do about it.
    """

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class ReadingError(KnowledgeError):
    """One file cannot be read as a document; the message says why."""


class QueryError(KnowledgeError):
    """A query or a filter cannot be used."""


class EngineUnavailable(KnowledgeError):
    """The embedding engine is not installed, or its files cannot be loaded."""


class ConnectorError(KnowledgeError):
    """A public database cannot be asked, did not answer, or has no such record."""


class BundleError(KnowledgeError):
    """A bundle of knowledge is truncated, altered, or was made by another embedding engine or a newer version."""


class StoreError(KnowledgeError):
    """The store on disk cannot be opened, read or written."""


class StoreLocked(StoreError):
    """Another process is writing to the store, and did not finish in time."""


class StoreMismatch(StoreError):
    """The store was made by another embedding engine, or by a newer version of this package."""
