"""The candidates: a table of values, each one key away from where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from rich.text import Text as RichText
from textual.binding import Binding, BindingType
from textual.content import Content

from tui.drawing import paint
from tui.drawing.portraits import cif_of, files_of, pattern_of, portrait
from tui.texts.hypotheses import beside
from tui.views.application import application
from tui.views.browser import Browser, number

if TYPE_CHECKING:
    from agent.records import Artifact, Candidate

BESIDE = 92
"""Cells of the details from which on a candidate's portrait and its values stand side by side."""
FIXED = ("#", "id", "structure", "ok", "score")
"""The columns before the quantities."""


class CandidatesView(Browser):
    """Ranked candidates with every quantity, unit and source."""

    FLEXIBLE: ClassVar[str] = "structure"
    SENTENCES: ClassVar[bool] = False
    EMPTY: ClassVar[str] = "No candidates. A run that designs or screens something leaves them here."
    BUSY: ClassVar[str] = "The table is ranked when the computing is done; /plan shows how far it is."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "picture", "Picture"),
        Binding("o", "open_file", "Open file"),
        Binding("x", "pattern", "Diffraction", show=False),
        Binding("y", "copy", "Copy structure", show=False),
    ]

    def state(self) -> Any:
        """The table is one immutable tuple."""
        return id(self.model.history.candidates) if self.model else None

    @property
    def _shown(self) -> tuple[Candidate, ...]:
        from agent.memory.report.table import in_order

        return in_order(self.model.history.candidates) if self.model else ()

    @property
    def _quantities(self) -> list[tuple[str, str]]:
        """Every quantity and its unit: what the goal asks about stands first."""
        from agent.memory.report.table import quantity_columns

        found = quantity_columns(self._shown)
        brief = self.model.history.brief if self.model else None
        asked = [one.quantity for one in (*brief.constraints, *brief.objectives)] if brief else []
        return sorted(found, key=lambda pair: asked.index(pair[0]) if pair[0] in asked else len(asked))

    def headers(self) -> Sequence[str]:
        """The fixed columns, then the quantities, each over its unit."""
        from agent.units import print_unit

        named = [f"{key}\n{print_unit(unit)}".strip() for key, unit in self._quantities]
        return [*FIXED, *named]

    def rows(self) -> Sequence[tuple[str, Sequence[tuple[str | RichText, Any]]]]:
        """One row a candidate, by rank."""
        tones = self.app.theme_variables
        brief = self.model.history.brief if self.model else None
        bounds = {one.quantity: one for one in brief.constraints} if brief else {}
        made = []
        quantities = self._quantities
        for one in self._shown:
            yes = {True: "✓", False: "✗", None: "·"}[one.feasible]
            tone = tones["text-success" if one.feasible else "text-error"] if one.feasible is not None else ""
            cells: list[tuple[str | RichText, Any]] = [
                (RichText(str(one.rank or ""), justify="right"), one.rank),
                (one.id, number(one.id)),
                (one.name or one.structure, one.name or one.structure),
                (RichText(yes, style=tone), yes),
                (f"{one.score:.3f}" if one.score is not None else "", one.score),
            ]
            cells += [self._cell(one, key, unit, bounds, tones) for key, unit in quantities]
            made.append((one.id, cells))
        return made

    def _cell(
        self, one: Candidate, key: str, unit: str, bounds: Any, tones: dict[str, str]
    ) -> tuple[str | RichText, float | None]:
        from agent.memory.report.table import meets

        quantity = one.quantities.get(key)
        if quantity is None or quantity.unit != unit:
            return "", None
        number = paint.value(quantity.model_copy(update={"unit": "1"}))
        missed = key in bounds and meets(bounds[key], quantity) is False
        return RichText(
            number + ("!" if missed else ""), tones["text-error"] if missed else "", justify="right"
        ), quantity.value

    def _quantity_at(self, column: int) -> str | None:
        quantities, place = self._quantities, column - len(FIXED)
        return quantities[place][0] if 0 <= place < len(quantities) else None

    def _candidate(self, key: str) -> Candidate | None:
        return next((one for one in self._shown if one.id == key), None)

    def where(self, key: str, column: int) -> str:
        """The value under the cursor in full, and its source."""
        one, name = self._candidate(key), self._quantity_at(column)
        if one is None:
            return ""
        if name is None or name not in one.quantities:
            return f"{one.id}  {one.structure}"
        from agent.vocabulary import title

        quantity = one.quantities[name]
        source = self._source_name(quantity.source)
        return f"{one.id}  {title(name)} = {paint.value(quantity)}  from {source}  (g goes there)"

    def _source_name(self, source: str) -> str:
        found = self.model.history.evidence.get(source) if self.model else None
        return f"{source} {found.tool}" if found else source

    def source_of(self, key: str, column: int) -> Sequence[tuple[str, str]]:
        """The source of the value under the cursor, or all sources of the candidate."""
        one, name = self._candidate(key), self._quantity_at(column)
        if one is None:
            return ()
        if name is not None and name in one.quantities:
            source = one.quantities[name].source
            return [(source, self._source_name(source))]
        sources = dict.fromkeys(quantity.source for quantity in one.quantities.values())
        return [(source, self._source_name(source)) for source in sources]

    def detail(self, key: str, column: int) -> Content:
        """Everything about one candidate."""
        one = self._candidate(key)
        if one is None or self.model is None:
            return Content("")
        rows: list[Content | str] = [
            Content.assemble((one.id, "bold $primary"), "  ", (one.name or one.kind, "bold")),
            one.structure,
        ]
        if one.reason:
            rows.append(Content.styled(one.reason, "$error" if one.feasible is False else "$muted"))
        width = max(0, self.query_one(".detail").size.width - 4)
        values = self._values(one, column, width if width < BESIDE else width // 2 - 2)
        seen = portrait(self.model, one, width if width < BESIDE else width // 2 - 2)
        if seen and width >= BESIDE:
            rows += beside(paint.lines(seen), paint.lines(values), width // 2 - 2, divider="  ")
        else:
            rows += [*seen, *values]
        if one.labels:
            rows += ["", paint.heading("Labels"), *paint.columns([(f"  {k}", v) for k, v in one.labels.items()])]
        files = self.files(one)
        if files:
            rows += ["", paint.heading("Files")]
            rows += [f"  {file.path}" for file in files]
            rows.append(paint.muted("  v shows the picture · o opens the file"))
        return paint.lines(rows)

    def _values(self, one: Candidate, column: int, width: int) -> list[Content | str]:
        """Every value with its source, what the goal asks about first."""
        from agent.vocabulary import title

        asked = [key for key, _ in self._quantities]
        values = sorted(one.quantities.items(), key=lambda pair: asked.index(pair[0]) if pair[0] in asked else 999)
        printed = {name: paint.value(quantity) for name, quantity in values}
        room = max((len(text) for text in printed.values()), default=0)
        wide = width - 8  # less the mark, the gaps and the source
        longest = max((len(title(name)) for name, _ in values), default=0)
        named = max(18, min(wide - room, longest))
        if named + room > wide:  # a long value goes past the column rather than every source onto a line of its own
            room = 0
        rows: list[Content | str] = ["", paint.heading("Values")]
        chosen = self._quantity_at(column)
        for name, quantity in values:
            rows.append(
                Content.assemble(
                    ("› " if name == chosen else "  ", "$accent"),
                    (f"{paint.shorten(title(name), named):<{named}}  ", "$muted"),
                    f"{printed[name]:<{room}}  ",
                    paint.link(quantity.source, quantity.source),
                )
            )
        return rows

    def files(self, one: Candidate) -> list[Artifact]:
        """The artifacts that belong to a candidate, pictures first."""
        return files_of(self.model, one) if self.model else []

    def _paths(self) -> list[Path]:
        one = self._candidate(self.current or "")
        return [self.model.folder / file.path for file in self.files(one)] if one and self.model else []

    def action_open_file(self) -> None:
        """Open the candidate's first file with the desktop's program."""
        application(self).open_files(self._paths())

    def action_picture(self) -> None:
        """Show the candidate's drawing over the whole terminal."""
        application(self).show_picture(self._paths(), self.current or "")

    def action_pattern(self) -> None:
        """Simulate the diffraction pattern of the chosen crystal, unless it is there already."""
        one = self._candidate(self.current or "")
        if one is None or self.model is None:
            return
        file = cif_of(self.model, one) if one.kind == "crystal" else None
        if file is None:
            self.app.notify("Only a crystal whose cell is in the bundle has a pattern.", severity="warning")
        elif not pattern_of(self.model, one.structure):
            application(self).compute_pattern(one.structure, file)

    def action_copy(self) -> None:
        """Copy the structure: SMILES, sequence or formula."""
        one = self._candidate(self.current or "")
        if one is not None:
            self.app.copy_to_clipboard(one.structure)
            self.app.notify(one.structure, title="Copied")
