"""The help: every key and command, those of the present view first, narrowed by what one types."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Footer, Input, Static

from tui.commands.keys import help_content


class Help(ModalScreen[None]):
    """Everything that can be done, and how.

    Args:
        view: Name of the present view.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f1", "dismiss(None)", "Close", key_display="esc"),
        Binding("down", "scroll(2)", "Down", key_display="↑↓"),
        Binding("up", "scroll(-2)", show=False),
        Binding("pagedown", "scroll(12)", show=False),
        Binding("pageup", "scroll(-12)", show=False),
    ]

    def __init__(self, view: str) -> None:
        super().__init__()
        self._view = view

    def compose(self) -> ComposeResult:
        """Where one types, and what fits."""
        with Vertical(classes="dialog large page"):
            yield Input(placeholder="type to search", compact=True)
            with VerticalScroll(can_focus=False):
                yield Static(help_content(self._view))
            yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Focus the search."""
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one(Static).update(help_content(self._view, event.value))
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def action_scroll(self, lines: int) -> None:
        """Scroll by some lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)
