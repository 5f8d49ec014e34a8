"""Tools that design and judge primers."""

from __future__ import annotations

import re
from typing import Any, Literal

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, Result, Value
from agent.tools import empty, ok, tool
from agent.tools.sequences import cloning, primers, restriction, text
from agent.tools.sequences.thermo import LONGEST_OLIGO, Salt, melting_temperature
from agent.units import counted

_ENGINE = ("biopython",)
# Bases before a recognition site, so that the enzyme can sit on the end of a PCR product.
_CLAMP = "GCGC"
_START = "ATG"


@tool("biology", engines=_ENGINE, seconds=180)
def design_primers(
    sequence: str,
    start: int = 1,
    end: int = 0,
    place: Literal["exact", "flanking"] = "exact",
    flank: int = 150,
    tm: float = 60.0,
    gc_low: float = 40.0,
    gc_high: float = 60.0,
    min_length: int = 18,
    max_length: int = 30,
    forward_enzyme: str = "",
    reverse_enzyme: str = "",
    forward_overhang: str = "",
    reverse_overhang: str = "",
    count: int = 5,
    sodium_mM: float = 50.0,
    magnesium_mM: float = 1.5,
    dntp_mM: float = 0.2,
    primer_nM: float = 250.0,
) -> Result:
    """Design pairs of PCR primers for a target, matched in melting temperature, with cloning sites if wished.

    Args:
        sequence: DNA in letters that holds the target.
        start: First base of the target, from 1.
        end: Last base of the target; 0 for the sequence's last.
        place: 'exact': primers begin at the target's ends (cloning); 'flanking': they lie outside of it (sequencing,
            screening).
        flank: How far outside flanking primers may begin, in bases.
        tm: Wished melting temperature of the annealing part, in degC.
        gc_low: Lowest GC of the annealing part, in percent.
        gc_high: Highest GC, in percent.
        min_length: Shortest annealing part, in bases.
        max_length: Longest annealing part, in bases (at most 60).
        forward_enzyme: Restriction enzyme whose site is put before the forward primer; empty for none. A start codon at
            the site's end (NdeI) serves as that of an exact target.
        reverse_enzyme: The same for the reverse primer.
        forward_overhang: Bases put before the forward primer (5' to 3'), for instance a homology for Gibson assembly.
        reverse_overhang: Bases put before the reverse primer (5' to 3' of the primer).
        count: How many pairs to report.
        sodium_mM: Monovalent cations, in mM.
        magnesium_mM: Magnesium, in mM.
        dntp_mM: dNTPs, in mM.
        primer_nM: Primer, in nM.

    Returns:
        ``data.pairs`` from the best: forward and reverse (whole), their annealing parts, Tm, GC, hairpin and dimer
        energies, product_length, problems (rules that the pair breaks); primers of the best pair as candidates.

    Source:
        Own search; Tm as in `analyse_dna`; dimers and hairpins by SantaLucia, PNAS 95 (1998) 1460, and SantaLucia and
        Hicks (2004), unbroken stems only.
    """
    letters = _plain(sequence, "sequence")
    last = end or len(letters)
    salt = Salt(sodium_mM, magnesium_mM, dntp_mM, primer_nM)
    wish = primers.Wish(tm, min_length, max_length, gc_low, gc_high, salt)
    _check(letters, start, last, wish, count)
    tails = [
        _tail(enzyme, overhang, name)
        for enzyme, overhang, name in (
            (forward_enzyme, forward_overhang, "forward_enzyme"),
            (reverse_enzyme, reverse_overhang, "reverse_enzyme"),
        )
    ]
    shared = bool(forward_enzyme) and place == "exact" and tails[0].endswith(_START)
    if shared := shared and letters.startswith(_START, start - 1):
        # The site of NdeI ends with a start codon: with the target's own, the protein would begin with two.
        tails[0] = tails[0].removesuffix(_START)
    pairs = primers.design(
        letters,
        start,
        last,
        wish,
        flank=flank if place == "flanking" else 0,
        forward_tail=tails[0],
        reverse_tail=tails[1],
        count=count,
    )
    if not pairs:
        return empty(f"No primer of {min_length} to {max_length} bases fits beside the target {start}-{last}.")
    inside = _inner_sites(letters[start - 1 : last], [forward_enzyme, reverse_enzyme])
    best = pairs[0]
    clean = not best.problems
    return ok(
        f"{counted(len(pairs), 'primer pair')} for {start}-{last}. The best: {best.forward.sequence} "
        f"(Tm {best.forward.tm:.1f} degC) and {best.reverse.sequence} (Tm {best.reverse.tm:.1f} degC), product of "
        f"{best.product_length} bases; {'it breaks no rule' if clean else 'it breaks: ' + '; '.join(best.problems)}."
        + (f" The start codon is that of the {forward_enzyme} site." if shared else ""),
        values=(
            Value(name="product_length", value=best.product_length),
            Value(name="forward_tm", value=best.forward.tm, unit="degC"),
            Value(name="reverse_tm", value=best.reverse.tm, unit="degC"),
        ),
        data={"pairs": [_pair_row(pair) for pair in pairs], "conditions": salt.text, "inner_sites": inside},
        candidates=tuple(
            _candidate(primer, name)
            for primer, name in ((best.forward, "forward primer"), (best.reverse, "reverse primer"))
        ),
        warnings=[
            f"{name} also cuts inside the target at {places}: choose another enzyme." for name, places in inside.items()
        ],
    )


@tool("biology", engines=_ENGINE, seconds=180)
def design_gibson_primers(
    insert: str,
    vector: str,
    enzymes: list[str],
    overlap: int = 25,
    tm: float = 60.0,
    circular_vector: bool = True,
    overlap_tm: float = 48.0,
) -> Result:
    """Design primers that give an insert the ends of an opened vector, for Gibson assembly, and test the assembly.

    Args:
        insert: DNA to be inserted, in the orientation in which it shall stand on the vector's given strand.
        vector: The vector in letters.
        enzymes: One or two enzymes that open it; the largest piece is the backbone.
        overlap: Homology on either side, in bases.
        tm: Wished melting temperature of the annealing parts, in degC.
        circular_vector: Whether the vector is a plasmid; false for the region around its cloning sites alone, whose
            first and last pieces then are the ends.
        overlap_tm: Melting temperature below which an overlap is told as too weak for the reaction at 50 degC, in degC.

    Returns:
        ``data``: forward, reverse (whole primers, 5' to 3'), their tails and annealing parts, the assembled plasmid
        (product) and the rules broken; primers and product as candidates.

    Source:
        Gibson et al., Nature Methods 6 (2009) 343; 5' overhangs of the cut are chewed away, 3' overhangs stay.
    """
    piece, backbone_text = _plain(insert, "insert"), text.dna(vector, "vector")
    chosen = restriction.enzymes(enzymes)
    opened = restriction.digest(backbone_text, chosen, circular_vector)
    # What takes part: the largest piece of a circle, the first and the last of a region.
    largest = max(opened, key=lambda fragment: len(fragment.sequence))
    first, last = (largest, largest) if circular_vector else (opened[0], opened[-1])
    if "end" in (first.right.kind, last.left.kind):
        raise RepairableToolError(
            f"No site of {' or '.join(map(str, chosen))} is in the vector of {len(backbone_text)} bases.",
            remedy="Name an enzyme that cuts it once; check which sequence is the vector.",
        )
    if not 12 <= overlap <= 60:
        raise RepairableToolError(f"overlap is {overlap}; 12 to 60 bases are sensible.", remedy="Use 20 to 40.")
    right = cloning.gibson_arm(last)
    left = right if circular_vector else first.sequence
    if min(len(left), len(right)) < overlap:
        raise RepairableToolError(f"The vector's ends are shorter than {overlap} bases.", remedy="Give more of it.")
    forward_tail, reverse_tail = left[-overlap:], text.reverse_complement(right[:overlap])
    tails = [melting_temperature(one, Salt()) for one in (forward_tail, reverse_tail)]
    wish = primers.Wish(tm=tm)
    _check(piece, 1, len(piece), wish, 1)
    pair = primers.design(piece, 1, len(piece), wish, forward_tail=forward_tail, reverse_tail=reverse_tail, count=1)[0]
    product = cloning.amplify(piece, pair.forward.sequence, pair.reverse.sequence)
    ends = [("vector", right)] if circular_vector else [("vector's left end", left), ("vector's right end", right)]
    made = cloning.gibson([*ends, ("insert", product[0].sequence)], minimum=overlap, circular=circular_vector)
    row = _pair_row(pair) | {
        "product": made[0].sequence if made else "",
        "product_count": len(made),
        "overlap_tms": tails,
    }
    candidates = [_candidate(pair.forward, "forward primer"), _candidate(pair.reverse, "reverse primer")]
    candidates += [
        CandidateDraft(
            kind="sequence",
            structure=circle.sequence,
            name="assembled plasmid" if circular_vector else "assembled region",
            values=(Value(name="length", value=len(circle.sequence)),),
            labels={"type": "dna"},
        )
        for circle in made
    ]
    warnings = list(pair.problems)
    warnings += [f"An overlap melts at {one:.1f} degC, below {overlap_tm:g}." for one in tails if one < overlap_tm]
    if len(made) != 1:
        warnings.append(f"The assembly gives {len(made)} products, not one: check repeats in the ends.")
    return ok(
        f"Gibson primers with {overlap} bases of homology (Tm {tails[0]:.1f} and {tails[1]:.1f} degC) to the vector "
        f"opened by {', '.join(map(str, chosen))}: "
        f"{pair.forward.sequence} and {pair.reverse.sequence}; the assembly "
        f"{'closes to' if circular_vector else 'makes a region of'} {len(made[0].sequence) if made else 0} bases.",
        values=(Value(name="product_length", value=len(made[0].sequence) if made else 0),),
        data=row,
        candidates=candidates,
        warnings=warnings,
    )


@tool("biology")
def compare_primer_pairs(
    template: str,
    pairs: list[str],
    target: str = "",
    product_length: int = 0,
    circular: bool = False,
    min_annealing: int = 15,
) -> Result:
    """Which of several primer pairs amplify a template, and which give a wished product.

    Args:
        template: DNA in letters.
        pairs: Pairs, each written 'FORWARD,REVERSE' (both 5' to 3').
        target: The product wished for, in letters; empty if its sequence does not matter.
        product_length: The product length wished for; 0 if it does not matter.
        circular: Whether the template is a plasmid.
        min_annealing: Bases at the 3' end that have to match exactly.

    Returns:
        ``data.rows`` in the order given: pair, lengths of its products, meets (whether a product is as wished);
        ``data.meeting``: numbers of the pairs that do, from 1.

    Source:
        In-silico PCR as in `amplify`.
    """
    letters = text.dna(template, "template")
    wished = text.dna(target, "target") if target else ""
    if not pairs:
        raise RepairableToolError("pairs is empty.", remedy="Give at least one 'FORWARD,REVERSE'.")
    rows: list[dict[str, Any]] = []
    for number, pair in enumerate(pairs):
        both = [part for part in re.split(r"[,;\s]+", pair.strip()) if part]
        if len(both) != 2:
            raise RepairableToolError(f"pairs[{number}] is not 'FORWARD,REVERSE'.", remedy="Give two sequences.")
        first, second = (text.dna(part, f"pairs[{number}]") for part in both)
        found = cloning.amplify(letters, first, second, circular=circular, minimum=min_annealing)
        fitting = [
            product
            for product in found
            if (not wished or wished in (product.sequence, text.reverse_complement(product.sequence)))
            and product_length in (0, len(product.sequence))
        ]
        rows.append({"pair": pair, "lengths": [len(product.sequence) for product in found], "meets": bool(fitting)})
    meeting = [number for number, row in enumerate(rows, start=1) if row["meets"]]
    data = {"rows": rows, "meeting": meeting}
    if not meeting:
        return empty(f"None of {len(rows)} pairs gives the wished product on this template.", data=data)
    return ok(
        f"{len(meeting)} of {len(rows)} pairs give the wished product: number {', '.join(map(str, meeting))}.",
        values=(Value(name="meeting", value=len(meeting)),),
        data=data,
    )


def _plain(sequence: str, argument: str) -> str:
    letters = text.dna(sequence, argument)
    if wrong := re.search("[^ACGT]", letters):
        raise RepairableToolError(
            f"{argument} has the ambiguous base {wrong[0]} at position {wrong.start() + 1}.",
            remedy="Primers need A, C, G and T only: give the part without ambiguity.",
        )
    return letters


def _check(letters: str, start: int, end: int, wish: primers.Wish, count: int) -> None:
    if not 1 <= start < end <= len(letters):
        raise RepairableToolError(
            f"The target {start}-{end} does not lie within the {len(letters)} bases.", remedy="Positions count from 1."
        )
    if not 10 <= wish.shortest <= wish.longest <= LONGEST_OLIGO:
        raise RepairableToolError(
            f"min_length {wish.shortest} and max_length {wish.longest} have to satisfy "
            f"10 <= min_length <= max_length <= {LONGEST_OLIGO}."
        )
    if end - start + 1 < wish.shortest:
        raise RepairableToolError(f"The target has {end - start + 1} bases: shorter than a primer.")
    if not 1 <= count <= 50:
        raise RepairableToolError(f"count is {count}; 1 to 50 pairs can be reported.")


def _tail(enzyme: str, overhang: str, argument: str) -> str:
    tail = text.dna(overhang, argument.replace("enzyme", "overhang")) if overhang else ""
    if not enzyme:
        return tail
    site = restriction.enzyme(enzyme).site
    if set(site) - set("ACGT"):
        raise RepairableToolError(
            f"{argument} {enzyme} recognises {site}, which is not one sequence.", remedy="Choose an unambiguous site."
        )
    return (tail or _CLAMP) + site


def _inner_sites(target: str, names: list[str]) -> dict[str, str]:
    found = {}
    for name in filter(None, names):
        places = restriction.sites(target, restriction.enzyme(name))
        if places:
            found[str(restriction.enzyme(name))] = ", ".join(str(start) for start, _ in places)
    return found


def _pair_row(pair: primers.Pair) -> dict[str, Any]:
    return {
        "forward": pair.forward.sequence,
        "reverse": pair.reverse.sequence,
        "forward_annealing": pair.forward.annealing,
        "reverse_annealing": pair.reverse.annealing,
        "forward_start": pair.forward.start,
        "reverse_end": pair.reverse.end,
        "forward_tm": pair.forward.tm,
        "reverse_tm": pair.reverse.tm,
        "forward_gc": pair.forward.gc,
        "reverse_gc": pair.reverse.gc,
        "hairpins": [pair.forward.hairpin, pair.reverse.hairpin],
        "self_dimers": [pair.forward.self_dimer, pair.reverse.self_dimer],
        "pair_dimer": pair.dimer,
        "product_length": pair.product_length,
        "problems": list(pair.problems),
    }


def _candidate(primer: primers.Primer, name: str) -> CandidateDraft:
    return CandidateDraft(
        kind="sequence",
        structure=primer.sequence,
        name=name,
        values=(
            Value(name="length", value=len(primer.sequence)),
            Value(name="GC", value=primer.gc, unit="percent"),
            Value(name="melting_temperature", value=primer.tm, unit="degC"),
        ),
        labels={"type": "dna", "problems": "; ".join(primer.problems) or "none", "values_of": "the annealing part"},
    )
