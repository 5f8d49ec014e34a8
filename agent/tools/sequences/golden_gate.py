"""Junctions of a Golden Gate assembly: overhangs that cannot be confused, taken from the parts themselves."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from agent.tools.sequences.text import gc_percent, reverse_complement

OUTER = ("GGAG", "CGCT")
"""Outer overhangs of the assembled piece: those of a transcription unit in the common syntax of plant parts (Patron et
al., New Phytologist 208 (2015) 13)."""
_REACH = 4
"""Bases to either side of a junction within which its overhang may begin."""
_LEAST_DIFFERENCE = 2


def usable(overhang: str, others: Sequence[str]) -> bool:
    """Whether a 4-base overhang joins only its partner: no palindrome, GC of 25 to 75 %, and two bases or more unlike
    every other one on either strand (Potapov et al., ACS Synth. Biol. 7 (2018) 2665, on misligation)."""
    if overhang == reverse_complement(overhang) or not 25 <= gc_percent(overhang) <= 75:
        return False
    return all(
        sum(a != b for a, b in zip(overhang, one, strict=True)) >= _LEAST_DIFFERENCE
        for other in others
        for one in (other, reverse_complement(other))
    )


def junctions(parts: Sequence[str], outer: Sequence[str] = OUTER, *, circular: bool = False) -> list[int] | None:
    """Where the overhang of each junction begins, counted from the boundary (negative: in the part before).

    The product keeps every base of the parts: no scar is left. The nearest places to the boundaries are taken.

    Args:
        parts: Sequences in order.
        outer: Overhangs that are taken already (none in a circle).
        circular: Whether the last part is joined to the first.

    Returns:
        One place for each junction, or ``None`` where no choice works.
    """
    joined = [(parts[n], parts[(n + 1) % len(parts)]) for n in range(len(parts) if circular else len(parts) - 1)]
    places = sorted(range(-_REACH, _REACH - 3), key=lambda place: (abs(place + 2), place))
    choices = [[(place, overhang_at(a, b, place)) for place in places] for a, b in joined]
    taken: list[str] = [] if circular else list(outer)
    if len(joined) > 12:
        return None
    if len(joined) <= 4:  # few junctions: all combinations, the nearest to the boundaries first
        for chosen in product(*choices):
            overhangs = [one for _, one in chosen]
            if all(usable(one, [*taken, *overhangs[:n]]) for n, one in enumerate(overhangs)):
                return [place for place, _ in chosen]
        return None
    return _extended(choices, taken, [])


def _extended(choices: list[list[tuple[int, str]]], taken: list[str], chosen: list[int]) -> list[int] | None:
    if len(chosen) == len(choices):
        return chosen
    for place, overhang in choices[len(chosen)]:
        if usable(overhang, taken):
            found = _extended(choices, [*taken, overhang], [*chosen, place])
            if found is not None:
                return found
    return None


def overhang_at(before: str, after: str, place: int) -> str:
    """The four bases that begin so many bases from the boundary of two parts."""
    joined = before[-_REACH:] + after[: _REACH + 4]
    return joined[_REACH + place :][:4]
