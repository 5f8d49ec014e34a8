"""The report as Markdown: the same account, to be read in any editor or on any code forge."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from agent.memory.report.printers import PRINTERS
from agent.memory.report.prose import Prose
from agent.memory.report.view import View
from agent.memory.templating import environment
from agent.records import Text

if TYPE_CHECKING:
    from jinja2 import Template

ROWS = 25
"""How many candidates the Markdown table lists; all of them are in ``candidates.csv``."""

_SPECIAL = re.compile(r"[\\`*\[\]<>|~$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])|&(?=#?\w+;)")
_OPENING = re.compile(r"^(?=(?:#{1,6}|[+-])\s|-{2,}|={2,})|(?<=^\d)(?=[.)]\s)|(?<=^\d\d)(?=[.)]\s)")
"""Where a line would open a heading, a rule or a list."""


class Ready(str):
    """Text that is Markdown already and is not escaped again."""


def escape(value: object) -> str:
    """Plain text as Markdown that reads the same: special characters escaped, line breaks made spaces."""
    if isinstance(value, Ready):
        return value
    text = re.sub(r"\s*\n\s*", " ", str(value))
    return _OPENING.sub(lambda _: "\\", _SPECIAL.sub(lambda match: f"\\{match[0]}", text))


def code(text: str) -> Ready:
    """Text as a code span, whatever backticks it holds; a bar is escaped for tables."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return Ready(f"{fence}{pad}{' '.join(text.split())}{pad}{fence}".replace("|", "\\|"))


@cache
def _template() -> Template:
    return environment("agent.memory.report", escape).get_template("report.md.j2")


def render_markdown(view: View) -> str:
    """The report as Markdown.

    Args:
        view: What it says.

    Returns:
        The document; it ends in a newline.
    """

    def prose(text: Text | str) -> Ready:
        return to_markdown(view.anchors.prose(text))

    def link(source: str) -> Ready:
        return to_markdown((view.anchors.link(source),))

    text = _template().render(
        **PRINTERS,
        v=view,
        t=view.t,
        prose=prose,
        segments=to_markdown,
        link=link,
        code=code,
        ready=Ready,
        max_rows=ROWS,
        unverified_word=view.t.unverified_word,
    )
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def to_markdown(segments: Prose) -> Ready:
    """Segments of prose as Markdown; an unverified figure is followed by a mark that says so."""
    parts: list[str] = []
    for segment in segments:
        shown = escape(segment.text)
        if segment.mark == "unverified":
            parts.append(f'{shown}<sup title="{_attribute(segment.note)}">?</sup>')
        else:
            parts.append(f"[{shown}]({segment.href})" if segment.href else shown)
    return Ready("".join(parts))


def _attribute(text: str) -> str:
    from html import escape as escape_html

    return escape_html(text, quote=True).replace("|", "&#124;")
