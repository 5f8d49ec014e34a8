"""Open reading frames and translation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import RepairableToolError
from agent.tools.sequences.orf_tools import compare_translation, find_orfs, translate_dna
from agent.tools.sequences.orfs import Rules, find, kozak, translate
from agent.tools.sequences.text import reverse_complement

DNA = st.text(alphabet="ACGT", min_size=3, max_size=300)
GENE = "ATGGCTAAAGAAATGTGGCACTAA"  # M A K E M W H stop


def naive(sequence, nested):
    """Every ATG with the first stop in its frame, one strand, by plain scanning."""
    found = []
    for begin in range(len(sequence) - 2):
        if sequence[begin : begin + 3] != "ATG":
            continue
        for stop in range(begin, len(sequence) - 2, 3):
            if sequence[stop : stop + 3] in ("TAA", "TAG", "TGA"):
                found.append((begin + 1, stop + 3))
                break
    if not nested:
        first = {}
        for begin, end in found:
            first[end] = min(begin, first.get(end, begin))
        found = [(begin, end) for end, begin in first.items()]
    return sorted(found)


@given(DNA, st.booleans())
def test_orfs_agree_with_a_plain_scan_on_both_strands(sequence, nested):
    rules = Rules(minimum=1, strands="forward", nested=nested)
    assert sorted((orf.start, orf.end) for orf in find(sequence, rules)) == naive(sequence, nested)
    other = find(sequence, Rules(minimum=1, strands="reverse", nested=nested))
    size = len(sequence) + 1
    mirrored = naive(reverse_complement(sequence), nested)
    assert sorted((size - orf.start, size - orf.end) for orf in other) == mirrored


@given(DNA)
def test_translation_has_one_letter_a_codon(sequence):
    assert len(translate(sequence)) == len(sequence) // 3


def test_the_standard_code_by_heart():
    assert translate("ATGTGGTTTTAATAGTGANNN") == "MWF***X"
    assert translate("ATGTGA", 2) == "MW"  # vertebrate mitochondria read TGA as Trp


def test_positions_residues_and_map():
    sequence = "CCGCC" + GENE + "GG"
    result = find_orfs(sequence, min_length=5, residue=6)
    longest = result.data["longest"]
    assert (longest["start"], longest["end"], longest["strand"], longest["frame"]) == (6, 29, "+", 3)
    assert longest["protein"] == "MAKEMWH"
    assert result.data["residue"] == {"position": 6, "letter": "W", "name": "Trp"}
    assert "Trp" in result.summary
    assert result.artifacts[0].content.startswith("<svg") and "7 aa" in result.artifacts[0].content
    assert result.candidates[0].structure == "MAKEMWH"


def test_reverse_strand_positions_are_those_of_the_given_strand():
    sequence = reverse_complement("CC" + GENE + "GGGG")
    orf = find_orfs(sequence, min_length=5).data["longest"]
    assert (orf["start"], orf["end"], orf["strand"]) == (len(sequence) - 2, len(sequence) - 25, "-")
    assert reverse_complement(sequence[orf["end"] - 1 : orf["start"]]) == GENE


def test_nested_starts_and_other_start_codons():
    assert find_orfs(GENE, min_length=1, strands="forward").data["count"] == 1
    assert find_orfs(GENE, min_length=1, strands="forward", nested=True).data["count"] == 2
    started = find_orfs("GTGAAATAA", min_length=2, starts=["GTG"]).data["longest"]
    assert started["protein"] == "MK"


def test_incomplete_and_circular_frames():
    assert find_orfs("ATGAAAAAA", min_length=3, strands="forward").status == "empty"
    assert find_orfs("ATGAAAAAA", min_length=3, strands="forward", complete=False).data["longest"]["protein"] == "MKK"
    turned = GENE[10:] + "CC" + GENE[:10]
    assert find_orfs(turned, min_length=7, strands="forward").status == "empty"
    orf = find_orfs(turned, min_length=7, strands="forward", circular=True).data["longest"]
    assert (orf["protein"], orf["start"], orf["end"]) == ("MAKEMWH", 17, 14)


@given(DNA.filter(lambda s: len(s) > 20), st.integers(0, 50))
def test_on_a_circle_the_opening_does_not_matter(sequence, turn):
    turn %= len(sequence)
    rules = Rules(minimum=2, circular=True)
    here = sorted(orf.protein for orf in find(sequence, rules))
    there = sorted(orf.protein for orf in find(sequence[turn:] + sequence[:turn], rules))
    assert here == there


def test_on_a_circle_an_inner_start_counts_where_the_outer_one_is_more_than_a_lap_away():
    circle = "AAACATAAAAAAACATAAAAAAAAAAAAAAAAAAAAAACT"
    for turn in (0, 6):
        (orf,) = find(circle[turn:] + circle[:turn], Rules(minimum=2, circular=True))
        assert orf.protein == "MFFYV"


def test_nothing_found_says_what_is_nearest():
    result = find_orfs(GENE)
    assert result.status == "empty"
    assert "the longest has 7 residues" in result.summary


def test_bad_arguments():
    with pytest.raises(RepairableToolError, match="residue is 99"):
        find_orfs(GENE, min_length=2, residue=99)
    with pytest.raises(RepairableToolError, match="no NCBI translation table"):
        find_orfs(GENE, genetic_code=99)
    with pytest.raises(RepairableToolError, match="codons of three"):
        find_orfs(GENE, starts=["AT"])
    with pytest.raises(RepairableToolError, match="frame is 4"):
        translate_dna(GENE, frame=4)


def test_six_frames():
    assert translate_dna("C" + GENE, frame=2).data["protein"] == "MAKEMWH*"
    assert translate_dna(reverse_complement(GENE), frame=-1, to_stop=True).data["protein"] == "MAKEMWH"
    assert translate_dna("AC").status == "empty"


@pytest.mark.parametrize(
    ("context", "expected"),
    [("GCCACCATGG", "strong"), ("GCCACCATGA", "adequate"), ("GCCTCCATGG", "adequate"), ("TTTTTTATGA", "weak")],
)
def test_kozak_contexts(context, expected):
    assert kozak(context, 6) == expected


def test_transcripts_are_ranked_by_their_starts():
    strong, weak = "GCCACC" + GENE.replace("ATGGCT", "ATGGCT"), "TTTTTT" + GENE.replace("ATGGCT", "ATGACT")
    result = compare_translation([weak, strong])
    assert result.data["best"] == 2
    assert [row["favourable_residues"] for row in result.data["rows"]] == [0, 7]
    bacterial = compare_translation(["TTAGGAGGTTTTTTT" + GENE, weak], organism="bacterium")
    assert bacterial.data["best"] == 1
    assert compare_translation([weak]).status == "empty"
