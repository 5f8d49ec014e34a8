"""The alignment tool."""

from __future__ import annotations

from typing import Literal

from agent.errors import RepairableToolError
from agent.records import ArtifactContent, Result, Value
from agent.tools import empty, ok, tool
from agent.tools.sequences import text
from agent.tools.sequences.alignment import MOST_CELLS, Alignment, align
from agent.units import counted

_LINE = 60


@tool("biology", engines=("biopython",))
def align_sequences(
    a: str,
    b: str,
    mode: Literal["global", "local"] = "global",
    kind: Literal["auto", "dna", "protein"] = "auto",
) -> Result:
    """Align two sequences: percent identity, and every position where they differ.

    Args:
        a: First sequence (the reference), DNA, RNA or protein.
        b: Second sequence, of the same type.
        mode: 'global' end to end (end gaps are free), 'local' the best-matching parts.
        kind: 'auto' tells DNA from protein by the letters.

    Returns:
        ``data``: identity (percent of aligned columns), identical, columns, score, differences (kind, positions from
        1, letters), and the alignment as text, also as artifact.

    Source:
        Needleman and Wunsch (1970), Smith and Waterman (1981), with affine gaps and the scores of blastn or of
        BLOSUM62 and blastp; Biopython's PairwiseAligner.
    """
    protein = kind == "protein" or (kind == "auto" and "protein" in (_type(a), _type(b)))
    clean = text.protein if protein else text.dna
    first, second = clean(a, "a"), clean(b, "b")
    if len(first) * len(second) > MOST_CELLS:
        raise RepairableToolError(
            f"a and b have {len(first)} and {len(second)} letters: too long to align letter by letter.",
            remedy=f"Cut them so that the product of their lengths is under {MOST_CELLS:.0e}.",
        )
    found = align(first, second, "protein" if protein else "dna", mode)
    if found is None:
        return empty("The two sequences have nothing in common that scores above zero.", data={"identity": 0.0})
    differences = found.differences()
    identity = 100 * found.identical / found.columns
    shown = picture(found)
    data = {
        "identity": identity,
        "identical": found.identical,
        "columns": found.columns,
        "score": found.score,
        "a_start": found.a_start,
        "b_start": found.b_start,
        "differences": [
            {"kind": d.kind, "a_position": d.a_position, "b_position": d.b_position, "a": d.a, "b": d.b}
            for d in differences
        ],
        "alignment": shown,
    }
    told = ", ".join(
        f"{d.a}{d.a_position}{d.b}"
        if d.kind == "substitution"
        else f"{d.kind} of {text.short(d.b or d.a)} at {d.a_position}"
        for d in differences[:6]
    )
    return ok(
        f"{identity:.1f} % identity over {found.columns} columns, {counted(len(differences), 'difference')}"
        f"{': ' + told if told else ''}{', ...' if len(differences) > 6 else ''}.",
        values=(
            Value(name="identity", value=identity, unit="percent"),
            Value(name="differences", value=len(differences)),
        ),
        data=data,
        artifacts=(ArtifactContent(name="alignment.txt", media_type="text/plain", content=shown, title="alignment"),),
    )


def picture(found: Alignment) -> str:
    """The alignment in blocks of sixty columns, with positions and a bar for equal letters."""
    lines = []
    i, j = found.a_start, found.b_start
    for start in range(0, found.columns, _LINE):
        top, bottom = found.a[start : start + _LINE], found.b[start : start + _LINE]
        bars = "".join("|" if x == y else " " for x, y in zip(top, bottom, strict=True))
        lines += [f"a {i:>8} {top}", f"  {'':>8} {bars}", f"b {j:>8} {bottom}", ""]
        i, j = i + len(top) - top.count("-"), j + len(bottom) - bottom.count("-")
    return "\n".join(lines)


def _type(sequence: str) -> text.SequenceType:
    return text.detect("".join(sequence.split()).upper().rstrip("*"))
