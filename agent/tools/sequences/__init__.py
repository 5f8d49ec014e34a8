"""The sequence tools: reading, describing, finding genes, cutting, amplifying, joining and aligning sequences.

Every tool takes sequences as text and counts positions from 1, as biologists do.
"""

from agent.tools.sequences import (
    alignment_tools,
    analysis_tools,
    annotation_tools,
    assembly_tools,
    cloning_tools,
    codon_tools,
    distance_tools,
    gene_tools,
    golden_gate_tools,
    guide_tools,
    melting_tools,
    oligo_tools,
    orf_tools,
    peptide_tools,
    primer_tools,
    qpcr_tools,
    variant_tools,
)

__all__ = [
    "alignment_tools", "analysis_tools", "annotation_tools", "assembly_tools", "cloning_tools", "codon_tools",
    "distance_tools", "gene_tools", "golden_gate_tools", "guide_tools", "melting_tools", "oligo_tools", "orf_tools",
    "peptide_tools", "primer_tools", "qpcr_tools", "variant_tools",
]  # fmt: skip
