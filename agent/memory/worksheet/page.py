"""The worksheet as one HTML page that is complete in itself and printed on A4."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment

    from agent.memory.worksheet.sheet import Sheet


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("agent.memory.worksheet", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_page(sheet: Sheet) -> str:
    """The page; it loads nothing from anywhere.

    Args:
        sheet: What it says.
    """
    return _environment().get_template("worksheet.html.j2").render(s=sheet)
