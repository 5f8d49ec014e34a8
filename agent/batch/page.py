"""The page over a batch: self-contained HTML, no script, links to each bundle's own report."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from agent import __version__
from agent.batch.goals import Problem
from agent.batch.rows import GoalRow, prediction_text, tally
from agent.memory.report.drawing.palette import DARK, LIGHT
from agent.memory.templating import html_template
from agent.records import Usage, now

SHOWN = 12
"""How many of the best hypotheses the page shows."""


def render_page(name: str, rows: Sequence[GoalRow], problems: Sequence[Problem]) -> str:
    """The summary of a batch as a page.

    Args:
        name: What the batch is called.
        rows: Its goals with what their bundles hold.
        problems: Lines of the goals file that could not be used.

    Returns:
        A complete HTML document; links are relative to the batch's folder.
    """
    spent = Usage()
    for row in rows:
        spent = spent.plus(row.usage)
    tops = [(row, row.hypotheses[0]) for row in rows if row.hypotheses]
    tops.sort(key=lambda pair: (pair[1].get("novelty") != "novel", -(pair[1].get("rating") or 0.0)))
    counts = tally([row.outcome for row in rows])
    return html_template("agent.batch", "summary.html.j2").render(
        name=name,
        version=__version__,
        written=now()[:16].replace("T", " "),
        rows=rows,
        counts=counts,
        shares={status: 100 * count / max(1, len(rows)) for status, count in counts.items()},
        problems=problems,
        spent=spent,
        total=len(rows),
        candidates=sum(row.candidates for row in rows),
        hypotheses=sum(len(row.hypotheses) for row in rows),
        unverified=sum(len(one.get("unverified", ())) for row in rows for one in row.hypotheses),
        tops=tops[:SHOWN],
        more=max(0, len(tops) - SHOWN),
        prediction=prediction_text,
        duration=print_duration,
        href=_href,
        light=LIGHT,
        dark=DARK,
    )


def print_duration(seconds: float) -> str:
    """A duration as people say it: ``4.2 s``, ``3 min 05 s``, ``2 h 10 min``."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def _href(bundle: Any, file: str = "report.html") -> str:
    return f"{quote(str(bundle))}/{file}"
