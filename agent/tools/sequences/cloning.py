"""Cloning in silico: polymerase chain reaction, ligation of cut ends, Golden Gate and Gibson assembly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from agent.tools.sequences.restriction import End, Fragment, digest, sites
from agent.tools.sequences.text import reverse_complement

MOST_PRODUCTS = 20
"""An assembly or reaction with more products than this is ambiguous; the rest is not enumerated."""


@dataclass(frozen=True)
class Amplicon:
    """A product of PCR.

    Attributes:
        sequence: Product with the primers' tails, read along the template's given strand.
        start: First template base of the product's annealed part, from 1.
        end: Last one; smaller than ``start`` across the origin of a circle.
        left: The primer that reads along the given strand (its name).
        right: The other one.
    """

    sequence: str
    start: int
    end: int
    left: str
    right: str


@dataclass(frozen=True)
class Part:
    """A double-stranded piece with its ends; the sequence is its given strand, left overhang included where 5'."""

    name: str
    sequence: str
    left: End
    right: End

    def turned(self) -> Part:
        """The same piece read along its other strand."""
        left, right = _turned_end(self.right), _turned_end(self.left)
        # Overhangs belong to one piece only: the left 5' or right 3' overhang of this strand's reading.
        core = self.sequence
        if self.left.kind == "5'":
            core = core[len(self.left.overhang) :]
        if self.right.kind == "3'":
            core = core[: len(core) - len(self.right.overhang)]
        core = reverse_complement(core)
        if left.kind == "5'":
            core = left.overhang + core
        if right.kind == "3'":
            core = core + right.overhang
        return Part(f"{self.name} (reversed)", core, left, right)


@dataclass(frozen=True)
class Product:
    """What an assembly makes: its sequence, whether it is a circle, the parts in order, and the bases each brings."""

    sequence: str
    circular: bool
    parts: tuple[str, ...]
    sizes: tuple[int, ...]


def amplify(
    template: str, forward: str, reverse: str, *, circular: bool = False, minimum: int = 15, longest: int = 50_000
) -> tuple[Amplicon, ...]:
    """The products that a pair of primers makes on a template, the shortest first.

    A primer binds where its 3' end matches exactly over ``minimum`` bases (or its whole length, if shorter); the bases
    before that may be a tail, which the product carries. Each primer is tried on both strands.

    Args:
        template: Upper-case DNA.
        forward: Primer, 5' to 3'.
        reverse: Primer, 5' to 3'.
        circular: Whether the template is a circle.
        minimum: Bases that have to match at the 3' end.
        longest: Longest product, in bases.
    """
    size = len(template)
    primers = {"forward": forward, "reverse": reverse}
    along = [
        (name, *site) for name, primer in primers.items() for site in binding_sites(template, primer, circular, minimum)
    ]
    # A primer on the other strand binds where its complement stands.
    mirrored = reverse_complement(template)
    against = [
        (name, (size - place) % size if circular else size - place, matched)
        for name, primer in primers.items()
        for place, matched in binding_sites(mirrored, primer, circular, minimum)
    ]
    made = []
    for left, end_of_match, matched in along:
        begin = end_of_match - matched
        for right, other, other_matched in against:
            # `other` is where the second primer's 3' end lies on the given strand, its match runs to the right of it.
            stop = other + other_matched
            if circular and other < end_of_match:
                stop += size
            if not circular and (stop < end_of_match or other < begin):
                continue
            # Round a circle, at most once and the primers' own length.
            if stop - begin > longest or (circular and stop - begin > size + matched):
                continue
            inner = _piece(template, begin, stop)
            tail = primers[left][: len(primers[left]) - matched]
            other_tail = reverse_complement(primers[right][: len(primers[right]) - other_matched])
            made.append(Amplicon(tail + inner + other_tail, begin % size + 1, (stop - 1) % size + 1, left, right))
    unique = {(a.sequence, a.start, a.end): a for a in sorted(made, key=lambda a: (len(a.sequence), a.start))}
    return tuple(unique.values())


def binding_sites(template: str, primer: str, circular: bool, minimum: int) -> list[tuple[int, int]]:
    """Where a primer's 3' end stops along a strand (bases before that place), and how many of its bases match there."""
    size = len(template)
    read = template + template[: min(size, len(primer) - 1)] if circular else template
    needed = min(minimum, len(primer))
    seed = primer[-needed:]
    found, place = [], read.find(seed)
    while place >= 0:
        matched = needed
        while matched < len(primer):
            before = place + needed - matched - 1
            if (before < 0 and not circular) or read[before % size if circular else before] != primer[-matched - 1]:
                break
            matched += 1
        end = place + needed
        found.append((end, matched))
        place = read.find(seed, place + 1)
    return found


def _piece(template: str, begin: int, stop: int) -> str:
    size = len(template)
    begin, stop = (begin + size, stop + size) if begin < 0 else (begin, stop)
    return (template * 3)[begin:stop] if stop > size else template[begin:stop]


def parts_of(fragments: Iterable[Fragment], name: str) -> list[Part]:
    """Digest fragments as parts, numbered where there is more than one."""
    made = list(fragments)
    return [
        Part(f"{name}:{piece.start}-{piece.end}" if len(made) > 1 else name, piece.sequence, piece.left, piece.right)
        for piece in made
    ]


def annealed(top: str, bottom: str, name: str) -> Part | None:
    """Two oligonucleotides annealed to a duplex with 5' overhangs; ``None`` if they do not pair in one such way.

    Args:
        top: 5' to 3'.
        bottom: 5' to 3'.
        name: What to call the part.
    """
    for overhang in range(1, 9):
        core = top[overhang:]
        if len(core) > 3 and bottom[overhang:] == reverse_complement(core) and len(bottom) > overhang:
            right = reverse_complement(bottom[:overhang])
            return Part(name, top, End("5'", top[:overhang]), End("5'", right))
    return Part(name, top, End("blunt"), End("blunt")) if bottom == reverse_complement(top) else None


def golden_gate_parts(sequence: str, chosen: list[Any], circular: bool, name: str) -> list[Part]:
    """The pieces of a plasmid or linear part that a type IIS enzyme leaves without a recognition site.

    Only these survive: what keeps a site is cut again.
    """
    pieces = parts_of(digest(sequence, chosen, circular), name)
    return [
        piece
        for piece in pieces
        if piece.left.kind != "end"
        and piece.right.kind != "end"
        and not any(sites(piece.sequence + piece.right.overhang, item) for item in chosen)
    ]


def gibson_arm(fragment: Fragment) -> str:
    """A cut fragment as it takes part in Gibson assembly: 5' overhangs are chewed away, 3' overhangs stay.

    The exonuclease removes 5' ends, so that the bases of a 5' overhang are in neither end; those of a 3' overhang are
    in both.
    """
    text = fragment.sequence
    if fragment.left.kind == "5'":
        return text[len(fragment.left.overhang) :]
    return fragment.left.overhang + text if fragment.left.kind == "3'" else text


def ligate(parts: Sequence[Part], *, need: Sequence[str] = ()) -> tuple[Product, ...]:
    """The circles that parts close when every junction's ends fit, the ones with most parts first.

    Args:
        parts: Parts; each is used at most once, in either orientation, always beginning with the first.
        need: Names that have to be in the product (prefix before ':').
    """
    closed: dict[str, Product] = {}

    def extend(chain: list[Part], left: frozenset[int]) -> None:
        if len(closed) >= MOST_PRODUCTS:
            return
        if _fits(chain[-1].right, chain[0].left):
            names = tuple(part.name for part in chain)
            used = {name.split(":")[0].removesuffix(" (reversed)") for name in names}
            if used >= set(need):
                sequence = "".join(part.sequence for part in chain)
                sizes = tuple(len(part.sequence) for part in chain)
                closed.setdefault(canonical_circle(sequence), Product(sequence, True, names, sizes))
        for index in left:
            for part in (parts[index], parts[index].turned()):
                if _fits(chain[-1].right, part.left):
                    extend([*chain, part], left - {index})

    if parts:
        extend([parts[0]], frozenset(range(1, len(parts))))
    return tuple(sorted(closed.values(), key=lambda product: (-len(product.parts), -len(product.sequence))))


def gibson(
    fragments: Sequence[tuple[str, str]], *, minimum: int, circular: bool, longest: int = 200
) -> tuple[Product, ...]:
    """The products that join all fragments by the overlaps of their ends (Gibson et al., Nature Methods 6 (2009) 343).

    Args:
        fragments: Name and sequence of each linear fragment; each is used once, in either orientation.
        minimum: Shortest overlap that joins, in bases.
        circular: Whether the last end has to meet the first.
        longest: Longest overlap that is looked for.

    Source: D. G. Gibson et al., Nature Methods 6 (2009) 343.
    """
    found: dict[str, Product] = {}
    other = [(f"{name} (reversed)", reverse_complement(text)) for name, text in fragments]

    def extend(names: list[str], sizes: list[int], text: str, left: frozenset[int]) -> None:
        if len(found) >= MOST_PRODUCTS:
            return
        if not left:
            if not circular:
                key = min(text, reverse_complement(text))
                found.setdefault(key, Product(text, False, tuple(names), tuple(sizes)))
            elif closing := overlap(text, fragments[0][1], minimum, longest):
                ring = text[: len(text) - closing]
                last = sizes[-1] - closing
                found.setdefault(canonical_circle(ring), Product(ring, True, tuple(names), (*sizes[:-1], last)))
            return
        for index in left:
            for name, piece in (fragments[index], other[index]):
                if shared := overlap(text, piece, minimum, longest):
                    extend([*names, name], [*sizes, len(piece) - shared], text + piece[shared:], left - {index})

    everything = frozenset(range(len(fragments)))
    # A circle may be read from any fragment; a line may begin with any, in either orientation.
    begins = [(0, fragments[0])] if circular else [*enumerate(fragments), *enumerate(other)]
    for index, (name, text) in begins:
        extend([name], [len(text)], text, everything - {index})
    return tuple(found.values())


# What attB, attP, attL and attR sites of one number share, where they recombine (Hartley et al., Genome Res. 10 (2000)
# 1788): the same reaction joins B with P and L with R.
_ATT_CORES = ("TTTGTACAAAAAAGC", "CTTTCTTGTACAAAGT")


def gateway(destination: str, entry: str, *, insert_circular: bool = True) -> str:
    """What Gateway recombination makes: the destination with what the entry holds between its two att sites.

    Args:
        destination: A plasmid with sites 1 and 2, which keeps what lies outside them.
        entry: A plasmid, or a linear product of PCR, whose part between the sites is moved.
        insert_circular: Whether the entry is a plasmid.

    Returns:
        The product's sequence; empty if either lacks a pair of sites.

    Source: J. L. Hartley et al., Genome Res. 10 (2000) 1788.
    """
    moved = _between_att(entry, insert_circular)
    kept = _between_att(destination, True)
    if moved is None or kept is None:
        return ""
    ring, begin, stop = kept
    inside, first, last = moved
    # From core 2 of the destination round to its core 1, then the entry's part from core 1 to core 2.
    outside = ring[stop:] + ring[:begin]
    return inside[first:last] + outside


def _between_att(molecule: str, circular: bool) -> tuple[str, int, int] | None:
    """A molecule read so that site 1 comes before site 2, and where the cores begin; ``None`` without one of each."""
    for letters in (molecule, reverse_complement(molecule)):
        size = len(letters)
        read = letters + letters[:30] if circular else letters
        if read.count(_ATT_CORES[0]) != 1 or read.count(_ATT_CORES[1]) != 1:
            continue
        if circular:
            turn = read.index(_ATT_CORES[0])
            letters = letters[turn:] + letters[:turn]
            place = (letters + letters[:30]).index(_ATT_CORES[1])
            return letters, 0, place if place < size else place - size
        begin, stop = read.index(_ATT_CORES[0]), read.index(_ATT_CORES[1])
        if begin < stop:
            return letters, begin, stop
    return None


def overlap(first: str, second: str, minimum: int, longest: int) -> int:
    """Length of the longest end of the first sequence that begins the second; 0 if shorter than the minimum."""
    most = min(len(first) - 1, len(second) - 1, longest)
    return next((size for size in range(most, minimum - 1, -1) if first.endswith(second[:size])), 0)


def canonical_circle(sequence: str) -> str:
    """One name for a circle, wherever it is opened and whichever strand is read: its least rotation."""
    return min(_least_rotation(sequence), _least_rotation(reverse_complement(sequence)))


def _least_rotation(text: str) -> str:
    """Booth's algorithm: the lexicographically least rotation, in linear time."""
    doubled = text + text
    failure = [-1] * len(doubled)
    least = 0
    for j in range(1, len(doubled)):
        i = failure[j - least - 1]
        while i != -1 and doubled[j] != doubled[least + i + 1]:
            if doubled[j] < doubled[least + i + 1]:
                least = j - i - 1
            i = failure[i]
        if i == -1 and doubled[j] != doubled[least]:
            if doubled[j] < doubled[least]:
                least = j
            failure[j - least] = -1
        else:
            failure[j - least] = i + 1
    least %= max(1, len(text))
    return text[least:] + text[:least]


def _fits(right: End, left: End) -> bool:
    if right.kind == "end" or left.kind == "end":
        return False
    return right.kind == left.kind and right.overhang == left.overhang


def _turned_end(end: End) -> End:
    return End(end.kind, reverse_complement(end.overhang), end.enzyme)
