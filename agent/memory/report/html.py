"""The report as one HTML page that needs nothing else: no network, no fonts, no scripts from elsewhere.

The page forbids itself every request by a content security policy, and runs one script only, named by its hash:
nothing that a goal, a tool or a document brings can run in it.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING

from agent import vocabulary
from agent.memory.report.hypotheses import merged, print_power, print_prior, print_rating, unit_of
from agent.memory.report.palette import DARK, LIGHT, themed
from agent.memory.report.plan_graph import SYMBOLS, print_seconds
from agent.memory.report.prose import Prose, anchor
from agent.memory.report.rounds import print_probability
from agent.memory.report.table import BEST, DRAWINGS
from agent.memory.report.view import View
from agent.records import Text

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

TEMPLATES = "templates"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("agent.memory.report", TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render_html(view: View) -> str:
    """The report as a page.

    Args:
        view: What it says.

    Returns:
        A complete HTML document.
    """
    from markupsafe import Markup

    environment = _environment()
    style = environment.get_template("report.css.j2").render(light=LIGHT, dark=DARK)
    script = environment.get_template("report.js").render()

    def prose(text: Text | str) -> Markup:
        return to_html(view.anchors.prose(text))

    return environment.get_template("report.html.j2").render(
        v=view,
        t=view.t,
        prose=prose,
        segments=to_html,
        anchor=anchor,
        href=view.anchors.href,
        label=view.anchors.label,
        title=vocabulary.title,
        unit=unit_of,
        merged=merged,
        power=print_power,
        rating=print_rating,
        prior=print_prior,
        seconds=print_seconds,
        probability=print_probability,
        symbols=SYMBOLS,
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
