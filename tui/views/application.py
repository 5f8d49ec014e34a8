"""What the views ask of the application: the one face through which a key in a table starts something."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from textual.content import Content
    from textual.widget import Widget

    from agent.campaign.records import State


class Application(Protocol):
    """Everything that the views may ask for; :class:`tui.app.GedankenApp` does it."""

    # --- runs -------------------------------------------------------------------------------------------------------

    def open_run(self, folder: Path) -> None:
        """Open a run, and follow it."""

    def resume_run(self, folder: Path | None = None) -> None:
        """Carry a run on."""

    def tag_run(self, folder: Path, tags: str) -> None:
        """Ask for the words to file a run under."""

    def compare_runs(self, first: Path, second: Path) -> None:
        """Show two runs side by side."""

    def ask_stop(self) -> None:
        """Ask whether to stop the open run."""

    def edit_plan(self) -> None:
        """Open the plan that waits as a form."""

    def cancel_step(self, step: str) -> None:
        """Cancel one step of the run at work."""

    # --- what a run found -------------------------------------------------------------------------------------------

    def jump(self, target: str) -> None:
        """Go to a record of the run by its id."""

    def show_sources(self, sources: Sequence[tuple[str, str]]) -> None:
        """Go to where a value comes from, or let the researcher choose among several places."""

    def show_page(self, text: str | Content) -> None:
        """Show something to read over the whole terminal."""

    def open_files(self, paths: Sequence[Path]) -> None:
        """Open a file with the system's program, or let the researcher choose among several."""

    def show_picture(self, paths: Sequence[Path], title: str) -> None:
        """Draw a picture in the terminal."""

    def compute_pattern(self, structure: str, cif: Path) -> None:
        """Compute a crystal's diffraction pattern."""

    def judge(self, hypothesis: str, verdict: str) -> None:
        """Record what the researcher thinks of a hypothesis."""

    def rerank(self) -> None:
        """Rank the hypotheses anew."""

    def compare_hypotheses(self, first: str, second: str) -> None:
        """Show two hypotheses side by side."""

    # --- experiments and campaigns ----------------------------------------------------------------------------------

    def tell_results(self, key: str, sheet: str = "") -> None:
        """Take an experiment's measured results."""

    def export_experiment(self, key: str, target: str) -> None:
        """Write an experiment's files to a folder."""

    def propose_experiments(self, name: str) -> None:
        """Ask a campaign for its next experiments."""

    def tell_campaign(self, folder: Path, state: State) -> None:
        """Take a campaign's results in a form."""

    def report_campaign(self, name: str) -> None:
        """Write a campaign's report, and open it."""


def application(widget: Widget) -> Application:
    """The application that a view is part of."""
    return cast("Application", widget.app)
