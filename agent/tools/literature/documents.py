"""Listing the lab's documents."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from agent.records import Result, Value
from agent.tools import Injected, empty, ok, tool
from agent.tools.literature.access import mapped, reader
from agent.units import counted


@tool("literature", seconds=30.0)
def list_documents(store: Annotated[dict[str, Any], Injected("store")], contains: str = "") -> Result:
    """List the documents of the lab's knowledge store, with title, authors, year and DOI.

    Args:
        contains: Keep only documents whose name, title, authors or DOI contain these words (any case); all by default.

    Returns:
        In data `documents`: name, title, authors, year, doi, format, pages and passages of each. Empty when the store
        holds none, or none that contains the words.

    Source:
        The documents themselves: file metadata, and the first page where that says nothing.
    """
    with mapped():
        opened = reader(store)
        known = opened.documents() if opened is not None else ()
    if not known:
        return empty("The lab's knowledge store holds no documents.", data={"documents": []})
    wanted = contains.lower()
    kept = [
        document
        for document in known
        if wanted in " ".join((document.name, document.title, *document.authors, document.doi)).lower()
    ]
    if not kept:
        return empty(f"None of {counted(len(known), 'document')} contains '{contains}'.", data={"documents": []})
    kept.sort(key=lambda document: document.title.lower())
    listed = [{**asdict(document), "authors": list(document.authors)} for document in kept]
    passages = sum(document.passages for document in kept)
    return ok(
        f"{len(kept)} of {counted(len(known), 'document')}, {counted(passages, 'passage')}.",
        values=[Value(name="documents", value=len(kept)), Value(name="passages", value=passages)],
        data={"documents": listed},
    )
