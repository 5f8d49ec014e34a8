"""The experiments: each a worksheet for the bench, hazards on top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text as RichText
from textual.binding import Binding, BindingType
from textual.content import Content

from tui import paint
from tui.views.browser import Browser

if TYPE_CHECKING:
    from agent.records import Experiment


class ExperimentsView(Browser):
    """One row an experiment; the details are the worksheet."""

    EMPTY: ClassVar[str] = "No experiments. They are designed for the best hypotheses at the end of a run."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("o", "open_file", "Open protocol")]

    def state(self) -> Any:
        """The list is one immutable tuple."""
        return id(self.model.history.experiments) if self.model else None

    def headers(self) -> Sequence[str]:
        """The columns."""
        return ("id", "tests", "title", "samples", "replicates", "power")

    def rows(self) -> Sequence[tuple[str, Sequence[tuple[str | RichText, Any]]]]:
        """One row an experiment."""
        return [
            (
                one.id,
                [
                    (one.id, one.id),
                    (one.hypothesis, one.hypothesis),
                    (paint.shorten(one.title, 70), one.title),
                    (RichText(str(one.sample_size), justify="right"), one.sample_size),
                    (RichText(str(one.replicates), justify="right"), one.replicates),
                    ("" if one.power is None else f"{one.power:.2f}", one.power),
                ],
            )
            for one in (self.model.history.experiments if self.model else ())
        ]

    def _experiment(self, key: str) -> Experiment | None:
        return next((one for one in (self.model.history.experiments if self.model else ()) if one.id == key), None)

    def where(self, key: str, column: int) -> str:
        """What the sample size rests on."""
        one = self._experiment(key)
        return f"{key}  {one.power_basis}" if one else key

    def source_of(self, key: str, column: int) -> Sequence[tuple[str, str]]:
        """The hypothesis that it tests, and what its figures rest on."""
        one = self._experiment(key)
        if one is None:
            return ()
        found = {one.hypothesis: "the hypothesis that it tests"}
        for text in (*one.procedure, one.decision_rule):
            for span in text.spans:
                if span.source is not None:
                    found.setdefault(span.source, f"the figure {text.text[span.start : span.end]}")
        return list(found.items())

    def detail(self, key: str, column: int) -> Content:
        """The worksheet."""
        one = self._experiment(key)
        return worksheet(one) if one else Content("")

    def action_open_file(self) -> None:
        """Open the protocol file with the desktop's program."""
        one = self._experiment(self.current or "")
        if one is not None and one.protocol_file and self.model is not None:
            self.app.open_path(self.model.folder / one.protocol_file)  # type: ignore[attr-defined]
        else:
            self.app.notify("This experiment has no protocol file.", severity="warning")


def worksheet(one: Experiment) -> Content:
    """An experiment as a worksheet: hazards, what is varied, the procedure with boxes to tick, the decision rule."""
    from agent.units import print_unit

    rows: list[Content | str] = [
        Content.assemble((f"{one.id}  ", "bold $primary"), (one.title, "bold")),
        Content.assemble(("tests  ", "$muted"), paint.link(one.hypothesis, one.hypothesis, "$primary")),
        "",
        Content.styled(" Hazards ", "bold $error reverse"),
        *(Content.styled("! ", "bold $error") + paint.with_links(hazard) for hazard in one.hazards),
        "",
        paint.heading("Size"),
    ]
    power = "" if one.power is None else f", power {one.power:.2f}"
    rows.append(f"{one.sample_size} samples, {one.replicates} replicates each{power}")
    rows += [paint.muted(one.power_basis)] if one.power_basis else []
    rows += ["", paint.heading("Varied")]
    for factor in one.factors:
        unit = f" {print_unit(factor.unit)}" if factor.unit != "1" else ""
        rows.append(Content.assemble((f"  {factor.name}  ", "$muted"), f"{', '.join(factor.levels)}{unit}"))
    for title, found in (("Controls", one.controls), ("Materials", one.materials)):
        if found:
            rows += ["", paint.heading(title), *(Content("  · ") + paint.with_links(item) for item in found)]
    rows += ["", paint.heading("Procedure")]
    rows += [
        Content.styled(f"  ☐ {number:>2}  ", "$muted") + paint.prose(step)
        for number, step in enumerate(one.procedure, start=1)
    ]
    rows += ["", paint.heading("Measured")]
    for measured in one.measurements:
        unit = f" ({print_unit(measured.unit)})" if print_unit(measured.unit) else ""
        rows.append(f"  {measured.quantity}{unit}: {measured.method}")
    rows += ["", paint.heading("Decision rule"), paint.prose(one.decision_rule)]
    rows += ["", paint.muted(f"{one.cost} {one.duration}")]
    rows += [paint.muted(f"protocol file  {one.protocol_file}")] if one.protocol_file else []
    return paint.lines(rows)
