"""The words of the lab's documents: ``ingest``, ``search``, ``ask`` and ``experts``."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.command import Given, Work, command

documents = typer.Typer()

WordsOnly = Annotated[
    bool, typer.Option("--words", help="Look at the words alone: at once, without the embedding model.")
]
Where = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="FILTER", help="Only documents such as year>=2020, authors=Kim, title=*membrane*."),
]


@command(documents, "home")
def ingest(
    given: Given,
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH|REFERENCE...",
            help="Documents, folders, archives, bibliographies; or records of public databases, such as"
            ' arxiv:2101.00001, openalex:"query".',
        ),
    ],
    watch: Annotated[bool, typer.Option("--watch", help="Stay, and read what comes or changes there.")] = False,
    ocr: Annotated[bool, typer.Option("--ocr", help="Recognise scanned PDFs by ocrmypdf, where installed.")] = False,
    online: Annotated[bool, typer.Option("--online", help="Allow the network for this command.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Most records of a query.")] = 50,
) -> Work:
    """Read documents into the knowledge store; what is in it already is left alone."""
    from agent.cli.work.documents import Wanted, ingest_sources

    return ingest_sources(Wanted(tuple(sources), watch=watch, ocr=ocr, online=online, limit=limit), given)


@command(documents, "home", "out")
def search(
    given: Given,
    query: Annotated[str, typer.Argument(help="What to look for.")],
    count: Annotated[int, typer.Option("--count", "-n", min=1, max=100, help="How many passages.")] = 8,
    words: WordsOnly = False,
    where: Where = None,
) -> Work:
    """Search the lab's documents and what earlier runs computed; every hit names its document and page, or its run."""
    from agent.cli.work.answers import search_store

    return search_store(query, count, given, words_only=words, where=where or ())


@command(documents, "model", "reasoner", "home")
def ask(
    given: Given,
    question: Annotated[str, typer.Argument(help="A question, in plain words.")],
    count: Annotated[int, typer.Option("--count", "-n", min=1, max=20, help="How many sentences.")] = 5,
    words: WordsOnly = False,
    where: Where = None,
) -> Work:
    """Answer a question from the lab's documents, each sentence with its place; a model's wording is checked."""
    from agent.cli.work.answers import ask_documents

    return ask_documents(question, count, given, words_only=words, where=where or ())


@command(documents, "home")
def experts(
    given: Given,
    topic: Annotated[str, typer.Argument(help="A topic, in plain words.")],
    count: Annotated[int, typer.Option("--count", "-n", min=1, max=100, help="How many people.")] = 10,
    where: Where = None,
) -> Work:
    """Rank the authors of the lab's documents by what they wrote on a topic, with the passages."""
    from agent.cli.work.answers import list_experts

    return list_experts(topic, count, given, where=where or ())
