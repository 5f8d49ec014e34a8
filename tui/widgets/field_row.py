"""One typed field of a form: its name and type, where one types or chooses, and what is wrong with it."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Select, Static

from tui.drawing import paint
from tui.forms import fields


class FieldRow(Vertical):
    """One argument: its name and type, a field, and what is wrong with it."""

    def __init__(self, field: fields.Field, text: str) -> None:
        super().__init__(classes="field")
        self.field = field
        self._text = text
        self._complaint = Static(classes="complaint")
        self._complaint.display = False

    def compose(self) -> ComposeResult:
        """Label, field, complaint."""
        need = f"{self.field.type}, required" if self.field.required else self.field.type
        yield Static(Content.assemble((self.field.name, "bold"), (f"  {need}", "$muted")))
        choices = self.field.choices or (("true", "false") if self.field.type == "yes or no" else ())
        if choices and (self._text in choices or not self._text):
            yield Select(
                [(choice, choice) for choice in choices],
                value=self._text or Select.NULL,
                allow_blank=not self._text,
                compact=True,
            )
        else:
            hint = "one; another; …  or JSON" if self.field.type == "list" else ""
            yield Input(self._text, placeholder=hint, compact=True)
        yield Static(paint.muted(self.field.description), classes="about")
        yield self._complaint

    @property
    def value(self) -> Any:
        """What stands in the field, as a value."""
        chosen = self.query(Select)
        if chosen:
            value = chosen.first().value
            return fields.read(self.field, "" if value is Select.NULL else str(value))
        return fields.read(self.field, self.query_one(Input).value)

    def complain(self, message: str, warning: str) -> None:
        """Say what is wrong, and what to look at twice."""
        parts = [Content.styled(f"✗ {message}", "$error")] if message else []
        parts += [Content.styled(f"! {warning}", "$warning")] if warning else []
        self._complaint.display = bool(parts)
        self._complaint.update(paint.lines(parts))


def onward(form: Screen[Any], field: Widget) -> bool:
    """Go to the field behind one, as Enter does; whether there is one."""
    fields = list(form.query("Input, Select"))
    place = fields.index(field) + 1
    if place < len(fields):
        fields[place].focus()
    return place < len(fields)
