"""A typed form: fields with their types, checked as one types; the arguments of a tool, or the answer to a question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Footer, Input, Select, Static

from tui.drawing import paint
from tui.forms import fields
from tui.widgets.field_row import FieldRow, onward

Check = Callable[[dict[str, Any]], dict[str, str]]
"""Values by field, to what is wrong with them by field."""


class TypedForm(ModalScreen["dict[str, Any] | None"]):
    """A form; dismissed with the values that differ from their defaults, or ``None``.

    Args:
        title: What the form is for.
        about: What one should know of it.
        fields: Its fields.
        check: Says what is wrong with the values, by field.
        action: What the form does, in a word or two.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "send", "Send", priority=True),
        Binding("escape", "dismiss(None)", "Cancel"),
    ]

    def __init__(
        self, title: str, about: Content, fields: Sequence[fields.Field], check: Check, action: str = "Send"
    ) -> None:
        super().__init__()
        self._title, self._about, self._fields = title, about, tuple(fields)
        self._check, self._action = check, action
        self._touched: set[str] = set()

    def compose(self) -> ComposeResult:
        """Title, what it is about, the fields, what is wrong, the buttons."""
        with Vertical(classes="dialog large"):
            yield Static(Content.styled(self._title, "bold $primary"), classes="title")
            with VerticalScroll(id="typed-fields", can_focus=False):
                yield Static(self._about)
                for field in self._fields:
                    yield FieldRow(field, fields.written(field, field.default))
            yield Static(id="typed-trouble")
            with Horizontal(classes="buttons"):
                yield Button(self._action, variant="success", id="send", compact=True)
                yield Button("Cancel", id="cancel", compact=True)
            yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Focus the first field; what is missing is said once something was typed."""
        self.query_one("#typed-trouble").display = False
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        first = self.query("FieldRow Input, FieldRow Select")
        (first.first() if first else self.query_one("#send")).focus()

    @property
    def values(self) -> dict[str, Any]:
        """What stands in the form, without what is as it was and may be left out."""
        found = {row.field: row.value for row in self.query(FieldRow)}
        return {
            field.name: value
            for field, value in found.items()
            if not (field.required and value == "") and (field.required or value != field.default)
        }

    @on(Input.Changed)
    @on(Select.Changed)
    def _typed(self, event: Input.Changed | Select.Changed) -> None:
        event.stop()
        row = next((one for one in event.control.ancestors if isinstance(one, FieldRow)), None)
        if row is not None and (row.value not in ("", row.field.default) or row.field.name in self._touched):
            self._touched.add(row.field.name)
            self._mark()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        """Enter goes on to the next field, and sends from the last."""
        event.stop()
        if not onward(self, event.control):
            self.action_send()

    def _mark(self) -> dict[str, str]:
        """Show what is wrong with what was touched, and what to look at twice."""
        values = self.values
        wrong = self._check(values)
        names = {field.name for field in self._fields}
        for row in self.query(FieldRow):
            name = row.field.name
            shown = wrong.get(name, "") if name in self._touched else ""
            row.complain(shown, fields.suspicious(values.get(name, "")))
        rest = [message for name, message in wrong.items() if name not in names]
        line = self.query_one("#typed-trouble", Static)
        line.update(paint.lines([Content.styled(f"✗ {message}", "$error") for message in rest]))
        line.display = bool(rest)
        return wrong

    def action_send(self) -> None:
        """Send the form, if nothing is wrong with it; else go to the first field that is."""
        self._touched = {field.name for field in self._fields}
        wrong = self._mark()
        if not wrong:
            self.dismiss(self.values)
            return
        for row in self.query(FieldRow):
            if row.field.name in wrong:
                row.query("Input, Select").first().focus()
                return

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        if event.button.id == "send":
            self.action_send()
        else:
            self.dismiss(None)
