"""Restriction enzymes: names, sites, cuts and ends (REBASE data as Biopython ships them)."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Literal

from agent.errors import RepairableToolError
from agent.tools.sequences.text import pattern, reverse_complement

_ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V"}


@dataclass(frozen=True)
class Cut:
    """One cut of one enzyme.

    Attributes:
        enzyme: Its name.
        top: Bases before the cut of the given strand (0 to the sequence's length).
        bottom: Bases of the given strand before the cut of the other strand; less than ``top`` for 3' overhangs.
    """

    enzyme: str
    top: int
    bottom: int


@dataclass(frozen=True)
class End:
    """An end of a fragment: blunt, or an overhang read 5' to 3' on the given strand."""

    kind: Literal["blunt", "5'", "3'", "end"]
    overhang: str = ""
    enzyme: str = ""


@dataclass(frozen=True)
class Fragment:
    """A piece between two cuts of the given strand.

    Attributes:
        start: First base, from 1.
        end: Last base, from 1; smaller than ``start`` where the piece runs across the origin of a circle.
        sequence: The given strand of the piece.
        left: Its left end.
        right: Its right end.
    """

    start: int
    end: int
    sequence: str
    left: End
    right: End


def enzyme(name: str) -> Any:
    """Biopython's enzyme of that name, however it is capitalised or numbered (``ecor1``, ``Bam HI``).

    Raises:
        RepairableToolError: It is unknown; the nearest names are given.
    """
    known = _by_key()
    key = _key(name)
    found = known.get(key) or known.get(re.sub(r"[1-5]$", lambda digit: _ROMAN[digit[0]].lower(), key))
    if found is None:
        near = difflib.get_close_matches(key, known, n=3, cutoff=0.6)
        raise RepairableToolError(
            f"There is no restriction enzyme '{name}'.",
            remedy=f"Did you mean {' or '.join(str(known[k]) for k in near)}?" if near else "Use a REBASE name.",
        )
    return found


def enzymes(names: list[str]) -> list[Any]:
    """The enzymes of several names, each once; a text such as ``EcoRI + BamHI`` is taken apart.

    Raises:
        RepairableToolError: A name is unknown, or there is none at all.
    """
    single = [part for name in names for part in re.split(r"\s*(?:[,+/;&]|\band\b)\s*", name.strip()) if part]
    if not single:
        raise RepairableToolError("enzymes is empty.", remedy="Name at least one, such as EcoRI.")
    return list(dict.fromkeys(enzyme(name) for name in single))


def common_enzymes() -> list[Any]:
    """The commercially available enzymes with a known cut, by name."""
    from Bio.Restriction import CommOnly

    return sorted((item for item in CommOnly if not item.is_unknown()), key=str)


def uncertain(chosen: list[Any]) -> list[str]:
    """Those of the chosen enzymes whose site is known, but not where they cut."""
    return [str(item) for item in chosen if item.is_unknown()]


def cuts(sequence: str, chosen: list[Any], circular: bool = False) -> tuple[Cut, ...]:
    """Every cut of the chosen enzymes, from left to right.

    An enzyme whose cut is not known is taken to cut bluntly before its site.

    Args:
        sequence: Upper-case DNA.
        chosen: Biopython enzymes.
        circular: Whether sites and cuts may lie across the origin.
    """
    from Bio.Seq import Seq

    size = len(sequence)
    made: set[Cut] = set()
    for item in chosen:
        if len(item.site) > size:
            continue
        if item.is_unknown():
            made |= {
                Cut(str(item), start - 1, start - 1)
                for start, _ in sites(sequence, item, circular)
                if circular or start > 1
            }
            continue
        for position in item.search(Seq(sequence), linear=not circular):
            top = (position - 1) % size if circular else position - 1
            # ovhg is negative for 5' overhangs: the other strand is cut further right.
            bottom = top - item.ovhg
            if circular or (0 < top < size and 0 <= bottom <= size):
                made.add(Cut(str(item), top, bottom))
    return tuple(sorted(made, key=lambda cut: (cut.top, cut.bottom, cut.enzyme)))


def sites(sequence: str, item: Any, circular: bool = False) -> tuple[tuple[int, str], ...]:
    """Where an enzyme's recognition site lies: first base of the site, from 1, and strand.

    A palindromic site is reported once, on '+'.
    """
    read = sequence + sequence[: len(item.site) - 1] if circular else sequence
    found = {(match.start() + 1, "+") for match in pattern(item.site).finditer(read)}
    other = reverse_complement(item.site)
    if other != item.site:
        found |= {(match.start() + 1, "-") for match in pattern(other).finditer(read)}
    return tuple(sorted(found))


def digest(sequence: str, chosen: list[Any], circular: bool = False) -> tuple[Fragment, ...]:
    """The fragments of a complete digest, from left to right.

    An uncut circle comes back as one fragment with two plain ends. Where two enzymes cut the same place once, the cut
    counts once.

    Args:
        sequence: Upper-case DNA.
        chosen: Biopython enzymes.
        circular: Whether it is a plasmid.
    """
    size = len(sequence)
    places: dict[int, Cut] = {}
    for cut in cuts(sequence, chosen, circular):
        places.setdefault(cut.top, cut)
    ordered = [places[top] for top in sorted(places)]
    if not ordered:
        return (Fragment(1, size, sequence, End("end"), End("end")),)
    made = []
    if not circular:
        bounds = [None, *ordered, None]
        for left, right in pairwise(bounds):
            begin, stop = left.top if left else 0, right.top if right else size
            made.append(Fragment(begin + 1, stop, sequence[begin:stop], _end(sequence, left), _end(sequence, right)))
        return tuple(made)
    for left, right in zip(ordered, [*ordered[1:], ordered[0]], strict=True):
        piece = sequence[left.top : right.top] if right.top > left.top else sequence[left.top :] + sequence[: right.top]
        last = right.top or size
        made.append(Fragment(left.top + 1, last, piece, _end(sequence, left), _end(sequence, right)))
    return tuple(made)


def _end(sequence: str, cut: Cut | None) -> End:
    if cut is None:
        return End("end")
    if cut.top == cut.bottom:
        return End("blunt", "", cut.enzyme)
    low, high = sorted((cut.top, cut.bottom))
    doubled = sequence + sequence
    shift = len(sequence) if low < 0 else 0
    return End("5'" if cut.top < cut.bottom else "3'", doubled[low + shift : high + shift], cut.enzyme)


@cache
def _by_key() -> dict[str, Any]:
    from Bio.Restriction import AllEnzymes

    return {_key(str(item)): item for item in AllEnzymes}


def _key(name: str) -> str:
    return re.sub(r"[\s\-_]+", "", name).casefold()
