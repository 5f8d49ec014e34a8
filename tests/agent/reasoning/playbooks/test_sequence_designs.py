"""Goals of protein engineers, ecologists and cell biologists: what is read of them, and the steps that follow."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.reasoning.playbook_reasoner import PlaybookReasoner
from agent.reasoning.protocol import Context
from agent.reasoning.questions import call_inline
from agent.reasoning.understanding.sequence_wishes import find_sequence_wishes
from agent.records import Brief, Goal, Plan
from agent.tools import catalogue

GENE = "ATGGCTAGCAAAGGTGAAGAACTGTTCACCGGTGTTGTTCCGATCCTGGTTGAACTGGATGGTGACGTTAACGGTCACAAATTCTCTGTTTCTGGTGAAGGTTAA"
PROTEINS = {
    "ubiquitin": "MQIFVKTLTGKTITLEVEPSDTIENVKAKIQDKEGIPPDQQRLIFAGKQLEDGRTLSDYNIQKESTLHLVLRLRGG",
    "lyso_hen": "MRSLLILVLCFLPLAALGKVFGRCELAAAMKRHGLDNYRGYSLGNWVCAAKFESNFNTQATNRNTDGSTDYGILQINSRWWCNDG",
    "insulin": "MALWMRLLPLLALLALWGPDPAAAFVNQHLCGSHLVEALYLVCGERGFFYTPKTRREAEDLQVGQVELGGGPGAGSLQPLALEGSL",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "gene.fasta").write_text(f">gene\n{GENE}\n", encoding="utf-8")
    (tmp_path / "genes.fasta").write_text(f">a\n{GENE}\n>b\n{GENE[:50]}C{GENE[51:]}\n", encoding="utf-8")
    (tmp_path / "proteins.fasta").write_text("".join(f">{k}\n{v}\n" for k, v in PROTEINS.items()), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def planned(goal: str) -> tuple[Brief, Plan]:
    context = Context(catalogue=catalogue(), call=lambda name, arguments: call_inline(name, dict(arguments)))
    reasoner = PlaybookReasoner()
    brief = await reasoner.interpret(Goal(text=goal), context)
    assert not brief.missing, brief.missing
    return brief, await reasoner.plan(brief, context)


@pytest.mark.parametrize(
    ("goal", "tool", "arguments"),
    [
        ("Site-directed mutagenesis primers for P14A in gene.fasta, Tm >= 76 °C", "design_mutagenesis_primers",
         {"substitutions": ["P14A"], "tm": 76.0}),
        ("What would L8P do to the protein of gene.fasta?", "assess_variants", {"substitutions": ["L8P"]}),
        ("Kimura distances between the sequences of genes.fasta, same species below a 2.5% cutoff?",
         "pairwise_distances", {"model": "K2P", "threshold": 0.025}),
        ("Make 16 sample index barcodes, 10-mers, edit distance 4, no homopolymers of 3 or more", "design_barcodes",
         {"count": 16, "length": 10, "min_distance": 4, "metric": "levenshtein", "longest_run": 2}),
        ("해밍 거리 3 이상인 8 nt 바코드 24개를 설계해 주세요", "design_barcodes",
         {"count": 24, "length": 8, "min_distance": 3}),
        ("siRNAs against gene.fasta, GC 30 to 50 %, skip the first 20 bp", "design_sirnas",
         {"start": 21, "gc_low": 30.0, "gc_high": 50.0}),
        ("Which of proteins.fasta have a signal peptide?", "find_signal_peptides", {}),
        ("Add an N-terminal 6xHis-TEV to insulin of proteins.fasta", "tag_protein", {"n_terminal": ["6xHis", "TEV"]}),
        ("Codon-optimise gene.fasta for yeast, homopolymers at most 4", "optimise_codons", {"longest_run": 4}),
        ("Are the uncorrected p-distances of genes.fasta those of one species at 3 percent?", "pairwise_distances",
         {"model": "p", "threshold": 0.03}),
        ("A DNA for human ubiquitin of proteins.fasta in yeast, free of XbaI, no runs over 4", "optimise_codons",
         {"organism": "Saccharomyces cerevisiae", "avoid": ["XbaI"], "longest_run": 4}),
        ("Find guides in gene.fasta with GC 40-60 %, cutting close to position 50", "design_guides",
         {"gc_low": 40.0, "gc_high": 60.0, "near": 50}),
    ],
)  # fmt: skip
async def test_designs_have_their_steps(folder: Path, goal: str, tool: str, arguments: dict[str, Any]) -> None:
    _, plan = await planned(goal)
    step = next(step for step in plan.steps if step.tool == tool)
    assert arguments.items() <= step.arguments.items()


async def test_records_are_taken_by_the_names_that_the_goal_gives_them(folder: Path) -> None:
    brief, plan = await planned("Align ubiquitin and lysozyme of proteins.fasta, and add a C-terminal FLAG to insulin.")
    align, tag = (next(s for s in plan.steps if s.tool == tool) for tool in ("align_sequences", "tag_protein"))
    assert (align.arguments["a"], align.arguments["b"]) == ("${s1.data.proteins.0}", "${s1.data.proteins.1}")
    assert tag.arguments["protein"] == "${s1.data.proteins.2}"
    assert brief.options["tagged"] == 2


async def test_what_is_started_from_is_no_candidate_of_a_design(folder: Path) -> None:
    _, plan = await planned("Find guide RNAs in gene.fasta with GC 40-60 %.")
    assert plan.steps[0].arguments["reference"] is True
    _, plan = await planned("What is the GC content of gene.fasta?")
    assert "reference" not in plan.steps[0].arguments


async def test_soluble_and_stable_proteins_are_ranked_by_what_can_be_computed_and_that_is_told(folder: Path) -> None:
    brief, plan = await planned("Which of proteins.fasta is the most soluble and stable at pH 8?")
    assert [(o.quantity, o.direction) for o in brief.objectives] == [
        ("GRAVY", "minimise"), ("instability_index", "minimise")
    ]  # fmt: skip
    assert sum("only an experiment decides" in note for note in brief.notes) == 2
    assert next(s for s in plan.steps if s.tool == "analyse_proteins").arguments["pH"] == 8.0


async def test_a_probe_s_step_of_temperature_is_no_bound_on_the_primers(folder: Path) -> None:
    brief, _ = await planned(
        "qPCR for gene.fasta: amplicon 60-90 bp, primer Tm 59-61, probe Tm 8 to 10 degrees higher."
    )
    assert [(b.low, b.high) for b in brief.constraints if b.quantity == "melting_temperature"] == [(59.0, 61.0)]
    assert any("8 to 10 degrees higher" in note for note in brief.notes)


@pytest.mark.parametrize("text", ["K2P distances", "CYP2D6 and H3K27me3", "the T7 promoter", "COX-2"])
def test_names_are_no_substitutions(text: str) -> None:
    assert "substitutions" not in find_sequence_wishes(text).options


@pytest.mark.parametrize(
    ("goal", "told"),
    [
        ("이부프로펜 유사체를 설계하되 퀴나졸린 코어는 유지할 것", "퀴나졸린"),
        ("설포닐기와 나이트릴은 제외하고 셀레콕시브 유사체 설계", "설포닐"),
        ("아스피린 유도체, 카르복실산 골격은 유지, 나이트로기는 빼 주세요", ""),
    ],
)
async def test_a_korean_wish_to_keep_or_avoid_is_never_passed_over_in_silence(goal: str, told: str) -> None:
    brief, _ = await planned(goal)
    notes = [note for note in brief.notes if "알아보지 못해" in note]
    assert bool(notes) == bool(told) and all(told in note for note in notes)
