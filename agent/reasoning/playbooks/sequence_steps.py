"""The steps of the plain tasks on sequences: reading frames, translation, digests, primers, alignments."""

from __future__ import annotations

import re
from typing import Any

from agent.reasoning.playbooks.base import StepWriter
from agent.reasoning.playbooks.sequence_inputs import is_oligo
from agent.reasoning.playbooks.sequence_tasks import part_of, primer_melting
from agent.records import Brief

MELTING = re.compile(r"melting|\bTm\b|\boligo|anneal\w*|hybridi[sz]|duplex|올리고|녹는점|융해", re.IGNORECASE)
"""Words that ask how an oligonucleotide melts."""
PROTEIN = re.compile(
    r"\bpI\b|isoelectric|\bGRAVY\b|instability index|extinction coefficient|\bMW\b|molecular (?:weight|mass)|\bkDa\b"
    r"|\bwhat (?:protein|peptide)\b|등전점|분자량",
    re.IGNORECASE,
)
"""Words that ask for what only a protein has."""


def plain_steps(
    writer: StepWriter,
    brief: Brief,
    tasks: list[str],
    singles: list[tuple[str, str]],
    made: list[tuple[str, str]],
) -> None:
    """The steps of these tasks: primers copy what is made, all else is about the sequences as given."""
    nucleic = [sequence for sequence, kind in singles if kind != "protein"]
    circular = bool(brief.options.get("circular"))
    lengths = [bound for bound in brief.constraints if bound.quantity == "length"]
    for sequence in nucleic:
        if "orfs" in tasks:
            shortest = brief.options.get("min_length")
            shortest = shortest or next((in_residues(b.text, b.low) for b in lengths if b.low), None)
            writer.add(
                "find_orfs",
                {"sequence": sequence, "circular": circular} | ({"min_length": shortest} if shortest else {}),
                "The open reading frames that the goal asks for.",
            )
        if "translate" in tasks:
            read = writer.add("translate_dna", {"sequence": sequence}, "The protein that it codes for.")
            if PROTEIN.search(brief.goal):
                protein = [f"${{{read}.data.protein}}"]
                writer.add("analyse_proteins", {"sequences": protein}, "What the protein is like.", optional=True)
        if "digest" in tasks:
            writer.add(
                "digest_dna",
                {
                    "sequence": sequence,
                    "enzymes": list(brief.options.get("enzymes", ())),
                    "circular": circular,
                },
                "The fragments that the enzymes leave.",
            )
        if "sites" in tasks:
            writer.add(
                "find_restriction_sites",
                {"sequence": sequence, "circular": circular},
                "Which enzymes cut it, and where.",
            )
    for sequence in (sequence for sequence, kind in made if kind != "protein"):
        if "primers" in tasks and not (is_oligo(sequence, "dna") and _of_primers(brief.goal)):
            writer.add(
                "design_primers",
                {"sequence": sequence} | _primer_options(brief) | _place(brief),
                "Primers that amplify it.",
            )
    if "align" in tasks and len(singles) >= 2:
        (first, _), (second, _) = singles[:2]
        writer.add("align_sequences", {"a": first, "b": second}, "How alike the two sequences are, and where.")


def _place(brief: Brief) -> dict[str, Any]:
    """The part that primers amplify, and how far outside they may lie where they shall flank it."""
    part = part_of(brief)
    if not part or not _FLANKING.search(brief.goal):
        return part
    longest = max((int(size) for size in _PRODUCT.findall(brief.goal)), default=0)
    room = (longest - (part["end"] - part["start"] + 1)) // 2
    return {**part, "place": "flanking"} | ({"flank": room} if room >= _LEAST_ROOM else {})


_FLANKING = re.compile(
    r"\bflank\w*|colony PCR|genotyp\w*|sequencing primers?|\bscreen\w*|\bverif\w*|\bcheck\b|콜로니|확인", re.I
)
_PRODUCT = re.compile(r"(\d{2,4})\s*(?:bp|nt|bases?|염기)", re.I)
_LEAST_ROOM = 30
"""Bases beside the target that primers need."""


def in_residues(words: str, length: float) -> int:
    """A length of a reading frame in residues: goals give bases or residues, the tool takes residues."""
    bases = re.search(r"(?:\d|\b)\s*(?:k?bp?|nt|nucleotides?|bases?|base pairs?|염기쌍?)\b", words, re.IGNORECASE)
    return max(1, round(length / 3 if bases else length))


def _of_primers(goal: str) -> bool:
    """Whether a goal asks for the melting of primers that it gives, not for a design."""
    return bool(MELTING.search(goal)) and not re.search(r"design|amplif|증폭|설계", goal, re.IGNORECASE)


def _primer_options(brief: Brief) -> dict[str, Any]:
    """What the goal's bounds and enzymes say about primers, in the tool's arguments."""
    options: dict[str, Any] = primer_melting(brief)
    for bound in brief.constraints:
        low, high = bound.low, bound.high
        if bound.quantity == "GC":
            options |= {name: edge for name, edge in (("gc_low", low), ("gc_high", high)) if edge is not None}
        elif bound.quantity == "length":
            edges = (("min_length", low), ("max_length", high))
            options |= {name: int(edge) for name, edge in edges if edge is not None}
    cutting = "digest" in brief.options.get("tasks", ())
    enzymes = [] if cutting else list(brief.options.get("enzymes", ()))[:2]
    options |= dict(zip(("forward_enzyme", "reverse_enzyme"), enzymes, strict=False))
    return options
