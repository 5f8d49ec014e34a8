"""``search``, ``ask`` and ``experts``: what the lab's documents, and its own earlier runs, say."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.cli.command import Given
from agent.cli.shell import print_json
from agent.cli.work.lab import mapped, searched
from agent.errors import ModelError
from agent.settings import Settings
from agent.units import counted

if TYPE_CHECKING:
    from agent.memory.recalling.findings import Finding
    from agent.reasoning.answering import WrittenSentence
    from knowledge import Hit, Store
    from knowledge.answering import Answer, Statement

_PASSAGES = 8  # that a model gets to word an answer


async def search_store(
    query: str, count: int, given: Given, *, words_only: bool = False, where: Sequence[str] = ()
) -> int:
    """``gedanken search QUERY``: passages of the documents, then what earlier runs computed."""
    from agent.memory.recalling.findings import search_findings
    from knowledge.filters import written_filter

    settings = given.settings

    def work() -> tuple[list[Hit] | None, tuple[str, ...], tuple[Finding, ...]]:
        wanted = written_filter(where)
        found, notes = searched(
            settings, query, lambda store: store.search(query, count, wanted, words_only=words_only)
        )
        computed = () if wanted else search_findings(settings.out, query, min(count, 5))
        return found, () if words_only else notes, computed

    with mapped():
        found, notes, computed = await asyncio.to_thread(work)
    hits = found or []
    if given.as_json:
        fields = ("document", "page", "start", "end", "score", "text", "sentence", "sentence_start")
        rows = [{field: getattr(hit, field) for field in fields} for hit in hits]
        computed_here = [asdict(one) for one in computed]
        print_json({"query": query, "hits": rows, "computed_here": computed_here, "notes": list(notes)})
        return 0
    _note(notes)
    if found is None:
        print(f"No documents yet in {settings.store_path}: `gedanken ingest PATH...` reads some.")
    for number, hit in enumerate(hits, start=1):
        page = f", page {hit.page}" if hit.page else ""
        print(f"{number}. {hit.title or hit.document}{page} ({hit.score:.2f})\n   {hit.document}\n   {_short(hit)}\n")
    if found is not None and not hits:
        print("Nothing in the documents bears on that.")
    for one in computed:
        print(f"· {_cut(one.text)}\n   {one.source}\n")
    return 0


async def ask_documents(
    question: str, count: int, given: Given, *, words_only: bool = False, where: Sequence[str] = ()
) -> int:
    """``gedanken ask QUESTION``: quoted sentences, or a model's checked wording; exit code 1 where nothing is found."""
    from knowledge.answering import answer
    from knowledge.filters import written_filter

    settings = given.settings

    def work(store: Store) -> tuple[Store, Answer]:
        return store, answer(store, question, count, written_filter(where), words_only=words_only)

    with mapped():
        asked, notes = await asyncio.to_thread(searched, settings, question, work)
        if asked is None:
            if given.as_json:
                print_json({"question": question, "found": False, "answer": [], "nearest": [], "documents": 0})
            else:
                print(f"No documents yet in {settings.store_path}: `gedanken ingest PATH...` reads some.")
            return 1
        store, found = asked
        notes = () if words_only else notes
        try:
            written = await _written(settings, store, question, words_only, where) if found.found else None
        except ModelError as error:  # the quoted sentences stand without it
            written, notes = None, (*notes, f"Not worded by the model: {error.message}")
    if given.as_json:
        print_json(_plain(found, written, len(store.documents())) | {"notes": list(notes)})
    else:
        _note(notes)
        _print(found, written, len(store.documents()))
    return 0 if found.found else 1


async def _written(
    settings: Settings, store: Store, question: str, words_only: bool, where: Sequence[str]
) -> tuple[WrittenSentence, ...] | None:
    """A model's answer, where one is configured and wanted."""
    from agent.models import ChatModel, configured
    from agent.reasoning.answering import write_answer
    from knowledge.filters import written_filter

    config = configured(settings) if settings.reasoner != "playbook" else None
    if config is None:
        return None
    wanted = written_filter(where)
    hits = await asyncio.to_thread(store.search, question, _PASSAGES, wanted, words_only=words_only)
    idf = store.snapshot.postings.idf
    engine = None if words_only else store.embedder
    return await write_answer(ChatModel(config), question, hits, weight=idf, embedder=engine)


async def list_experts(topic: str, count: int, given: Given, *, where: Sequence[str] = ()) -> int:
    """``gedanken experts TOPIC``: authors by what they wrote on it."""
    from knowledge.filters import written_filter
    from knowledge.people import experts

    settings = given.settings

    def work(store: Store) -> tuple[Any, ...]:
        return experts(store, topic, count, written_filter(where))

    with mapped():
        found, notes = await asyncio.to_thread(searched, settings, topic, work)
    people: tuple[Any, ...] = found or ()
    if given.as_json:
        print_json({"topic": topic, "experts": [asdict(one) for one in people], "notes": list(notes)})
        return 0
    _note(notes)
    for number, one in enumerate(people, start=1):
        print(f"{number}. {one.name} ({counted(one.documents, 'document')}, {one.score:.2f})")
        for hit in one.passages:
            print(f"   {hit.title or Path(hit.document).name}{f', page {hit.page}' if hit.page else ''}: {_short(hit)}")
    if not people:
        print("No document that bears on that names its authors.")
    return 0


def _note(notes: tuple[str, ...]) -> None:
    for one in notes:
        print(f"({one})\n")


def _plain(found: Answer, written: tuple[WrittenSentence, ...] | None, documents: int) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "question": found.question,
        "found": found.found,
        "answer": [asdict(one) | {"said": one.said} for one in found.statements],
        "nearest": [asdict(one) | {"said": one.said} for one in found.nearest],
        "lacking": list(found.lacking),
        "disagreements": [asdict(one) for one in found.disagreements],
        "score": found.score,
        "doubtful": found.doubtful,
        "documents": documents,
    }
    if written is not None:
        places = ("document", "page", "start", "end", "passage")
        plain["written"] = [
            {
                "text": one.text,
                "supported": one.supported,
                "reason": one.reason,
                "citations": [{place: getattr(hit, place) for place in places} for hit in one.citations],
            }
            for one in written
        ]
    return plain


def _print(found: Answer, written: tuple[WrittenSentence, ...] | None, documents: int) -> None:
    if not found.found:
        print(f"Not found in these documents ({documents}).")
        if found.nearest:
            print(f"{found.reservation or 'Nearest'}:".replace(".:", ":"))
        for one in found.nearest:
            print(f"   {_cut(one.said)}\n   {_place(one)}")
        return
    if found.doubtful:
        print(f"These sentences may only be on the same subject (chance of an answer {found.score:.0%}).")
    if found.reservation:
        print(found.reservation)
    if written:
        for sentence in written:
            cited = "; ".join(dict.fromkeys(_where(hit.document, hit.page) for hit in sentence.citations))
            mark = "" if sentence.supported else f" (unsupported: {sentence.reason})"
            print(f"{sentence.text}{mark}\n   [{cited or 'no citation'}]")
        print("\nQuoted:")
    elif written is not None:
        print("The model finds no answer in the passages. Quoted:")
    for number, one in enumerate(found.statements, start=1):
        print(f"{number}. {one.said}\n   {_place(one)}")
    for one in found.disagreements:
        print(f"! {one.first + 1} and {one.second + 1} disagree: {one.reason}.")


def _place(one: Statement) -> str:
    clause = f"{one.clause}, " if one.clause else ""
    return f"{clause}{_where(one.document, one.page)}, characters {one.start}-{one.end}"


def _where(document: str, page: int | None) -> str:
    return f"{Path(document).name or document}{f', page {page}' if page else ''}"


def _short(hit: Hit) -> str:
    """The sentence that answers best, or the passage's beginning."""
    return _cut(hit.sentence or hit.text)


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 300 else flat[:297] + "..."
