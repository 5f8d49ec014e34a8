"""Small dialogs: a question with an answer, a choice, and leaving."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tui.drawing import paint
from tui.forms import lookalikes


class Ask(ModalScreen[str | None]):
    """A question; dismissed with the answer, or ``None``.

    Args:
        question: What is asked.
        choices: Answers to choose from; another may be typed.
        default: What stands in the field.
        empty: Whether an empty answer is one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, question: str, choices: Sequence[str] = (), default: str = "", *, empty: bool = False) -> None:
        super().__init__()
        self._question, self._choices, self._default, self._empty = question, tuple(choices), default, empty

    def compose(self) -> ComposeResult:
        """Question, choices, field."""
        with Vertical(classes="dialog"):
            yield Static(Content.styled(self._question, "bold $primary"), classes="title")
            if self._choices:
                yield OptionList(
                    *(Option(Content(choice), id=str(n)) for n, choice in enumerate(self._choices)), compact=True
                )
            yield Input(self._default, compact=True)
            yield Static(classes="complaint")
            yield Static(paint.muted("Enter answers · Escape leaves it open"), classes="hint")

    def on_mount(self) -> None:
        """Focus the field."""
        self.query_one(".complaint").display = False
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        warning = lookalikes.describe(event.value)
        line = self.query_one(".complaint", Static)
        line.display = bool(warning)
        line.update(Content.styled(f"! {warning}", "$warning"))

    @on(Input.Submitted)
    def _answered(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip() or self._empty:
            self.dismiss(event.value.strip())

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._choices[int(event.option_id or 0)])


class Choose(ModalScreen[str | None]):
    """A choice among a few things; dismissed with the key of the chosen one, or ``None``.

    Args:
        title: What is chosen.
        options: Keys and what is shown for them.
        note: A line below the title.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "Cancel")]

    def __init__(self, title: str, options: Sequence[tuple[str, str]], note: str = "") -> None:
        super().__init__()
        self._title, self._options, self._note = title, tuple(options), note

    def compose(self) -> ComposeResult:
        """Title and choices."""
        with Vertical(classes="dialog"):
            yield Static(Content.styled(self._title, "bold $primary"), classes="title")
            if self._note:
                yield Static(paint.muted(self._note))
            yield OptionList(
                *(Option(Content(text), id=str(number)) for number, (_, text) in enumerate(self._options)), compact=True
            )
            yield Static(paint.muted("Enter chooses · Escape leaves"), classes="hint")

    def on_mount(self) -> None:
        """Focus the choices."""
        listed = self.query_one(OptionList)
        listed.highlighted = 0
        listed.focus()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.dismiss(self._options[int(event.option_id or 0)][0])


class Page(ModalScreen[None]):
    """A page to read: the help, a comparison.

    Args:
        text: Markdown, or text as it is shown.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss(None)", "Close"),
        Binding("down,j", "scroll(3)", show=False),
        Binding("up,k", "scroll(-3)", show=False),
    ]

    def __init__(self, text: str | Content) -> None:
        super().__init__()
        self.text = text

    def compose(self) -> ComposeResult:
        """The page, scrollable."""
        with VerticalScroll(classes="dialog large page"):
            if isinstance(self.text, str):
                from textual.widgets import Markdown

                yield Markdown(self.text, open_links=False)
            else:
                yield Static(self.text)

    def on_mount(self) -> None:
        """Focus the page."""
        self.query_one(VerticalScroll).focus()

    def action_scroll(self, lines: int) -> None:
        """Scroll by some lines."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)
