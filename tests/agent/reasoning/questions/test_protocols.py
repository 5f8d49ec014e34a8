"""Cloning protocols told in words: what they make, what it is for, which method works, and how plasmids differ."""

from __future__ import annotations

import asyncio

import pytest

from agent.reasoning.questions import call_inline
from agent.reasoning.questions.calls import Desk
from agent.reasoning.questions.comparing import aligned, change
from agent.tools.sequences.text import reverse_complement
from agent.tools.sequences.vector_genes import GUIDE_SCAFFOLD, guides

SITES = ("GGATCC", "GCGGCCGC", "GAATTC", "AAGCTT")


@pytest.fixture
def plain(dna):
    """Random DNA by a seed, without the sites that the tests cut."""

    def make(length: int, seed: int) -> str:
        text = dna(length, seed)
        for site in SITES:
            text = text.replace(site, site[:-1] + ("A" if site[-1] != "A" else "G"))
        return text

    return make


def pcr_repair(before: str, good: str, bad: str, after: str, place: int) -> tuple[str, str, list[str]]:
    """A plasmid with a bad gene between BamHI and NotI, the repaired one, and the four primers that repair it."""
    shift = len(bad) - len(good)
    plasmid, wanted = f"{before}GGATCC{bad}GCGGCCGC{after}", f"{before}GGATCC{good}GCGGCCGC{after}"
    first = wanted[len(before) - 24 : len(before) + 26]
    stop = len(before) + 6 + len(good)
    last = reverse_complement(wanted[stop - 20 : stop + 32])
    inner = reverse_complement(bad[place - 22 : place] + good[place : place + 15])
    outer = good[place - 6 : place + 3] + bad[place + 3 + shift : place + 30 + shift]
    return plasmid, wanted, [first, inner, outer, last]


CHOICES = [
    "Correcting a premature stop codon.",
    "Correcting a non-synonymous mutation.",
    "Correcting a frame shift.",
    "Adding a new domain.",
    "Inverting two elements.",
]


@pytest.mark.parametrize(("kind", "expected"), [("stop", 0), ("residue", 1), ("frame", 2)])
def test_the_purpose_of_a_repair_by_gibson_assembly(answer, gene, plain, kind, expected) -> None:
    good = gene(330, 61)
    for site in SITES:
        assert site not in good
    place = 501
    bad = {
        "stop": good[:place] + "TAA" + good[place + 3 :],
        "residue": good[:place] + ("GCT" if good[place : place + 2] != "GC" else "GAT") + good[place + 3 :],
        "frame": good[:place] + good[place + 1 :],
    }[kind]
    plasmid, wanted, primers = pcr_repair(plain(300, 62), good, bad, plain(900, 63), place)
    named = ", ".join(f"Primer{n}: {primer}" for n, primer in enumerate(primers, start=1))
    told = (
        f"I have a plasmid with the sequence {plasmid}. I have the primers {named}. I cut the plasmid with BamHI and "
        "NotI and keep the longer fragment. I run a PCR with the plasmid using Primer1 and Primer2, and a PCR using "
        "Primer3 and Primer4. All are joined in a Gibson assembly. "
    )
    assert answer(told + "What is the purpose of this cloning?", CHOICES).choice == CHOICES[expected]
    length = answer(told + "How long is the resulting plasmid?", [f"{len(wanted)} bp", f"{len(wanted) + 3} bp"])
    assert length.choice == f"{len(wanted)} bp"


def test_restriction_and_ligation(answer, plain, gene) -> None:
    inside, outside, stuffer = gene(90, 64), plain(900, 65), plain(120, 66)
    vector = f"{outside}GAATTC{stuffer}AAGCTT{plain(80, 67)}"
    product = vector.replace(stuffer, inside)
    fragment = f"TTGGGAATTC{inside}AAGCTTCCAA"
    told = (
        f"The plasmid pAB12 with sequence {vector} and the fragment {fragment} are both "
        "digested with EcoRI and HindIII, and ligated. "
    )
    turned = vector.replace(stuffer, reverse_complement(inside))
    found = answer(
        told + "What is the sequence of the resulting plasmid?", [vector, turned, product[70:] + product[:70]]
    )
    assert found.choice == product[70:] + product[:70]
    cut = answer(
        told + "Clones are verified by a digest with EcoRI. Which fragments appear?", [str(len(product)), "500, 600"]
    )
    assert cut.choice == str(len(product))


def test_cutting_a_plasmid_at_more_places_loses_parts(answer, plain, gene) -> None:
    inside = gene(60, 68)
    vector = f"{plain(400, 69)}GAATTC{plain(90, 70)}AAGCTT{plain(200, 71)}GGATCC{plain(200, 72)}GGATCC"
    fragment = f"AACC{'GAATTC'}{inside}{'AAGCTT'}TT{'GGATCC'}AA"
    question = f"I have a plasmid {vector} and a fragment {fragment} for restriction cloning. Which enzymes are right?"
    found = answer(question, ["EcoRI and BamHI", "EcoRI and HindIII"])
    assert found.choice == "EcoRI and HindIII"
    assert "parts of it are lost" in found.reason


def test_the_method_that_works_without_pcr(answer, plain) -> None:
    lox = "ATAACTTCGTATAATGTATGCTATACGAAGTTAT"
    # Without G no palindrome is there to be cut.
    left, right = plain(700, 73).replace("G", "A"), plain(800, 74).replace("G", "C")
    vector = f"{left}GAATTCGG{lox}{plain(200, 75)}{lox}CCAAGCTT{right}"
    fragment = f"{left[-40:]}GAATTC"[:44] + "TAATACGACTCACTATAGGG" + plain(300, 76) + "AGCTT" + right[:40]
    question = (
        f"I have a plasmid {vector} and a DNA fragment {fragment}. Without performing any PCR, I want to remove the "
        "loxP sites and keep the T7 promoter. Which approach will succeed?"
    )
    choices = ["Gibson cloning", "Restriction cloning", "Golden Gate cloning", "Gateway cloning", "It is not possible"]
    assert answer(question, choices).choice == "Gibson cloning"
    assert answer(question.replace(fragment, plain(400, 77)), choices).choice == "It is not possible"


PARTS = [
    "They have different promoters.",
    "They encode different proteins.",
    "Their 3' UTRs differ.",
    "Other poly(A) signals.",
]


def test_where_two_plasmids_differ(answer, gene, plain) -> None:
    coding, rest = gene(260, 78), plain(1500, 79)
    promoters = [plain(150, seed) + "TATAAAAG" + plain(30, seed + 1) for seed in (80, 82)]
    one, other = (f"{rest}{promoter}GCCACC{coding}" for promoter in promoters)
    question = "I have the plasmids pAA1: {} and pAA2: {}. What is the primary difference between them?"
    assert answer(question.format(one, other), PARTS).choice == PARTS[0]
    swapped = one.replace(coding, gene(240, 84))
    assert answer(question.format(one, swapped), PARTS).choice == PARTS[1]
    # A stretch of no known kind is not named.
    assert answer(question.format(one, one.replace(rest[200:260], plain(60, 85))), PARTS).choice is None


def test_two_circles_are_compared_wherever_they_are_opened(plain) -> None:
    circle = plain(900, 86)
    other = circle[:400] + "GATTACA" + circle[400:]
    turned = reverse_complement(other[123:] + other[:123])
    region = aligned(circle, turned)
    assert region is not None
    assert (len(region.new), region.old) == (7, "")
    assert aligned(circle, plain(900, 87)) is None
    same = aligned(circle, circle[500:] + circle[:500])
    assert same is not None
    assert asyncio.run(change(Desk(call_inline), same)) == "none"


def test_spacers_are_read_before_the_constant_part() -> None:
    spacer = "GATTACAGATTACAGATTAC"
    circle = GUIDE_SCAFFOLD + "ACGT" * 30 + spacer
    assert guides(circle) == (spacer,)
    assert guides(reverse_complement(circle[60:] + circle[:60])) == (spacer,)
