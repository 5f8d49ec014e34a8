"""Tool that designs amplicons for quantitative PCR."""

from __future__ import annotations

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, Result, Value
from agent.tools import empty, ok, tool
from agent.tools.sequences import primers, text
from agent.units import counted

_MOST_WINDOWS, _WINDOW = 8, 150
"""Amplicons are looked for at a place every so many bases, and at so many places at most."""


@tool("biology", seconds=180)
def design_qpcr_primers(
    sequence: str,
    product_low: int = 70,
    product_high: int = 150,
    tm: float = 60.0,
    count: int = 3,
    shortest: int = 18,
    longest: int = 25,
) -> Result:
    """Design primer pairs for short amplicons, as quantitative PCR needs them, anywhere in a sequence.

    Args:
        sequence: The template, a transcript or gene in unambiguous letters.
        product_low: Shortest product, in bases.
        product_high: Longest product.
        tm: Melting temperature of the primers, in degC.
        count: How many pairs, the best first.
        shortest: Bases of the shortest primer.
        longest: Bases of the longest one, at most 60.

    Returns:
        ``data.pairs``: forward, reverse, product_length, start, end, Tm of both, product GC, problems; primers as
        candidates; empty when no pair has a product of that length.

    Source:
        Nearest-neighbour melting temperatures (SantaLucia, PNAS 95 (1998) 1460); amplicon lengths of Bustin et al.,
        Clin. Chem. 55 (2009) 611.
    """
    letters = text.dna(sequence)
    if set(letters) - set("ACGT"):
        raise RepairableToolError("sequence has ambiguous bases.", remedy="Give a stretch without them.")
    if not 40 <= product_low < product_high <= 1000:
        raise RepairableToolError(
            f"product_low is {product_low}, product_high {product_high}; 40 to 1,000 bases, the lower first."
        )
    if len(letters) < product_low:
        raise RepairableToolError(f"sequence has {len(letters)} bases, fewer than the product's {product_low}.")
    if not 12 <= shortest <= longest <= 60:
        raise RepairableToolError(f"Primers of {shortest} to {longest} bases cannot be.", remedy="18 to 25 are usual.")
    wish = primers.Wish(tm=tm, shortest=shortest, longest=longest)
    # A short target in the middle leaves room on either side for primers whose product is as long as wished.
    core = max(10, product_low - 50)
    flank = min((product_high - core) // 2, 80)
    first, last = flank, max(flank, len(letters) - flank - core)
    windows = min(_MOST_WINDOWS, 1 + len(letters) // _WINDOW)
    steps = sorted({first + round((last - first) * n / max(1, windows - 1)) for n in range(windows)})
    found = [
        pair
        for begin in steps
        if begin + core <= len(letters)
        for pair in primers.design(letters, begin + 1, begin + core, wish, flank=flank, count=20)
        if product_low <= pair.product_length <= product_high
    ]
    unique = {(pair.forward.sequence, pair.reverse.sequence): pair for pair in found}
    best = sorted(unique.values(), key=lambda pair: pair.penalty)[:count]
    if not best:
        return empty(f"No pair gives a product of {product_low} to {product_high} bases.", data={"pairs": []})
    rows = [
        {
            "forward": pair.forward.sequence, "reverse": pair.reverse.sequence, "product_length": pair.product_length,
            "start": pair.forward.start, "end": pair.reverse.end, "forward_tm": pair.forward.tm,
            "reverse_tm": pair.reverse.tm,
            "product_gc": text.gc_percent(letters[pair.forward.start - 1 : pair.reverse.end]),
            "problems": list(pair.problems),
        }
        for pair in best
    ]  # fmt: skip
    top = rows[0]
    drafts = [
        CandidateDraft(
            kind="sequence",
            structure=primer.sequence,
            name=f"qPCR {side} {primer.start}-{primer.end}",
            values=(
                Value(name="length", value=len(primer.sequence)),
                Value(name="GC", value=primer.gc, unit="percent"),
                Value(name="melting_temperature", value=primer.tm, unit="degC"),
            ),
            labels={"type": "dna", "problems": "; ".join(primer.problems) or "none"},
        )
        for pair in best
        for side, primer in (("forward", pair.forward), ("reverse", pair.reverse))
    ]
    return ok(
        f"{counted(len(rows), 'pair')}; the best, {top['forward']} and {top['reverse']}, gives "
        f"{top['product_length']} bases "
        f"({top['start']}-{top['end']}), Tm {top['forward_tm']:.1f} and {top['reverse_tm']:.1f} degC, problems: "
        f"{'; '.join(top['problems']) or 'none'}.",
        values=(Value(name="product_length", value=top["product_length"]),),
        data={"pairs": rows},
        candidates=tuple({draft.structure: draft for draft in drafts}.values()),
        warnings=("Whether the primers bind elsewhere in a genome or transcriptome was not searched.",),
    )
