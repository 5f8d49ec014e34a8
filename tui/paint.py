"""Painting records as terminal text: glyphs, bars, intervals and prose whose figures carry their sources.

Every function here is pure: records in, `Content` out. Colours are names of the theme, so that light, dark and
no-colour terminals show the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual.content import Content
from textual.style import Style

if TYPE_CHECKING:
    from agent.records import Step, Text, Value
    from tui.follow import RunModel

GLYPHS = {
    "pending": "○",
    "running": "●",
    "ok": "✓",
    "empty": "∅",
    "error": "✗",
    "skipped": "–",
    "cancelled": "⊘",
    "finished": "✓",
    "stopped": "■",
    "failed": "✗",
    "waiting": "?",
    "interrupted": "◌",
    "deleted": "✗",
    "unreadable": "✗",
}
TONES = {
    "pending": "$muted",
    "running": "$primary",
    "ok": "$success",
    "empty": "$warning",
    "error": "$error",
    "skipped": "$muted",
    "cancelled": "$warning",
    "finished": "$success",
    "stopped": "$warning",
    "failed": "$error",
    "waiting": "$accent",
    "interrupted": "$warning",
    "deleted": "$error",
    "unreadable": "$error",
}
PHASES = {
    "screen": "screening the goal",
    "interpret": "understanding the goal",
    "recall": "recalling earlier work",
    "plan": "planning",
    "work": "computing",
    "review": "reviewing the evidence",
    "hypothesise": "inferring hypotheses",
    "critique": "criticising hypotheses",
    "rank": "comparing hypotheses",
    "design": "designing experiments",
}
RELATIONS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥", "==": "=", "between": "between"}
_IDENTIFIER = re.compile(r"(?<![\w(=#)\[])([echx]\d+)(?![\w(=#\[])")


def mark(status: str) -> Content:
    """A status as one coloured glyph."""
    return Content.styled(GLYPHS.get(status, "·"), TONES.get(status, ""))


def duration(seconds: float | None) -> str:
    """A duration as people read it: ``0.4 s``, ``1:23``, ``2:05:00``."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def shorten(text: str, width: int) -> str:
    """One line of at most so many characters."""
    flat = " ".join(text.split())
    return flat if len(flat) <= width else flat[: max(0, width - 1)].rstrip() + "…"


def bar(start: float, end: float, low: float, high: float, width: int) -> str:
    """A stretch of a common time line, to half a cell.

    Args:
        start: Where the stretch begins.
        end: Where it ends.
        low: Where the line begins.
        high: Where the line ends.
        width: Cells of the whole line.
    """
    if width < 1:
        return ""
    scale = 2 * width / ((high - low) or 1.0)
    first = min(2 * width - 1, max(0, round((start - low) * scale)))
    last = min(2 * width, max(first + 1, round((end - low) * scale)))
    cells = []
    for cell in range(width):
        left, right = first <= 2 * cell < last, first <= 2 * cell + 1 < last
        cells.append("━" if left and right else "╸" if left else "╺" if right else " ")
    return "".join(cells)


def interval(low: float, value: float, high: float, bounds: tuple[float, float], width: int) -> str:
    """A value with its interval on a common scale: ``  ├──●──┤   ``."""
    floor, ceiling = bounds
    span = (ceiling - floor) or 1.0

    def at(number: float) -> int:
        return min(width - 1, max(0, round((number - floor) / span * (width - 1))))

    cells = [" "] * width
    for cell in range(at(low), at(high) + 1):
        cells[cell] = "─"
    cells[at(low)], cells[at(high)] = "├", "┤"
    cells[at(value)] = "●"
    return "".join(cells)


def link(text: str, target: str, style: str = "$primary") -> Content:
    """Text that jumps to an id or a source when it is clicked."""
    safe = target.replace("\\", "").replace("'", "")
    return Content.styled(text, style).stylize(Style.from_meta({"@click": f"app.jump('{safe}')"}))


def with_links(text: str) -> Content:
    """Prose whose ids (``e3``, ``c5``, ``h1``, ``x1``) can be clicked."""
    parts: list[Content] = []
    last = 0
    for match in _IDENTIFIER.finditer(text):
        parts += [Content(text[last : match.start()]), link(match[1], match[1], "$primary")]
        last = match.end()
    parts.append(Content(text[last:]))
    return Content("").join(parts)


def prose(text: Text) -> Content:
    """Prose with its figures: a sourced one in colour and clickable, an unsupported one marked *unverified*."""
    parts: list[Content] = []
    last = 0
    for span in sorted(text.spans, key=lambda one: one.start):
        if span.start < last:
            continue
        parts.append(with_links(text.text[last : span.start]))
        figure = text.text[span.start : span.end]
        if span.source is None:
            parts += [Content.styled(figure, "$error underline"), Content.styled(" (unverified)", "$error italic")]
        else:
            parts.append(link(figure, span.source, "$primary"))
        last = span.end
    parts.append(with_links(text.text[last:]))
    return Content("").join(parts)


def value(one: Value) -> str:
    """A value as printed, with its unit and uncertainty."""
    from agent.units import print_value

    return print_value(one.value, one.unit, one.uncertainty)


def heading(text: str) -> Content:
    """A heading of a detail view."""
    return Content.styled(text, "bold $primary")


def muted(text: str) -> Content:
    """Text that stands back."""
    return Content.styled(text, "$muted")


def lines(parts: Iterable[Content | str]) -> Content:
    """Lines, one under the other."""
    return Content("\n").join([Content(part) if isinstance(part, str) else part for part in parts])


def hanging(first: Content | str, indent: int) -> Content:
    """A line behind some spaces."""
    return Content(" " * indent) + first


def step_bounds(model: RunModel, now: float) -> tuple[float, float]:
    """The stretch of time that the steps so far took."""
    begin = min(model.started.values(), default=now)
    running = any(step not in model.ended for step in model.started) and model.working
    cut_short = model.last if any(step not in model.ended for step in model.started) else begin
    end = now if running else max([*model.ended.values(), cut_short])
    return begin, max(end, begin + 0.001)


def depth_of(steps: Mapping[str, Step]) -> dict[str, int]:
    """How many steps have to end one after the other before each can begin: the plan's graph as an indentation."""
    depths: dict[str, int] = {}
    for key, step in steps.items():
        depths[key] = max((depths[need] + 1 for need in step.needs if need in depths), default=0)
    return depths


def clip(text: str, width: int) -> str:
    """A line of at most so many characters; its spaces stay."""
    return text if len(text) <= width else text[: max(0, width - 1)].rstrip() + "…"


def step_line(model: RunModel, step_id: str, width: int, now: float, bounds: tuple[float, float]) -> Content:
    """A step as one line: glyph, id, tool, time, and its stretch of the common time line.

    Steps that run side by side have bars under each other. A running step whose process is gone is shown as
    interrupted, not as running.
    """
    step, state = model.history.steps[step_id], model.history.states[step_id]
    status = state.status
    if status == "running" and not model.working:
        status = "interrupted"
    began, ended = model.started.get(step_id), model.ended.get(step_id)
    seconds = state.seconds
    if status == "running" and began:
        seconds = max(0.0, now - began)
    depths = depth_of(model.history.steps)
    step_in = 2 if width >= 64 else 1
    indent = {key: step_in * min(depth, 4) for key, depth in depths.items()}
    names = [len(one.tool) + indent[one.id] for one in model.history.steps.values()]
    room = min(max(names, default=8), max(8, width - 22), 34)
    shown = " " * indent[step_id] + step.tool
    time_text = "remembered" if state.cached and width >= 72 else duration(seconds)
    head = Content.assemble(
        mark(status),
        " ",
        Content.styled(f"{step_id:<4}", "$muted"),
        Content.styled(f"{clip(shown, room):<{room}}", "bold" if status == "running" else ""),
        Content.styled(f" {time_text:>10} ", "$muted"),
    )
    rest = width - head.cell_length
    if rest < 8:
        return head
    if status in ("error", "skipped", "cancelled", "interrupted") and not began:
        return head + Content.styled(shorten(state.message, rest), TONES[status])
    progress = model.progress(step_id) if status == "running" else None
    tail = f" {progress[0]:>4.0%} {progress[1]}" if progress else ""
    tail = shorten(tail, max(6, rest // 2)) if tail else ""
    if tail:
        tail = f" {tail}"
    room = rest - len(tail)
    if began is None:
        needs = f"← {', '.join(step.needs)}" if step.needs else ""
        return head + Content.styled(shorten(needs, rest), "$muted")
    until = ended if ended is not None else bounds[1]  # a step that was cut short ends where the run does
    drawn = bar(began, until, *bounds, room)
    return Content.assemble(head, Content.styled(drawn, TONES[status]), Content.styled(tail, "$accent"))


def columns(rows: Sequence[tuple[str, Any]], gap: int = 2) -> list[Content]:
    """Names and what belongs to them, in two columns."""
    width = max((len(name) for name, _ in rows), default=0) + gap
    return [
        Content.styled(f"{name:<{width}}", "$muted") + (one if isinstance(one, Content) else Content(str(one)))
        for name, one in rows
    ]
