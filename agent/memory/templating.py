"""Templates of the pages that a run, a batch or an experiment leaves: all are set in the same way."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment, Template


def environment(package: str, escape: Callable[[Any], str] | None = None) -> Environment:
    """The templates of a package's folder ``templates``; a name that one uses and is not given is an error.

    Args:
        package: Its name.
        escape: Makes any value fit for the page (default: as HTML asks for).
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader(package, "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=escape is None,
        finalize=escape,
        keep_trailing_newline=escape is not None,
    )


@cache
def html_template(package: str, name: str) -> Template:
    """A template of a page in HTML, read once."""
    return environment(package).get_template(name)
