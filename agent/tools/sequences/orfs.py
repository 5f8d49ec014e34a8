"""Open reading frames, and the surroundings of their start codons."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from agent.errors import RepairableToolError
from agent.tools.sequences.text import reverse_complement

# Weights of the positions around the start codon. A purine at -3 and G at +4 matter most (Kozak, Nucleic Acids Res.
# 15 (1987) 8125): with both the context is strong, with one adequate, with none weak.
_KOZAK_CONSENSUS = {-6: "G", -5: "C", -4: "C", -3: "AG", -2: "C", -1: "C", 4: "G"}

# The 3' end of E. coli 16S rRNA pairs with AGGAGG, 5 to 13 bases before the start (Shine and Dalgarno 1974).
_SHINE_DALGARNO = "AGGAGG"


@dataclass(frozen=True)
class Orf:
    """An open reading frame.

    Attributes:
        start: First base of the start codon, from 1, on the given strand's numbering (the larger end on '-').
        end: Last base of the stop codon (or of the last codon), from 1 (the smaller end on '-').
        strand: '+' for the given strand, '-' for the other.
        frame: 1, 2 or 3 on its strand.
        codons: Its codons, the stop codon aside.
        protein: Its translation without the stop sign; the first residue of a start codon is M.
        complete: Whether it ends in a stop codon.
        kozak: Kozak context: 'strong', 'adequate', 'weak', or 'unknown' near the sequence's edge.
        kozak_matches: Positions shared with GCC(A/G)CC-ATG-G, of seven.
        shine_dalgarno: Longest stretch of AGGAGG found 4 to 14 bases before the start, in bases.
    """

    start: int
    end: int
    strand: str
    frame: int
    codons: tuple[str, ...]
    protein: str
    complete: bool
    kozak: str
    kozak_matches: int
    shine_dalgarno: int

    @property
    def length(self) -> int:
        """Residues of the protein."""
        return len(self.protein)


@cache
def codon_table(number: int) -> tuple[dict[str, str], frozenset[str], frozenset[str]]:
    """An NCBI genetic code: codon to amino acid, stop codons, start codons.

    Raises:
        RepairableToolError: NCBI has no code of that number.
    """
    from Bio.Data import CodonTable

    if number not in CodonTable.unambiguous_dna_by_id:
        known = ", ".join(str(key) for key in sorted(CodonTable.unambiguous_dna_by_id))
        raise RepairableToolError(f"genetic_code {number} is no NCBI translation table.", remedy=f"There are: {known}.")
    table = CodonTable.unambiguous_dna_by_id[number]
    return dict(table.forward_table), frozenset(table.stop_codons), frozenset(table.start_codons)


def translate(sequence: str, genetic_code: int = 1) -> str:
    """A nucleic acid read in its first frame; '*' for stop, 'X' for a codon with an ambiguous base.

    Args:
        sequence: Upper-case DNA; one or two bases left over at the end are not read.
        genetic_code: NCBI translation table.
    """
    forward, stops, _ = codon_table(genetic_code)
    codons = (sequence[i : i + 3] for i in range(0, len(sequence) - 2, 3))
    # A codon may be both sense and stop in some codes; sense is read, as ribosomes mostly do.
    return "".join(forward.get(codon) or ("*" if codon in stops else "X") for codon in codons)


@dataclass(frozen=True)
class Rules:
    """What counts as an open reading frame.

    Attributes:
        minimum: Shortest protein reported, in residues (the start counts, the stop does not).
        starts: Start codons.
        strands: ``both``, ``forward`` or ``reverse``.
        nested: Whether each start codon inside a frame opens an ORF of its own that ends at the same stop.
        complete: Whether a frame must end in a stop codon.
        genetic_code: NCBI translation table.
        circular: Whether a frame may run across the origin.
    """

    minimum: int = 100
    starts: frozenset[str] = frozenset({"ATG"})
    strands: str = "both"
    nested: bool = False
    complete: bool = True
    genetic_code: int = 1
    circular: bool = False


def find(sequence: str, rules: Rules) -> tuple[Orf, ...]:
    """The open reading frames of an upper-case sequence, the longest first."""
    found: list[Orf] = []
    for strand, text in (("+", sequence), ("-", reverse_complement(sequence))):
        if rules.strands == "both" or (rules.strands == "forward") == (strand == "+"):
            read = text + text if rules.circular else text
            for frame in range(3):
                found.extend(_in_frame(read, len(text), frame, strand, rules))
    ordered = sorted(found, key=lambda orf: (-orf.length, orf.strand, orf.start))
    # On a circle a frame is met twice; the longest of those with one end is the whole of it.
    unique: dict[tuple[object, ...], Orf] = {}
    for orf in ordered:
        unique.setdefault((orf.strand, orf.end, orf.start if rules.nested else 0), orf)
    return tuple(unique.values())


def _in_frame(read: str, size: int, frame: int, strand: str, rules: Rules) -> list[Orf]:
    _, stops, _ = codon_table(rules.genetic_code)
    spans: list[tuple[int, int, bool]] = []
    opened: list[int] = []
    last = frame

    def close(end: int, complete: bool) -> None:
        # On a circle a frame is at most once around: where the outermost start is further off, an inner one counts.
        fitting = [begin for begin in opened if not rules.circular or end - begin + 3 * complete <= size]
        spans.extend((begin, end, complete) for begin in (fitting if rules.nested else fitting[:1]))

    for place in range(frame, len(read) - 2, 3):
        codon = read[place : place + 3]
        last = place + 3
        if codon in stops:
            close(place, True)
            opened = []
        elif codon in rules.starts and (rules.nested or rules.circular or not opened) and place < size:
            opened.append(place)
    if not rules.complete:
        close(last, False)
    return [
        _orf(read, size, begin, stop, strand, frame, complete, rules.genetic_code)
        for begin, stop, complete in spans
        if stop - begin >= 3 * rules.minimum
    ]


def _orf(read: str, size: int, begin: int, stop: int, strand: str, frame: int, complete: bool, code: int) -> Orf:
    coding = read[begin:stop]
    end = stop + 3 if complete else stop
    first, last = begin % size + 1, (end - 1) % size + 1
    return Orf(
        start=first if strand == "+" else size + 1 - first,
        end=last if strand == "+" else size + 1 - last,
        strand=strand,
        frame=frame + 1,
        codons=tuple(coding[i : i + 3] for i in range(0, len(coding), 3)),
        protein="M" + translate(coding, code)[1:],
        complete=complete,
        kozak=kozak(read, begin),
        kozak_matches=kozak_matches(read, begin),
        shine_dalgarno=shine_dalgarno(read, begin),
    )


def kozak(sequence: str, begin: int) -> str:
    """The Kozak context of a start codon at a 0-based place: strong, adequate, weak, or unknown at the edge.

    Source: M. Kozak, Nucleic Acids Res. 15 (1987) 8125.
    """
    if begin < 3 or begin + 3 >= len(sequence):
        return "unknown"
    purine, guanine = sequence[begin - 3] in "AG", sequence[begin + 3] == "G"
    return "strong" if purine and guanine else "adequate" if purine or guanine else "weak"


def kozak_matches(sequence: str, begin: int) -> int:
    """How many of the seven positions of GCC(A/G)CC-ATG-G a start codon's surroundings share."""
    return sum(
        0 <= begin + place - (place > 0) < len(sequence) and sequence[begin + place - (place > 0)] in wanted
        for place, wanted in _KOZAK_CONSENSUS.items()
    )


def shine_dalgarno(sequence: str, begin: int) -> int:
    """Length of the longest piece of AGGAGG in the 4 to 14 bases before a start codon (0 if under three)."""
    before = sequence[max(0, begin - 14) : max(0, begin - 4)]
    lengths = range(len(_SHINE_DALGARNO), 2, -1)
    return next(
        (
            size
            for size in lengths
            for i in range(len(_SHINE_DALGARNO) - size + 1)
            if _SHINE_DALGARNO[i : i + size] in before
        ),
        0,
    )
