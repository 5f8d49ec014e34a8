"""Sets of index barcodes with a least distance, and small interfering RNAs judged by published rules."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from itertools import product

from agent.tools.sequences.text import gc_percent, reverse_complement

_WHOLE = 8
"""Barcodes up to this length are all looked at; of longer ones as many as of these are drawn."""
_ROUNDS = 12
"""Orders in which the barcodes are tried."""


@dataclass(frozen=True)
class BarcodeRules:
    """What a barcode has to be: length, bounds of GC in percent, longest run of one base, sequences to avoid."""

    length: int
    gc_low: float
    gc_high: float
    longest_run: int
    avoid: tuple[str, ...] = ()

    def allows(self, letters: str) -> bool:
        """Whether a barcode keeps the rules."""
        run = re.compile(rf"(.)\1{{{self.longest_run},}}")
        shapes = {one for site in self.avoid for one in (site, reverse_complement(site))}
        inside = self.gc_low <= gc_percent(letters) <= self.gc_high
        return inside and not run.search(letters) and not any(one in letters for one in shapes)


def hamming(a: str, b: str) -> int:
    """Places at which two texts of one length differ."""
    return sum(x != y for x, y in zip(a, b, strict=True))


def levenshtein(a: str, b: str) -> int:
    """Substitutions, insertions and deletions that turn one text into the other."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        last, row[0] = row[0], i
        for j, y in enumerate(b, start=1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (x != y))
    return row[-1]


def barcodes(count: int, rules: BarcodeRules, least: int, metric: str, seed: int) -> list[str]:
    """A set of barcodes whose pairs all differ by a least distance: the largest that a greedy search finds.

    Args:
        count: How many are wished; the search ends with them.
        rules: For each.
        least: Distance between any two.
        metric: ``hamming`` or ``levenshtein``.
        seed: Of the order in which they are tried.
    """
    chance = random.Random(seed)
    measure = hamming if metric == "hamming" else levenshtein
    if rules.length <= _WHOLE:
        every = ["".join(letters) for letters in product("ACGT", repeat=rules.length)]
    else:
        every = ["".join(chance.choices("ACGT", k=rules.length)) for _ in range(4**_WHOLE)]
    allowed = [one for one in dict.fromkeys(every) if rules.allows(one)]
    best: list[str] = []
    for _ in range(_ROUNDS):
        chance.shuffle(allowed)
        chosen: list[str] = []
        for one in allowed:
            if all(measure(one, other) >= least for other in chosen):
                chosen.append(one)
                if len(chosen) == count:
                    return chosen
        best = max(best, chosen, key=len)
    return best


@dataclass(frozen=True)
class Silencer:
    """A small interfering RNA: where its target begins (from 1), its 19 paired bases, points and what is against it."""

    start: int
    core: str
    gc: float
    points: int
    problems: tuple[str, ...]


def silencers(target: str, gc_low: float, gc_high: float) -> list[Silencer]:
    """Every stretch of 19 bases of a transcript (in the letters of DNA), judged as the sense strand of an siRNA.

    Points by Reynolds et al. (Nature Biotechnology 22 (2004) 326), without the term for the hairpin's melting: GC of 30
    to 52 % 1; A or U at 15 to 19 1 each; A at 19, A at 3, U at 10 1 each; G or C at 19 -1; G at 13 -1. Of Ui-Tei et al.
    (Nucleic Acids Res. 32 (2004) 936): the antisense strand begins with A or U, the sense strand with G or C, and no
    run of G and C is longer than nine.
    """
    found = []
    for begin in range(len(target) - 18):
        core = target[begin : begin + 19]
        if re.search(r"[^ACGT]", core):
            continue
        gc = gc_percent(core)
        points = int(30 <= gc <= 52) + sum(base in "AT" for base in core[14:19])
        points += (core[18] == "A") + (core[2] == "A") + (core[9] == "T") - (core[18] in "GC") - (core[12] == "G")
        problems = [] if gc_low <= gc <= gc_high else [f"GC {gc:.0f} % is outside {gc_low:g}-{gc_high:g} %"]
        problems += [] if core[18] in "AT" else ["the antisense strand begins with G or C"]
        problems += [] if core[0] in "GC" else ["the sense strand begins with A or U"]
        if run := re.search(r"[GC]{10,}", core):
            problems.append(f"run of {len(run[0])} G and C")
        if run := re.search(r"(A{4,}|C{4,}|G{4,}|T{4,})", core):
            problems.append(f"run of {len(run[0])} {run[0][0].replace('T', 'U')}")
        found.append(Silencer(begin + 1, core, gc, points, tuple(problems)))
    return sorted(found, key=lambda one: (len(one.problems), -one.points, one.start))
