"""Genes and elements that cloning vectors share, recognised by a stretch that their common variants agree in.

A protein is recognised by a peptide of its sequence, an element by a pattern of its DNA (IUPAC letters); what is not
listed is not recognised, and nothing is concluded from its absence alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from agent.tools.sequences.text import pattern, reverse_complement


@dataclass(frozen=True)
class Gene:
    """A gene that a vector may carry.

    Attributes:
        name: What it encodes.
        peptide: A stretch of the protein.
        selects: Antibiotics with which bacteria that carry it are selected.
        colour: Colour of colonies that express it (for lacZ alpha: with X-gal).
    """

    name: str
    peptide: str
    selects: tuple[str, ...] = ()
    colour: str = ""


# UniProt entries: bla P62593, cat P62577, aph(3')-Ia P00551, aph(3')-IIa P00552, aadA P0AG05, tetA P02981, hph P00557,
# ble P17493, GFP P42212, DsRed Q9U6Y8 (its monomeric descendants), lacZ P00722, Cas9 Q99ZW2. G418 selects eukaryotes
# that carry aph(3'); bacteria are selected with kanamycin.
GENES = (
    Gene("beta-lactamase", "MSTFKVLLCGAVLSRIDAGQEQL", ("ampicillin", "carbenicillin")),
    Gene("chloramphenicol acetyltransferase", "ITGYTTVDISQWHRKEHFEAFQ", ("chloramphenicol",)),
    Gene("aminoglycoside phosphotransferase (3')-Ia", "VTHGDFSLDNLIFDEGKLIGCIDVGRVGIADRYQD", ("kanamycin",)),
    Gene("aminoglycoside phosphotransferase (3')-IIa", "VTHGDACLPNIMVENGRFSGFIDCGRLGVADRYQD", ("kanamycin",)),
    Gene("aminoglycoside adenylyltransferase", "LAVHLYGSAVDGGLKPHSDIDLL", ("spectinomycin", "streptomycin")),
    Gene("tetracycline efflux protein", "VILGTVTLDAVGIGLVMPVLPGLLRD", ("tetracycline",)),
    Gene("hygromycin phosphotransferase", "KPELTATSVEKFLIEKFDSVSDLMQLSEGEE", ("hygromycin",)),
    Gene("bleomycin-binding protein", "FWTDRLGFSRDFVEDDFAGV", ("zeocin", "bleomycin", "phleomycin")),
    Gene("green fluorescent protein", "HMVLLEFVTAAGIT", colour="green"),
    Gene("red fluorescent protein", "KLDITSHNEDYTIVEQYERAEGRHS", colour="red"),
    Gene("beta-galactosidase alpha peptide", "LNRLAAHPPFASWRNSEEARTDRPS", colour="blue"),
    Gene("Cas9 nuclease", "VGWAVITDEYKVPSKKFKVLGNTDRHS"),
)

# The constant part of the Streptococcus pyogenes single-guide RNA (Jinek et al., Science 337 (2012) 816), and the
# elements by which RNA polymerase III begins: the promoters of U6, H1 and 7SK, and the A and B boxes inside tRNA genes
# (Galli, Hofstetter and Birnstiel, Nature 294 (1981) 626), which stand 25 to 90 bases apart.
GUIDE_SCAFFOLD = "GTTTTAGAGCTAGAAATAGCAAGTTAAAATAAGGCTAGTCCG"
_POLYMERASE_III = ("GAGGGCCTATTTCCCATGATTCCTTCATATTTGC", "GAACGCTGACGTCATCAACCCGCTCC", "CTGCAGTATTTAGCATGCCCCACCC")
_A_BOX, _B_BOX = "TRGCNNAGYNGG", "GWTCRANNC"
_BOX_DISTANCE = (25, 90)


def genes(proteins: list[str]) -> tuple[Gene, ...]:
    """The listed genes among the proteins of a molecule."""
    return tuple(gene for gene in GENES if any(gene.peptide in protein for protein in proteins))


def has_guide(circle: str) -> bool:
    """Whether a plasmid carries the constant part of a guide RNA, on either strand."""
    return any(GUIDE_SCAFFOLD in strand for strand in _strands(circle))


def guides(circle: str) -> tuple[str, ...]:
    """The spacers of a plasmid's guide RNAs: the 20 bases before each constant part, on its own strand."""
    found = []
    for letters in (circle, reverse_complement(circle)):
        ring = letters[-20:] + letters + letters[: len(GUIDE_SCAFFOLD)]
        starts = [match.start() for match in re.finditer(GUIDE_SCAFFOLD, ring)]
        found += [ring[start - 20 : start] for start in starts if 20 <= start < 20 + len(letters)]
    return tuple(found)


def has_polymerase_three_promoter(circle: str) -> bool:
    """Whether a plasmid carries a known promoter of RNA polymerase III, on either strand."""
    for strand in _strands(circle):
        if any(promoter in strand for promoter in _POLYMERASE_III):
            return True
        starts = [match.start() for match in pattern(_A_BOX).finditer(strand)]
        ends = [match.start() for match in pattern(_B_BOX).finditer(strand)]
        low, high = _BOX_DISTANCE
        if any(low <= end - start <= high for start in starts for end in ends):
            return True
    return False


def drugs(text: str) -> set[str]:
    """The antibiotics of the list that a text names."""
    known = {drug for gene in GENES for drug in gene.selects}
    return {drug for drug in known if re.search(rf"\b{drug}\b", text, re.IGNORECASE)}


def _strands(circle: str) -> tuple[str, str]:
    read = circle + circle[:200]
    return read, reverse_complement(read)
