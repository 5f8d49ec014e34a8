"""Short elements of vectors, recognised by their published sequences: promoters, operators, recombination sites."""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.tools.sequences.text import pattern, reverse_complement


@dataclass(frozen=True)
class Element:
    """An element that a vector may carry.

    Attributes:
        name: What it is.
        kind: ``promoter``, ``operator`` or ``recombination site``.
        called: How questions call it, as a pattern.
        site: A stretch of its sequence (IUPAC letters).
    """

    name: str
    kind: str
    called: str
    site: str


# Phage promoters: Dunn and Studier, J. Mol. Biol. 166 (1983) 477 (T7); Melton et al., Nucleic Acids Res. 12 (1984) 7035
# (SP6); T3 after the polymerase supplier's consensus. Promoters of plasmids for mammalian cells by the primers that
# sequence out of them (CMV forward, EF-1 alpha forward, SV40's 72-base repeat, human U6). loxP: Hoess et al., PNAS 79
# (1982) 3398, with any spacer; FRT: Senecoff et al., PNAS 82 (1985) 7270; attB1 and attB2: Hartley et al., Genome Res.
# 10 (2000) 1788. tetO: Hillen and Berens (1994); the GAL4 site: Webster et al., Cell 52 (1988) 169.
ELEMENTS = (
    Element("T7 promoter", "promoter", r"(?<![A-Za-z0-9])T7(?![A-Za-z0-9])", "TAATACGACTCACTATA"),
    Element("SP6 promoter", "promoter", r"(?<![A-Za-z0-9])SP6(?![A-Za-z0-9])", "ATTTAGGTGACACTATAG"),
    Element("T3 promoter", "promoter", r"(?<![A-Za-z0-9])T3(?![A-Za-z0-9])", "AATTAACCCTCACTAAAG"),
    Element("CMV promoter", "promoter", r"(?<![A-Za-z0-9])h?CMV", "CGCAAATGGGCGGTAGGCGTG"),
    Element("EF-1 alpha promoter", "promoter", r"EF-?1[ -]?(?:a|α|alpha)", "TCAAGCCTCAGACAGTGGTTC"),
    Element("SV40 promoter", "promoter", r"SV40 (?:early )?promoter", "GGTGTGGAAAGTCCCCAGGCTCCCCAGCAGGCAGAAGTATGC"),
    Element("U6 promoter", "promoter", r"(?<![A-Za-z0-9])h?U6(?![A-Za-z0-9])", "GACTATCATATGCTTACCGT"),
    Element("GAL4 binding site", "operator", r"(?<![A-Za-z0-9])UAS|GAL4", "CGGAGTACTGTCCTCCG"),
    Element("tet operator", "operator", r"tetO\b|tet operator|(?<![A-Za-z0-9])TRE", "TCCCTATCAGTGATAGAGA"),
    Element("lac operator", "operator", r"lac(?:O|I)\b|lac operator|IPTG", "TTGTGAGCGGATAACAA"),
    Element("loxP", "recombination site", r"lox", "ATAACTTCGTATANNNNNNNNTATACGAAGTTAT"),
    Element("FRT", "recombination site", r"(?<![A-Za-z0-9])FRT(?![A-Za-z0-9])", "GAAGTTCCTATTCTCTAGAAAGTATAGGAACTTC"),
    Element("attB1", "recombination site", r"\batt", "ACAAGTTTGTACAAAAAAGCAGGCT"),
    Element("attB2", "recombination site", r"\batt", "ACCCAGCTTTCTTGTACAAAGTGGT"),
)
_LONGEST = 60

TATA_BOX = "TATAWAW"
"""Consensus of the TATA box (Bucher, J. Mol. Biol. 212 (1990) 563)."""
POLYADENYLATION = "AWTAAA"
"""The polyadenylation signal and its commonest variant (Beaudoing et al., Genome Res. 10 (2000) 1001)."""


def places(circle: str, element: Element) -> list[tuple[int, str]]:
    """Where an element lies in a circle: its first base, from 0 along its own strand, and that strand."""
    found = []
    for strand, letters in (("+", circle), ("-", reverse_complement(circle))):
        ring = letters + letters[:_LONGEST]
        found += [(match.start(), strand) for match in pattern(element.site).finditer(ring)]
    return found


def named(words: str, kind: str = "") -> tuple[Element, ...]:
    """The elements that a text names."""
    return tuple(
        one for one in ELEMENTS if (not kind or one.kind == kind) and re.search(one.called, words, re.IGNORECASE)
    )


def holds(sequence: str, site: str) -> bool:
    """Whether a linear piece holds a site on its given strand."""
    return pattern(site).search(sequence) is not None
