"""Substitutions, mutagenesis, tags, signal peptides, distances, barcodes, siRNAs and Golden Gate designs."""

from __future__ import annotations

import math
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import RepairableToolError
from agent.tools.sequences import cloning, restriction
from agent.tools.sequences.distance_tools import pairwise_distances
from agent.tools.sequences.distances import Compared, distance
from agent.tools.sequences.golden_gate import junctions, overhang_at, usable
from agent.tools.sequences.golden_gate_tools import design_golden_gate
from agent.tools.sequences.guide_tools import design_guides
from agent.tools.sequences.mutagenesis import mismatch_tm
from agent.tools.sequences.oligo_sets import levenshtein
from agent.tools.sequences.oligo_tools import design_barcodes, design_sirnas
from agent.tools.sequences.orfs import translate
from agent.tools.sequences.peptide_tools import find_signal_peptides, tag_protein
from agent.tools.sequences.text import reverse_complement
from agent.tools.sequences.variant_tools import assess_variants, design_mutagenesis_primers

TEM1 = (
    "MSIQHFRVALIPFFAAFCLPVFAHPETLVKVKDAEDQLGARVGYIELDLNSGKILESFRPEERFPMMSTFKVLLCGAVLSRIDAGQEQLGRRIHYSQNDLVEYSPVTEKHLTDGMTVRELCSAAITMSDNTAANLL"
    "LTTIGGPKELTAFLHNMGDHVTRLDRWEPELNEAIPNDERDTTMPAAMATTLRKLLTGELLTLASRQQLIDWMEADKVAGPLLRSALPAGWFIADKSGAGERGSRGIIAALGPDGKPSRIVVIYTTGSQATMDERNR"
    "QIAEIGASLIKHW"
)
CODING = "ATGGCTAGCAAAGGTGAAGAACTGTTCACCGGTGTTGTTCCGATCCTGGTTGAACTGGATGGTGACGTTAACGGTCACAAATTCTCTGTTTCTGGTGAAGGTTAA"


def test_the_family_s_numbering_of_a_beta_lactamase_is_recognised() -> None:
    found = assess_variants(TEM1, ["E104K", "G238S"])  # Ambler's numbers are two above those of TEM-1's precursor
    assert found.data["shift"] == -2
    assert [row["position"] for row in found.data["rows"]] == [102, 236]
    assert TEM1[101] == "E" and found.data["sequence"][101] == "K"
    assert found.data["rows"][0]["kind"] == "radical"  # the charge is turned


def test_a_substitution_that_fits_nowhere_is_told() -> None:
    with pytest.raises(RepairableToolError, match="at 5 there is H"):
        assess_variants(TEM1, ["W5A"])


@pytest.mark.parametrize("method", ["overlapping", "back_to_back"])
def test_mutagenesis_changes_one_codon_and_its_primers_lie_on_the_product(method: str) -> None:
    found = design_mutagenesis_primers(CODING, ["P14A"], method)  # type: ignore[arg-type]
    made, pair = found.data["sequence"], found.data["pairs"][0]
    assert sum(a != b for a, b in zip(CODING, made, strict=True)) == 1  # CCG to GCG
    assert translate(made, 1)[13] == "A" and made[:39] == CODING[:39] and made[42:] == CODING[42:]
    assert pair["forward"] in made and reverse_complement(pair["reverse"]) in made
    overlaps = pair["reverse"] == reverse_complement(pair["forward"])
    assert overlaps == (method == "overlapping")


def test_the_manual_s_formula() -> None:
    assert mismatch_tm("GC" * 15, 1) == pytest.approx(81.5 + 41 - 675 / 30 - 100 / 30)


def test_tags_are_added_and_cut_off() -> None:
    found = tag_protein("MKTAYIAKQR", ["His6", "TEV"])
    assert found.data["tagged"] == "MHHHHHHENLYFQGKTAYIAKQR" and found.data["cleaved"] == "GKTAYIAKQR"
    assert tag_protein("MKTAYIAKQR", [], ["3C", "His6"]).data["cleaved"] == "MKTAYIAKQRLEVLFQ"


def test_signal_peptides_of_known_precursors() -> None:
    # UniProt P00698 (lysozyme, 18), P62593 (TEM-1, 23), P01308 (insulin, 24); P0CG48 (ubiquitin) and P60709 have none.
    proteins = [
        "MRSLLILVLCFLPLAALGKVFGRCELAAAMKRHGLDNYRGYSLGN", TEM1, "MALWMRLLPLLALLALWGPDPAAAFVNQHLCGSHLVEALYLVCGE",
        "MQIFVKTLTGKTITLEVEPSDTIENVKAKIQDKEGIPPDQQRLIF", "MDDDIAALVVDNGSGMCKAGFAGDDAPRAVFPSIVGRPRHQGVMV",
    ]  # fmt: skip
    assert [row["cut_after"] for row in find_signal_peptides(proteins).data["rows"]] == [18, 23, 24, 0, 0]


def test_kimura_s_distance_by_its_formula() -> None:
    found = distance(Compared(100, 10, 5), "K2P")
    assert found == pytest.approx(-0.5 * math.log((1 - 0.2 - 0.05) * math.sqrt(1 - 0.1)))
    assert distance(Compared(100, 60, 30), "K2P") is None


def test_distances_group_sequences_below_a_threshold_and_make_a_tree() -> None:
    base = "ACGTTGCAAC" * 20
    near, far = "G" + base[1:], "TGCATGCAAC" * 20
    found = pairwise_distances([base, near, far], ["a", "b", "c"], "p", 0.03)
    assert found.data["groups"] == [["a", "b"], ["c"]]
    assert [row["distance"] for row in found.data["rows"]] == pytest.approx([0.005, 0.4, 0.405], abs=0.02)
    assert found.data["newick"].endswith(";") and all(name in found.data["newick"] for name in "abc")


@settings(max_examples=8)
@given(st.integers(0, 5))
def test_barcodes_keep_their_rules(seed: int) -> None:
    made = design_barcodes(10, 7, 3, random_seed=seed).data["barcodes"]
    assert len(set(made)) == 10 and all(len(one) == 7 for one in made)
    assert all(sum(x != y for x, y in zip(a, b, strict=True)) >= 3 for a, b in combinations(made, 2))
    assert all(40 <= 100 * sum(base in "GC" for base in one) / 7 <= 60 for one in made)


def test_too_many_barcodes_are_refused_with_what_was_found() -> None:
    found = design_barcodes(300, 5, 4)
    assert found.status == "empty" and 0 < found.data["count"] < 300
    assert levenshtein("kitten", "sitting") == 3


def test_sirnas_lie_in_the_part_that_is_wished_and_pair() -> None:
    rows = design_sirnas(CODING, start=31).data["sirnas"]
    for row in rows:
        assert row["start"] >= 31 and CODING[row["start"] - 1 : row["end"]] == row["target"]
        sense, antisense = (row[key][:-2].replace("U", "T") for key in ("sense", "antisense"))
        assert reverse_complement(sense) == antisense


@settings(max_examples=10, deadline=None)
@given(st.lists(st.text("ACGT", min_size=60, max_size=90), min_size=2, max_size=4))
def test_the_overhangs_of_junctions_cannot_be_confused(parts: list[str]) -> None:
    places = junctions(parts)
    if places is None:
        return
    chosen = [overhang_at(a, b, place) for a, b, place in zip(parts, parts[1:], places, strict=False)]
    assert all(usable(one, ["GGAG", "CGCT", *chosen[:n]]) for n, one in enumerate(chosen))


@pytest.mark.parametrize("circular", [False, True])
def test_a_golden_gate_design_assembles(circular: bool) -> None:
    parts = [CODING[:60], CODING[45:], "TTGACAATTAATCATCGGCTCGTATAATGTGTGGAATTGTGAGCGG"]
    found = design_golden_gate(parts, circular=circular)
    assert found.status == "ok" and "the assembly gives" in found.summary
    row = found.data["primers"][1]
    product = cloning.amplify(parts[1], row["forward"], row["reverse"])[0].sequence
    assert len(cloning.golden_gate_parts(product, restriction.enzymes(["BsaI"]), False, "part")) == 1
    assert "".join(parts) in found.data["product"] * 2


def test_the_pam_of_cas12a_stands_before_the_target() -> None:
    dna = "GGCATGCAGG" + "TTTA" + "GACCATGCTAGCATCGGATC" + "AGGCCATGCATGC"
    for letters in (dna, reverse_complement(dna)):
        row = next(row for row in design_guides(letters, "TTTV").data["guides"] if row["pam"] == "TTTA")
        assert row["spacer"] == "GACCATGCTAGCATCGGATC" and row["seed_matches"] == 1
        whole = letters if row["strand"] == "+" else reverse_complement(letters)
        assert whole.index("TTTA" + row["spacer"]) == 10
        assert row["cut"] == (14 + 18 if row["strand"] == "+" else len(dna) - 14 - 18)
        spacer = letters[row["start"] - 1 : row["end"]]
        assert row["spacer"] == (spacer if row["strand"] == "+" else reverse_complement(spacer))
