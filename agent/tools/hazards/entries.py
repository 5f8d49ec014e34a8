"""What the screen knows: entries read from the data files beside this module, each with its source.

An entry is a class of chemicals, toxins, agents or devices, with names (English, Korean, frequent misspellings, CAS
numbers), structure patterns (SMARTS), structures, peptide patterns and hashed sequence words as far as they are
well defined. Its level says what a goal that names it may do (see `policy`).
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any, Literal

Level = Literal["prohibited", "restricted", "watched"]

# Methyl, ethyl, n-propyl or i-propyl: the alkyl groups that the treaty's generic definitions allow. Hydrogen counts
# close every branch, so that the pattern is exactly these four groups.
_SMALL_ALKYL = "[$([CH3]),$([CH2][CH3]),$([CH2][CH2][CH3]),$([CH]([CH3])[CH3])]"

DATA_FILES = (
    "cwc_schedule_1.toml",
    "cwc_schedules_2_3.toml",
    "toxins.toml",
    "pathogens.toml",
    "explosives.toml",
    "controlled.toml",
    "purposes.toml",
)


@dataclass(frozen=True)
class Ambiguous:
    """A name that means something else too: it counts only near certain words, and never near others."""

    name: str
    near: tuple[str, ...]
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One class that the screen looks for.

    Attributes:
        id: Short name with the place in its list (``CWC 1.A.1``).
        title: What the class is.
        level: ``prohibited``, ``restricted`` or ``watched``.
        group: The file's subject, as the coverage statement names it.
        source: The published list that the entry comes from.
        names: Names and frequent misspellings that mean this and nothing else.
        ambiguous: Names that need their context.
        patterns: Regular expressions on normalised text that describe it without a name.
        cas: CAS registry numbers.
        smarts: Structure patterns; ``at_least`` matches of the first are needed.
        also: Further patterns of which one match is enough.
        structures: Named members, as SMILES.
        skeletons: Named members as SMILES whose skeleton (bond orders and charges aside) marks the class.
        excepted: Members that the list exempts, as SMILES.
        largest_part_only: Whether it is no match beside another part that is as large (a counter-ion).
        residual: Whether it counts only where no other entry matches.
        peptide: Regular expression on a protein sequence.
        peptide_max_length: Longest chain that the peptide pattern speaks of.
        kmers: Hashed sequence words.
        kmer_source: Where the words come from.
        note: What a reader should know.
    """

    id: str
    title: str
    level: Level
    group: str
    source: str
    names: tuple[str, ...] = ()
    ambiguous: tuple[Ambiguous, ...] = ()
    patterns: tuple[str, ...] = ()
    cas: tuple[str, ...] = ()
    smarts: tuple[str, ...] = ()
    at_least: int = 1
    also: tuple[str, ...] = ()
    structures: dict[str, str] = field(default_factory=dict)
    skeletons: dict[str, str] = field(default_factory=dict)
    excepted: dict[str, str] = field(default_factory=dict)
    largest_part_only: bool = False
    residual: bool = False
    peptide: str = ""
    peptide_max_length: int = 0
    kmers: tuple[str, ...] = ()
    kmer_source: str = ""
    note: str = ""

    @property
    def by_structure(self) -> bool:
        """Whether molecules are compared with this entry."""
        return bool(self.smarts or self.also or self.structures or self.skeletons)


@cache
def entries() -> tuple[Entry, ...]:
    """Every entry, in the order of the files (the most severe lists first)."""
    return tuple(_entry(plain, table) for table in _tables() for plain in table["entry"])


@cache
def words() -> dict[str, tuple[str, ...]]:
    """The words of purpose: lists of regular expressions by what they say."""
    return {key: tuple(value) for key, value in _read("words.toml").items()}


@cache
def groups() -> dict[str, str]:
    """Source of each group of entries, by the group's name."""
    return {table["group"]: table["source"] for table in _tables()}


def _tables() -> list[dict[str, Any]]:
    return [_read(name) for name in DATA_FILES]


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("agent.tools.hazards") / "data" / name).read_text(encoding="utf-8"))


def _entry(plain: dict[str, Any], table: dict[str, Any]) -> Entry:
    taken = dict(plain)
    return Entry(
        group=table["group"],
        source=taken.pop("source", table["source"]),
        names=(*taken.pop("names", ()), *taken.pop("misspelt", ())),
        ambiguous=tuple(
            Ambiguous(item["name"], tuple(item["near"]), tuple(item.get("unless", ())))
            for item in taken.pop("ambiguous", ())
        ),
        patterns=tuple(taken.pop("patterns", ())),
        cas=tuple(taken.pop("cas", ())),
        smarts=tuple(text.replace("{alk}", _SMALL_ALKYL) for text in taken.pop("smarts", ())),
        also=tuple(taken.pop("also", ())),
        kmers=tuple(taken.pop("kmers", ())),
        excepted=taken.pop("except", {}),
        **taken,
    )
