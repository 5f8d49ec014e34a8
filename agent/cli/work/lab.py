"""The lab's knowledge store as the settings describe it, with its errors as ours."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from agent.errors import InputError, StorageError
from agent.settings import Settings

if TYPE_CHECKING:
    from knowledge import Store

T = TypeVar("T")


def lab_store(settings: Settings, *, readonly: bool = True) -> Store | None:
    """The lab's store with the engine that the settings name.

    Args:
        settings: Where it is; the engine and its server.
        readonly: Whether it is only searched: then a store that is not there is ``None``.

    Raises:
        knowledge.KnowledgeError: It cannot be opened, was made by another engine, or the engine may not be used; one
            that this engine made and that is only searched is opened without it, to be searched by its words.
    """
    from knowledge import EngineUnavailable, open_store
    from knowledge.engines import make_embedder

    if readonly and not (settings.store_path / "store.json").exists():
        return None
    default = settings.embedder == Settings.model_fields["embedder"].default
    key = settings.embedding_key.get_secret_value() if settings.embedding_key else ""
    try:
        engine = make_embedder(
            settings.embedder,
            address=settings.embedding_url,
            key=key,
            network=not settings.offline,
            tries=1 if readonly else 4,  # who asks does not want to wait; who ingests does
        )
    except EngineUnavailable:
        found = open_store(settings.store_path, readonly=True) if readonly else None
        if found is None or found.embedder.name != settings.embedder:
            raise
        return found
    there = (settings.store_path / "store.json").exists()
    return open_store(
        settings.store_path,
        embedder=None if default else engine,
        readonly=readonly,
        server="" if there else settings.store_server,
    )


def writable_store(settings: Settings) -> Store:
    """The lab's store, made where there is none, to write to."""
    store = lab_store(settings, readonly=False)
    assert store is not None  # only a store that is not there to be read is None
    return store


def searched(settings: Settings, query: str, work: Callable[[Store], T]) -> tuple[T | None, tuple[str, ...]]:
    """Search the lab's store, by its words alone where its embedding engine cannot be asked.

    Args:
        settings: Where it is; the engine and its server.
        query: What is looked for.
        work: The search.

    Returns:
        What it found, ``None`` where there is no store; and what has to be said of a search by words alone.
    """
    from agent.tools.literature.access import by_words
    from knowledge import EngineUnavailable, open_store
    from knowledge.engines import WordsOnly

    store = lab_store(settings)
    if store is None:
        return None, ()
    try:
        return work(store), by_words(store, query)
    except EngineUnavailable as error:
        engine = WordsOnly(store.embedder.name, store.dimension)
        told = f"Searched by words alone: {error.message} Other wording of the same may be missed."
        return work(open_store(store.path, embedder=engine, readonly=True)), (told,)


@contextlib.contextmanager
def mapped() -> Iterator[None]:
    """Turn the store's errors into ours."""
    from knowledge import BundleError, ConnectorError, KnowledgeError, QueryError

    try:
        yield
    except (BundleError, ConnectorError, QueryError) as error:
        raise InputError(error.message, remedy=error.remedy) from error
    except KnowledgeError as error:
        raise StorageError(error.message, remedy=error.remedy) from error
