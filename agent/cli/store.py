"""The lab's knowledge store as the settings describe it, with its errors as ours."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from agent.errors import InputError, StorageError
from agent.settings import Settings

if TYPE_CHECKING:
    from knowledge import Store


def lab_store(settings: Settings, *, readonly: bool = True) -> Store | None:
    """The lab's store with the engine that the settings name.

    Args:
        settings: Where it is; the engine and its server.
        readonly: Whether it is only searched: then a store that is not there is ``None``.

    Raises:
        knowledge.KnowledgeError: It cannot be opened, was made by another engine, or the engine may not be used.
    """
    from knowledge import open_store
    from knowledge.engines import make_embedder

    if readonly and not (settings.store_path / "store.json").exists():
        return None
    default = settings.embedder == Settings.model_fields["embedder"].default
    key = settings.embedding_key.get_secret_value() if settings.embedding_key else ""
    engine = make_embedder(settings.embedder, address=settings.embedding_url, key=key, network=not settings.offline)
    there = (settings.store_path / "store.json").exists()
    return open_store(
        settings.store_path,
        embedder=None if default else engine,
        readonly=readonly,
        server="" if there else settings.store_server,
    )


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
