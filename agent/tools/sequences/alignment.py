"""Pairwise alignment (Needleman and Wunsch, Smith and Waterman) with affine gaps, by Biopython."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from agent.tools.sequences.text import SequenceType

MOST_CELLS = 150_000_000
"""Largest product of the two lengths: the alignment's matrix has to fit into memory."""


@dataclass(frozen=True)
class Difference:
    """One column run where the two sequences differ; positions from 1, 0 where a sequence has a gap at its start.

    Attributes:
        kind: ``substitution``, ``insertion`` (letters that only ``b`` has) or ``deletion`` (only ``a`` has).
        a_position: Position in ``a`` (for an insertion: of the letter before it).
        b_position: Position in ``b`` (for a deletion: of the letter before it).
        a: The letters in ``a``.
        b: The letters in ``b``.
    """

    kind: Literal["substitution", "insertion", "deletion"]
    a_position: int
    b_position: int
    a: str
    b: str


@dataclass(frozen=True)
class Alignment:
    """Two aligned texts with gaps, their score, and where they begin (from 1)."""

    a: str
    b: str
    score: float
    a_start: int
    b_start: int

    @property
    def identical(self) -> int:
        """Columns with equal letters."""
        return sum(x == y for x, y in zip(self.a, self.b, strict=True))

    @property
    def columns(self) -> int:
        """Columns in all."""
        return len(self.a)

    def differences(self) -> tuple[Difference, ...]:
        """Substitutions letter by letter, and gaps as runs, from left to right."""
        made: list[Difference] = []
        i, j = self.a_start - 1, self.b_start - 1
        for x, y in zip(self.a, self.b, strict=True):
            i, j = i + (x != "-"), j + (y != "-")
            if x == y:
                continue
            kind = "insertion" if x == "-" else "deletion" if y == "-" else "substitution"
            last = made[-1] if made and made[-1].kind == kind else None
            if last and kind == "insertion" and (i, j) == (last.a_position, last.b_position + len(last.b)):
                made[-1] = Difference(kind, last.a_position, last.b_position, "", last.b + y)
            elif last and kind == "deletion" and (i, j) == (last.a_position + len(last.a), last.b_position):
                made[-1] = Difference(kind, last.a_position, last.b_position, last.a + x, "")
            else:
                made.append(Difference(kind, i, j, x.replace("-", ""), y.replace("-", "")))
        return tuple(made)


def align(a: str, b: str, kind: SequenceType, mode: Literal["global", "local"]) -> Alignment | None:
    """The best alignment of two sequences; ``None`` if a local alignment finds nothing in common.

    Args:
        a: Upper-case letters.
        b: Upper-case letters of the same type.
        kind: DNA and RNA score 2 for a match, -3 for a mismatch, -5 and -2 for opening and extending a gap (the
            defaults of blastn); proteins score by BLOSUM62 with gaps of -11 and -1 (blastp).
        mode: ``global`` aligns the two end to end, with end gaps free; ``local`` the best-matching parts.
    """
    from Bio.Align import PairwiseAligner, substitution_matrices

    aligner = PairwiseAligner()
    aligner.mode = mode
    if kind == "protein":
        aligner.substitution_matrix = substitution_matrices.load("BLOSUM62")
        aligner.open_gap_score, aligner.extend_gap_score = -12, -1
    else:
        aligner.match_score, aligner.mismatch_score = 2, -3
        aligner.open_gap_score, aligner.extend_gap_score = -7, -2
    if mode == "global":
        aligner.end_gap_score = 0
    alignments = aligner.align(a, b)
    if alignments.score <= 0:
        return None
    best = next(iter(alignments))
    if best.coordinates.shape[1] < 2:
        return None
    return Alignment(
        str(best[0]), str(best[1]), float(best.score), int(best.coordinates[0][0]) + 1, int(best.coordinates[1][0]) + 1
    )
