"""The two lines that are always there: the views above, the state of things below."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from tui.drawing import paint

if TYPE_CHECKING:
    from tui.runs.follow import RunModel

VIEWS: tuple[tuple[str, str, str], ...] = (
    ("chat", "Chat", "2"),
    ("plan", "Plan", "3"),
    ("candidates", "Candidates", "4"),
    ("hypotheses", "Hypotheses", "5"),
    ("experiments", "Experiments", "6"),
    ("evidence", "Evidence", "7"),
    ("runs", "Runs", "8"),
    ("campaigns", "Campaigns", "9"),
)
"""The views: name, title, and the number of their function key."""
SHORT = {
    "candidates": "Cand.",
    "hypotheses": "Hypoth.",
    "experiments": "Exper.",
    "campaigns": "Camp.",
    "evidence": "Evid.",
}
"""Titles for narrow screens; the present view keeps its whole title."""


class ViewBar(Static):
    """The views and their keys, the present one marked."""

    def show(self, current: str, model: RunModel | None, width: int) -> None:
        """Draw the bar.

        Args:
            current: Name of the present view.
            model: The open run, for the counts.
            width: Cells of the screen.
        """
        counts: dict[str, int] = {}
        if model is not None:
            history = model.history
            counts = {
                "plan": len(history.steps),
                "candidates": sum(not one.withheld for one in history.candidates),
                "hypotheses": len(history.hypotheses),
                "experiments": len(history.experiments),
                "evidence": len(history.evidence),
            }
        for wide, gap, letters in (
            (True, 3, 0),
            (True, 2, 0),
            (False, 2, 0),
            (False, 2, 1),
            (False, 1, 1),
            (False, 1, 4),
            (False, 1, -1),
        ):
            line = self._line(current, counts if wide else {}, gap, letters)
            if line.cell_length <= width:
                break
        self.update(line)

    def _line(self, current: str, counts: dict[str, int], gap: int, letters: int) -> Content:
        """The bar with whole titles (`letters` 0), short ones (1), first letters, or the present title alone (-1)."""
        parts: list[Content] = []
        for name, title, key in VIEWS:
            here = name == current
            short = {0: title, 1: SHORT.get(name, title), -1: ""}.get(letters, title[: max(0, letters)])
            count = f" {counts[name]}" if counts.get(name) else ""
            cell = Content.assemble(
                (f"{'F' if gap > 2 else ''}{key}{' ' if here or short else ''}", "$muted"),
                (title if here else short, "bold $primary" if here else "$muted"),
                (count, "$muted"),
            )
            parts.append(cell if here else cell.stylize(Style.from_meta({"@click": f"app.view('{name}')"})))
        return Content(" " * gap).join(parts)


GOAL = 16
"""Cells of the status line that a goal needs at least."""


@dataclass
class State:
    """What the status line says.

    Attributes:
        reasoner: Who thinks: ``playbook``, or the model's name.
        offline: Whether tools may not use the network.
        cap: What a run may spend, printed; empty without a cap.
        jobs: The folders of the runs that are going.
        busy: What is being waited for besides runs (a search, a tool call).
    """

    reasoner: str = ""
    offline: bool = True
    cap: str = ""
    jobs: frozenset[Path] = frozenset()
    busy: str = ""


class StatusBar(Static):
    """How the open run stands and what it is about; who thinks; network; spend against the cap; other runs at work."""

    def show(self, state: State, model: RunModel | None, width: int) -> None:
        """Draw the line: the goal takes the room that is left; what is less important gives way on narrow screens."""
        run = [_run(model, width)] if model is not None else []
        parts: list[Content] = []
        if state.busy:
            parts.append(Content.assemble(("● ", "$accent"), state.busy))
        parts.append(Content(state.reasoner or "starting"))
        parts.append(Content.styled("offline", "$success") if state.offline else Content.styled("online", "$warning"))
        spend = model.history.usage.cost_usd if model else 0.0
        if state.cap or spend:
            parts.append(Content(f"${spend:.2f}" + (f" of {state.cap}" if state.cap else "")))
        others = len(state.jobs - {model.folder}) if model else len(state.jobs)
        if others:
            parts.append(Content.styled(f"{others} more going" if model else f"{others} going", "$primary"))
        divider = Content.styled(" │ ", "$border")
        while divider.join([*run, *parts]).cell_length > width and len(parts) > 1:
            parts.pop()
        room = width - divider.join([*run, *parts]).cell_length - 3
        goal = [Content.styled(paint.shorten(model.goal, room), "$muted")] if model is not None and room >= GOAL else []
        self.update(divider.join([*run, *goal, *parts]))


def _run(model: RunModel, width: int) -> Content:
    """How the open run stands: status, steps, time."""
    status, history = model.status, model.history
    word = status
    if status == "running" and width >= 60:
        word = paint.PHASES.get(history.phase, history.phase) or "starting"
    cell = Content.assemble(paint.mark(status), f" {word}")
    if history.steps and status == "running":
        done = sum(one.status not in ("pending", "running") for one in history.states.values())
        cell += Content(f" {done}/{len(history.steps)}")
    cell += Content(f" {paint.duration(model.seconds())}") if model.seconds() else Content("")
    if status == "running" and width >= 72:
        cell += Content.styled("  ^c stops it", "$muted")
    return cell
