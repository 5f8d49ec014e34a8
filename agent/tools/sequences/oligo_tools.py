"""Tools that design sets of oligonucleotides: index barcodes and small interfering RNAs."""

from __future__ import annotations

from itertools import combinations
from typing import Literal

from agent.errors import RepairableToolError
from agent.records import ArtifactContent, CandidateDraft, Result, Value
from agent.tools import empty, ok, tool
from agent.tools.sequences import oligo_sets, restriction, text
from agent.units import counted

GOOD = 6
"""Points from which Reynolds et al. call an siRNA likely to work."""


@tool("biology", engines=("biopython",))
def design_barcodes(
    count: int,
    length: int = 8,
    min_distance: int = 3,
    gc_low: float = 40.0,
    gc_high: float = 60.0,
    longest_run: int = 2,
    metric: Literal["hamming", "levenshtein"] = "hamming",
    avoid: list[str] = [],
    random_seed: int = 0,
) -> Result:
    """Design a set of index barcodes (for sequencing) that differ from one another by a least distance.

    Args:
        count: How many.
        length: Bases of each, 4 to 24.
        min_distance: Least distance between any two; 3 lets one substitution be corrected.
        gc_low: Lowest GC, in percent.
        gc_high: Highest GC, in percent.
        longest_run: Longest run of one base.
        metric: 'hamming' counts substitutions; 'levenshtein' insertions and deletions too.
        avoid: Enzymes or sequences that no barcode may hold, on either strand.
        random_seed: Of the search.

    Returns:
        The barcodes as candidates; ``data``: barcodes, smallest_distance, corrects (substitutions that can be
        corrected), bases (share of A, C, G, T at each position: a machine reads best where all four stand), and a CSV.
        Empty, with the largest set found, where there are not so many.

    Source:
        Own greedy search; error correction by the least distance: Hamming, Bell Syst. Tech. J. 29 (1950) 147.
    """
    if not 4 <= length <= 24 or not 1 <= count <= 400 or not 1 <= min_distance <= length or longest_run < 1:
        raise RepairableToolError(
            f"count {count}, length {length}, min_distance {min_distance} or longest_run {longest_run} cannot be.",
            remedy="Lengths are 4 to 24, counts 1 to 400, the distance at most the length.",
        )
    sites = [text.dna(one) if set(one.upper()) <= set("ACGT") else _site(one) for one in avoid]
    rules = oligo_sets.BarcodeRules(length, gc_low, gc_high, longest_run, tuple(sites))
    made = oligo_sets.barcodes(count, rules, min_distance, metric, random_seed)
    if len(made) < count:
        return empty(
            f"Only {counted(len(made), 'barcode')} of {length} bases could be found with distance {min_distance}, GC "
            f"{gc_low:g}-{gc_high:g} % and runs up to {longest_run}, not {count}: allow longer ones or less distance.",
            data={"barcodes": made, "count": len(made)},
        )
    measure = oligo_sets.hamming if metric == "hamming" else oligo_sets.levenshtein
    nearest = min((measure(a, b) for a, b in combinations(made, 2)), default=length)
    shares = [{base: sum(one[n] == base for one in made) / len(made) for base in "ACGT"} for n in range(length)]
    lines = ["name,barcode,reverse_complement,GC_percent"]
    lines += [
        f"index_{n},{one},{text.reverse_complement(one)},{text.gc_percent(one):.1f}"
        for n, one in enumerate(made, start=1)
    ]
    corrects = (nearest - 1) // 2
    return ok(
        f"{counted(len(made), 'barcode')} of {length} bases; any two differ by {nearest} or more ({metric}), so that "
        f"{counted(corrects, 'error')} can be corrected and {nearest - 1} noticed. First: {', '.join(made[:4])}.",
        values=(Value(name="smallest_distance", value=nearest), Value(name="barcodes", value=len(made))),
        data={"barcodes": made, "smallest_distance": nearest, "corrects": corrects, "bases": shares},
        candidates=tuple(
            CandidateDraft(
                kind="sequence", structure=one, name=f"index {n}",
                values=(
                    Value(name="length", value=length), Value(name="GC", value=text.gc_percent(one), unit="percent"),
                ),
                labels={"type": "dna"},
            )
            for n, one in enumerate(made, start=1)
        ),
        artifacts=(
            ArtifactContent(
                name="barcodes.csv", media_type="text/csv", content="\n".join(lines) + "\n", title="Barcodes"
            ),
        ),
        warnings=["They were not compared with the indices of any kit."],
    )  # fmt: skip


@tool("biology")
def design_sirnas(
    sequence: str,
    start: int = 1,
    end: int = 0,
    gc_low: float = 30.0,
    gc_high: float = 52.0,
    overhang: str = "TT",
    count: int = 5,
) -> Result:
    """Design small interfering RNAs (19 paired bases and two overhanging ones) against a transcript.

    Args:
        sequence: The transcript or its coding sequence, in letters of DNA or RNA.
        start: First base in which a target may begin, from 1.
        end: Last base; 0 for the end.
        gc_low: Lowest GC of the paired part, in percent.
        gc_high: Highest GC, in percent.
        overhang: Two bases at either 3' end, usually deoxythymidines.
        count: How many, the best first, none overlapping another.

    Returns:
        ``data.sirnas``: start, end, target, sense, antisense (RNA, overhang in lower case as DNA), GC, points
        (Reynolds, 9 at most; 6 and more are likely to work), problems; targets as candidates.

    Source:
        Reynolds et al., Nature Biotechnology 22 (2004) 326, without its hairpin term; Ui-Tei et al., Nucleic Acids Res.
        32 (2004) 936.
    """
    letters = text.dna(sequence)
    last = end or len(letters)
    tail = text.dna(overhang, "overhang").lower() if overhang else ""
    if not 1 <= start <= last <= len(letters) or count < 1:
        raise RepairableToolError(
            f"start {start} and end {last} lie not in 1 to {len(letters)}.", remedy="Correct them."
        )
    found = oligo_sets.silencers(letters[start - 1 : last], gc_low, gc_high)
    chosen: list[oligo_sets.Silencer] = []
    for one in found:
        if all(abs(one.start - other.start) >= 19 for other in chosen) and len(chosen) < count:
            chosen.append(one)
    inside = [one for one in chosen if gc_low <= one.gc <= gc_high]
    if not inside:
        return empty(f"No stretch of 19 bases in {start}-{last} has GC {gc_low:g}-{gc_high:g} %.", data={"sirnas": []})
    rows = [
        {
            "start": one.start + start - 1, "end": one.start + start + 17, "target": one.core,
            "sense": one.core.replace("T", "U") + tail,
            "antisense": text.reverse_complement(one.core).replace("T", "U") + tail,
            "GC": one.gc, "points": one.points, "problems": list(one.problems),
        }
        for one in inside
    ]  # fmt: skip
    good = sum(row["points"] >= GOOD and not row["problems"] for row in rows)
    first = rows[0]
    return ok(
        f"{counted(len(rows), 'siRNA')} that do not overlap; {good} with {GOOD} points or more and no problem. The "
        f"best begins at {first['start']}: sense {first['sense']}, antisense {first['antisense']} ({first['points']} "
        "points).",
        values=(Value(name="sirnas", value=len(rows)),),
        data={"sirnas": rows},
        candidates=tuple(
            CandidateDraft(
                kind="sequence", structure=row["target"], name=f"siRNA target {row['start']}-{row['end']}",
                values=(Value(name="length", value=19), Value(name="GC", value=row["GC"], unit="percent")),
                labels={
                    "type": "rna", "points": str(row["points"]), "antisense": row["antisense"],
                    "problems": "; ".join(row["problems"]) or "none",
                },
            )
            for row in rows
        ),
        warnings=["Other transcripts with the same seed were not searched: compare each with the transcriptome."],
    )  # fmt: skip


def _site(enzyme: str) -> str:
    return restriction.enzymes([enzyme])[0].site
