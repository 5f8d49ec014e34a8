"""The words of ``gedanken search``, ``gedanken ask`` and ``gedanken experts``."""

from __future__ import annotations

from typing import Annotated

import typer

from agent.cli.words import Debug, Home, Json, Model, Out, ReasonerName, run_command

WordsOnly = Annotated[
    bool, typer.Option("--words", help="Look at the words alone: at once, without the embedding model.")
]
Where = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="FILTER", help="Only documents such as year>=2020, authors=Kim, title=*membrane*."),
]


def search(
    query: Annotated[str, typer.Argument(help="What to look for.")],
    count: Annotated[int, typer.Option("--count", "-n", min=1, max=100, help="How many passages.")] = 8,
    words: WordsOnly = False,
    where: Where = None,
    home: Home = None,
    out: Out = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Search the lab's documents and what earlier runs computed; every hit names its document and page, or its run."""
    from agent.cli.literature import search_store

    settings = {"home": home, "out": out}
    run_command(
        lambda: search_store(query, count, as_json, settings, words_only=words, where=where or ()),
        debug=debug,
        as_json=as_json,
    )


def ask(
    question: Annotated[str, typer.Argument(help="A question, in plain words.")],
    count: Annotated[int, typer.Option("--count", "-n", min=1, max=20, help="How many sentences.")] = 5,
    words: WordsOnly = False,
    where: Where = None,
    model: Model = None,
    reasoner: ReasonerName = None,
    home: Home = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Answer a question from the lab's documents, each sentence with its place; a model's wording is checked."""
    from agent.cli.literature import ask_documents

    settings = {"home": home, "model": model, "reasoner": reasoner}
    run_command(
        lambda: ask_documents(question, count, as_json, settings, words_only=words, where=where or ()),
        debug=debug,
        as_json=as_json,
    )


def experts(
    topic: Annotated[str, typer.Argument(help="A topic, in plain words.")],
    count: Annotated[int, typer.Option("--count", "-n", min=1, max=100, help="How many people.")] = 10,
    where: Where = None,
    home: Home = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Rank the authors of the lab's documents by what they wrote on a topic, with the passages."""
    from agent.cli.literature import list_experts

    run_command(
        lambda: list_experts(topic, count, as_json, {"home": home}, where=where or ()), debug=debug, as_json=as_json
    )


def register(app: typer.Typer) -> None:
    """Add the commands to the application."""
    for command in (search, ask, experts):
        app.command()(command)
