"""Tools called from the terminal: by words or in a typed form; what they find is shown as evidence in the chat.

A tool runs in a process beside the app, through the command line: nothing blocks, and a crash takes nothing along.
"""

from __future__ import annotations

import asyncio
import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.content import Content

from tui.desk.campaigning import Campaigning
from tui.drawing import paint
from tui.widgets.composer import Composer
from tui.widgets.transcript import Said

if TYPE_CHECKING:
    from agent.records import Question
    from agent.tools import Tool


class Calling(Campaigning):
    """Everything that calls a tool or the store outside a run."""

    def _command_ingest(self, rest: str) -> None:
        self._call("reading documents", "ingest", *split_words(rest.replace("@", "")))

    def _command_search(self, rest: str) -> None:
        self._call("searching", "search", "--", rest)

    def _command_tool(self, rest: str) -> None:
        words = split_words(rest)
        if len(words) > 1:
            self.run_worker(self._call_tool_now(words[0], words[1:]), group="call")
        else:
            self.run_worker(self._fill_in_now(words[0] if words else ""), exclusive=True, group="dialog")

    async def _fill_in_now(self, name: str) -> None:
        """List the tools; or open the form of one, and call it."""
        from agent.errors import GedankenError
        from agent.tools import catalogue
        from tui.dialogs.typed_form import TypedForm
        from tui.forms.fields import complaints, fields_of
        from tui.texts.replies import tools_content

        tools = await asyncio.to_thread(catalogue)
        self.query_one(Composer).tools = tuple(tool.name for tool in tools)
        if not name:
            self.transcript.say(tools_content(tools))
            return
        try:
            tool = tools.get(name)
        except GedankenError as error:
            self.complain(error)
            return
        form = TypedForm(name, _about(tool), fields_of(tool), lambda given: complaints(tool, given), "Call it")
        arguments = await self.push_screen_wait(form)
        if arguments is not None:
            written = [f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in arguments.items()]
            await self._call_tool_now(name, written)

    async def _call_tool_now(self, name: str, written: list[str]) -> None:
        """Call a tool in a process of its own; what it made is kept in the lab's folder."""
        from agent.records import now
        from tui.texts.envelopes import envelope_content

        assert self.settings is not None
        self.transcript.say(paint.shorten(f"/tool {name} {' '.join(written)}", 400), kind=Said)
        stamp = now()[:19].replace("-", "").replace(":", "")
        folder = self.settings.home / "calls" / f"{stamp}-{name}"
        code, plain, complaint = await self.waited(f"calling {name}", "call", name, *written, "--save", str(folder))
        width = max(40, self.transcript.size.width - 6)
        content = envelope_content(name, code, plain, complaint, folder, width)
        self.transcript.say(content, tone="good" if code == 0 else "bad")

    def answer_in_form(self, asked: Question) -> None:
        """Ask for a missing input of the open run in a typed form."""
        self.run_worker(self._answer_in_form_now(asked), exclusive=True, group="dialog")

    async def _answer_in_form_now(self, asked: Question) -> None:
        from tui.dialogs.typed_form import TypedForm
        from tui.forms.answers import ANSWER, complaint_of, field_of

        model = self.model
        title = self.model.name if self.model else "The run"

        def check(given: dict[str, Any]) -> dict[str, str]:
            message = complaint_of(asked, given.get(ANSWER, ""))
            return {ANSWER: message} if message else {}

        given = await self.push_screen_wait(
            TypedForm(f"{title} asks", Content(asked.text), [field_of(asked)], check, "Answer")
        )
        if given is not None and self.model is model:
            words = given[ANSWER]
            self.answer(words if isinstance(words, str) else ", ".join(map(str, words)))

    def compute_pattern(self, structure: str, cif: Path) -> None:
        """Simulate the diffraction pattern of a crystal whose cell is in the bundle, and show it with the crystal."""
        self.run_worker(self._compute_pattern_now(structure, cif), exclusive=True, group="pattern")

    async def _compute_pattern_now(self, structure: str, cif: Path) -> None:
        from tui.drawing.portraits import PLOTTED, peaks_of

        model = self.model
        words = f"structure={json.dumps(str(cif), ensure_ascii=False)}"
        code, plain, complaint = await self.waited("simulating the diffraction pattern", "call", PLOTTED, words)
        if code or plain.get("status") != "ok":
            error = plain.get("error") or plain.get("summary") or complaint
            told = error.get("message") if isinstance(error, dict) else error
            self.notify(str(told or f"It ended with exit code {code}."), title="No pattern", severity="error")
        elif model is not None:
            model.patterns[structure] = peaks_of(plain.get("data", {}))
            for view in self.screen_stack[0].query("#candidates"):
                view.refresh_detail()  # type: ignore[attr-defined]

    def _call(self, what: str, *words: str) -> None:
        """Call the command line beside the app, and show its answer."""
        self.run_worker(self._call_now(what, *words), group="call")

    async def _call_now(self, what: str, *words: str) -> None:
        from tui.texts.replies import reply_content

        self.transcript.say(f"/{' '.join(words)}".replace(" -- ", " "), kind=Said)
        code, plain, complaint = await self.waited(what, *words)
        content = reply_content(words[0], code, plain, complaint)
        self.transcript.say(content, tone="good" if code == 0 else "bad")


def split_words(text: str) -> list[str]:
    """Words as a shell would split them; stray quotes are taken literally."""
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def _about(tool: Tool) -> Content:
    rows: list[Content | str] = [Content(tool.description)]
    if tool.cost != "light":
        rows.append(Content.styled(f"It is {tool.cost}, and may take up to {tool.seconds:g} s.", "$warning"))
    rows += [paint.muted(f"Source: {tool.source}")] if tool.source else []
    return paint.lines(rows)
