"""Which ways of cloning put a given fragment into a given plasmid as it is, with no PCR."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from agent.tools.sequences import cloning, restriction
from agent.tools.sequences.text import pattern, reverse_complement

SHORTEST_HOMOLOGY = 15
"""Bases that ends have to share in a Gibson assembly (Gibson et al., Nature Methods 6 (2009) 343)."""
TYPE_IIS = ("BsaI", "BsmBI", "BbsI", "SapI", "AarI", "BtgZI")
"""Enzymes that Golden Gate assemblies use, one of each recognition site."""

_LONGEST_HOMOLOGY = 300


@dataclass(frozen=True)
class Way:
    """One way of cloning: whether it works, with what, what it makes, or why it does not."""

    method: str
    works: bool
    enzymes: tuple[str, ...]
    product: str
    reason: str


def ways(vector: str, insert: str, keep: Sequence[str] = (), remove: Sequence[str] = ()) -> tuple[Way, ...]:
    """Judge each method by simulating it.

    Args:
        vector: The plasmid, upper case.
        insert: The linear fragment.
        keep: Sites (IUPAC) that the product has to hold.
        remove: Sites that it must not hold.
    """
    wishes = _Wishes(tuple(keep), tuple(remove))
    return (
        _gibson(vector, insert, wishes),
        _restriction(vector, insert, wishes),
        _golden_gate(vector, insert, wishes),
        _gateway(vector, insert, wishes),
    )


@dataclass(frozen=True)
class _Wishes:
    keep: tuple[str, ...]
    remove: tuple[str, ...]

    def missed(self, product: str) -> str:
        """What a product does not meet; empty if it meets all."""
        strands = (product + product[:60], reverse_complement(product + product[:60]))

        def held(site: str) -> bool:
            return any(pattern(site).search(strand) for strand in strands)

        if lost := [site for site in self.keep if not held(site)]:
            return f"the product lacks {lost[0]}"
        if left := [site for site in self.remove if held(site)]:
            return f"the product still holds {left[0]}"
        return ""


def _gibson(vector: str, insert: str, wishes: _Wishes) -> Way:
    """The fragment's ends have to be bases of the plasmid, and enzymes have to open it within those bases."""
    ring = vector + vector[:_LONGEST_HOMOLOGY]
    for piece in (insert, reverse_complement(insert)):
        left, right = _shared(ring, piece, front=True), _shared(ring, piece, front=False)
        if min(left, right) < SHORTEST_HOMOLOGY:
            continue
        size = len(vector)
        begin, stop = ring.index(piece[:left]) % size, (ring.index(piece[-right:]) + right - 1) % size + 1
        cutters = _within(vector, begin, left, stop, right)
        for pair in combinations(cutters, 2):
            chosen = restriction.enzymes(list(pair))
            opened = max(restriction.digest(vector, chosen, True), key=lambda one: len(one.sequence))
            arms = [("vector", cloning.gibson_arm(opened)), ("insert", piece)]
            made = cloning.gibson(arms, minimum=SHORTEST_HOMOLOGY, circular=True, longest=_LONGEST_HOMOLOGY)
            if len(made) == 1:
                missed = wishes.missed(made[0].sequence)
                product = "" if missed else made[0].sequence
                return Way("Gibson", not missed, pair, product, missed or f"its ends share {left} and {right} bases")
        return Way("Gibson", False, (), "", "no two enzymes open the plasmid within the shared ends")
    return Way("Gibson", False, (), "", "the fragment's ends share no 15 bases with the plasmid")


def _shared(ring: str, piece: str, front: bool) -> int:
    """How many bases of an end of a fragment stand in a plasmid in one piece."""
    most = min(len(piece), _LONGEST_HOMOLOGY)
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        end = piece[:middle] if front else piece[-middle:]
        low, high = (middle, high) if end in ring else (low, middle - 1)
    return low


def _within(vector: str, begin: int, left: int, stop: int, right: int) -> list[str]:
    """Enzymes that cut the plasmid once, within one of the shared ends: far enough in for its arm to be long enough."""
    size, found = len(vector), []
    for item in restriction.common_enzymes():
        cuts = restriction.cuts(vector, [item], True)
        if len(cuts) != 1:
            continue
        at_left = (cuts[0].top - begin) % size
        at_right = (stop - cuts[0].bottom) % size
        if SHORTEST_HOMOLOGY <= at_left <= left or SHORTEST_HOMOLOGY <= at_right <= right:
            found.append((str(item), len(item.suppl)))
    # What most suppliers sell comes first; a dozen leave pairs enough.
    return [name for name, _ in sorted(found, key=lambda one: -one[1])[:12]]


def _restriction(vector: str, insert: str, wishes: _Wishes) -> Way:
    """Two enzymes, or one, that cut the plasmid once each and cut the fragment out in one piece.

    Only enzymes that cut within a palindrome: ligation of what type IIS enzymes leave is Golden Gate assembly.
    """
    palindromes = [item for item in restriction.common_enzymes() if item.site == reverse_complement(item.site)]
    once = [item for item in palindromes if len(restriction.cuts(vector, [item], True)) == 1]
    cutting = {item: len(restriction.cuts(insert, [item])) for item in once}
    singles = sorted((item for item, times in cutting.items() if times == 1), key=lambda item: -len(item.suppl))
    doubles = [item for item, times in cutting.items() if times == 2]
    reason = "no two enzymes cut both the plasmid once and the fragment at either end"
    for chosen in [*combinations(singles, 2), *((item,) for item in doubles)]:
        backbone = max(restriction.digest(vector, list(chosen), True), key=lambda one: len(one.sequence))
        pieces = [
            one for one in restriction.digest(insert, list(chosen)) if "end" not in (one.left.kind, one.right.kind)
        ]
        if len(pieces) != 1:
            continue
        parts = [*cloning.parts_of([backbone], "vector"), *cloning.parts_of(pieces, "insert")]
        made = cloning.ligate(parts, need=("vector", "insert"))
        if len(made) != 1:
            continue
        missed = wishes.missed(made[0].sequence)
        if not missed:
            names = tuple(map(str, chosen))
            return Way("restriction and ligation", True, names, made[0].sequence, "both are cut where it is needed")
        reason = f"whichever enzymes fit, {missed}"
    return Way("restriction and ligation", False, (), "", reason)


def _golden_gate(vector: str, insert: str, wishes: _Wishes) -> Way:
    reason = "plasmid and fragment do not both carry sites of a type IIS enzyme with overhangs that fit"
    for name in TYPE_IIS:
        chosen = restriction.enzymes([name])
        pieces = [cloning.golden_gate_parts(vector, chosen, True, "vector")]
        pieces.append(cloning.golden_gate_parts(insert, chosen, False, "insert"))
        if not all(pieces):
            continue
        made = cloning.ligate([*pieces[0], *pieces[1]], need=("vector", "insert"))
        if len(made) == 1:
            missed = wishes.missed(made[0].sequence)
            product = "" if missed else made[0].sequence
            return Way("Golden Gate", not missed, (name,), product, missed or f"{name} leaves ends that fit")
    return Way("Golden Gate", False, (), "", reason)


def _gateway(vector: str, insert: str, wishes: _Wishes) -> Way:
    product = cloning.gateway(vector, insert, insert_circular=False)
    if not product:
        return Way("Gateway", False, (), "", "plasmid and fragment do not both carry a pair of att sites")
    missed = wishes.missed(product)
    return Way("Gateway", not missed, (), "" if missed else product, missed or "both carry att sites 1 and 2")
