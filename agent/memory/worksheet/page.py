"""The worksheet as one HTML page that is complete in itself and printed on A4."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.memory.templating import html_template

if TYPE_CHECKING:
    from agent.memory.worksheet.sheet import Sheet


def render_page(sheet: Sheet) -> str:
    """The page; it loads nothing from anywhere.

    Args:
        sheet: What it says.
    """
    return html_template("agent.memory.worksheet", "worksheet.html.j2").render(s=sheet)
