"""A run as text: what was understood, its steps while they run, and what was found, as the report tells it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from agent.units import counted
from tui.drawing import paint
from tui.texts.steps import step_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from agent.memory.report.prose import Segment
    from agent.records import Brief, RunInfo
    from tui.runs.follow import RunModel

Rows = list[Content | str]

NOTICES = 6
"""Notices that are shown, the latest ones."""
_TONES = {"info": ("·", "$muted"), "warning": ("!", "$warning"), "error": ("✗", "$error")}


def run_content(model: RunModel, width: int, *, steps: bool, now: float) -> Content:
    """A run as lines of text.

    Args:
        model: The run.
        width: Cells that there are.
        steps: Whether its steps are shown here while it works (a wide screen shows them beside).
        now: The present moment, seconds since the epoch.
    """
    history = model.history
    rows: Rows = [paint.muted(understood(history.brief))] if history.brief is not None else []
    reason = _reason(model)
    for notice in history.notices[-NOTICES:]:
        if notice.text not in reason:  # what the run ended with is said once, at its end
            glyph, tone = _TONES[notice.level]
            rows.append(Content.styled(f"{glyph} {notice.text}", tone))
    going = model.status in ("running", "waiting")
    if going and steps and history.steps:
        rows += [""] if rows else []
        rows += step_lines(model, width, now).values()
    rows += [""] if rows else []
    rows += _going(model) if going else _ended(model, reason, width)
    return paint.lines(rows)


def understood(brief: Brief) -> str:
    """A goal understood, in one line: the playbook, what is asked for, what stays and what must not be."""
    from agent import vocabulary
    from agent.memory.report.strings import words
    from agent.memory.report.wished import print_constraint, wish_in_words

    told = words(brief.language)
    asked = [one.text or print_constraint(one) for one in brief.constraints]
    asked += [f"{vocabulary.title(one.quantity)} {wish_in_words(one, told)}" for one in brief.objectives]
    parts = {"keep": "keeps", "avoid": "without"}
    asked += [
        f"{parts[one.role]} {one.text}" for one in brief.entities if one.kind == "substructure" and one.role in parts
    ]
    return " · ".join([brief.playbook, *asked])


def _reason(model: RunModel) -> str:
    """Why the run is not going and not finished, in words."""
    status = model.status
    if status in ("running", "waiting"):
        return ""
    if status == "deleted":
        return f"The folder {model.folder} is gone. What was read of it stays here."
    told = model.failure or model.trouble or (model.history.reason if status != "finished" else "")
    if status == "interrupted":
        return told or "Its process is gone. /resume carries it on; finished steps are not repeated."
    return f"{_sentence_case(told)} /resume carries it on." if status == "stopped" and told else _sentence_case(told)


def _sentence_case(text: str) -> str:
    """Words as a sentence of their own."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if not text or text[-1] in ".!?…:" else ".")


def _going(model: RunModel) -> Rows:
    """What a run does at the moment, or what it asks."""
    history = model.history
    if model.status == "running" or history.question is None:
        phase = paint.PHASES.get(history.phase, history.phase) or "starting"
        return [*_failures(model), Content.assemble(paint.mark("running"), f" {phase}…")]
    rows: Rows = [Content.assemble(paint.mark("waiting"), " ", (history.question.text, "bold $accent"))]
    if history.question.key == "approve":
        rows.append(paint.muted("/edit opens the plan as a form · yes runs it · no REASON rejects it"))
    else:
        choices = f" ({' / '.join(history.question.choices)})" if history.question.choices else ""
        rows.append(paint.muted(f"Write the answer below{choices}, or /answer for a form."))
    return rows


def _ended(model: RunModel, reason: str, width: int) -> Rows:
    """How a run ended, and what it found."""
    history, status = model.history, model.status
    done = sum(one.status not in ("pending", "running", "skipped") for one in history.states.values())
    head = Content.assemble(paint.mark(status), f" {status} in {paint.duration(model.seconds())}")
    if history.steps:
        head += paint.muted(f"  ·  {done} of {counted(len(history.steps), 'step')} done")
    rows: Rows = [head]
    rows += [Content.styled(reason, "$warning")] if reason else []
    rows += _failures(model)
    rows += [Content.styled(f"∅ {summary}", "$warning") for summary in _in_vain(model)]
    if history.evidence and model.info is not None:
        rows += [_sentence(one) for one in _verdict(model, model.info)]
    ways = [
        (history.candidates, "F4 candidates"),
        (history.hypotheses, "F5 hypotheses"),
        (history.experiments, "F6 experiments"),
        (history.evidence, "F7 evidence"),
    ]
    shown = [text for there, text in ways if there]
    if shown:
        rows += ["", paint.muted(" · ".join([*shown, "or ask about it below"]))]
    if history.evidence and status in ("finished", "stopped") and (model.folder / "report.html").exists():
        rows.append(Content.assemble(("report  ", "$muted"), paint.file_link(model.folder / "report.html", width - 8)))
    return rows


def _failures(model: RunModel) -> Rows:
    rows: Rows = []
    for found in model.history.evidence.values():
        if found.status == "error" and len(rows) < 3:
            remedy = f" {found.error.remedy}" if found.error and found.error.remedy else ""
            rows.append(Content.styled(f"✗ {found.step}: {found.summary}{remedy}", "$error"))
    return rows


def _in_vain(model: RunModel) -> Iterable[str]:
    """What the last try of each tool that brought nothing says of it."""
    return {one.tool: one.summary for one in model.history.evidence.values() if one.status == "empty"}.values()


def _verdict(model: RunModel, info: RunInfo) -> Sequence[tuple[Segment, ...]]:
    """The report's own sentences on what was found; how the run ended is told before."""
    from agent.memory.report.prose import Anchors
    from agent.memory.report.strings import words
    from agent.memory.report.verdict import verdict

    history = model.history
    brief = history.brief or info.brief
    anchors = Anchors(history, (one.id for one in history.candidates), words(brief.language if brief else "en"))
    return verdict(info.model_copy(update={"status": "finished"}), history, brief, anchors)


def _sentence(parts: Iterable[Segment]) -> Content:
    """A sentence of the report; what is linked there can be clicked here."""
    made = []
    for part in parts:
        if part.mark == "unverified":
            made.append(Content.styled(f"{part.text} (unverified)", "$error"))
        elif part.href and part.href[1:2] in "echx" and part.href[2:].isdigit():
            made.append(paint.link(part.text, part.href[1:]))
        else:
            made.append(Content(part.text))
    return Content("").join(made)
