"""Codons, guides, short amplicons and the parts of plasmids."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import RepairableToolError
from agent.tools.sequences.annotation_tools import annotate_plasmid
from agent.tools.sequences.codon_tools import optimise_codons, remove_sites_silently
from agent.tools.sequences.guide_tools import design_guides
from agent.tools.sequences.orfs import translate
from agent.tools.sequences.qpcr_tools import design_qpcr_primers
from agent.tools.sequences.text import reverse_complement


@given(st.text("ACDEFGHIKLMNPQRSTVWY", min_size=1, max_size=60))
@settings(max_examples=25, deadline=None)
def test_optimised_codons_encode_the_protein_without_the_sites(protein: str) -> None:
    made = optimise_codons(protein, "e_coli", avoid=["BsaI", "GAATTC"], gc_low=0, gc_high=100)
    letters = made.data["sequence"]
    assert translate(letters) == f"{protein}*"
    for site in ("GGTCTC", "GAGACC", "GAATTC"):
        assert site not in letters
    assert 0 < made.data["adaptation"] <= 1


def test_the_most_used_codons_of_two_organisms() -> None:
    # Leucine and arginine: CTG and CGT or CGC in E. coli; CTG and AGA or CGG in human (Kazusa).
    coli, human = (
        optimise_codons("LR", one, stop="", gc_low=0, gc_high=100).data["sequence"] for one in ("E. coli", "human")
    )
    assert coli[:3] == human[:3] == "CTG"
    assert coli[3:] in ("CGT", "CGC")
    assert human[3:] in ("AGA", "AGG", "CGG")
    with pytest.raises(RepairableToolError, match="no codon usage table"):
        optimise_codons("LR", "unicorn")


def test_gc_is_brought_between_bounds() -> None:
    high = optimise_codons("GAPRLVTS" * 12, "e_coli", gc_high=50.0)
    assert high.data["GC"] <= 50.0


def test_a_site_is_removed_by_the_least_change() -> None:
    coding = "ATGGCTGAATTCAAACGTTAA"
    made = remove_sites_silently(coding, ["EcoRI"])
    assert len(made.data["changes"]) == 1
    assert translate(made.data["sequence"]) == translate(coding)
    assert "GAATTC" not in made.data["sequence"]
    assert remove_sites_silently(coding, ["BamHI"]).status == "empty"
    # Met-Trp has one codon each: what lies in them alone cannot be removed.
    stuck = remove_sites_silently("ATGTGGATGTGG", ["ATGTGG"])
    assert "could not be removed" in stuck.warnings[0]
    with pytest.raises(RepairableToolError, match="whole number of codons"):
        remove_sites_silently("ATGGCTGA", ["EcoRI"])


def test_guides_lie_before_their_pam_on_both_strands() -> None:
    random.seed(8)
    sequence = "".join(random.choices("ACGT", k=400))
    found = design_guides(sequence, count=200).data["guides"]
    assert found
    for row in found:
        piece = sequence[row["start"] - 1 : row["end"]]
        read = sequence if row["strand"] == "+" else reverse_complement(sequence)
        assert row["spacer"] == (piece if row["strand"] == "+" else reverse_complement(piece))
        place = read.index(row["spacer"])
        assert read[place + 21 : place + 23] == "GG"
        cut = place + 17
        assert row["cut"] == (cut if row["strand"] == "+" else len(sequence) - cut)
    total = sum(
        strand[i + 21 : i + 23] == "GG" for strand in (sequence, reverse_complement(sequence)) for i in range(378)
    )
    assert design_guides(sequence).data["count"] == total
    assert design_guides("A" * 60).status == "empty"


def test_a_repeated_seed_and_four_t_are_problems() -> None:
    target = "GACTGACCATGCATCAGTCA" + "TGG"
    row = design_guides(target + "ACTACT" + target, end=23).data["guides"][0]
    assert row["seed_matches"] == 2
    assert "other places" in row["problems"][-1]
    runs = design_guides("GACTGACCTTTTATCAGTCATGG").data["guides"][0]
    assert "RNA polymerase III" in runs["problems"][0]


def test_a_short_amplicon_is_within_its_bounds() -> None:
    random.seed(9)
    sequence = "".join(random.choices("ACGT", k=220))
    for row in design_qpcr_primers(sequence, 80, 130).data["pairs"]:
        assert 80 <= row["product_length"] <= 130
        assert sequence[row["start"] - 1 :].startswith(row["forward"])
        assert reverse_complement(sequence[: row["end"]]).startswith(row["reverse"])
        assert row["product_length"] == row["end"] - row["start"] + 1
    with pytest.raises(RepairableToolError, match="the lower first"):
        design_qpcr_primers(sequence, 150, 80)


def test_parts_of_a_plasmid_are_named_with_their_places() -> None:
    random.seed(10)
    rest = "".join(random.choices("ACGT", k=300))
    lox = "ATAACTTCGTATAATGTATGCTATACGAAGTTAT"
    found = annotate_plasmid(rest + lox + rest + "TAATACGACTCACTATA" + "CCCC")
    assert [(row["name"], row["start"], row["end"]) for row in found.data["parts"]] == [
        ("loxP", 301, 334),
        ("T7 promoter", 635, 651),
    ]
    assert found.data["selects"] == []
    turned = annotate_plasmid(reverse_complement("TAATACGACTCACTATA" + rest), circular=False)
    assert turned.data["parts"][0] | {"name": ""} == {
        "name": "", "kind": "promoter", "start": 301, "end": 317, "strand": "-",
    }  # fmt: skip
    assert annotate_plasmid(rest).status == "empty"
