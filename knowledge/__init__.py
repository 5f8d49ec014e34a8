"""The knowledge store: a lab's documents, found and cited on its own machine.

::

    from knowledge import ingest, open_store

    store = open_store("literature")
    report = ingest(["papers/"], store)
    for hit in store.search("selective COX-2 inhibitors with a sulfonamide", count=5):
        print(hit.document, hit.page, hit.sentence)

Importing the package loads neither chromadb nor numpy nor the embedding engine; each is loaded when it is first used.
Nothing here reaches a network unless `knowledge.connectors` is asked to, or an engine or database is a server by
setting; nothing here knows of agents.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from knowledge.embedding import Embedder, MiniLM, default_embedder
    from knowledge.errors import (
        BundleError,
        ConnectorError,
        EngineUnavailable,
        KnowledgeError,
        QueryError,
        ReadingError,
        StoreError,
        StoreLocked,
        StoreMismatch,
    )
    from knowledge.ingestion import add_documents, ingest
    from knowledge.reading import ReadingLimits, read_document
    from knowledge.records import Document, FileOutcome, Hit, IngestReport, Metadata, Page, Parsed, StoreStats
    from knowledge.searching import Ranking
    from knowledge.store import Store, open_store

_HOMES = {
    "knowledge.embedding": ("Embedder", "MiniLM", "default_embedder"),
    "knowledge.errors": (
        "BundleError", "ConnectorError", "EngineUnavailable", "KnowledgeError", "QueryError", "ReadingError",
        "StoreError", "StoreLocked", "StoreMismatch",
    ),
    "knowledge.ingestion": ("add_documents", "ingest"),
    "knowledge.reading": ("ReadingLimits", "read_document"),
    "knowledge.records": ("Document", "FileOutcome", "Hit", "IngestReport", "Metadata", "Page", "Parsed", "StoreStats"),
    "knowledge.searching": ("Ranking",),
    "knowledge.store": ("Store", "open_store"),
}  # fmt: skip
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [
    "BundleError",
    "ConnectorError",
    "Document",
    "Embedder",
    "EngineUnavailable",
    "FileOutcome",
    "Hit",
    "IngestReport",
    "KnowledgeError",
    "Metadata",
    "MiniLM",
    "Page",
    "Parsed",
    "QueryError",
    "Ranking",
    "ReadingError",
    "ReadingLimits",
    "Store",
    "StoreError",
    "StoreLocked",
    "StoreMismatch",
    "StoreStats",
    "add_documents",
    "default_embedder",
    "ingest",
    "open_store",
    "read_document",
]


def __getattr__(name: str) -> Any:
    """Load a public name when it is first asked for (PEP 562)."""
    if name not in _HOME_OF:
        raise AttributeError(f"module 'knowledge' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted(__all__)
