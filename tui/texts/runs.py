"""A run as text: what was understood, its steps, how it ended and what it brought."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from tui.drawing import paint
from tui.texts.steps import step_bounds, step_line

if TYPE_CHECKING:
    from tui.runs.follow import RunModel


def run_content(model: RunModel, width: int, *, steps: bool, now: float) -> Content:
    """A run as lines of text."""
    history = model.history
    rows: list[Content | str] = []
    if history.brief is not None:
        brief = history.brief
        bounds = [constraint.text or constraint.quantity for constraint in brief.constraints]
        parts = {"keep": "keeps", "avoid": "without"}
        groups = [
            f"{parts[one.role]} {one.text}"
            for one in brief.entities
            if one.kind == "substructure" and one.role in parts
        ]
        aims = [f"{one.direction} {one.quantity}" for one in brief.objectives]
        rows.append(paint.muted(paint.shorten(" · ".join([brief.playbook, *bounds, *groups, *aims]), width)))
    for notice in history.notices[-6:]:
        tone = {"info": "$muted", "warning": "$warning", "error": "$error"}[notice.level]
        glyph = {"info": "·", "warning": "!", "error": "✗"}[notice.level]
        rows.append(Content.styled(f"{glyph} {notice.text}", tone))
    if steps and history.steps:
        if rows:
            rows.append("")
        bounds_ = step_bounds(model, now)
        rows += [step_line(model, step, width, now, bounds_) for step in history.steps]
    failed = [found for found in history.evidence.values() if found.status == "error"]
    for found in failed[:3]:
        remedy = f" {found.error.remedy}" if found.error and found.error.remedy else ""
        rows.append(Content.styled(f"✗ {found.step}: {found.summary}{remedy}", "$error"))
    rows += _ending(model, width)
    return paint.lines(rows)


def _ending(model: RunModel, width: int) -> list[Content | str]:
    """Where the run stands, and what it brought."""
    history, status = model.history, model.status
    rows: list[Content | str] = [""] if history.steps or history.brief else []
    if status == "running":
        phase = paint.PHASES.get(history.phase, history.phase) or "starting"
        return [*rows, Content.assemble(paint.mark("running"), f" {phase}…")]
    if status == "waiting" and history.question is not None:
        rows.append(Content.assemble(paint.mark("waiting"), " ", (history.question.text, "bold $accent")))
        if history.question.key == "approve":
            rows.append(
                paint.muted("/edit opens the plan as a form · /approve runs it · /approve no REASON rejects it")
            )
        else:
            choices = f" ({' / '.join(history.question.choices)})" if history.question.choices else ""
            rows.append(paint.muted(f"Write the answer below{choices}."))
        return rows
    counted = [
        f"{count} {one if count == 1 else many}"
        for count, one, many in (
            (sum(not one.withheld for one in history.candidates), "candidate", "candidates"),
            (len(history.hypotheses), "hypothesis", "hypotheses"),
            (len(history.experiments), "experiment", "experiments"),
        )
        if count
    ]
    line = Content.assemble(paint.mark(status), f" {status} in {paint.duration(model.seconds())}")
    if counted:
        line += paint.muted("  ·  ") + Content(" · ".join(counted))
    rows.append(line)
    reason = model.failure or model.trouble or (history.reason if status != "finished" else "")
    if status == "interrupted":
        reason = reason or "Its process is gone. /resume carries it on; finished steps are not repeated."
    if status == "deleted":
        reason = f"The folder {model.folder} is gone. What was read of it stays here."
    if reason:
        rows.append(Content.styled(reason, "$warning"))
    from agent.memory.ask import marked

    best = sorted(history.hypotheses, key=lambda one: one.rank or 99)[:3]
    for hypothesis in best:
        number = Content.styled(f"{hypothesis.rank or '·'} ", "$primary")
        rows.append(number + Content(paint.shorten(marked(hypothesis.statement), width - 2)))
    if status == "finished" and not history.candidates:
        for found in list(history.evidence.values())[-3:]:
            rows.append(Content(paint.shorten(found.summary, 2 * width)))
    report = model.folder / "report.html"
    if status in ("finished", "stopped") and report.exists():
        rows.append(paint.muted(f"report  {report}"))
    return rows
