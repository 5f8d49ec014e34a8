"""The form of a new campaign: what is measured, and a line for every factor that is varied."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Footer, Input, Select, Static

from tui.drawing import paint
from tui.forms import lookalikes
from tui.forms.spaces import GOALS, KINDS, Draft, Factor, read_draft, write_toml
from tui.widgets.field_row import onward


class Line(Vertical):
    """Fields side by side, and what is wrong with them below."""

    def __init__(self, *fields: Input | Select[str], id: str | None = None) -> None:
        super().__init__(id=id, classes="line")
        self._fields = fields
        self._complaint = Static(classes="complaint")
        self._complaint.display = False

    def compose(self) -> ComposeResult:
        """Fields and complaint."""
        with Horizontal(classes="cells"):
            yield from self._fields
        yield self._complaint

    @property
    def texts(self) -> list[str]:
        """What stands in its fields."""
        return [one.value if isinstance(one, Input) else str(one.value) for one in self._fields]

    def complain(self, message: str) -> None:
        """Say what is wrong, and what to look at twice."""
        warning = lookalikes.describe(" ".join(self.texts))
        parts = [Content.styled(f"✗ {message}", "$error")] if message else []
        parts += [Content.styled(f"! {warning}", "$warning")] if warning else []
        self._complaint.display = bool(parts)
        self._complaint.update(paint.lines(parts))


def _factor_line() -> Line:
    return Line(
        Input(placeholder="name", compact=True, classes="short"),
        Select([(kind, kind) for kind in KINDS], value="range", allow_blank=False, compact=True),
        Input(placeholder="30 to 110, or a, b, c", compact=True),
        Input(placeholder="unit", compact=True, classes="short"),
    )


class SpaceForm(ModalScreen["tuple[str, str] | None"]):
    """A new campaign; dismissed with its name and the text of its space file, or ``None``.

    Args:
        folder: Where campaigns are kept: a name that is taken is refused.
        name: The name, where it is given already.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "send", "Begin", priority=True),
        Binding("ctrl+n", "add", "Another factor", priority=True),
        Binding("ctrl+d", "drop", "Drop factor", priority=True),
        Binding("escape", "dismiss(None)", "Cancel"),
    ]

    def __init__(self, folder: Path, name: str = "") -> None:
        super().__init__()
        self._folder, self._given = folder, name
        self._sent = False

    def compose(self) -> ComposeResult:
        """The name, the objective, the factors, the buttons."""
        with Vertical(classes="dialog large"):
            yield Static(Content.styled("A new campaign", "bold $primary"), classes="title")
            with VerticalScroll(id="space-lines", can_focus=False):
                yield Line(Input(self._given, placeholder="its name", compact=True), id="space-name")
                yield Static(paint.muted("What is measured, where it should go, its unit, the target if there is one"))
                yield Line(
                    Input(placeholder="yield", compact=True),
                    Select([(goal, goal) for goal in GOALS], value=GOALS[0], allow_blank=False, compact=True),
                    Input(placeholder="unit", compact=True, classes="short"),
                    Input(placeholder="target", compact=True, classes="short"),
                    id="space-objective",
                )
                yield Static(paint.muted("What is varied: a range of a number, steps of it, or choices"))
                with Vertical(id="space-factors"):
                    yield _factor_line()
                    yield _factor_line()
            yield Static(id="space-trouble", classes="complaint")
            with Horizontal(classes="buttons"):
                yield Button("Begin", variant="success", id="send", compact=True)
                yield Button("Another factor", id="add", compact=True)
                yield Button("Drop factor", id="drop", compact=True)
                yield Button("Cancel", id="cancel", compact=True)
            yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Begin at the first blank field."""
        self.query_one("#space-trouble").display = False
        self.query_one("#space-objective Input" if self._given else "#space-name Input").focus()

    def _factors(self) -> list[Line]:
        return list(self.query_one("#space-factors").query(Line))

    def draft(self) -> Draft:
        """The form as it stands."""
        (name,) = self.query_one("#space-name", Line).texts
        objective, goal, unit, target = self.query_one("#space-objective", Line).texts
        factors = tuple(Factor(*line.texts) for line in self._factors())
        return Draft(name, objective, goal, unit, target, factors)

    @on(Input.Changed)
    @on(Select.Changed)
    def _typed(self, event: Input.Changed | Select.Changed) -> None:
        event.stop()
        self._mark()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if not onward(self, event.control):
            self.action_send()

    def _mark(self) -> bool:
        """Show what is wrong with what was filled in (with all of it once it was sent); whether it fits."""
        draft = self.draft()
        _, wrong = read_draft(draft)
        name = draft.name.strip()
        if "name" not in wrong and ((self._folder / name).exists() or self._file(name).exists()):
            wrong["name"] = f"there is a campaign '{name}' already"
        self._show("name", self.query_one("#space-name", Line), wrong, filled=bool(name))
        filled = bool(draft.unit.strip() or draft.target.strip() or draft.objective.strip())
        self._show("objective", self.query_one("#space-objective", Line), wrong, filled=filled)
        for place, (line, factor) in enumerate(zip(self._factors(), draft.factors, strict=True)):
            self._show(str(place), line, wrong, filled=bool(factor.name.strip() and factor.values.strip()))
        trouble = self.query_one("#space-trouble", Static)
        trouble.display = self._sent and "" in wrong
        trouble.update(Content.styled(f"✗ {wrong.get('', '')}", "$error"))
        return not wrong

    def _show(self, key: str, line: Line, wrong: dict[str, str], *, filled: bool) -> None:
        line.complain(wrong.get(key, "") if filled or self._sent else "")

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.toml"

    def action_send(self) -> None:
        """Begin the campaign, if nothing is wrong."""
        self._sent = True
        if self._mark():
            draft = self.draft()
            plain, _ = read_draft(draft)
            self.dismiss((draft.name.strip(), write_toml(plain)))

    async def action_add(self) -> None:
        """Another line for a factor."""
        line = _factor_line()
        await self.query_one("#space-factors").mount(line)
        line.query_one(Input).focus()
        line.scroll_visible(animate=False)

    async def action_drop(self) -> None:
        """Drop the factor of the line that one is in, or the last one."""
        lines = self._factors()
        focused = self.focused.ancestors if self.focused is not None else ()
        line = next((one for one in lines if one in focused), lines[-1])
        if len(lines) > 1:
            place = lines.index(line)
            await line.remove()
            self._factors()[max(0, place - 1)].query_one(Input).focus()
        self._mark()

    @on(Button.Pressed)
    async def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        match event.button.id:
            case "send":
                self.action_send()
            case "add":
                await self.action_add()
            case "drop":
                await self.action_drop()
            case _:
                self.dismiss(None)
