"""The transcript: what was said and done, newest at the bottom."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui import paint

if TYPE_CHECKING:
    from tui.follow import RunModel

KEPT = 200
"""How many entries are kept; older ones are in the runs' ledgers."""

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

    def show(self, model: RunModel, *, steps: bool) -> None:
        """Render the run as it stands.

        Args:
            model: The run.
            steps: Whether the steps are shown here (a wide screen shows them beside the transcript).
        """
        self.model = model
        width = max(20, (self.container_size.width or 80) - 6)
        drawn = run_content(model, width, steps=steps, now=time.time())
        if self._shown is None or drawn != self._shown or drawn.spans != self._shown.spans:
            self._shown = drawn
            self.update(drawn)


def run_content(model: RunModel, width: int, *, steps: bool, now: float) -> Content:
    """A run as lines of text."""
    history = model.history
    rows: list[Content | str] = []
    if history.brief is not None:
        brief = history.brief
        bounds = [constraint.text or constraint.quantity for constraint in brief.constraints]
        parts = {"keep": "keeps", "avoid": "without"}
        groups = [
            f"{parts[one.role]} {one.text}"
            for one in brief.entities
            if one.kind == "substructure" and one.role in parts
        ]
        aims = [f"{one.direction} {one.quantity}" for one in brief.objectives]
        rows.append(paint.muted(paint.shorten(" · ".join([brief.playbook, *bounds, *groups, *aims]), width)))
    for notice in history.notices[-6:]:
        tone = {"info": "$muted", "warning": "$warning", "error": "$error"}[notice.level]
        glyph = {"info": "·", "warning": "!", "error": "✗"}[notice.level]
        rows.append(Content.styled(f"{glyph} {notice.text}", tone))
    if steps and history.steps:
        if rows:
            rows.append("")
        bounds_ = paint.step_bounds(model, now)
        rows += [paint.step_line(model, step, width, now, bounds_) for step in history.steps]
    failed = [found for found in history.evidence.values() if found.status == "error"]
    for found in failed[:3]:
        remedy = f" {found.error.remedy}" if found.error and found.error.remedy else ""
        rows.append(Content.styled(f"✗ {found.step}: {found.summary}{remedy}", "$error"))
    rows += _ending(model, width)
    return paint.lines(rows)


def _ending(model: RunModel, width: int) -> list[Content | str]:
    """Where the run stands, and what it brought."""
    history, status = model.history, model.status
    rows: list[Content | str] = [""] if history.steps or history.brief else []
    if status == "running":
        phase = paint.PHASES.get(history.phase, history.phase) or "starting"
        return [*rows, Content.assemble(paint.mark("running"), f" {phase}…")]
    if status == "waiting" and history.question is not None:
        rows.append(Content.assemble(paint.mark("waiting"), " ", (history.question.text, "bold $accent")))
        if history.question.key == "approve":
            rows.append(
                paint.muted("/edit opens the plan as a form · /approve runs it · /approve no REASON rejects it")
            )
        else:
            choices = f" ({' / '.join(history.question.choices)})" if history.question.choices else ""
            rows.append(paint.muted(f"Write the answer below{choices}."))
        return rows
    counted = [
        f"{count} {one if count == 1 else many}"
        for count, one, many in (
            (sum(not one.withheld for one in history.candidates), "candidate", "candidates"),
            (len(history.hypotheses), "hypothesis", "hypotheses"),
            (len(history.experiments), "experiment", "experiments"),
        )
        if count
    ]
    line = Content.assemble(paint.mark(status), f" {status} in {paint.duration(model.seconds())}")
    if counted:
        line += paint.muted("  ·  ") + Content(" · ".join(counted))
    rows.append(line)
    reason = model.failure or model.trouble or (history.reason if status != "finished" else "")
    if status == "interrupted":
        reason = reason or "Its process is gone. /resume carries it on; finished steps are not repeated."
    if status == "deleted":
        reason = f"The folder {model.folder} is gone. What was read of it stays here."
    if reason:
        rows.append(Content.styled(reason, "$warning"))
    from agent.memory.ask import marked

    best = sorted(history.hypotheses, key=lambda one: one.rank or 99)[:3]
    for hypothesis in best:
        number = Content.styled(f"{hypothesis.rank or '·'} ", "$primary")
        rows.append(number + Content(paint.shorten(marked(hypothesis.statement), width - 2)))
    if status == "finished" and not history.candidates:
        for found in list(history.evidence.values())[-3:]:
            rows.append(Content(paint.shorten(found.summary, 2 * width)))
    report = model.folder / "report.html"
    if status in ("finished", "stopped") and report.exists():
        rows.append(paint.muted(f"report  {report}"))
    return rows


class Transcript(VerticalScroll):
    """Everything said and done in this session."""

    can_focus = True

    def on_mount(self) -> None:
        """Begin with a welcome, and stay at the end."""
        self.mount(Entry(Content.from_markup(WELCOME), classes="welcome"))
        self.anchor()

    def say(self, text: str | Content, *, kind: type[Entry] = Told, tone: str = "") -> Entry:
        """Add an entry; plain words are not read as markup."""
        content = Content(text) if isinstance(text, str) else text
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
