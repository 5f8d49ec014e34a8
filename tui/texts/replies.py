"""What the program says in the transcript: answers of the command line, and the list of tools."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.content import Content

from agent.units import counted
from tui.drawing import paint

if TYPE_CHECKING:
    from agent.tools import Tool


def reply_content(command: str, code: int, plain: dict[str, Any], complaint: str) -> Content:
    """The answer of the command line as text.

    Args:
        command: ``search`` or ``ingest``.
        code: Its exit code.
        plain: The object that it printed at last.
        complaint: The end of its error stream.
    """
    if not plain or (code and plain.get("error")):
        return Content(str(plain.get("error") or complaint or f"It ended with exit code {code} and said nothing."))
    if command == "search":
        return _hits(plain.get("hits", []))
    return _ingested(plain)


def _hits(hits: list[dict[str, Any]]) -> Content:
    if not hits:
        return Content("Nothing found. /ingest PATH reads documents into the store.")
    rows: list[Content | str] = []
    for number, hit in enumerate(hits, start=1):
        page = f", page {hit['page']}" if hit.get("page") else ""
        score = f"  {hit['score']:.2f}" if isinstance(hit.get("score"), int | float) else ""
        rows.append(
            Content.assemble((f"{number}. ", "$primary"), (f"{hit['document']}{page}", "bold"), (score, "$muted"))
        )
        rows.append(Content(f"   {paint.shorten(str(hit.get('text', '')), 360)}"))
    return paint.lines(rows)


def _ingested(plain: dict[str, Any]) -> Content:
    outcomes = {name: plain[name] for name in ("added", "replaced", "unchanged", "failed") if plain.get(name)}
    told = ", ".join(f"{count} {name}" for name, count in outcomes.items())
    head = f"{counted(sum(outcomes.values()), 'document')}: {told}" if outcomes else "Nothing to read"
    rows: list[Content | str] = [f"{head} in {plain.get('seconds', 0):.1f} s"]
    for file in plain.get("files", []):
        if file.get("reason"):
            tone = "$error" if file.get("outcome") == "failed" else "$muted"
            rows.append(Content.styled(f"{file.get('path')}: {file['reason']}", tone))
    return paint.lines(rows[:20])


def told_content(code: int, plain: dict[str, Any], complaint: str, sheet: Path) -> Content:
    """What came of telling results to a run: what each hypothesis is believed to be now, and what is planned next."""
    if code or not plain or plain.get("error"):
        said = str(plain.get("error") or complaint or f"It ended with exit code {code}.")
        return paint.lines([said, paint.muted(f"What was typed is kept in {sheet}; /tell @{sheet} tries again.")])
    rows: list[Content | str] = [Content(f"Results taken in from {sheet.name}.")]
    for belief in plain.get("beliefs") or ():
        state = str(belief.get("state", ""))
        tone = {"supported": "$success", "refuted": "$error", "undecided": "$warning"}.get(state, "$muted")
        reason = belief.get("reason")
        told = reason.get("text", "") if isinstance(reason, dict) else str(reason or "")
        key = str(belief.get("hypothesis", ""))
        rows.append(Content.assemble(paint.link(key, key), "  ", (state, tone), f"  {told}"))
    rows += [f"next  {step}" for step in plain.get("next_steps") or plain.get("next") or ()]
    return paint.lines(rows)


def campaign_reply(command: str, code: int, plain: dict[str, Any], complaint: str) -> Content:
    """The answer of ``gedanken campaign``."""
    if code or not plain or plain.get("error"):
        return Content(str(plain.get("error") or complaint or f"It ended with exit code {code}."))
    match command:
        case "new":
            rows: list[Content | str] = [f"The campaign '{plain['campaign']}' is in {plain['folder']}."]
        case "next":
            made = plain.get("experiments", [])
            rows = [f"Proposed in round {plain.get('round')}: {len(made)}."]
            for one in made:
                point = "  ".join(f"{name} {value}" for name, value in one.get("point", {}).items())
                rows.append(Content.assemble((f"{one.get('experiment'):>4}  ", "$primary"), point))
            rows += [paint.muted(f"sheet  {plain['sheet']}")] if plain.get("sheet") else []
        case "tell":
            rows = [f"Results kept: {len(plain.get('kept', []))}; known before: {len(plain.get('known', []))}."]
        case _:
            rows = [f"{plain.get('campaign')}: results {plain.get('results')}, open {len(plain.get('open', []))}."]
            rows += [paint.muted(f"report  {plain['report']}")] if plain.get("report") else []
    return paint.lines([*rows, Content.styled(str(plain.get("advice", "")), "$accent")])


def tools_content(tools: Iterable[Tool]) -> Content:
    """Every tool, by field."""
    rows: list[Content | str] = []
    domain = ""
    for tool in sorted(tools, key=lambda one: (one.domain, one.name)):
        if tool.domain != domain:
            domain = tool.domain
            rows += ([""] if rows else []) + [paint.heading(domain)]
        rows.append(Content.assemble(f"  {tool.name:<28} ", (tool.summary, "$muted")))
    return paint.lines([*rows, "", paint.muted("/tool NAME opens its form · /tool NAME key=value calls it")])
