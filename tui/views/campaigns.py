"""The campaigns: what is best so far, how it came, what to measure next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text as RichText
from textual.binding import Binding, BindingType
from textual.content import Content

from tui.texts.campaigns import best_text, campaign_content
from tui.views.application import application
from tui.views.browser import Browser

if TYPE_CHECKING:
    from agent.campaign.records import State


@dataclass(frozen=True)
class CampaignRow:
    """A campaign as listed: one that cannot be read leaves its error in `trouble`."""

    folder: Path
    state: State | None
    trouble: str = ""

    @property
    def name(self) -> str:
        """Its name: that of its folder."""
        return self.folder.name


def scan_campaigns(parent: Path) -> list[CampaignRow]:
    """Every campaign in a folder, by name."""
    from agent.campaign.folder import CAMPAIGN, CampaignFolder
    from agent.errors import GedankenError

    found = []
    for path in sorted(parent.glob(f"*/{CAMPAIGN}")):
        try:
            found.append(CampaignRow(path.parent, CampaignFolder(path.parent).read()))
        except GedankenError as error:
            found.append(CampaignRow(path.parent, None, str(error)))
    return found


class CampaignsView(Browser):
    """One row a campaign."""

    FLEXIBLE: ClassVar[str] = "advice"
    EMPTY: ClassVar[str] = "No campaigns in this folder. /campaign new begins one: what is varied, what is measured."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "propose", "Next"),
        Binding("t", "tell", "Results"),
        Binding("o", "open_file", "Report"),
    ]

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.listed: tuple[CampaignRow, ...] = ()

    def take(self, rows: Sequence[CampaignRow]) -> None:
        """Show a fresh scan."""
        self.listed = tuple(rows)
        self.show(self.model)

    def state(self) -> Any:
        """What was listed."""
        return self.listed

    def headers(self) -> Sequence[str]:
        """The columns."""
        return ("campaign", "round", "results", "open", "best", "advice")

    def rows(self) -> Sequence[tuple[str, Sequence[tuple[str | RichText, Any]]]]:
        """One row a campaign."""
        made = []
        for row in self.listed:
            state = row.state
            if state is None:
                empty: list[tuple[str | RichText, Any]] = [("", None)] * 4
                made.append((row.name, [(row.name, row.name), *empty, (row.trouble, row.trouble)]))
                continue
            cells: list[tuple[str | RichText, Any]] = [
                (row.name, row.name),
                (RichText(str(state.round), justify="right"), state.round),
                (RichText(str(len(state.told)), justify="right"), len(state.told)),
                (RichText(str(len(state.pending)), justify="right"), len(state.pending)),
                (best_text(state), best_text(state)),
                (state.advice, state.advice),
            ]
            made.append((row.name, cells))
        return made

    def row(self, key: str | None) -> CampaignRow | None:
        """The campaign of a name."""
        return next((row for row in self.listed if row.name == key), None)

    def where(self, key: str, column: int) -> str:
        """Where it lies."""
        row = self.row(key)
        return str(row.folder) if row else ""

    def detail(self, key: str, column: int) -> Content:
        """Where a campaign stands."""
        row = self.row(key)
        if row is None:
            return Content("")
        if row.state is None:
            return Content.styled(row.trouble, "$error")
        return campaign_content(row.state, max(24, self.query_one(".detail").size.width - 4))

    def action_propose(self) -> None:
        """Ask for the next experiments."""
        if self.current is not None:
            application(self).propose_experiments(self.current)

    def action_tell(self) -> None:
        """Enter or import what was measured."""
        row = self.row(self.current)
        if row is not None and row.state is not None:
            application(self).tell_campaign(row.folder, row.state)

    def action_open_file(self) -> None:
        """Write the report and open it."""
        if self.current is not None:
            application(self).report_campaign(self.current)
