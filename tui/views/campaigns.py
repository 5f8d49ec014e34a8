"""The campaigns: what is best so far, how it came, what to measure next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text as RichText
from textual.binding import Binding, BindingType
from textual.content import Content

from tui import paint
from tui.plots import Series, plot
from tui.views.application import application
from tui.views.browser import Browser

if TYPE_CHECKING:
    from agent.campaign.records import Proposal, State

SHOWN = 12
"""Open experiments, and results, that the details list."""


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


def campaign_content(state: State, width: int) -> Content:
    """A campaign in full: advice, progress, what is open, the last results."""
    from agent.units import print_unit

    rows: list[Content | str] = [
        Content.assemble((state.campaign.name, "bold $primary"), (f"  round {state.round}", "$muted")),
        Content.styled(state.advice, "$accent"),
    ]
    best = state.best
    if best is not None:
        rows += [
            "",
            paint.heading("Best so far"),
            Content.assemble(f"  {best_text(state)}  ", (f"experiment {best.experiment}", "$muted")),
        ]
        rows += [paint.muted(f"  {point_text(best.point)}")]
    objective = state.campaign.space.objectives[0]
    good = [(one.experiment, one.outcomes[objective.name]) for one in state.told if not one.failed]
    unit = print_unit(objective.unit)
    title = f"{objective.name} / {unit}" if unit else objective.name
    running = _running(good, objective.goal)
    series = [Series(running, "steps", "$success"), Series(good, "points", "$primary", "●")]
    drawn = plot(series, min(90, width), 13, x="experiment", y=title)
    if drawn is not None and len(good) > 1:
        rows += ["", paint.heading("Progress"), drawn, paint.muted("  ● measured   ─ best so far")]
    if state.pending:
        rows += ["", paint.heading(f"To measure ({len(state.pending)})")]
        for one in state.pending[:SHOWN]:
            rows += _proposal(one, objective.name, objective.unit)
        rows.append(paint.muted("  t enters results"))
    else:
        rows += ["", paint.muted("n proposes the next experiments")]
    if state.told:
        rows += ["", paint.heading(f"Results ({len(state.told)})")]
        for told in list(reversed(state.told))[:SHOWN]:
            said = "failed" if told.failed else ", ".join(f"{name} {value:g}" for name, value in told.outcomes.items())
            rows.append(
                Content.assemble(
                    (f"  {told.experiment:>3}  ", "$muted"), f"{said:<16}", (f"  {point_text(told.point)}", "$muted")
                )
            )
    return paint.lines(rows)


def _proposal(one: Proposal, name: str, unit: str) -> list[Content | str]:
    from agent.units import print_value

    rows: list[Content | str] = [Content.assemble((f"  {one.experiment:>3}  ", "$primary"), point_text(one.point))]
    if one.mean is not None:
        gain = "" if one.gain is None else f", expected improvement {print_value(one.gain, unit)}"
        rows.append(paint.muted(f"       {one.reason}: {name} {print_value(one.mean, unit, one.deviation)}{gain}"))
    return rows


def _running(points: Sequence[tuple[float, float]], goal: str) -> list[tuple[float, float]]:
    """The best value so far after each result; nothing where a target is aimed at."""
    if goal not in ("maximise", "minimise"):
        return []
    best, found = None, []
    for at, value in points:
        better = best is None or (value > best if goal == "maximise" else value < best)
        best = value if better else best
        found.append((at, float(best if best is not None else value)))
    return found


def best_text(state: State) -> str:
    """The best result by the first objective, printed; empty before the first."""
    from agent.units import print_value

    objective = state.campaign.space.objectives[0]
    best = state.best
    return "" if best is None else f"{objective.name} {print_value(best.outcomes[objective.name], objective.unit)}"


def point_text(point: dict[str, float | str]) -> str:
    """Settings in one line."""
    return "  ".join(f"{name} {value if isinstance(value, str) else f'{value:g}'}" for name, value in point.items())
