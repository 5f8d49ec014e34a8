"""The envelope of a tool call as evidence in the chat: status, values, drawings, candidates, passages, files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from textual.content import Content

from agent.units import counted
from tui.drawing import paint
from tui.drawing.portraits import drawn_data

CANDIDATES = 8
"""Candidates that are listed."""
FIGURES = 3
"""Values of a candidate that are shown beside it."""


def envelope_content(tool: str, code: int, plain: dict[str, Any], complaint: str, folder: Path, width: int) -> Content:
    """What a tool call ended in.

    Args:
        tool: The tool.
        code: The exit code of the call.
        plain: The envelope, as the command line prints it; empty if it said nothing.
        complaint: The end of its error stream.
        folder: Where the files were written that the tool made.
        width: Cells that there are.
    """
    error = plain.get("error")
    if not plain or isinstance(error, str):
        return Content(error or complaint or f"It ended with exit code {code} and said nothing.")
    rows: list[Content | str] = [
        Content.assemble(paint.mark(str(plain.get("status"))), f" {plain.get('summary', '')}"),
    ]
    if error:
        if error.get("message") and error["message"] != plain.get("summary"):
            rows.append(Content.styled(str(error["message"]), "$error"))
        rows += [Content.assemble(("what to do  ", "$muted"), str(error["remedy"]))] if error.get("remedy") else []
    rows += paint.columns([(f"  {value['name']}", _printed(value)) for value in plain.get("values", [])])
    rows += _candidates(plain.get("candidates", []), width)
    rows += drawn_data(tool, plain.get("data", {}), width)
    rows += _sketch(plain, folder, width)
    for cited in plain.get("citations", []):
        page = f", page {cited['page']}" if cited.get("page") else ""
        rows.append(Content.assemble("  ", (f"{cited['document']}{page}", "bold")))
        rows += [Content.styled(f"  “{' '.join(cited['quote'].split())}”", "italic")] if cited.get("quote") else []
    rows += [Content.styled(f"! {warning}", "$warning") for warning in plain.get("warnings", [])]
    if plain.get("data"):
        rows.append(paint.muted(paint.shorten(json.dumps(plain["data"], ensure_ascii=False), 800)))
    names = [Path(file["name"]).name for file in plain.get("artifacts", [])]
    if names:
        more = f" and {len(names) - 6} more" if len(names) > 6 else ""
        rows.append(paint.muted(f"files  {', '.join(names[:6])}{more} in {folder}"))
    rows.append(paint.muted("remembered" if plain.get("cached") else paint.duration(plain.get("seconds"))))
    return paint.lines(rows)


def _printed(value: dict[str, Any]) -> str:
    from agent.units import print_value

    return print_value(value["value"], value.get("unit", "1"), value.get("uncertainty"))


def _candidates(found: list[dict[str, Any]], width: int) -> list[Content | str]:
    shown = [one for one in found if not one.get("withheld")]
    rows: list[Content | str] = [Content.styled(f"{counted(len(shown), 'candidate')}", "bold")] if shown else []
    for one in shown[:CANDIDATES]:
        figures = "  ".join(f"{value['name']} {_printed(value)}" for value in one.get("values", [])[:FIGURES])
        head = paint.shorten(one.get("name") or one["structure"], max(16, width - len(figures) - 6))
        rows.append(Content.assemble(f"  {head}  ", (figures, "$muted")))
    rows += [paint.muted(f"  and {len(shown) - CANDIDATES} more")] if len(shown) > CANDIDATES else []
    kept_back = len(found) - len(shown)
    return [*rows, paint.muted(f"  {kept_back} withheld")] if kept_back else rows


def _sketch(plain: dict[str, Any], folder: Path, width: int) -> list[Content | str]:
    """The first molecule that was drawn, where it is legible in cells."""
    from tui.drawing.molecules import draw_molecule

    for file in plain.get("artifacts", []):
        if file.get("media_type") == "image/svg+xml" and file.get("title"):
            drawn = draw_molecule(folder / Path(file["name"]).name, file["title"], min(64, width))
            return [drawn] if drawn is not None else []
    return []
