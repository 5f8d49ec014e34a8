"""The transcript: what was said and done, newest at the bottom."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from agent.units import counted
from tui.texts.runs import run_content

if TYPE_CHECKING:
    from tui.runs.follow import RunModel

KEPT = 200
"""How many entries are kept; older ones are in the runs' ledgers."""

LINES = 14
"""Lines of a plain text that are shown."""

WELCOME = """\
[bold $primary]Gedanken[/]  [$muted]a thought experiment, carried through[/]

Write a research goal in plain words. It is planned, computed with
real tools, and comes back as ranked, falsifiable hypotheses and
experiment plans.

[$muted]for instance[/]
  [$accent]›[/] Design soluble analogues of celecoxib with logP between 2 and 4
  [$accent]›[/] Screen CaTiO3, SrTiO3 and BaTiO3 for their bulk modulus
  [$accent]›[/] Find the genes in @plasmid.gb and design primers

[$muted]Enter sends · Ctrl+J new line · / commands · @ files · ? help[/]"""


class Entry(Static):
    """One thing in the transcript."""


class Said(Entry):
    """What the researcher wrote."""


class Told(Entry):
    """What the program says: a note, an answer, an error."""


class RunCard(Entry):
    """A run in the transcript: what was understood, its steps, and how it ended."""

    def __init__(self, model: RunModel) -> None:
        super().__init__()
        self.model = model
        self._shown: Content | None = None
        self._mark: tuple[object, ...] = ()

    def show(self, model: RunModel, *, steps: bool) -> None:
        """Render the run as it stands.

        Args:
            model: The run.
            steps: Whether the steps are shown here (a wide screen shows them beside the transcript).
        """
        self.model = model
        width = max(20, (self.container_size.width or 80) - 6)
        mark = (model.seen, model.status, width, steps, id(model.info), model.failure, model.trouble)
        if mark == self._mark and model.status != "running":
            return
        self._mark = mark
        drawn = run_content(model, width, steps=steps, now=time.time())
        if self._shown is None or drawn != self._shown or drawn.spans != self._shown.spans:
            self._shown = drawn
            self.update(drawn)


class Transcript(VerticalScroll):
    """Everything said and done in this session."""

    can_focus = True

    def on_mount(self) -> None:
        """Begin with a welcome, and stay at the end."""
        self.mount(Entry(Content.from_markup(WELCOME), classes="welcome"))
        self.anchor()

    def say(self, text: str | Content, *, kind: type[Entry] = Told, tone: str = "") -> Entry:
        """Add an entry; plain words are not read as markup."""
        content = Content(_clipped(text)) if isinstance(text, str) else text
        entry = kind(content, classes=tone)
        self._add(entry)
        return entry

    def show_run(self, model: RunModel) -> RunCard:
        """Add a card for a run."""
        card = RunCard(model)
        self._add(card)
        return card

    def _add(self, entry: Entry) -> None:
        for welcome in self.query(".welcome"):
            welcome.remove()
        self.mount(entry)
        surplus = len(self.children) - KEPT
        if surplus > 0:
            self.remove_children(list(self.children)[:surplus])
        self.anchor()


def _clipped(text: str) -> str:
    """A text, of which a long one shows its beginning: a pasted table is no reason to scroll past it for a day."""
    lines = text.splitlines()
    if len(lines) <= LINES:
        return text
    return "\n".join([*lines[: LINES - 2], f"… and {counted(len(lines) - LINES + 2, 'more line')}"])
