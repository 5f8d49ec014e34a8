"""Properties of nucleic acids and proteins."""

from __future__ import annotations

from collections import Counter
from typing import Any

from agent.tools.sequences.text import gc_percent
from agent.tools.sequences.thermo import LONGEST_OLIGO, Salt, long_melting_temperature, melting_temperature


def describe_dna(sequence: str, salt: Salt) -> dict[str, Any]:
    """Length, GC, melting temperature, composition and codon usage of an upper-case DNA sequence.

    Args:
        sequence: DNA, IUPAC codes allowed.
        salt: The solution for the melting temperature.

    Returns:
        ``melting_temperature`` is ``None`` where ambiguous bases leave it open; ``tm_method`` says how it was made.
    """
    counts = Counter(sequence)
    ambiguous = sum(count for base, count in counts.items() if base not in "ACGT")
    tm: float | None = None
    method = "not computed: ambiguous bases" if ambiguous else "not computed: fewer than 8 bases"
    if not ambiguous and 8 <= len(sequence) <= LONGEST_OLIGO:
        tm, method = melting_temperature(sequence, salt), f"nearest neighbour, {salt.text}"
    elif not ambiguous and len(sequence) > LONGEST_OLIGO:
        tm, method = long_melting_temperature(sequence, salt), f"GC formula for long duplexes, {salt.text}"
    return {
        "length": len(sequence),
        "GC": gc_percent(sequence),
        "melting_temperature": tm,
        "tm_method": method,
        "composition": {base: counts.get(base, 0) for base in "ACGT"} | ({"other": ambiguous} if ambiguous else {}),
        "codons": codon_usage(sequence) if len(sequence) % 3 == 0 else {},
    }


def codon_usage(sequence: str) -> dict[str, int]:
    """How often each codon stands in the first frame, the most frequent first."""
    codons = Counter(sequence[i : i + 3] for i in range(0, len(sequence) - 2, 3))
    return dict(sorted(codons.items(), key=lambda item: (-item[1], item[0])))


def describe_protein(sequence: str) -> dict[str, Any]:
    """Mass, isoelectric point, hydropathy, instability, extinction and composition of an upper-case protein.

    Args:
        sequence: The twenty amino acids only.

    Returns:
        Mass in g/mol (average isotopic masses), pI by the pK values of Bjellqvist as ExPASy ProtParam takes them,
        GRAVY (Kyte and Doolittle), instability index (Guruprasad), molar extinction at 280 nm in 1/(M cm) with
        cysteines reduced and all paired (Pace), residue counts.
    """
    from Bio.SeqUtils.ProtParam import ProteinAnalysis

    analysis = ProteinAnalysis(sequence)
    reduced, oxidised = analysis.molar_extinction_coefficient()
    counts = Counter(sequence)
    return {
        "length": len(sequence),
        "protein_mass": float(analysis.molecular_weight()),
        "isoelectric_point": float(analysis.isoelectric_point()),
        "GRAVY": float(analysis.gravy()),
        # The index is a sum over pairs of residues: a single one has none.
        "instability_index": float(analysis.instability_index()) if len(sequence) > 1 else None,
        "extinction_coefficient": float(reduced),
        "extinction_coefficient_oxidised": float(oxidised),
        "composition": {residue: counts[residue] for residue in sorted(counts)},
        "charged": {"negative": counts["D"] + counts["E"], "positive": counts["K"] + counts["R"]},
    }


def net_charge(sequence: str, pH: float) -> float:
    """Net charge of a protein at a pH by Henderson and Hasselbalch, with the pK values of `describe_protein`."""
    from Bio.SeqUtils.ProtParam import ProteinAnalysis

    return float(ProteinAnalysis(sequence).charge_at_pH(pH))
