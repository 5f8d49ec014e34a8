"""The evidence: what each step brought, or why it could not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, ClassVar

from rich.text import Text as RichText
from textual.binding import Binding, BindingType
from textual.content import Content

from tui import paint
from tui.views.browser import Browser


class EvidenceView(Browser):
    """One row a step, with values, passages, files, warnings and errors."""

    EMPTY: ClassVar[str] = "No evidence: no step has ended."
    BUSY: ClassVar[str] = "No step has ended yet; /plan shows how far they are."
    BINDINGS: ClassVar[list[BindingType]] = [Binding("o", "open_file", "Open file")]

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
                (one.id, int(one.id[1:]) if one.id[1:].isdigit() else one.id),
                (RichText(paint.GLYPHS[one.status], tones[names[one.status]]), one.status),
                (one.tool, one.tool),
                ("remembered" if one.cached else paint.duration(one.seconds), one.seconds),
                (str(len(one.values) or ""), len(one.values)),
                (paint.shorten(one.summary, 90), one.summary),
            ]
            made.append((one.id, cells))
        return made

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
        one = self.model.history.evidence[key]
        rows: list[Content | str] = [
            Content.assemble(paint.mark(one.status), " ", (one.id, "bold $primary"), "  ", (one.tool, "bold")),
            one.summary,
        ]
        if one.error is not None:
            rows += ["", Content.styled(one.error.message, "$error")]
            rows += [Content.assemble(("what to do  ", "$muted"), one.error.remedy)] if one.error.remedy else []
        rows += [Content.styled(f"! {warning}", "$warning") for warning in one.warnings]
        if one.values:
            rows += ["", paint.heading("Values")]
            rows += paint.columns([(f"  {value.name}", paint.value(value)) for value in one.values])
        if one.citations:
            rows += ["", paint.heading("Passages")]
            for cited in one.citations:
                page = f", page {cited.page}" if cited.page else ""
                rows.append(
                    Content.assemble("  ", (f"{cited.document}{page}", "bold"), ("  " + cited.passage, "$muted"))
                )
                rows += [Content.styled(f"  “{' '.join(cited.quote.split())}”", "italic")] if cited.quote else []
        if one.artifacts:
            rows += ["", paint.heading("Files")]
            rows += [f"  {file.path}  {paint.shorten(file.title, 40)}" for file in one.artifacts[:12]]
            rows += [paint.muted(f"  and {len(one.artifacts) - 12} more")] if len(one.artifacts) > 12 else []
        step = self.model.history.steps.get(one.step)
        if step is not None:
            rows += ["", paint.heading("How")]
            rows += [f"  {step.why}"] if step.why else []
            for name, argument in step.arguments.items():
                told = json.dumps(argument, ensure_ascii=False)
                rows.append(Content.assemble((f"  {name} ", "$muted"), paint.shorten(told, 400)))
        how = "remembered from an earlier call" if one.cached else f"computed in {paint.duration(one.seconds)}"
        rows += ["", paint.muted(f"  {how} · whole result {one.payload or 'not kept'} · call {one.fingerprint[:12]}")]
        return paint.lines(rows)

    def action_open_file(self) -> None:
        """Open the first file of the step with the desktop's program."""
        one = self.model.history.evidence.get(self.current or "") if self.model else None
        if one is not None and self.model is not None and (one.artifacts or one.payload):
            path = one.artifacts[0].path if one.artifacts else one.payload
            self.app.open_path(self.model.folder / path)  # type: ignore[attr-defined]
        else:
            self.app.notify("This step left no file.", severity="warning")
