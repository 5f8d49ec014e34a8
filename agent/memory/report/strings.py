"""The report's own words: a language is one file of ``languages/``, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from types import SimpleNamespace
from typing import Any

DEFAULT = "en"
"""The language of a report whose goal is in one that has no words here."""

_FOLDER = files("agent.memory.report") / "languages"


class Counted(str):
    """A phrase with another form where it counts one thing; as a string it is the form for several.

    Attributes:
        one: The form for one.
    """

    __slots__ = ("one",)
    one: str

    def format(self, *args: object, **parts: object) -> str:
        """The form that agrees with ``n``, filled."""
        return agreeing(self, parts.get("n")).format(*args, **parts)


def agreeing(phrase: str, number: object) -> str:
    """The form of a phrase that agrees with a number, given as it is printed."""
    if not isinstance(phrase, Counted):
        return phrase
    return phrase.one if str(number) == "1" else str(phrase)


def languages() -> tuple[str, ...]:
    """The languages that a report can be in, as in ``en``."""
    return tuple(sorted(one.name.removesuffix(".toml") for one in _FOLDER.iterdir() if one.name.endswith(".toml")))


@cache
def words(language: str = DEFAULT) -> SimpleNamespace:
    """The report's words in a language.

    Args:
        language: As in ``en``; English stands in for one that has no file.

    Returns:
        One attribute per key, whatever its section.
    """
    name = language if language in languages() else DEFAULT
    text = (_FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    sections = tomllib.loads(text).values()
    return SimpleNamespace(**{key: _phrase(value) for section in sections for key, value in section.items()})


def _phrase(value: Any) -> str:
    if isinstance(value, str):
        return value
    phrase = Counted(value["other"])
    phrase.one = value["one"]
    return phrase
