"""The composer: where goals, commands and answers are written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, TextArea
from textual.widgets.option_list import Option

from agent.units import counted
from tui.commands.completion import Offer, offers

KEPT = 500
"""How many lines of history are kept."""

SEEN = 8
"""Lines of a text that the composer shows at a time; of a longer one it says how long it is."""

PLACEHOLDER = "A research goal in plain words, or / for commands"


class Draft(TextArea):
    """The text of the composer: Enter sends, Ctrl+J or Shift+Enter begins a new line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+j,shift+enter,alt+enter", "newline", "New line", show=False, priority=True),
    ]

    async def _on_key(self, event: events.Key) -> None:
        composer = self.composer
        if composer.take_key(event.key, event.character):
            event.stop()
            event.prevent_default()
            return
        await super()._on_key(event)

    @property
    def composer(self) -> Composer:
        """The composer around this text."""
        return next(one for one in self.ancestors if isinstance(one, Composer))

    def action_newline(self) -> None:
        """Begin a new line."""
        self.insert("\n")


class Composer(Vertical):
    """Text, completions above it, and a history behind it.

    Args:
        history: A file that keeps what was sent, between sessions; ``None`` to keep none.
    """

    class Sent(Message):
        """The researcher sent something."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class HelpAsked(Message):
        """A lone question mark was typed."""

    def __init__(self, history: Path | None = None, id: str | None = None) -> None:
        super().__init__(id=id)
        self.tools: tuple[str, ...] = ()
        self.runs: tuple[str, ...] = ()
        self._file = history
        self._past: list[str] = []
        self._place = 0
        self._draft = ""
        self._offers: list[Offer] = []
        self._quiet = ""

    def compose(self) -> ComposeResult:
        """The offers and the text."""
        yield OptionList(id="offers", compact=True)
        yield Draft(
            id="entry",
            placeholder=PLACEHOLDER,
            tab_behavior="focus",
            highlight_cursor_line=False,
            compact=True,
        )

    def on_mount(self) -> None:
        """Load the history."""
        self.query_one("#offers").display = False
        self.load_history()

    # --- text -------------------------------------------------------------------------------------------------------

    @property
    def entry(self) -> Draft:
        """The text widget."""
        return self.query_one("#entry", Draft)

    @property
    def text(self) -> str:
        """What stands in the composer."""
        return self.entry.text

    def put(self, text: str) -> None:
        """Replace the text, the cursor at its end."""
        self._quiet = text
        self.entry.load_text(text)
        self.entry.move_cursor(self.entry.document.end)
        self._hide()

    def hint(self, text: str) -> None:
        """Say in the border what Enter will do."""
        self.border_title = Content(text)
        self.entry.placeholder = "Your answer" if text.startswith("answer") else PLACEHOLDER

    # --- keys -------------------------------------------------------------------------------------------------------

    def take_key(self, key: str, character: str | None) -> bool:
        """Use a key, or leave it to the text."""
        entry = self.entry
        if self._offers and key in ("enter", "tab"):
            self._offer()  # keys may come faster than the text's own message of its change
        open_offers = bool(self._offers)
        match key:
            case "ctrl+u":  # here and not as a binding, which would come behind letters that are typed after it
                entry.clear()
                return True
            case "enter":
                if open_offers and self._enter_accepts() and self._accept(only_if_new=True):
                    return True
                self._send()
                return True
            case "tab" if open_offers:
                self._accept()
                return True
            case "tab" if entry.text:
                self._offer()
                return bool(self._offers)
            case "escape" if open_offers:
                self._hide()
                return True
            case "up" | "down" if open_offers:
                listed = self.query_one("#offers", OptionList)
                (listed.action_cursor_up if key == "up" else listed.action_cursor_down)()
                return True
            case "up" if entry.cursor_location[0] == 0:
                return self._recall(-1)
            case "down" if entry.cursor_location[0] == entry.document.line_count - 1:
                return self._recall(1)
        if character == "?" and not entry.text:
            self.post_message(self.HelpAsked())
            return True
        return False

    def _enter_accepts(self) -> bool:
        """Whether Enter takes the offer first: a half-typed command or path. A command's words are sent as they are,
        completed where only one thing fits."""
        row, column = self.entry.cursor_location
        before = self.entry.document.get_line(row)[:column]
        if " " not in before or before[self._offers[0].start - 1 : self._offers[0].start] == "@":
            return True
        if len(self._offers) == 1:
            self._accept(only_if_new=True)
        return False

    def _send(self) -> None:
        text = self.entry.text.strip()
        if not text:
            return
        self.remember(text)
        self.entry.clear()
        self._hide()
        self.post_message(self.Sent(text))

    # --- completion -------------------------------------------------------------------------------------------------

    @on(TextArea.Changed)
    def _changed(self) -> None:
        lines = self.entry.document.line_count
        self.border_subtitle = f"{counted(lines, 'line')} · Ctrl+U empties" if lines > SEEN else ""
        if self.entry.text == self._quiet and self._quiet:
            self._quiet = ""
            return
        self._quiet = ""
        self._offer()

    def _offer(self) -> None:
        row, column = self.entry.cursor_location
        line = self.entry.document.get_line(row)
        self._offers = offers(line[:column], tools=self.tools, runs=self.runs) if row == 0 or "@" in line else []
        listed = self.query_one("#offers", OptionList)
        if not self._offers:
            self._hide()
            return
        width = max(len(one.text) for one in self._offers)
        listed.set_options(
            Option(Content.assemble(f"{one.text:<{width}}", ("  " + one.note, "$muted")), id=str(place))
            for place, one in enumerate(self._offers)
        )
        listed.highlighted = 0
        listed.display = True

    def _accept(self, only_if_new: bool = False) -> bool:
        """Insert the highlighted offer; with `only_if_new`, only if it changes the text."""
        listed = self.query_one("#offers", OptionList)
        chosen = self._offers[min(listed.highlighted or 0, len(self._offers) - 1)]
        row, column = self.entry.cursor_location
        before = self.entry.document.get_line(row)[:column]
        if only_if_new and before[chosen.start :].strip() == chosen.text.strip():
            self._hide()
            return False
        self.entry.replace(chosen.text, (row, chosen.start), (row, column), maintain_selection_offset=False)
        self.entry.move_cursor((row, chosen.start + len(chosen.text)))
        if not chosen.text.endswith("/"):
            self._quiet = self.entry.text
            self._hide()
        return True

    @on(OptionList.OptionSelected, "#offers")
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._accept()
        self.entry.focus()

    def _hide(self) -> None:
        self._offers = []
        self.query_one("#offers").display = False

    # --- history ----------------------------------------------------------------------------------------------------

    def load_history(self, file: Path | None = None) -> None:
        """Read what was sent in earlier sessions."""
        self._file = file or self._file
        if self._file is None:
            return
        try:
            kept = [json.loads(line) for line in self._file.read_text(encoding="utf-8").splitlines()[-KEPT:]]
        except (OSError, ValueError):
            kept = []
        self._past = [line for line in kept if isinstance(line, str)] + self._past
        self._place = len(self._past)

    def remember(self, text: str) -> None:
        """Keep what was sent; a file that cannot be written is no reason to stop."""
        if not self._past or self._past[-1] != text:
            self._past.append(text)
            if self._file is not None:
                try:
                    self._file.parent.mkdir(parents=True, exist_ok=True)
                    with self._file.open("a", encoding="utf-8") as file:
                        file.write(json.dumps(text, ensure_ascii=False) + "\n")
                except OSError:
                    self._file = None
        self._place = len(self._past)

    def _recall(self, step: int) -> bool:
        place = self._place + step
        if not 0 <= place <= len(self._past):
            return step < 0 and bool(self._past)
        if self._place == len(self._past):
            self._draft = self.entry.text
        self._place = place
        self.put(self._past[place] if place < len(self._past) else self._draft)
        return True
