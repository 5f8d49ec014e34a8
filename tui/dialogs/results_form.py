"""The form for measured results: a row a value, typed one after the other; a pasted column fills the rows below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.text import Text as RichText
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, Static

from agent.errors import InputError
from agent.units import counted, print_unit
from tui.forms.results import Row, take
from tui.widgets.grid import Grid


class _Field(Input):
    """The field of one value: a pasted column is taken row by row."""

    async def _on_paste(self, event: events.Paste) -> None:
        lines = [line for line in event.text.splitlines() if line.strip()]
        form = self.screen
        if len(lines) > 1 and isinstance(form, ResultsForm):
            event.stop()
            event.prevent_default()
            form.take_column(lines)


class ResultsForm(ModalScreen["list[Row] | str | None"]):
    """Results of one experiment; dismissed with the rows, a path to import, or ``None``.

    Args:
        title: The experiment.
        rows: What is asked for, with what is known already.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "Tell the run", priority=True),
        Binding("ctrl+o", "load", "Import a sheet", priority=True),
        Binding("up", "move(-1)", "Up", show=False, priority=True),
        Binding("down", "move(1)", "Down", show=False, priority=True),
        Binding("escape", "leave", "Cancel"),
    ]

    def __init__(self, title: str, rows: Sequence[Row]) -> None:
        super().__init__()
        self._title = title
        self.rows = list(rows)
        self._given = tuple(rows)
        self._place = 0

    def compose(self) -> ComposeResult:
        """Title, table, field."""
        with Vertical(classes="dialog large"):
            yield Static(Content.styled(self._title, "bold $primary"), classes="title")
            yield Grid(cursor_type="row", classes="results")
            yield Static(classes="asked")
            yield _Field(placeholder="a number and perhaps a note, or: failed REASON", compact=True)
            yield Static(classes="complaint")
            yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Show what is asked for, the cursor on the first blank."""
        self._place = next((at for at, row in enumerate(self.rows) if not row.text), 0)
        self.query_one(Grid).can_focus = False
        self.query_one(Grid).cell_padding = 1
        self.query_one(".complaint").display = False
        self._draw()
        self.query_one(Input).focus()
        self.call_after_refresh(self.refresh_bindings)

    def _draw(self) -> None:
        grid = self.query_one(Grid)
        headers = ["", "code", "place", "quantity", "value", "unit", "note"]
        shown = []
        for at, row in enumerate(self.rows):
            glyph = "✗" if row.failed else "✓" if row.value is not None else "·"
            value = "failed" if row.failed else "" if row.value is None else f"{row.value:.10g}"
            cells = [
                glyph,
                row.code,
                row.place,
                row.quantity,
                RichText(value, justify="right"),
                print_unit(row.unit),
                row.note,
            ]
            shown.append((str(at), [(cell, None) for cell in cells]))
        grid.fill(headers, shown, 6)
        grid.move_cursor(row=self._place, animate=False)
        self._ask()

    def _ask(self) -> None:
        row = self.rows[self._place]
        done = sum(bool(one.text) for one in self.rows)
        unit = f" / {print_unit(row.unit)}" if print_unit(row.unit) else ""
        told = Content.assemble(
            (f"{row.code}  ", "bold $accent"),
            f"{row.quantity}{unit}",
            (f"   {done} of {len(self.rows)} filled in", "$muted"),
        )
        self.query_one(".asked", Static).update(told)
        field = self.query_one(Input)
        with field.prevent(Input.Changed):
            field.value = row.text
        field.cursor_position = len(field.value)
        self._complain("")

    def _complain(self, message: str) -> None:
        line = self.query_one(".complaint", Static)
        line.display = bool(message)
        line.update(Content.styled(f"✗ {message}", "$error"))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value.startswith("@"):
            self._complain("")
            return
        try:
            take(self.rows[self._place], event.value)
            self._complain("")
        except InputError as error:
            self._complain(error.message)

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.startswith("@"):
            self.dismiss(event.value[1:].strip())
            return
        if self._keep(event.value):
            self.action_move(1)

    def _keep(self, typed: str) -> bool:
        try:
            self.rows[self._place] = take(self.rows[self._place], typed)
        except InputError as error:
            self._complain(str(error))
            return False
        return True

    def take_column(self, lines: Sequence[str]) -> None:
        """Fill rows from the present one on, a line each; stops at the first line that does not fit."""
        for line in lines:
            if not self._keep(line.replace("\t", " ")):
                break
            if self._place + 1 == len(self.rows):
                break
            self._place += 1
        self._draw()

    def action_move(self, step: int) -> None:
        """Keep what is typed and go to another row."""
        if step and not self._keep(self.query_one(Input).value):
            return
        self._place = min(len(self.rows) - 1, max(0, self._place + step))
        self._draw()

    def action_save(self) -> None:
        """Tell the run what was filled in."""
        if not self._keep(self.query_one(Input).value):
            return
        if not any(row.text for row in self.rows):
            self._complain("Nothing is filled in yet.")
            return
        self.dismiss(self.rows)

    def action_leave(self) -> None:
        """Close the form; what was typed is thrown away only if that is meant."""
        from tui.dialogs.small import Choose

        self._keep(self.query_one(Input).value)
        typed = sum(new != old for new, old in zip(self.rows, self._given, strict=True))
        if not typed:
            self.dismiss(None)
            return
        options = (("stay", "Go on typing"), ("leave", f"Throw {counted(typed, 'typed value')} away"))
        self.app.push_screen(
            Choose("Leave without telling the results?", options),
            lambda chosen: self.dismiss(None) if chosen == "leave" else None,
        )

    def action_load(self) -> None:
        """Import a filled-in sheet in place of typing."""
        from tui.dialogs.small import Ask

        def named(path: str | None) -> None:
            if path:
                self.dismiss(path.removeprefix("@"))

        self.app.push_screen(Ask("Which sheet (CSV)?"), named)
