"""The app: what is typed in the composer becomes a goal, an answer, a question, or one of the slash commands.

It stands on the layers of `tui.desk`, each a class on top of the one before: `Shell` (views, following), `Desk` (runs),
`Looking` (sources, files, comparisons), `Asking` (documents), `Judging` (verdicts, results), `Campaigning`, `Calling`
(tools), `Choosing` (for the next runs), `Slashing` (commands), and this.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType

from tui.desk.slash import Slashing
from tui.drawing import paint
from tui.widgets.composer import Composer
from tui.widgets.transcript import Said

_QUESTION = re.compile(
    r"\?\s*$|^(what|which|where|when|why|how|who|is|are|does|did|show|tell|explain)\b|(까|나요|니)\s*$", re.IGNORECASE
)


class GedankenApp(Slashing):
    """Gedanken in a terminal."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+p", "command_palette", "Commands", show=False, priority=True)
    ]

    # --- the composer -----------------------------------------------------------------------------------------------

    @on(Composer.Sent)
    def _sent(self, event: Composer.Sent) -> None:
        self.send(event.text)

    def send(self, text: str) -> None:
        """Take what was written."""
        if not self.ready.is_set():
            self.call_later(self._send_later, text)
            return
        if text.startswith("/") and not text.startswith("//"):
            self.command(text)
            return
        kind = self.reading(text)
        if kind == "answer":
            self.transcript.say(text, kind=Said)
            self.answer(text)
        elif kind == "question":
            self._command_ask(text)
        elif kind == "waits":
            self.complain(
                "A plan waits for your word: /edit, /approve, or /approve no REASON. /run starts another goal."
            )
        else:
            self.begin(text)

    async def _send_later(self, text: str) -> None:
        await self.ready.wait()
        self.send(text)

    def reading(self, text: str) -> str:
        """What a line without a slash is taken for: ``answer``, ``waits``, ``question`` or ``goal``."""
        model = self.model
        if model is None:
            return "goal"
        asked = model.history.question
        if asked is not None and model.status == "waiting":
            plain = text.strip().lower()
            if (
                asked.key != "approve"
                or plain.startswith(("yes", "no", "y ", "n ", "예", "네", "아니"))
                or plain in "yn"
            ):
                return "answer"
            return "waits"
        if model.history.evidence and _QUESTION.search(text.strip()):
            return "question"
        return "goal"

    def hint(self) -> str:
        """What Enter will do."""
        model = self.model
        if model is None:
            return "goal"
        asked = model.history.question
        if asked is not None and model.status == "waiting":
            return (
                "the plan waits: /edit · yes · no REASON"
                if asked.key == "approve"
                else f"answer: {paint.shorten(asked.text, 60)}"
            )
        return "goal, or a question about this run" if model.history.evidence else "goal"

    # --- keys -------------------------------------------------------------------------------------------------------

    def action_help(self) -> None:
        """Show every command and every key, those of the present view first."""
        from tui.dialogs.help import Help

        if not isinstance(self.screen, Help):
            self.push_screen(Help(self.current_view_on(self.screen_stack[0])))

    def action_interrupt(self) -> None:
        """Copy what is selected; else ask whether to stop the run; else say how to leave."""
        selected = self.screen.get_selected_text() or getattr(self.focused, "selected_text", "")
        if selected:
            self.copy_to_clipboard(selected)
            self.notify("Copied.")
        elif self.model is not None and self.model.working and len(self.screen_stack) == 1:
            self.ask_stop()
        else:
            self.notify("Ctrl+Q leaves.")

    def ask_stop(self) -> None:
        """Ask whether to stop the open run."""
        from tui.dialogs.small import Choose

        options = (("stop", "Stop it: what is finished is kept, /resume carries it on"), ("go", "Let it go on"))
        goal = paint.shorten(self.model.goal, 60) if self.model else ""
        self.push_screen(
            Choose("Stop the run?", options, goal), lambda chosen: self.stop_run() if chosen == "stop" else None
        )

    async def action_quit(self) -> None:
        """Leave; runs that are still going are asked about."""
        self._quit()

    def _quit(self) -> None:
        self.run_worker(self._quit_now(), exclusive=True, group="quit")

    async def _quit_now(self) -> None:
        from tui.dialogs.small import Choose

        while self.beginning:
            await asyncio.sleep(0.05)
        going = set(self.processes.running()) if self.children_ is not None else set()
        if self.model is not None and self.model.working:
            going.add(self.model.folder)
        if going:
            many = "A run is" if len(going) == 1 else f"{len(going)} runs are"
            them = "it" if len(going) == 1 else "them"
            options = (
                ("leave", f"Leave {them} going; Gedanken finds {them} again"),
                ("stop", f"Stop {them} in order, then leave"),
                ("stay", "Stay"),
            )
            chosen = await self.push_screen_wait(Choose(f"{many} still going", options))
            if chosen == "stop":
                for folder in going:
                    self.processes.stop(folder)
            elif chosen != "leave":
                return
        self.exit(0)


if TYPE_CHECKING:  # the checker sees to it that the app does all that the views ask for
    from tui.views.application import Application

    _asked: type[Application] = GedankenApp
