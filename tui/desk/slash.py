"""The slash commands: what each of them does. Their table is in `tui.commands.table`."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from typing import Any, cast

from textual.app import SystemCommand
from textual.content import Content
from textual.screen import Screen

from tui.desk.calling import split_words
from tui.desk.choosing import Choosing
from tui.drawing import paint
from tui.widgets.composer import Composer
from tui.widgets.transcript import Said


class Slashing(Choosing):
    """Every command has a method ``_command_NAME`` that takes the words behind it."""

    def command(self, line: str) -> None:
        """Carry a slash command out."""
        from agent.errors import GedankenError
        from tui.commands.table import parse

        try:
            command, rest = parse(line)
            if "run" in command.needs and self.model is None:
                self.complain(f"/{command.name} needs an open run. /runs lists them, /run starts one.")
                return
            getattr(self, f"_command_{command.name}")(rest)
        except GedankenError as error:
            self.complain(error)

    def action_command_palette(self) -> None:
        """Open the palette of all commands."""
        from tui.dialogs.palette import Palette

        if not Palette.is_open(self):
            self.push_screen(Palette(id="--command-palette"))

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """The command palette: the same table as the composer's."""
        from tui.commands.table import COMMANDS

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
        self.edit_plan()

    def edit_plan(self) -> None:
        """Open the approval form."""
        self.run_worker(self._edit_plan_now(), exclusive=True, group="dialog")

    async def _edit_plan_now(self) -> None:
        from agent.tools import catalogue
        from tui.dialogs.plan_form import PlanForm

        model = self.model
        asked = model.history.question if model else None
        if model is None or asked is None or asked.key != "approve":
            self.complain(
                "The plan is still being made; the chat says when it waits."
                if model is not None and model.working and not model.history.steps
                else "No plan waits for approval: a plan that runs is not edited. /plan GOAL starts a run that asks."
            )
            return
        tools = await asyncio.to_thread(catalogue)
        answer = await self.push_screen_wait(PlanForm(model.history.steps, tools, asked.text))
        if answer is not None and self.model is model:
            self.answer(answer)

    def _command_answer(self, rest: str) -> None:
        from tui.dialogs.small import Ask

        asked = self.model.history.question if self.model else None
        if rest or asked is None:
            self.answer(rest)
        elif asked.key == "approve":
            self.edit_plan()
        elif asked.takes != "text":
            self.answer_in_form(asked)
        else:
            form = Ask(asked.text, asked.choices, asked.default or "")
            self.push_screen(form, lambda words: self.answer(words) if words else None)

    def _command_ask(self, rest: str) -> None:
        from agent.memory.recalling.ask import ask

        self.transcript.say(rest, kind=Said)
        asked = self.ask_documents(rest)
        if self.model is None:
            if not asked:
                self.complain("No run is open, and there are no documents yet: /open RUN, or /ingest PATH.")
            return
        found = ask(self.model.history, rest)
        if not found.found and asked:
            self.transcript.say(paint.muted("Not in this run's evidence; the lab's documents are asked."))
            return
        rows = []
        for line in found.lines:
            told = paint.with_links(line.text)
            if line.source and line.source not in re.findall(r"\w+", line.text):
                told += Content("  ") + paint.link(line.source, line.source)
            rows.append(told)
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
        names = rest.split()
        if len(names) >= 2:
            self.compare_hypotheses(names[0], names[1])
        else:
            self._view("hypotheses")

    def _command_rerank(self, rest: str) -> None:
        self.rerank()

    def _command_tell(self, rest: str) -> None:
        word = rest.split()[0]
        if word.startswith("@"):
            self.tell_results("", rest)
        else:
            _, _, sheet = rest.partition(" ")
            self.tell_results(word, sheet.strip())

    def _command_cancel(self, rest: str) -> None:
        self.cancel_step(rest.split()[0])

    def _command_tag(self, rest: str) -> None:
        from agent.memory.tags import read_tags

        assert self.model is not None
        if rest:
            self.keep_tags(self.model.folder, rest)
        else:
            tags = read_tags(self.model.folder)
            self.transcript.say(" ".join(f"#{tag}" for tag in tags) or "No tags. /tag WORDS files the run under some.")

    def _command_campaign(self, rest: str) -> None:
        words = [word.removeprefix("@") for word in split_words(rest)]
        if not words or words == ["list"]:
            self._view("campaigns")
        elif words[0] not in ("new", "next", "tell", "status", "report"):
            self._open_campaign(words[0])
        elif words[0] == "new" and len(words) <= 2:
            self.new_campaign(*words[1:])
        elif len(words) == 1:
            self.complain(f"/campaign {words[0]} needs more behind it: see /help.")
        elif words[0] == "new":
            self.campaign("new", words[1], "--space", *words[2:])
        elif words[0] == "tell" and len(words) == 2:
            self._open_campaign(words[1], tell=True)
        else:
            self.campaign(*words)

    def _open_campaign(self, name: str, *, tell: bool = False) -> None:
        async def show() -> None:
            from tui.views.campaigns import CampaignsView

            await self.action_view("campaigns")
            await self._refresh_campaigns_now()
            view = self.query_one(CampaignsView)
            if not view.choose(name):
                self.complain(f"There is no campaign '{name}' in {self.campaign_folder}.")
            elif tell:
                view.action_tell()

        self.call_later(show)

    def _command_picture(self, rest: str) -> None:
        key = rest.split()[0]
        name = {"c": "candidates", "e": "evidence", "x": "experiments"}.get(key[:1])
        if name is None:
            self.complain("Name a candidate, a piece of evidence or an experiment, as in /picture c5.")
            return

        async def show() -> None:
            await self.action_view(name)
            view = cast(Any, self.query_one(f"#{name}"))
            if view.choose(key):
                view.action_picture()
            else:
                self.complain(f"This run has no {key}.")

        self.call_later(show)

    def _command_experiments(self, rest: str) -> None:
        self._view("experiments")

    def _command_evidence(self, rest: str) -> None:
        self._view("evidence", rest)

    def _command_export(self, rest: str) -> None:
        if re.match(r"x\d+(\s|$)", rest):
            key, _, target = rest.partition(" ")
            self.export_experiment(key, target.strip())
        else:
            self.export(rest)

    def _command_help(self, rest: str) -> None:
        self.action_help()

    def _command_quit(self, rest: str) -> None:
        self.call_later(self.run_action, "quit")
