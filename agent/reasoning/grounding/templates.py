"""Writing prose whose figures are references, and reading prose that others wrote."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from agent.reasoning.grounding.lexing import figures
from agent.reasoning.grounding.matching import Registry
from agent.records import Citation, Quantity, Span, Text
from agent.units import print_value

if TYPE_CHECKING:
    from agent.reasoning.protocol import RunView

_REFERENCE = re.compile(r"\{\{\s*([^{}|]+?)\s*(?:\|\s*(\w+)\s*)?\}\}")


def number(
    value: float, unit: str = "1", *, source: str, uncertainty: float | None = None, name: str = "value"
) -> Quantity:
    """A quantity to write with: a value derived from evidence, a published constant, or a setting of a method.

    Args:
        value: The number, in ``unit``.
        unit: Its unit.
        source: Where it comes from (see the package's docstring for the forms).
        uncertainty: One standard deviation, in ``unit``.
        name: What it is.

    Returns:
        The quantity.
    """
    return Quantity(name=name, value=float(value), unit=unit, uncertainty=uncertainty, source=source)


def ground(
    text: str,
    registry: Mapping[str, Quantity],
    *,
    goal: str = "",
    passages: Iterable[Citation] = (),
    names: Mapping[str, str] | None = None,
) -> Text:
    """Account for every figure of a text.

    References ``{{c5.logP}}`` are rendered with unit and uncertainty (``{{c5.logP|bare}}`` without), ``{{c5}}`` as the
    candidate's name. Literal figures are matched to the registry by their printed digits and the unit that follows, to
    the goal's numbers (source ``goal``), and to the figures of cited quotes (source: the passage).

    Args:
        text: Prose, possibly with references.
        registry: Values by reference, as `RunView.quantities` gives them.
        goal: The goal's text.
        passages: Passages that may be drawn on.
        names: What candidates are called, by id.

    Returns:
        The rendered text. A span without source marks a figure, or a reference, that nothing supports.
    """
    return _render(text, Registry(registry, goal, passages, names), strict=False)


def _render(text: str, registry: Registry, *, strict: bool) -> Text:
    rendered = ""
    spans: list[Span] = []
    fixed: list[tuple[int, int]] = []
    position = 0
    for match in _REFERENCE.finditer(text):
        rendered += text[position : match.start()]
        position = match.end()
        start = len(rendered)
        shown, source, is_figure = _resolve(match[1], match[2], registry, strict=strict)
        rendered += shown
        fixed.append((start, len(rendered)))
        if is_figure:
            spans.append(Span(start=start, end=len(rendered), source=source))
    rendered += text[position:]
    found = [
        figure
        for figure in figures(rendered)
        if not any(start < figure.end and figure.start < end for start, end in fixed)
    ]
    for figure, source in zip(found, registry.sources(rendered, found), strict=True):
        spans.append(Span(start=figure.start, end=figure.end, source=source))
    return Text(text=rendered, spans=tuple(sorted(spans, key=lambda span: span.start)))


def _resolve(key: str, style: str | None, registry: Registry, *, strict: bool) -> tuple[str, str | None, bool]:
    """What a reference reads as, its source, and whether it is a figure (a name is none)."""
    quantity = registry.quantities.get(key)
    if quantity is not None:
        if style == "bare":
            return print_value(quantity.value), quantity.source, True
        if style == "size":
            return print_value(abs(quantity.value), quantity.unit, quantity.uncertainty), quantity.source, True
        return print_value(quantity.value, quantity.unit, quantity.uncertainty), quantity.source, True
    if key in registry.names:
        return registry.names[key], None, False
    if strict:
        raise KeyError(f"the template refers to '{key}', which is neither a value nor a name")
    return f"[{key}: no such value]", None, True


class Grounder:
    """Writes and reads the prose of one run.

    Args:
        quantities: The registry of values.
        goal: The goal's text.
        passages: Passages that may be drawn on.
        names: What candidates are called, by id.
    """

    def __init__(
        self,
        quantities: Mapping[str, Quantity],
        goal: str = "",
        passages: Iterable[Citation] = (),
        names: Mapping[str, str] | None = None,
    ) -> None:
        self._registry = Registry(quantities, goal, passages, names)
        self._goal, self._passages = goal, tuple(passages)

    @classmethod
    def of(cls, view: RunView) -> Grounder:
        """A grounder over everything that a run knows."""
        names = {c.id: called(c.name, c.id) for c in view.candidates}
        return cls(view.quantities(), view.goal.text, view.citations(), names)

    def write(self, template: str, names: Mapping[str, str] | None = None, /, **quantities: Quantity) -> Text:
        """Fill one of our own templates.

        Args:
            template: Prose with references to the registry, to ``names``, and to the quantities given here.
            names: Words to insert as they stand; their digits are no figures.
            **quantities: Derived values, by the name that the template uses.

        Returns:
            The text.

        Raises:
            KeyError: A reference does not resolve.
        """
        local = Registry({})
        local.quantities = self._registry.quantities | quantities
        local.names = self._registry.names | dict(names or {})
        local._goal, local._passages = self._registry._goal, self._registry._passages
        return _render(template, local, strict=True)

    def read(self, text: str) -> Text:
        """Account for every figure of a text that somebody else wrote."""
        return _render(text, self._registry, strict=False)


def called(name: str, identifier: str) -> str:
    """How a candidate is called in prose: its name with its id, or the id alone."""
    return f"{name} ({identifier})" if name and name != identifier and len(name) <= 60 else identifier


def join(texts: Iterable[Text], between: str = " ") -> Text:
    """Texts one after another, with their spans moved along."""
    joined, spans = "", []
    for text in texts:
        if joined:
            joined += between
        spans += [Span(start=s.start + len(joined), end=s.end + len(joined), source=s.source) for s in text.spans]
        joined += text.text
    return Text(text=joined, spans=tuple(spans))
