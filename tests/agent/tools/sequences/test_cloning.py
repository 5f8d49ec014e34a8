"""Digestion, PCR and assembly in silico."""

import itertools
import random
import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agent.errors import RepairableToolError
from agent.tools.sequences import restriction
from agent.tools.sequences.assembly_tools import (
    assemble_gibson,
    assemble_golden_gate,
    clone_by_restriction,
    compare_cloning_methods,
    recombine_gateway,
)
from agent.tools.sequences.cloning import canonical_circle
from agent.tools.sequences.cloning_tools import amplify, digest_dna, find_restriction_sites
from agent.tools.sequences.text import reverse_complement

# Recognition sites and cuts of the given strand from the suppliers' catalogues, for the independent digest.
CATALOGUE = {
    "EcoRI": ("GAATTC", 1),
    "BamHI": ("GGATCC", 1),
    "HindIII": ("AAGCTT", 1),
    "SmaI": ("CCCGGG", 3),
    "PstI": ("CTGCAG", 5),
    "KpnI": ("GGTACC", 5),
    "AluI": ("AGCT", 2),
    "HaeIII": ("GGCC", 2),
    "MboI": ("GATC", 0),
}

# The multiple cloning site of pUC19 from HindIII to EcoRI (Yanisch-Perron et al., Gene 33 (1985) 103).
PUC19_MCS = "AAGCTTGCATGCCTGCAGGTCGACTCTAGAGGATCCCCGGGTACCGAGCTCGAATTC"

DNA = st.text(alphabet="ACGT", min_size=40, max_size=400)


def random_dna(size, seed):
    return "".join(random.Random(seed).choices("ACGT", k=size))


def naive_digest(sequence, name, circular):
    site, offset = CATALOGUE[name]
    read = sequence + sequence[: len(site) - 1] if circular else sequence
    places = {m.start() + offset for m in re.finditer(f"(?={site})", read)}
    if circular:
        places = sorted(p % len(sequence) for p in places)
        if not places:
            return [len(sequence)]
        return sorted([b - a for a, b in itertools.pairwise(places)] + [len(sequence) - places[-1] + places[0]])
    bounds = [0, *sorted(p for p in places if 0 < p < len(sequence)), len(sequence)]
    return sorted(b - a for a, b in itertools.pairwise(bounds))


@given(DNA, st.sampled_from(sorted(CATALOGUE)), st.booleans())
@settings(max_examples=60, deadline=None)
def test_fragments_agree_with_a_plain_digest(sequence, name, circular):
    found = digest_dna(sequence, [name], circular)
    assert found.data["sorted_lengths"] == naive_digest(sequence, name, circular)


@given(DNA, st.lists(st.sampled_from(["AluI", "HaeIII", "MboI", "BsaI", "EcoRI", "BcgI"]), min_size=1), st.booleans())
@settings(max_examples=60, deadline=None)
def test_fragments_make_up_the_sequence(sequence, names, circular):
    found = digest_dna(sequence, names, circular)
    joined = "".join(fragment["sequence"] for fragment in found.data["fragments"])
    assert sum(found.data["lengths"]) == len(sequence)
    assert joined == sequence if not circular else joined in sequence + sequence


def test_the_cloning_site_of_puc19():
    sites = find_restriction_sites(PUC19_MCS, only_cuts=1).data["sites"]
    in_order = ["HindIII", "SphI", "PstI", "SalI", "XbaI", "BamHI", "SmaI", "KpnI", "SacI", "EcoRI"]
    starts = [sites[name]["sites"][0]["start"] for name in in_order]
    assert starts == sorted(starts)
    assert starts[0] == 1 and starts[-1] == len(PUC19_MCS) - 5
    assert "NotI" in find_restriction_sites(PUC19_MCS, ["NotI", "EcoRI"]).data["absent"]


def test_ends_of_fragments():
    left, middle, right = digest_dna("AAAAGAATTCAAAACTGCAGAAAA", ["EcoRI", "PstI"]).data["fragments"]
    assert (left["sequence"], left["right"]) == ("AAAAG", "EcoRI, 5' overhang AATT")
    assert (middle["sequence"], middle["right"]) == ("AATTCAAAACTGCA", "PstI, 3' overhang TGCA")
    assert right["left"] == "PstI, 3' overhang TGCA"
    assert left["left"] == "end of the molecule"


def test_type_iis_enzymes_cut_beside_their_site_on_both_strands():
    assert digest_dna("TTGGTCTCACCCCTTTT", ["BsaI"]).data["lengths"] == [9, 8]
    assert digest_dna(reverse_complement("TTGGTCTCACCCCTTTT"), ["BsaI"]).data["lengths"] == [4, 13]


def test_enzyme_names_as_people_write_them():
    assert [str(item) for item in restriction.enzymes(["ecor1 + Bam HI", "hind iii"])] == ["EcoRI", "BamHI", "HindIII"]
    with pytest.raises(RepairableToolError, match="Did you mean"):
        restriction.enzymes(["EcoRX"])


def test_uncut_dna_is_empty_and_unknown_cuts_are_said():
    assert digest_dna("A" * 40, ["EcoRI"]).status == "empty"
    result = digest_dna("AAAACGTCAGAAAA", ["VpaSKIII"])
    assert result.data["lengths"] == [4, 10] and "not known" in result.warnings[0]


def test_sites_at_the_start_of_a_primer():
    found = find_restriction_sites("GCGCGAATTCATGAAACTGGCA", ["EcoRI", "BamHI"])
    assert found.data["at_start"] == ["EcoRI"]


@given(st.integers(0, 1000), st.integers(0, 100), st.integers(60, 150))
@settings(max_examples=30, deadline=None)
def test_pcr_gives_what_lies_between_the_primers(seed, start, size):
    template = random_dna(400, seed)
    target = template[start : start + size]
    forward, reverse = target[:20], reverse_complement(target[-20:])
    assume(template.count(forward) == 1)
    products = amplify(template, forward, reverse).data["products"]
    assert [(p["sequence"], p["start"], p["end"]) for p in products] == [(target, start + 1, start + size)]
    # Tails stay on the product; the order of the primers and the strand of the template do not matter.
    tailed = amplify(reverse_complement(template), "TTTTGAATTC" + forward, "CCCC" + reverse).data["products"]
    assert min(p["length"] for p in tailed) == size + 14
    assert amplify(template, reverse, forward).data["lengths"] == [size]


def test_pcr_across_the_origin_and_none_at_all():
    plasmid = random_dna(300, 5)
    forward, reverse = plasmid[250:270], reverse_complement(plasmid[30:50])
    assert amplify(plasmid, forward, reverse).status == "empty"
    product = amplify(plasmid, forward, reverse, circular=True).data["products"][0]
    assert product["sequence"] == plasmid[250:] + plasmid[:50]
    assert (product["start"], product["end"]) == (251, 50)
    nothing = amplify(plasmid, "ACGTACGTACGTACGTACGT", reverse)
    assert nothing.status == "empty" and "binds 0 times" in nothing.summary


def test_inverse_pcr_amplifies_the_whole_plasmid():
    plasmid = random_dna(300, 6)
    product = amplify(plasmid, plasmid[100:120], reverse_complement(plasmid[80:100]), circular=True).data["products"]
    assert [p["length"] for p in product] == [300]


@given(st.integers(0, 500), st.integers(2, 4), st.booleans())
@settings(max_examples=20, deadline=None)
def test_gibson_puts_a_cut_circle_together_again(seed, pieces, turn):
    circle = random_dna(400, seed)
    step = 400 // pieces
    doubled = circle + circle
    fragments = [doubled[i * step : (i + 1) * step + 25] for i in range(pieces - 1)]
    fragments.append(doubled[(pieces - 1) * step : 425])
    if turn:
        fragments[-1] = reverse_complement(fragments[-1])
    result = assemble_gibson(fragments, min_overlap=20)
    (product,) = result.data["products"]
    assert canonical_circle(product["sequence"]) == canonical_circle(circle)


def test_gibson_without_overlaps_says_what_it_found():
    result = assemble_gibson([random_dna(100, 1), random_dna(100, 2)])
    assert result.status == "empty" and "Overlaps of 10 bases or more: none" in result.summary


def test_linear_gibson():
    whole = random_dna(200, 9)
    result = assemble_gibson([whole[90:], whole[:115]], circular=False)
    assert result.data["products"][0]["sequence"] in (whole, reverse_complement(whole))


def test_restriction_cloning_is_directional_with_two_enzymes():
    backbone = random_dna(200, 11)
    vector = backbone + PUC19_MCS
    insert = random_dna(60, 12)
    for site in ("GAATTC", "AAGCTT"):
        assert site not in backbone + insert
    pcr = "GCGCAAGCTT" + insert + "GAATTCGCGC"
    result = clone_by_restriction(vector, pcr, ["HindIII", "EcoRI"])
    expected = backbone + "AAGCTT" + insert + "GAATTC"
    assert [canonical_circle(p["sequence"]) for p in result.data["products"]] == [canonical_circle(expected)]
    single = clone_by_restriction(vector, "GCGCGAATTC" + insert + "GAATTCGCGC", ["EcoRI"])
    assert len(single.data["products"]) == 2 and "both orientations" in " ".join(single.warnings)
    assert clone_by_restriction(vector, insert, ["EcoRI"]).status == "empty"


def test_three_prime_overhangs_ligate_too():
    backbone, insert = random_dna(200, 21), random_dna(60, 22)
    assert "CTGCAG" not in backbone + insert and "GGTACC" not in backbone + insert
    vector = backbone + "CTGCAGAAAAAAGGTACC"
    result = clone_by_restriction(vector, "GCGCCTGCAG" + insert + "GGTACCGCGC", ["PstI", "KpnI"])
    expected = backbone + "CTGCAG" + insert + "GGTACC"
    assert [canonical_circle(p["sequence"]) for p in result.data["products"]] == [canonical_circle(expected)]
    turned = clone_by_restriction(vector, reverse_complement("GCGCCTGCAG" + insert + "GGTACCGCGC"), ["PstI", "KpnI"])
    assert canonical_circle(turned.data["products"][0]["sequence"]) == canonical_circle(expected)


def test_golden_gate_joins_parts_in_the_order_of_their_overhangs():
    first, second, backbone = random_dna(60, 31), random_dna(70, 32), random_dna(150, 33)
    for part in (first, second, backbone):
        assert "GGTCTC" not in part and "GAGACC" not in part
    stuffing = "TTTTTTTTTTTTTTTTTTTT"
    vector = "AATG" + "AGAGACC" + stuffing + "GGTCTCA" + "GCTT" + backbone
    carrier = "CCCCCCCCCCCCCCCCCCCCCCCC"
    plasmid = carrier + "GGTCTCA" + "AATG" + first + "TTCC" + "AGAGACC"
    linear = "GGTCTCA" + "TTCC" + second + "GCTT" + "AGAGACC"
    result = assemble_golden_gate([vector, plasmid], "BsaI", linear_parts=[linear])
    expected = "AATG" + first + "TTCC" + second + "GCTT" + backbone
    assert [canonical_circle(p["sequence"]) for p in result.data["products"]] == [canonical_circle(expected)]
    oligos = "AATG" + first[:20] + "," + "AAGC" + reverse_complement(first[:20])
    small = assemble_golden_gate([vector], "BsaI", annealed_oligos=[oligos])
    assert canonical_circle(small.data["products"][0]["sequence"]) == canonical_circle(
        "AATG" + first[:20] + "GCTT" + backbone
    )


def test_golden_gate_complains_of_what_does_not_fit():
    with pytest.raises(RepairableToolError, match="free of BsaI sites"):
        assemble_golden_gate(["A" * 100], "BsaI")
    with pytest.raises(RepairableToolError, match="do not pair"):
        assemble_golden_gate([], "BsaI", annealed_oligos=["AATGCCCC,AAAAAAAA"])


@given(st.text(alphabet="ACGT", min_size=1, max_size=60), st.integers(0, 59), st.booleans())
def test_a_circle_has_one_name(sequence, turn, other):
    turn %= len(sequence)
    turned = sequence[turn:] + sequence[:turn]
    assert canonical_circle(reverse_complement(turned) if other else turned) == canonical_circle(sequence)
    assert canonical_circle(sequence) in {
        strand[i:] + strand[:i] for strand in (sequence, reverse_complement(sequence)) for i in range(len(sequence))
    }


def test_gateway_moves_what_lies_between_the_sites() -> None:
    # attB1 and attB2 (Hartley et al., Genome Res. 10 (2000) 1788).
    first, second = "ACAAGTTTGTACAAAAAAGCAGGCT", "ACCCAGCTTTCTTGTACAAAGTGGT"
    rest, old, new = "GGCCTTAA" * 30, "TTTT" * 20, "ATGCCCGGGTAA" * 8
    destination = rest + first + old + second
    moved = recombine_gateway(destination[50:] + destination[:50], f"GG{first}{new}{second}CC", entry_circular=False)
    made = moved.data["products"][0]["sequence"]
    assert canonical_circle(made) == canonical_circle(rest + first + new + second)
    turned = recombine_gateway(reverse_complement(destination), f"GG{first}{new}{second}CC", entry_circular=False)
    assert canonical_circle(turned.data["products"][0]["sequence"]) == canonical_circle(made)
    assert recombine_gateway(rest, destination).status == "empty"


def test_methods_without_pcr_are_told_with_their_reasons() -> None:
    random.seed(5)
    left, inside, right, stuffer = ("".join(random.choices("AC", k=n)) for n in (300, 200, 300, 60))
    vector = f"{left}GAATTC{stuffer}GGATCC{right}"
    cut = compare_cloning_methods(vector, f"CC{'GAATTC'}{inside}{'GGATCC'}CC")
    assert cut.data["working"] == ["restriction and ligation"]
    assert sum(row["works"] for row in cut.data["methods"]) == 1
    assert len(cut.candidates[0].structure) == len(left) + 12 + len(inside) + len(right)
    kept = compare_cloning_methods(vector, f"CC{'GAATTC'}{inside}{'GGATCC'}CC", keep=["GATCGATC"])
    assert kept.status == "empty"
    assert "lacks GATCGATC" in kept.summary
    inward, outward = "GGTCTCA", "TGAGACC"
    gate = compare_cloning_methods(
        f"{left}ACCT{outward}{stuffer}{inward}GGAT{right}", f"{inward}ACCT{inside}GGAT{outward}"
    )
    assert gate.data["working"] == ["Golden Gate"]
