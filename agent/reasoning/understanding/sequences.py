"""Biology that a goal names: raw DNA and protein sequences, organisms, restriction enzymes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

SequenceKind = Literal["dna", "rna", "protein"]


@dataclass(frozen=True)
class RawSequence:
    """A sequence written out in the goal."""

    start: int
    end: int
    sequence: str
    kind: SequenceKind


_DNA = re.compile(r"(?<![A-Za-z])(?:5['′]?-?)?(?P<seq>[ACGTUN]{10,}(?:\s+[ACGTUN]{6,})*)(?:-?3['′]?)?(?![A-Za-z])")
_LOWER_DNA = re.compile(r"(?<![A-Za-z])(?P<seq>[acgtun]{15,}(?:\s+[acgtun]{10,})*)(?![A-Za-z])")
_PROTEIN = re.compile(
    r"(?<![A-Za-z])(?P<seq>[ACDEFGHIKLMNPQRSTVWY]{18,}(?:\s+[ACDEFGHIKLMNPQRSTVWY]{10,})*\*?)(?![A-Za-z])"
)
_SHORT_PROTEIN = re.compile(
    r"(?:peptide|protein|polypeptide|펩타이드|펩티드|단백질)(?:\s+sequence|\s+서열)?\s*(?:is|of|:"
    r"|=)?\s*[\"'`(]?(?P<seq>[ACDEFGHIKLMNPQRSTVWY]{4,})(?![A-Za-z])"
)
_SHORT_DNA = re.compile(
    r"(?:sequence|dna|oligo|primer|서열)s?\s*(?:is|of|:|=|to|for)?\s*[\"'`(]?(?P<seq>[ACGTU]{4,})(?![A-Za-z])"
)

_ORGANISMS: tuple[tuple[str, str], ...] = (
    (
        "Escherichia coli",
        r"(?:E\. ?coli|Escherichia coli|대장균)(?:\s+(?:BL21|DH5|K-?12|W3110|MG1655|Rosetta|TOP10)[\w()]*)?",
    ),
    ("Homo sapiens", r"Homo sapiens|\bhumans?\b|인간|사람"),
    ("Saccharomyces cerevisiae", r"S\. ?cerevisiae|Saccharomyces cerevisiae|\byeast\b|효모"),
    ("Mus musculus", r"Mus musculus|\bmouse\b|\bmurine\b|생쥐|마우스"),
    ("Bacillus subtilis", r"B\. ?subtilis|Bacillus subtilis|고초균"),
    ("Pichia pastoris", r"P\. ?pastoris|Pichia pastoris|Komagataella phaffii"),
    ("Cricetulus griseus", r"\bCHO\b|Chinese hamster"),
    ("Arabidopsis thaliana", r"A\. ?thaliana|Arabidopsis"),
)

# Names of type II enzymes: three letters of the organism, strain letters, a Roman number.
_ENZYME = re.compile(
    r"(?<![A-Za-z])[A-Z][a-z]{2}[A-Za-z0-9]{0,4}?(?:I{1,3}|IV|VI{0,3}|IX|X{1,2}V?I{0,3})(?![A-Za-z0-9])"
)
_ENZYMES = rf"{_ENZYME.pattern}(?:(?:\s*(?:,|/|and|or|및|와|과)\s*)+(?:{_ENZYME.pattern}))*"
_AVOIDED = re.compile(
    r"\b(?i:avoid\w*|without|free of|free from|lacking|lacks?|no|not contain\w*|remov\w*|eliminat\w*|exclud\w*"
    r"|get rid of|destroy\w*|mutat\w*|domesticat\w*)\s+(?i:(?:any|all|the|internal|other|more|recognition|restriction"
    rf"|sites?|for|of)\s+)*(?P<list>{_ENZYMES})"
)
_AVOIDED_KO = re.compile(
    rf"(?P<list>{_ENZYMES})\s*(?:의\s*)?(?:인식\s*)?(?:자리|부위|서열|사이트)?(?:는|은|를|을|가|이)?\s*"
    r"(?:모두\s*)?(?:없|피하|피해|제거|빼|제외)"
)
_NO_ENZYME = frozenset({"MgI", "NaI", "CsI", "AgI", "CuI", "PbI", "RbI"})


_OF_BASES = re.compile(
    r"\b(?:dna|rna|mrna|oligo\w*|primers?|probes?|sequences?|genes?|nucleotides?|bases?|bp|nt|GC|Tm|melting|translat\w*"
    r"|transcri\w*|codons?|orfs?|strands?|homopolymers?|poly-?C|restriction|anneal\w*|hybridi\w*|complement\w*"
    r"|peptides?|proteins?)\b|서열|염기|유전자|프라이머|올리고|번역",
    re.IGNORECASE,
)


def reads_as_chain(letters: str) -> bool:
    """Whether letters that could be bases are a SMILES as well: nothing but carbon, with nitrogen here and there."""
    return set(letters) <= {"C", "N"} and letters.count("C") > letters.count("N")


def find_sequences(text: str) -> tuple[RawSequence, ...]:
    """Find sequences that are written out.

    Args:
        text: Normalised goal text.

    Returns:
        Sequences without white space, upper case, in order of appearance. Ten capital bases or eighteen capital
        residues in a row are a sequence; shorter ones only after a word such as "peptide". Letters that are carbon and
        nitrogen alone are a sequence only where the goal speaks of one.
    """
    found: list[RawSequence] = []
    for pattern, kind in (
        (_DNA, "dna"),
        (_LOWER_DNA, "dna"),
        (_PROTEIN, "protein"),
        (_SHORT_PROTEIN, "protein"),
        (_SHORT_DNA, "dna"),
    ):
        for match in pattern.finditer(text):
            start, end = match.span("seq")
            if any(start < item.end and item.start < end for item in found):
                continue
            letters = re.sub(r"\s+", "", match["seq"]).upper().rstrip("*")
            if reads_as_chain(letters) and not _OF_BASES.search(text):
                continue  # "Describe CCCCCCCCCCCC": dodecane
            is_rna = kind == "dna" and "U" in letters and "T" not in letters
            found.append(RawSequence(start, end, letters, "rna" if is_rna else kind))  # type: ignore[arg-type]
    return tuple(sorted(found, key=lambda item: item.start))


def find_organisms(text: str) -> tuple[tuple[str, str], ...]:
    """The organisms that a goal names, as pairs of scientific name and the goal's own word."""
    found = []
    for name, pattern in _ORGANISMS:
        if match := re.search(pattern, text, re.IGNORECASE if name != "Cricetulus griseus" else 0):
            found.append((name, match[0]))
    return tuple(found)


def find_avoided_enzymes(text: str) -> tuple[str, ...]:
    """Those of the enzymes whose sites are not to be there: "avoid BsaI and BamHI", "without internal XhoI sites"."""
    spans = [match["list"] for pattern in (_AVOIDED, _AVOIDED_KO) for match in pattern.finditer(text)]
    return tuple(dict.fromkeys(name for span in spans for name in find_enzymes(span)))


def find_enzymes(text: str) -> tuple[str, ...]:
    """Restriction enzymes by the shape of their names (EcoRI, BsaI, HindIII); the digest tool knows which exist."""
    return tuple(dict.fromkeys(name for name in _ENZYME.findall(text) if name not in _NO_ENZYME))
