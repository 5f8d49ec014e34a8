"""What the lab's documents say, as text for the chat and for the page of one passage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.content import Content

from tui.drawing import paint


def place(statement: dict[str, Any]) -> str:
    """Where a sentence stands: the clause of a regulation, the document's file name, the page."""
    clause = f"{statement['clause']}, " if statement.get("clause") else ""
    page = f", page {statement['page']}" if statement.get("page") else ""
    return f"{clause}{Path(statement['document']).name or statement['document']}{page}"


def answer_content(plain: dict[str, Any], shown: dict[str, dict[str, Any]]) -> Content:
    """What the documents say, or that they do not.

    Args:
        plain: The object that ``gedanken ask --json`` printed.
        shown: Its sentences by the key that jumps to them.
    """
    rows: list[Content | str] = [
        paint.heading("In the lab's documents")
        if plain["found"]
        else f"Not found in these documents ({plain.get('documents', 0)})."
    ]
    rows += [paint.muted(one) for one in plain.get("notes", ())]
    if shown and not plain["found"]:
        rows.append(paint.muted("Nearest:"))
    for number, (key, one) in enumerate(shown.items(), start=1):
        text = f"{number}. “{' '.join(one['text'].split())}”  "
        rows.append(Content(text) + paint.link(place(one), key))
    for one in plain.get("disagreements", ()):
        told = f"! {one['first'] + 1} and {one['second'] + 1} disagree: {one['reason']}."
        rows.append(Content.styled(told, "$warning"))
    if shown:
        rows.append(paint.muted("Ctrl+G goes to the passages"))
    return paint.lines(rows)


def passage_content(statement: dict[str, Any]) -> Content:
    """The passage around a sentence, the sentence marked in it."""
    sentence, text = statement["text"], statement.get("context") or statement["text"]
    before, marked, after = text.partition(sentence)
    title = statement.get("title") or ""
    return paint.lines(
        [
            Content.styled(place(statement), "bold $primary"),
            *([title] if title else []),
            paint.muted(f"{statement['document']}, characters {statement['start']} to {statement['end']}"),
            "",
            Content.assemble(before, (marked, "bold $accent"), after),
        ]
    )
