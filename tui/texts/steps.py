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
    time_text = "remembered" if state.cached and width >= 72 else paint.duration(seconds)
    head = Content.assemble(
        paint.mark(status),
        " ",
        Content.styled(f"{step_id:<4}", "$muted"),
        Content.styled(f"{paint.clip(shown, room):<{room}}", "bold" if status == "running" else ""),
        Content.styled(f" {time_text:>10} ", "$muted"),
    )
    rest = width - head.cell_length
    if rest < 8:
        return head
    if status in ("error", "skipped", "cancelled", "interrupted") and not began:
        return head + Content.styled(paint.shorten(state.message, rest), paint.TONES[status])
    progress = model.progress(step_id) if status == "running" else None
    tail = f" {progress[0]:>4.0%} {progress[1]}" if progress else ""
    tail = paint.shorten(tail, max(6, rest // 2)) if tail else ""
    if tail:
        tail = f" {tail}"
    room = rest - len(tail)
    if began is None:
        needs = f"← {', '.join(step.needs)}" if step.needs else ""
        return head + Content.styled(paint.shorten(needs, rest), "$muted")
    until = ended if ended is not None else bounds[1]  # a step that was cut short ends where the run does
    drawn = paint.bar(began, until, *bounds, room)
    return Content.assemble(head, Content.styled(drawn, paint.TONES[status]), Content.styled(tail, "$accent"))


def step_detail(model: RunModel, step_id: str) -> Content:
    """One step in full: why, with what, what it needs, and how it stands."""
    history = model.history
    step, state = history.steps[step_id], history.states[step_id]
    status = "interrupted" if state.status == "running" and not model.working else state.status
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
