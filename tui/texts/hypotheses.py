"""Hypotheses as text: one in full, or two side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from agent.units import counted
from tui.drawing import paint

if TYPE_CHECKING:
    from agent.memory.opinions import Opinion
    from agent.records import Belief, Critique, Hypothesis, Prediction, Support
    from tui.runs.follow import RunModel

SAID = {"accepted": "✓ accepted", "rejected": "✗ rejected", "open": "· noted"}
STATES = {
    "supported": ("▲ supported", "$success"),
    "refuted": ("▼ refuted", "$error"),
    "undecided": ("◇ undecided", "$warning"),
    "untested": ("○ untested", "$muted"),
}


def hypothesis_content(model: RunModel, one: Hypothesis, opinion: Opinion | None) -> Content:
    """One hypothesis in full: what was measured and said of it, then why it was thought, then what tests it."""
    rows: list[Content | str] = [
        Content.assemble((f"{one.id}  ", "bold $primary"), (f"rank {one.rank or '–'}", "$muted")),
        paint.prose(one.statement),
    ]
    if opinion is not None:
        said = f"{SAID[opinion.verdict]}{': ' + opinion.note if opinion.note else ''}"
        rows.append(Content.styled(said, "$accent"))
    rows += _belief(one.belief)
    rows += ["", paint.heading("Mechanism"), paint.prose(one.mechanism)]
    rows += ["", paint.heading("Prediction"), predicted(one.prediction)]
    rows += [paint.muted(f"refuted if: {one.refuted_by}")] if one.refuted_by else []
    rows += [paint.muted(f"holds for: {one.scope}")] if one.scope else []
    if one.prior is not None:
        rows.append(Content.assemble(("prior  ", "$muted"), _share(one.prior), (f"  {one.prior_basis}", "$muted")))
    rows += supports("Evidence for", "+", "$success", one.evidence_for)
    rows += supports("Evidence against", "−", "$error", one.evidence_against)
    rows += _critique(one.critique)
    rows += ["", paint.heading(f"Novelty: {one.novelty}"), paint.with_links(one.novelty_basis)]
    for cited in one.citations:
        page = f", page {cited.page}" if cited.page else ""
        rows.append(Content.assemble(("passage  ", "$muted"), f"{cited.document}{page}: “{cited.quote}”"))
    for name, told in (("cost", one.cost), ("risk", one.risk)):
        rows += ["", Content.assemble((f"{name}  ", "$muted"), told)] if told else []
    if one.origin:
        rows += ["", paint.muted(f"follows from {one.origin}, which was supported")]
    if one.merged_from:
        rows += ["", paint.heading("Merged from"), *(f"  · {statement}" for statement in one.merged_from)]
    for plan in (plan for plan in model.history.experiments if plan.hypothesis == one.id):
        link = paint.link(plan.id, plan.id, "$primary")
        rows += ["", Content.assemble(("tested by  ", "$muted"), link, f"  {plan.title}")]
    return paint.lines(rows)


def sources_of(one: Hypothesis) -> list[tuple[str, str]]:
    """Everything that a hypothesis rests on: ids to jump to, and what they are."""
    found: dict[str, str] = {}
    for support in (*one.evidence_for, *one.evidence_against):
        found.setdefault(support.source, paint.shorten(support.text.text, 60))
    for text in (one.statement, one.mechanism):
        for span in text.spans:
            if span.source is not None:
                found.setdefault(span.source, f"the figure {text.text[span.start : span.end]}")
    for subject in one.subjects:
        found.setdefault(subject, "a candidate concerned")
    return list(found.items())


def side_by_side(first: Hypothesis, second: Hypothesis, verdict: str, width: int) -> Content:
    """Two hypotheses in two columns, the same things beside each other."""
    room = max(24, (width - 3) // 2)
    pairs = [
        ("Statement", paint.prose(first.statement), paint.prose(second.statement)),
        ("Rating", _rating(first), _rating(second)),
        ("Mechanism", paint.prose(first.mechanism), paint.prose(second.mechanism)),
        ("Prediction", predicted(first.prediction), predicted(second.prediction)),
        ("Refuted if", Content(first.refuted_by), Content(second.refuted_by)),
        ("Prior", _prior(first), _prior(second)),
        ("Evidence for", _listed("+", first.evidence_for), _listed("+", second.evidence_for)),
        ("Evidence against", _listed("−", first.evidence_against), _listed("−", second.evidence_against)),
        ("Critique", _counter(first.critique), _counter(second.critique)),
        (
            "Novelty",
            Content(f"{first.novelty}: {first.novelty_basis}"),
            Content(f"{second.novelty}: {second.novelty_basis}"),
        ),
        ("Cost", Content(first.cost), Content(second.cost)),
        ("Risk", Content(first.risk), Content(second.risk)),
        ("Results", _state(first.belief), _state(second.belief)),
    ]
    head = Content.styled(f"{first.id:<{room}} │ {second.id}", "bold $primary")
    rows: list[Content | str] = [head, *([paint.muted(verdict)] if verdict else [])]
    for title, left, right in pairs:
        if not left.plain and not right.plain:
            continue
        rows += ["", paint.heading(title)]
        rows += beside(left, right, room)
    return paint.lines(rows)


def beside(left: Content, right: Content, room: int, divider: str = " │ ") -> list[Content]:
    """Two contents wrapped into two columns of so many cells."""
    columns = [content.wrap(room) if content.plain else [Content("")] for content in (left, right)]
    height = max(map(len, columns))
    padded = [lines + [Content("")] * (height - len(lines)) for lines in columns]
    return [
        Content.assemble(one, " " * max(0, room - one.cell_length), (divider, "$border"), other)
        for one, other in zip(*padded, strict=True)
    ]


def supports(title: str, glyph: str, tone: str, found: Sequence[Support]) -> list[Content | str]:
    """Evidence for or against, each piece with its source and weight."""
    rows: list[Content | str] = ["", paint.heading(f"{title} ({len(found)})")]
    for support in found:
        head = Content.assemble((f"{glyph} ", tone), paint.link(support.source, support.source, "$primary"), " ")
        rows.append(head + paint.prose(support.text) + paint.muted(f"  weight {support.weight:.2g}"))
    return rows if found else [*rows, paint.muted("none found")]


def predicted(one: Prediction) -> Content:
    """A prediction as a reader writes it: quantity, relation, value with unit, condition."""
    from agent.units import print_value
    from agent.vocabulary import title

    bound = print_value(one.value, one.unit)
    if one.relation == "between" and one.high is not None:
        bound = f"{bound} and {print_value(one.high, one.unit)}"
    line = Content(f"{title(one.quantity)} {paint.RELATIONS[one.relation]} {bound}")
    if one.condition:
        line += paint.muted(f"  ({one.condition})")
    if one.source:
        line += Content("  ") + paint.link(one.source, one.source, "$primary")
    return line


def _belief(one: Belief | None) -> list[Content | str]:
    if one is None:
        return []
    return ["", paint.heading("Results"), _state(one), paint.prose(one.reason)]


def _state(one: Belief | None) -> Content:
    if one is None:
        return Content("")
    word, tone = STATES[one.state]
    told = f"  {counted(one.results, 'result')}" if one.results else ""
    factor = f", log10 Bayes factor {one.log10_bayes_factor:.2g}" if one.log10_bayes_factor is not None else ""
    line = Content.assemble(
        (word, tone), (f"{told}  probability {_share(one.prior)} → {_share(one.posterior)}{factor}", "$muted")
    )
    return line + Content("  ") + paint.link(one.experiment, one.experiment) if one.experiment else line


def _critique(one: Critique | None) -> list[Content | str]:
    if one is None:
        return []
    rows: list[Content | str] = ["", paint.heading(f"Critique: {one.outcome}"), paint.prose(one.counterargument)]
    rows += [Content.styled("  or ", "$muted") + paint.prose(other) for other in one.alternatives]
    rows += [paint.muted(f"confounders: {', '.join(one.confounders)}")] if one.confounders else []
    rows += [Content.assemble(("changed  ", "$muted"), one.change)] if one.change else []
    return [*rows, paint.muted(f"judged by {one.judge}")]


def _rating(one: Hypothesis) -> Content:
    if one.rating is None or one.interval is None:
        return Content("not rated")
    return Content(f"{one.rating:.0f}  (95 % interval {one.interval[0]:.0f} to {one.interval[1]:.0f}), rank {one.rank}")


def _prior(one: Hypothesis) -> Content:
    return Content("" if one.prior is None else f"{_share(one.prior)}  {one.prior_basis}")


def _listed(glyph: str, found: Sequence[Support]) -> Content:
    return paint.lines([Content(f"{glyph} {support.source} ") + paint.prose(support.text) for support in found])


def _counter(one: Critique | None) -> Content:
    return paint.prose(one.counterargument) if one is not None else Content("")


def _share(number: float) -> str:
    return f"{number:.0%}"
