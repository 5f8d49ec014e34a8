"""The prompt templates: short files, and the placeholders that each may use.

A placeholder is written ``<<goal>>``. Every template declares its placeholders in `TEMPLATES`; a file that uses
another, or does not use one, is refused when it is read. Values are inserted once and never read for placeholders
themselves, so that a goal may hold any text.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files

TEMPLATES: dict[str, frozenset[str]] = {
    "rules": frozenset(),
    "interpret": frozenset({"goal", "playbooks", "quantities"}),
    "plan": frozenset({"goal", "brief", "tools", "steps"}),
    "review": frozenset({"goal", "steps", "candidates", "limit"}),
    "hypothesise": frozenset({"goal", "evidence", "candidates", "values", "passages", "quantities", "limit"}),
    "critique": frozenset({"goal", "values", "hypotheses"}),
    "compare": frozenset({"goal", "criteria", "first", "second"}),
    "design": frozenset({"goal", "hypothesis", "procedure", "values"}),
    "answer": frozenset({"question", "passages"}),
}
"""The placeholders of each template."""

_PLACEHOLDER = re.compile(r"<<(\w+)>>")


def render(name: str, **values: str) -> str:
    """Fill a template.

    Args:
        name: A key of `TEMPLATES`.
        **values: One text for every placeholder.

    Returns:
        The prompt.

    Raises:
        KeyError: There is no such template.
        ValueError: The values are not exactly the template's placeholders, or the file does not use exactly those.
    """
    declared = TEMPLATES[name]
    if set(values) != declared:
        raise ValueError(f"the prompt '{name}' takes {sorted(declared)}, and was given {sorted(values)}")
    return _PLACEHOLDER.sub(lambda match: values[match[1]], _template(name))


def data_block(title: str, text: str) -> str:
    """Text that somebody else wrote, fenced so that it is read as data.

    The fence carries a digest of the text, so that no text can hold its own end.

    Args:
        title: What it is.
        text: The text as it is.
    """
    mark = hashlib.sha256(text.encode()).hexdigest()[:12]
    return f"[data {mark}: {title}]\n{text.strip() or '(none)'}\n[end of data {mark}]"


@cache
def _template(name: str) -> str:
    text = files("agent.reasoning.prompts").joinpath(f"{name}.md").read_text(encoding="utf-8").strip()
    used = frozenset(_PLACEHOLDER.findall(text))
    if used != TEMPLATES[name]:
        raise ValueError(f"the prompt '{name}' uses {sorted(used)}, and is declared with {sorted(TEMPLATES[name])}")
    return text
