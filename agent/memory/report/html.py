"""The report as one HTML page that needs nothing else: no network, no fonts, no scripts from elsewhere.

The page forbids itself every request by a content security policy, and runs one script only, named by its hash:
nothing that a goal, a tool or a document brings can run in it.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from agent.memory.report.drawing.palette import DARK, LIGHT, themed
from agent.memory.report.printers import PRINTERS
from agent.memory.report.prose import Prose
from agent.memory.report.table import BEST, DRAWINGS
from agent.memory.report.view import View
from agent.memory.templating import html_template
from agent.records import Text

if TYPE_CHECKING:
    from markupsafe import Markup

_PACKAGE = "agent.memory.report"


def render_html(view: View) -> str:
    """The report as a page.

    Args:
        view: What it says.

    Returns:
        A complete HTML document.
    """
    from markupsafe import Markup

    style = html_template(_PACKAGE, "report.css.j2").render(light=LIGHT, dark=DARK)
    script = html_template(_PACKAGE, "report.js").render()

    def prose(text: Text | str) -> Markup:
        return to_html(view.anchors.prose(text))

    return html_template(_PACKAGE, "report.html.j2").render(
        **PRINTERS,
        v=view,
        t=view.t,
        prose=prose,
        segments=to_html,
        href=view.anchors.href,
        label=view.anchors.label,
        drawings=DRAWINGS,
        best=BEST,
        style=Markup(style),
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii"),
        inline=lambda svg: Markup(themed(svg)),
    )


def to_html(segments: Prose) -> Markup:
    """Segments of prose as HTML, escaped; an unverified figure is marked for eyes and for screen readers."""
    from markupsafe import Markup, escape

    parts: list[Markup] = []
    for segment in segments:
        if segment.mark == "unverified":
            template = Markup('<span class="unverified" title="{}">{}<sup aria-label="{}">?</sup></span>')
            parts.append(template.format(segment.note, segment.text, segment.note))
        elif segment.href:
            template = Markup('<a class="{}" href="{}" title="{}">{}</a>')
            parts.append(template.format(segment.mark, segment.href, segment.note or segment.text, segment.text))
        else:
            parts.append(escape(segment.text))
    return Markup("").join(parts)
