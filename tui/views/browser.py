"""A list and the details of what is chosen in it: side by side on wide screens, one after the other on narrow ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text as RichText
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import DataTable, Input, Static

from tui.drawing import paint
from tui.views.application import application
from tui.widgets.grid import Grid

if TYPE_CHECKING:
    from tui.runs.follow import RunModel


class Detail(VerticalScroll):
    """The details of one thing; it scrolls."""

    can_focus = True

    class Refit(Message):
        """The details have another width than they were drawn for."""

    def on_resize(self) -> None:
        """Ask to be drawn again."""
        self.post_message(self.Refit())

    def compose(self) -> ComposeResult:
        """One static text."""
        yield Static()

    def show(self, content: Content, *, home: bool = True) -> None:
        """Replace the text, and go to its beginning."""
        self.query_one(Static).update(content)
        if home:
            self.scroll_home(animate=False)


class Browser(Vertical):
    """A table with a filter, and the details of its row.

    A subclass says what the columns, rows and details are. The table is built anew only when the rows changed. Columns
    in which no row has anything are not shown; a subclass knows its columns by their places among all of them.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("slash", "filter", "Filter"),
        Binding("s", "sort", "Sort"),
        Binding("enter", "details", "Details", show=False),
        Binding("g", "source", "Source"),
        Binding("escape", "back", "Back", show=False),
    ]
    EMPTY: ClassVar[str] = "Nothing here yet."
    BUSY: ClassVar[str] = "Nothing here yet; the run is still at work."
    FLEXIBLE: ClassVar[str] = ""
    """The column that takes the room that the others leave."""
    SENTENCES: ClassVar[bool] = True
    """Whether the rows are sentences, which want the whole width longer than figures do."""

    def __init__(self, id: str) -> None:
        super().__init__(id=id, classes="browser sentences" if self.SENTENCES else "browser")
        self.model: RunModel | None = None
        self._mark: Any = None
        self._keys: list[str] = []
        self._columns: list[int] = []
        self._sorted: tuple[int, bool] | None = None
        self._detailed: str | None = None
        self._first: str | None = None

    def compose(self) -> ComposeResult:
        """Filter, table, details."""
        yield Input(placeholder="words to filter by; Escape shows all", classes="filter", compact=True)
        with Horizontal(classes="split"):
            yield Grid(cursor_type="cell", zebra_stripes=False, classes="list")
            yield Detail(classes="detail")
        yield Static(classes="empty")
        yield Static(classes="where")

    def on_mount(self) -> None:
        """Hide what is not needed yet."""
        self.query_one(".filter").display = False
        self.table.cell_padding = 1

    @on(Grid.Refit)
    def _refit_table(self, event: Grid.Refit) -> None:
        event.stop()
        self.refit()

    @on(Detail.Refit)
    def _refit_detail(self, event: Detail.Refit) -> None:
        event.stop()
        self.refresh_detail()

    def refit(self) -> None:
        """Draw for the width that there is now."""
        self._mark = None
        self.show(self.model)

    # --- for subclasses ---------------------------------------------------------------------------------------------

    def state(self) -> Any:
        """What the rows depend on: the table is rebuilt when it changes."""
        raise NotImplementedError

    def headers(self) -> Sequence[str]:
        """The columns' titles."""
        raise NotImplementedError

    def rows(self) -> Sequence[tuple[str, Sequence[tuple[str | RichText, Any]]]]:
        """Every row: its key, and for each cell what is shown and what it is sorted by."""
        raise NotImplementedError

    def detail(self, key: str, column: int) -> Content:
        """The details of a row."""
        raise NotImplementedError

    def where(self, key: str, column: int) -> str:
        """One line on the cell under the cursor: where its value comes from."""
        return ""

    def source_of(self, key: str, column: int) -> Sequence[tuple[str, str]]:
        """Where the cell's value comes from: what to jump to, and what it is."""
        return ()

    # --- comparing --------------------------------------------------------------------------------------------------

    def marked_pair(self, noun: str) -> tuple[str, str] | None:
        """Mark the row under the cursor; at the second one, the two that are to be compared.

        Choosing the marked row again unmarks it.
        """
        key, first = self.current, self._first
        if key is None:
            return None
        self._first = key if first is None else None
        if self._first:
            self.app.notify(f"Choose the other {noun} and press c again.")
        self.show(self.model)
        return None if first in (None, key) else (first, key)

    # --- drawing ----------------------------------------------------------------------------------------------------

    @property
    def table(self) -> Grid:
        """The table."""
        return self.query_one(Grid)

    @property
    def needle(self) -> str:
        """The words to filter by."""
        return self.query_one(".filter", Input).value.strip().lower()

    @property
    def column(self) -> int:
        """The column under the cursor, by its place among all."""
        place = self.table.cursor_column
        return self._columns[place] if 0 <= place < len(self._columns) else 0

    @property
    def current(self) -> str | None:
        """The key of the chosen row."""
        row = self.table.cursor_row
        return self._keys[row] if 0 <= row < len(self._keys) else None

    def show(self, model: RunModel | None) -> None:
        """Take the run as it stands."""
        self.model = model
        if not self.is_mounted:
            return
        mark = (id(model), self.state(), self.needle, self._sorted, self.app.theme)
        if mark != self._mark:
            self._mark = mark
            self._rebuild()

    def _rebuild(self) -> None:
        chosen, column = self.current, self.column
        rows = list(self.rows())
        words = self.needle.split()
        if words:
            rows = [row for row in rows if _fits(row, words)]
        if self._sorted is not None:
            place, backwards = self._sorted
            rows.sort(key=lambda row: _order(row[1][place][1] if place < len(row[1]) else None), reverse=backwards)
            if backwards:  # what has no value stays at the end, either way
                rows.sort(key=lambda row: _order(row[1][place][1] if place < len(row[1]) else None)[0])
        table = self.table
        headers = list(self.headers())
        used = [place for place in range(len(headers)) if any(str(cells[place][0]).strip() for _, cells in rows)]
        flexible = next((at for at, place in enumerate(used) if headers[place] == self.FLEXIBLE), None)
        if self._sorted is not None and self._sorted[0] < len(headers):
            headers[self._sorted[0]] += " ▾" if self._sorted[1] else " ▴"
        shown = [(key, [cells[place] for place in used]) for key, cells in rows]
        table.fill([headers[place] for place in used], shown, flexible)
        self._keys, self._columns = [key for key, _ in rows], used
        empty = self.query_one(".empty", Static)
        empty.display = not rows
        self.query_one(".split").display = bool(rows)
        self.refresh_bindings()
        if not rows:
            going = self.model is not None and self.model.status == "running"
            empty.update("Nothing fits the filter." if words else self.BUSY if going else self.EMPTY)
            return
        row = self._keys.index(chosen) if chosen in self._keys else 0
        table.move_cursor(row=row, column=used.index(column) if column in used else 0, animate=False)
        self.refresh_detail()

    def refresh_detail(self) -> None:
        """Draw the details and the line below."""
        key = self.current
        if key is None:
            return
        column = self.column
        home = key != self._detailed
        self._detailed = key
        self.query_one(Detail).show(self.detail(key, column), home=home)
        self.query_one(".where", Static).update(paint.muted(self.where(key, column)))

    def choose(self, key: str) -> bool:
        """Put the cursor on a row; whether there is one."""
        self.query_one(".filter", Input).value = ""
        self.show(self.model)
        if key not in self._keys:
            return False
        self.table.move_cursor(row=self._keys.index(key), animate=False)
        self.refresh_detail()
        return True

    # --- keys -------------------------------------------------------------------------------------------------------

    @on(DataTable.CellHighlighted)
    def _moved(self, event: DataTable.CellHighlighted) -> None:
        event.stop()
        self.refresh_detail()

    @on(DataTable.CellSelected)
    def _chosen(self, event: DataTable.CellSelected) -> None:
        event.stop()
        self.action_details()

    @on(DataTable.HeaderSelected)
    def _header(self, event: DataTable.HeaderSelected) -> None:
        event.stop()
        self._sort_by(self._columns[event.column_index])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys of rows only where there are any."""
        return bool(self._keys or self.needle) or action == "back"

    def action_filter(self) -> None:
        """Open the filter."""
        field = self.query_one(".filter", Input)
        field.display = True
        field.focus()

    @on(Input.Changed, ".filter")
    def _filtering(self, event: Input.Changed) -> None:
        event.stop()
        self.show(self.model)

    @on(Input.Submitted, ".filter")
    def _filtered(self, event: Input.Submitted) -> None:
        event.stop()
        self.table.focus()

    def filter_by(self, words: str) -> None:
        """Show only what fits these words."""
        field = self.query_one(".filter", Input)
        field.display = bool(words)
        field.value = words
        self.show(self.model)

    def action_sort(self) -> None:
        """Sort by the column under the cursor; again turns it round, a third time gives the first order back."""
        self._sort_by(self.column)

    def _sort_by(self, column: int) -> None:
        if self._sorted is None or self._sorted[0] != column:
            self._sorted = (column, False)
        else:
            self._sorted = None if self._sorted[1] else (column, True)
        self.show(self.model)

    def action_details(self) -> None:
        """Go into the details; on a narrow screen they take the place of the table."""
        if self.current is None:
            return
        self.add_class("-open")
        self.query_one(Detail).focus()
        self.call_after_refresh(self.refit)  # its width is known now

    def action_back(self) -> None:
        """Leave the filter, then the details, then the view."""
        field = self.query_one(".filter", Input)
        if field.has_focus or field.value:
            self.filter_by("")
            self.table.focus()
        elif self.has_class("-open") or self.query_one(Detail).has_focus:
            self.remove_class("-open")
            self.table.focus()
        else:
            self.app.call_later(self.app.run_action, "app.view('chat')")

    def action_source(self) -> None:
        """Go to where the value under the cursor comes from."""
        key = self.current
        if key is not None:
            application(self).show_sources(self.source_of(key, self.column))

    def take_focus(self) -> None:
        """Focus the list."""
        self.remove_class("-open")
        self.table.focus()


def _fits(row: tuple[str, Sequence[tuple[str | RichText, Any]]], words: Sequence[str]) -> bool:
    text = " ".join(
        [row[0], *(f"{shown} {order if isinstance(order, str) else ''}" for shown, order in row[1])]
    ).lower()
    return all(word in text for word in words)


def _order(value: Any) -> tuple[int, Any]:
    """Numbers by size, then words, then what is missing."""
    if value is None or value == "":
        return (2, 0)
    return (0, value) if isinstance(value, int | float) else (1, str(value).lower())


def number(key: str) -> int | str:
    """What an id (``c12``) is sorted by: its number."""
    return int(key[1:]) if key[1:].isdigit() else key
