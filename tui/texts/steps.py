"""Steps of a plan as text: each a line on a common time line, or one in full."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.content import Content

from tui.drawing import paint

if TYPE_CHECKING:
    from agent.records import Step
    from tui.runs.follow import RunModel


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


def step_lines(model: RunModel, width: int, now: float) -> dict[str, Content]:
    """Every step as one line: glyph, id, tool, time, and its stretch of the common time line.

    Steps that run side by side have bars under each other; the indentation shows which step waits for which.

    Args:
        model: The run.
        width: Cells of a line.
        now: The present moment, seconds since the epoch.
    """
    steps, bounds = model.history.steps, step_bounds(model, now)
    step_in = 2 if width >= 64 else 1
    indent = {key: step_in * min(depth, 4) for key, depth in depth_of(steps).items()}
    names = {key: " " * indent[key] + step.tool for key, step in steps.items()}
    room = min(max(map(len, names.values()), default=8), max(8, width - 22), 34)
    return {
        key: _line(model, key, f"{paint.clip(name, room):<{room}}", width, now, bounds) for key, name in names.items()
    }


def status_of(model: RunModel, step_id: str) -> str:
    """How a step stands; one whose process is gone is interrupted, not running."""
    status = model.history.states[step_id].status
    return "interrupted" if status == "running" and not model.working else status


def _line(model: RunModel, step_id: str, name: str, width: int, now: float, bounds: tuple[float, float]) -> Content:
    step, state, status = model.history.steps[step_id], model.history.states[step_id], status_of(model, step_id)
    began, ended = model.started.get(step_id), model.ended.get(step_id)
    seconds = max(0.0, now - began) if status == "running" and began else state.seconds
    time_text = "remembered" if state.cached and width >= 72 else paint.duration(seconds)
    head = Content.assemble(
        paint.mark(status),
        " ",
        Content.styled(f"{step_id:<4}", "$muted"),
        Content.styled(name, "bold" if status == "running" else ""),
        Content.styled(f" {time_text:>10} ", "$muted"),
    )
    rest = width - head.cell_length
    if rest < 8:
        return head
    if began is None:
        waits = f"← {', '.join(step.needs)}" if step.needs else ""
        why = state.message if status in ("error", "skipped", "cancelled") else waits
        return head + Content.styled(paint.shorten(why, rest), "$muted")
    progress = model.progress(step_id) if status == "running" else None
    tail = f" {progress[0]:>4.0%} {progress[1]}".rstrip() if progress else ""
    tail = paint.clip(tail, max(6, rest - 10))  # what it says of itself comes before the length of its bar
    until = ended if ended is not None else bounds[1]  # a step that was cut short ends where the run does
    drawn = paint.bar(began, until, *bounds, rest - len(tail))
    return Content.assemble(head, Content.styled(drawn, paint.TONES[status]), Content.styled(tail, "$accent"))


def step_detail(model: RunModel, step_id: str) -> Content:
    """One step in full: why, with what, what it needs, and how it stands."""
    history = model.history
    step, state = history.steps[step_id], history.states[step_id]
    status = status_of(model, step_id)
    rows: list[Content | str] = [
        Content.assemble(paint.mark(status), " ", (step.id, "bold $primary"), "  ", (step.tool, "bold"), f"  {status}"),
    ]
    rows += [step.why] if step.why else []
    progress = model.progress(step_id) if status == "running" else None
    if progress:
        filled = round(progress[0] * 24)
        rows += [Content.assemble(("━" * filled, "$primary"), ("━" * (24 - filled), "$border"), f" {progress[0]:.0%}")]
        rows += [progress[1]] if progress[1] else []
    found = history.evidence.get("e" + step_id[1:])
    if found is not None:
        rows += ["", paint.heading("Result"), found.summary]
        rows += [Content.styled(f"! {warning}", "$warning") for warning in found.warnings[:4]]
        if found.error is not None:
            rows.append(Content.styled(f"{found.error.kind}: {found.error.message}", "$error"))
            rows += [Content.assemble(("what to do  ", "$muted"), found.error.remedy)] if found.error.remedy else []
            waiting = [one.id for one in history.steps.values() if step_id in one.needs]
            if waiting:
                optional = "go on without it" if step.optional else "are skipped, unless the review plans another way"
                rows.append(paint.muted(f"what follows  {', '.join(waiting)} {optional}"))
        rows.append(paint.muted("g shows the evidence"))
    elif state.message:
        rows += ["", state.message]
    if step.needs:
        rows += ["", Content.assemble(("after  ", "$muted"), ", ".join(step.needs))]
    if step.optional:
        rows.append(paint.muted("optional: the run goes on without it"))
    if step.arguments:
        rows += ["", paint.heading("Arguments")]
        for name, argument in step.arguments.items():
            told = argument if isinstance(argument, str) else json.dumps(argument, ensure_ascii=False)
            rows.append(Content.assemble((f"  {name}  ", "$muted"), paint.shorten(told, 300)))
    return paint.lines(rows)
