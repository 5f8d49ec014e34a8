"""The playbook for sequences."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.reasoning.playbooks import SequenceAnalysis, check_plan, interpret_goal
from agent.records import Evidence, Goal, Plan

BOOK = SequenceAnalysis()
DNA = "ATGGCTAGCAAAGGAGAAGAACTTTTCACTGGAGTT"
PROTEIN = "MKTAYIAKQRQISFVKSHFSRQLEERLGLIEVQ"


async def planned(text: str, context, **answers: str):
    ready = context(**answers)
    brief = await interpret_goal(Goal(text=text), ready)
    assert brief.playbook == "sequence-analysis"
    assert not brief.missing, brief.missing
    return brief, check_plan(BOOK.plan(brief, ready), ready.catalogue)


def tools_of(plan: Plan) -> list[str]:
    return [step.tool for step in plan.steps]


def step_of(plan: Plan, tool: str):
    return next(step for step in plan.steps if step.tool == tool)


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        (f"GC content of {DNA}", ["screen_candidates", "analyse_dna"]),
        (f"isoelectric point of the protein {PROTEIN}", ["screen_candidates", "analyse_proteins"]),
        (f"Find the open reading frames in {DNA}", ["screen_candidates", "analyse_dna", "find_orfs"]),
        (f"Translate the DNA {DNA}", ["screen_candidates", "analyse_dna", "translate_dna"]),
        (f"Digest the sequence {DNA} with EcoRI", ["screen_candidates", "analyse_dna", "digest_dna"]),
        (f"Which restriction sites has {DNA}?", ["screen_candidates", "analyse_dna", "find_restriction_sites"]),
        (f"Design PCR primers for {DNA}", ["screen_candidates", "analyse_dna", "design_primers"]),
        (f"{DNA} 서열을 증폭할 프라이머를 설계해줘", ["screen_candidates", "analyse_dna", "design_primers"]),
    ],
)
async def test_the_words_choose_the_tasks(text: str, steps: list[str], context) -> None:
    _, plan = await planned(text, context)
    assert tools_of(plan) == steps


async def test_a_fasta_file_is_read_first(context, tmp_path: Path) -> None:
    path = tmp_path / "genes.fasta"
    path.write_text(f">a\n{DNA}\n>b\n{DNA}\n")
    _, plan = await planned(f"Find ORFs and GC content of {path}", context)
    assert tools_of(plan) == ["read_sequences", "screen_candidates", "analyse_dna", "find_orfs"]
    assert step_of(plan, "analyse_dna").arguments == {"sequences": "${s1.data.dna}"}
    assert step_of(plan, "find_orfs").arguments["sequence"] == "${s1.data.dna.0}"


async def test_the_letters_of_a_file_tell_protein_from_dna(context, tmp_path: Path) -> None:
    path = tmp_path / "proteins.fasta"
    path.write_text(f">a\n{PROTEIN}\n")
    _, plan = await planned(f"Analyse the sequences in {path}", context)
    assert "analyse_proteins" in tools_of(plan) and "analyse_dna" not in tools_of(plan)


async def test_two_sequences_are_aligned(context) -> None:
    other = DNA[:20] + "CCC" + DNA[20:]
    _, plan = await planned(f"Align {DNA} and {other}", context)
    assert step_of(plan, "align_sequences").arguments == {"a": DNA, "b": other}


async def test_the_two_sequences_of_a_file_are_aligned(context, tmp_path: Path) -> None:
    path = tmp_path / "pair.fasta"
    path.write_text(f">a\n{DNA}\n>b\n{DNA}\n")
    _, plan = await planned(f"Align the sequences in {path}", context)
    assert step_of(plan, "align_sequences").arguments == {"a": "${s1.data.dna.0}", "b": "${s1.data.dna.1}"}


async def test_bounds_reach_the_primer_tool(context) -> None:
    _, plan = await planned(
        f"Design primers for {DNA} with Tm between 58 and 62 °C, GC content 45-55 % and length 18-24, "
        "adding EcoRI and BamHI",
        context,
    )
    arguments = step_of(plan, "design_primers").arguments
    assert arguments["tm"] == 60
    assert (arguments["gc_low"], arguments["gc_high"]) == (45, 55)
    assert (arguments["min_length"], arguments["max_length"]) == (18, 24)
    assert (arguments["forward_enzyme"], arguments["reverse_enzyme"]) == ("EcoRI", "BamHI")


@pytest.mark.parametrize(("length", "residues"), [("300 bp", 100), ("100 residues", 100), ("60 aa", 60)])
async def test_the_length_of_a_frame_is_given_in_residues(length: str, residues: int, context) -> None:
    brief, plan = await planned(f"Find ORFs longer than {length} in the DNA {DNA}", context)
    assert step_of(plan, "find_orfs").arguments["min_length"] == residues
    assert not any("did not use" in note for note in brief.notes)


async def test_a_plasmid_is_circular(context) -> None:
    _, plan = await planned(f"Digest the plasmid {DNA} with EcoRI", context)
    assert step_of(plan, "digest_dna").arguments["circular"] is True


async def test_rna_is_written_as_dna_with_a_note(context) -> None:
    brief, plan = await planned("Translate the RNA sequence AUGGCUAGCAAAGGAGAA", context)
    assert step_of(plan, "translate_dna").arguments == {"sequence": "ATGGCTAGCAAAGGAGAA"}
    assert any("RNA" in note for note in brief.notes)


async def test_a_missing_sequence_is_asked_for_and_the_answer_fills_it(context) -> None:
    text = "Find the open reading frames in my DNA sequence"
    (question,) = (await interpret_goal(Goal(text=text), context())).missing
    assert question.key == "sequence" and "FASTA" in question.text
    _, plan = await planned(text, context, sequence=DNA.lower())
    assert step_of(plan, "find_orfs").arguments["sequence"] == DNA


async def test_missing_enzymes_are_asked_for(context) -> None:
    text = f"Digest the DNA {DNA}"
    (question,) = (await interpret_goal(Goal(text=text), context())).missing
    assert question.key == "enzymes"
    _, plan = await planned(text, context, enzymes="EcoRI, BamHI")
    assert step_of(plan, "digest_dna").arguments["enzymes"] == ["EcoRI", "BamHI"]


async def test_a_second_sequence_is_asked_for(context) -> None:
    text = f"Align the DNA {DNA}"
    (question,) = (await interpret_goal(Goal(text=text), context())).missing
    assert question.key == "second_sequence"
    _, plan = await planned(text, context, second_sequence=DNA[::-1])
    assert step_of(plan, "align_sequences").arguments["b"] == DNA[::-1]


async def test_the_review_passes_on_what_was_empty(context, view) -> None:
    brief, plan = await planned(f"Find ORFs in the DNA {DNA}", context)
    nothing = Evidence(id="e3", step="s3", tool="find_orfs", status="empty", summary="no frame")
    review = BOOK.review(view(brief, plan, evidence=(nothing,)))
    assert review.enough and review.notes == ("find_orfs: no frame",)


async def test_the_melting_temperature_of_an_oligo_is_scanned_over_its_conditions(context):
    _, plan = await planned(f"What is the melting temperature of the oligo {DNA}?", context)
    scan = step_of(plan, "scan_melting_conditions")
    assert scan.arguments == {"sequence": DNA} and scan.optional
    _, plan = await planned(f"melting temperature of {DNA * 2}", context)  # longer than the model holds for
    assert "scan_melting_conditions" not in tools_of(plan)
