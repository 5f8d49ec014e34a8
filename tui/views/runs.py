"""The runs of this lab: found, opened, resumed, compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text as RichText
from textual.binding import Binding, BindingType
from textual.content import Content

from tui.drawing import paint
from tui.views.application import application
from tui.views.browser import Browser

if TYPE_CHECKING:
    from agent.records import RunInfo


_MOMENT = re.compile(r"^(\d{8}-\d{6})-.*")


@dataclass(frozen=True)
class RunRow:
    """A run as listed: a head that cannot be read leaves its error in `trouble`."""

    folder: Path
    info: RunInfo | None
    status: str
    trouble: str = ""
    tags: tuple[str, ...] = ()


def scan_runs(out: Path, carrying: Any) -> list[RunRow]:
    """Every run in a folder, newest first.

    Args:
        out: The folder of bundles.
        carrying: Says whether a process of this face carries a run on.
    """
    from agent.errors import GedankenError
    from agent.memory.live import read_live
    from agent.memory.runs import read_info, run_folders
    from agent.memory.tags import read_tags

    found = []
    for folder in reversed(run_folders(out)):
        try:
            info = read_info(folder)
        except GedankenError as error:
            found.append(RunRow(folder, None, "unreadable", str(error)))
            continue
        status: str = info.status
        if status == "running" and not carrying(folder):
            live = read_live(folder)
            status = "running" if live is not None and live.alive else "interrupted"
        elif carrying(folder):
            status = "running"
        found.append(RunRow(folder, info, status, tags=read_tags(folder)))
    return found


class RunsView(Browser):
    """One row a run."""

    FLEXIBLE: ClassVar[str] = "goal"
    EMPTY: ClassVar[str] = "No runs yet. Write a goal in the chat."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", priority=True),
        Binding("r", "resume", "Resume"),
        Binding("c", "compare", "Compare"),
        Binding("i", "details", "Details"),
        Binding("l", "tag", "Tags"),
        Binding("g", "source", "Source", show=False),
    ]

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.listed: tuple[RunRow, ...] = ()

    def take(self, rows: Sequence[RunRow]) -> None:
        """Show a fresh scan."""
        self.listed = tuple(rows)
        self.show(self.model)

    def state(self) -> Any:
        """What was listed, and which one is marked for comparing."""
        return (self.listed, self._first)

    def headers(self) -> Sequence[str]:
        """The columns."""
        return ("", "status", "when", "goal", "tags", "time", "USD", "who", "run")

    def rows(self) -> Sequence[tuple[str, Sequence[tuple[str | RichText, Any]]]]:
        """One row a run, newest first."""
        tones = self.app.theme_variables
        thinkers = {row.info.model or row.info.reasoner for row in self.listed if row.info}
        made = []
        for row in self.listed:
            info = row.info
            who = (info.model or info.reasoner) if info and len(thinkers) > 1 else ""
            name = paint.TONES.get(row.status, "$foreground").removeprefix("$")
            tone = tones.get(f"text-{name}", tones.get(name, ""))
            goal = info.goal.text if info else row.trouble
            spent = info.budget_spent if info else None
            cells: list[tuple[str | RichText, Any]] = [
                ("◆" if row.folder.name == self._first else " ", ""),
                (RichText(f"{paint.GLYPHS.get(row.status, '·')} {row.status}", tone), row.status),
                (when(info.started) if info else "", info.started if info else None),
                (goal, goal),
                (RichText(_tags(row.tags), tones["text-accent"]), " ".join(row.tags)),
                (paint.duration(spent.seconds) if spent and spent.seconds else "", spent.seconds if spent else None),
                (f"{spent.cost_usd:.2f}" if spent and spent.cost_usd else "", spent.cost_usd if spent else None),
                (who, who),
                (_MOMENT.sub(r"\1", row.folder.name)[:24], row.folder.name),
            ]
            made.append((row.folder.name, cells))
        return made

    def _row(self, key: str | None) -> RunRow | None:
        return next((row for row in self.listed if row.folder.name == key), None)

    def where(self, key: str, column: int) -> str:
        """Where the bundle lies."""
        row = self._row(key)
        return str(row.folder) if row else ""

    def detail(self, key: str, column: int) -> Content:
        """The head of a run."""
        row = self._row(key)
        if row is None:
            return Content("")
        if row.info is None:
            return Content.styled(row.trouble, "$error")
        info = row.info
        rows: list[Content | str] = [
            Content.assemble(paint.mark(row.status), " ", (row.status, "bold"), f"  {when(info.started)}"),
            "",
            info.goal.text,
            "",
        ]
        if info.question is not None and row.status == "waiting":
            rows += [Content.styled(f"asks: {info.question.text}", "$accent"), ""]
        if info.error:
            rows += [Content.styled(info.error, "$warning"), ""]
        spent = info.budget_spent
        rows += paint.columns(
            [
                ("time", paint.duration(spent.seconds)),
                ("tool calls", f"{spent.tool_calls} ({spent.cached_calls} remembered)"),
                ("tokens", f"{spent.input_tokens + spent.output_tokens}"),
                ("cost", f"${spent.cost_usd:.2f}"),
                ("who", info.model or info.reasoner),
                ("seed", str(info.seed)),
                ("files", ", ".join(info.goal.attachments) or "none"),
                ("tags", _tags(row.tags) or "none; l files it under some words"),
            ]
        )
        rows += ["", *(paint.muted(f"· {note}") for note in info.notes)]
        return paint.lines(rows)

    def action_open(self) -> None:
        """Open the chosen run."""
        row = self._row(self.current)
        if row is not None and not self.query_one(".filter").has_focus:
            application(self).open_run(row.folder)
        else:
            self.table.focus()

    def action_resume(self) -> None:
        """Carry the chosen run on."""
        row = self._row(self.current)
        if row is not None:
            application(self).resume_run(row.folder)

    def action_tag(self) -> None:
        """File the chosen run under some words."""
        row = self._row(self.current)
        if row is not None:
            application(self).tag_run(row.folder, " ".join(row.tags))

    def action_compare(self) -> None:
        """Mark a run; at the second one, compare the two."""
        first, second = (self._row(key) for key in self.marked_pair("run") or (None, None))
        if first is not None and second is not None:
            application(self).compare_runs(first.folder, second.folder)


def _tags(tags: Sequence[str]) -> str:
    return " ".join(f"#{tag}" for tag in tags)


def when(at: str) -> str:
    """A moment as the clock here shows it: the time alone if it is today's, ``2026-11-22 06:11`` else."""
    try:
        moment = datetime.fromisoformat(at).astimezone()
    except ValueError:
        return at[:16].replace("T", " ")
    return f"{moment:%H:%M}" if moment.date() == datetime.now().astimezone().date() else f"{moment:%Y-%m-%d %H:%M}"
