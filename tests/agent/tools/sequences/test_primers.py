"""Primer design and comparison."""

import random

import pytest

from agent.errors import RepairableToolError
from agent.tools.sequences.cloning import canonical_circle
from agent.tools.sequences.cloning_tools import amplify, digest_dna
from agent.tools.sequences.primer_tools import compare_primer_pairs, design_gibson_primers, design_primers
from agent.tools.sequences.text import gc_percent, reverse_complement
from agent.tools.sequences.thermo import Salt, melting_temperature


def random_dna(size, seed):
    return "".join(random.Random(seed).choices("ACGT", k=size))


TEMPLATE = random_dna(900, 3)


def test_flanking_pairs_meet_the_rules_and_amplify_the_target():
    result = design_primers(TEMPLATE, 300, 600, place="flanking", count=3)
    assert len(result.data["pairs"]) == 3
    best = result.data["pairs"][0]
    assert best["problems"] == []
    for side in ("forward", "reverse"):
        primer = best[f"{side}_annealing"]
        assert melting_temperature(primer, Salt()) == pytest.approx(best[f"{side}_tm"])
        assert abs(best[f"{side}_tm"] - 60) <= 3
        assert 40 <= gc_percent(primer) <= 60 and 18 <= len(primer) <= 30
        assert primer[-1] in "GC"
    products = amplify(TEMPLATE, best["forward"], best["reverse"]).data["products"]
    assert [p["length"] for p in products] == [best["product_length"]]
    assert TEMPLATE[299:600] in products[0]["sequence"]
    assert "50 mM Na+" in result.data["conditions"]


def test_exact_pairs_begin_at_the_ends_and_carry_sites():
    gene = "ATG" + random_dna(300, 8) + "TAA"
    assert "GAATTC" not in gene and "GGATCC" not in gene
    result = design_primers(gene, forward_enzyme="EcoRI", reverse_enzyme="BamHI", tm=58)
    best = result.data["pairs"][0]
    assert best["forward"].startswith("GCGCGAATTC" + gene[:18])
    assert best["reverse"].startswith("GCGCGGATCC" + reverse_complement(gene)[:18])
    product = amplify(gene, best["forward"], best["reverse"]).data["products"][0]["sequence"]
    assert len(product) == best["product_length"]
    cut = digest_dna(product, ["EcoRI", "BamHI"]).data["fragments"]
    assert cut[1]["sequence"] == "AATTC" + gene + "G"
    assert result.warnings == ()


def test_the_start_codon_of_a_site_serves_as_the_targets_own():
    gene = "ATG" + random_dna(300, 8) + "TAA"
    result = design_primers(gene, forward_enzyme="NdeI", reverse_enzyme="XhoI", tm=58)
    assert result.data["pairs"][0]["forward"].startswith("GCGCCATATG" + gene[3:18])
    assert "The start codon is that of the NdeI site." in result.summary
    assert (
        design_primers(gene[3:], forward_enzyme="NdeI")
        .data["pairs"][0]["forward"]
        .startswith("GCGCCATATG" + gene[3:18])
    )


def test_a_site_inside_the_target_is_warned_of():
    gene = random_dna(100, 1) + "GAATTC" + random_dna(100, 2)
    result = design_primers(gene, forward_enzyme="EcoRI")
    assert "EcoRI also cuts inside the target at 101" in result.warnings[0]


def test_broken_rules_are_reported_not_hidden():
    result = design_primers("A" * 30 + random_dna(200, 4) + "T" * 30)
    problems = " ".join(result.data["pairs"][0]["problems"])
    assert "run of" in problems and "GC 0 %" in problems


def test_candidates_are_the_primers_of_the_best_pair():
    result = design_primers(TEMPLATE, 100, 400)
    best = result.data["pairs"][0]
    assert [draft.structure for draft in result.candidates] == [best["forward"], best["reverse"]]
    assert {v.name for v in result.candidates[0].values} == {"length", "GC", "melting_temperature"}


@pytest.mark.parametrize(("enzyme", "site"), [("SmaI", "CCCGGG"), ("EcoRI", "GAATTC"), ("PstI", "CTGCAG")])
def test_gibson_primers_close_the_plasmid(enzyme, site):
    backbone, insert = random_dna(400, 41), "ATG" + random_dna(150, 42) + "TGA"
    assert site not in backbone
    half = len(site) // 2
    vector = backbone[:200] + site + backbone[200:]
    result = design_gibson_primers(insert, vector, [enzyme], overlap=25)
    assert result.status == "ok" and result.data["product_count"] == 1
    product = result.data["product"]
    assert canonical_circle(product) == canonical_circle(product[5:] + product[:5])
    assert insert in product + product
    inside = {"SmaI": (site[:half], site[half:]), "EcoRI": ("G", "C"), "PstI": ("CTGCA", "TGCAG")}[enzyme]
    expected = backbone[:200] + inside[0] + insert + inside[1] + backbone[200:]
    assert canonical_circle(product) == canonical_circle(expected)
    assert result.data["forward"].endswith(result.data["forward_annealing"])
    assert insert.startswith(result.data["forward_annealing"])


def test_pairs_are_compared_by_their_products():
    target = TEMPLATE[100:400]
    good = f"{target[:20]},{reverse_complement(target[-20:])}"
    wrong = f"{TEMPLATE[50:70]},{reverse_complement(TEMPLATE[600:620])}"
    none = f"{TEMPLATE[50:70]},{TEMPLATE[600:620]}"
    result = compare_primer_pairs(TEMPLATE, [wrong, good, none], target=target)
    assert result.data["meeting"] == [2]
    assert [row["lengths"] for row in result.data["rows"]] == [[570], [300], []]
    assert compare_primer_pairs(TEMPLATE, [wrong, good], product_length=570).data["meeting"] == [1]
    assert compare_primer_pairs(TEMPLATE, [none]).status == "empty"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({"start": 50, "end": 40}, "does not lie within"),
        ({"start": 1, "end": 10}, "shorter than a primer"),
        ({"min_length": 5}, "min_length"),
        ({"forward_enzyme": "HincII"}, "not one sequence"),
        ({"forward_enzyme": "Nonsense"}, "no restriction enzyme"),
        ({"count": 0}, "count is 0"),
    ],
)
def test_bad_wishes_are_refused(arguments, complaint):
    with pytest.raises(RepairableToolError, match=complaint):
        design_primers(TEMPLATE, **arguments)


def test_ambiguous_templates_are_refused():
    with pytest.raises(RepairableToolError, match="ambiguous base N at position 5"):
        design_primers("ACGTN" * 20)
