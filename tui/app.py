"""The app: what is typed in the composer becomes a goal, an answer, a question, or one of the slash commands."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
from collections.abc import Iterable
from typing import Any, ClassVar

from textual import on
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen

from tui import paint
from tui.desk import Desk
from tui.themes import SHORT
from tui.widgets.composer import Composer
from tui.widgets.transcript import Said

_QUESTION = re.compile(
    r"\?\s*$|^(what|which|where|when|why|how|who|is|are|does|did|show|tell|explain)\b|(까|나요|니)\s*$", re.IGNORECASE
)


class GedankenApp(Desk):
    """Gedanken in a terminal."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+p", "command_palette", "Commands", priority=True)]

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

    # --- commands ---------------------------------------------------------------------------------------------------

    def command(self, line: str) -> None:
        """Carry a slash command out."""
        from agent.errors import GedankenError
        from tui.commands import parse

        try:
            command, rest = parse(line)
            if "run" in command.needs and self.model is None:
                self.complain(f"/{command.name} needs an open run. /runs lists them, /run starts one.")
                return
            getattr(self, f"_command_{command.name}")(rest)
        except GedankenError as error:
            self.complain(error)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The command palette: the same table as the composer's."""
        from tui.commands import COMMANDS

        for command in COMMANDS:
            if "words" in command.needs:
                yield SystemCommand(f"/{command.name}", command.summary, lambda name=command.name: self._prefill(name))
            else:
                yield SystemCommand(
                    f"/{command.name}", command.summary, lambda name=command.name: self.command(f"/{name}")
                )

    def _prefill(self, name: str) -> None:
        self.call_later(self.run_action, "view('chat')")
        self.query_one(Composer).put(f"/{name} ")

    def _view(self, name: str, words: str = "") -> None:
        async def show() -> None:
            await self.action_view(name)
            if words or name in ("runs", "candidates", "evidence"):
                self.query_one(f"#{name}").filter_by(words)  # type: ignore[attr-defined]

        self.call_later(show)

    def _command_run(self, rest: str) -> None:
        self.begin(rest)

    def _command_plan(self, rest: str) -> None:
        if rest:
            self.begin(rest, approve=True)
        else:
            self._view("plan")

    def _command_approve(self, rest: str) -> None:
        model = self.model
        asked = model.history.question if model else None
        if asked is None or asked.key != "approve":
            self.complain("No plan waits for approval. /plan GOAL starts a run that asks before its plan runs.")
            return
        self.answer(rest if rest.lower().startswith("no") else "yes")

    def _command_edit(self, rest: str) -> None:
        self._edit_plan()

    def action_edit_plan(self) -> None:
        """Open the approval form."""
        self._edit_plan()

    def _edit_plan(self) -> None:
        self.run_worker(self._edit_plan_now(), exclusive=True, group="dialog")

    async def _edit_plan_now(self) -> None:
        from agent.tools import catalogue
        from tui.dialogs.plan_form import PlanForm

        model = self.model
        asked = model.history.question if model else None
        if model is None or asked is None or asked.key != "approve":
            self.complain(
                "No plan waits for approval: a plan that runs is not edited. /plan GOAL starts a run that asks."
            )
            return
        tools = await asyncio.to_thread(catalogue)
        answer = await self.push_screen_wait(PlanForm(model.history.steps, tools))
        if answer is not None and self.model is model:
            self.answer(answer)

    def _command_answer(self, rest: str) -> None:
        from tui.dialogs.small import Ask

        asked = self.model.history.question if self.model else None
        if rest or asked is None:
            self.answer(rest)
        elif asked.key == "approve":
            self._edit_plan()
        else:
            form = Ask(asked.text, asked.choices, asked.default or "")
            self.push_screen(form, lambda words: self.answer(words) if words else None)

    def _command_ask(self, rest: str) -> None:
        from agent.memory.ask import ask

        assert self.model is not None
        self.transcript.say(rest, kind=Said)
        found = ask(self.model.history, rest)
        rows = []
        for line in found.lines:
            source = (
                Content.assemble("  ", paint.link(line.source, line.source, "$primary")) if line.source else Content("")
            )
            rows.append(paint.with_links(line.text) + source)
        self.sources = [(line.source, paint.shorten(line.text, 70)) for line in found.lines if line.source]
        if self.sources:
            rows.append(paint.muted("Ctrl+G goes to the sources"))
        self.transcript.say(paint.lines(rows), tone="good" if found.found else "bad")

    def _command_stop(self, rest: str) -> None:
        self.stop_run()

    def _command_resume(self, rest: str) -> None:
        folder = self.find(rest) if rest else None
        if folder is not None or not rest:
            self.resume_run(folder)

    def _command_runs(self, rest: str) -> None:
        self._view("runs", rest)

    def _command_open(self, rest: str) -> None:
        if self.model is not None and re.fullmatch(r"[echxs]\d+", rest):
            self.jump(rest)
        elif folder := self.find(rest):
            self.open_run(folder)

    def _command_compare(self, rest: str) -> None:
        names = rest.split()
        folders = [self.find(name) for name in names[:2]]
        if None in folders:
            return
        if len(folders) == 1:
            if self.model is None:
                self.complain("Name two runs, or open one first.")
                return
            folders.insert(0, self.model.folder)
        self.compare_runs(folders[0], folders[1])  # type: ignore[arg-type]

    def _command_candidates(self, rest: str) -> None:
        self._view("candidates", rest)

    def _command_hypotheses(self, rest: str) -> None:
        self._view("hypotheses")

    def _command_experiments(self, rest: str) -> None:
        self._view("experiments")

    def _command_evidence(self, rest: str) -> None:
        self._view("evidence", rest)

    def _command_export(self, rest: str) -> None:
        self.export(rest)

    def _command_ingest(self, rest: str) -> None:
        self._call("reading documents", "ingest", *_words(rest.replace("@", "")))

    def _command_search(self, rest: str) -> None:
        self._call("searching", "search", "--", rest)

    def _command_tool(self, rest: str) -> None:
        words = _words(rest)
        if len(words) > 1:
            self._call(f"calling {words[0]}", "call", *words)
        else:
            self._show_tools(words[0] if words else "")

    def _show_tools(self, name: str) -> None:
        self.run_worker(self._show_tools_now(name), group="tools")

    async def _show_tools_now(self, name: str) -> None:
        from agent.errors import GedankenError
        from agent.tools import catalogue
        from tui.replies import tool_content, tools_content

        tools = await asyncio.to_thread(catalogue)
        self.query_one(Composer).tools = tuple(tool.name for tool in tools)
        try:
            self.transcript.say(tool_content(tools.get(name)) if name else tools_content(tools))
        except GedankenError as error:
            self.complain(error)

    def _call(self, what: str, *words: str) -> None:
        """Call the command line beside the app, and show its answer."""
        self.run_worker(self._call_now(what, *words), group="call")

    async def _call_now(self, what: str, *words: str) -> None:
        from tui.replies import reply_content

        self.transcript.say(f"/{' '.join(words)}".replace(" -- ", " "), kind=Said)
        self.state.busy = what
        self.redraw()
        try:
            code, plain, complaint = await self.processes.ask(*words)
        except OSError as error:
            code, plain, complaint = 1, {}, str(error)
        finally:
            self.state.busy = ""
        content = reply_content(words[0], code, plain, complaint)
        self.transcript.say(content, tone="good" if code == 0 else "bad")
        self.redraw()

    def _command_model(self, rest: str) -> None:
        assert self.settings is not None
        if rest:
            who = {"reasoner": "playbook", "model": None} if rest == "playbook" else {"reasoner": "auto", "model": rest}
            self.settings = self.settings.model_copy(update=who)
            self.update_state()
        where = f" at {self.settings.base_url}" if self.settings.base_url and self.settings.model else ""
        self.transcript.say(f"The next runs think with: {self.state.reasoner}{where}")
        self.redraw()

    def _command_budget(self, rest: str) -> None:
        from agent.records import Limits

        if rest:
            self.limits = None if rest == "none" else _limits(rest)
            self.update_state()
        shown = (self.limits or Limits()).model_dump(exclude_none=True)
        told = ", ".join(f"{name} {value:g}" for name, value in shown.items()) or "what the settings say"
        self.transcript.say(f"The next runs may spend: {told}")
        self.redraw()

    def _command_theme(self, rest: str) -> None:
        names = sorted(self.available_themes)
        if not rest:
            self.transcript.say(f"Colours: {self.theme}. There are dark, light, {', '.join(names)}.")
        elif SHORT.get(rest, rest) in names:
            self.theme = SHORT.get(rest, rest)
        else:
            self.complain(f"There is no theme '{rest}'. There are dark, light, {', '.join(names)}.")

    def _command_help(self, rest: str) -> None:
        self.action_help()

    def _command_quit(self, rest: str) -> None:
        self.call_later(self.run_action, "quit")

    # --- keys -------------------------------------------------------------------------------------------------------

    def action_help(self) -> None:
        """Show every command and every key."""
        from tui.dialogs.small import Page
        from tui.replies import help_content

        if not isinstance(self.screen, Page):
            self.push_screen(Page(help_content()))

    def action_interrupt(self) -> None:
        """Copy what is selected; else ask whether to stop the run; else say how to leave."""
        selected = self.screen.get_selected_text() or getattr(self.focused, "selected_text", "")
        if selected:
            self.copy_to_clipboard(selected)
            self.notify("Copied.")
        elif self.model is not None and self.model.working and len(self.screen_stack) == 1:
            from tui.dialogs.small import Choose

            options = (("stop", "Stop it: what is finished is kept, /resume carries it on"), ("go", "Let it go on"))
            self.push_screen(
                Choose("Stop the run?", options, paint.shorten(self.model.goal, 60)),
                lambda chosen: self.stop_run() if chosen == "stop" else None,
            )
        else:
            self.notify("Ctrl+Q leaves.")

    async def action_quit(self) -> None:
        """Leave; runs that are still going are asked about."""
        self._quit()

    def _quit(self) -> None:
        self.run_worker(self._quit_now(), exclusive=True, group="quit")

    async def _quit_now(self) -> None:
        from tui.dialogs.small import Choose

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


def _words(text: str) -> list[str]:
    """Words as a shell would split them; stray quotes are taken literally."""
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


_LIMITS = {
    "seconds": "seconds",
    "calls": "tool_calls",
    "tool_calls": "tool_calls",
    "tokens": "tokens",
    "cost": "cost_usd",
}


def _limits(text: str) -> Any:
    """Limits from ``seconds=600 calls=40 tokens=100000 cost=2.5``."""
    from pydantic import ValidationError

    from agent.errors import InputError
    from agent.records import Limits

    found: dict[str, Any] = {}
    for word in text.split():
        name, _, value = word.partition("=")
        try:
            found[_LIMITS[name]] = json.loads(value)
        except (KeyError, ValueError) as error:
            raise InputError(
                f"'{word}' is no limit.", remedy="Write for instance seconds=600 calls=40 cost=2.5."
            ) from error
    try:
        return Limits(**found)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise InputError(f"The limit {first['loc'][0]} does not fit: {first['msg'].lower()}.") from error
