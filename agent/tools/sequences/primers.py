"""Primer design: candidates of the right melting temperature, judged by stated rules, paired and ranked.

The rules are the usual ones of molecular-biology handbooks: length 18 to 30, GC 40 to 60 %, a 3' end that ends in G or
C but not in more than three of them among the last five bases, no run of five or more equal bases, and free energies
of hairpins and dimers above thresholds. A rule that is broken is a reported problem and a penalty, not a refusal:
cloning primers have no choice of place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import product

from agent.tools.sequences.text import gc_percent, reverse_complement
from agent.tools.sequences.thermo import Salt, dimer_energy, hairpin_energy, melting_temperature

# Free energies in kcal/mol at 37 degC below which a structure is called a problem.
HAIRPIN_LIMIT = -3.0
DIMER_LIMIT = -9.0
END_DIMER_LIMIT = -6.0
# Largest difference of melting temperatures within a pair, in degC, and from the wished one.
TM_DIFFERENCE = 3.0
TM_TOLERANCE = 3.0

_KEPT_PER_SIDE = 25
"""Pairs are made of this many of the best primers of either side."""

_LOOKED_AT = 250
"""Places of either side whose structure is computed: those whose melting temperature is nearest to the wish."""


@dataclass(frozen=True)
class Wish:
    """What a primer should be like.

    Attributes:
        tm: Melting temperature of the annealing part, in degC.
        shortest: Shortest annealing part, in bases.
        longest: Longest annealing part.
        gc_low: Lowest GC, in percent.
        gc_high: Highest GC, in percent.
        salt: The solution for the melting temperature.
    """

    tm: float = 60.0
    shortest: int = 18
    longest: int = 30
    gc_low: float = 40.0
    gc_high: float = 60.0
    salt: Salt = field(default_factory=Salt)


@dataclass(frozen=True)
class Primer:
    """A primer: its tail (not on the template), the part that anneals, and what is wrong with it.

    Attributes:
        tail: Bases before the annealing part, 5' to 3'.
        annealing: The part that pairs with the template.
        start: First template base it covers, from 1, on the given strand.
        end: Last template base it covers.
        tm: Melting temperature of the annealing part in degC.
        gc: GC of the annealing part in percent.
        hairpin: Most stable hairpin of the whole primer, in kcal/mol.
        self_dimer: Most stable self-dimer of the whole primer, in kcal/mol.
        problems: Rules that it breaks.
        penalty: The sum that ranks it; 0 is perfect.
    """

    tail: str
    annealing: str
    start: int
    end: int
    tm: float
    gc: float
    hairpin: float
    self_dimer: float
    problems: tuple[str, ...]
    penalty: float

    @property
    def sequence(self) -> str:
        """The whole primer, 5' to 3'."""
        return self.tail + self.annealing


@dataclass(frozen=True)
class Pair:
    """A pair of primers, its product and its problems."""

    forward: Primer
    reverse: Primer
    product_length: int
    dimer: float
    problems: tuple[str, ...]
    penalty: float


def judge(annealing: str, start: int, end: int, wish: Wish, tail: str = "") -> Primer:
    """A primer with its properties, problems and penalty.

    Args:
        annealing: Unambiguous DNA, 5' to 3', at most 60 bases.
        start: First template base it covers, from 1.
        end: Last one.
        wish: What it should be like.
        tail: Bases before the annealing part.
    """
    whole = tail + annealing
    tm, gc = melting_temperature(annealing, wish.salt), gc_percent(annealing)
    hairpin, self_dimer = hairpin_energy(whole), dimer_energy(whole, whole)
    end_dimer = dimer_energy(whole, whole, at_three_prime=True)
    strong = sum(base in "GC" for base in annealing[-5:])
    problems: list[str] = []
    penalty = abs(tm - wish.tm) + 0.2 * abs(len(annealing) - 20)
    if abs(tm - wish.tm) > TM_TOLERANCE:
        problems.append(f"Tm {tm:.1f} degC is not within {TM_TOLERANCE:g} of {wish.tm:g}")
    if not wish.gc_low <= gc <= wish.gc_high:
        problems.append(f"GC {gc:.0f} % is outside {wish.gc_low:g}-{wish.gc_high:g} %")
        penalty += 0.2 * max(wish.gc_low - gc, gc - wish.gc_high)
    if annealing[-1] not in "GC":
        problems.append("3' end is not G or C")
        penalty += 1
    if strong > 3:
        problems.append("more than three G or C among the last five bases")
        penalty += 1
    if run := re.search(r"(.)\1{4,}", whole):
        problems.append(f"run of {len(run[0])} {run[1]}")
        penalty += 2
    for name, energy, limit in (
        ("hairpin", hairpin, HAIRPIN_LIMIT),
        ("self-dimer", self_dimer, DIMER_LIMIT),
        ("3' self-dimer", end_dimer, END_DIMER_LIMIT),
    ):
        if energy < limit:
            problems.append(f"{name} of {energy:.1f} kcal/mol")
            penalty += limit - energy
    return Primer(tail, annealing, start, end, tm, gc, hairpin, self_dimer, tuple(problems), penalty)


def design(
    template: str,
    start: int,
    end: int,
    wish: Wish,
    *,
    flank: int = 0,
    forward_tail: str = "",
    reverse_tail: str = "",
    count: int = 5,
) -> tuple[Pair, ...]:
    """Pairs that amplify a target, the best first.

    Args:
        template: Unambiguous upper-case DNA.
        start: First base of the target, from 1.
        end: Last base.
        wish: What primers should be like.
        flank: 0 for primers that begin exactly at the target's ends (cloning); else how many bases outside of the
            target each primer may lie.
        forward_tail: Bases put before the forward primer.
        reverse_tail: Bases put before the reverse primer, 5' to 3' of the primer.
        count: How many pairs.
    """
    mirrored = reverse_complement(template)
    size = len(template)
    forward = [
        judge(annealing, first + 1, first + len(annealing), wish, forward_tail)
        for first, annealing in _places(template, start - 1, flank, wish)
    ]
    reverse = [
        judge(annealing, size - first - len(annealing) + 1, size - first, wish, reverse_tail)
        for first, annealing in _places(mirrored, size - end, flank, wish)
    ]
    best = [sorted(side, key=lambda primer: primer.penalty)[:_KEPT_PER_SIDE] for side in (forward, reverse)]
    pairs = [_pair(left, right) for left, right in product(*best)]
    return tuple(sorted(pairs, key=lambda pair: (pair.penalty, pair.product_length))[:count])


def _places(strand: str, target: int, flank: int, wish: Wish) -> list[tuple[int, str]]:
    """Annealing parts: at the target's end exactly, or anywhere in the flank before it."""
    firsts = [target] if flank == 0 else range(max(0, target - flank), target + 1)
    found = [
        (first, strand[first : first + length])
        for first in firsts
        for length in range(wish.shortest, wish.longest + 1)
        if first + length <= (len(strand) if flank == 0 else max(target, wish.longest))
    ]
    return sorted(found, key=lambda place: abs(melting_temperature(place[1], wish.salt) - wish.tm))[:_LOOKED_AT]


def _pair(forward: Primer, reverse: Primer) -> Pair:
    difference = abs(forward.tm - reverse.tm)
    first, second = forward.sequence, reverse.sequence
    dimer = dimer_energy(first, second)
    at_end = min(dimer_energy(first, second, at_three_prime=True), dimer_energy(second, first, at_three_prime=True))
    problems = [f"forward: {text}" for text in forward.problems] + [f"reverse: {text}" for text in reverse.problems]
    penalty = forward.penalty + reverse.penalty + difference
    if difference > TM_DIFFERENCE:
        problems.append(f"melting temperatures differ by {difference:.1f} degC")
    for name, energy, limit in (("dimer", dimer, DIMER_LIMIT), ("3' dimer", at_end, END_DIMER_LIMIT)):
        if energy < limit:
            problems.append(f"{name} of the pair of {energy:.1f} kcal/mol")
            penalty += limit - energy
    length = reverse.end - forward.start + 1 + len(forward.tail) + len(reverse.tail)
    return Pair(forward, reverse, length, dimer, tuple(problems), penalty)
