"""The goals as records, read from the TOML files beside this module."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Literal

from pydantic import Field

from agent.records import Record

Expectation = Literal["finished", "asks", "bad-input", "nothing", "refused", "allowed"]


class Bound(Record):
    """A bound that every candidate has to meet, in RDKit's own units."""

    quantity: str
    low: float | None = None
    high: float | None = None


class Fact(Record):
    """A value that the run has to find: its name, how near, and what it is of (part of a candidate's structure)."""

    name: str
    value: float
    tolerance: float
    of: str = ""


class Case(Record):
    """One goal and what a good run of it looks like.

    Attributes:
        id: Short name.
        category: The file it comes from.
        text: The goal.
        expect: How the run has to end.
        language: Of the goal; questions and errors come in it.
        files: Attachments by name.
        candidates: Fewest feasible candidates.
        constraints: What the best of them have to meet.
        keep: SMARTS that every one of them has to hold.
        avoid: SMARTS that none may hold.
        near: SMILES that they have to resemble.
        similarity: Least Tanimoto similarity to it.
        formulas: Compositions that have to be among the crystals.
        elements: Elements that the crystals may hold.
        neutral: Whether their formulas have to be charge-balanced.
        facts: Values to be found.
        contains: Sequences that have to be among the candidates or in an artifact.
        mentions: Words that the report has to hold.
        asks: Key of the question that has to be asked.
        names: What the error has to quote.
    """

    id: str
    category: str
    text: str
    expect: Expectation
    language: Literal["en", "ko"] = "en"
    files: dict[str, str] = Field(default_factory=dict)
    candidates: int = 0
    constraints: tuple[Bound, ...] = ()
    keep: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    near: str = ""
    similarity: float = 0.25
    formulas: tuple[str, ...] = ()
    elements: tuple[str, ...] = ()
    neutral: bool = False
    facts: tuple[Fact, ...] = ()
    contains: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    asks: str = ""
    names: tuple[str, ...] = ()


@cache
def cases() -> tuple[Case, ...]:
    """Every goal, by category and in the order of its file."""
    found = []
    for path in sorted(resources.files("evals.goals").iterdir(), key=lambda item: item.name):
        if path.name.endswith(".toml"):
            table = tomllib.loads(path.read_text(encoding="utf-8"))
            found += [Case(category=path.name.removesuffix(".toml"), **plain) for plain in table["goal"]]
    return tuple(found)
