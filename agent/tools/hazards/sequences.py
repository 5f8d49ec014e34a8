"""Comparing protein and nucleic-acid sequences with the screen's peptide patterns and hashed words."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache

from agent.tools.hazards.entries import Entry, entries

WORD = 8
"""Residues in a hashed word."""

SHARED_WORDS = 3
"""Words that have to be shared: ten residues in a row, or a few shorter stretches."""

_NUCLEOTIDES = re.compile(r"[ACGTUN]+")
_RESIDUES = re.compile(r"[A-Z*\-]+")


@dataclass(frozen=True)
class SequenceMatch:
    """What a sequence matched, and how."""

    entry: Entry
    how: str

    @property
    def text(self) -> str:
        """The match in words."""
        return f"{self.entry.id}: {self.entry.title} ({self.how})"


def clean(sequence: str) -> str | None:
    """The sequence in upper case without blanks and digits; ``None`` if it is no sequence."""
    text = re.sub(r"[\s\d]+", "", sequence).upper()
    return text if text and _RESIDUES.fullmatch(text) else None


def screen_sequence(sequence: str) -> tuple[SequenceMatch, ...]:
    """Compare a protein, or the six translations of a nucleic acid, with the screen.

    Args:
        sequence: A cleaned sequence (`clean`).
    """
    proteins = _translations(sequence) if _NUCLEOTIDES.fullmatch(sequence) else (sequence.replace("*", "-"),)
    found: dict[str, SequenceMatch] = {}
    for protein in proteins:
        for chain in protein.split("-"):
            for entry in _sequence_entries():
                if entry.id not in found and (how := _how(entry, chain)):
                    found[entry.id] = SequenceMatch(entry, how)
    return tuple(found.values())


def sequence_coverage() -> str:
    """Which toxins the sequence screen can see at all."""
    seen = [
        f"{entry.title} ({'pattern of the regulation' if entry.peptide else entry.kmer_source})"
        for entry in _sequence_entries()
    ]
    return (
        f"Sequences are compared with: {'; '.join(seen)}. Every other toxin and agent is screened by name only, and a "
        "variant that shares no word of eight residues with these stretches is not seen."
    )


@cache
def _sequence_entries() -> tuple[Entry, ...]:
    return tuple(entry for entry in entries() if entry.peptide or entry.kmers)


def _how(entry: Entry, chain: str) -> str:
    if entry.peptide and len(chain) <= entry.peptide_max_length and re.search(entry.peptide, chain):
        return "the peptide pattern of the regulation"
    if entry.kmers and len(chain) >= WORD:
        shared = len(_hashed_words(chain) & frozenset(entry.kmers))
        if shared >= SHARED_WORDS:
            return f"{shared} shared words of {WORD} residues"
    return ""


def _hashed_words(chain: str) -> frozenset[str]:
    return frozenset(word_hash(chain[i : i + WORD]) for i in range(len(chain) - WORD + 1))


def word_hash(word: str) -> str:
    """The first 16 hex digits of a word's SHA-256, as the data files hold them."""
    return hashlib.sha256(word.encode()).hexdigest()[:16]


def _translations(sequence: str) -> tuple[str, ...]:
    from Bio.Seq import Seq

    dna = sequence.replace("U", "T")
    strands = (dna, str(Seq(dna).reverse_complement()))
    frames = (strand[frame : frame + 3 * ((len(strand) - frame) // 3)] for strand in strands for frame in range(3))
    return tuple(str(Seq(frame).translate()).replace("*", "-") for frame in frames if frame)
