"""Matching a literal figure to what supports it: the registry of values, the goal's own numbers, cited passages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache

from agent.errors import InputError
from agent.reasoning.grounding.lexing import Figure, figures
from agent.records import Citation, Quantity
from agent.units import convert
from agent.vocabulary import by_key

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z가-힣(\[])|\n+")
_OWNER = re.compile(r"\b([ceh]\d+)\b")
_LINK = re.compile(
    r"\s*(?:\([^()\d]*\))?\s*(?:values?)?\s*(?:of|is|was|are|at|equals|=|:|≈|~|about|around|near|,)?[\s~≈=(]*$"
)
_REACH = 80
"""How many characters before a figure may name what it is the value of."""


@cache
def _words() -> tuple[tuple[str, frozenset[str]], ...]:
    """Every word for a quantity with the keys it may mean, longest first."""
    meanings: dict[str, set[str]] = {}
    for key, quantity in by_key().items():
        for word in (key, quantity.title, *quantity.words):
            meanings.setdefault(word.lower(), set()).add(key)
    return tuple(sorted(((w, frozenset(k)) for w, k in meanings.items()), key=lambda item: (-len(item[0]), item[0])))


def sentence_start(text: str, position: int) -> int:
    """Where the sentence around a position begins. The dot of a decimal never ends one."""
    start = 0
    for match in _SENTENCE_END.finditer(text, 0, position):
        start = match.end()
    return start


def named_quantity(window: str) -> tuple[frozenset[str], int]:
    """The quantity named last in a stretch of text: the keys it may mean, and where its name ends (-1: none)."""
    lowered = window.lower()
    best: tuple[int, int, frozenset[str]] = (-1, 0, frozenset())
    for word, keys in _words():
        at = lowered.rfind(word)
        while at >= 0 and not _whole(lowered, at, at + len(word)):
            at = lowered.rfind(word, 0, at)
        if at >= 0 and (at + len(word), len(word)) > best[:2]:
            best = (at + len(word), len(word), keys)
    return best[2], best[0]


def _whole(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    return not (before.isalnum() or (after.isalnum() and not after.isdigit()))


def agrees(figure: Figure, value: float, unit: str) -> bool:
    """Whether a value, in its unit, rounds to a figure at the digits shown (and in the unit that follows it)."""
    if figure.unit is None:
        return figure.shows(value)
    try:
        return figure.shows(convert(value, unit, figure.unit))
    except InputError:
        return False


class Registry:
    """What may support a figure.

    Args:
        quantities: The registry of values: ``c5.logP``, ``e3.count``.
        goal: The goal's text; its own numbers may be repeated.
        passages: Cited passages; the figures of their quotes count.
        names: What candidates are called, by id.
    """

    def __init__(
        self,
        quantities: Mapping[str, Quantity],
        goal: str = "",
        passages: Iterable[Citation] = (),
        names: Mapping[str, str] | None = None,
    ) -> None:
        self.quantities = dict(quantities)
        self.names = dict(names or {})
        self._goal = figures(goal)
        self._passages = [(citation.passage, figure) for citation in passages for figure in figures(citation.quote)]
        self._owners = {name.lower(): owner for owner, name in self.names.items() if len(name) > 2}

    def sources(self, text: str, found: list[Figure]) -> list[str | None]:
        """The source of every figure of a text, ``None`` where nothing supports it.

        A figure that the text ties to one value (``c5 has a logP of 2.9``) has to agree with that value; another value
        that happens to agree does not support it. The goal's numbers and cited passages always may.

        Args:
            text: The text.
            found: Its figures, in order.

        Returns:
            One entry a figure.
        """
        sources: list[str | None] = []
        matched: str | None = None
        end = 0
        for figure in found:
            start = max(end, sentence_start(text, figure.start), figure.start - _REACH)
            window = text[start : figure.start]
            if figure.after_plus_minus and sources:
                source = self._uncertainty(figure, matched)
            else:
                matched, source = self._support(figure, window)
            sources.append(source)
            end = figure.end
        return sources

    def _support(self, figure: Figure, window: str) -> tuple[str | None, str | None]:
        keys, ends = named_quantity(window)
        owners = self._named_owners(window)
        bound = self._bound(keys, owners, directly=bool(_LINK.fullmatch(window[ends:])) if ends >= 0 else False)
        if bound is None and self._in_goal(figure):
            return None, "goal"
        entries = self.quantities if bound is None else {key: self.quantities[key] for key in bound}
        best = max(
            (
                (self._relevance(key, keys, owners), -rank, key)
                for rank, (key, quantity) in enumerate(entries.items())
                if agrees(figure, quantity.value, quantity.unit)
            ),
            default=None,
        )
        if best is not None:
            return best[2], self.quantities[best[2]].source
        if bound is not None and self._in_goal(figure):
            return None, "goal"
        return None, self._in_passages(figure)

    def _bound(self, keys: frozenset[str], owners: set[str], *, directly: bool) -> list[str] | None:
        """The values that the text says the figure is one of; ``None`` when it does not say."""
        if not keys:
            return None
        if len(owners) == 1:
            owner = next(iter(owners))
            own = [f"{owner}.{key}" for key in keys if f"{owner}.{key}" in self.quantities]
            if own:
                return own
        if directly and not owners:
            named = [k for k in self.quantities if any(key.lower() in k.partition(".")[2].lower() for key in keys)]
            return named or None
        return None

    def _named_owners(self, window: str) -> set[str]:
        lowered = window.lower()
        return set(_OWNER.findall(window)) | {owner for name, owner in self._owners.items() if name in lowered}

    @staticmethod
    def _relevance(key: str, keys: frozenset[str], owners: set[str]) -> int:
        owner, _, name = key.partition(".")
        return 2 * (owner in owners) + (name in keys)

    def _uncertainty(self, figure: Figure, matched: str | None) -> str | None:
        if matched is not None:
            quantity = self.quantities[matched]
            if quantity.uncertainty is not None and agrees(figure, quantity.uncertainty, quantity.unit):
                return quantity.source
        return "goal" if self._in_goal(figure) else self._in_passages(figure)

    def _in_goal(self, figure: Figure) -> bool:
        return any(_same(figure, other) for other in self._goal)

    def _in_passages(self, figure: Figure) -> str | None:
        return next((passage for passage, other in self._passages if _same(figure, other)), None)


def _same(figure: Figure, other: Figure) -> bool:
    """Whether a figure repeats another one that somebody wrote, in the same or a convertible unit."""
    if figure.unit is None or other.unit is None:
        return figure.shows(other.value) and other.shows(figure.value)
    return agrees(figure, other.value, other.unit)
