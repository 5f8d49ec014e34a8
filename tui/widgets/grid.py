"""A table whose columns are as wide as their caller says: it paints thousands of rows without measuring each cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rich.cells import cell_len
from rich.text import Text as RichText
from textual.message import Message
from textual.widgets import DataTable
from textual.widgets.data_table import RowKey

from tui.drawing import paint

MEASURED = 400
"""Rows that a column's width is taken from."""
LEAST = 22
"""Cells that a flexible column keeps, as long as that is no more than half of the table: others scroll."""

Cell = tuple[str | RichText, Any]
"""What is shown, and what it is sorted by."""


class Grid(DataTable[Any]):
    """A table of fixed columns, one of which takes the room that the others leave."""

    class Refit(Message):
        """The table has another width than it was filled for."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._filled_for = 0

    def on_resize(self) -> None:
        """Ask to be filled again where the width has changed."""
        if self._filled_for not in (0, self.size.width):
            self.post_message(self.Refit())

    def _update_dimensions(self, new_rows: Iterable[RowKey]) -> None:
        super()._update_dimensions(())  # widths are given: nothing is measured, only the size is worked out

    def fill(self, headers: Sequence[str], rows: Sequence[tuple[str, Sequence[Cell]]], flexible: int | None) -> None:
        """Show these rows.

        Args:
            headers: The columns' titles.
            rows: Keys and cells.
            flexible: Place of the column that gives way and takes what room is left; ``None`` if there is none.
        """
        widths = [max(map(cell_len, header.split("\n"))) for header in headers]
        numbers = [False] * len(headers)
        for _, cells in rows[:MEASURED]:
            for place, (shown, _) in enumerate(cells):
                widths[place] = max(widths[place], _width(shown))
                numbers[place] |= not isinstance(shown, str) and shown.justify == "right"
        self._filled_for = self.size.width or self.app.size.width
        if flexible is not None:
            others = sum(widths) - widths[flexible] + 2 * self.cell_padding * len(widths)
            room = self._filled_for - others - 1
            widths[flexible] = min(widths[flexible], max(min(LEAST, self._filled_for // 2), room))
        self.clear(columns=True)
        self.header_height = max((header.count("\n") + 1 for header in headers), default=1)
        for place, header in enumerate(headers):
            label = RichText(header, justify="right" if numbers[place] else "left")
            self.add_column(label, key=str(place), width=widths[place])
        for key, cells in rows:
            shown = [one for one, _ in cells]
            if flexible is not None and isinstance(text := shown[flexible], str):
                shown[flexible] = paint.shorten(text, widths[flexible])
            self.add_row(*shown, key=key)


def _width(shown: str | RichText) -> int:
    return cell_len(shown if isinstance(shown, str) else shown.plain)
