"""The approval form: every step of the plan that waits, its arguments in typed fields, checked as one types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Footer, Input, OptionList, Select, Static
from textual.widgets.option_list import Option

from tui.drawing import paint
from tui.forms import fields
from tui.widgets.field_row import FieldRow

if TYPE_CHECKING:
    from agent.records import Step
    from agent.tools import Catalogue


class PlanForm(ModalScreen[Any]):
    """Read, edit, drop, reorder, approve or reject. Dismissed with the answer, or ``None`` to decide later.

    Args:
        steps: The plan.
        catalogue: The tools, for their schemas.
        question: What the run asks: it says which steps are costly or hazardous.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "approve", "Approve", priority=True),
        Binding("ctrl+r", "reject", "Reject", priority=True),
        Binding("ctrl+d", "drop", "Drop, keep", priority=True),
        Binding("shift+up", "shift(-1)", "Up", priority=True),
        Binding("shift+down", "shift(1)", "Down", priority=True),
        Binding("escape", "later", "Later"),
    ]

    def __init__(self, steps: Mapping[str, Step], catalogue: Catalogue, question: str = "") -> None:
        super().__init__()
        self._question = (
            question.removeprefix(f"Run this plan of {len(steps)} steps?").strip() or "change, then approve"
        )
        self._steps = dict(steps)
        self._before = list(steps)
        self._catalogue = catalogue
        self._arguments = {key: dict(step.arguments) for key, step in steps.items()}
        self._dropped: set[str] = set()
        self._current = ""
        self._wrong: dict[str, dict[str, str]] = {}

    def compose(self) -> ComposeResult:
        """Steps on the left, the form of one on the right."""
        with Vertical(classes="dialog large"):
            yield Static(
                Content.assemble(("Run this plan?", "bold $primary"), (f"  {self._question}", "$muted")),
                classes="title",
            )
            with Horizontal(id="plan-split"):
                yield OptionList(id="plan-steps", compact=True)
                yield VerticalScroll(id="plan-fields")
            yield Static(id="plan-trouble")
            with Horizontal(classes="buttons"):
                yield Button("Approve", variant="success", id="approve", compact=True)
                yield Button("Reject…", variant="error", id="reject", compact=True)
                yield Button("Drop step", id="drop", compact=True)
                yield Button("Later", id="later", compact=True)
            yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Check every step, and show the first."""
        for step in self._steps:
            self._check(step)
        self._list()
        self.query_one("#plan-steps", OptionList).highlighted = 0
        self.query_one("#plan-steps").focus()
        self._say()

    # --- steps ------------------------------------------------------------------------------------------------------

    def _list(self) -> None:
        listed = self.query_one("#plan-steps", OptionList)
        prompts = {key: self._prompt(key) for key in self._steps}
        if [option.id for option in listed.options] != list(prompts):
            listed.set_options(Option(prompt, id=key) for key, prompt in prompts.items())
            listed.highlighted = list(prompts).index(self._current) if self._current else 0
            return
        for key, prompt in prompts.items():
            listed.replace_option_prompt(key, prompt)

    def _prompt(self, key: str) -> Content:
        step = self._steps[key]
        if key in self._dropped:
            return Content.styled(f"– {key:<4}{step.tool}", "$muted strike")
        glyph = Content.styled("✗", "$error") if self._wrong.get(key) else Content.styled("✓", "$success")
        changed = " *" if self._changes(key) else ""
        return Content.assemble(glyph, f" {key:<4}", step.tool, (changed, "$accent"))

    @on(OptionList.OptionHighlighted, "#plan-steps")
    async def _chosen(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        key = event.option_id or ""
        if key == self._current or key not in self._steps:
            return
        self._current = key
        step = self._steps[key]
        box = self.query_one("#plan-fields", VerticalScroll)
        await box.remove_children()
        rows: list[Static | FieldRow] = [
            Static(Content.assemble((f"{key}  ", "$muted"), (step.tool, "bold $primary"))),
            *([Static(paint.muted(step.why))] if step.why else []),
        ]
        rows += [
            FieldRow(field, fields.written(field, self._arguments[key].get(field.name, field.default)))
            for field in self._fields(key)
        ]
        await box.mount_all(rows)
        self._mark()

    def _fields(self, key: str) -> tuple[fields.Field, ...]:
        tool = self._steps[key].tool
        return fields.fields_of(self._catalogue.get(tool)) if tool in self._catalogue else ()

    # --- checking ---------------------------------------------------------------------------------------------------

    @on(Input.Changed)
    @on(Select.Changed)
    def _typed(self, event: Input.Changed | Select.Changed) -> None:
        event.stop()
        row = next((one for one in event.control.ancestors if isinstance(one, FieldRow)), None)
        if row is None or not self._current:
            return
        value, arguments = row.value, self._arguments[self._current]
        if row.field.name in self._steps[self._current].arguments or value != row.field.default:
            arguments[row.field.name] = value
        else:
            arguments.pop(row.field.name, None)
        self._check(self._current)
        self._mark()
        self._list()
        self._say()

    def _check(self, key: str) -> None:
        tool = self._steps[key].tool
        if tool in self._catalogue:
            self._wrong[key] = fields.complaints(self._catalogue.get(tool), self._arguments[key])
        else:
            self._wrong[key] = {"": f"there is no tool '{tool}' here"}

    def _mark(self) -> None:
        wrong = self._wrong.get(self._current, {})
        for row in self.query(FieldRow):
            row.complain(
                wrong.get(row.field.name, ""), fields.suspicious(self._arguments[self._current].get(row.field.name, ""))
            )

    def _say(self) -> None:
        told: list[Content] = []
        for key, wrong in self._wrong.items():
            if wrong and key not in self._dropped:
                told += [Content.styled(f"✗ {key} {name}: {message}", "$error") for name, message in wrong.items()]
        for key in sorted(self._dropped):
            needing = [one.id for one in self._steps.values() if key in one.needs and one.id not in self._dropped]
            if needing:
                told.append(
                    Content.styled(f"! {', '.join(needing)} need {key}, and are skipped without it", "$warning")
                )
        self.query_one("#plan-trouble", Static).update(paint.lines(told[:3]))
        self.query_one("#plan-trouble").display = bool(told)
        self.query_one("#approve", Button).disabled = not self._fit

    @property
    def _fit(self) -> bool:
        kept = [key for key in self._steps if key not in self._dropped]
        return bool(kept) and not any(self._wrong.get(key) for key in kept)

    def _changes(self, key: str) -> dict[str, Any]:
        before = self._steps[key].arguments
        return {name: value for name, value in self._arguments[key].items() if before.get(name, _MISSING) != value}

    # --- ending -----------------------------------------------------------------------------------------------------

    def action_approve(self) -> None:
        """Approve the plan as it stands in the form."""
        if not self._fit:
            self.notify("Mend or drop the marked steps first.", severity="error")
            return
        edit = {key: changes for key in self._steps if key not in self._dropped and (changes := self._changes(key))}
        changed: dict[str, Any] = {"approve": True}
        if edit:
            changed["edit"] = edit
        if self._dropped:
            changed["drop"] = sorted(self._dropped)
        if list(self._steps) != self._before:
            changed["order"] = list(self._steps)
        self.dismiss(changed if len(changed) > 1 else "yes")

    def action_reject(self) -> None:
        """Reject the plan, with a reason."""
        from tui.dialogs.small import Ask

        def rejected(reason: str | None) -> None:
            if reason is not None:
                self.dismiss(f"no {reason}".strip())

        self.app.push_screen(Ask("Why is the plan rejected?", empty=True), rejected)

    def action_drop(self) -> None:
        """Drop the chosen step, or take it back."""
        if not self._current:
            return
        self._dropped ^= {self._current}
        self._list()
        self._say()

    def action_shift(self, by: int) -> None:
        """Move the chosen step before or behind its neighbour: of the steps that could run, the first runs first."""
        order = list(self._steps)
        at = order.index(self._current) if self._current in order else -1
        other = at + by
        if at < 0 or not 0 <= other < len(order):
            return
        first, second = (order[other], order[at]) if by < 0 else (order[at], order[other])
        if first in self._steps[second].needs:
            self.notify(f"{second} needs {first}: it cannot come before it.", severity="warning")
            return
        order[at], order[other] = order[other], order[at]
        self._steps = {key: self._steps[key] for key in order}
        self._list()

    def action_later(self) -> None:
        """Close without an answer; the run goes on waiting."""
        self.dismiss(None)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        event.stop()
        {
            "approve": self.action_approve,
            "reject": self.action_reject,
            "drop": self.action_drop,
            "later": self.action_later,
        }[event.button.id or "later"]()


_MISSING = object()
