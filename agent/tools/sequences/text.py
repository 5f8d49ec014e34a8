"""Sequences as text: cleaning, telling DNA from protein, and errors that name the place."""

from __future__ import annotations

import re
from typing import Literal

from agent.errors import RepairableToolError

SequenceType = Literal["dna", "rna", "protein"]

MAX_LENGTH = 5_000_000
"""Longest sequence that is worked on, in letters: a bacterial genome fits, a chromosome of a plant does not."""

_IUPAC = "ACGTRYSWKMBDHVN"
_PROTEIN = "ACDEFGHIKLMNPQRSTVWY"
_PROTEIN_AMBIGUOUS = "BJOUXZ"
_COMPLEMENT = str.maketrans("ACGTRYSWKMBDHVN", "TGCAYRSWMKVHDBN")

# Bases that each IUPAC letter stands for (Cornish-Bowden, Nucleic Acids Res. 13 (1985) 3021).
IUPAC_BASES = {
    "A": "A", "C": "C", "G": "G", "T": "T", "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC",
    "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip


def dna(sequence: str, argument: str = "sequence") -> str:
    """A nucleic acid in upper case, without blanks, digits and FASTA header, with T for U.

    Args:
        sequence: Text as pasted: line breaks, position numbers and one FASTA header are allowed.
        argument: The argument's name, for the error.

    Raises:
        RepairableToolError: It is empty, too long, or holds a letter that is no nucleotide (IUPAC codes are).
    """
    return _checked(sequence, argument, _IUPAC, "a nucleotide (A, C, G, T or a IUPAC code)").replace("U", "T")


def protein(sequence: str, argument: str = "sequence") -> str:
    """A protein in upper case, a final stop sign taken off.

    Args:
        sequence: Text as pasted.
        argument: The argument's name, for the error.

    Raises:
        RepairableToolError: It is empty, too long, or holds something other than the twenty amino acids.
    """
    text = _strip(sequence).rstrip("*")
    return _checked(text, argument, _PROTEIN, "one of the twenty amino acids")


def detect(sequence: str) -> SequenceType:
    """What a cleaned sequence is: DNA and RNA are made of nucleotide letters alone, and mostly of A, C, G, T and U.

    A sequence of nucleotide letters that are mostly ambiguity codes is a protein: ``SVKRHD`` is a peptide.
    """
    letters = set(sequence)
    if letters <= set(_IUPAC + "U") and sum(map(sequence.count, "ACGTUN")) >= 0.9 * len(sequence):
        return "rna" if "U" in letters and "T" not in letters else "dna"
    return "protein"


def reverse_complement(sequence: str) -> str:
    """The other strand, read from its 5' end; IUPAC codes are complemented too."""
    return sequence.translate(_COMPLEMENT)[::-1]


def gc_percent(sequence: str) -> float:
    """GC in percent of the unambiguous bases (S counts as GC, W as AT); 0 where there are none."""
    strong = sum(map(sequence.count, "GCS"))
    weak = sum(map(sequence.count, "ATW"))
    return 100 * strong / (strong + weak) if strong + weak else 0.0


def pattern(site: str) -> re.Pattern[str]:
    """A regular expression that finds every place, overlapping ones too, where a IUPAC site matches."""
    body = "".join(f"[{IUPAC_BASES[base]}]" if base in IUPAC_BASES else base for base in site.upper())
    return re.compile(f"(?=({body}))")


def short(sequence: str, most: int = 30) -> str:
    """A sequence for a sentence: its ends, and how long it is."""
    if len(sequence) <= most:
        return sequence
    return f"{sequence[: most // 2]}...{sequence[-most // 2 + 3 :]} ({len(sequence)} letters)"


def _strip(sequence: str) -> str:
    lines = sequence.strip().splitlines()
    if lines and lines[0].startswith(">"):
        lines = lines[1:]
    return re.sub(r"[\s\d]+", "", "".join(lines)).upper()


def _checked(sequence: str, argument: str, alphabet: str, expected: str) -> str:
    text = _strip(sequence)
    if alphabet is _IUPAC:
        text = text.replace("U", "T")
    if not text:
        raise RepairableToolError(f"{argument} is empty.", remedy="Give the letters of a sequence.")
    if len(text) > MAX_LENGTH:
        raise RepairableToolError(
            f"{argument} has {len(text)} letters; at most {MAX_LENGTH} are worked on.", remedy="Give a part of it."
        )
    wrong = re.search(f"[^{alphabet}]", text)
    if wrong:
        hint = " It looks like a protein." if alphabet is _IUPAC and set(text) <= set(_PROTEIN + "*") else ""
        if alphabet is _PROTEIN and wrong[0] in _PROTEIN_AMBIGUOUS:
            hint = " It is an ambiguous or rare residue, which has no single mass or charge."
        raise RepairableToolError(
            f"{argument} has '{wrong[0]}' at position {wrong.start() + 1}, which is not {expected}.{hint}",
            remedy=f"Correct or leave out what is not a sequence; given: {short(text)}",
        )
    return text
