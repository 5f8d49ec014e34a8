"""The plan, live: every step with its stretch of time, and what it is doing, has found, or why it failed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.drawing import paint
from tui.texts.steps import step_detail, step_lines

if TYPE_CHECKING:
    from tui.runs.follow import RunModel
from tui.views.application import application
from tui.views.browser import Detail


class PlanView(Vertical):
    """Steps on a common time line; parallel ones have bars under each other."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("g", "source", "Evidence"),
        Binding("enter", "details", "Details", show=False),
        Binding("e", "edit_plan", "Edit plan"),
        Binding("d", "cancel_step", "Cancel step"),
        Binding("x", "stop_run", "Stop run"),
        Binding("escape", "back", "Back", show=False),
    ]

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id, classes="browser sentences")
        self.model: RunModel | None = None
        self._drawn: dict[str, Content] = {}
        self._detailed: Content | None = None

    def compose(self) -> ComposeResult:
        """The steps and the details of one."""
        yield Static(classes="headline")
        with Horizontal(classes="split"):
            yield OptionList(classes="list steps", compact=True)
            yield Detail(classes="detail")
        yield Static("No plan yet. A goal gets one as soon as it is understood.", classes="empty")

    def on_mount(self) -> None:
        """Draw what was handed over before."""
        self.call_after_refresh(lambda: self.show(self.model))

    @property
    def steps(self) -> OptionList:
        """The list of steps."""
        return self.query_one(OptionList)

    @property
    def current(self) -> str | None:
        """The chosen step."""
        option = self.steps.highlighted_option
        return option.id if option else None

    def show(self, model: RunModel | None) -> None:
        """Take the run as it stands; only lines that changed are drawn anew."""
        self.model = model
        if not self.is_mounted:
            return
        steps = list(model.history.steps) if model else []
        self.query_one(".empty").display = not steps
        self.query_one(".split").display = bool(steps)
        self.query_one(".headline", Static).display = bool(steps)
        if model is None or not steps:
            self.steps.clear_options()
            self._drawn = {}
            return
        self.query_one(".headline", Static).update(
            paint.muted(paint.shorten(model.history.rationale or model.goal, 2 * self.app.size.width - 8))
        )
        width = (self.steps.scrollable_content_region.width or self.app.size.width - 2) - 1
        drawn = step_lines(model, width, time.time())
        if list(self._drawn) != steps:
            chosen = self.current
            self.steps.set_options(Option(line, id=step) for step, line in drawn.items())
            self.steps.highlighted = steps.index(chosen) if chosen in steps else 0
        else:
            for step, line in drawn.items():
                if not same(line, self._drawn[step]):
                    self.steps.replace_option_prompt(step, line)
        self._drawn = drawn
        self.refresh_detail()
        self.refresh_bindings()

    def refresh_detail(self) -> None:
        """Draw the details of the chosen step."""
        if self.model is None or self.current is None:
            return
        content = step_detail(self.model, self.current)
        if self._detailed is None or not same(content, self._detailed):
            self._detailed = content
            self.query_one(Detail).query_one(Static).update(content)

    def choose(self, key: str) -> bool:
        """Put the cursor on a step; whether there is one."""
        if key not in self._drawn:
            return False
        self.steps.highlighted = list(self._drawn).index(key)
        self.refresh_detail()
        return True

    @on(OptionList.OptionHighlighted)
    def _moved(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        self.refresh_detail()
        self.refresh_bindings()
        self.query_one(Detail).scroll_home(animate=False)

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_details()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a key only where it does something: what a plan that waits, goes or has ended allows."""
        model = self.model
        if model is None:
            return action not in ("source", "cancel_step", "stop_run", "edit_plan")
        asked = model.history.question
        match action:
            case "edit_plan":
                return asked is not None and asked.key == "approve" and model.status == "waiting"
            case "stop_run":
                return model.working
            case "cancel_step":
                return self.current is not None and model.history.states[self.current].status in ("pending", "running")
            case "source":
                return self.current is not None and "e" + self.current[1:] in model.history.evidence
        return True

    def action_details(self) -> None:
        """Go into the details."""
        self.add_class("-open")
        self.query_one(Detail).focus()

    def action_back(self) -> None:
        """Leave the details, then the view."""
        if self.has_class("-open") or self.query_one(Detail).has_focus:
            self.remove_class("-open")
            self.steps.focus()
        else:
            self.app.call_later(self.app.run_action, "app.view('chat')")

    def action_source(self) -> None:
        """Go to what the step brought."""
        if self.current is not None:
            application(self).jump("e" + self.current[1:])

    def action_edit_plan(self) -> None:
        """Open the plan that waits as a form."""
        application(self).edit_plan()

    def action_stop_run(self) -> None:
        """Stop the run in order, if that is meant."""
        application(self).ask_stop()

    def action_cancel_step(self) -> None:
        """Cancel the chosen step; the run goes on."""
        if self.current is not None:
            application(self).cancel_step(self.current)

    def take_focus(self) -> None:
        """Focus the list."""
        self.remove_class("-open")
        self.steps.focus()


def same(one: Content, other: Content) -> bool:
    """Whether two contents look the same."""
    return one.plain == other.plain and one.spans == other.spans
