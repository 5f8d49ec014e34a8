"""The hypotheses: ranked, with their ratings' intervals; the researcher's verdicts are recorded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text as RichText
from textual.binding import Binding, BindingType
from textual.content import Content

from tui import paint
from tui.views.browser import Browser

if TYPE_CHECKING:
    from agent.memory.opinions import Opinion
    from agent.records import Hypothesis, Prediction

SCALE = 24
"""Cells of the rating scale."""
VERDICTS = {"accepted": "✓ accepted", "rejected": "✗ rejected", "open": "· noted"}


class HypothesesView(Browser):
    """One row a hypothesis, the best rated first."""

    EMPTY: ClassVar[str] = "No hypotheses. They are inferred from the evidence at the end of a run."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "judge('accepted')", "Accept"),
        Binding("r", "judge('rejected')", "Reject"),
        Binding("n", "judge('open')", "Note"),
    ]

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._opinions: dict[str, Opinion] = {}
        self._opened: Any = None

    def state(self) -> Any:
        """The list is one immutable tuple; verdicts are read when another run is opened."""
        if self.model is None:
            return None
        if self._opened != self.model.folder:
            from agent.memory.opinions import read_opinions

            self._opened, self._opinions = self.model.folder, read_opinions(self.model.folder)
        return (id(self.model.history.hypotheses), tuple((one.at, one.verdict) for one in self._opinions.values()))

    @property
    def _shown(self) -> list[Hypothesis]:
        found = self.model.history.hypotheses if self.model else ()
        return sorted(found, key=lambda one: (one.rank is None, one.rank or 0))

    def _bounds(self) -> tuple[float, float]:
        intervals = [one.interval for one in self._shown if one.interval]
        return min((low for low, _ in intervals), default=0.0), max((high for _, high in intervals), default=1.0)

    def headers(self) -> Sequence[str]:
        """The columns."""
        return ("#", "rating", "statement", "novelty", "for", "against", "verdict", "id")

    def rows(self) -> Sequence[tuple[str, Sequence[tuple[str | RichText, Any]]]]:
        """One row a hypothesis, by rank."""
        bounds = self._bounds()
        tone = self.app.theme_variables["primary"]
        made = []
        for one in self._shown:
            drawn = ""
            if one.rating is not None and one.interval:
                drawn = paint.interval(one.interval[0], one.rating, one.interval[1], bounds, SCALE)
            opinion = self._opinions.get(one.id)
            verdict = VERDICTS[opinion.verdict] if opinion else ""
            unverified = "! " if one.statement.unverified or one.mechanism.unverified else ""
            cells: list[tuple[str | RichText, Any]] = [
                (RichText(str(one.rank or ""), justify="right"), one.rank),
                (RichText(drawn, tone), one.rating),
                (unverified + paint.shorten(one.statement.text, 88), one.statement.text),
                (one.novelty, one.novelty),
                (str(len(one.evidence_for)), len(one.evidence_for)),
                (str(len(one.evidence_against)), len(one.evidence_against)),
                (verdict, verdict),
                (one.id, one.id),
            ]
            made.append((one.id, cells))
        return made

    def _hypothesis(self, key: str) -> Hypothesis | None:
        return next((one for one in self._shown if one.id == key), None)

    def where(self, key: str, column: int) -> str:
        """The rating in figures."""
        one = self._hypothesis(key)
        if one is None or one.rating is None or one.interval is None:
            return key
        low, high = one.interval
        return f"{key}  rating {one.rating:.0f}, 95 % interval {low:.0f} to {high:.0f} (all pairs compared)"

    def source_of(self, key: str, column: int) -> Sequence[tuple[str, str]]:
        """Everything that the hypothesis rests on."""
        one = self._hypothesis(key)
        if one is None or self.model is None:
            return ()
        found: dict[str, str] = {}
        for support in (*one.evidence_for, *one.evidence_against):
            found.setdefault(support.source, paint.shorten(support.text.text, 70))
        for text in (one.statement, one.mechanism):
            for span in text.spans:
                if span.source is not None:
                    found.setdefault(span.source, f"the figure {text.text[span.start : span.end]}")
        for subject in one.subjects:
            found.setdefault(subject, "a candidate concerned")
        return list(found.items())

    def detail(self, key: str, column: int) -> Content:
        """One hypothesis in full."""
        one = self._hypothesis(key)
        if one is None or self.model is None:
            return Content("")
        rows: list[Content | str] = [
            Content.assemble((f"{one.id}  ", "bold $primary"), (f"rank {one.rank or '–'}", "$muted")),
            paint.prose(one.statement),
        ]
        opinion = self._opinions.get(one.id)
        if opinion is not None:
            told = f"{VERDICTS[opinion.verdict]}{': ' + opinion.note if opinion.note else ''}"
            rows.append(Content.styled(told, "$accent"))
        rows += ["", paint.heading("Mechanism"), paint.prose(one.mechanism)]
        rows += ["", paint.heading("Prediction"), predicted(one.prediction)]
        rows += [paint.muted(f"refuted if: {one.refuted_by}")] if one.refuted_by else []
        rows += [paint.muted(f"holds for: {one.scope}")] if one.scope else []
        for title, glyph, tone, found in (
            ("Evidence for", "+", "$success", one.evidence_for),
            ("Evidence against", "−", "$error", one.evidence_against),
        ):
            rows += ["", paint.heading(f"{title} ({len(found)})")]
            for support in found:
                head = Content.assemble(
                    (f"{glyph} ", tone), paint.link(support.source, support.source, "$primary"), " "
                )
                rows.append(head + paint.prose(support.text) + paint.muted(f"  weight {support.weight:.2g}"))
            rows += [] if found else [paint.muted("none found")]
        rows += ["", paint.heading(f"Novelty: {one.novelty}"), paint.with_links(one.novelty_basis)]
        for cited in one.citations:
            page = f", page {cited.page}" if cited.page else ""
            rows.append(Content.assemble(("passage  ", "$muted"), f"{cited.document}{page}: “{cited.quote}”"))
        plans = [plan for plan in self.model.history.experiments if plan.hypothesis == one.id]
        for plan in plans:
            rows += [
                "",
                Content.assemble(
                    ("tested by  ", "$muted"), paint.link(plan.id, plan.id, "$primary"), f"  {plan.title}"
                ),
            ]
        return paint.lines(rows)

    def action_judge(self, verdict: str) -> None:
        """Accept, reject or annotate the chosen hypothesis, with a note if one is given."""
        if self.current is not None:
            self.app.judge(self.current, verdict)  # type: ignore[attr-defined]

    def judged(self, opinion: Opinion) -> None:
        """Show a verdict that was recorded."""
        self._opinions[opinion.hypothesis] = opinion
        self.show(self.model)


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
