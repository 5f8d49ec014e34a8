"""Tools that find genes and translate them."""

from __future__ import annotations

from typing import Any, Literal

from agent.errors import RepairableToolError
from agent.records import CandidateDraft, Result, Value
from agent.tools import empty, ok, tool
from agent.tools.sequences import orfs as orf_core
from agent.tools.sequences import text
from agent.tools.sequences.common import MOST_CANDIDATES, left_out, map_of
from agent.tools.sequences.drawing import Feature
from agent.units import counted

_ENGINE = ("biopython",)
# Bases of AGGAGG that make a start codon of a bacterium a likely one.
_SHINE_DALGARNO = 4

_THREE_LETTERS = {
    "A": "Ala", "R": "Arg", "N": "Asn", "D": "Asp", "C": "Cys", "Q": "Gln", "E": "Glu", "G": "Gly", "H": "His",
    "I": "Ile", "L": "Leu", "K": "Lys", "M": "Met", "F": "Phe", "P": "Pro", "S": "Ser", "T": "Thr", "W": "Trp",
    "Y": "Tyr", "V": "Val",
}  # fmt: skip


@tool("biology", engines=_ENGINE)
def find_orfs(
    sequence: str,
    min_length: int | None = None,
    starts: list[str] = ["ATG"],
    strands: Literal["both", "forward", "reverse"] = "both",
    nested: bool = False,
    complete: bool = True,
    genetic_code: int = 1,
    circular: bool = False,
    residue: int = 0,
) -> Result:
    """Find the open reading frames of a DNA or RNA sequence in six frames (or three).

    Args:
        sequence: DNA or RNA in letters.
        min_length: Shortest protein reported, in residues, the stop not counted (by default 100, and for sequences
            below 1,200 bases a quarter of their codons, at least 10).
        starts: Start codons, such as ATG, GTG, TTG.
        strands: Which strands to read.
        nested: Also count every start codon inside a frame as an ORF of its own.
        complete: Report only frames that end in a stop codon.
        genetic_code: NCBI translation table (1 standard, 11 bacterial).
        circular: Whether frames may cross the origin.
        residue: Position in the longest ORF's protein, from 1, whose amino acid is wanted; 0 for none.

    Returns:
        ``data.orfs`` from the longest: start, end, strand, frame, length, protein, kozak, kozak_matches (of seven),
        shine_dalgarno; ``data.longest`` and ``data.residue``; proteins as candidates; a map as artifact.

    Source:
        Kozak, Nucleic Acids Res. 15 (1987) 8125, for the start context; NCBI genetic codes.
    """
    letters = text.dna(sequence)
    wanted = [text.dna(start, "starts") for start in starts]
    if not wanted or any(len(start) != 3 for start in wanted):
        raise RepairableToolError(f"starts has to list codons of three bases; given: {starts}.", remedy="Use ATG.")
    if min_length is None:
        min_length = min(100, max(10, len(letters) // 12))
    if min_length < 1:
        raise RepairableToolError(f"min_length is {min_length}; it has to be at least 1 residue.")
    rules = orf_core.Rules(min_length, frozenset(wanted), strands, nested, complete, genetic_code, circular)
    found = orf_core.find(letters, rules)
    asked = f"at least {min_length} residues, start {'/'.join(wanted)}, {strands} strand{'s' * (strands == 'both')}"
    if not found:
        shorter = orf_core.find(
            letters, orf_core.Rules(1, frozenset(wanted), strands, nested, complete, genetic_code, circular)
        )
        nearest = f"; the longest has {shorter[0].length} residues" if shorter else ""
        return empty(
            f"No open reading frame with {asked} in {len(letters)} bases{nearest}.",
            data={"orfs": [], "count": 0, "longest_length": shorter[0].length if shorter else 0},
        )
    longest = found[0]
    rows = [
        {
            "start": orf.start, "end": orf.end, "strand": orf.strand, "frame": orf.frame, "length": orf.length,
            "complete": orf.complete, "protein": orf.protein, "kozak": orf.kozak, "kozak_matches": orf.kozak_matches,
            "shine_dalgarno": orf.shine_dalgarno,
        }
        for orf in found
    ]  # fmt: skip
    answer = _residue(longest, residue)
    drafts = [
        CandidateDraft(
            kind="sequence",
            structure=orf.protein,
            name=f"ORF {orf.start}-{orf.end} ({orf.strand})",
            values=(Value(name="length", value=orf.length),),
            labels={"type": "protein", "kozak": orf.kozak},
        )
        for orf in found[:MOST_CANDIDATES]
    ]
    features = [
        Feature(*((orf.start, orf.end) if orf.strand == "+" else (orf.end, orf.start)), orf.strand, f"{orf.length} aa")
        for orf in found[:60]
    ]
    return ok(
        f"{counted(len(found), 'open reading frame')} with {asked}. The longest is "
        f"{longest.start}-{longest.end} on strand "
        f"{longest.strand}, {longest.length} residues: {text.short(longest.protein)}.{answer[1]}",
        values=(Value(name="orfs", value=len(found)), Value(name="longest_orf", value=longest.length)),
        data={
            "orfs": rows,
            "count": len(found),
            "longest": rows[0],
            "residue": answer[0],
            "proteins": [o.protein for o in found],
        },
        candidates=drafts,
        artifacts=(map_of(letters, features, "open reading frames", 1),),
        warnings=left_out(len(found)),
    )


@tool("biology", engines=_ENGINE)
def translate_dna(sequence: str, frame: int = 1, genetic_code: int = 1, to_stop: bool = False) -> Result:
    """Translate DNA or RNA in one of six frames.

    Args:
        sequence: DNA or RNA in letters.
        frame: 1, 2 or 3 on the given strand; -1, -2 or -3 on the other.
        genetic_code: NCBI translation table.
        to_stop: End at the first stop codon.

    Returns:
        ``data.protein`` with '*' for stops, ``data.stops``; the protein as candidate.

    Source:
        NCBI genetic codes.
    """
    letters = text.dna(sequence)
    if frame not in (1, 2, 3, -1, -2, -3):
        raise RepairableToolError(f"frame is {frame}; it has to be 1, 2, 3, -1, -2 or -3.")
    strand = letters if frame > 0 else text.reverse_complement(letters)
    protein = orf_core.translate(strand[abs(frame) - 1 :], genetic_code)
    if to_stop:
        protein = protein.split("*")[0]
    if not protein:
        return empty("The sequence has no codon to translate in this frame.", data={"protein": ""})
    return ok(
        f"Frame {frame} translates to {len(protein)} letters with {counted(protein.count('*'), 'stop')}: "
        f"{text.short(protein, 60)}.",
        values=(Value(name="length", value=len(protein)), Value(name="stops", value=protein.count("*"))),
        data={"protein": protein, "stops": protein.count("*"), "frame": frame},
        candidates=(CandidateDraft(kind="sequence", structure=protein, labels={"type": "protein"}),),
    )


def _residue(orf: orf_core.Orf, residue: int) -> tuple[dict[str, Any] | None, str]:
    if residue == 0:
        return None, ""
    if not 1 <= residue <= orf.length:
        raise RepairableToolError(
            f"residue is {residue}; the longest ORF has {orf.length} residues.", remedy="Ask for a position within it."
        )
    letter = orf.protein[residue - 1]
    name = _THREE_LETTERS.get(letter, "unknown")
    return {"position": residue, "letter": letter, "name": name}, f" Residue {residue} of it is {name} ({letter})."


@tool("biology", engines=_ENGINE)
def compare_translation(
    sequences: list[str], organism: Literal["eukaryote", "bacterium"] = "eukaryote", min_length: int = 1
) -> Result:
    """Rank transcripts by how much coding sequence stands behind a start codon in a favourable context.

    Args:
        sequences: RNA or DNA of the transcripts, given strand.
        organism: 'eukaryote' judges starts by the Kozak context, 'bacterium' by a Shine-Dalgarno sequence of four bases
            or more.
        min_length: Shortest ORF that counts, in residues.

    Returns:
        ``data.rows`` in the order given: favourable_residues (residues of complete ORFs with a favourable start),
        favourable_starts, orfs; ``data.best``: number of the best sequence, from 1 (0 if several are equal).

    Source:
        Kozak, Nucleic Acids Res. 15 (1987) 8125; Shine and Dalgarno, PNAS 71 (1974) 1342. A rule about initiation
        only: structure, codon usage and stability of the RNA are not judged.
    """
    if not sequences:
        raise RepairableToolError("sequences is empty.", remedy="Give at least one transcript.")
    rows = []
    for number, given in enumerate(sequences):
        rules = orf_core.Rules(max(1, min_length), strands="forward")
        found = orf_core.find(text.dna(given, f"sequences[{number}]"), rules)
        good = [
            orf
            for orf in found
            if (orf.kozak == "strong" if organism == "eukaryote" else orf.shine_dalgarno >= _SHINE_DALGARNO)
        ]
        rows.append(
            {
                "favourable_residues": sum(orf.length for orf in good),
                "favourable_starts": len(good),
                "orfs": len(found),
                "longest_favourable": max((orf.length for orf in good), default=0),
            }
        )
    scores = [row["favourable_residues"] for row in rows]
    top = max(scores)
    best = scores.index(top) + 1 if scores.count(top) == 1 else 0
    data = {"rows": rows, "best": best, "organism": organism}
    if top == 0:
        return empty(f"None of {len(rows)} sequences has an ORF with a favourable start for a {organism}.", data=data)
    verdict = f"number {best} has the most" if best else "several have equally many"
    return ok(
        f"Residues behind favourable starts in a {organism}: {', '.join(map(str, scores))}; {verdict}.",
        values=(Value(name="favourable_residues", value=top),),
        data=data,
    )
