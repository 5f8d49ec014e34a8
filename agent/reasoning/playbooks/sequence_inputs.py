"""What a goal about sequences brings along: sequences written out, files of them, and of what kind they are."""

from __future__ import annotations

import re
from pathlib import Path

from agent.reasoning.understanding.files import FoundFile, find_files
from agent.reasoning.understanding.sequences import RawSequence, find_sequences
from agent.reasoning.understanding.text import normalise


def sequences_in(answer: str) -> tuple[list[FoundFile], list[RawSequence]]:
    """The files and sequences that an answer names or writes out."""
    text = normalise(answer)
    files = list(find_files(text, ()))
    letters = re.sub(r"[\s\d]+", "", text).upper()
    sequences = list(find_sequences(text))
    if not files and not sequences and re.fullmatch(r"[A-Z*]{4,}", letters):
        kind = "dna" if re.fullmatch(r"[ACGTUN]+", letters) else "protein"
        sequences = [RawSequence(0, len(text), letters.rstrip("*"), kind)]
    return files, sequences


def says_circular(path: str) -> bool:
    """Whether a GenBank file calls its molecule circular, in its first line."""
    with Path(path).open(encoding="utf-8", errors="replace") as file:
        first = file.readline(500)
    return first.startswith("LOCUS") and " circular " in f"{first} "


def kind_of_file(path: str) -> str:
    """Nucleotide or protein, by the letters of the first records."""
    with Path(path).open(encoding="utf-8", errors="replace") as file:
        head = file.read(20_000)
    if not head.lstrip().startswith((">", ";")):
        return "dna"  # GenBank and EMBL files hold nucleotides
    letters = "".join(line for line in head.splitlines() if not line.startswith((">", ";"))).upper()
    bases = sum(letters.count(base) for base in "ACGTUN")
    return "dna" if not letters or bases >= 0.9 * len(letters.replace("-", "").replace(" ", "")) else "protein"


def letters_of(item: RawSequence) -> str:
    """The sequence as the tools take it: RNA in the letters of DNA."""
    return item.sequence.replace("U", "T") if item.kind == "rna" else item.sequence


def shortened(sequence: str) -> str:
    """A sequence as a message has room for it."""
    return sequence if len(sequence) <= 24 else f"{sequence[:21]}..."


def is_oligo(sequence: str, kind: str) -> bool:
    """Whether the nearest-neighbour model holds for a sequence."""
    return kind != "protein" and re.fullmatch(r"[ACGT]{8,60}", sequence) is not None
