"""The evidence: what each step brought, or why it could not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text as RichText
from textual.binding import Binding, BindingType
from textual.content import Content

from tui.drawing import paint
from tui.texts.evidence import evidence_content, passages_content
from tui.views.application import application
from tui.views.browser import Browser, number

if TYPE_CHECKING:
    from agent.records import Evidence


class EvidenceView(Browser):
    """One row a step, with values, passages, features, tables, files, warnings and errors."""

    FLEXIBLE: ClassVar[str] = "summary"
    EMPTY: ClassVar[str] = "No evidence: no step has ended."
    BUSY: ClassVar[str] = "No step has ended yet; /plan shows how far they are."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "passages", "Passages"),
        Binding("v", "picture", "Picture"),
        Binding("o", "open_file", "Open file"),
    ]

    def state(self) -> Any:
        """Evidence only grows, but for a step that is run again."""
        evidence = self.model.history.evidence if self.model else {}
        return tuple(map(id, evidence.values()))

    def headers(self) -> Sequence[str]:
        """The columns."""
        return ("id", "", "tool", "time", "values", "summary")

    def rows(self) -> Sequence[tuple[str, Sequence[tuple[str | RichText, Any]]]]:
        """One row a step that ended, in the plan's order."""
        tones = self.app.theme_variables
        names = {"ok": "text-success", "empty": "text-warning", "error": "text-error"}
        made = []
        for one in (self.model.history.evidence if self.model else {}).values():
            cells: list[tuple[str | RichText, Any]] = [
                (one.id, number(one.id)),
                (RichText(paint.GLYPHS[one.status], tones[names[one.status]]), one.status),
                (one.tool, one.tool),
                ("remembered" if one.cached else paint.duration(one.seconds), one.seconds),
                (RichText(str(len(one.values) or ""), justify="right"), len(one.values)),
                (one.summary, one.summary),
            ]
            made.append((one.id, cells))
        return made

    def _evidence(self) -> Evidence | None:
        return self.model.history.evidence.get(self.current or "") if self.model else None

    def where(self, key: str, column: int) -> str:
        """What the step was for."""
        step = self.model.history.steps.get("s" + key[1:]) if self.model else None
        return f"{key}  {step.why}" if step else key

    def source_of(self, key: str, column: int) -> Sequence[tuple[str, str]]:
        """Evidence comes from its step."""
        return [("s" + key[1:], "the step")]

    def detail(self, key: str, column: int) -> Content:
        """Everything that a step brought."""
        if self.model is None or key not in self.model.history.evidence:
            return Content("")
        width = max(24, self.query_one(".detail").size.width - 4)
        return evidence_content(self.model, self.model.history.evidence[key], width)

    def _paths(self) -> list[Path]:
        one = self._evidence()
        if one is None or self.model is None:
            return []
        found = sorted(one.artifacts, key=lambda file: file.media_type != "image/svg+xml")
        return [
            self.model.folder / path
            for path in [*(file.path for file in found), *([one.payload] if one.payload else [])]
        ]

    def action_open_file(self) -> None:
        """Open a file of the step with the desktop's program."""
        application(self).open_files(self._paths())

    def action_picture(self) -> None:
        """Show the step's first picture over the whole terminal."""
        application(self).show_picture(self._paths(), self.current or "")

    def action_passages(self) -> None:
        """Read the passages that the step found, each in its page."""
        one = self._evidence()
        if one is None or self.model is None or not one.citations:
            self.app.notify("This step found no passage.", severity="warning")
            return
        application(self).show_page(passages_content(self.model, one))
