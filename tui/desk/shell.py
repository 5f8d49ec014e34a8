"""The shell of the app: views, keys, themes, and the loop that follows the open run.

The first paint needs Textual alone: records, settings and the views besides the chat are loaded after it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.css.query import NoMatches
from textual.widget import Widget
from textual.widgets import ContentSwitcher, Footer

from tui.desk.loading import defaults, load, make_view
from tui.drawing.themes import INK, SHORT, THEMES
from tui.widgets.bars import VIEWS, State, StatusBar, ViewBar
from tui.widgets.composer import Composer
from tui.widgets.transcript import RunCard, Transcript

if TYPE_CHECKING:
    from agent.settings import Settings
    from tui.runs.children import Children
    from tui.runs.follow import Follower, RunModel
    from tui.widgets.streamed import Streamed

POLL = 0.1
"""Seconds between two looks at the open run: what happens in between is taken in at once."""
DRAW = 0.3
"""Seconds between two drawings of a run that streams; what is typed is drawn at once in between."""


class Shell(App[int]):
    """Views, keys, and the open run.

    Args:
        home: The lab's folder, in place of what the settings say.
        out: The folder of bundles, in place of what the settings say.
        command: How the command line is called for runs and tool calls.
    """

    CSS_PATH = "app.tcss"
    TITLE = "Gedanken"
    ENABLE_COMMAND_PALETTE = True
    HORIZONTAL_BREAKPOINTS: ClassVar[list[tuple[int, str]] | None] = [
        (0, "-tiny"),
        (60, "-narrow"),
        (112, "-wide"),
        (150, "-vast"),
    ]
    VERTICAL_BREAKPOINTS: ClassVar[list[tuple[int, str]] | None] = [(0, "-flat"), (15, "-low"), (28, "-tall")]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "help", "Help", priority=True),
        *(Binding(f"f{key}", f"view('{name}')", title, show=False, priority=True) for name, title, key in VIEWS),
        *(Binding(key, f"view('{name}')", title, show=False) for name, title, key in VIEWS),
        Binding("question_mark", "help", "Help", show=False),
        Binding("ctrl+c", "interrupt", "Stop run", show=False, priority=True),
        Binding("ctrl+g", "last_source", "Sources", show=False, priority=True),
        Binding("ctrl+q", "quit", "Quit", priority=True),
    ]

    def __init__(
        self, *, home: Path | None = None, out: Path | None = None, command: tuple[str, ...] | None = None
    ) -> None:
        super().__init__()
        self._named = {"home": home, "out": out}
        self._command = command
        self.settings: Settings | None = None
        self.trouble = ""
        self.children_: Children | None = None
        self.model: RunModel | None = None
        self.follower: Follower | None = None
        self.card: RunCard | None = None
        self._behind: list[tuple[RunCard, Follower]] = []  # runs that went on when another one was opened
        self.state = State()
        self.ready = asyncio.Event()
        self._polling = False
        self._ticked = 0.0
        self._drawn = 0.0
        self._stale = False
        self._streamed: Streamed | None = None
        self._streaming = ""
        self._last_status = ""
        self.sources: list[tuple[str, str]] = []
        self.passages: dict[str, dict[str, Any]] = {}  # sentences of documents that the chat quoted, by their key

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Colours that our themes set and others may not."""
        return {"muted": "#868d99"}

    def compose(self) -> ComposeResult:
        """The bar of views, the views (the others come when they are asked for), the state, the keys."""
        yield ViewBar()
        with ContentSwitcher(initial="chat", id="views"), Vertical(id="chat"):
            with Horizontal(id="talk"):
                yield Transcript()
                yield Vertical(id="side")
            yield Composer(id="composer")
        yield StatusBar()
        yield Footer(compact=True, show_command_palette=False)

    def on_mount(self) -> None:
        """Dress, paint, then load the rest."""
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = SHORT.get(os.environ.get("GEDANKEN_THEME", ""), INK.name)
        self.query_one(Composer).entry.focus()
        self.redraw()
        self.call_after_refresh(self._warm)

    # --- loading ----------------------------------------------------------------------------------------------------

    def _warm(self) -> None:
        """Load settings and records beside the event loop, then begin to follow."""
        self.run_worker(self._warm_now(), exclusive=True, group="warm")

    async def _warm_now(self) -> None:
        from agent.errors import GedankenError

        try:
            self.settings = await asyncio.to_thread(load, self._named)
        except GedankenError as error:
            self.trouble = str(error)
            self.settings = await asyncio.to_thread(defaults, self._named)
        from tui.runs.children import COMMAND, Children

        options = ("--home", str(self.settings.home), "--out", str(self.settings.out))
        self.children_ = Children(self._command or COMMAND, options)
        for composer in self.query(Composer):  # none where the interface is being left already
            composer.load_history(self.settings.home / "composer.jsonl")
        wanted = SHORT.get(self.settings.theme, self.settings.theme)
        if wanted in self.available_themes:
            self.theme = wanted
        else:
            self.trouble = self.trouble or f"There is no theme '{self.settings.theme}'. /theme lists them."
        self.set_interval(POLL, self._tick)
        await self.started()
        self.ready.set()
        self.redraw()

    async def started(self) -> None:
        """What happens once everything is loaded."""

    @property
    def processes(self) -> Children:
        """The processes that this face started."""
        assert self.children_ is not None
        return self.children_

    # --- views ------------------------------------------------------------------------------------------------------

    @property
    def current_view(self) -> str:
        """Name of the view that is shown."""
        return self.query_one("#views", ContentSwitcher).current or "chat"

    async def action_view(self, name: str) -> None:
        """Show a view; it is built when it is asked for the first time."""
        if not self.ready.is_set() or len(self.screen_stack) > 1:
            return
        switcher = self.query_one("#views", ContentSwitcher)
        if not switcher.query(f"#{name}"):
            await switcher.add_content(make_view(name), id=name)
        switcher.current = name
        view = switcher.get_child_by_id(name)
        if name == "runs":
            self.refresh_runs()
        elif name == "campaigns":
            self.refresh_campaigns()
        self.redraw()
        self.call_after_refresh(self.redraw)  # once more, when the new view knows its size
        if name == "chat":
            self.query_one(Composer).entry.focus()
        else:
            view.take_focus()  # type: ignore[attr-defined]

    def refresh_runs(self) -> None:
        """Read the list of runs anew."""

    def refresh_campaigns(self) -> None:
        """Read the list of campaigns anew."""

    def redraw(self) -> None:
        """Draw what is visible as things stand."""
        with contextlib.suppress(NoMatches):  # a view that is just being built or taken down is drawn when it is there
            self._redraw()

    def _redraw(self) -> None:
        if not self.is_mounted or not self.screen_stack:
            return
        width = self.size.width
        base = self.screen_stack[0]
        base.query_one(ViewBar).show(self.current_view_on(base), self.model, width - 2)
        base.query_one(StatusBar).show(self.state, self.model, width - 2)
        view = self.current_view_on(base)
        if view == "chat":
            self._redraw_chat(base)
        elif found := base.query(f"#{view}"):
            found.first().show(self.model)  # type: ignore[attr-defined]

    def current_view_on(self, base: Widget) -> str:
        """Name of the view behind any dialog."""
        return base.query_one("#views", ContentSwitcher).current or "chat"

    def _redraw_chat(self, base: Any) -> None:
        wide = base.has_class("-vast") and self.model is not None and bool(self.model.history.steps)
        side = base.query_one("#side")
        if side.has_class("-used") != wide:
            side.set_class(wide, "-used")
            self.call_after_refresh(self.redraw)  # once more, when the transcript knows its width
        if self.model is not None:
            if self.card is not None and self.card.is_attached:
                self.card.show(self.model, steps=not wide)
            if wide:
                from tui.views.plan import PlanView

                if not side.query(PlanView):
                    side.mount(PlanView())
                side.query_one(PlanView).show(self.model)
        self._redraw_stream(base)
        base.query_one(Composer).hint(self.hint())

    def _redraw_stream(self, base: Any) -> None:
        """A model's text as it comes in: only what is new is rendered."""
        live = self.model.live if self.model else None
        text = live.text if live else ""
        if not text:
            if self._streamed is not None:
                self._streamed.remove()
                self._streamed, self._streaming = None, ""
            return
        if self._streamed is None:
            from tui.widgets.streamed import Streamed

            self._streamed, self._streaming = Streamed(), ""
            base.query_one(Transcript).mount(self._streamed)
        if text.startswith(self._streaming):
            self._streamed.append(text[len(self._streaming) :])
        else:
            self._streamed.update(text)
        self._streaming = text

    def hint(self) -> str:
        """What Enter will do, for the composer's border."""
        return ""

    def on_resize(self) -> None:
        """Draw for the new size."""
        self.call_after_refresh(self.redraw)

    def watch_theme(self, theme: str) -> None:
        """Draw in the new colours."""
        self.call_after_refresh(self.redraw)

    # --- following --------------------------------------------------------------------------------------------------

    async def _tick(self) -> None:
        """Look at the open run; draw if it changed, and once a second while it works."""
        if self._polling:
            return
        self._polling = True
        try:
            changed = await self._look()
            now = time.monotonic()
            if now - self._ticked >= 1.0:
                self._ticked = now
                self.each_second()
                changed = changed or (self.model is not None and self.model.status == "running")
            self._stale = self._stale or changed
            if self._stale and now - self._drawn >= DRAW:
                self._drawn, self._stale = now, False
                self.redraw()
        finally:
            self._polling = False

    async def _look(self) -> bool:
        model, follower = self.model, self.follower
        if model is None or follower is None:
            return False
        changed = False
        more = True
        while more and self.model is model:
            batch = await asyncio.to_thread(follower.poll)
            more = batch.more
            changed = model.take(batch) or changed
        spawned = self.processes.carrying(model.folder)
        ended = self.processes.ended(model.folder)
        if ended is not None:
            model.failure = ended
        if spawned != model.spawned:
            model.spawned, changed = spawned, True
        if model.status != self._last_status:
            before, self._last_status = self._last_status, model.status
            changed = True
            self.status_changed(model, before)
        return changed

    def status_changed(self, model: RunModel, before: str) -> None:
        """What happens when the open run's status changed."""

    def each_second(self) -> None:
        """What is looked at once a second."""

    @on(Composer.HelpAsked)
    def _help_asked(self) -> None:
        self.call_later(self.run_action, "help")
