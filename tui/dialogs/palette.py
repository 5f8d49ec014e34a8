"""The command palette: Textual's own, which may be closed while it is still being built or filled."""

from __future__ import annotations

from typing import Any

from textual.command import CommandList, CommandPalette


class Palette(CommandPalette):
    """A palette whose late news about its list goes nowhere once the list is gone."""

    def _watch__list_visible(self) -> None:
        if self.query(CommandList):
            super()._watch__list_visible()

    async def _watch__show_busy(self) -> None:
        if self.query(CommandList):
            await super()._watch__show_busy()

    def _gather_commands(self, search_value: str) -> Any:
        return super()._gather_commands(search_value) if self.query(CommandList) else None
