"""The open stores of this process, and the store's errors as tool errors."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import EngineMissing, RepairableToolError, TerminalToolError

if TYPE_CHECKING:
    from knowledge import Store
    from knowledge.answering import Answer


def reader(store: Mapping[str, Any]) -> Store | None:
    """The store that the session supplies, opened for reading; ``None`` where nothing has been ingested yet.

    Args:
        store: ``{"path": folder, "generation": number}``.

    Raises:
        knowledge.StoreError: The folder holds a store that cannot be read.
    """
    path = str(store["path"])
    return _opened(path) if (Path(path) / "store.json").exists() else None


@cache
def _opened(path: str) -> Store:
    from knowledge import open_store

    return open_store(path, readonly=True)


@contextlib.contextmanager
def mapped() -> Iterator[None]:
    """Turn the store's errors into tool errors: a query can be corrected, a store cannot."""
    from knowledge import EngineUnavailable, KnowledgeError, QueryError

    try:
        yield
    except QueryError as error:
        raise RepairableToolError(error.message, remedy=error.remedy) from error
    except EngineUnavailable as error:
        raise EngineMissing(error.message, remedy=error.remedy) from error
    except KnowledgeError as error:
        raise TerminalToolError(error.message, remedy=error.remedy) from error


def by_words(store: Store | None, text: str) -> tuple[str, ...]:
    """What has to be said where a search of a store looks at words alone; nothing where it compares meanings too.

    Args:
        store: What is searched.
        text: The query.
    """
    from knowledge.engines import WordsOnly

    if store is None or store.by_meaning(text):
        return ()
    if isinstance(store.embedder, WordsOnly):
        return (
            f"Searched by words alone: the documents' vectors are made by '{store.embedder.name}', which cannot be"
            " reached from here. Other wording of the same may be missed.",
        )
    return (f"Searched by words alone: the engine '{store.embedder.name}' does not know the language of the question.",)


def label(name: str) -> str:
    """A document's name as people say it: the file's name for a path."""
    return Path(name).name or name


def reservations(found: Answer) -> tuple[str, ...]:
    """What has to be said beside an answer: what of the question nothing says, and which statements disagree."""
    told = [found.reservation] if found.reservation else []
    for pair in found.disagreements:
        one, other = (found.statements[number] for number in (pair.first, pair.second))
        quoted = [f"“{each.said}” ({label(each.document)})" for each in (one, other)]
        told.append(f"The documents disagree: {quoted[0]} against {quoted[1]}: {pair.reason}.")
    return tuple(told)
