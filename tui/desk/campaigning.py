"""Campaigns from the terminal: listed, proposed, told, reported. The command line does it; nothing is decided here."""

from __future__ import annotations

import asyncio
import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui.desk.judging import Judging
from tui.widgets.transcript import Said

if TYPE_CHECKING:
    from agent.campaign.records import State
    from tui.forms.results import Row

CAMPAIGNS = "campaigns"
"""The folder of campaigns, in the working folder, as on the command line."""


class Campaigning(Judging):
    """Everything that concerns campaigns."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.campaign_folder = Path.cwd() / CAMPAIGNS

    def refresh_campaigns(self) -> None:
        """Read the list of campaigns anew."""
        self.run_worker(self._refresh_campaigns_now(), exclusive=True, group="campaigns")

    async def _refresh_campaigns_now(self) -> None:
        from tui.views.campaigns import scan_campaigns

        rows = await asyncio.to_thread(scan_campaigns, self.campaign_folder)
        for view in self.screen_stack[0].query("#campaigns"):
            view.take(rows)  # type: ignore[attr-defined]

    def campaign(self, *words: str) -> None:
        """Call ``gedanken campaign`` with these words, and show its answer in the chat."""
        self.run_worker(self._campaign_now(*words), group="call")

    async def _campaign_now(self, *words: str) -> int:
        from tui.texts.replies import campaign_reply

        self.transcript.say(f"/campaign {' '.join(words)}", kind=Said)
        folder = ("--folder", str(self.campaign_folder))
        code, plain, complaint = await self.waited(f"campaign {words[0]}", "campaign", *words, *folder)
        content = campaign_reply(words[0], code, plain, complaint)
        self.transcript.say(content, tone="good" if code == 0 else "bad")
        if self.current_view_on(self.screen_stack[0]) == "campaigns":
            first = content.plain.split("\n", 1)[0]
            self.notify(first[:200], title=f"campaign {words[0]}", severity="information" if code == 0 else "error")
        self.refresh_campaigns()
        return code

    def new_campaign(self, name: str = "") -> None:
        """State a campaign's space in a form, and begin it."""
        self.run_worker(self._new_campaign_now(name), exclusive=True, group="dialog")

    async def _new_campaign_now(self, name: str) -> None:
        from agent.errors import GedankenError
        from agent.memory.files.disk import write_text
        from tui.dialogs.space_form import SpaceForm
        from tui.views.campaigns import CampaignsView

        stated = await self.push_screen_wait(SpaceForm(self.campaign_folder, name))
        if stated is None:
            return
        name, text = stated
        path = self.campaign_folder / f"{name}.toml"
        try:
            write_text(path, text)
        except GedankenError as error:
            self.complain(error)
            return
        if await self._campaign_now("new", name, "--space", str(path)) == 0:
            await self.run_action("view('campaigns')")
            await self._refresh_campaigns_now()
            self.query_one(CampaignsView).choose(name)
        else:
            path.unlink(missing_ok=True)  # the name is free again

    def propose_experiments(self, name: str) -> None:
        """Ask for a campaign's next experiments."""
        self.campaign("next", name)

    def report_campaign(self, name: str) -> None:
        """Write a campaign's report and open it."""
        self.run_worker(self._report_campaign_now(name), group="call")

    async def _report_campaign_now(self, name: str) -> None:
        if await self._campaign_now("report", name) == 0:
            self.open_path(self.campaign_folder / name / "report.md")

    def tell_campaign(self, folder: Path, state: State) -> None:
        """Enter what was measured in the open experiments, or import a sheet."""
        self.run_worker(self._tell_campaign_now(folder, state), exclusive=True, group="dialog")

    async def _tell_campaign_now(self, folder: Path, state: State) -> None:
        from agent.errors import GedankenError
        from agent.memory.files.disk import write_text
        from agent.records import now
        from tui.dialogs.results_form import ResultsForm
        from tui.forms.results import Row
        from tui.texts.campaigns import point_text

        if not state.pending:
            self.notify("No experiment is open; n proposes some.", severity="warning")
            return
        rows = [
            Row(
                str(one.experiment), f"{one.experiment:>3}  {point_text(one.point)}", "", objective.name, objective.unit
            )
            for one in state.pending
            for objective in state.campaign.space.objectives
        ]
        told = await self.push_screen_wait(ResultsForm(f"{folder.name}  round {state.round}", rows))
        if not told:
            return
        if isinstance(told, str):
            path = Path(told).expanduser()
        else:
            path = folder / f"told-{now()[:19].replace('-', '').replace(':', '')}.csv"
            try:
                write_text(path, campaign_sheet(told))
            except GedankenError as error:
                self.complain(error)
                return
        await self._campaign_now("tell", folder.name, str(path))


def campaign_sheet(rows: list[Row]) -> str:
    """What was typed as a campaign's sheet: one line an experiment that has a result, a column an objective."""
    objectives = list(dict.fromkeys(row.quantity for row in rows))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["experiment", *objectives, "failed", "note"])
    for number in dict.fromkeys(row.sample for row in rows):
        mine = [row for row in rows if row.sample == number]
        if not any(row.text for row in mine):
            continue
        failed = any(row.failed for row in mine)
        values = {row.quantity: row.value for row in mine}
        cells = ["" if failed or values[name] is None else f"{values[name]:.10g}" for name in objectives]
        note = "; ".join(row.note for row in mine if row.note)
        writer.writerow([number, *cells, "yes" if failed else "", note])
    return out.getvalue()
