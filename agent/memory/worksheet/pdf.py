"""The worksheet as a PDF, set by Typst with its own fonts: no network, the same bytes for the same sheet."""

from __future__ import annotations

import json
from importlib.resources import files
from importlib.util import find_spec
from typing import TYPE_CHECKING

from agent.errors import EngineMissing

if TYPE_CHECKING:
    from agent.memory.worksheet.sheet import Sheet


def pdf_missing() -> str:
    """Why no PDF can be made here; empty if one can."""
    return (
        "" if find_spec("typst") else "No PDF of the worksheets: install it with `pip install 'gedanken[worksheets]'`."
    )


def render_pdf(sheet: Sheet) -> bytes:
    """The PDF.

    Args:
        sheet: What it says.

    Raises:
        EngineMissing: Typst is not installed.
    """
    if missing := pdf_missing():
        raise EngineMissing(missing, remedy="The HTML page says the same and prints well.")
    import typst

    source = files("agent.memory.worksheet").joinpath("templates", "worksheet.typ").read_bytes()
    data = json.dumps(sheet.plain(), ensure_ascii=False)
    # The moment of making is left out: the same sheet gives the same bytes.
    return bytes(typst.compile(source, format="pdf", sys_inputs={"sheet": data}, timestamp=0, pdf_tags=True))
