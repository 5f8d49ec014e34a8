"""What is loaded after the first paint: settings, records, and the views besides the chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from textual.widget import Widget

    from agent.settings import Settings


def make_view(name: str) -> Widget:
    """A view by its name."""
    match name:
        case "plan":
            from tui.views.plan import PlanView as View
        case "candidates":
            from tui.views.candidates import CandidatesView as View
        case "hypotheses":
            from tui.views.hypotheses import HypothesesView as View
        case "experiments":
            from tui.views.experiments import ExperimentsView as View
        case "evidence":
            from tui.views.evidence import EvidenceView as View
        case "campaigns":
            from tui.views.campaigns import CampaignsView as View
        case _:
            from tui.views.runs import RunsView as View
    return View(id=name)


def load(named: dict[str, Path | None]) -> Settings:
    """The lab's settings, with whole paths.

    Args:
        named: What was named on the command line.

    Raises:
        GedankenError: They cannot be read.
    """
    import tui.runs.follow  # noqa: F401  (loaded here, so that opening a run does not wait for it)
    from agent.settings import load_settings

    settings = load_settings(**named).settings
    return settings.model_copy(update={"out": settings.out.resolve(), "home": settings.home.resolve()})


def defaults(named: dict[str, Path | None]) -> Settings:
    """Settings to go on with where the lab's own cannot be read."""
    from agent.settings import Settings

    settings = Settings(**{name: path for name, path in named.items() if path is not None})  # type: ignore[arg-type]
    return settings.model_copy(update={"out": settings.out.resolve(), "home": settings.home.resolve()})
