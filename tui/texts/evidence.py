"""Evidence as text: what a step brought, its passages in their pages, its tables."""

from __future__ import annotations

import csv
import io
import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from agent.units import counted
from tui.drawing import paint
from tui.drawing.portraits import drawn_data, payload_data

if TYPE_CHECKING:
    from agent.records import Evidence
    from tui.runs.follow import RunModel

TABLE_ROWS = 12
"""Rows of a table artifact that are shown in the details."""


def evidence_content(model: RunModel, one: Evidence, width: int) -> Content:
    """One piece of evidence in full."""
    rows: list[Content | str] = [
        Content.assemble(paint.mark(one.status), " ", (one.id, "bold $primary"), "  ", (one.tool, "bold")),
        one.summary,
    ]
    if one.error is not None:
        rows += ["", Content.styled(one.error.message, "$error")]
        rows += [Content.assemble(("what to do  ", "$muted"), one.error.remedy)] if one.error.remedy else []
    rows += [Content.styled(f"! {warning}", "$warning") for warning in one.warnings]
    if one.values:
        rows += ["", paint.heading("Values")]
        rows += paint.columns([(f"  {value.name}", paint.value(value)) for value in one.values])
    rows += _drawn(model, one, width)
    if one.citations:
        rows += ["", paint.heading("Passages"), paint.muted("  p reads them in their pages")]
        for cited in one.citations:
            page = f", page {cited.page}" if cited.page else ""
            rows.append(Content.assemble("  ", (f"{cited.document}{page}", "bold"), ("  " + cited.passage, "$muted")))
            rows += [Content.styled(f"  “{' '.join(cited.quote.split())}”", "italic")] if cited.quote else []
    for file in one.artifacts:
        if file.media_type == "text/csv":
            rows += table_rows(model.folder / file.path, file.title or file.name, width)
    if one.artifacts:
        rows += ["", paint.heading("Files")]
        rows += [f"  {file.path}  {paint.shorten(file.title, 40)}" for file in one.artifacts[:12]]
        rows += [paint.muted(f"  and {len(one.artifacts) - 12} more")] if len(one.artifacts) > 12 else []
    step = model.history.steps.get(one.step)
    if step is not None:
        rows += ["", paint.heading("How")]
        rows += [f"  {step.why}"] if step.why else []
        for name, argument in step.arguments.items():
            told = json.dumps(argument, ensure_ascii=False)
            rows.append(Content.assemble((f"  {name} ", "$muted"), paint.shorten(told, 400)))
    how = "remembered from an earlier call" if one.cached else f"computed in {paint.duration(one.seconds)}"
    rows += ["", paint.muted(f"  {how} · whole result {one.payload or 'not kept'} · call {one.fingerprint[:12]}")]
    return paint.lines(rows)


def _drawn(model: RunModel, one: Evidence, width: int) -> list[Content | str]:
    if one.status != "ok" or not one.payload:
        return []
    return drawn_data(one.tool, payload_data(model.folder / one.payload), width)


def passages_content(model: RunModel, one: Evidence) -> Content:
    """Passages as the store holds them, the words that are cited marked in them."""
    hits = {}
    for hit in payload_data(model.folder / one.payload).get("hits", []) if one.payload else []:
        if isinstance(hit, dict):
            hits[str(hit.get("passage", ""))] = str(hit.get("text", ""))
    rows: list[Content | str] = []
    for cited in one.citations:
        page = f", page {cited.page}" if cited.page else ""
        rows += [Content.assemble((f"{cited.document}{page}", "bold $primary"), (f"  {cited.passage}", "$muted")), ""]
        quote, text = " ".join(cited.quote.split()), " ".join(hits.get(cited.passage, cited.quote).split())
        before, marked, after = text.partition(quote) if quote else (text, "", "")
        rows += [Content.assemble(before, (marked, "bold $accent"), after), ""]
    return paint.lines(rows)


def table_rows(path: Path, title: str, width: int) -> list[Content | str]:
    """The first rows of a table artifact, as many columns as fit."""
    table = _table(path)
    if not table:
        return []
    rows: list[Content | str] = ["", paint.heading(title)]
    widths = [
        min(22, max(len(row[place]) for row in table[: TABLE_ROWS + 1] if place < len(row)))
        for place in range(len(table[0]))
    ]
    fitting, used = 0, 2
    while fitting < len(widths) and used + widths[fitting] + 2 <= width:
        used += widths[fitting] + 2
        fitting += 1
    for number, row in enumerate(table[: TABLE_ROWS + 1]):
        cells = [f"{paint.shorten(cell, wide):<{wide}}" for cell, wide in zip(row[:fitting], widths, strict=False)]
        rows.append(Content.styled("  " + "  ".join(cells), "$muted" if number == 0 else ""))
    hidden = [
        counted(len(table) - 1 - TABLE_ROWS, "row") if len(table) > TABLE_ROWS + 1 else "",
        counted(len(widths) - fitting, "column") if fitting < len(widths) else "",
    ]
    if any(hidden):
        rows.append(paint.muted(f"  and {' and '.join(part for part in hidden if part)} more: o opens the file"))
    return rows


@lru_cache(maxsize=16)
def _table(path: Path) -> list[list[str]]:
    try:
        return [row for row in csv.reader(io.StringIO(path.read_text(encoding="utf-8"))) if row]
    except (OSError, UnicodeDecodeError, csv.Error):
        return []
