"""The readable account of a run: one HTML page and one Markdown text, with figures, from the run's history alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from agent.memory.history import History
from agent.records import RunInfo

__all__ = ["Report", "render_report"]


@dataclass(frozen=True)
class Report:
    """A rendered report.

    Attributes:
        html: The page, complete in itself.
        markdown: The text; its figures are files beside it.
        figures: SVG by path in the bundle.
    """

    html: str
    markdown: str
    figures: dict[str, str]


def render_report(folder: Path, info: RunInfo, history: History) -> Report:
    """Render the account of a run.

    Args:
        folder: The bundle; drawings and plots are read from its ``artifacts/``.
        info: The head of the bundle.
        history: The run.

    Returns:
        The report. The same run gives the same bytes.
    """
    from agent.memory.report.html import render_html
    from agent.memory.report.markdown import render_markdown
    from agent.memory.report.view import build_view

    view = build_view(folder, info, history)
    drawn = [*view.figures, *([view.plan] if view.plan else [])]
    return Report(render_html(view), render_markdown(view), {figure.path: figure.svg for figure in drawn})
