"""The hypotheses: ranked, with their ratings' intervals; the researcher's verdicts are recorded and used."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text as RichText
from textual.binding import Binding, BindingType
from textual.content import Content

from tui.drawing import paint
from tui.texts.hypotheses import hypothesis_content, sources_of
from tui.views.application import application
from tui.views.browser import Browser, number

if TYPE_CHECKING:
    from agent.memory.opinions import Opinion
    from agent.records import Hypothesis

SCALE = 24
"""Cells of the rating scale."""
VERDICTS = {"accepted": "✓ accepted", "rejected": "✗ rejected", "open": "· noted"}
BELIEFS = {"supported": "▲ supported", "refuted": "▼ refuted", "undecided": "◇ undecided", "untested": ""}
BELIEF_TONES = {"supported": "text-success", "refuted": "text-error", "undecided": "text-warning", "untested": ""}


class HypothesesView(Browser):
    """One row a hypothesis, the best rated first; those that the critique dropped stand at the end."""

    FLEXIBLE: ClassVar[str] = "statement"
    EMPTY: ClassVar[str] = "No hypotheses. They are inferred from the evidence at the end of a run."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "judge('accepted')", "Accept"),
        Binding("r", "judge('rejected')", "Reject"),
        Binding("n", "judge('open')", "Note"),
        Binding("c", "compare", "Compare"),
        Binding("k", "rerank", "Rerank"),
        Binding("s", "sort", "Sort", show=False),  # the footer has no room for it: F1 tells
    ]

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self._opinions: dict[str, Opinion] = {}
        self._opened: Any = None

    def state(self) -> Any:
        """The lists are immutable tuples; verdicts are read when another run is opened."""
        if self.model is None:
            return None
        if self._opened != self.model.folder:
            from agent.memory.opinions import read_opinions

            self._opened, self._opinions, self._first = self.model.folder, read_opinions(self.model.folder), None
        history = self.model.history
        opinions = tuple((one.at, one.verdict) for one in self._opinions.values())
        return (id(history.hypotheses), id(history.dropped), len(history.experiments), opinions, self._first)

    @property
    def _shown(self) -> list[Hypothesis]:
        if self.model is None:
            return []
        history = self.model.history
        kept = sorted(history.hypotheses, key=lambda one: (one.rank is None, one.rank or 0))
        ids = {one.id for one in kept}
        return kept + [one for one in history.dropped if one.id not in ids]

    def _bounds(self) -> tuple[float, float]:
        intervals = [one.interval for one in self._shown if one.interval]
        return min((low for low, _ in intervals), default=0.0), max((high for _, high in intervals), default=1.0)

    def headers(self) -> Sequence[str]:
        """The columns."""
        return ("#", "id", "rating", "statement", "evidence", "tested", "verdict", "novelty")

    def rows(self) -> Sequence[tuple[str, Sequence[tuple[str | RichText, Any]]]]:
        """One row a hypothesis, by rank."""
        bounds, tones = self._bounds(), self.app.theme_variables
        scale = SCALE if self.table.size.width > 120 else 12
        dropped = {one.id for one in self.model.history.dropped} if self.model else set()
        made = []
        for one in self._shown:
            drawn = ""
            if one.rating is not None and one.interval:
                drawn = paint.interval(one.interval[0], one.rating, one.interval[1], bounds, scale)
            elif one.id in dropped:
                drawn = "dropped"
            opinion, belief = self._opinions.get(one.id), one.belief
            verdict = VERDICTS[opinion.verdict] if opinion else ""
            unverified = "! " if one.statement.unverified or one.mechanism.unverified else ""
            rank = RichText("◆" if one.id == self._first else str(one.rank or "–"), justify="right")
            state = belief.state if belief else "untested"
            tested = BELIEFS[state] or ("planned" if self._planned(one) else "")
            cells: list[tuple[str | RichText, Any]] = [
                (rank, one.rank),
                (one.id, number(one.id)),
                (RichText(drawn, tones["text-muted" if one.id in dropped else "primary"]), one.rating),
                (unverified + one.statement.text, one.statement.text),
                (_weighed(one), len(one.evidence_for) - len(one.evidence_against)),
                (RichText(tested, tones.get(BELIEF_TONES[state], "")), tested),
                (verdict, verdict),
                (one.novelty, one.novelty),
            ]
            made.append((one.id, cells))
        return made

    def _planned(self, one: Hypothesis) -> bool:
        return self.model is not None and any(plan.hypothesis == one.id for plan in self.model.history.experiments)

    def _hypothesis(self, key: str | None) -> Hypothesis | None:
        return next((one for one in self._shown if one.id == key), None)

    def where(self, key: str, column: int) -> str:
        """The rating in figures."""
        one = self._hypothesis(key)
        if one is None or one.rating is None or one.interval is None:
            return key
        low, high = one.interval
        return f"{key}  rating {one.rating:.0f}, 95 % interval {low:.0f} to {high:.0f}, from pairwise comparisons"

    def source_of(self, key: str, column: int) -> Sequence[tuple[str, str]]:
        """Everything that the hypothesis rests on."""
        one = self._hypothesis(key)
        return sources_of(one) if one is not None else ()

    def detail(self, key: str, column: int) -> Content:
        """One hypothesis in full."""
        one = self._hypothesis(key)
        if one is None or self.model is None:
            return Content("")
        return hypothesis_content(self.model, one, self._opinions.get(key))

    def action_judge(self, verdict: str) -> None:
        """Accept, reject or annotate the chosen hypothesis, with a note if one is given."""
        if self.current is not None:
            application(self).judge(self.current, verdict)

    def action_rerank(self) -> None:
        """Rank anew, with what the researcher has said."""
        application(self).rerank()

    def action_compare(self) -> None:
        """Mark a hypothesis; at the second one, show the two side by side."""
        pair = self.marked_pair("hypothesis")
        if pair:
            application(self).compare_hypotheses(*pair)

    def judged(self, opinion: Opinion) -> None:
        """Show a verdict that was recorded."""
        self._opinions[opinion.hypothesis] = opinion
        self.show(self.model)


def _weighed(one: Hypothesis) -> str:
    """How many pieces of evidence speak for it, and how many against."""
    against = f" −{len(one.evidence_against)}" if one.evidence_against else ""
    return f"+{len(one.evidence_for)}{against}"
