"""The experiments: each a worksheet for the bench, hazards on top; results go back in from here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text as RichText
from textual.binding import Binding, BindingType
from textual.content import Content

from tui import paint
from tui.views.application import application
from tui.views.browser import Browser

if TYPE_CHECKING:
    from agent.records import Experiment, Measured

SAMPLES = 24
"""Samples that the worksheet lists; the rest is in the bundle's files."""


class ExperimentsView(Browser):
    """One row an experiment; the details are the worksheet."""

    FLEXIBLE: ClassVar[str] = "title"
    EMPTY: ClassVar[str] = "No experiments. They are designed for the best hypotheses at the end of a run."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "tell", "Results"),
        Binding("o", "open_file", "Protocol"),
        Binding("w", "export", "Export"),
        Binding("v", "picture", "Picture", show=False),
    ]

    def state(self) -> Any:
        """The list is one immutable tuple; results only grow."""
        history = self.model.history if self.model else None
        return (id(history.experiments), len(history.results), len(history.updates)) if history else None

    def headers(self) -> Sequence[str]:
        """The columns."""
        return ("id", "tests", "title", "samples", "measured", "replicates", "power")

    def rows(self) -> Sequence[tuple[str, Sequence[tuple[str | RichText, Any]]]]:
        """One row an experiment."""
        return [
            (
                one.id,
                [
                    (one.id, one.id),
                    (one.hypothesis, one.hypothesis),
                    (one.title, one.title),
                    (RichText(str(one.sample_size), justify="right"), one.sample_size),
                    (RichText(str(len(self._results(one)) or ""), justify="right"), len(self._results(one))),
                    (RichText(str(one.replicates), justify="right"), one.replicates),
                    ("" if one.power is None else f"{one.power:.2f}", one.power),
                ],
            )
            for one in (self.model.history.experiments if self.model else ())
        ]

    def _experiment(self, key: str | None) -> Experiment | None:
        return next((one for one in (self.model.history.experiments if self.model else ()) if one.id == key), None)

    def _results(self, one: Experiment) -> list[Measured]:
        return [result for result in (self.model.history.results if self.model else ()) if result.experiment == one.id]

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
        for text in (*one.procedure, one.decision_rule, *one.design):
            for span in text.spans:
                if span.source is not None:
                    found.setdefault(span.source, f"the figure {text.text[span.start : span.end]}")
        return list(found.items())

    def detail(self, key: str, column: int) -> Content:
        """The worksheet."""
        one = self._experiment(key)
        return worksheet(one, self._results(one)) if one else Content("")

    def _paths(self, *endings: str) -> list[Path]:
        one = self._experiment(self.current)
        if one is None or self.model is None:
            return []
        names = [*([one.protocol_file] if one.protocol_file else []), *(file.path for file in one.files)]
        found = [self.model.folder / name for name in dict.fromkeys(names)]
        return [path for path in found if path.suffix in endings] if endings else found

    def action_tell(self) -> None:
        """Enter or import what was measured."""
        if self.current is not None:
            application(self).tell_results(self.current)

    def action_open_file(self) -> None:
        """Open the protocol, worksheet or template with the desktop's program."""
        application(self).open_files(self._paths())

    def action_picture(self) -> None:
        """Show the layout over the whole terminal."""
        application(self).show_picture(self._paths(".svg"), self.current or "")

    def action_export(self) -> None:
        """Copy the experiment's files to a folder."""
        if self.current is not None:
            application(self).export_experiment(self.current, "")


def worksheet(one: Experiment, results: Sequence[Measured] = ()) -> Content:
    """An experiment as a worksheet: hazards, what is varied, the procedure with boxes to tick, the decision rule."""
    from agent.units import print_unit

    rows: list[Content | str] = [
        Content.assemble((f"{one.id}  ", "bold $primary"), (one.title, "bold")),
        Content.assemble(("tests  ", "$muted"), paint.link(one.hypothesis, one.hypothesis, "$primary")),
        "",
        Content.styled(" Hazards ", "bold $error reverse"),
        *(Content.styled("! ", "bold $error") + paint.with_links(hazard) for hazard in one.hazards),
        *(Content.styled("waste  ", "$muted") + paint.with_links(item) for item in one.waste),
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
    if one.design:
        rows += ["", paint.heading("Design"), *(Content("  · ") + paint.prose(text) for text in one.design)]
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
    rows += [Content.styled("stop  ", "$muted") + paint.prose(one.stopping_rule)] if one.stopping_rule else []
    rows += _samples(one, results)
    rows += ["", paint.muted(f"{one.cost} {one.duration}")]
    files = dict.fromkeys([*([one.protocol_file] if one.protocol_file else []), *(file.path for file in one.files)])
    if files:
        rows += ["", paint.heading("Files"), *(f"  {path}" for path in files)]
        rows += [paint.muted(f"  {one.protocol_check}")] if one.protocol_check else []
    return paint.lines(rows)


def _samples(one: Experiment, results: Sequence[Measured]) -> list[Content | str]:
    """The samples in the order of measurement, with what was measured; codes hide what they are."""
    if not one.samples:
        return []
    told = {(result.sample, result.quantity): result for result in results}
    rows: list[Content | str] = ["", paint.heading(f"Samples ({len(one.samples)}), in the order of measurement")]
    for sample in sorted(one.samples, key=lambda item: item.order)[:SAMPLES]:
        cells = []
        for measured in one.measurements:
            result = told.get((sample.id, measured.quantity))
            if result is not None:
                cells.append("failed" if result.failed or result.value is None else f"{result.value:g}")
        where = sample.well or f"block {sample.block}"
        line = Content.assemble((f"  {sample.order:>3}  ", "$muted"), f"{sample.code:<10}", (f" {where:<9}", "$muted"))
        rows.append(line + Content.styled("  ".join(cells) or "·", "$accent" if cells else "$muted"))
    if len(one.samples) > SAMPLES:
        rows.append(paint.muted(f"  and {len(one.samples) - SAMPLES} more"))
    return [*rows, paint.muted("  t enters results")]
