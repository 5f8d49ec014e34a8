"""The experiments: each a worksheet for the bench, hazards on top; results go back in from here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text as RichText
from textual.binding import Binding, BindingType
from textual.content import Content

from tui.texts.worksheets import worksheet
from tui.views.application import application
from tui.views.browser import Browser

if TYPE_CHECKING:
    from agent.records import Experiment, Measured


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
