"""What can be done with runs: begin, follow, answer, stop, resume, compare, export, judge."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.content import Content

from tui.desk.shell import Shell
from tui.drawing import paint
from tui.widgets.composer import Composer
from tui.widgets.transcript import Said, Transcript

if TYPE_CHECKING:
    from agent.records import Approval, Goal, Limits
    from agent.settings import Settings
    from tui.runs.follow import RunModel
    from tui.views.runs import RunRow


class Desk(Shell):
    """The researcher's desk: everything that concerns runs."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.limits: Limits | None = None
        self.approval: Approval = "costly"
        self.beginning = 0
        self._watched: dict[Path, str] = {}
        self._scanned = 0.0

    @property
    def transcript(self) -> Transcript:
        """The transcript, behind any dialog."""
        return self.screen_stack[0].query_one(Transcript)

    def complain(self, error: object) -> None:
        """Say in the transcript what went wrong."""
        self.transcript.say(str(error), tone="bad")

    async def started(self) -> None:
        """Say what the settings lack, and attach to a run that is going."""
        assert self.settings is not None
        if self.trouble:
            self.complain(self.trouble)
        self.update_state()
        rows = await asyncio.to_thread(self._scan)
        self._took_runs(rows)
        going = [row for row in rows if row.status == "running"]
        if going:
            self.open_run(going[0].folder)

    def update_state(self) -> None:
        """What the status line says of the settings."""
        settings = self.settings
        if settings is None:
            return
        playbook = settings.reasoner == "playbook" or (settings.reasoner == "auto" and not settings.model)
        cap = self.limits.cost_usd if self.limits and self.limits.cost_usd is not None else settings.max_cost
        self.state.reasoner = "playbook" if playbook else (settings.model or "no model")
        self.state.offline = settings.offline
        self.state.cap = "" if cap is None else f"${cap:.2f}"

    # --- the list of runs -------------------------------------------------------------------------------------------

    def _scan(self) -> list[RunRow]:
        from tui.views.runs import scan_runs

        assert self.settings is not None
        return scan_runs(self.settings.out, self.processes.carrying)

    def refresh_runs(self) -> None:
        """Read the list of runs anew."""
        self.run_worker(self._refresh_runs_now(), exclusive=True, group="scan")

    async def _refresh_runs_now(self) -> None:
        self._took_runs(await asyncio.to_thread(self._scan))

    def _took_runs(self, rows: list[RunRow]) -> None:
        self._scanned = time.monotonic()
        self.state.jobs = frozenset(row.folder for row in rows if row.status == "running")
        if not self.screen_stack or not (base := self.screen_stack[0]).query(Composer):
            return  # the list was read while the interface was being left
        base.query_one(Composer).runs = tuple(row.folder.name for row in rows)
        for view in base.query("#runs"):
            view.take(rows)  # type: ignore[attr-defined]
        for row in rows:
            before = self._watched.get(row.folder)
            if before is None and row.status != "running":
                continue
            if before not in (None, row.status) and (self.model is None or row.folder != self.model.folder):
                asked = row.info.question.text if row.info and row.info.question else ""
                self._announce(row.info.goal.text if row.info else row.folder.name, row.status, asked)
            self._watched[row.folder] = row.status

    def each_second(self) -> None:
        """Look at the other runs every few seconds while some are going or the list is shown."""
        if time.monotonic() - self._scanned > 3 and (
            self.state.jobs or self.current_view_on(self.screen_stack[0]) == "runs"
        ):
            self._scanned = time.monotonic()
            self.refresh_runs()
        if self._behind:
            self.run_worker(self._catch_up(), exclusive=True, group="behind")

    async def _catch_up(self) -> None:
        """Bring the cards of runs up to date that went on when another run was opened."""
        for pair in list(self._behind):
            card, follower = pair
            model, more = card.model, True
            while more:
                batch = await asyncio.to_thread(follower.poll)
                more = batch.more
                model.take(batch)
            model.spawned = self.processes.carrying(model.folder)
            model.failure = self.processes.ended(model.folder) or model.failure
            if card.is_attached:
                card.show(model, steps=True)
            if pair in self._behind and (model.status != "running" or not card.is_attached):
                self._behind.remove(pair)

    def _announce(self, goal: str, status: str, question: str = "") -> None:
        """Say how a run stands that the researcher does not look at."""
        goal = paint.shorten(goal, 72)
        if status == "waiting":
            self.bell()
            self.notify(f"{goal}\n{question or 'It waits for an answer.'}", title="A run asks", timeout=12)
        elif status in ("finished", "failed", "stopped", "interrupted"):
            level = "information" if status == "finished" else "warning"
            self.notify(goal, title=f"Run {status}", severity=level)

    def status_changed(self, model: RunModel, before: str) -> None:
        """Tell of what the researcher waits for."""
        if before and model.status != before:
            question = model.history.question
            if self.current_view_on(self.screen_stack[0]) != "chat" or len(self.screen_stack) > 1:
                self._announce(model.goal, model.status, question.text if question else "")
            elif model.status == "waiting":  # the chat says what is asked; only who looks elsewhere needs to be called
                self.bell()
            self.refresh_runs()

    # --- beginning and opening --------------------------------------------------------------------------------------

    def begin(self, text: str, *, approve: bool = False) -> None:
        """Begin a run for a goal, in a process of its own."""
        self.run_worker(self._begin_now(text, approve=approve), group="begin")

    async def _begin_now(self, text: str, *, approve: bool = False) -> None:
        from agent.errors import GedankenError
        from agent.records import Goal, Limits
        from tui.commands.completion import attachments

        assert self.settings is not None
        words, files = attachments(text)
        self.transcript.say(text, kind=Said)
        self.beginning += 1  # leaving waits for it: a goal that was sent is not lost
        try:
            goal = Goal(text=words, attachments=files, limits=self.limits or Limits())
            folder = await asyncio.to_thread(_begin, self.settings, goal)
            self.processes.carry_on(folder, approve=approve or self.approval, model=self.settings.model)
        except (GedankenError, OSError) as error:
            self.complain(error)
            return
        finally:
            self.beginning -= 1
        self._watched[folder] = "running"
        self.follow(folder)
        self.refresh_runs()

    def open_run(self, folder: Path) -> None:
        """Follow a run that is on disk, and show it in the chat."""
        self.transcript.say(Content.styled(_goal_of(folder), "bold"), kind=Said)
        self.follow(folder)
        self.call_later(self.run_action, "view('chat')")

    def follow(self, folder: Path) -> None:
        """Make a run the open one."""
        from tui.runs.follow import Follower, RunModel

        if self.model and self.card and self.follower and self.model.status == "running":
            self._behind.append((self.card, self.follower))  # its card goes on telling how it stands
        self.model = RunModel(folder)
        self.model.spawned = self.processes.carrying(folder)
        self.follower = Follower(folder)
        self._last_status = ""
        self.sources = []
        self.card = self.transcript.show_run(self.model)
        self.redraw()

    def find(self, name: str) -> Path | None:
        """A run by its id, the beginning of it, or its folder; says so if there is none."""
        from agent.errors import GedankenError
        from agent.memory.runs import find_run

        assert self.settings is not None
        try:
            return find_run(self.settings.out, name).resolve()
        except GedankenError as error:
            self.complain(error)
            return None

    # --- carrying on ------------------------------------------------------------------------------------------------

    def answer(self, answer: Any) -> None:
        """Answer the open run's question."""
        model = self.model
        if model is None or model.history.question is None or model.working:
            self.complain("The open run asks nothing at the moment.")
            return
        self._carry_on(model.folder, answer=answer)

    def resume_run(self, folder: Path | None = None) -> None:
        """Carry a run on that was stopped, interrupted or failed."""
        folder = folder or (self.model.folder if self.model else None)
        if folder is None:
            self.complain("No run is open. /runs lists them.")
            return
        if self.model is None or self.model.folder != folder:
            self.open_run(folder)
        model = self.model
        assert model is not None
        if not model.seen and self.follower is not None:  # just opened: its ledger tells how it stands
            model.take(self.follower.poll())
        if model.working:
            self.notify("It is going already.")
        elif model.status == "waiting" and model.history.question is not None:
            self.complain(f"It waits for an answer: {model.history.question.text}")
        elif model.status in ("finished", "deleted"):
            self.complain(f"The run is {model.status}; there is nothing to carry on.")
        else:
            self._carry_on(folder)

    def _carry_on(self, folder: Path, answer: Any = None) -> None:
        assert self.settings is not None
        try:
            self.processes.carry_on(folder, answer=answer, model=self.settings.model)
        except OSError as error:
            self.complain(f"The run cannot be carried on: {error}.")
            return
        self._watched[folder] = "running"
        if self.model is not None and self.model.folder == folder:
            self.model.spawned, self.model.failure = True, ""
        self.redraw()

    def stop_run(self) -> None:
        """Ask the open run's process to stop in order."""
        model = self.model
        if model is None:
            self.notify("No run is open.", severity="warning")
        elif not self.processes.stop(model.folder):
            self.notify(f"The run is not going ({model.status}).", severity="warning")
        else:
            self.notify("Stopping; what is finished is kept.")


def _begin(settings: Settings, goal: Goal) -> Path:
    from agent.session import Session

    return Session(settings).begin(goal)


def _goal_of(folder: Path) -> str:
    from agent.errors import GedankenError
    from agent.memory.runs import read_info

    try:
        return read_info(folder).goal.text
    except GedankenError:
        return folder.name
