"""Questions that the lab's documents answer: quoted sentences, each of which opens its passage.

The documents are asked in a process beside the app (``gedanken ask``), without a model: the app itself never opens the
store.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.content import Content

from tui import paint
from tui.looking import Looking


class Asking(Looking):
    """Calls of the command line, and what the documents say on a question."""

    async def waited(self, what: str, *words: str) -> tuple[int, dict[str, Any], str]:
        """Call the command line and wait for its answer, saying in the status line what is waited for."""
        self.state.busy = what
        self.redraw()
        try:
            return await self.processes.ask(*words)
        except OSError as error:
            return 1, {}, str(error)
        finally:
            self.state.busy = ""
            self.redraw()

    def ask_documents(self, question: str) -> bool:
        """Have the lab's documents answer in the chat; whether there are any."""
        if self.settings is None or not (self.settings.store_path / "store.json").exists():
            return False
        self.sources = []
        self.run_worker(self._ask_documents_now(question), group="call")
        return True

    async def _ask_documents_now(self, question: str) -> None:
        words = ("ask", "--reasoner", "playbook", "--", question)
        _, plain, complaint = await self.waited("asking the documents", *words)
        if "found" not in plain:
            told = plain.get("error") or complaint or "It ended without an answer."
            self.transcript.say(f"The documents could not be asked: {told}", tone="bad")
            return
        shown = {}
        for statement in plain["answer"] if plain["found"] else plain.get("nearest", ()):
            shown[f"passage:{len(self.passages) + len(shown) + 1}"] = statement
        self.passages |= shown
        self.sources += [(key, f"{place(one)}: {paint.shorten(one['text'], 60)}") for key, one in shown.items()]
        self.transcript.say(answer_content(plain, shown), tone="good" if plain["found"] else "bad")


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
