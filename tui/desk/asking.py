"""Questions that the lab's documents answer: quoted sentences, each of which opens its passage.

The documents are asked in a process beside the app (``gedanken ask``), without a model: the app itself never opens the
store.
"""

from __future__ import annotations

from typing import Any

from tui.desk.looking import Looking
from tui.drawing import paint
from tui.texts.passages import answer_content, place


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
